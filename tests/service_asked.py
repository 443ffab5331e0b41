"""How tests of the service ask it."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api.app import create_app


@pytest.fixture(scope="module")
def client(small_book):
    with TestClient(create_app(str(small_book)), raise_server_exceptions=False) as made:
        yield made


def problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    return told["detail"]

"""How tests send requests to move a boundary, on a copy of the small book."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import shapely
from shapely.geometry import box
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import settings

TOKEN = "示例-office-token"
OFFICE = {"authorization": f"Bearer {TOKEN}".encode()}
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
SAID = {"kind": "expansion", "zone": "G990001", "day": "2025-06-30"}
EAST = box(113.66, 34.71, 113.67, 34.72)
FARMLAND = box(113.611, 34.692, 113.619, 34.70)
OVER_CLASSIFIED = box(113.4931, 34.4931, 113.5171, 34.5171)
CLASSIFIED = box(113.50, 34.50, 113.51, 34.51)
NASTY = '<img src=x onerror="document.title=1">{{7*7}}</script>'


def geojson(shape, name="示例地块"):
    """A file of one plot."""
    feature = {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": json.loads(shapely.to_geojson(shape)),
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def part(content=None, name="扩区.geojson", kind="application/geo+json"):
    """The files of a form."""
    return {"file": (name, geojson(EAST) if content is None else content, kind)}


@pytest.fixture
def office(monkeypatch):
    """A service whose office has a token."""
    monkeypatch.setenv("MUTAN_OFFICE_TOKEN", TOKEN)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def book_path(small_book, tmp_path):
    """A book of one's own."""
    return Path(shutil.copy(small_book, tmp_path / "book.gpkg"))


@pytest.fixture
def client(book_path):
    """The service on it."""
    settings.cache_clear()
    with TestClient(create_app(str(book_path)), raise_server_exceptions=False) as made:
        yield made


def filed(client, shape=EAST, **said):
    """The number under which a request was filed."""
    answer = client.post("/requests", data={**SAID, **said}, files=part(geojson(shape)))
    assert answer.status_code == 201, answer.text
    return answer.json()["request"]["id"]

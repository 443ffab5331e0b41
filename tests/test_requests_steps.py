"""Steps of a request over HTTP: only with the token of the office, in order, and never logged."""

from __future__ import annotations

import logging
import runpy
from pathlib import Path

import pytest

SHARED = runpy.run_path(str(Path(__file__).with_name("requests_sent.py")))
OFFICE, TOKEN = (SHARED[name] for name in ("OFFICE", "TOKEN"))
book_path, client, filed, office = (SHARED[name] for name in ("book_path", "client", "filed", "office"))


def problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()["detail"]


def test_without_a_token_nobody_takes_a_step(client):
    number = filed(client)
    step = {"what": "submitted", "who": "规划科"}
    assert "mutan requests" in problem(client.post(f"/requests/{number}/steps", json=step), 403)
    empty = {"authorization": "Bearer "}
    problem(client.post(f"/requests/{number}/steps", json=step, headers=empty), 403)


def test_a_request_goes_its_way_to_a_new_boundary(office, client, caplog):
    caplog.set_level(logging.DEBUG)
    number = filed(client)
    before = client.get("/collections/zones/items/G990001").json()["properties"]["area_m2"]

    def step(what, headers=OFFICE, **more):
        return client.post(
            f"/requests/{number}/steps", json={"what": what, "who": "规划科", **more}, headers=headers
        )

    for wrong in ({}, {"authorization": "Bearer x"}, {"authorization": f"Basic {TOKEN}".encode()}):
        assert "token" in problem(step("submitted", headers=wrong), 403)
    assert "cannot be adopted" in problem(step("adopted", paper="示例〔2025〕1号"), 409)
    assert step("submitted", note="齐全").status_code == 201
    assert "paper" in problem(step("adopted"), 409)
    adopted = step("adopted", paper="示例〔2025〕1号", valid_from="2025-07-01", approved_ha=2100.5)
    assert adopted.status_code == 201, adopted.text
    assert adopted.json()["state"] == "adopted"
    assert adopted.json()["steps"][-1]["paper"] == "示例〔2025〕1号"
    after = client.get("/collections/zones/items/G990001").json()["properties"]
    assert after["area_m2"] > before
    assert after["approved_ha"] == 2100.5
    problem(step("withdrawn"), 409)
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "is no step"),
        ({"what": "eaten", "who": "x"}, "is no step"),
        ({"what": "submitted"}, "who"),
        ({"what": "submitted", "who": 7}, "is no text"),
        ({"what": "submitted", "who": "x", "when": "now"}, "when"),
        ({"what": "adopted", "who": "x", "valid_from": "soon"}, "is no day"),
        ({"what": "adopted", "who": "x", "approved_ha": -1}, "no area"),
        ({"what": "adopted", "who": "x", "approved_ha": True}, "no area"),
        ([1], "is an object"),
    ],
)
def test_a_step_that_cannot_be_read_is_told(office, client, body, words):
    assert words in problem(client.post("/requests/2026-0001/steps", json=body, headers=OFFICE), 400)


def test_a_step_is_json_and_small(office, client):
    address = "/requests/2026-0001/steps"
    problem(client.post(address, content=b"{", headers={**OFFICE, "content-type": "application/json"}), 400)
    problem(client.post(address, data={"what": "submitted"}, headers=OFFICE), 400)
    long = {"what": "submitted", "who": "x" * (1 << 17)}
    problem(client.post(address, json=long, headers=OFFICE), 413)
    problem(client.post(address, json={"what": "submitted", "who": "x"}, headers=OFFICE), 404)

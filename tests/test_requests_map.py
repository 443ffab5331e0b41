"""Requests as features and on maps: where they lie, what they tell, and what is classified never leaves."""

from __future__ import annotations

import json
import re
import runpy
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import box
from starlette.testclient import TestClient

import maps
from api.app import create_app
from api.pages.sketch import paths
from data.book import open_book
from data.book.interface import Ask
from data.records import Source
from maps import palette
from maps.layers import MAP_LAYERS
from maps.layers.request import PARTS
from maps.layers.requests import VERDICTS

SHARED = runpy.run_path(str(Path(__file__).with_name("requests_sent.py")))
BROWSER, CLASSIFIED, EAST, FARMLAND, NASTY, OVER, SAID = (
    SHARED[name] for name in ("BROWSER", "CLASSIFIED", "EAST", "FARMLAND", "NASTY", "OVER_CLASSIFIED", "SAID")
)
book_path, client, filed, geojson, part = (
    SHARED[name] for name in ("book_path", "client", "filed", "geojson", "part")
)
PROPERTIES = ["id", "name", "zone", "kind", "day", "state", "verdict", "who", "filed", "changed"]


def data_of(html, id_="mutan_requests"):
    found = re.search(rf'<script type="application/json" id="{id_}">(.*?)</script>', html, re.DOTALL)
    return json.loads(found[1]) if found else None


def test_a_request_is_a_feature_with_its_land_and_its_state(client):
    number = filed(client, name="东扩", who="规划科")
    (feature,) = client.get("/collections/requests/items").json()["features"]
    assert feature["id"] == number
    assert list(feature["properties"]) == PROPERTIES
    said = {name: feature["properties"][name] for name in PROPERTIES[:6]}
    assert said == {
        "id": number, "name": "东扩", "zone": "G990001", "kind": "expansion", "day": "2025-06-30",
        "state": "checked",
    }  # fmt: skip
    shape = shapely.geometry.shape(feature["geometry"])
    assert shape.symmetric_difference(EAST).area < 1e-8
    assert client.get(f"/collections/requests/items/{number}").json()["properties"]["who"] == "规划科"
    bbox = client.get("/collections/requests").json()["extent"]["spatial"]["bbox"][0]
    assert bbox == pytest.approx(EAST.bounds, abs=1e-6)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("bbox=113.65,34.70,113.68,34.73", 1),
        ("bbox=114,34,115,35", 0),
        ("zone=G990001", 2),
        ("zone=G990002", 0),
        ("state=checked", 2),
        ("state=adopted", 0),
        ("kind=expansion&verdict=not_met", 1),
        ("year=2020", 0),
        ("datetime=2020-01-01/..", 2),
        ("datetime=../2020-01-01", 0),
    ],
)
def test_requests_are_found_by_place_zone_state_and_time(client, query, count):
    filed(client, EAST)
    filed(client, FARMLAND)
    told = client.get(f"/collections/requests/items?count=true&{query}").json()
    assert (told["numberMatched"], len(told["features"])) == (count, count)


def test_requests_come_in_pages_as_csv_and_as_a_table(client):
    numbers = [filed(client), filed(client, FARMLAND)]
    page = client.get("/collections/requests/items?limit=1&properties=state").json()
    assert [each["id"] for each in page["features"]] == numbers[1:]
    assert page["features"][0]["properties"] == {"state": "checked"}
    onward = next(each["href"] for each in page["links"] if each["rel"] == "next")
    assert [each["id"] for each in client.get(onward).json()["features"]] == numbers[:1]
    lines = client.get("/collections/requests/items?f=csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].split(",") == PROPERTIES
    assert len(lines) == 3
    table = client.get("/collections/requests/items", headers=BROWSER).text
    assert "已核查" in table
    assert client.get(f"/collections/requests/items/{numbers[0]}", headers=BROWSER).status_code == 200


def test_the_landing_page_and_the_bar_lead_to_requests(client):
    page = client.get("/", headers=BROWSER).text
    assert '<a href="/requests">申请</a>' in page
    assert "/collections/requests/items?f=html" in page


def test_the_page_of_a_zone_draws_its_requests_by_verdict(client):
    before = client.get("/maps/G990001?year=2024").text
    assert data_of(before) is None
    number = filed(client, FARMLAND, name=NASTY)
    html = client.get("/maps/G990001?year=2024").text
    told = data_of(html)
    assert [(each["label"], each["colour"]) for each in told["groups"]] == [
        ("不符合", palette.OUTCOME["not_met"])
    ]
    assert told["heading"] == [NASTY]
    assert dict(told["facts"][0])["状态"] == "已核查"
    assert told["id"] == [number]
    assert told["links"]["request"] == "/requests/{id}"
    assert "<img src=x" not in html
    assert data_of(client.get("/maps/G990002?year=2024").text) is None


def test_the_map_of_a_request_draws_land_and_offending_parts(client):
    number = filed(client, FARMLAND, name=NASTY)
    answer = client.get(f"/maps/requests/{number}")
    assert answer.status_code == 200, answer.text
    assert "<img src=x" not in answer.text
    told = data_of(answer.text, "mutan_request")
    assert {"申请范围", "调入", "不符合的部分"} <= {each["label"] for each in told["groups"]}
    assert told["about"]["verdict"] == "not_met"
    assert told["about"]["links"][0]["href"] == f"/requests/{number}"
    assert data_of(answer.text, "mutan_constraints")["name"] == ["示例农田"]
    assert client.get("/maps/requests/2020-0001").status_code == 404
    assert client.get(f"/maps/requests/{number}?f=json").status_code == 400


def test_every_group_of_the_legend_has_a_colour_of_its_own():
    assert set(VERDICTS) | set(PARTS) == set(palette.REQUEST)
    for names in (VERDICTS, PARTS):
        assert len({palette.request_colour(name) for name in names}) == len(names)


def test_what_has_no_place_in_the_legend_is_not_drawn():
    rows = gpd.GeoDataFrame(
        {"part": ["asked", "odd"], "name": ["甲", None]}, geometry=[EAST, FARMLAND], crs=4490
    )
    layer = MAP_LAYERS["request"](rows, {"verdict": None})
    assert layer.payload["group"] == [0, -1]
    assert [each["detail"] for each in layer.payload["groups"]] == ["1 处"]


def test_a_request_without_land_still_has_a_map():
    none = gpd.GeoDataFrame({"part": [], "name": []}, geometry=[], crs=4490)
    about = {"verdict": None, "wording": "", "facts": [], "links": [], "findings": []}
    assert "mutan_request" in maps.render(maps.request_page(none, about), title="退出")


def test_a_sketch_is_true_to_scale_with_north_above():
    square = box(114.0, 34.0, 114.01, 34.01)
    made = paths([("asked", square), ("not_met", shapely.Polygon())])
    assert [name for name, _ in made.paths] == ["asked"]
    xy = np.array(re.findall(r"([\d.]+),([\d.]+)", made.paths[0][1]), float)
    assert xy.min() >= 0
    assert (xy <= [made.width, made.height]).all()
    wide, high = np.ptp(xy, axis=0)
    assert wide / high == pytest.approx(np.cos(np.radians(34.005)), abs=0.01)
    assert paths([]) is None


# Classified places


def pairs_in(text):
    """Every pair of numbers in a text that could be a place in Henan, and every outline that a map packs."""
    found = re.findall(r"(1[01]\d\.\d+)[,\s\]\[]+(3\d\.\d+)", text)
    points = [tuple(map(float, each)) for each in found]
    for data in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.DOTALL):
        shapes = json.loads(data).get("shapes")
        if not shapes:
            continue
        steps, at = np.reshape(shapes["steps"], (-1, 2)), 0
        for count in shapes["rings"]:
            points += map(tuple, steps[at : at + count].cumsum(axis=0) / 1e6)
            at += count
    return np.array(points).reshape(-1, 2)


def answers_of(client, zone, request, day):
    """Everything that the paths of requests answer for one request that lies over a classified place."""
    said = {"kind": "expansion", "zone": zone, "day": day}
    first = client.post("/requests", data=said, files=part(geojson(request)))
    assert first.status_code == 201, first.text
    yield first.text
    number = first.json()["request"]["id"]
    yield client.post(f"/requests/{number}/checks").text
    for path in (
        "/requests", f"/requests/{number}", f"/requests/{number}/compare/{number}",
        "/collections/requests/items", f"/collections/requests/items/{number}",
        f"/maps/requests/{number}", f"/maps/{zone}",
    ):  # fmt: skip
        for headers in ({}, BROWSER):
            answer = client.get(path, headers=headers)
            assert answer.status_code == 200, (path, answer.text)
            yield answer.text


def test_a_classified_place_never_leaves(client, book_path):
    frame = gpd.GeoDataFrame(
        {"kind": ["basic_farmland"], "name": ["示例涉密区2"], "level": [None], "restricted": [True]},
        geometry=[CLASSIFIED],
        crs=4490,
    ).assign(area_m2=1.0e6)
    with open_book(book_path, write=True) as book:
        source = Source("classified.gpkg", "0" * 64, "made")
        book.ingest(
            "constraints", frame, source, who="test", when=datetime(2025, 3, 2, tzinfo=UTC),
            valid_from=date(2021, 1, 1),
        )  # fmt: skip
    corners = shapely.get_coordinates(CLASSIFIED)
    texts = list(answers_of(client, "G990001", OVER, "2025-06-30"))
    farmland = next(
        each for each in json.loads(texts[0])["findings"] if each["rule"].endswith("basic_farmland")
    )
    assert (farmland["withheld"], farmland["geometry"], farmland["against"]) == (True, None, [])
    for text in texts:
        assert "示例涉密区" not in text
        points = pairs_in(text)
        for corner in corners:
            assert not (np.abs(points - corner).max(axis=1) < 2e-4).any() if len(points) else True


def test_the_classified_place_of_the_sample_never_leaves(demo_book, tmp_path):
    copy = shutil.copy(demo_book.book, tmp_path / "demo.gpkg")
    with open_book(copy) as book:
        rows = book.read("constraints", Ask(where={"restricted": True}))
    west, south, east, north = rows.total_bounds
    corners = shapely.get_coordinates(rows.geometry.iloc[0])
    asked = box(west - 0.003, south - 0.003, east + 0.003, north + 0.003)
    with TestClient(create_app(str(copy)), raise_server_exceptions=False) as client:
        texts = list(answers_of(client, "G411163", asked, "2026-06-30"))
    for text in texts:
        assert "示例涉密管控区" not in text
        points = pairs_in(text)
        near = [np.abs(points - corner).max(axis=1).min() for corner in corners] if len(points) else [1.0]
        assert min(near) > 1e-4


def test_a_browser_finds_the_icon_of_pages_that_name_none(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")

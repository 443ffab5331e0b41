"""Emissions on the map through every door: files, features, years and grid of the demo's zones."""

from __future__ import annotations

import io

import geopandas as gpd
import numpy as np
import orjson
import pytest
import rasterio

from api.assess import assess
from api.emissions import emissions_of
from api.emissions_features import emissions_by_year
from maps.emissions import COLUMN

ZONE, YEAR = "G411164", 2024
STRAY = "G411031"  # the demo has enterprises there that stand on no parcel


@pytest.fixture(scope="module")
def told(book):
    return emissions_of(book, ZONE, YEAR)


def test_the_inventory_is_the_one_of_the_assessment(book, told):
    assessed = assess(book, ZONE, YEAR).inventory
    assert told.told.location.known == assessed.location.known
    assert told.known == pytest.approx(assessed.location.known["total"], rel=1e-12)
    assert emissions_by_year(book, ZONE, [YEAR - 1, YEAR])[YEAR].totals == told.totals


def test_parcels_and_what_is_not_placed_sum_to_the_inventory(book):
    made = emissions_of(book, STRAY, YEAR)
    assert made.unplaced > 0
    whole = made.told.location.known["total"]
    assert made.parcels["known"].sum() + made.over_zone + made.unplaced == pytest.approx(whole, rel=1e-9)
    named = {fault.feature for fault in made.faults if fault.code == "emissions_without_place"}
    assert named == set(made.firms.index[made.firms["area_m2"].isna() & (made.firms["known"] > 0)])
    moved = emissions_of(book, STRAY, YEAR, unplaced="built_land")
    assert moved.parcels["known"].sum() == pytest.approx(whole, rel=1e-9)


def test_the_command_writes_a_grid_that_sums_to_the_inventory(mutan, demo_book, told, tmp_path):
    out = tmp_path / "碳排放.tif"
    said = mutan("grid", ZONE, "--year", YEAR, "--cell", 50, "-o", out, "--book", demo_book.book, "--json")
    assert said.status == 0, said.err
    document = orjson.loads(said.out)
    with rasterio.open(out) as made:
        assert np.nansum(made.read(1)) == pytest.approx(told.known, rel=1e-9)
        assert made.tags()["NOTICE"].startswith("示例")
    assert document["placed_tco2e"] == pytest.approx(told.known)
    assert document["grid"].endswith(document["grid"].split("from ")[1])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--cell", "0"), "is no cell"),
        (("--cell", "0.01"), "Choose a cell of"),
        (("--crs", "EPSG:4490"), "no plane in metres"),
        (("--unplaced", "guess"), "not offered"),
    ],
)
def test_the_command_refuses_what_makes_no_grid(mutan, demo_book, tmp_path, words, said):
    told = mutan("grid", ZONE, "--year", YEAR, *words, "-o", tmp_path / "a.tif", "--book", demo_book.book)
    assert (told.status, list(tmp_path.iterdir())) == (1, [])
    assert said in told.err


def test_the_command_lists_enterprises_and_writes_their_land(mutan, demo_book, told, tmp_path):
    out = tmp_path / "企业.geojson"
    said = mutan("emissions", ZONE, "--year", YEAR, "-o", out, "--book", demo_book.book, "--json")
    assert said.status == 0, said.err
    rows = orjson.loads(said.out)["rows"]
    assert sum(row["known_tco2e"] for row in rows) == pytest.approx(told.known)
    assert len(gpd.read_file(out)) == len(rows)


@pytest.mark.parametrize("by", ["enterprise", "parcel", "zone"])
def test_features_over_http_sum_to_the_inventory(client, told, by):
    answer = client.get(f"/zones/{ZONE}/emissions", params={"year": YEAR, "by": by})
    assert answer.headers["content-type"] == "application/geo+json"
    document = answer.json()
    rows = [each["properties"] for each in document["features"]]
    assert sum(row["known_tco2e"] for row in rows) == pytest.approx(told.known)
    assert document["totals"]["known_tco2e"] == pytest.approx(told.known)
    for row in rows:
        numbers = ("tco2e", "tco2e_per_mu", "scope1", "scope2", "share")
        assert row["reason"] or all(row[name] is not None for name in numbers), row
    drawn = [each for each in document["features"] if each["geometry"]]
    assert {each["geometry"]["type"] for each in drawn} <= {"Polygon", "MultiPolygon"}


def test_the_grid_over_http_is_the_one_of_the_command(client, told):
    answer = client.get(f"/zones/{ZONE}/emissions.tif", params={"year": YEAR, "cell": 100})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/tiff")
    with rasterio.open(io.BytesIO(answer.content)) as made:
        assert made.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert np.nansum(made.read(1)) == pytest.approx(told.known, rel=1e-9)
        assert (made.crs.to_epsg(), made.count) == (4547, 3)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (f"{ZONE}/emissions?by=street", 404, "not offered"),
        (f"{ZONE}/emissions?colour=red", 400, "no parameter"),
        (f"{ZONE}/emissions?year=1995", 404, "No boundary"),
        (f"{ZONE}/emissions.tif?cell=0", 422, "is no cell"),
        (f"{ZONE}/emissions.tif?cell=1", 422, "1,000,000"),
        (f"{ZONE}/emissions.tif?cell=nan", 400, "cell"),
        (f"{ZONE}/emissions/years?years=2030-2020", 400, "2020-2024"),
        ("G000000/emissions", 404, "no zone"),
    ],
)
def test_what_cannot_be_answered_is_said(client, path, status, said):
    answer = client.get(f"/zones/{path}")
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text


def test_a_year_without_statements_is_a_fault_and_no_empty_picture(client, book):
    for path in ("emissions", "emissions.tif"):
        answer = client.get(f"/zones/{ZONE}/{path}", params={"year": 2026})
        assert answer.status_code == 404
        assert "mutan ingest activity" in answer.json()["detail"]


def test_years_are_one_document_for_a_slider(client, told):
    document = client.get(f"/zones/{ZONE}/emissions/years?by=parcel&years=1995,2023-2024&year=2024")
    assert document.status_code == 400
    document = client.get(f"/zones/{ZONE}/emissions/years?by=parcel&years=2022-2026&year=2024").json()
    assert (document["years"], document["year"]) == ([2022, 2023, 2024, 2025, 2026], 2024)
    assert len(document["ids"]) == len(document["tco2e"]) == len(document["emitter"])
    column = document["years"].index(2024)
    known = sum(row[column] or 0 for row in document["known_tco2e"])
    assert known == pytest.approx(told.known)
    assert "mutan ingest activity" in document["reasons"]["2026"]


def test_the_page_of_a_zone_offers_emissions_and_says_where_other_years_are(client):
    page = client.get(f"/maps/{ZONE}?year={YEAR}", headers={"Accept": "text/html"}).text
    assert f'"theme":"{COLUMN}"' in page
    assert f"/zones/{ZONE}/emissions/years?by=parcel" in page

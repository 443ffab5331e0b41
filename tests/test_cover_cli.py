"""The command `mutan cover`: files, the book, change, and what it says when it cannot go on."""

from __future__ import annotations

import json
import runpy
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.book import open_book
from geo.areas import ellipsoidal_area_m2

TOYS = runpy.run_path(str(Path(__file__).parent / "toy_rasters.py"))
EAST, SOUTH, at, toy, written = (TOYS[name] for name in ("EAST", "SOUTH", "at", "toy", "written"))


@pytest.fixture
def land(tmp_path):
    """Two zones on 10 x 10 cells of WorldCover, the west built up, the east cropland, and two parcels."""
    cells = np.repeat(np.array([[50] * 5 + [40] * 5], "uint8"), 10, axis=0)
    place = at(EAST, SOUTH + 100, 10, 10)
    written(tmp_path / "2020.tif", cells, 4547, place, nodata=0)
    cells[:, 5] = 50
    written(tmp_path / "2021.tif", cells, 4547, place, nodata=0)
    zones = [
        shapely.box(EAST, SOUTH, EAST + 60, SOUTH + 100),
        shapely.box(EAST + 60, SOUTH, EAST + 120, SOUTH + 100),
    ]
    gpd.GeoDataFrame({"code": ["A", "B"]}, geometry=zones, crs=4547).to_file(tmp_path / "zones.gpkg")
    parcels = gpd.GeoDataFrame(
        {"地块编号": ["1", "2"], "是否建成": ["是", "是"]},
        geometry=[shapely.box(EAST + 60 * i, SOUTH, EAST + 60 * i + 40, SOUTH + 40) for i in (0, 1)],
        crs=4547,
    )
    parcels.to_file(tmp_path / "parcels.gpkg")
    return tmp_path


def rows(said):
    return {(row["zone"], row["class"]): row for row in json.loads(said.out)["rows"]}


def test_one_row_per_zone_and_class_and_together_they_are_the_zone(mutan, land):
    said = mutan("cover", land / "zones.gpkg", land / "2020.tif", "--classes", "worldcover", "--json")
    assert said.status == 0
    found = rows(said)
    assert set(found) == {("A", "40"), ("A", "50"), ("B", "40"), ("B", "outside")}
    assert found["A", "50"]["name"] == "建成区"
    assert found["A", "50"]["share"] == pytest.approx(5 / 6, rel=1e-5)
    assert found["B", "outside"]["share"] == pytest.approx(1 / 3, rel=1e-5)
    area = ellipsoidal_area_m2(gpd.read_file(land / "zones.gpkg").geometry, 4547)
    for zone, whole in zip("AB", area, strict=True):
        mine = [row for (name, _), row in found.items() if name == zone]
        assert sum(row["area_m2"] for row in mine) == pytest.approx(whole, rel=1e-9)
        assert sum(row["area_mu"] for row in mine) == pytest.approx(whole * 15 / 10_000, rel=1e-9)
    (origin,) = json.loads(said.out)["rasters"]
    assert origin.startswith("2020.tif sha256:")


def test_csv_is_printed_and_messages_go_elsewhere(mutan, land):
    said = mutan("cover", land / "zones.gpkg", toy(land), "--by", "code")
    assert said.out.splitlines()[0] == '"zone","class","name","area_m2","area_ha","area_mu","share","reason"'
    assert "--nodata" in said.err


@pytest.mark.parametrize("suffix", ["csv", "parquet", "json", "xlsx"])
def test_rows_and_parcels_are_written_by_extension(mutan, land, suffix):
    out = land / f"out.{suffix}"
    parcels = ("--classes", "worldcover", "--parcels", land / "parcels.gpkg")
    said = mutan("cover", land / "zones.gpkg", land / "2020.tif", *parcels, "-o", out)
    assert said.status == 0
    assert said.out == ""
    read = {
        "csv": pd.read_csv, "parquet": pd.read_parquet, "json": pd.read_json,
        "xlsx": lambda path: pd.read_excel(path, header=1, engine="openpyxl"),
    }[suffix]  # fmt: skip
    assert len(read(out)) == 4
    ranked = read(land / f"out_parcels.{suffix}")
    assert ranked["parcel_id"].astype(str).tolist() == ["2", "1"]
    assert ranked["verdict"].tolist() == ["only_ledger", "agrees"]


def test_an_output_of_another_kind_is_refused(mutan, land):
    said = mutan("cover", land / "zones.gpkg", land / "2020.tif", "-o", land / "out.docx")
    assert said.status == 1
    assert ".csv" in said.err


def test_change_between_two_years_by_zone_and_on_the_whole(mutan, land):
    years = (land / "2020.tif", "--raster-2", land / "2021.tif", "--classes", "worldcover", "--json")
    told = json.loads(mutan("cover", land / "zones.gpkg", *years).out)["rows"]
    moved = [row for row in told if row["from"] != row["to"]]
    assert [(row["zone"], row["from"], row["to"], round(row["cells"], 5)) for row in moved] == [
        ("A", "40", "50", 10)
    ]
    assert moved[0]["from_name"] == "耕地"
    whole = json.loads(mutan("cover", "all", *years).out)["rows"]
    assert {(row["from"], row["to"]): row["cells"] for row in whole} == {
        ("40", "40"): 40, ("40", "50"): 10, ("50", "50"): 50,
    }  # fmt: skip


def test_a_legend_of_ones_own_and_values_that_none_holds(mutan, land):
    (land / "own.csv").write_text("value,label,built,group\n50,城,yes,built_up\n", "utf-8")
    said = mutan("cover", land / "zones.gpkg", land / "2020.tif", "--classes", land / "own.csv", "--json")
    assert rows(said)["A", "50"]["name"] == "城"
    assert rows(said)["A", "40"]["name"] == ""
    assert [fault["code"] for fault in json.loads(said.out)["faults"]] == ["class_without_legend"]


def test_zones_of_one_name_are_added_up_and_what_cannot_be_told_keeps_its_area(mutan, land):
    shapes = [
        shapely.box(EAST, SOUTH, EAST + 20, SOUTH + 20),
        shapely.box(EAST + 40, SOUTH, EAST + 60, SOUTH + 20),
        shapely.Polygon([(EAST, SOUTH), (EAST + 30, SOUTH + 50), (EAST + 30, SOUTH), (EAST, SOUTH + 20)]),
        shapely.box(EAST + 900, SOUTH, EAST + 920, SOUTH + 20),
    ]
    gpd.GeoDataFrame({"code": ["A", "A", "K", "F"]}, geometry=shapes, crs=4547).to_file(land / "odd.gpkg")
    found = rows(mutan("cover", land / "odd.gpkg", land / "2020.tif", "--json"))
    assert found["A", "50"]["share"] == pytest.approx(0.75, rel=1e-5)
    assert found["K", "unknown"]["share"] == pytest.approx(1)
    assert "invalid" in found["K", "unknown"]["reason"]
    assert found["F", "outside"]["share"] == pytest.approx(1)
    assert "wholly outside" in found["F", "outside"]["reason"]


def book_raster(folder):
    """WorldCover on the first zone of the small book: its western half built up."""
    cells = np.repeat(np.array([[50] * 30 + [40] * 31], "uint8"), 51, axis=0)
    return written(folder / "wc.tif", cells, 4326, at(113.60, 34.75, 0.001, 0.001), nodata=0)


def test_the_zones_and_parcels_of_the_book_and_the_results_kept_in_it(mutan, small_book, tmp_path):
    book = shutil.copy(small_book, tmp_path / "b.gpkg")
    words = (
        "cover",
        "book",
        book_raster(tmp_path),
        "--classes",
        "worldcover",
        "--year",
        2024,
        "--book",
        book,
    )
    before = len(open_book(str(book)).results("G990001", 2024, "assess"))
    said = mutan(*words, "--store", "--json")
    assert said.status == 0
    told = json.loads(said.out)
    share, *_ = (r for r in told["results"]["G990001"] if r["code"] == "cover.worldcover.built_share")
    assert share["value"] == pytest.approx(0.5, abs=1e-4)
    assert told["results"]["G990002"][0]["value"] is None
    assert "wholly outside" in told["results"]["G990002"][0]["reason"]
    assert len(told["parcels"]) == 60
    assert told["parcels"][0]["verdict"] in {"only_ledger", "only_satellite"}
    with open_book(str(book)) as opened:
        kept = {row["code"]: row for row in opened.results("G990001", 2024, "cover")}
        assert kept["cover.worldcover.built_share"]["value"] == share["value"]
        assert kept["cover.worldcover.difference"]["value"] == pytest.approx(0.5 - 24 / 30, abs=0.03)
        assert len(opened.results("G990001", 2024, "assess")) == before
        assert [row["who"] != "" for row in opened.journal() if "results for" in row["what"]][-1]


def test_what_is_not_stored_is_not_in_the_book(mutan, small_book, tmp_path):
    words = ("cover", "book", book_raster(tmp_path), "--classes", "worldcover", "--year", 2024)
    assert mutan(*words, "--book", small_book).status == 0
    assert open_book(str(small_book)).results(family="cover") == []
    assert mutan(*words[:-1], 1999, "--book", small_book).status == 1


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["book", "r.tif"], "--year"),
        (["zones.gpkg", "r.tif", "--store"], "--store"),
        (["all", "r.tif"], "--raster-2"),
        (["zones.gpkg", "r.tif", "--raster-2", "s.tif", "--parcels", "p.gpkg"], "--parcels"),
        (["book", "r.tif", "--year", "2024", "--parcels", "p.gpkg"], "--parcels"),
    ],
)
def test_words_that_do_not_go_together_are_wrong_usage(mutan, words, what):
    said = mutan("cover", *words)
    assert said.status == 2
    assert what in said.err


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["zones.gpkg", "none.tif"], "There is no file"),
        (["none.gpkg", "2020.tif"], "There is no file"),
        (["zones.gpkg", "2020.tif", "--classes", "worldcove"], "worldcover"),
        (["zones.gpkg", "2020.tif", "--by", "kode"], "code"),
        (["zones.gpkg", "2020.tif", "--parcels", "parcels.gpkg"], "Choose one with --classes"),
        (["zones.gpkg", "http://example.org/a.tif"], "is an address"),
        (["zones.gpkg", "2020.tif", "--band", "2"], "has no band 2"),
        (["zones.gpkg", "2020.tif", "--raster-2", "toy.tif"], "--align"),
    ],
)
def test_what_a_person_can_mend_is_said(mutan, land, monkeypatch, words, what):
    toy(land)
    monkeypatch.chdir(land)
    said = mutan("cover", *words, "--json")
    assert said.status == 1
    assert what in said.err
    assert json.loads(said.out)["error"]


def test_what_a_cut_leaves_beside_polygons_is_left_out():
    from api.covers_book import _areal

    square = shapely.box(0, 0, 1, 1)
    mixed = shapely.GeometryCollection([square, shapely.LineString([(1, 0), (2, 0)])])
    assert _areal(mixed).equals(square)
    assert _areal(square) is square

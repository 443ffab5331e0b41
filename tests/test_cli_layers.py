"""The command line on layers: areas, overlays, rules and factors, maps, exports, the demo."""

from __future__ import annotations

import json
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Polygon

from data import formats
from data.book import open_book
from data.kinds import kinds
from geo.areas import ellipsoidal_area_m2

SHARED = runpy.run_path(str(Path(__file__).with_name("cli_files.py")))
FIRST, SECOND, files, book = (SHARED[name] for name in ("FIRST", "SECOND", "files", "book"))

COLUMNS = ["zone", "class", "area_m2", "area_mu", "pieces"]


@pytest.fixture
def one_year(monkeypatch: pytest.MonkeyPatch, sample: object) -> Iterator[None]:
    """The demo, of one year and from the sample that the tests have already made."""
    monkeypatch.setattr("data.sample.make", lambda: sample)
    monkeypatch.setattr("api.demo.YEARS", range(2024, 2025))
    return


def test_area_says_which_outlines_cross_themselves(mutan, tmp_path):
    bow = Polygon([(114, 34), (114.01, 34.01), (114.01, 34), (114, 34.01)])
    path = tmp_path / "bow.geojson"
    formats.write(gpd.GeoDataFrame({"id": ["7"]}, geometry=[bow], crs=4490), path)
    (fault,) = json.loads(mutan("area", path, "--json").out)["faults"]
    assert (fault["code"], fault["feature"]) == ("geometry_invalid", "7")
    assert "--repair" in fault["remedy"]


def test_area_with_json_has_the_shape_of_the_contract(mutan, files):
    told = mutan("area", files["zones"], "--json")
    said = json.loads(told.out)
    assert told.err == ""
    assert {"features", "total"} <= set(said)
    sizes = {"area_m2", "area_ha", "area_mu"}
    assert set(said["total"]) == sizes
    assert all(set(each) == {"id", "name", "crs"} | sizes for each in said["features"])
    assert [each["id"] for each in said["features"]] == [FIRST, SECOND]
    # 0.06 x 0.05 degrees at 34.725 N: 111.4 km x cos and 110.9 km a degree, by hand to a thousandth
    assert said["features"][0]["area_m2"] == pytest.approx(0.06 * 91_610 * 0.05 * 110_930, rel=1e-3)
    for each in (*said["features"], said["total"]):
        assert each["area_mu"] == pytest.approx(each["area_m2"] * 15 / 10_000, abs=1e-3)
        assert each["area_ha"] == pytest.approx(each["area_m2"] / 10_000, abs=1e-4)
    assert said["total"]["area_m2"] == pytest.approx(sum(e["area_m2"] for e in said["features"]), abs=0.02)
    plain = mutan("area", files["zones"])
    assert plain.out.splitlines()[0].split("\t")[0] == FIRST
    assert "2 features" in plain.err


def test_overlay_gives_the_same_rows_in_every_format_and_from_every_format(mutan, files, tmp_path):
    words = ("overlay", files["parcels"], files["zones"], "--by", "land_class", "--zone", "code")
    for suffix in ("csv", "parquet", "json"):
        assert mutan(*words, "-o", tmp_path / f"叠加.{suffix}").status == 0
    printed = mutan(*words)
    text = (tmp_path / "叠加.csv").read_text("utf-8")
    assert printed.out == text
    said = json.loads((tmp_path / "叠加.json").read_text("utf-8"))
    assert said == json.loads(mutan(*words, "--json").out)
    assert said == pd.read_parquet(tmp_path / "叠加.parquet").to_dict("records")
    assert all(list(row) == COLUMNS for row in said)
    assert text.splitlines()[0].replace('"', "") == ",".join(COLUMNS)
    assert [(row["zone"], row["class"], row["pieces"]) for row in said[:2]] == [
        (FIRST, "0601", 20),
        (FIRST, "0701", 10),
    ]
    frame = formats.read(files["parcels"]).frame
    formats.write(frame, tmp_path / "图斑.parquet")
    bare = mutan("overlay", tmp_path / "图斑.parquet", *words[2:], "--json")
    for mine, theirs in zip(json.loads(bare.out), said, strict=True):
        assert mine["area_m2"] == pytest.approx(theirs["area_m2"], abs=0.01)
        assert (mine["class"], mine["pieces"]) == (theirs["class"], theirs["pieces"])


def test_overlay_says_what_is_missing_and_writes_nothing(mutan, files, tmp_path):
    words = ("overlay", files["parcels"], files["zones"])
    told = mutan(*words, "--by", "land_clas", "--zone", "code", "-o", tmp_path / "a.csv")
    assert told.status == 1
    assert "Near it: land_class" in told.err
    told = mutan(*words, "--by", "land_class", "--zone", "code", "-o", tmp_path / "a.docx")
    assert told.status == 1
    assert ".csv, .parquet or .json" in told.err
    assert list(tmp_path.iterdir()) == []


def test_rules_and_factors_are_listed_shown_and_found_by_near_names(mutan):
    for command, name in (("rule", "land.industrial_share_min"), ("factor", "grid_electricity.province")):
        listed = mutan(command).out.split()
        assert name in listed
        assert json.loads(mutan(command, "--json").out) == listed
        told = mutan(command, name[:-1])
        assert told.status == 1
        assert name in told.err


def test_a_factor_is_told_as_of_a_day_a_place_and_what_was_known(mutan):
    words = ("factor", "grid_electricity.province", "--region", "410000")
    said = json.loads(mutan(*words, "--on", "2022-12-31", "--json").out)
    assert said["region"] == "410000"
    assert said["since"] <= "2022-12-31"
    assert {"value", "unit", "article", "published", "status"} <= set(said)
    plain = mutan(*words, "--on", "2022-12-31").out
    assert str(said["value"]) in plain
    assert said["article"] in plain
    early = mutan(*words, "--on", "2022-12-31", "--known-on", "1999-01-01")
    assert early.status == 1
    assert "no value" in early.err
    assert mutan(*words, "--on", "2022-13-31").status == 2


def test_map_writes_one_page_that_needs_nothing_else(mutan, book, tmp_path):
    for words in ((), (FIRST,)):
        page = tmp_path / "地 图.html"
        told = mutan("map", *words, "--year", "2024", "--book", book, "-o", page)
        assert told.status == 0, told.err
        html = page.read_text("utf-8")
        assert html.lstrip().lower().startswith("<!doctype html")
        assert not re.search(r'(?:src=|<link[^>]* href=)"?(?:https?:)?//', html)
    assert mutan("map", "G990009", "--year", "2024", "--book", book, "-o", tmp_path / "b.html").status == 1
    assert not (tmp_path / "b.html").exists()


@pytest.mark.parametrize("suffix", list(formats.WRITERS))
def test_what_is_exported_reads_back_as_the_book_has_it(mutan, book, tmp_path, suffix):
    path = tmp_path / f"地块 出口{suffix}"
    told = mutan("export", "parcels", "-o", path, "--book", book, "--year", "2024")
    assert told.status == 0, told.err
    frame = formats.read(path).frame.rename(columns={"plot_no": "parcel_id"})  # as a .txt calls it
    frame = frame.sort_values("parcel_id")  # .fgb lays its rows along a curve
    with open_book(book) as opened:
        held = opened.read("parcels")
    assert frame["parcel_id"].tolist() == held["parcel_id"].tolist()
    assert frame["land_class"].tolist() == held["land_class"].tolist()
    assert frame["land_class"].iloc[0] == "0701"
    if suffix not in (".csv", ".xlsx"):
        area = ellipsoidal_area_m2(frame.geometry, frame.crs)
        assert area.tolist() == pytest.approx(held["area_m2"].tolist(), rel=1e-5)


def test_layers_that_exist_are_exported_and_others_named(mutan, book, tmp_path):
    for layer in (*kinds(), "indicators", "emissions"):
        told = mutan("export", layer, "-o", tmp_path / f"{layer}.xlsx", "--book", book, "--year", "2024")
        assert told.status == 0, (layer, told.err)
    one = formats.read(tmp_path / "indicators.xlsx").frame
    assert one["code"].tolist() == [FIRST]
    told = mutan("export", "parcel", "-o", tmp_path / "b.csv", "--book", book)
    assert told.status == 1
    assert "parcels" in told.err
    assert not (tmp_path / "b.csv").exists()


@pytest.mark.usefixtures("one_year")
def test_the_demo_is_made_once_whole_and_said_to_be_made_up(mutan, tmp_path):
    folder = tmp_path / "示 例"
    told = mutan("demo", folder, "--no-serve")
    assert told.status == 0, told.err
    assert "示例数据" in told.err
    assert {path.name for path in folder.iterdir()} == {"mutan.gpkg", "示例文件"}
    with open_book(folder / "mutan.gpkg") as opened:
        assert "示例" in opened.notes()["notice"]
        assert len({row["zone"] for row in opened.results(year=2024)}) == len(
            opened.read("zones")["code"].unique()
        )
    again = mutan("demo", folder, "--no-serve")
    assert (again.status, "there already" in again.err) == (0, True)

"""Words, books and files that are not what they should be: refused in words, and the book is as it was."""

from __future__ import annotations

import os
import runpy
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from shapely.geometry import Point

from data import formats
from data.book import new_book

SHARED = runpy.run_path(str(Path(__file__).with_name("bad_input_tried.py")))
FIRST, book, refused, polygons, geojson = (
    SHARED[name] for name in ("FIRST", "book", "refused", "polygons", "geojson")
)

ROWS = {"enterprise_id": "E1", "name": "甲厂", "zone": FIRST, "year": 2024}


def test_wrong_encodings(refused, mutan, book, tmp_path):
    (path := tmp_path / "a.csv").write_bytes("enterprise_id,name,zone,year\nE1,甲厂,G1,2024\n".encode("gbk"))
    assert "utf-8" in refused("ingest", "enterprises", path, "--encoding", "utf-8").lower()
    assert refused("ingest", "enterprises", path, "--encoding", "gkb")
    (path := tmp_path / "b.geojson").write_bytes(
        geojson(tmp_path / "b.geojson", [[113, 34], [113.1, 34], [113.1, 34.1], [113, 34]])
        .read_text("utf-8").replace('"0"', '"甲"').encode("gbk")
    )  # fmt: skip
    assert "gb18030" in refused("area", path)
    assert mutan("area", path, "--encoding", "gb18030").status == 0


def test_formulas_error_cells_and_text_in_number_columns(refused, tmp_path):
    filled = openpyxl.Workbook()
    filled.active.append([*ROWS, "tax_cny10k", "revenue_cny10k"])
    filled.active.append([*ROWS.values(), "=SUM(1,2)", "#DIV/0!"])
    filled.active.append(["E2", *list(ROWS.values())[1:], "约三百万", 5])
    filled.save(path := tmp_path / "企业.xlsx")
    said = refused("ingest", "enterprises", path)
    assert "tax_cny10k" in said
    assert "约三百万" in said
    assert "row 3" in said


def test_a_folder_a_missing_file_and_a_pipe(refused, tmp_path):
    formats.write(polygons(), tmp_path / "地块.gpkg")
    assert "地块.gpkg" in refused("area", tmp_path)
    assert "地块.gpkg" in refused("area", tmp_path / "地快.gpkg")
    assert "no folder" in refused("ingest", "parcels", tmp_path / "哪里" / "a.gpkg")
    refused("area", "/dev/null")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(refused, tmp_path):
    formats.write(polygons(), path := tmp_path / "a.gpkg")
    path.chmod(0)
    assert "rights" in refused("area", path)


def test_a_table_where_a_layer_is_needed_and_the_other_way_round(refused, tmp_path):
    (table := tmp_path / "a.csv").write_text("parcel_id,land_class,zone\n1,0601,G990001\n", "utf-8")
    formats.write(polygons(), layer := tmp_path / "a.gpkg")
    assert "polygons" in refused("area", table)
    assert "geometry" in refused("ingest", "parcels", table)
    assert "enterprise_id" in refused("ingest", "enterprises", layer)
    words = ("--by", "land_class", "--zone", "zone")
    assert "polygons" in refused("overlay", table, layer, *words)
    assert "polygons" in refused("overlay", layer, table, *words)
    formats.write(
        gpd.GeoDataFrame({"a": [1]}, geometry=[Point(113, 34)], crs=4490), path := tmp_path / "点.gpkg"
    )
    refused("ingest", "zones", path)
    assert "Point" in refused("area", path)


def test_books_that_are_none(refused, tmp_path):
    formats.write(polygons(), layer := tmp_path / "a.gpkg")
    assert "mutan new" in refused("check", "--book", tmp_path / "no.gpkg")
    assert refused("check", "--book", layer)
    assert "mutan.gpkg" in refused("check", "--book", tmp_path)
    (text := tmp_path / "b.gpkg").write_text("no book")
    assert "ingest" in refused("check", "--book", text)
    assert refused("check", "--book", "postgresql://localhost/x")
    assert refused("new", tmp_path / "哪里" / "a.gpkg")
    assert not (tmp_path / "哪里").exists()
    whole = (tmp_path / "c.gpkg", new_book(tmp_path / "c.gpkg").close())[0]
    whole.write_bytes(whole.read_bytes()[:9000])
    assert "cut short" in refused("check", "--book", whole)


@pytest.mark.parametrize("crs", ["4526x", "ＥＰＳＧ：４５２６", "EPSG:999999", "北京54", "", "EPSG:2333"])
def test_an_odd_crs_is_understood_or_refused(mutan, book, tmp_path, crs):
    formats.write(polygons(), path := tmp_path / "a.gpkg")
    told = mutan("area", path, "--crs", crs)
    assert told.status == 1
    assert told.err.startswith("mutan: ")
    assert "EPSG:" in told.err


def test_words_that_name_nothing_name_what_is_near(refused, tmp_path):
    formats.write(polygons(), path := tmp_path / "a.gpkg")
    assert "parcels" in refused("ingest", "parcel", path)
    assert "a" in refused("ingest", "parcels", path, "--layer", "b")
    assert "guotu_dltb" in refused("ingest", "parcels", path, "--supplier", "guotu_dlt")
    assert "sandiao" in refused("ingest", "parcels", path, "--class-system", "sandia")
    assert "parcels" in refused("export", "parcel", "-o", tmp_path / "b.csv")
    assert refused("export", "parcels", "-o", tmp_path / "b.docx")
    assert refused("export", "parcels", "-o", tmp_path / "哪里" / "b.csv")
    assert refused("ingest", "--template", "parcel", "-o", tmp_path / "b.xlsx")
    assert refused("ingest", "parcels", path, "--rename", "没有=parcel_id")
    assert {each.name for each in tmp_path.iterdir()} == {"a.gpkg", "台账"}


def test_days_that_go_backwards(refused, tmp_path):
    formats.write(polygons(), path := tmp_path / "a.gpkg")
    refused("ingest", "parcels", path, "--valid-from", "2025-01-01", "--valid-to", "2024-01-01")
    refused("ingest", "parcels", path, "--valid-from", "2025-02-30", status=2)

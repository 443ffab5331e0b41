"""Files that nobody can use, given to `mutan` as people give them: one clear message each.

What each reader says of its own format is held in test_formats_bad_input.py and test_tables.py; here it is
held that it comes out of the door: exit status, message, remedy, no traceback, and the book as it was.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from shapely.geometry import Point, box

from data import formats
from data.book import new_book, open_book

FIRST = "G990001"
ROWS = {"enterprise_id": "E1", "name": "甲厂", "zone": FIRST, "year": 2024}
MUTAN = str(Path(sys.executable).with_name("mutan"))


@pytest.fixture
def book(small_book: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the small book beside the files; at the end it holds what it held."""
    folder = tmp_path / "台账"
    folder.mkdir()
    copy = Path(shutil.copy(small_book, folder / "mutan.gpkg"))
    before = held(copy)
    yield copy
    assert held(copy) == before
    assert [path.name for path in folder.iterdir()] == ["mutan.gpkg"]


@pytest.fixture
def refused(mutan, book: Path) -> Callable[..., str]:
    """Gives a file to a command, which must refuse it plainly; returns what it said."""

    def run(*words: object, status: int = 1) -> str:
        if words[0] in ("ingest", "export", "check", "assess") and "--book" not in words:
            words = (*words, "--book", book)
        told = mutan(*words)  # a fault that is not ours would be raised here
        assert (told.status, told.out) == (status, ""), told
        assert "Traceback" not in told.err
        if status == 1:
            assert told.err.startswith("mutan: ")
            assert len(told.err) > 40
            assert re.search(r"[.:] [A-Z].*[.:;!)]", told.err), told.err  # what happened, then what to do
        return told.err

    return run


def held(book: Path) -> list[tuple[str, int]]:
    """Versions of the book, and rows of each."""
    with open_book(book) as opened:
        return [(version.name, version.rows) for version in opened.versions()]


def polygons(**changed: object) -> gpd.GeoDataFrame:
    """Parcels that could be taken, but for what is changed."""
    said = {"parcel_id": ["001", "002"], "zone": FIRST, "land_class": "0601", "class_system": "sandiao"}
    shapes = [box(113.60, 34.70, 113.61, 34.71), box(113.61, 34.70, 113.62, 34.71)]
    return gpd.GeoDataFrame({**said, **changed}, geometry=shapes, crs=4490)


def geojson(path: Path, *rings: list[list[float]], **more: object) -> Path:
    """A GeoJSON of polygons with such outlines."""
    features = [
        {"type": "Feature", "properties": {"parcel_id": str(n), "zone": FIRST, "land_class": "0601"},
         "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for n, ring in enumerate(rings)
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}), "utf-8")
    return path


SUFFIXES = sorted(set(formats.READERS) - {".gdb"})


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_empty_file_of_any_format(refused, tmp_path, suffix):
    (path := tmp_path / f"空 文件{suffix}").touch()
    assert "empty" in refused("area", path)
    assert "empty" in refused("ingest", "parcels", path)


@pytest.mark.parametrize("suffix", [*formats.WRITERS, ".shp", ".zip", ".kml"])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.97])
def test_a_file_cut_short(mutan, book, tmp_path, suffix, part):
    path = tmp_path / f"断{suffix}"
    if suffix == ".kml":
        path.write_text(KML.format(head="", name="甲"))
    elif suffix == ".zip":
        formats.write(polygons(), inner := tmp_path / "a.geojson")
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(inner, "a.geojson")
    elif suffix == ".shp":
        polygons().drop(columns="class_system").to_file(path, encoding="utf-8")
    else:
        formats.write(polygons(), path)
    whole = path.read_bytes()
    path.write_bytes(whole[: max(1, int(len(whole) * part))])
    told = mutan("area", path, "--json")
    said = json.loads(told.out)
    if told.status == 0:  # what is left of it is whole, as rows of a text are
        assert len(said["features"]) <= 2
    else:
        assert told.status == 1
        assert len(said["error"]) > 40


KML = (
    '<?xml version="1.0"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>'
    "<name>{name}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>113.6,34.7 113.61,34.7 "
    "113.61,34.71 113.6,34.7</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document>"
    "</kml>"
)
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("head", "name"),
    [(LAUGHS + "]>", "&i;"), ("<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>", "&f;")],
)
def test_entities_in_kml(refused, tmp_path, head, name):
    path = tmp_path / "a.kml"
    path.write_text(KML.format(head=head, name=name))
    said = refused("area", path)
    assert "root:" not in said
    refused("ingest", "zones", path)


def test_archives_that_do_harm(refused, tmp_path):
    with zipfile.ZipFile(bomb := tmp_path / "炸弹.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b" " * (80 << 20))
    assert "limit" in refused("area", bomb)
    with zipfile.ZipFile(path := tmp_path / "外.zip", "w") as archive:
        archive.writestr("../../外.geojson", "{}")
    refused("ingest", "parcels", path)
    assert not (tmp_path.parent / "外.geojson").exists()
    with zipfile.ZipFile(bomb := tmp_path / "炸弹.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (80 << 20))
    refused("ingest", "enterprises", bomb)


def test_a_shapefile_without_its_parts(mutan, refused, book, tmp_path):
    polygons().drop(columns="class_system").to_file(path := tmp_path / "地块.shp", encoding="utf-8")
    whole = mutan("area", path, "--json")
    (tmp_path / "地块.shx").unlink()
    told = mutan("area", path, "--json")
    if told.status == 0:  # the index can be made again from the polygons
        assert json.loads(told.out)["total"] == json.loads(whole.out)["total"]
        assert not (tmp_path / "地块.shx").exists()
    (tmp_path / "地块.dbf").unlink()
    assert re.search(r"\.dbf|column", refused("ingest", "parcels", path))


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -float("inf"), 1e300])
@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
def test_coordinates_that_are_no_numbers(refused, tmp_path, odd, suffix):
    frame = polygons().drop(columns="class_system")
    ring = [(113.6, 34.7), (113.61, 34.7), (113.612345, 34.71), (113.6, 34.7)]
    frame.geometry = [shapely.Polygon(ring), frame.geometry[1]]
    frame.to_file(path := tmp_path / f"a{suffix}")
    told = struct.pack("<d", 113.612345)  # GDAL would not write such a number; others have
    path.write_bytes(path.read_bytes().replace(told, struct.pack("<d", odd)))
    refused("ingest", "parcels", path)
    assert "Feature 1" in refused("area", path) or odd == 1e300


def test_nan_in_geojson(refused, tmp_path):
    path = geojson(
        tmp_path / "a.geojson", [[113.6, 34.7], [float("nan"), 34.7], [113.61, 34.71], [113.6, 34.7]]
    )
    refused("area", path)
    refused("ingest", "parcels", path)


@pytest.mark.skipif(sys.platform != "linux", reason="says its memory in another way")
def test_two_hundred_megabytes_of_brackets_are_refused_quickly_in_little_memory(tmp_path):
    path = tmp_path / "深.geojson"
    with path.open("wb") as file:
        file.write(b'{"type":"Polygon","coordinates":')
        for _ in range(200):
            file.write(b"[" * (1 << 20))
    told = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    path.unlink()
    assert told.returncode == 1, told.stderr
    assert "brackets" in told.stderr
    assert int(told.stdout.split()[-1]) < 300 * 1024  # of which 150 MB are the program itself
    assert "Traceback" not in told.stderr


LIMITED = """
import re, sys
from pathlib import Path
from api.cli import main
sys.argv = ["mutan", "area", sys.argv[1]]
try:
    main()
finally:
    print("kB", re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def test_a_polygon_of_very_many_vertices_is_measured_or_refused_by_a_stated_limit(
    mutan, tmp_path, monkeypatch
):
    turn = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    ring = shapely.Polygon(np.column_stack([114 + 0.01 * np.cos(turn), 34 + 0.01 * np.sin(turn)]))
    frame = gpd.GeoDataFrame({"name": ["圆"]}, geometry=[ring], crs=4490)
    formats.write(frame, path := tmp_path / "圆.gpkg")
    said = json.loads(mutan("area", path, "--json").out)
    # half axes of 0.01 degrees at 34 N: 92.39 and 110.92 km a degree
    assert said["total"]["area_m2"] == pytest.approx(np.pi * 923.9 * 1109.2, rel=1e-3)
    monkeypatch.setattr("data.formats.limits.JSON_VALUES_PER_FEATURE", 100_000)
    turn = turn[::20]
    path = geojson(tmp_path / "圆.geojson", [[114 + 0.01 * np.cos(t), 34 + 0.01 * np.sin(t)] for t in turn])
    told = mutan("area", path)
    assert told.status == 1
    assert "100,000" in told.err


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

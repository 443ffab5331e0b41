"""Files that nobody can use, given to `mutan` as people give them: one clear message each.

What each reader says of its own format is held in test_formats_bad_input.py and test_tables.py; here it is
held that it comes out of the door: exit status, message, remedy, no traceback, and the book as it was.
"""

from __future__ import annotations

import json
import re
import runpy
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data import formats

SHARED = runpy.run_path(str(Path(__file__).with_name("bad_input_tried.py")))
book, refused, polygons, geojson = (SHARED[name] for name in ("book", "refused", "polygons", "geojson"))

SUFFIXES = sorted(set(formats.READERS) - {".gdb"})


KML = (
    '<?xml version="1.0"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>'
    "<name>{name}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>113.6,34.7 113.61,34.7 "
    "113.61,34.71 113.6,34.7</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document>"
    "</kml>"
)


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


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
        assert len(said["error"]) > 40 or said["faults"]


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

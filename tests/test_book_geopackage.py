"""The book as others see it: GDAL reads every layer, and the file is what the standard says."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from data.book import new_book, spatial_index
from data.kinds import kinds
from data.records import Source

SAID = {"who": "Li Na", "when": datetime(2025, 3, 1, 8, 30, 15, 123456, tzinfo=UTC)}
SIDE = 0.0009


def squares(columns: int, rows: int, zone: str = "G411031") -> geopandas.GeoDataFrame:
    x, y = (113 + 0.001 * np.arange(columns), 34 + 0.001 * np.arange(rows))
    x, y = (part.ravel() for part in np.meshgrid(x, y))
    said = {"parcel_id": [f"{i:05d}" for i in range(len(x))], "zone": zone, "built": True, "area_m2": 8e3}
    said |= {"land_class": "0601", "name": "甲", "kind": "urban_boundary", "code": zone, "building_id": "1"}
    return geopandas.GeoDataFrame(said, geometry=shapely.box(x, y, x + SIDE, y + SIDE), crs=4490)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with every kind: layers in two versions, the first of them ended."""
    where = tmp_path_factory.mktemp("book") / "mutan.gpkg"
    with new_book(where) as book:
        for name, kind in kinds().items():
            for version, start in (("a", None), ("b", date(2020, 1, 1))):
                frame: pd.DataFrame = squares(40, 30 if version == "a" else 2)
                own = [column for column in frame.columns if column in kind.columns]
                if kind.geometry:
                    frame = frame[[*own, "area_m2", "geometry"]]
                else:
                    frame = pd.DataFrame({column: ["2024"] * 3 for column in (*kind.key, *kind.scope)})
                    frame = frame.assign(year=2024) if "year" in kind.columns else frame
                book.ingest(name, frame, Source(f"{version}.shp", version, "shp"), valid_from=start, **SAID)
    return where


@pytest.fixture
def link(path: Path):
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as opened:
        yield opened


FEATURES = [name for name, kind in kinds().items() if kind.geometry]


def test_the_header_says_geopackage_1_3(path: Path):
    head = path.read_bytes()[:72]
    assert head[68:72] == b"GPKG"
    assert struct.unpack(">i", head[60:64])[0] == 10300


def test_gdal_lists_every_kind_and_what_is_in_force_today(path: Path):
    layers = dict(pyogrio.list_layers(path).tolist())
    assert {name: layers[name] for name in FEATURES} == dict.fromkeys(FEATURES, "MultiPolygon")
    assert {layers[f"{name}_now"] for name in FEATURES} == {"MultiPolygon"}
    assert {"enterprises", "activity", "versions", "parts", "results", "journal"} <= layers.keys()


@pytest.mark.parametrize("name", FEATURES)
def test_gdal_finds_system_count_and_titles_of_a_layer(name: str, path: Path):
    about = pyogrio.read_info(path, layer=name)
    assert about["features"] == 40 * 32
    assert about["crs"] == "EPSG:4490"
    assert about["fid_column"] == "fid"
    assert about["total_bounds"] == pytest.approx((113, 34, 113.0399, 34.0299))
    now = pyogrio.read_info(path, layer=f"{name}_now")
    assert (now["features"], now["crs"]) == (80, "EPSG:4490")
    assert {"valid_from", "valid_to", "version"} <= set(now["fields"])
    assert now["fid_column"] == "OGC_FID"


@pytest.mark.parametrize("layer", ["parcels", "parcels_now"])
def test_gdal_finds_by_box_what_geopandas_finds(layer: str, path: Path):
    whole = geopandas.read_file(path, layer=layer)
    assert shapely.get_type_id(whole.geometry).tolist() == [6] * len(whole)
    box = (113.0031, 33.9, 113.0107, 34.0015)
    near = pyogrio.read_dataframe(path, layer=layer, bbox=box)
    assert sorted(near["parcel_id"]) == sorted(whole[whole.intersects(shapely.box(*box))]["parcel_id"])
    assert str(near["built"].dtype) in {"bool", "boolean"}


@pytest.mark.parametrize("layer", ["parcels", "parcels_now"])
def test_gdal_knows_of_the_spatial_index(layer: str, path: Path):
    assert pyogrio.read_info(path, layer=layer)["capabilities"]["fast_spatial_filter"]


def test_sqlite_finds_nothing_wrong(link: sqlite3.Connection):
    assert link.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert link.execute("PRAGMA foreign_key_check").fetchall() == []
    assert link.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    for name in FEATURES:
        assert link.execute("SELECT rtreecheck(?)", (f"rtree_{name}_geom",)).fetchone() == ("ok",)


@pytest.mark.parametrize("name", FEATURES)
def test_the_index_holds_every_envelope_and_the_envelope_is_that_of_the_geometry(
    name: str, link: sqlite3.Connection
):
    rows = link.execute(f"SELECT fid, geom FROM {name} ORDER BY fid").fetchall()
    index = link.execute(f"SELECT id, minx, maxx, miny, maxy FROM rtree_{name}_geom ORDER BY id").fetchall()
    assert [row[0] for row in rows] == [row[0] for row in index]
    for (_, blob), (_, west, east, south, north) in zip(rows, index, strict=True):
        magic, version, flags, srs, *envelope = struct.unpack("<2sBBi4d", blob[:40])
        assert (magic, version, flags, srs) == (b"GP", 0, 3, 4490)
        bounds = shapely.from_wkb(blob[40:]).bounds
        assert (envelope[0], envelope[2], envelope[1], envelope[3]) == bounds
        assert west <= bounds[0] <= bounds[2] <= east
        assert south <= bounds[1] <= bounds[3] <= north
        assert max(bounds[0] - west, east - bounds[2]) < 2e-5


def test_the_tables_of_the_standard_agree_with_each_other(link: sqlite3.Connection):
    layers = {
        row[0] for row in link.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")
    }
    assert layers == {row[0] for row in link.execute("SELECT table_name FROM gpkg_geometry_columns")}
    assert layers == {f"{name}{end}" for name in (*FEATURES, "requests") for end in ("", "_now")}
    indexed = "SELECT table_name, column_name FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'"
    assert set(link.execute(indexed)) == {(name, "geom") for name in (*FEATURES, "requests")}
    systems = dict(link.execute("SELECT srs_id, definition FROM gpkg_spatial_ref_sys"))
    assert systems.keys() == {-1, 0, 4326, 4490}
    assert systems[4490].startswith('GEOGCS["China Geodetic Coordinate System 2000"')
    there = {row[0] for row in link.execute("SELECT name FROM sqlite_master")}
    listed = {row[0] for row in link.execute("SELECT table_name FROM gpkg_contents")}
    assert listed <= there
    for name in FEATURES:
        triggers = {f"rtree_{name}_geom_{event}" for event in ("insert", "update1", "update2", "delete")}
        assert triggers <= there


def test_the_last_change_has_the_form_that_the_standard_asks(link: sqlite3.Connection):
    changes = [
        row[0]
        for row in link.execute("SELECT last_change FROM gpkg_contents WHERE table_name LIKE 'parcels%'")
    ]
    assert changes == ["2025-03-01T08:30:15.123Z"] * 2


def test_columns_have_chinese_titles(link: sqlite3.Connection):
    said = (
        "SELECT title FROM gpkg_data_columns WHERE table_name = 'enterprises' AND column_name = 'tax_cny10k'"
    )
    assert link.execute(said).fetchone() == ("税收(万元)",)


@pytest.mark.parametrize("name", ["parcels", "enterprises"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET batch = 1", "DELETE FROM {}", "INSERT INTO {} (fid, batch) VALUES (99999, 1)"],
)
def test_other_programs_cannot_change_what_was_taken_in(name: str, statement: str, path: Path):
    with closing(sqlite3.connect(path)) as outside:
        for function in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            outside.create_function(function, 1, lambda _: 0)
        with pytest.raises(sqlite3.IntegrityError, match="mutan ingest"):
            outside.execute(statement.format(name))


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 51 * 51, 51 * 51 + 1])
def test_an_index_packed_at_once_answers_as_one_grown_row_by_row(count: int):
    rng = np.random.default_rng(count)
    corner = rng.random((count, 2)) + (113, 34)
    boxes = np.hstack([corner, corner + rng.random((count, 2)) * 0.01])
    if count > 5:
        boxes[5] = np.nan
    with closing(sqlite3.connect(":memory:")) as link:
        link.execute("CREATE VIRTUAL TABLE grown USING rtree(id, minx, maxx, miny, maxy)")
        link.execute("CREATE VIRTUAL TABLE packed USING rtree(id, minx, maxx, miny, maxy)")
        ids = np.arange(1, count + 1)
        there = [
            (i, w, e, s, n) for i, (w, s, e, n) in zip(ids.tolist(), boxes.tolist(), strict=True) if w == w
        ]
        link.executemany("INSERT INTO grown VALUES (?, ?, ?, ?, ?)", there)
        spatial_index.add(link, "packed", ids, boxes)
        same = "SELECT id FROM {} WHERE maxx >= 113.3 AND minx <= 113.5 AND maxy >= 34.5 ORDER BY id"
        found = link.execute(same.format("packed")).fetchall()
        assert found == link.execute(same.format("grown")).fetchall()
        cells = {row[0]: row[1:] for row in link.execute("SELECT * FROM packed")}
        assert len(cells) == len(there)
        assert all(
            cells[i][0] <= w and e <= cells[i][1] and cells[i][2] <= s and n <= cells[i][3]
            for i, w, e, s, n in there
        )
        assert link.execute("SELECT rtreecheck('packed')").fetchone() == ("ok",)
        spatial_index.add(link, "packed", ids + count, boxes)
        spatial_index.add(link, "packed", np.array([3 * count + 1]), np.array([[113.4, 34.6, 113.41, 34.61]]))
        assert link.execute("SELECT rtreecheck('packed')").fetchone() == ("ok",)
        assert link.execute("SELECT count(*) FROM packed").fetchone() == (2 * len(there) + 1,)

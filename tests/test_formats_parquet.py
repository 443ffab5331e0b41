"""GeoParquet as a frame and as bare WKB columns, in one piece and in many."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from shapely import Point, box

from data.errors import ColumnMissing, FileBroken, FileUnusable
from data.formats import read
from data.formats.wkb import wkb_types
from data.formats.wkb_columns import wkb_batches


@pytest.fixture
def parcels() -> gpd.GeoDataFrame:
    shapes = [box(k, 0, k + 1, 1) for k in range(9)] + [None]
    return gpd.GeoDataFrame(
        {"code": [f"{k:04}" for k in range(10)], "n": range(10)}, geometry=shapes, crs=4526
    )


def codes(table):
    return [fault.code for fault in table.faults]


def test_columns_come_without_geometries_being_built(parcels, tmp_path):
    path = tmp_path / "a.parquet"
    parcels.to_parquet(path, row_group_size=3)
    read = wkb_batches(path, ["code"], rows=4)
    batches = list(read.batches)
    assert read.crs.to_epsg() == 4526
    assert all(len(batch) <= 4 for batch in batches)
    columns = pa.Table.from_batches(batches)
    assert columns.column_names == ["geometry", "code"]
    assert columns["code"].to_pylist() == parcels["code"].tolist()
    assert wkb_types(columns["geometry"]).tolist() == [3] * 9 + [0]
    assert shapely.from_wkb(columns["geometry"].to_numpy()).tolist() == list(parcels.geometry)


def test_a_file_cut_off_is_one_clear_error_while_its_batches_are_read(parcels, tmp_path):
    path = tmp_path / "a.parquet"
    parcels.to_parquet(path)
    bytes_ = bytearray(path.read_bytes())
    bytes_[4:200] = b"x" * 196
    path.write_bytes(bytes_)
    with pytest.raises(FileBroken, match=r"a\.parquet cannot be read as Parquet"):
        list(wkb_batches(path, ["code"]).batches)


def test_a_column_that_is_not_there_names_its_neighbours(parcels, tmp_path):
    parcels.to_parquet(tmp_path / "a.parquet")
    with pytest.raises(ColumnMissing, match="Near it: code"):
        wkb_batches(tmp_path / "a.parquet", ["cod"])


@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
def test_every_encoding_of_geometry_is_read(parcels, tmp_path, encoding):
    path = tmp_path / "a.parquet"
    parcels.iloc[:9].to_parquet(path, geometry_encoding=encoding)
    assert read(path).frame.geometry.tolist() == parcels.geometry.tolist()[:9]
    columns = pa.Table.from_batches(wkb_batches(path, ["code"]).batches)
    assert wkb_types(columns["geometry"]).tolist() == [3] * 9
    assert columns["code"].to_pylist()[8] == "0008"


def test_the_frame_keeps_codes_numbers_and_gaps(parcels, tmp_path):
    parcels.to_parquet(tmp_path / "a.parquet")
    table = read(tmp_path / "a.parquet")
    assert table.frame["code"].tolist()[:2] == ["0000", "0001"]
    assert pd.api.types.is_integer_dtype(table.frame["n"])
    assert table.source.format == "GeoParquet"
    assert codes(table) == ["geometry_missing"]


def test_a_silent_file_is_wgs84_and_null_is_none(parcels, tmp_path):
    path = tmp_path / "a.parquet"
    parcels.to_parquet(path)
    for crs, expected in (("silent", "OGC:CRS84"), (None, None)):
        table = pq.read_table(path)
        geo = json.loads(table.schema.metadata[b"geo"])
        geo["columns"]["geometry"].pop("crs")
        if crs is None:
            geo["columns"]["geometry"]["crs"] = None
        pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(geo)}), tmp_path / "b.parquet")
        found = read(tmp_path / "b.parquet").frame.crs
        assert (found and found.to_string()) == expected


def test_bare_wkb_is_taken_as_geometry_with_a_warning(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"code": ["01"], "geometry": [shapely.to_wkb(Point(1, 2))]}), path)
    table = read(path)
    assert table.frame.geometry.tolist() == [Point(1, 2)]
    assert table.frame.crs is None
    assert codes(table) == ["geometry_undeclared"]
    assert wkb_batches(path, ["code"]).crs is None


def test_a_parquet_without_geometry_is_a_table(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"code": ["01"], "n": [None]}), path)
    assert not isinstance(read(path).frame, gpd.GeoDataFrame)
    with pytest.raises(FileUnusable, match="Save it as GeoParquet"):
        wkb_batches(path, [])


@pytest.mark.parametrize(
    "geo",
    [b"{", b"[]", b"{}", b"7", b'{"primary_column": "x", "columns": {"x": {}}}', b'{"primary_column": {}}'],
)
def test_metadata_that_makes_no_sense_is_one_clear_error(tmp_path, geo):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"g": [b"1"]}).replace_schema_metadata({b"geo": geo}), path)
    with pytest.raises(FileUnusable, match="again"):
        read(path)


def test_types_are_read_from_the_bytes_of_either_order():
    shapes = [Point(1, 2), box(0, 0, 1, 1), None, shapely.Point(1, 2, 3), shapely.GeometryCollection()]
    little = [shapely.to_wkb(s, byte_order=1) for s in shapes]
    big = [shapely.to_wkb(s, byte_order=0, flavor="iso") for s in shapes]
    expected = [1, 3, 0, 1, 7]
    for column in (pa.array(little), pa.array(big), pa.array(little, pa.large_binary())):
        assert wkb_types(column).tolist() == expected
        assert wkb_types(column.slice(1, 3)).tolist() == expected[1:4]
    assert wkb_types(pa.array([], pa.binary())).tolist() == []
    assert wkb_types(pa.array([b"", b"\1\2"])).tolist() == [0, 0]

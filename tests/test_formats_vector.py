"""GeoPackage, FileGDB, GeoJSON and FlatGeobuf: what comes in, and that it comes back as it went out."""

from __future__ import annotations

import hashlib
import json
import struct
from datetime import date
from decimal import Decimal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyogrio import raw
from shapely import MultiPolygon, Point, Polygon, box

from data.errors import CrsMissing, FileUnusable, FormatUnknown
from data.formats import READERS, WRITERS, read, write

GEOMETRIC = [".gpkg", ".geojson", ".fgb", ".parquet"]


def codes(table) -> list[str]:
    return [fault.code for fault in table.faults]


@pytest.fixture
def zones() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "code": ["0601", "007", None],
            "地名": ["郑州", "洛阳", "开封"],
            "n": pd.array([1, None, 3], "Int64"),
            "area_m2": [1.5, np.nan, 3.0],
            "built": [True, False, True],
        },
        geometry=[
            box(113, 34, 113.1, 34.1),
            box(112, 34, 112.1, 34.1),
            MultiPolygon([box(114, 34, 114.1, 35)]),
        ],
        crs="EPSG:4490",
    )


def geojson(path, features, **members):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}), "utf-8")
    return path


def feature(properties, geometry=None, **members):
    return {"type": "Feature", "properties": properties, "geometry": geometry, **members}


POINT = {"type": "Point", "coordinates": [113.0, 34.0]}


@pytest.mark.parametrize("suffix", GEOMETRIC)
def test_what_is_written_is_read_back(zones, tmp_path, suffix):
    path = tmp_path / f"区{suffix}"
    write(zones, path, layer_name="zones")
    back = read(path).frame.set_index("地名").loc[zones["地名"]].reset_index()
    assert back["code"].tolist()[:2] == ["0601", "007"]
    assert back["code"].isna().tolist() == [False, False, True]
    assert back["n"].tolist() == [1, pd.NA, 3]
    assert pd.api.types.is_integer_dtype(back["n"])
    assert back["area_m2"].isna().tolist() == [False, True, False]
    assert back["built"].tolist() == [True, False, True]
    assert back.geom_type.tolist() == ["Polygon", "Polygon", "MultiPolygon"]
    assert shapely.equals_exact(
        back.geometry.normalize().values, zones.geometry.normalize().values, 1e-8
    ).all()
    if suffix != ".geojson":
        assert back.crs == zones.crs
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8),
            st.integers(-(2**53), 2**53),
            st.floats(-170, 170),
            st.floats(-80, 80),
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(GEOMETRIC),
)
def test_any_text_and_number_comes_back(tmp_path, rows, suffix):
    frame = gpd.GeoDataFrame(
        {"k": range(len(rows)), "text": [row[0] for row in rows], "n": [row[1] for row in rows]},
        geometry=[Point(row[2], row[3]) for row in rows],
        crs="EPSG:4326",
    )
    path = tmp_path / f"t{suffix}"
    write(frame, path)
    back = read(path).frame.sort_values("k", ignore_index=True)
    assert back["text"].tolist() == frame["text"].tolist()
    assert back["n"].tolist() == frame["n"].tolist()
    # GeoJSON has nine decimals, and GDAL writes what is smaller than 1e-7 as zero: 1 cm.
    assert shapely.equals_exact(back.geometry.values, frame.geometry.values, 1e-7).all()


def test_other_formats_keep_that_there_is_no_crs(tmp_path):
    for suffix in (".gpkg", ".fgb", ".parquet"):
        write(gpd.GeoDataFrame(geometry=[Point(0, 0)]), tmp_path / f"a{suffix}")
        assert read(tmp_path / f"a{suffix}").frame.crs is None


def test_coordinates_that_are_no_numbers_are_not_written(tmp_path):
    frame = gpd.GeoDataFrame(geometry=[Point(0, 0), Point(np.inf, 1)], crs=4326)
    for suffix in GEOMETRIC[:3]:
        with pytest.raises(FileUnusable, match=r"the first are \[2\]"):
            write(frame, tmp_path / f"a{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(tmp_path, zones):
    path = tmp_path / "a.geojson"
    path.write_text("old")
    with pytest.raises(CrsMissing):
        write(zones.set_crs(None, allow_override=True), path)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.geojson"]


def test_a_suffix_without_writer_names_those_that_have_one(tmp_path, zones):
    with pytest.raises(FormatUnknown, match=r"\.gpkg"):
        write(zones, tmp_path / "a.shp")
    with pytest.raises(FileUnusable, match="Make it first"):
        write(zones, tmp_path / "no" / "a.gpkg")


def test_odd_columns_are_written_as_what_they_hold(tmp_path):
    frame = gpd.GeoDataFrame(
        {
            "fid": [5, 5],
            "geom": ["a", "b"],
            "kind": pd.Categorical(["x", "y"]),
            "day": [date(2024, 6, 1), None],
            "money": [Decimal("1.5"), None],
            "parts": [["a"], {"k": 1}],
            "mixed": ["0601", 601],
        },
        geometry=[Point(0, 0), Point(1, 1)],
        crs=4326,
    )
    for suffix in GEOMETRIC:
        write(frame, tmp_path / f"a{suffix}")
        back = read(tmp_path / f"a{suffix}").frame.sort_values("geom", ignore_index=True)
        assert back["fid"].tolist() == [5, 5]
        assert back["kind"].tolist() == ["x", "y"]
        assert back["money"].tolist()[0] == 1.5
        assert [json.loads(part) for part in back["parts"]] == [["a"], {"k": 1}]
        assert back["mixed"].tolist() == ["0601", "601"]
        assert str(back["day"][0]).startswith("2024-06-01")


def test_two_columns_of_one_name_are_not_written(tmp_path, zones):
    zones.columns = ["a", "a", "n", "x", "y", "geometry"]
    with pytest.raises(FileUnusable, match="Rename them first"):
        write(zones, tmp_path / "a.gpkg")


def test_a_plain_frame_is_written_without_geometry(tmp_path):
    frame = pd.DataFrame({"code": ["01"], "n": [1]})
    for suffix in (".gpkg", ".parquet"):
        write(frame, tmp_path / f"a{suffix}")
        back = read(tmp_path / f"a{suffix}").frame
        assert not isinstance(back, gpd.GeoDataFrame)
        assert back.to_dict("list") == {"code": ["01"], "n": [1]}


def test_rows_without_geometry_survive(tmp_path):
    frame = gpd.GeoDataFrame({"k": [0, 1, 2]}, geometry=[Point(0, 0), None, Polygon()], crs=4326)
    for suffix in GEOMETRIC:
        write(frame, tmp_path / f"a{suffix}")
        table = read(tmp_path / f"a{suffix}")
        assert table.frame["k"].tolist() == [0, 1, 2]
        assert {"geometry_missing", "geometry_empty"} & set(codes(table))
        assert {fault.row for fault in table.faults if fault.code.startswith("geometry_m")} >= {2}


def test_an_empty_layer_is_read_and_said(tmp_path, zones):
    for suffix in GEOMETRIC:
        write(zones.iloc[:0], tmp_path / f"a{suffix}")
        table = read(tmp_path / f"a{suffix}")
        assert len(table.frame) == 0
        assert codes(table) == ["layer_empty"]


def test_several_layers_are_listed(tmp_path):
    path = tmp_path / "a.gpkg"
    for name in ("zones", "parcels"):
        pyogrio.write_dataframe(gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)], crs=4526), path, layer=name)
    with pytest.raises(FileUnusable, match=r"zones \(Polygon\), parcels \(Polygon\).*--layer"):
        read(path)
    assert read(path, layer="parcels").source.layer == "parcels"
    with pytest.raises(FileUnusable, match="perhaps parcels"):
        read(path, layer="parcel")


def test_the_only_layer_with_polygons_is_taken_with_a_warning(tmp_path):
    path = tmp_path / "a.gpkg"
    for name, shape in (("poles", Point(0, 0)), ("zones", box(0, 0, 1, 1))):
        pyogrio.write_dataframe(gpd.GeoDataFrame(geometry=[shape], crs=4526), path, layer=name)
    table = read(path)
    assert table.source.layer == "zones"
    assert codes(table) == ["layer_chosen"]


def test_a_filegdb_is_a_folder(tmp_path, zones):
    path = tmp_path / "a.gdb"
    pyogrio.write_dataframe(zones.iloc[:2][["code", "geometry"]], path, driver="OpenFileGDB", layer="地块")
    table = read(path)
    assert table.source.format == "FileGDB"
    assert table.source.layer == "地块"
    assert table.frame["code"].tolist() == ["0601", "007"]
    assert table.frame.crs.to_epsg() == 4490


def test_arcs_become_straight_lines_and_it_is_said(tmp_path):
    circle = struct.pack("<BII", 1, 8, 5) + struct.pack("<10d", 0, 0, 1, 1, 2, 0, 1, -1, 0, 0)
    curve = struct.pack("<BII", 1, 10, 1) + circle
    path = tmp_path / "a.gpkg"
    raw.write(
        path,
        np.array([curve, shapely.to_wkb(box(0, 0, 1, 1))], dtype=object),
        [np.array([1, 2])],
        ["a"],
        geometry_type="Unknown",
        crs="EPSG:4526",
        driver="GPKG",
    )
    table = read(path)
    assert table.frame.geom_type.tolist() == ["Polygon", "Polygon"]
    assert table.frame.area[0] == pytest.approx(np.pi, rel=0.001)
    assert codes(table) == ["curves_linearised"]


def test_mixed_kinds_heights_and_collections_are_read_and_said(tmp_path):
    shapes = [
        Point(0, 0),
        shapely.GeometryCollection([Point(1, 1)]),
        Polygon([(0, 0, 5), (1, 0, 5), (1, 1, 5)]),
    ]
    write(gpd.GeoDataFrame(geometry=shapes, crs=4526), tmp_path / "a.gpkg")
    table = read(tmp_path / "a.gpkg")
    assert table.frame.geom_type.tolist() == ["Point", "GeometryCollection", "Polygon"]
    assert table.frame.geometry.has_z.tolist() == [False, False, True]
    assert codes(table) == ["geometry_types_mixed", "three_dimensional"]


def test_the_hash_of_one_file_is_that_of_its_bytes(tmp_path):
    path = geojson(tmp_path / "a.json", [])
    assert read(path).source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_reading_says_nothing_on_standard_error(tmp_path, zones, capfd):
    ring = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}
    path = geojson(tmp_path / "a.geojson", [feature({}, ring)])
    table = read(path)
    assert "reader_warning" in codes(table)
    path.write_text("{")
    with pytest.raises(FileUnusable):
        read(path)
    assert capfd.readouterr() == ("", "")


def test_the_contents_name_functions_that_exist():
    assert all(callable(each) for each in [*READERS.values(), *WRITERS.values()])
    assert set(WRITERS) == {".geojson", ".gpkg", ".parquet", ".fgb", ".csv", ".xlsx", ".txt"}


@pytest.mark.real
def test_xinwu_layers(real):
    folder = real / "zone_wuxi_xinwu"
    land = read(folder / "xinwu_land_use.gpkg")
    assert len(land.frame) == 2033
    assert land.frame.crs.to_epsg() == 32650
    assert land.frame.area.sum() / 1e6 == pytest.approx(143.398, abs=0.001)
    assert len(read(folder / "xinwu_water_osm.gpkg").frame) == 87
    energy = read(folder / "xinwu_energy_250m.gpkg").frame
    assert energy["total_kwh"].sum() == pytest.approx(6_978_945_935.19, abs=0.01)
    with pytest.raises(FileUnusable, match="built_env_500m"):
        read(folder / "xinwu_built_env_250m.gpkg")
    assert len(read(folder / "xinwu_built_env_250m.gpkg", layer="built_env_500m").frame) == 1056

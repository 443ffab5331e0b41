"""The way to EPSG:4490, and real layers."""

from __future__ import annotations

import runpy
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio.warp
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from data.errors import CrsContradicted, CrsMissing
from geo.crs import (
    datum_fault,
    declare,
    local_belt,
    to_geographic,
)

SHARED = runpy.run_path(str(Path(__file__).with_name("crs_layers.py")))
esri, squares, degrees, missing = (SHARED[name] for name in ("esri", "squares", "degrees", "missing"))


@pytest.mark.parametrize("code", [4490, 4326, 4526, 4547, 32649])
def test_cgcs2000_and_wgs_84_go_without_a_remark(code):
    assert datum_fault(CRS.from_epsg(code), (113.7, 34.7)) is None


@pytest.mark.parametrize("code", [2362, 2383, 2435, 4214, 4610, 4555])
def test_older_datums_say_that_no_transformation_is_published_here(code):
    fault = datum_fault(CRS.from_epsg(code), (113.7, 34.7))
    assert "publishes no transformation" in fault.message
    assert "tens of metres" in fault.message
    assert "survey office" in fault.remedy


def test_where_a_transformation_is_published_it_is_used_and_named_with_its_accuracy():
    frame, faults = declare(degrees(109.0, 37.0, 4214))
    (fault,) = faults
    assert "Beijing 1954 to WGS 84" in fault.message
    assert "states 1 m" in fault.message
    west, south = to_geographic(frame).total_bounds[:2]
    # the published shift in the Ordos basin: some 40 m east and 20 m north
    assert 30 < (west - 109.0) * 88_900 < 60
    assert 10 < (south - 37.0) * 111_000 < 30


def test_towgs84_parameters_of_the_file_are_used_and_named():
    wkt = esri("own", "D_Beijing_1954", 114, 500_000).replace(
        "298.3]]", "298.3],TOWGS84[15.8,-154.4,-82.3,0,0,0,0]]"
    )
    frame, faults = declare(squares(470_000, 3_850_000, wkt))
    assert [fault.code for fault in faults] == ["crs_datum_accuracy"]
    assert "TOWGS84" in faults[0].message
    plain = to_geographic(squares(470_000, 3_850_000, 2435)).total_bounds
    assert 1e-4 < np.abs(to_geographic(frame).total_bounds - plain).max() < 1e-3


def test_rows_order_index_and_columns_stay_and_heights_go():
    frame = squares(38_470_000, 3_850_000, 4526).set_index(pd.Index([4, 2, 9]))
    frame.geometry = shapely.force_3d(frame.geometry.to_numpy(), 80.0)
    moved = to_geographic(frame)
    assert moved.index.tolist() == [4, 2, 9]
    assert moved.columns.tolist() == ["n", "geometry"]
    assert moved.crs.to_epsg() == 4490
    assert not moved.has_z.any()
    assert frame.crs.to_epsg() == 4526


def test_a_layer_without_a_crs_cannot_be_moved():
    with pytest.raises(CrsMissing, match="--crs"):
        to_geographic(squares(470_000, 3_850_000))


def test_longitude_comes_first_although_the_register_puts_north_first():
    west, south, east, north = to_geographic(squares(38_500_000, 3_850_000, 4526, 1)).total_bounds
    assert west == pytest.approx(114.0, abs=1e-9)
    assert 34 < south < north < 35 < east


ORACLE = [(4490, 113.7, 34.7), (4526, 38_470_000.0, 3_850_000.0), (4547, 625_000.0, 3_840_000.0)]


@pytest.mark.parametrize(("code", "x", "y"), [*ORACLE, (32650, 820_000.0, 3_490_000.0)])
def test_both_proj_databases_of_the_process_agree(code, x, y):
    """pyproj and rasterio each carry a PROJ; GDAL gives longitude first as well."""
    side = 0.001 if code == 4490 else 100.0
    frame = squares(x, y, code, 5, side)
    points = shapely.get_coordinates(frame.geometry.to_numpy())
    ours = shapely.get_coordinates(to_geographic(frame).geometry.to_numpy())
    theirs = np.column_stack(rasterio.warp.transform(f"EPSG:{code}", "EPSG:4490", *points.T))
    assert np.abs(ours - theirs).max() < 1e-9
    back = np.column_stack(rasterio.warp.transform("EPSG:4490", f"EPSG:{code}", *ours.T))
    assert np.abs(back - points).max() < (1e-9 if code == 4490 else 1e-4)


@given(lon=st.floats(110.4, 116.6), lat=st.floats(31.4, 36.3))
def test_to_a_belt_and_back_is_the_same_place(lon, lat):
    code = int(local_belt(lon))
    x, y = Transformer.from_crs(4490, code, always_xy=True).transform(lon, lat)
    moved = to_geographic(squares(x, y, code, 1)).total_bounds
    assert moved[0] == pytest.approx(lon, abs=3e-5)
    corner = shapely.get_coordinates(to_geographic(squares(x, y, code, 1)).geometry.to_numpy())
    assert np.abs(corner - [lon, lat]).sum(axis=1).min() < 1e-9


@pytest.mark.real
def test_the_counties_of_henan_come_without_a_crs_and_could_be_of_a_web_map(real):
    frame = gpd.read_file(real / "admin_henan" / "河南省.shp", encoding="utf-8")
    said = missing(frame)
    assert "EPSG:4490" in said
    assert "gcj02" in said


@pytest.mark.real
def test_the_cells_of_banzhu_are_in_belt_35_and_mean_epsg_4523(real):
    frame, faults = declare(gpd.read_file(real / "dl_banzhu_cgcs2000" / "斑竹村10000.shp"))
    assert (frame.crs.to_epsg(), faults) == (4523, ())
    with pytest.raises(CrsContradicted, match="begin with 35") as caught:
        declare(frame, "EPSG:4526")
    assert "EPSG:4523" in str(caught.value)


@pytest.mark.real
def test_the_zone_of_wuxi_lies_outside_of_its_utm_band(real):
    frame, faults = declare(gpd.read_file(real / "zone_wuxi_xinwu" / "xinwu_land_use.gpkg"))
    assert frame.crs.to_epsg() == 32650
    assert [fault.code for fault in faults] == ["outside_own_belt"]

"""GCJ-02 and BD-09: published pairs, round trips, and nothing shifted outside China."""

from __future__ import annotations

import csv

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import declare, from_bd09, from_gcj02, to_bd09, to_gcj02

# away from the edge of the shifted box, where two points may share one image
LON = st.floats(73.0, 136.8)
LAT = st.floats(2.0, 54.8)
PAIRS = [(to_gcj02, from_gcj02), (to_bd09, from_bd09)]


@pytest.mark.real
def test_published_pairs_of_points_are_met_to_the_last_digits(real):
    with (real / "admin_henan" / "gcj02_vectors.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wgs, gcj = (
        np.array([[float(row[f"{kind}_{axis}"]) for axis in ("lon", "lat")] for row in rows]).T
        for kind in ("wgs", "gcj")
    )
    assert np.abs(np.array(to_gcj02(*wgs)) - gcj).max() < 1e-12
    assert np.abs(np.array(from_gcj02(*gcj)) - wgs).max() < 1e-9


@pytest.mark.parametrize(("there", "back"), PAIRS)
@given(lon=LON, lat=LAT)
def test_there_and_back_is_the_same_place(there, back, lon, lat):
    again = back(*there(lon, lat))
    assert abs(again[0] - lon) < 1e-9
    assert abs(again[1] - lat) < 1e-9


@pytest.mark.parametrize(("there", "back"), PAIRS)
@given(lon=LON, lat=LAT)
def test_back_and_there_is_the_same_place(there, back, lon, lat):
    again = there(*back(lon, lat))
    assert abs(again[0] - lon) < 1e-9
    assert abs(again[1] - lat) < 1e-9


@pytest.mark.parametrize("function", [to_gcj02, from_gcj02, to_bd09, from_bd09])
@pytest.mark.parametrize("place", [(-71.06, 42.36), (2.35, 48.85), (151.2, -33.9), (np.inf, 3.0)])
def test_outside_china_nothing_moves(function, place):
    assert tuple(float(value) for value in function(*place)) == place


@pytest.mark.parametrize("function", [to_gcj02, from_gcj02, to_bd09, from_bd09])
def test_arrays_keep_their_shape_and_missing_stays_missing(function):
    lon, lat = function(np.full((2, 3), 113.7), np.array([34.7, np.nan, 35.0]))
    assert lon.shape == lat.shape == (2, 3)
    assert np.isnan(lat[:, 1]).all()
    assert np.array_equal(lon[0], lon[1], equal_nan=True)
    assert function([], [])[0].size == 0


@pytest.mark.parametrize(("there", "metres"), [(to_gcj02, (480, 635)), (to_bd09, (1100, 1400))])
def test_in_henan_the_shift_has_the_size_that_the_docstring_states(there, metres):
    from pyproj import Geod

    lon, lat = (
        axis.ravel() for axis in np.meshgrid(np.linspace(110.4, 116.6, 30), np.linspace(31.4, 36.3, 30))
    )
    off = Geod(ellps="GRS80").inv(lon, lat, *there(lon, lat))[2]
    assert metres[0] - 10 < off.min() < off.max() < metres[1] + 10


@pytest.mark.parametrize(("name", "there"), [("gcj02", to_gcj02), ("BD-09", to_bd09)])
def test_a_layer_of_a_web_map_is_moved_back_and_says_so(name, there):
    true = shapely.box(113.7, 34.7, 113.71, 34.71)
    shifted = shapely.transform(true, lambda x, y: there(x, y), interleaved=False)
    frame, faults = declare(gpd.GeoDataFrame(geometry=[shifted], crs=4326), name)
    assert frame.crs.to_epsg() == 4490
    assert shapely.equals_exact(frame.geometry.iloc[0], true, tolerance=1e-9)
    assert {fault.code for fault in faults} == {"crs_overridden", "crs_shift_undone"}
    assert all(fault.severity == "warning" for fault in faults)

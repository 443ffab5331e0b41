"""A CRS that a file declares, and numbers that contradict it."""

from __future__ import annotations

import runpy
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.errors import CrsContradicted
from geo.crs import (
    EARTH,
    declare,
    declare_anywhere,
)

SHARED = runpy.run_path(str(Path(__file__).with_name("crs_layers.py")))
ZHENGZHOU, squares, degrees = (SHARED[name] for name in ("ZHENGZHOU", "squares", "degrees"))


@pytest.mark.parametrize(
    ("frame", "reason", "remedy"),
    [
        (
            squares(39_470_000, 3_850_000, 4526),
            "begin with 39, and those of belt 38 begin with 38",
            "EPSG:4527",
        ),
        (
            squares(38_470_000, 3_850_000, 4527),
            "begin with 38, and those of belt 39 begin with 39",
            "EPSG:4526",
        ),
        (squares(38_470_000, 3_850_000, 4547), "begin with the belt number 38", "EPSG:4526"),
        (squares(470_000, 3_850_000, 4526), "have no belt number before them", "EPSG:4547"),
        (squares(38_470_000, 3_850_000, 4490), "metres stand where degrees are expected", "EPSG:4526"),
        (squares(470_000, 3_850_000, 4326), "metres stand where degrees are expected", "EPSG:4547"),
        (degrees(113.7, 34.7, 4526), "degrees stand where metres are expected", "EPSG:4490"),
        (degrees(113.7, 34.7, 32649), "degrees stand where metres are expected", "EPSG:4490"),
        (degrees(34.7, 113.7, 4326), "latitude stands before longitude", "Swap the two axes"),
        (squares(3_850_000, 38_470_000, 4526), "northing stands before easting", "Swap the two axes"),
        (squares(3_850_000, 470_000, 4547), "northing stands before easting", "Swap the two axes"),
        (degrees(-71.06, 42.36, 4326), "outside of China", "have the coordinates checked"),
        (squares(38_470_000, 3_850_000, 32649), "outside of China", "EPSG:4526"),
        (squares(38_470_000, 3_850_000, 3857), "outside of China", "EPSG:4526"),
    ],
)
def test_a_crs_that_the_numbers_contradict_is_named_beside_what_they_look_like(frame, reason, remedy):
    with pytest.raises(CrsContradicted, match="is declared, but the coordinates cannot be in it") as caught:
        declare(frame)
    said = str(caught.value)
    assert f"EPSG:{frame.crs.to_epsg()}" in said
    assert reason in said
    assert remedy.lower() in said.lower()


def test_the_neighbouring_belt_is_caught_by_the_box_of_the_city():
    frame = squares(470_000, 3_850_000, 4546)
    assert declare(frame)[1] == ()
    with pytest.raises(CrsContradicted, match=r"110\.67E 34\.78N, outside of the box of the city") as caught:
        declare(frame, city_box=ZHENGZHOU)
    assert "--crs EPSG:4547" in str(caught.value)


def test_a_choice_is_held_to_the_numbers_as_well():
    with pytest.raises(CrsContradicted, match=r"EPSG:4527 .* is chosen"):
        declare(squares(38_470_000, 3_850_000), "EPSG:4527")


def test_a_choice_wins_over_the_file_with_a_warning():
    frame, faults = declare(squares(470_000, 3_850_000, 4546), "4547", city_box=ZHENGZHOU)
    assert frame.crs.to_epsg() == 4547
    assert [fault.code for fault in faults] == ["crs_overridden"]
    assert "EPSG:4546" in faults[0].message


def test_from_elsewhere_on_earth_a_layer_passes_where_it_may():
    assert declare(degrees(-71.06, 42.36, 4326), within=EARTH)[1] == ()


def test_what_can_only_lie_abroad_is_let_through_with_a_word():
    frame, faults = declare_anywhere(degrees(-71.06, 42.36, 4326))
    assert frame.crs.to_epsg() == 4326
    assert [(fault.code, fault.severity.value) for fault in faults] == [("outside_china", "warning")]
    assert "71.06W 42.36N" in faults[0].message


@pytest.mark.parametrize(
    ("frame", "city_box", "words"),
    [
        (degrees(34.75, 113.7, 4326), None, "latitude stands before longitude"),
        (squares(38_470_000, 3_850_000, 32619), None, "EPSG:4526"),
        (squares(-250, 600, 4326), None, "metres stand where degrees"),
        (degrees(-71.06, 42.36, 4326), ZHENGZHOU, "outside of China"),
    ],
)
def test_what_may_be_a_layer_of_china_is_never_taken_for_one_from_abroad(frame, city_box, words):
    with pytest.raises(CrsContradicted, match=words):
        declare_anywhere(frame, city_box=city_box)


def test_numbers_that_are_not_finite_are_refused_in_words():
    ring = shapely.linearrings([(0, 0), (1, 0), (np.inf, 1), (0, 0)])
    with pytest.raises(CrsContradicted, match="not finite"):
        declare(gpd.GeoDataFrame(geometry=[shapely.polygons(ring)], crs=4547))


def test_single_features_of_another_belt_are_faults_with_their_rows():
    parts = squares(38_470_000, 3_850_000, 4526, 8), squares(39_470_000, 3_850_000, 4526, 2)
    _, faults = declare(pd.concat(parts, ignore_index=True), first_row=2)
    assert [(fault.code, fault.row, fault.severity) for fault in faults] == [
        ("coordinates_contradict_crs", 10, "error"),
        ("coordinates_contradict_crs", 11, "error"),
    ]
    assert "begin with 39" in faults[0].message


def test_single_features_outside_of_the_city_are_warnings():
    parts = squares(470_000, 3_850_000, 4547, 8), squares(400_000, 3_500_000, 4547, 1)
    _, faults = declare(pd.concat(parts, ignore_index=True), city_box=ZHENGZHOU)
    assert [(fault.code, fault.row, fault.severity) for fault in faults] == [("outside_city", 9, "warning")]


def test_missing_geometry_is_no_contradiction():
    frame = gpd.GeoDataFrame(geometry=[None, shapely.box(470_000, 3_850_000, 470_100, 3_850_100)], crs=4547)
    assert declare(frame)[1] == ()
    assert declare(gpd.GeoDataFrame(geometry=[None], crs=4547))[1] == ()


def test_utm_outside_of_its_own_band_is_allowed_with_a_warning():
    _, faults = declare(squares(820_000, 3_490_000, 32650))
    (fault,) = faults
    assert fault.code == "outside_own_belt"
    assert "114 to 120 degrees east" in fault.message
    assert "measured on the ellipsoid" in fault.message
    assert fault.severity == "warning"

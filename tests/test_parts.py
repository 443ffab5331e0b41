"""Zones that a file gives in several rows."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from data.records import Source, Table
from geo.areas import ellipsoidal_area_m2
from geo.layers import take


def table(shapes, **columns) -> Table:
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=4490)
    return Table(frame, Source("zones.gpkg", "0" * 64, "GPKG"))


def box(west: float, side: float = 0.01) -> shapely.Polygon:
    return shapely.box(west, 34, west + side, 34 + side)


def test_rows_of_one_zone_become_one_feature_of_several_parts():
    shapes = [box(114.0), box(114.1), box(114.05)]
    layer = take(table(shapes, code=["G411031", "G411162", "G411031"], name=["甲", "乙", "甲"]), "zones")
    assert layer.frame["code"].tolist() == ["G411031", "G411162"]
    assert [len(shapely.get_parts(shape)) for shape in layer.frame.geometry] == [2, 1]
    expected = ellipsoidal_area_m2(shapes, 4490)
    assert layer.frame["area_m2"].tolist() == pytest.approx([expected[0] + expected[2], expected[1]])
    assert not layer.errors


def test_parts_that_overlap_are_united_and_measured_again():
    shapes = [box(114.0), box(114.005)]
    layer = take(table(shapes, code=["G411031"] * 2, name=["甲"] * 2), "zones")
    assert layer.frame["area_m2"].iloc[0] == pytest.approx(
        ellipsoidal_area_m2([shapely.union_all(shapes)], 4490)[0]
    )


def test_parts_that_contradict_each_other_are_told():
    shapes = [box(114.0), box(114.1)]
    layer = take(table(shapes, code=["G411031"] * 2, name=["甲", "乙"]), "zones")
    (fault,) = [fault for fault in layer.faults if fault.code == "parts_differ"]
    assert "differ in name: 甲, 乙. The first is kept." in fault.message
    assert (fault.layer, fault.file, fault.feature) == ("zones", "zones.gpkg", "G411031")

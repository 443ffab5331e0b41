"""The validity cases of JTS, run through our check of plots: an error if and only if JTS says invalid."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from geo.boundary_change.soundness import Soundness, check

CASES = runpy.run_path(str(Path(__file__).with_name("jts_cases.py")))["cases"]
BELT = 4547
DIFFER = {"TestValid2-big 1 isvalid": "valid in a plane without end, but 10^15 m are nowhere on Earth"}


@pytest.fixture(scope="module")
def cases(real: Path) -> list[Any]:
    """All validity cases whose geometry a layer can hold."""
    return [case for case in CASES(real / "geometry_jts_general") if case.op == "isvalid"]


@pytest.fixture(scope="module")
def polygons(cases: list[Any]) -> list[tuple[Any, Soundness]]:
    """Those of polygons, with what our check says."""
    kinds = ("Polygon", "MultiPolygon")
    return [(case, checked(case)) for case in cases if case.a.geom_type in kinds and not case.a.is_empty]


def says(case: Any) -> bool:
    """What JTS says."""
    return case.answer.strip().lower() == "true"


def checked(case: Any) -> Soundness:
    """Our check of the geometry as one plot of a belt, a metre for each unit."""
    return check(gpd.GeoDataFrame({"plot_no": ["1"]}, geometry=[case.a], crs=BELT), BELT)


@pytest.mark.real
def test_the_library_under_us_says_what_jts_says(cases):
    differ = [case.name for case in cases if bool(shapely.is_valid(case.a)) != says(case)]
    assert differ == []
    assert (len(cases), sum(map(says, cases))) == (841, 785)


@pytest.mark.real
def test_a_plot_has_an_error_if_and_only_if_jts_calls_it_invalid(polygons):
    differ = {case.name for case, found in polygons if (not found.errors) != says(case)}
    assert differ == set(DIFFER)
    assert (len(polygons), sum(says(case) for case, _ in polygons)) == (324, 277)


@pytest.mark.real
def test_what_is_mended_is_valid_and_what_was_valid_is_left_as_it_was(polygons):
    for case, found in polygons:
        assert shapely.is_valid(found.usable(repair=True)).all(), case.name
        if says(case) and case.name not in DIFFER:
            assert (
                shapely.equals_identical(found.mended[0], shapely.force_2d(case.a)) or "EMPTY" in case.a.wkt
            )


@pytest.mark.real
def test_each_error_says_what_is_wrong_and_where(polygons):
    told = [fault for _, found in polygons for fault in found.errors]
    without = {"coordinate_not_finite", "coordinate_off_earth", "beyond_repair"}
    placed = [fault for fault in told if fault.code not in without]
    assert [fault.message for fault in placed if "E " not in fault.message] == []
    assert {fault.code for fault in placed} == {
        "self_crossing", "interior_cut", "geometry_invalid", "parts_overlap", "ring_without_area", "spike",
        "hole_outside", "holes_overlap",
    }  # fmt: skip
    assert sum(fault.code == "geometry_invalid" for fault in told) == 6  # holes along an outline

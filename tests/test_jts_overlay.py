"""The cases of JTS, run through what we cut and measure with: the same result up to topological equality.

Every operation of every file is looked at, and each test counts what it looked at and what differed, so that
a difference that is new, or a case that is lost, fails.
"""

from __future__ import annotations

import runpy
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geo.areas import plane_areas_of
from geo.boundary_change import strips
from geo.overlay import Zones, overlay
from geo.rings import Rings

CASES = runpy.run_path(str(Path(__file__).with_name("jts_cases.py")))["cases"]
PLANE = 4547
LIBRARY = {
    "intersection": shapely.intersection,
    "union": shapely.union,
    "difference": shapely.difference,
    "symdifference": shapely.symmetric_difference,
}
OURS = {"intersection": strips.intersection, "union": strips.union, "difference": strips.difference}
POLYGONAL = ("Polygon", "MultiPolygon")


@pytest.fixture(scope="module")
def cases(real: Path) -> list[Any]:
    """All operations of all files."""
    return list(CASES(real / "geometry_jts_general"))


def same(one: shapely.Geometry, other: shapely.Geometry, within: float = 1e-9) -> bool:
    """Whether two geometries are topologically one, or their coordinates agree to the last digits."""
    one, other = shapely.normalize(one), shapely.normalize(other)
    return bool(shapely.equals(one, other) or shapely.equals_exact(one, other, within))


def pair(case: Any) -> tuple[shapely.Geometry, shapely.Geometry]:
    """Both geometries in the order of the arguments."""
    return (case.b, case.a) if case.swapped else (case.a, case.b)


def grid(case: Any) -> float:
    """The grid on which the case is to be computed; 0 for none."""
    return case.grid or (1 / float(case.arg) if case.arg else 0.0)


def areal(case: Any) -> bool:
    """Whether a case is one of two valid areas on floating coordinates, as ours are."""
    known = case.op in OURS and case.b is not None and not grid(case)
    kinds = known and {case.a.geom_type, case.b.geom_type} <= set(POLYGONAL)
    return bool(kinds and case.a.is_valid and case.b.is_valid)


@pytest.mark.real
def test_the_files_hold_what_they_held(cases):
    counted = Counter(case.op for case in cases)
    assert (len(cases), counted["isvalid"]) == (1967, 841)
    assert {op: counted[op] for op in LIBRARY} == {
        "intersection": 283, "union": 194, "difference": 280, "symdifference": 182,
    }  # fmt: skip


@pytest.mark.real
def test_every_overlay_of_two_geometries_is_that_of_jts_on_any_precision_model(cases):
    tried = [case for case in cases if case.op in LIBRARY and case.b is not None]
    differ = [
        case.name
        for case in tried
        if not same(LIBRARY[case.op](*pair(case), grid_size=grid(case) or None), case.geometry)
    ]
    assert differ == []
    assert (len(tried), sum(grid(case) > 0 for case in tried)) == (919, 184)


@pytest.mark.real
def test_every_union_of_one_geometry_is_that_of_jts(cases):
    tried = [case for case in cases if case.op == "union" and case.b is None]
    assert [case.name for case in tried if not same(shapely.union_all([case.a]), case.geometry)] == []
    assert len(tried) == 20


@pytest.mark.real
def test_a_requests_cuts_are_those_of_jts_less_what_has_no_area(cases):
    tried = [case for case in cases if areal(case)]
    differ, mixed = [], 0
    for case in tried:
        answer = case.geometry
        mixed += answer.geom_type not in POLYGONAL  # a side or a corner in common: a boundary has an area
        ours, theirs = OURS[case.op](*pair(case)), strips.polygonal(answer)
        apart = shapely.symmetric_difference(ours, theirs).area
        if apart > 1e-5 * max(1.0, theirs.length) or shapely.is_empty(ours) != shapely.is_empty(theirs):
            differ.append(case.name)
    assert differ == []
    assert (len(tried), mixed) == (138, 12)


@pytest.mark.real
def test_areas_shared_in_a_plane_are_those_of_the_intersections_of_jts(cases):
    tried = [case for case in cases if areal(case) and case.op == "intersection" and not case.a.is_empty]
    tried = [case for case in tried if not case.b.is_empty]
    differ = []
    for case in tried:
        one, two = pair(case)
        shares = overlay([one], PLANE, Zones([two], PLANE, plane=PLANE))
        (area,) = plane_areas_of(Rings.of([strips.polygonal(case.geometry)]))
        if float(shares.area_m2.sum()) != pytest.approx(area, rel=1e-9, abs=1e-6):
            differ.append((case.name, float(shares.area_m2.sum()), float(area)))
    assert differ == []
    assert len(tried) == 33


@pytest.mark.real
def test_the_sums_of_areas_close_in_every_case(cases):
    pairs = {(case.a.wkb, case.b.wkb): case for case in cases if areal(case)}
    for case in pairs.values():
        one, two = case.a, case.b
        both, either = strips.intersection(one, two).area, strips.union(one, two).area
        slack = 1e-5 * max(1.0, one.length + two.length)
        assert either == pytest.approx(one.area + two.area - both, abs=slack), case.name
        assert strips.difference(one, two).area == pytest.approx(one.area - both, abs=slack), case.name


@pytest.mark.real
def test_centroids_and_boundaries_are_those_of_jts(cases):
    middles = [case for case in cases if case.op == "getcentroid"]
    edges = [case for case in cases if case.op == "getboundary"]
    off = [case.name for case in middles if not same(case.a.centroid, case.geometry, 1e-6)]
    off += [case.name for case in edges if not same(shapely.boundary(case.a), case.geometry)]
    assert off == []
    assert (len(middles), len(edges)) == (38, 12)


@pytest.mark.real
def test_the_clearance_below_which_no_neck_is_sought_is_that_of_jts(cases):
    tried = [case for case in cases if case.op == "minclearance"]
    ours = [shapely.minimum_clearance(case.a) for case in tried]
    theirs = [float(case.answer) for case in tried]
    finite = np.array(theirs) < 1e300  # JTS writes the largest number where there is none
    assert np.array(ours)[finite] == pytest.approx(np.array(theirs)[finite])
    assert np.isinf(np.array(ours)[~finite]).all()
    assert len(tried) == 12

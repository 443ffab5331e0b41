"""Strips and gaps along a boundary: what is narrower than a tolerance, and what is a corner or a notch."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.boundary_change import strips
from geo.boundary_change.strips import (
    EMPTY,
    as_one,
    difference,
    gaps_between,
    near,
    polygonal,
    strips_of,
    union,
    valid,
    widths_of,
)


def test_strips_are_told_by_their_width_and_corners_are_none():
    zone, wedge = shapely.box(0, 0, 100, 100), shapely.Polygon([(100, 0), (200, 0), (100, 20)])
    assert strips_of(wedge, zone, 0.1).is_empty  # a corner of 11 degrees beside the zone
    assert strips_of(shapely.box(100, 0, 100.05, 100), zone, 0.1).area == pytest.approx(5)
    assert strips_of(shapely.box(100, 0, 100.2, 100), zone, 0.1).is_empty
    assert strips_of(shapely.box(150, 0, 150.05, 100), zone, 0.1).is_empty  # not along the zone
    assert strips_of(EMPTY, zone, 0.1).is_empty
    assert strips_of(zone, EMPTY, 0.1).is_empty
    assert strips_of(zone, zone, 0.0).is_empty


def test_a_gap_is_between_two_and_not_a_notch_of_one():
    notched = shapely.difference(shapely.box(0, 0, 100, 100), shapely.box(40, 0, 40.05, 50))
    assert gaps_between(notched, shapely.box(100, 0, 200, 100), 0.1).is_empty
    assert gaps_between(notched, shapely.box(100.02, 0, 200, 100), 0.1).area == pytest.approx(2, abs=1e-3)
    assert gaps_between(notched, EMPTY, 0.1).is_empty


def test_only_the_neighbourhood_of_a_large_zone_is_worked_on():
    assert near(shapely.box(0, 0, 10_000, 10_000), shapely.box(10_000, 0, 10_010, 10), 0.1).area == (
        pytest.approx(1 * 11, rel=0.01)
    )


def test_the_largest_width_of_a_strip_is_that_of_the_largest_circle_in_it():
    wedge = shapely.Polygon([(0, 0), (100, 0), (100, 0.1)])
    assert widths_of(np.array([shapely.box(0, 0, 50, 0.02), wedge])) == pytest.approx([0.02, 0.1], rel=0.05)
    assert not len(widths_of(np.array([], dtype=object)))


def test_what_has_no_area_is_left_out_of_a_collection():
    mixed = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (5, 5)])])
    assert polygonal(mixed).area == 1
    assert polygonal(shapely.LineString([(0, 0), (5, 5)])).is_empty


def turned(shape: shapely.Geometry, degrees: float) -> shapely.Geometry:
    """A shape as it lies anywhere: no side is along an axis, and no vertex is a round number."""
    return shapely.affinity.rotate(shape, degrees, origin=(17.3, -4.1))


@given(st.floats(0, 360), st.floats(0.001, 0.999), st.floats(10, 90))
def test_neighbours_with_other_points_on_their_common_side_become_one_and_part_again(degrees, share, wide):
    zone = turned(shapely.box(0, 0, 100, 100), degrees)
    land = turned(
        shapely.box(100, 100 * share * (1 - wide / 100), 150, 100 * share * (1 - wide / 100) + wide), degrees
    )
    both = union(zone, land)
    assert (both.geom_type, len(both.interiors)) == ("Polygon", 0)
    assert both.area == pytest.approx(10_000 + 50 * wide, abs=1e-3)
    assert difference(both, zone).area == pytest.approx(land.area, abs=1e-2)
    assert difference(both, zone).geom_type == "Polygon"


@given(st.floats(0, 360), st.floats(0.01, 0.09))
def test_a_strip_is_found_however_the_boundary_lies(degrees, width):
    zone, drawn = (
        turned(shapely.box(0, 0, 100, 100), degrees),
        turned(shapely.box(0, 0, 100 + width, 100), degrees),
    )
    strip = strips_of(difference(drawn, zone), zone, 0.1)
    assert strip.area == pytest.approx(100 * width, rel=1e-3)
    beside = turned(shapely.box(100 + width, 0, 200, 100), degrees)
    assert gaps_between(beside, zone, 0.1).area == pytest.approx(100 * width, rel=1e-3)


def test_a_row_of_plots_is_one_and_apart_they_stay_apart():
    row = np.array([shapely.box(x, x / 7, x + 10, x / 7 + 20) for x in range(0, 100, 10)])
    assert as_one(row).geom_type == "Polygon"
    assert (
        shapely.get_num_geometries(as_one(np.array([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)]))) == 2
    )
    assert as_one(np.array([None], dtype=object)).is_empty


def test_what_crosses_itself_is_made_valid_and_what_does_not_is_left():
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    made = valid(np.array([bow_tie, shapely.box(0, 0, 1, 1), None], dtype=object))
    assert [None if shape is None else shape.area for shape in made] == [2, 1, None]


def test_large_shapes_are_fitted_by_the_same_vertices_as_small_ones(monkeypatch):
    zone = turned(shapely.segmentize(shapely.box(0, 0, 100, 100), 7), 33)
    land = turned(shapely.box(100, 20, 150, 55), 33)
    small = [union(zone, land), difference(union(zone, land), zone)]
    monkeypatch.setattr(strips, "WORTH_A_TREE", 0)
    large = [union(zone, land), difference(union(zone, land), zone)]
    assert all(
        shapely.equals_exact(a.normalize(), b.normalize(), 1e-5) for a, b in zip(small, large, strict=True)
    )
    apart = shapely.box(500, 500, 501, 501)
    assert union(zone, apart).area == pytest.approx(10_001)
    assert len(strips.marks_on(zone, apart)) == 0

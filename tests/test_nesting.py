"""Rings become polygons by containment, never by their number, their order or the way they run."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.formats.nesting import polygons_of_rings


def square(x=0.0, y=0.0, size=10.0):
    return np.array([[x, y], [x + size, y], [x + size, y + size], [x, y + size]])


def codes(nested):
    return [trouble.code for trouble in nested.troubles]


def test_one_ring_is_a_polygon_that_keeps_its_first_point_and_runs_counter_clockwise():
    nested = polygons_of_rings([square()[::-1]])
    (shape,) = nested.shapes
    assert shape.geom_type == "Polygon"
    assert shape.exterior.is_ccw
    assert shape.exterior.coords[0] == (0.0, 10.0)
    assert not nested.troubles


def test_an_island_in_a_hole_is_a_part_of_its_own():
    rings = [square(), square(2, 2, 6), square(4, 4, 2)]
    nested = polygons_of_rings(rings)
    assert nested.depth.tolist() == [0, 1, 2]
    (shape,) = nested.shapes
    assert shape.geom_type == "MultiPolygon"
    assert shape.area == 100 - 36 + 4
    assert not shape.geoms[0].interiors[0].is_ccw


@given(st.permutations(range(6)), st.lists(st.booleans(), min_size=6, max_size=6))
def test_neither_order_nor_direction_nor_closing_changes_the_land(order, turned):
    rings = [square(), square(1, 1, 8), square(2, 2, 2), square(5, 5, 3), square(20), square(22, 2, 3)]
    mixed = [rings[i][::-1] if turn else rings[i] for i, turn in zip(order, turned, strict=True)]
    closed = [np.vstack([ring, ring[:1]]) for ring in mixed]
    expected = polygons_of_rings(rings).shapes[0]
    assert expected.area == 100 - 64 + 4 + 9 + 100 - 9
    for tried in (mixed, closed):
        nested = polygons_of_rings(tried)
        assert not nested.troubles
        assert nested.depth.tolist() == [[0, 1, 2, 2, 0, 1][i] for i in order]
        assert nested.shapes[0].is_valid
        assert nested.shapes[0].equals(expected)


def test_the_larger_ring_is_never_held_by_a_hole_over_its_middle():
    nested = polygons_of_rings([square(0, 0, 10), square(3, 3, 4.5)])
    assert nested.depth.tolist() == [0, 1]


def test_a_hole_and_a_part_may_touch_an_outline_at_a_point():
    hole = np.array([[0, 5], [3, 3], [3, 7.0]])
    part = np.array([[10, 10], [12, 11], [12, 12.0]])
    nested = polygons_of_rings([square(), hole, part])
    assert not nested.troubles
    assert nested.depth.tolist() == [0, 1, 0]
    assert nested.shapes[0].is_valid


def test_the_same_outline_twice_is_taken_once_and_told():
    again = np.roll(square()[::-1], 2, axis=0)
    midway = np.insert(square(), 1, [5, 0], axis=0)
    nested = polygons_of_rings([square(), again, square(2, 2, 2), midway])
    assert codes(nested) == ["rings_equal", "rings_equal"]
    assert nested.depth.tolist() == [0, -1, 1, -1]
    assert nested.shapes[0].area == 96
    fault = nested.troubles[0].fault(file="a.txt", row=7, names=["1", "101", "2", "3"], plot="甲")
    assert "Plot 甲: rings 1 and 101 are the same outline" in fault.message
    assert (fault.row, fault.file) == (7, "a.txt")


def test_crossing_rings_are_told_and_kept():
    nested = polygons_of_rings([square(), square(5, 5)])
    assert codes(nested) == ["rings_crossing"]
    assert (nested.troubles[0].ring, nested.troubles[0].other) == (1, 0)
    assert nested.shapes[0] is not None


@pytest.mark.parametrize(
    ("ring", "code"),
    [
        (np.empty((0, 2)), "ring_too_short"),
        (square()[:2], "ring_too_short"),
        (square()[[0, 1, 0]], "ring_too_short"),
        (square()[[0, 1, 0, 1, 0, 1, 0]], "ring_too_short"),
        (np.array([[0, 0], [1, 1], [2, 2.0]]), "ring_without_area"),
        (np.array([[0, 0], [1, np.nan], [2, 2.0]]), "ring_not_finite"),
        (np.array([[0, 0], [np.inf, 1], [2, 2.0], [0, 3], [0, 4]]), "ring_not_finite"),
    ],
)
def test_a_ring_that_encloses_nothing_is_left_out_and_told(ring, code):
    nested = polygons_of_rings([square(), ring])
    assert codes(nested) == [code]
    assert nested.depth.tolist() == [0, -1]
    assert nested.shapes[0].area == 100
    assert polygons_of_rings([ring]).shapes.tolist() == [None]


def test_points_on_one_line_to_the_millimetre_have_no_area():
    line = np.array([[0, 0], [33.333, 16.667], [100, 50.0]]) + 38_400_000
    assert codes(polygons_of_rings([line], least_width=1e-3)) == ["ring_without_area"]


def test_a_bow_tie_is_taken_as_it_is():
    tie = np.array([[0, 0], [10, 10], [10, 0], [0, 8.0]])
    nested = polygons_of_rings([tie, square(20), square(22, 2, 2)])
    assert not nested.troubles
    assert not nested.shapes[0].is_valid


def test_rings_of_different_plots_do_not_know_each_other():
    flat = np.concatenate([square(), square(2, 2, 3), square(), square(30)])
    nested = polygons_of_rings(flat, np.array([0, 4, 8, 12, 16]), np.array([0, 2, 2, 0]))
    assert nested.depth.tolist() == [0, 1, 0, 0]
    assert [shape and shape.area for shape in nested.shapes] == [200.0, None, 91.0]
    assert [shape and shape.geom_type for shape in nested.shapes] == ["MultiPolygon", None, "Polygon"]


def test_no_rings_make_no_plots():
    nested = polygons_of_rings([])
    assert (len(nested.shapes), len(nested.depth), nested.troubles) == (0, 0, ())


def test_many_holes_all_find_their_outline():
    x, y = np.meshgrid(np.arange(1, 120, 3.0), np.arange(1, 120, 3.0))
    holes = [square(a, b, 1) for a, b in zip(x.ravel(), y.ravel(), strict=True)]
    nested = polygons_of_rings([*holes, square(0, 0, 121), *(hole + 500 for hole in holes)])
    assert shapely.get_num_geometries(nested.shapes[0]) == 1 + len(holes)
    assert nested.shapes[0].area == 121**2
    assert nested.shapes[0].is_valid

"""Values of polygons on a grid: each cell takes what lies in it, and nothing is lost on the way."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from data.errors import LayerUnusable
from data.formats.raster import Grid
from geo.areas import ellipsoidal_area_m2
from geo.cover.gridding import MOST_CELLS, grid_over, plane_of
from geo.cover.shapes import Polygons
from geo.cover.spreading import footprint, spread

BELT = CRS.from_epsg(4547)
DEGREES = CRS.from_epsg(4490)
EAST, NORTH = 500_000.0, 3_850_400.0
GRID = Grid(5, 4, EAST, NORTH, 100.0, 100.0)


def box(west, south, east, north):
    """A box by metres from the south-west corner of the grid."""
    south_edge = NORTH - 400
    return shapely.box(EAST + west, south_edge + south, EAST + east, south_edge + north)


def on_grid(shapes, values, grid=GRID):
    return spread(Polygons(np.array(shapes, dtype=object), BELT), values, grid, BELT)


def closes(made, values):
    whole = np.nansum(np.abs(values))
    assert abs(made.cells.sum() + np.nansum(made.left) - np.nansum(values)) <= 1e-9 * whole


def test_a_square_over_four_cells_gives_each_a_quarter():
    made = on_grid([box(50, 50, 150, 150)], [8.0])
    assert made.cells[2:4, 0:2] == pytest.approx(np.full((2, 2), 2.0), rel=1e-6)
    assert (made.cells.sum(), made.left.tolist(), made.reason.tolist()) == (pytest.approx(8.0), [0.0], [""])


def test_a_polygon_smaller_than_a_cell_gives_it_everything():
    made = on_grid([box(210, 310, 212, 311), box(499.999, 0, 500, 0.001)], [3.0, 4.0])
    assert (made.cells[0, 2], made.cells[3, 4]) == (3.0, 4.0)


def test_a_polygon_whose_edges_are_those_of_a_cell_gives_nothing_to_its_neighbours():
    made = on_grid([box(100, 100, 200, 200)], [5.0])
    assert made.cells[2, 1] == pytest.approx(5.0, rel=1e-12)
    assert np.count_nonzero(made.cells) == 1


def test_what_lies_beside_the_grid_is_said_and_not_lost():
    made = on_grid([box(-100, 0, 300, 100), box(900, 0, 1000, 100)], [4.0, 7.0])
    assert made.left == pytest.approx([1.0, 7.0], rel=1e-6)
    assert made.cells.sum() == pytest.approx(3.0, rel=1e-6)
    assert "25.0" in made.reason[0]
    assert "wholly outside" in made.reason[1]


def test_a_hole_takes_nothing():
    ring = box(0, 0, 300, 300) - box(100, 100, 200, 200)
    made = on_grid([ring], [8.0])
    assert made.cells[2, 1] == 0
    assert made.cells[1:, :3].sum() == pytest.approx(8.0)


def test_an_unknown_value_is_told_and_leaves_the_others_as_they_are():
    made = on_grid([box(0, 0, 100, 100), box(0, 0, 100, 100)], [np.nan, 2.0])
    assert made.cells[3, 0] == 2.0
    assert np.isnan(made.left[0])
    assert "not known" in made.reason[0]


def test_what_is_no_area_is_left_with_its_reason():
    bow = shapely.Polygon([(EAST, NORTH), (EAST + 90, NORTH - 90), (EAST + 90, NORTH), (EAST, NORTH - 90)])
    made = on_grid([shapely.Point(EAST + 5, NORTH - 5), None, bow], [1.0, 2.0, 3.0])
    assert made.left.tolist() == [1.0, 2.0, 3.0]
    assert all(made.reason)
    assert made.cells.sum() == 0


def test_values_must_be_as_many_as_the_polygons():
    with pytest.raises(LayerUnusable, match="2 values for 1 polygons"):
        on_grid([box(0, 0, 1, 1)], [1.0, 2.0])


def test_no_polygon_is_an_empty_grid():
    assert on_grid([], []).cells.tolist() == np.zeros((4, 5)).tolist()


def test_cells_count_with_their_area_on_the_ellipsoid():
    degrees = Grid(2, 2, 113.0, 36.0, 1.0, 1.0)
    one = shapely.box(113.0, 34.0, 114.0, 36.0)
    made = spread(Polygons([one], DEGREES), [1.0], degrees, DEGREES)
    halves = ellipsoidal_area_m2([shapely.box(113, 35, 114, 36), shapely.box(113, 34, 114, 35)], DEGREES)
    assert made.cells[:, 0] == pytest.approx(halves / halves.sum(), rel=1e-4)
    assert made.cells[0, 0] < made.cells[1, 0]


numbers = st.floats(-150, 650, allow_nan=False)
sizes = st.floats(1e-3, 900)
boxes = st.builds(lambda x, y, w, h: box(x, y, x + w, y + h), numbers, numbers, sizes, sizes)
corners = st.lists(st.tuples(numbers, numbers), min_size=3, max_size=9)
hulls = corners.map(lambda xy: shapely.MultiPoint([(EAST + x, NORTH - 400 + y) for x, y in xy]).convex_hull)
edges = st.builds(
    lambda c, r, w, h: box(c * 100, r * 100, (c + w) * 100, (r + h) * 100),
    *(st.integers(-2, 6), st.integers(-2, 5), st.integers(1, 4), st.integers(1, 4)),
)
given_values = st.floats(-1e6, 1e9, allow_nan=False)
layers = st.lists(st.tuples(st.one_of(boxes, hulls, edges), given_values), min_size=1, max_size=8)


@given(layers)
def test_cells_and_what_is_left_are_together_what_was_given(layer):
    shapes, values = zip(*layer, strict=True)
    made = on_grid(shapes, values)
    closes(made, values)
    assert (np.isfinite(made.cells)).all()


@given(layers)
def test_the_order_of_polygons_changes_nothing(layer):
    shapes, values = zip(*layer, strict=True)
    one, other = on_grid(shapes, values), on_grid(shapes[::-1], values[::-1])
    assert one.cells == pytest.approx(other.cells, rel=1e-9, abs=1e-9 * np.abs(values).sum())
    assert one.left.tolist() == other.left[::-1].tolist()


@given(boxes, st.floats(0.05, 0.95), st.floats(0.1, 1e6))
def test_a_polygon_split_in_two_with_its_value_lies_as_before(whole, at, value):
    west, south, east, north = whole.bounds
    cut = west + (east - west) * at
    halves = [shapely.box(west, south, cut, north), shapely.box(cut, south, east, north)]
    area = ellipsoidal_area_m2([whole, *halves], BELT)
    one = on_grid([whole], [value])
    two = on_grid(halves, (value * area[1:] / area[1:].sum()).tolist())
    assert two.cells == pytest.approx(one.cells, rel=1e-5, abs=1e-5 * value)


def test_parts_of_a_polygon_over_many_cells_sum_to_one():
    fine = Grid(1000, 800, EAST, NORTH, 0.5, 0.5)
    found = footprint(Polygons([box(1, 1, 499, 399)], BELT), fine, BELT)
    assert found.part.sum() == pytest.approx(1.0, abs=1e-12)
    assert len(np.unique(found.cell)) == len(found.cell) == 996 * 796
    assert found.covered().sum() == 996 * 796


def test_grids_of_two_years_fit_on_each_other():
    first = grid_over([box(13, 17, 260, 222)], BELT, BELT, 30)
    second = grid_over([box(-513, 17, 261, 999)], BELT, BELT, 30)
    for one, other in ((first.west, second.west), (first.north, second.north)):
        assert one % 30 == 0
        assert (one - other) % 30 == 0
    assert first.bounds[0] <= EAST + 13 < first.bounds[0] + 30


def test_a_grid_takes_the_belt_of_its_zone():
    assert plane_of([shapely.box(113.5, 34.6, 113.9, 34.9)]).to_epsg() == 4547
    assert plane_of([shapely.box(115.6, 34.6, 115.9, 34.9)]).to_epsg() == 4548


@pytest.mark.parametrize("cell", [0.0, -100.0, float("nan"), float("inf"), 1e5])
def test_a_cell_that_is_no_length_is_refused(cell):
    with pytest.raises(LayerUnusable, match="is no cell"):
        grid_over([box(0, 0, 10, 10)], BELT, BELT, cell)


def test_too_fine_a_cell_is_refused_with_one_that_fits():
    land = [box(0, 0, 30_000, 30_000)]
    with pytest.raises(LayerUnusable, match="10,000,000") as told:
        grid_over(land, BELT, BELT, 0.5)
    fits = float(str(told.value).split("a cell of ")[1].split(" m")[0])
    made = grid_over(land, BELT, BELT, fits)
    assert made.width * made.height <= MOST_CELLS


def test_nothing_to_cover_is_a_fault():
    with pytest.raises(LayerUnusable, match="no polygon"):
        grid_over([shapely.Polygon()], BELT, BELT)

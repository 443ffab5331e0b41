"""Which part of each cell a polygon covers, held against cutting it with the cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.formats.raster import Grid
from geo.cover import coverage as room
from geo.cover.coverage import coverage
from geo.rings import Rings

GRID = Grid(7, 6, 0.0, 6.0, 1.0, 1.0)


def ours(shapes, grid=GRID):
    shapes = np.array(shapes, dtype=object)
    polygon, cell, part = coverage(Rings.of(shapes), shapely.bounds(shapes), grid)
    return pd.Series(part, pd.MultiIndex.from_arrays([polygon, cell]))


def theirs(shapes, grid=GRID):
    """By cutting each polygon with each cell."""
    rows, columns = np.divmod(np.arange(grid.width * grid.height), grid.width)
    cells = shapely.box(columns, grid.height - 1 - rows, columns + 1, grid.height - rows)
    parts = shapely.area(shapely.intersection(np.array(shapes, dtype=object)[:, None], cells))
    polygon, cell = np.nonzero(parts)
    return pd.Series(parts[polygon, cell], [polygon, cell])


def agree(shapes, grid=GRID):
    one = ours(shapes, grid)
    assert one.index.is_unique
    assert one.sub(theirs(shapes, grid), fill_value=0.0).abs().max() < 1e-9


places = st.floats(-3, 10, allow_nan=False)
points = st.lists(st.tuples(places, places), min_size=3, max_size=12)
hulls = points.map(lambda xy: shapely.MultiPoint(xy).convex_hull).filter(
    lambda hull: hull.geom_type == "Polygon" and hull.intersection(shapely.box(0, 0, 7, 6)).area > 1e-6
)
rings = st.tuples(places, places, st.floats(0.3, 5)).map(
    lambda at: shapely.Point(at[:2]).buffer(at[2], 5) - shapely.Point(at[:2]).buffer(at[2] / 2, 3)
)
inside = rings.filter(lambda ring: ring.intersection(shapely.box(0, 0, 7, 6)).area > 1e-6)


@given(st.lists(st.one_of(hulls, inside), min_size=1, max_size=5))
def test_it_is_what_cutting_with_each_cell_gives_also_beyond_the_grid_and_round_holes(shapes):
    agree(shapes)


@given(hulls)
def test_the_direction_of_the_outline_changes_nothing(hull):
    pd.testing.assert_series_equal(ours([hull]), ours([hull.reverse()]), rtol=1e-9)


def test_pieces_of_one_polygon_are_one():
    both = shapely.MultiPolygon([shapely.box(0.5, 0.5, 1.5, 1.5), shapely.box(3, 3, 4, 5.25)])
    assert ours([both]).sum() == pytest.approx(1 + 2.25)
    agree([both])


def test_a_cell_covered_whole_is_one_and_its_neighbours_are_not_met():
    assert ours([shapely.box(2, 2, 3, 3)]).to_dict() == {(0, 3 * 7 + 2): 1.0}


def test_what_lies_beside_the_grid_meets_no_cell():
    apart = [
        shapely.box(8, 1, 9, 2),
        shapely.box(-3, 1, -2, 2),
        shapely.box(1, 7, 2, 8),
        shapely.box(1, -2, 2, -1),
    ]
    assert len(ours(apart)) == 0


def test_many_polygons_are_taken_in_batches_without_a_difference(monkeypatch):
    shapes = [shapely.Point(x / 3, x % 5).buffer(0.9) for x in range(20)]
    whole = ours(shapes)
    monkeypatch.setattr(room, "CELLS_AT_ONCE", 30)
    pd.testing.assert_series_equal(ours(shapes), whole, rtol=1e-12)

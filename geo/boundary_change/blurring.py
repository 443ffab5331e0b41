"""Blurred areas (模糊化): a classified area as the cells of a fixed grid that it touches.

The grid lies in degrees and is the same for every request, so whatever is cut, measured or reached by way of
blurred areas depends on which cells are filled, and on nothing finer. Two classified areas that fill the same
cells cannot be told apart by any number of requests, from any number of people, on any number of days.

A true area lies within its blurred one. So land outside of the blurred area is surely free, land that covers
a filled cell whole surely is not, and between the two it cannot be told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]
Ints = NDArray[np.int64]
Box = tuple[float, float, float, float]
M_PER_DEGREE = 110_574.0
"""Along a meridian at the equator, where it is shortest: a cell is nowhere lower than it is said to be"""
TOUCH = 1e-9
"""Degrees; a side that lies on a line of the grid touches both cells, whatever the last digit"""
BENT = 1e-6
"""Degrees, 0.1 m, by which a line may have moved on its way through a plane and back"""


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid of about square cells, fixed to the earth; within a degree of latitude all are as wide.

    Parameters
    ----------
    per_degree : rows in a degree of latitude, > 0

    >>> Grid.of(100.0).per_degree, Grid(1000).cell(113.0, 34.5)
    (1105, (34500, 93126))
    """

    per_degree: int

    @classmethod
    def of(cls, cell_m: float) -> Grid:
        """The grid whose cells are so many metres high at least."""
        return cls(max(int(M_PER_DEGREE // cell_m), 1))

    def widths(self, rows: Ints) -> NDArray[np.float64]:
        """(n,) width of the cells of each row, degrees."""
        middle = np.clip(np.floor_divide(rows, self.per_degree) + 0.5, -89.5, 89.5)
        return np.asarray(1.0 / self.per_degree / np.cos(np.radians(middle)), np.float64)

    def cell(self, longitude: float, latitude: float) -> tuple[int, int]:
        """Row and column of the cell in which a point lies, counted from 0° north, 0° east."""
        row = int(np.floor(latitude * self.per_degree))
        return row, int(np.floor(longitude / self.widths(np.array([row]))[0]))

    def cells(self, box: Box) -> tuple[Ints, Ints]:
        """Rows and columns of all cells that lie wholly within a box."""
        west, south, east, north = box
        first, last = np.ceil(south * self.per_degree - BENT), np.floor(north * self.per_degree + BENT)
        rows = np.arange(first, last).astype(np.int64)
        wide = self.widths(rows)
        begins = np.ceil(west / wide - BENT).astype(np.int64)
        count = np.maximum(np.floor(east / wide + BENT).astype(np.int64) - begins, 0)
        before = np.cumsum(count) - count
        columns = np.arange(count.sum()) - np.repeat(before - begins, count)
        return np.repeat(rows, count), columns

    def boxes(self, rows: Ints, columns: Ints, until: Ints | None = None) -> Shapes:
        """(n,) cells as polygons in degrees; with `until` each reaches to that column, that one included."""
        wide, last = self.widths(rows), columns if until is None else until
        south, north = rows / self.per_degree, (rows + 1) / self.per_degree
        return np.asarray(shapely.box(columns * wide, south, (last + 1) * wide, north), dtype=object)


def blurred(shapes: Shapes, box: Box, grid: Grid) -> Shapes:
    """(n,) each shape as the cells that it touches, of the cells that lie wholly within a box.

    Parameters
    ----------
    shapes : (n,) polygons in EPSG:4490, all that there are in the box; of None nothing is touched
    box : west, south, east, north; what lies outside is left out

    >>> near = [shapely.box(113.0001, 34.5001, 113.0002 + d, 34.5002 + d) for d in (0.0, 0.0005)]
    >>> one, other = blurred(np.array(near), (112.99, 34.49, 113.01, 34.51), Grid(1000))
    >>> one.equals(other), one.covers(near[0])
    (True, True)
    """
    rows, columns = grid.cells(_around(shapes, box, grid))
    shapely.prepare(shapes)
    of, at = shapely.STRtree(grid.boxes(rows, columns)).query(shapes, predicate="dwithin", distance=TOUCH)
    found = np.empty(len(shapes), dtype=object)
    for number in range(len(shapes)):
        mine = at[of == number]
        found[number] = _joined(grid, rows[mine], columns[mine])
    return found


def holds_cell(land: shapely.Geometry, grid: Grid) -> bool:
    """Whether land, cut out of a blurred area, holds a whole cell, and so surely has classified land.

    Parameters
    ----------
    land : polygon in EPSG:4490; empty holds nothing

    >>> grid = Grid(1000)
    >>> whole = grid.boxes(*map(np.array, zip(grid.cell(113.0, 34.5))))[0]
    >>> holds_cell(whole, grid), holds_cell(shapely.box(113.0, 34.5, 113.0005, 34.5005), grid)
    (True, False)
    """
    if land.is_empty:
        return False
    west, south, east, north = (float(side) for side in shapely.bounds(land))
    cells = grid.boxes(*grid.cells((west - BENT, south - BENT, east + BENT, north + BENT)))
    inner = shapely.buffer(cells, -BENT, join_style="mitre")
    shapely.prepare(land)
    return bool(shapely.covers(land, inner).any())


def _around(shapes: Shapes, box: Box, grid: Grid) -> Box:
    """The part of a box in which shapes lie, with two cells of room: no more cells than needed."""
    bounds = np.nan_to_num(shapely.total_bounds(shapes))
    room = 2 * float(grid.widths(np.floor(bounds[[1, 3]] * grid.per_degree).astype(np.int64)).max())
    low, high = np.maximum(bounds[:2] - room, box[:2]), np.minimum(bounds[2:] + room, box[2:])
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _joined(grid: Grid, rows: Ints, columns: Ints) -> shapely.Geometry:
    """Cells as one shape, those beside each other in a row joined first."""
    if not len(rows):
        return shapely.Polygon()
    order = np.lexsort((columns, rows))
    rows, columns = rows[order], columns[order]
    begins = np.flatnonzero(np.r_[True, (np.diff(rows) != 0) | (np.diff(columns) != 1)])
    ends = np.r_[begins[1:], len(rows)] - 1
    return shapely.union_all(grid.boxes(rows[begins], columns[begins], columns[ends]))

"""Spreading (网格化): the value of each polygon laid over the cells of a grid, by the area it covers there.

A polygon of an even density gives each cell the part of its value that it has of its land there, measured on
the ellipsoid. Nothing is lost on the way: what lies on the grid, what lies beside it and what could not be
laid at all is together what was given.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

from data.errors import LayerUnusable
from data.formats.raster import Grid
from geo.cover.cells import CellAreas
from geo.cover.coverage import coverage
from geo.cover.shapes import Polygons, Shapes, laid_on
from geo.rings import Floats, Ints, Rings

NAME = "the grid"
WHOLE = 1 - 1e-12
"""A polygon of which no more than that lies beside the grid lies on it: the rest is rounding."""


@dataclass(frozen=True)
class Spread:
    """Values on a grid, and what of them is not there.

    Parameters
    ----------
    cells : (rows, columns) sum of what each cell took; 0 where no polygon is
    left : (n,) what of each value did not come onto the grid; nan where the value is unknown
    reason : (n,) why something was left, or why nothing is known; empty where all of it is on the grid
    """

    cells: Floats
    left: Floats
    reason: NDArray[np.object_]


@dataclass(frozen=True)
class Footprint:
    """Which cell holds which part of which polygon; made once, then any values are spread by it.

    Parameters
    ----------
    grid : the cells
    polygon, cell : (pairs,) number of the polygon, and of the cell, row by row from the north-west
    part : (pairs,) part of the polygon that lies in the cell, > 0; over a polygon they sum to `inside`
    inside : (n,) part of each polygon that lies on the grid, 0..1; 0 where it could not be laid on it
    reason : (n,) why not all of it lies on the grid; empty where it does
    """

    grid: Grid
    polygon: Ints
    cell: Ints
    part: Floats
    inside: Floats
    reason: NDArray[np.object_]

    def spread(self, values: ArrayLike) -> Spread:
        """Values of the polygons on the grid.

        Formula: cell = Σ value x (area of the polygon in the cell / area of the polygon)

        Parameters
        ----------
        values : (n,) one for each polygon, of any unit and sign; nan is unknown: it is not spread, and said

        >>> import shapely
        >>> grid = Grid(2, 1, 500_000.0, 3_850_100.0, 100.0, 100.0)
        >>> halves = shapely.box(500_050, 3_850_000, 500_150, 3_850_100)
        >>> made = footprint(Polygons([halves], CRS.from_epsg(4547)), grid, CRS.from_epsg(4547))
        >>> made.spread([10.0]).cells.round(6).tolist()
        [[5.0, 5.0]]

        Raises
        ------
        LayerUnusable : there are more or fewer values than polygons
        """
        given = np.asarray(values, np.float64)
        if given.shape != self.inside.shape:
            raise LayerUnusable(
                f"There are {given.size} values for {self.inside.size} polygons. Give one for each."
            )
        known = np.isfinite(given)
        told = np.where(known, given, 0.0)
        shape = self.grid.height, self.grid.width
        cells = np.bincount(self.cell, told[self.polygon] * self.part, shape[0] * shape[1])
        left = np.where(known, told * (1 - self.inside), np.nan)
        reason = self.reason.copy()
        reason[~known] = "Its value is not known, so nothing of it is on the grid. State it."
        return Spread(cells.astype(np.float64).reshape(shape), left, reason)

    def covered(self, among: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
        """(rows, columns) whether any of the polygons, or of those among them, lies in a cell.

        Parameters
        ----------
        among : (n,) the polygons that are meant; None: all
        """
        pairs = self.cell if among is None else self.cell[among[self.polygon]]
        found = np.zeros(self.grid.height * self.grid.width, np.bool_)
        found[pairs] = True
        return found.reshape(self.grid.height, self.grid.width)


def spread(shapes: Polygons, values: ArrayLike, grid: Grid, crs: CRS) -> Spread:
    """The value of each polygon spread over the cells it covers, in proportion to the area covered.

    Parameters
    ----------
    shapes : (n,) polygons; they may overlap, be smaller than a cell, and lie anywhere
    values : (n,) one for each, nan is unknown
    grid, crs : the cells, and the CRS in which they are rectangles

    Returns
    -------
    Spread; cells and what was left sum to the known values, to rounding
    """
    return footprint(shapes, grid, crs).spread(values)


def footprint(shapes: Polygons, grid: Grid, crs: CRS) -> Footprint:
    """Which part of which polygon lies in which cell.

    Formula: part = coverage of the cell x area of the cell / Σ of the same over the polygon, x inside.
    Coverage is exact, areas are those of the ellipsoid.

    Parameters
    ----------
    shapes, grid, crs : see `spread`
    """
    laid = laid_on(grid, NAME, crs, shapes)
    count = len(laid.area_m2)
    inside = np.where(laid.reason == "", np.nan_to_num(laid.inside), 0.0)
    inside[inside >= WHOLE] = 1.0
    told = np.flatnonzero(inside > 0)
    polygon, cell, weight = _pairs(laid, told, grid, crs)
    whole = np.bincount(polygon, weight, count)
    unseen = told[whole[told] <= 0]  # less than the least number of a cell, and yet it is there
    polygon, cell = np.append(polygon, unseen), np.append(cell, _cell_of(laid, unseen, grid))
    weight, whole[unseen] = np.append(weight, np.ones(len(unseen))), 1.0
    keep = weight > 0
    polygon, cell, weight = polygon[keep], cell[keep], weight[keep]
    part = weight / whole[polygon] * inside[polygon]
    return Footprint(grid, polygon, cell, part, inside, _left_out(laid, inside))


def _pairs(laid: Shapes, told: Ints, grid: Grid, crs: CRS) -> tuple[Ints, Ints, Floats]:
    """Polygon, cell, and covered area in m² of each pair."""
    if not len(told):
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    polygon, cell, part = coverage(Rings.of(laid.shapes[told]), laid.bounds[told], grid)
    top, left, rows, columns = window = laid.window(grid)
    area_m2 = CellAreas(grid, crs, window).read(top, left, rows, columns)
    return told[polygon], cell, part * area_m2[cell // grid.width - top, cell % grid.width - left]


def _places(x: Floats, y: Floats, grid: Grid) -> tuple[Ints, Ints]:
    """Column and row of points, those beside the grid moved to its edge."""
    column = np.clip(np.floor((x - grid.west) / grid.dx), 0, grid.width - 1)
    row = np.clip(np.floor((grid.north - y) / grid.dy), 0, grid.height - 1)
    return column.astype(np.int64), row.astype(np.int64)


def _cell_of(laid: Shapes, some: Ints, grid: Grid) -> Ints:
    """The cell of a point of each polygon that lies on the grid."""
    if not len(some):
        return np.empty(0, np.int64)
    west, south, east, north = laid.bounds[some].T
    x = (np.maximum(west, grid.bounds[0]) + np.minimum(east, grid.bounds[2])) / 2
    y = (np.maximum(south, grid.bounds[1]) + np.minimum(north, grid.bounds[3])) / 2
    column, row = _places(x, y, grid)
    return row * grid.width + column


def _left_out(laid: Shapes, inside: Floats) -> NDArray[np.object_]:
    reason = laid.reason.copy()
    for i in np.flatnonzero((reason == "") & (inside < 1)):
        reason[i] = f"{1 - inside[i]:.4%} of it lies beside the grid. Give a grid that covers it."
    return reason

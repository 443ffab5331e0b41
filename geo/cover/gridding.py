"""Grids (网格): cells of a chosen size over a zone, laid so that the grids of two years fit on each other.

The plane is the CGCS2000 3-degree belt in which the zone lies, as surveys of it use; where China has no
belt, the equal-area plane of the whole Earth. Corners are multiples of the cell from the plane's own zero.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from pyproj import CRS

from data.errors import LayerUnusable
from data.formats.raster import Grid
from geo.cover.shapes import moved_to
from geo.crs.belts import local_belt

CELL_M = 100.0
MOST_CELL_M = 10_000.0
MOST_CELLS = 10_000_000
"""Of a grid: two bands of that many take 160 MB. A zone of 30 x 30 km has so many of 9.5 m."""

EQUAL_AREA = 6933
"""WGS 84 / NSIDC EASE-Grid 2.0 Global, of the EPSG register."""


def plane_of(geometries: Any) -> CRS:
    """The plane for a grid over polygons in longitude and latitude: that of the belt of their middle.

    >>> plane_of([shapely.box(113.6, 34.7, 113.7, 34.8)]).to_epsg()
    4547
    >>> plane_of([shapely.box(-3.2, 55.9, -3.1, 56.0)]).to_epsg()
    6933
    """
    west, _, east, _ = shapely.total_bounds(np.asarray(geometries, dtype=object))
    belt = int(local_belt((west + east) / 2))
    return CRS.from_epsg(belt or EQUAL_AREA)


def grid_over(geometries: Any, crs: CRS, plane: CRS, cell: float = CELL_M, *, most: int = MOST_CELLS) -> Grid:
    """The cells that cover polygons, aligned to multiples of their size.

    Parameters
    ----------
    geometries, crs : (n,) polygons, and their CRS
    plane : in which cells are squares, metres
    cell : side of a cell, metres, > 0 and at most `MOST_CELL_M`
    most : cells that the grid may have

    >>> plane = CRS.from_epsg(4547)
    >>> str(grid_over([shapely.box(500_010, 3_850_010, 500_230, 3_850_020)], plane, plane))
    '3 x 1 cells of 100 x 100 from 500000, 3850100'

    Raises
    ------
    LayerUnusable : the cell is no length, there is nothing to cover, or there would be too many cells
    """
    if not (math.isfinite(cell) and 0 < cell <= MOST_CELL_M):
        raise LayerUnusable(
            f"A cell of {cell:g} m is no cell. Choose one above 0 and up to {MOST_CELL_M:,.0f} m, "
            f"as {CELL_M:g}."
        )
    bounds = shapely.total_bounds(moved_to(geometries, crs, plane))
    if not np.isfinite(bounds).all():
        raise LayerUnusable("There is no polygon that a grid could cover. Give the zone its boundary.")
    west, south, east, north = bounds / cell
    left, bottom = math.floor(west), math.floor(south)
    columns, rows = max(math.ceil(east) - left, 1), max(math.ceil(north) - bottom, 1)
    if columns * rows > most:
        width, height = (bounds[2:] - bounds[:2]).tolist()
        fits = math.ceil(math.sqrt(width * height / most) * 10) / 10 + cell
        raise LayerUnusable(
            f"Cells of {cell:g} m would be {columns * rows:,} on {width / 1000:,.1f} x "
            f"{height / 1000:,.1f} km; a grid may have {most:,}. Choose a cell of {fits:.1f} m or more."
        )
    return Grid(columns, rows, left * cell, (bottom + rows) * cell, float(cell), float(cell))

"""Coverage of cells (单元覆盖率): which part of each cell a polygon covers, exactly, all polygons at once.

An outline is cut where it meets rows and columns. A piece that falls by d within a cell takes d from every
cell to its right, and of its own cell the trapezoid between itself and the right side. Summed along each
row, that is the part of each cell which the outline encloses; holes run the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data.formats.raster import Grid
from geo.rings import Floats, Ints, Rings, ranges

CELLS_AT_ONCE = 1 << 22
"""Cells of the boxes of the polygons that are worked on together; a larger one is taken by itself."""

NOISE = 1e-10
"""Of a cell: what is covered less than that is rounding."""


@dataclass(frozen=True)
class _Pieces:
    """Pieces of outlines, each within one row, or one cell.

    Parameters
    ----------
    owner, row : of each
    x0, x1 : where it begins and ends, columns from the west
    fall : rows it goes down, with the sign by which what it encloses counts
    """

    owner: Ints
    row: Ints
    x0: Floats
    x1: Floats
    fall: Floats


def coverage(rings: Rings, bounds: Floats, grid: Grid) -> tuple[Ints, Ints, Floats]:
    """Polygon, cell and covered part of each pair that meets.

    Parameters
    ----------
    rings : of valid polygons, in the CRS of the grid
    bounds : (n, 4) west, south, east, north of each polygon
    grid : what lies beside it is passed over

    Returns
    -------
    number of the polygon, of the cell (row by row from the north-west), and the part of the cell, 0..1

    >>> import shapely
    >>> half = shapely.box(0.5, 0.0, 1.0, 1.0)
    >>> pairs = coverage(Rings.of([half]), shapely.bounds([half]), Grid(2, 1, 0.0, 1.0, 1.0, 1.0))
    >>> [each.tolist() for each in pairs]
    [[0], [0], [0.5]]
    """
    boxes = _boxes(bounds, grid)
    pieces = _in_rows(rings, grid)
    first = np.searchsorted(pieces.owner, np.arange(rings.size + 1))
    found = [_filled(pieces, first, boxes, span) for span in _batches(boxes[4])]
    polygon, row, column, part = (np.concatenate(each) for each in zip(*found, strict=True))
    return polygon, row * grid.width + column, part


def _boxes(bounds: Floats, grid: Grid) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """First row and column, rows and columns, and cells of the box of each polygon on the grid."""
    left = np.floor((bounds[:, 0] - grid.west) / grid.dx) - 1  # a column to spare, for rounding
    right = np.ceil((bounds[:, 2] - grid.west) / grid.dx) + 1
    top = np.floor((grid.north - bounds[:, 3]) / grid.dy) - 1
    bottom = np.ceil((grid.north - bounds[:, 1]) / grid.dy) + 1
    left, right = np.clip(left, 0, grid.width - 1), np.clip(right, 1, grid.width)
    top, bottom = np.clip(top, 0, grid.height - 1), np.clip(bottom, 1, grid.height)
    row, column = top.astype(np.int64), left.astype(np.int64)
    rows, columns = (bottom - top).astype(np.int64), (right - left).astype(np.int64)
    return row, column, rows, columns, rows * columns


def _batches(cells: Ints) -> Iterator[slice]:
    """Polygons that follow each other and together have no more cells than are worked on at once."""
    before = np.concatenate([[0], np.cumsum(cells)])
    start = 0
    while start < len(cells) or not start:
        stop = int(np.searchsorted(before, before[start] + CELLS_AT_ONCE, side="right")) - 1
        stop = min(max(stop, start + 1), len(cells))
        yield slice(start, stop)
        if stop == len(cells):
            return
        start = stop


def _in_rows(rings: Rings, grid: Grid) -> _Pieces:
    """The outlines cut at the rows of the grid, without what lies above or below it."""
    x, y = (rings.x - grid.west) / grid.dx, (grid.north - rings.y) / grid.dy
    edge = np.ones(max(len(x) - 1, 0), np.bool_)
    edge[rings.edges_between_rings()] = False
    start = np.flatnonzero(edge)
    ring = np.searchsorted(rings.ring_starts, start, side="right") - 1
    x0, x1, y0, y1 = x[start], x[start + 1], y[start], y[start + 1]
    origin = x[rings.ring_starts[:-1]][ring], y[rings.ring_starts[:-1]][ring]
    area = np.bincount(ring, (x0 - origin[0]) * (y1 - origin[1]) - (x1 - origin[0]) * (y0 - origin[1]))
    sign = np.where(area < 0, 1.0, -1.0) * np.where(rings.is_hole[: len(area)], -1.0, 1.0)
    low, high = np.clip(np.minimum(y0, y1), 0, grid.height), np.clip(np.maximum(y0, y1), 0, grid.height)
    count = np.where(high > low, np.ceil(high) - np.floor(low), 0).astype(np.int64)
    of = np.repeat(np.arange(len(start)), count)
    row = ranges(np.floor(low).astype(np.int64), count)
    above, below = np.maximum(row, low[of]), np.minimum(row + 1, high[of])
    begin, y, run, rise = x0[of], y0[of], (x1 - x0)[of], (y1 - y0)[of]
    way = np.where(y1 > y0, 1.0, -1.0) * sign[ring]
    return _Pieces(
        rings.owner[ring][of],
        row,
        begin + np.clip((above - y) / rise, 0.0, 1.0) * run,
        begin + np.clip((below - y) / rise, 0.0, 1.0) * run,
        (below - above) * way[of],
    )


def _filled(
    pieces: _Pieces, first: Ints, boxes: tuple[Ints, Ints, Ints, Ints, Ints], span: slice
) -> tuple[Ints, Ints, Ints, Floats]:
    """Polygon, row, column and covered part of each cell that some polygons meet."""
    top, left, rows, columns, cells = (each[span] for each in boxes)
    some = slice(first[span.start], first[span.stop])
    begin = np.concatenate([[0], np.cumsum(cells)])
    owner = pieces.owner[some] - span.start
    cut = _in_cells(pieces, some, owner, left, left + columns)
    at = begin[cut.owner] + (cut.row - top[cut.owner]) * columns[cut.owner]
    column = np.minimum(np.floor((cut.x0 + cut.x1) / 2).astype(np.int64), (left + columns - 1)[cut.owner])
    at += column - left[cut.owner]
    size = int(begin[-1])
    falls = np.bincount(at, cut.fall, size)
    own = np.bincount(at, cut.fall * (column + 1 - (cut.x0 + cut.x1) / 2), size)
    before = np.cumsum(falls) - falls
    starts = ranges(np.zeros(len(rows), np.int64), rows) * np.repeat(columns, rows) + np.repeat(
        begin[:-1], rows
    )
    wide = np.repeat(columns, rows)
    part = own + before - np.repeat(before[starts], wide)
    held = np.flatnonzero(part > NOISE)
    polygon = np.searchsorted(begin, held, side="right") - 1
    row, column = np.divmod(held - begin[polygon], columns[polygon])
    return polygon + span.start, row + top[polygon], column + left[polygon], np.minimum(part[held], 1.0)


def _in_cells(pieces: _Pieces, some: slice, owner: Ints, left: Ints, right: Ints) -> _Pieces:
    """Pieces cut at the columns of the grid.

    What lies west of the box of its polygon stands on the edge; what lies east encloses nothing there.
    """
    x0, x1, fall, row = pieces.x0[some], pieces.x1[some], pieces.fall[some], pieces.row[some]
    low, high = np.minimum(x0, x1), np.maximum(x0, x1)
    west, east = left[owner].astype(np.float64), right[owner].astype(np.float64)
    wide = np.where(high > low, high - low, 1.0)
    beyond = low < west
    gone = np.where(high > low, (np.minimum(high, west) - low) / wide * fall, fall)[beyond]
    begin, end = np.clip(low, west, east), np.clip(high, west, east)
    upright = (high == low) & (low >= west) & (low < east)
    count = np.where(end > begin, np.ceil(end) - np.floor(begin), upright).astype(np.int64)
    of = np.repeat(np.arange(len(fall)), count)
    column = ranges(np.floor(begin).astype(np.int64), count)
    one, other = np.maximum(column, begin[of]), np.minimum(column + 1, end[of])
    falls = np.where(upright[of], fall[of], (other - one) / wide[of] * fall[of])
    return _Pieces(
        np.concatenate([owner[of], owner[beyond]]),
        np.concatenate([row[of], row[beyond]]),
        np.concatenate([one, west[beyond]]),
        np.concatenate([other, west[beyond]]),
        np.concatenate([falls, gone]),
    )

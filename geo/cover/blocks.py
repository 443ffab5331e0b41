"""Blocks (分块读取): a raster larger than memory, read tile by tile, each tile once where it can be.

Small polygons ask for small windows, thousands of them. Read one by one, each would unpack a whole block
of the file. So tiles made of whole blocks are kept for a while, and polygons are taken in their order.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from data.formats.raster import Grid, Mask, Values
from geo.rings import Floats, Ints

TILE_CELLS = 1 << 20
KEPT_BYTES = 128 << 20
"""What is kept of the tiles read: two rows of them, in a raster of 10 000 columns."""


class Tiled(Protocol):
    """A raster, or two read as one."""

    @property
    def grid(self) -> Grid:
        """Its cells."""

    @property
    def block(self) -> tuple[int, int]:
        """Rows and columns that its file keeps together."""

    def read(self, row: int, column: int, rows: int, columns: int) -> tuple[Values, Mask | None]:
        """Values of a window, and which of them hold something."""


Ready = Callable[[Values, Mask | None], NDArray[Any]]


class Blocks:
    """Windows of a raster, out of tiles that are kept for a while.

    Parameters
    ----------
    raster : open, as long as windows are asked for
    ready : makes of values and mask the array that is wanted
    kept_bytes : how much is kept; a window larger than that is read by itself
    """

    def __init__(self, raster: Tiled, ready: Ready, kept_bytes: int = KEPT_BYTES):
        self.raster, self.ready, self.kept_bytes = raster, ready, kept_bytes
        self.rows, self.columns = tile_shape(raster)
        self.reads = 0
        self._kept: OrderedDict[tuple[int, int], NDArray[Any]] = OrderedDict()
        self._bytes = 0

    def read(self, row: int, column: int, rows: int, columns: int) -> NDArray[Any]:
        """The window, made ready."""
        top, left = row // self.rows, column // self.columns
        bottom, right = (row + rows - 1) // self.rows, (column + columns - 1) // self.columns
        if (top, left) == (bottom, right):
            y, x = row - top * self.rows, column - left * self.columns
            return np.ascontiguousarray(self._tile(top, left)[y : y + rows, x : x + columns])
        if (bottom - top + 1) * (right - left + 1) * self.rows * self.columns * 8 > self.kept_bytes:
            self.reads += 1
            return self.ready(*self.raster.read(row, column, rows, columns))
        first = self._tile(top, left)
        made = np.empty((rows, columns), first.dtype)
        for i in range(top, bottom + 1):
            for j in range(left, right + 1):
                self._lay(made, row - i * self.rows, column - j * self.columns, self._tile(i, j))
        return made

    @staticmethod
    def _lay(made: NDArray[Any], row: int, column: int, tile: NDArray[Any]) -> None:
        """Copy what a tile has of a window whose first cell is at that row and column of the tile."""
        rows, columns = made.shape
        top, left = max(row, 0), max(column, 0)
        part = tile[top : row + rows, left : column + columns]
        made[top - row : top - row + part.shape[0], left - column : left - column + part.shape[1]] = part

    def order(self, bounds: Floats) -> Ints:
        """(n,) the order in which boxes meet the tiles: row by row, there and back.

        Parameters
        ----------
        bounds : (n, 4) west, south, east, north
        """
        grid = self.raster.grid
        row = np.floor((grid.north - bounds[:, 3]) / grid.dy / self.rows)
        column = np.floor((bounds[:, 0] - grid.west) / grid.dx / self.columns)
        return np.lexsort((np.where(row % 2, -column, column), row))

    def _tile(self, i: int, j: int) -> NDArray[Any]:
        key = (i, j)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        row, column = i * self.rows, j * self.columns
        rows = min(self.rows, self.raster.grid.height - row)
        columns = min(self.columns, self.raster.grid.width - column)
        made = self.ready(*self.raster.read(row, column, rows, columns))
        self.reads += 1
        self._bytes += made.nbytes
        while self._kept and self._bytes > self.kept_bytes:
            self._bytes -= self._kept.popitem(last=False)[1].nbytes
        self._kept[key] = made
        return made


def tile_shape(raster: Tiled) -> tuple[int, int]:
    """Rows and columns of a tile: whole blocks of the file, about a million cells."""
    side = int(TILE_CELLS**0.5)
    columns = min(-(-side // raster.block[1]) * raster.block[1], raster.grid.width)
    rows = max(1, round(TILE_CELLS / columns / raster.block[0])) * raster.block[0]
    return min(rows, raster.grid.height), columns

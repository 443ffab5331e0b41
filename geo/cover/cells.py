"""Cells (栅格单元): where a raster lies on Earth, and the true area of each of its cells.

Cells of a raster in degrees shrink towards the poles; cells of a plane are as much too large or small as the
plane is. Either way a cell counts with its area on the ellipsoid, so that a class on the northern side of a
zone is not worth more than one on the southern.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from pyproj import CRS

from data.errors import CrsMissing
from data.formats.raster import Grid, Raster
from geo.areas import ellipsoidal_area_m2
from geo.crs import choose, looks_of, name_of
from geo.crs.belts import registered
from geo.crs.chosen import is_tied
from geo.rings import Floats, Ints
from geo.survey_plane import plane

KNOT_M = 5_000.0
"""Distance of the points at which a plane's scale is measured: between them it bends by less than 1e-6."""

Window = tuple[int, int, int, int]
"""First row, first column, rows, columns."""


def crs_of(raster: Raster, chosen: str | None = None) -> CRS:
    """The CRS of a raster: the chosen one, else what its file declares.

    Raises
    ------
    CrsMissing : neither is there; says what the numbers look like
    """
    if chosen is not None:
        choice = choose(chosen)
        if choice.shift:
            raise CrsMissing(
                f"A raster in {choice.shift} cannot be undone. Have it exported in true coordinates."
            )
        return choice.crs
    if raster.wkt:
        declared = registered(CRS.from_wkt(raster.wkt))
        if is_tied(declared):
            return declared
    west, south, east, north = raster.grid.bounds
    looks = "\n".join(f"  {look}" for look in looks_of((west + east) / 2, (south + north) / 2))
    raise CrsMissing(
        f"{raster.path.name} declares no coordinate reference system that is tied to the Earth. It runs from "
        f"{west:.10g}, {south:.10g} to {east:.10g}, {north:.10g}"
        + (f", which looks like\n{looks}\n" if looks else ", which looks like nothing we know. ")
        + "Say it with --raster-crs EPSG:…."
    )


@dataclass(frozen=True)
class CellAreas:
    """The true area of the cells of a grid.

    Parameters
    ----------
    grid, crs : the cells
    part : the window outside of which nobody asks; None: the whole grid
    """

    grid: Grid
    crs: CRS
    part: Window | None = None

    def read(self, row: int, column: int, rows: int, columns: int) -> Floats:
        """(rows, columns) area of the cells of a window on the ellipsoid, m².

        >>> degree = CellAreas(Grid(360, 180, -180.0, 90.0, 1.0, 1.0), CRS.from_epsg(4490))
        >>> (degree.read(89, 0, 1, 1) / 1e6).round(0).tolist()   # at the equator, km²
        [[12308.0]]
        """
        if self.crs.is_geographic:
            return np.repeat(self._rows_m2(row, rows)[:, None], columns, axis=1)
        top, left = self._window[:2]
        y = self._places[0][row - top : row - top + rows]
        x = self._places[1][column - left : column - left + columns]
        density, i, j = self._density, int(y[0]), int(x[0])
        if i == int(y[-1]) and j == int(x[-1]):
            one, right, below, beyond = density[i : i + 2, j : j + 2].ravel().tolist()
            down, across = (y - i)[:, None], x - j
            lines = one + (below - one) * down
            return np.asarray(lines + (right - one + (one - right - below + beyond) * down) * across)
        above, before = y.astype(np.int64), x.astype(np.int64)
        down, across = (y - above)[:, None], x - before
        lines = density[above] * (1 - down) + density[above + 1] * down
        return np.asarray(lines[:, before] * (1 - across) + lines[:, before + 1] * across)

    def _rows_m2(self, row: int, rows: int) -> Floats:
        """In the survey plane, where plane area is area, a row of degrees is a row of equal rectangles."""
        edges = np.clip(self.grid.north - np.arange(row, row + rows + 1) * self.grid.dy, -90.0, 90.0)
        x, y = plane(np.full(rows + 1, self.grid.dx), edges)
        return np.asarray(-np.diff(y) * x[1:])

    @cached_property
    def _window(self) -> Window:
        return self.part or (0, 0, self.grid.height, self.grid.width)

    @cached_property
    def _steps(self) -> tuple[int, int]:
        """Cells between knots, down and across."""
        metre = KNOT_M / self.crs.axis_info[0].unit_conversion_factor
        return max(1, int(metre / self.grid.dy)), max(1, int(metre / self.grid.dx))

    @cached_property
    def _places(self) -> tuple[Floats, Floats]:
        """The place of each row and column among the knots: 2.5 is half way between the third and fourth."""
        down, across = self._steps
        return np.arange(self._window[2]) / down, np.arange(self._window[3]) / across

    @cached_property
    def _density(self) -> Floats:
        """True area of a cell at each knot, m²: the area of the cell that stands there."""
        knots: list[Ints] = [
            self._window[axis] + np.arange(self._window[axis + 2] // step + 2) * step
            for axis, step in enumerate(self._steps)
        ]
        top, left = np.meshgrid(
            self.grid.north - knots[0] * self.grid.dy, self.grid.west + knots[1] * self.grid.dx, indexing="ij"
        )
        boxes: Any = shapely.box(left, top - self.grid.dy, left + self.grid.dx, top).ravel()
        return ellipsoidal_area_m2(boxes, self.crs).reshape(top.shape)


def same_place(one: CRS, other: CRS) -> bool:
    """Whether coordinates mean the same in both; CGCS2000 and WGS 84 in degrees do, to a decimetre.

    >>> degrees, plane = CRS.from_epsg(4490), CRS.from_epsg(4547)
    >>> same_place(degrees, CRS.from_epsg(4326)), same_place(degrees, plane)
    (True, False)
    """
    degrees = {"EPSG:4490", "EPSG:4326"}
    return one.equals(other, ignore_axis_order=True) or {name_of(one), name_of(other)} <= degrees

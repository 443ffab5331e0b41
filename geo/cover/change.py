"""Change of land cover (地表覆盖变化): two rasters of the same cells, as a matrix of what became what.

Only cells that hold something in both years are compared: a cell that one year does not know has not changed.
How many each year knows, and how many both, is told beside. Cells count with their true area.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from data.errors import LayerUnusable
from data.formats.raster import Grid, Mask, Raster, Values, aligned
from data.units import m2_to_ha
from geo.cover.blocks import Blocks, tile_shape
from geo.cover.cells import CellAreas, same_place
from geo.cover.shapes import Polygons, laid_on
from geo.cover.zonal import as_classes, covered
from geo.rings import Floats, Ints

NOTHING = int(np.iinfo(np.int32).min)
_DRIFT = 0.01  # of a cell: how far the corners of two grids may lie apart and still be the same grid
_DENSE = 1 << 20  # pairs of values that are counted without sorting the cells


@dataclass(frozen=True)
class Pair:
    """Two rasters on the same cells, read as one whose value is the pair of theirs."""

    first: Raster
    second: Raster

    @property
    def grid(self) -> Grid:
        """The cells of both."""
        return self.first.grid

    @property
    def block(self) -> tuple[int, int]:
        """What the file of the first keeps together."""
        return self.first.block

    @property
    def path(self) -> Path:
        """The file of the first."""
        return self.first.path

    def read(self, row: int, column: int, rows: int, columns: int) -> tuple[Values, Mask | None]:
        """Pairs of a window, `paired`; each half is `NOTHING` where its raster holds nothing."""
        halves = [_half(each, row, column, rows, columns) for each in (self.first, self.second)]
        return paired(*halves), None


@dataclass(frozen=True)
class Change:
    """What became what, on the cells that both years know.

    Parameters
    ----------
    table : one row per zone (where there are zones) and pair: `zone` (number), from_value, to_value,
        cells (by the part that is covered), area_m2
    valid : one row, or one per zone: first_m2, second_m2, common_m2 known in the first, second, both;
        first_cells, second_cells, common_cells; and `outside_m2` of zones beyond the rasters
    reason : (n zones,) why nothing can be told of a zone; empty where something can
    """

    table: pd.DataFrame
    valid: pd.DataFrame
    reason: NDArray[np.object_] = field(default_factory=lambda: np.array([""], dtype=object))

    def matrix(self, zone: int = 0) -> pd.DataFrame:
        """From (rows) to (columns) in hectares; 0 where no cell went that way."""
        rows = self.table[self.table["zone"] == zone]
        values = sorted({*rows["from_value"], *rows["to_value"]})
        made = rows.pivot_table(index="from_value", columns="to_value", values="area_m2", aggfunc="sum")
        return m2_to_ha(made.reindex(index=values, columns=values).fillna(0.0))

    def by_class(self) -> pd.DataFrame:
        """What each class had, lost, gained and has, m², by zone.

        Columns zone, value, first_m2, second_m2, kept_m2, gain_m2, loss_m2, net_m2 (gain - loss) and
        gross_m2 (gain + loss); over all classes the net is 0, for nothing leaves the common cells.
        """
        rows = self.table
        moved = rows["area_m2"].where(rows["from_value"] != rows["to_value"], 0.0)
        away = rows.assign(moved=moved).groupby(["zone", "from_value"])[["area_m2", "moved"]].sum()
        here = rows.assign(moved=moved).groupby(["zone", "to_value"])[["area_m2", "moved"]].sum()
        keys = away.index.union(here.index).set_names(["zone", "value"])
        away, here = away.reindex(keys, fill_value=0.0), here.reindex(keys, fill_value=0.0)
        return pd.DataFrame({
            "first_m2": away["area_m2"],
            "second_m2": here["area_m2"],
            "kept_m2": away["area_m2"] - away["moved"],
            "gain_m2": here["moved"],
            "loss_m2": away["moved"],
            "net_m2": here["moved"] - away["moved"],
            "gross_m2": here["moved"] + away["moved"],
        }).reset_index()


@contextmanager
def pair_of(first: Raster, second: Raster, crs: tuple[CRS, CRS], *, align: bool = False) -> Iterator[Pair]:
    """Two rasters as one, closed with the block.

    Parameters
    ----------
    crs : of the first and of the second
    align : lay the second on the cells of the first, each with the value of the nearest

    Raises
    ------
    LayerUnusable : their cells are not the same, and `align` was not asked for
    """
    if same_place(*crs) and _same_grid(first.grid, second.grid):
        yield Pair(first, second)
        return
    if not align:
        raise LayerUnusable(
            f"The two rasters do not have the same cells, so no cell can be compared with itself. "
            f"{first.path.name}: {first.grid} in {crs[0].name}; {second.path.name}: {second.grid} in "
            f"{crs[1].name}. Warp the second onto the first (gdalwarp -r near), or ask for it with --align."
        )
    with aligned(second, first, crs[0].to_wkt()) as moved:
        yield Pair(first, moved)


def change(pair: Pair, crs: CRS) -> Change:
    """What became what on the whole of two rasters, read tile by tile."""
    areas = CellAreas(pair.grid, crs)
    rows, columns = tile_shape(pair)
    parts = []
    for row in range(0, pair.grid.height, rows):
        for column in range(0, pair.grid.width, columns):
            window = (row, column, min(rows, pair.grid.height - row), min(columns, pair.grid.width - column))
            parts.append(_counted(*split(pair.read(*window)[0]), areas.read(*window)))
    found = pd.concat(parts).groupby(["from_value", "to_value"], as_index=False).sum()
    found.insert(0, "zone", 0)
    return Change(_common(found), _valid(found, 1).assign(outside_m2=0.0))


def change_in(pair: Pair, crs: CRS, polygons: Polygons) -> Change:
    """What became what in each of some zones, cells on a boundary by the part that is covered."""
    laid = laid_on(pair.grid, f"{pair.first.path.name} and {pair.second.path.name}", crs, polygons)
    blocks = Blocks(pair, lambda values, _: values)
    told = covered(laid, blocks, crs, np.int64)
    first, second = split(told.value)
    found = pd.DataFrame({
        "zone": told.polygon,
        "from_value": first,
        "to_value": second,
        "cells": told.class_cells,
        "area_m2": told.area_m2,
    })
    valid = _valid(found, len(told.reason)).assign(outside_m2=told.outside_m2)
    valid.loc[told.reason != "", :] = np.nan
    return Change(_common(found), valid, told.reason)


def paired(first: NDArray[Any], second: NDArray[Any]) -> Ints:
    """Two class values as one number; the least int64 where neither raster holds anything.

    >>> split(paired(np.array([3, NOTHING]), np.array([-1, 7])))[1].tolist()
    [-1, 7]
    """
    return (first.astype(np.int64) << 32) + (second.astype(np.int64) - NOTHING)


def split(pairs: Ints) -> tuple[Ints, Ints]:
    """The two class values of each pair; `NOTHING` where a raster holds nothing."""
    return pairs >> 32, (pairs & 0xFFFFFFFF) + NOTHING


def _half(raster: Raster, row: int, column: int, rows: int, columns: int) -> NDArray[Any]:
    values, mask = raster.read(row, column, rows, columns)
    made = as_classes(raster, values, mask)
    if made.dtype == np.int32:
        return made
    least = np.iinfo(np.int64).min
    made = np.where(made == least, NOTHING, made)
    if made.size and (made.max() > np.iinfo(np.int32).max or made.min() < NOTHING):
        raise LayerUnusable(f"{raster.path.name} holds class values of more than nine digits. Renumber them.")
    return made


def _counted(first: Ints, second: Ints, area_m2: Floats) -> pd.DataFrame:
    """Cells and area of each pair of values in a window."""
    a, b, area = first.ravel(), second.ravel(), area_m2.ravel()
    some = (a != NOTHING) | (b != NOTHING)
    if not some.all():
        a, b, area = a[some], b[some], area[some]
    names_a, code_a = _numbered(a)
    names_b, code_b = _numbered(b)
    code = code_a * len(names_b) + code_b
    size = len(names_a) * len(names_b)
    cells, sums = np.bincount(code, minlength=size), np.bincount(code, area, size)
    met = np.flatnonzero(cells)
    return pd.DataFrame({
        "from_value": names_a[met // max(len(names_b), 1)],
        "to_value": names_b[met % max(len(names_b), 1)],
        "cells": cells[met].astype(np.float64),
        "area_m2": sums[met],
    })


def _numbered(values: Ints) -> tuple[Ints, Ints]:
    """The distinct values, and the number of each cell's among them; without sorting where they are few."""
    known = values[values != NOTHING]
    if not len(known):
        return np.array([NOTHING], np.int64), np.zeros(len(values), np.int64)
    least, most = int(known.min()), int(known.max())
    if most - least >= _DENSE:
        names, numbers = np.unique(values, return_inverse=True)
        return names, numbers.astype(np.int64)
    shifted = np.where(values == NOTHING, 0, values - least + 1)
    met = np.flatnonzero(np.bincount(shifted, minlength=most - least + 2))
    number = np.zeros(most - least + 2, np.int64)
    number[met] = np.arange(len(met))
    return np.where(met == 0, NOTHING, met + least - 1), number[shifted]


def _common(found: pd.DataFrame) -> pd.DataFrame:
    both = (found["from_value"] != NOTHING) & (found["to_value"] != NOTHING)
    return found[both].reset_index(drop=True)


def _valid(found: pd.DataFrame, zones: int) -> pd.DataFrame:
    """What the first, the second and both years know, by zone."""
    first, second = found["from_value"] != NOTHING, found["to_value"] != NOTHING
    made = {}
    for name, which in {"first": first, "second": second, "common": first & second}.items():
        for unit, column in {"m2": "area_m2", "cells": "cells"}.items():
            made[f"{name}_{unit}"] = found[which].groupby("zone")[column].sum().reindex(range(zones))
    return pd.DataFrame(made).fillna(0.0)


def _same_grid(one: Grid, other: Grid) -> bool:
    if (one.width, one.height) != (other.width, other.height):
        return False
    apart = np.abs(np.subtract(one.bounds, other.bounds))
    return bool((apart < _DRIFT * np.array([one.dx, one.dy, one.dx, one.dy])).all())

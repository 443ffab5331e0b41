"""Zonal statistics (分区统计): what a raster holds under each polygon, each cell by the part that is covered.

Class areas are shares of the polygon's own ellipsoidal area. The share of a class is the true area of its
cells, by the part that the polygon covers, over that of all cells; so what a polygon has of classes, of cells
that hold nothing (`nodata`) and beyond the raster (`outside`) is together what the polygon has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from data.errors import ColumnMissing, LayerUnusable
from data.formats.raster import Mask, Raster, Values
from geo.cover.blocks import Blocks
from geo.cover.cells import CellAreas, Window
from geo.cover.extracting import Source, extract
from geo.cover.shapes import Shapes, laid_on
from geo.rings import Floats, Ints

OPERATIONS = {
    "mean": "mean over the land covered",
    "sum": "sum, each cell by the part that is covered",
    "min": "least value of the cells touched",
    "max": "largest value of the cells touched",
    "count": "number of cells, by the part that is covered",
    "weighted_mean": "mean, each cell by its weight and the part that is covered",
    "weighted_sum": "sum of value times weight, by the part that is covered",
}


@dataclass(frozen=True)
class ClassAreas:
    """Which class covers how much of which polygon.

    Parameters
    ----------
    polygon, value : (pairs,) number of the polygon, and class value; by polygon, then value
    area_m2 : (pairs,) ellipsoidal area of the class in the polygon, m², > 0
    whole_m2 : (n,) ellipsoidal area of each polygon; nan where it has none
    nodata_m2, outside_m2 : (n,) what of it has no value, and what lies beyond the raster; nan: cannot be told
    cells : (n,) how many cells it covers, by the part; nan where it cannot be told
    reason : (n,) why nothing can be told of it; empty where something can
    """

    polygon: Ints
    value: Ints
    area_m2: Floats
    whole_m2: Floats
    nodata_m2: Floats
    outside_m2: Floats
    cells: Floats
    reason: NDArray[np.object_]

    def of(self, values: Sequence[int]) -> Floats:
        """(n,) area of some classes together in each polygon, m²; nan where it cannot be told."""
        chosen = np.isin(self.value, np.asarray(list(values), np.int64))
        found = np.bincount(self.polygon[chosen], self.area_m2[chosen], len(self.whole_m2))
        return np.where(self.reason == "", found, np.nan)

    @property
    def known_m2(self) -> Floats:
        """(n,) area of each polygon of which the raster says something, m²."""
        found = np.bincount(self.polygon, self.area_m2, len(self.whole_m2))
        return np.where(self.reason == "", found, np.nan)

    @property
    def majority(self) -> pd.Series:
        """(n,) the class with the largest area, Int64; the lesser value of two equal ones; NA: none."""
        order = np.lexsort((self.value, -self.area_m2, self.polygon))
        at = order[np.unique(self.polygon[order], return_index=True)[1]]
        return pd.Series(self.value[at], self.polygon[at], dtype="Int64").reindex(range(len(self.whole_m2)))


def class_areas(
    geometries: Any,
    crs: CRS,
    raster: Raster,
    raster_crs: CRS,
    *,
    area_m2: Floats | None = None,
) -> ClassAreas:
    """Area of each class of a raster in each polygon.

    Parameters
    ----------
    geometries : (n,) polygons; they may overlap, and lie anywhere
    crs : in which their edges are straight
    raster, raster_crs : open, of whole numbers
    area_m2 : (n,) ellipsoidal area of the polygons, m², where it was measured before

    Raises
    ------
    LayerUnusable : the raster holds broken numbers, which are no classes
    """
    laid = laid_on(raster, raster_crs, geometries, crs, area_m2)
    blocks = Blocks(raster, lambda values, mask: _as_classes(raster, values, mask))
    told = laid.told[blocks.order(laid.bounds[laid.told])]
    values = Source("value", raster.grid, blocks, _class_type(raster))
    areas = Source("area", raster.grid, CellAreas(raster.grid, raster_crs, _asked(raster, laid)))
    found = extract(
        laid.shapes[told],
        [
            ("unique", "value", values, areas),
            ("weighted_frac", "share", values, areas),
            ("count", "cells", values, None),
        ],
    )
    return _gathered(laid, told, found, _nothing(raster))


def _gathered(laid: Shapes, told: Ints, found: dict[str, list[Any]], nothing: int) -> ClassAreas:
    """The answers of exactextract, one polygon after the other, as columns."""
    count, reason = len(laid.area_m2), laid.reason.copy()
    sizes = [len(each) for each in found["value"]]
    polygon = np.repeat(told, sizes)
    value = np.concatenate([*found["value"], np.empty(0, np.int64)]).astype(np.int64)
    share = np.concatenate([*found["share"], np.empty(0)])
    order = np.lexsort((value, polygon))
    polygon, value, share = polygon[order], value[order], share[order]
    reason[told[np.asarray(sizes, np.int64) == 0]] = "It covers no cell. It is too small to be seen."
    area = share * (laid.area_m2 * laid.inside)[polygon]
    empty = value == nothing
    known, lost = (reason == ""), (reason != "")
    nodata = np.bincount(polygon[empty], area[empty], count).astype(np.float64)
    outside = laid.area_m2 * (1 - laid.inside)
    cells = np.full(count, np.nan)
    cells[told] = np.asarray(found["cells"], np.float64)
    nodata[lost] = np.nan
    cells[lost] = np.nan
    keep = ~empty & known[polygon] & (area > 0)
    return ClassAreas(polygon[keep], value[keep], area[keep], laid.area_m2, nodata, outside, cells, reason)


def statistics(
    geometries: Any,
    crs: CRS,
    raster: Raster,
    raster_crs: CRS,
    ops: Sequence[str],
    weights: Raster | None = None,
) -> pd.DataFrame:
    """Numbers that sum up a measured quantity under each polygon; cells that hold nothing do not count.

    Parameters
    ----------
    geometries, crs : (n,) polygons
    raster, raster_crs : the quantity
    ops : keys of `OPERATIONS`
    weights : in the CRS of the raster, of cells that fit its own; for `weighted_…`

    Returns
    -------
    DataFrame, row for row: one float column for each of `ops`, nan where nothing can be told;
    `known_share`, which part of the polygon has a value, 0..1; `reason`, why nothing can be told

    Raises
    ------
    ColumnMissing : an operation that is none, or a weighted one without weights
    LayerUnusable : the grids of values and weights do not fit each other
    """
    known = [name for name in OPERATIONS if weights is not None or not name.startswith("weighted")]
    for name in ops:
        if name not in known:
            raise ColumnMissing(name, "zonal statistics", known)
    laid = laid_on(raster, raster_crs, geometries, crs)
    blocks = Blocks(raster, lambda values, mask: _as_amounts(raster, values, mask))
    told = laid.told[blocks.order(laid.bounds[laid.told])]
    values = Source("value", raster.grid, blocks)
    areas = Source("area", raster.grid, CellAreas(raster.grid, raster_crs, _asked(raster, laid)))
    beside = None
    if weights is not None:
        kept = weights
        beside = Source(
            "weight", kept.grid, Blocks(kept, lambda values, mask: _as_amounts(kept, values, mask))
        )
    asked: list[tuple[str, str, Source, Source | None]] = [("count", "cells", values, None)]
    for name in ops:
        if name == "mean":
            asked.append(("weighted_mean", "mean", values, areas))
        else:
            asked.append((name, name, values, beside if name.startswith("weighted") else None))
    found = extract(laid.shapes[told], asked)
    table = pd.DataFrame(np.nan, index=range(len(laid.area_m2)), columns=[*ops, "known_share"])
    for name in ops:
        table.loc[told, name] = pd.to_numeric(pd.Series(found[name], told, dtype=object)).astype(float)
    whole = np.asarray([each.area for each in laid.shapes[told]]) / (raster.grid.dx * raster.grid.dy)
    table.loc[told, "known_share"] = np.minimum(np.asarray(found["cells"], float) / whole, 1.0)
    reason = laid.reason.copy()
    reason[told[np.asarray(found["cells"], float) == 0]] = "No cell under it holds a value."
    return table.assign(reason=reason.astype(str))


def _asked(raster: Raster, laid: Shapes) -> Window:
    """The window of the grid that the polygons need, with a cell to spare."""
    grid, bounds = raster.grid, laid.bounds[laid.told]
    if not len(bounds):
        return 0, 0, 1, 1
    top = np.clip((grid.north - bounds[:, 3].max()) // grid.dy - 1, 0, grid.height - 1)
    bottom = np.clip((grid.north - bounds[:, 1].min()) // grid.dy + 2, 1, grid.height)
    left = np.clip((bounds[:, 0].min() - grid.west) // grid.dx - 1, 0, grid.width - 1)
    right = np.clip((bounds[:, 2].max() - grid.west) // grid.dx + 2, 1, grid.width)
    return int(top), int(left), int(bottom - top), int(right - left)


def _class_type(raster: Raster) -> type[np.int32 | np.int64]:
    """Wide enough for the values of the raster, and one more."""
    return np.int32 if raster.dtype.itemsize < 4 else np.int64


def _nothing(raster: Raster) -> int:
    """The class value of ours that stands for a cell without one: no raster of that type can hold it."""
    return int(np.iinfo(_class_type(raster)).min)


def _as_classes(raster: Raster, values: Values, mask: Mask | None) -> NDArray[Any]:
    """Class values as whole numbers, with one of ours where the raster holds nothing."""
    if raster.dtype.kind == "f":
        broken = values != np.floor(values)
        broken &= np.isfinite(values) if mask is None else mask
        if broken.any():
            raise LayerUnusable(
                f"{raster.path.name} holds {float(values[broken][0]):g}, which is no class but a quantity. "
                "Give a raster of classes."
            )
        values = np.where(np.isfinite(values) if mask is None else mask, values, 0)
    made = values.astype(_class_type(raster))
    if mask is not None:
        made[~mask] = _nothing(raster)
    return made


def _as_amounts(raster: Raster, values: Values, mask: Mask | None) -> NDArray[Any]:
    """What was measured, float64, cells that hold nothing masked."""
    made = values.astype(np.float64)
    if (raster.scale, raster.offset) != (1.0, 0.0):
        made = made * raster.scale + raster.offset
    return made if mask is None else np.where(mask, made, np.nan)

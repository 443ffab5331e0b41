"""Amounts under polygons (分区统计量): mean, sum, least and largest of a quantity, weighted or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from data.errors import ColumnMissing
from data.formats.raster import Mask, Raster, Values
from geo.cover.blocks import Blocks
from geo.cover.cells import CellAreas
from geo.cover.extracting import Source, extract
from geo.cover.shapes import Polygons, laid_on

OPERATIONS = {
    "mean": "mean over the land covered",
    "sum": "sum, each cell by the part that is covered",
    "min": "least value of the cells touched",
    "max": "largest value of the cells touched",
    "count": "number of cells, by the part that is covered",
    "weighted_mean": "mean, each cell by its weight and the part that is covered",
    "weighted_sum": "sum of value times weight, by the part that is covered",
}


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
    laid = laid_on(raster.grid, raster.path.name, raster_crs, Polygons(geometries, crs))
    blocks = _blocks(raster)
    values = Source("value", raster.grid, blocks)
    areas = Source("area", raster.grid, CellAreas(raster.grid, raster_crs, laid.window(raster.grid)))
    asked: list[tuple[str, str, Source, Source | None]] = [("count", "cells", values, None)]
    beside = None if weights is None else Source("weight", weights.grid, _blocks(weights))
    for name in ops:
        if name == "mean":
            asked.append(("weighted_mean", name, values, areas))
        else:
            asked.append((name, name, values, beside if name.startswith("weighted") else None))
    told = laid.told[blocks.order(laid.bounds[laid.told])]
    found = extract(laid.shapes[told], asked)
    whole = shapely.area(laid.shapes[told]) / (raster.grid.dx * raster.grid.dy)
    cells = np.asarray(found["cells"], np.float64)
    table = pd.DataFrame(np.nan, index=range(len(laid.area_m2)), columns=[*ops, "known_share"])
    for name in ops:
        table.loc[told, name] = pd.to_numeric(pd.Series(found[name], told, dtype=object)).astype(float)
    table.loc[told, "known_share"] = np.minimum(cells / whole, 1.0)
    reason = laid.reason.copy()
    reason[told[cells == 0]] = "No cell under it holds a value. Give a raster that has one there."
    return table.assign(reason=reason.astype(str))


def _blocks(raster: Raster) -> Blocks:
    """The amounts of a raster, tile by tile."""
    return Blocks(raster, lambda values, mask: _as_amounts(raster, values, mask))


def _as_amounts(raster: Raster, values: Values, mask: Mask | None) -> NDArray[Any]:
    """What was measured, float64, cells that hold nothing masked."""
    made = values.astype(np.float64)
    if (raster.scale, raster.offset) != (1.0, 0.0):
        made = made * raster.scale + raster.offset
    return made if mask is None else np.where(mask, made, np.nan)

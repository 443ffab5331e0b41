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

from data.errors import LayerUnusable
from data.formats.raster import Mask, Raster, Values
from geo.cover.blocks import Blocks
from geo.cover.cells import CellAreas
from geo.cover.extracting import Source, extract
from geo.cover.shapes import Polygons, Shapes, laid_on
from geo.rings import Floats, Ints


@dataclass(frozen=True)
class ClassAreas:
    """Which class covers how much of which polygon.

    Parameters
    ----------
    polygon, value : (pairs,) number of the polygon, and class value; by polygon, then value
    area_m2 : (pairs,) ellipsoidal area of the class in the polygon, m², > 0
    class_cells : (pairs,) how many cells of the class it covers, by the part
    whole_m2 : (n,) ellipsoidal area of each polygon; nan where it has none
    nodata_m2, outside_m2 : (n,) what of it has no value, and what lies beyond the raster; nan: cannot be told
    cells : (n,) how many cells it covers, by the part; nan where it cannot be told
    reason : (n,) why nothing can be told of it; empty where something can
    """

    polygon: Ints
    value: Ints
    area_m2: Floats
    class_cells: Floats
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

    def part(self, start: int, stop: int) -> ClassAreas:
        """The polygons from one number to another (exclusive), numbered from 0."""
        first, last = np.searchsorted(self.polygon, (start, stop))
        pairs, some = slice(int(first), int(last)), slice(start, stop)
        return ClassAreas(
            self.polygon[pairs] - start,
            self.value[pairs],
            self.area_m2[pairs],
            self.class_cells[pairs],
            self.whole_m2[some],
            self.nodata_m2[some],
            self.outside_m2[some],
            self.cells[some],
            self.reason[some],
        )

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
    laid = laid_on(raster.grid, raster.path.name, raster_crs, Polygons(geometries, crs, area_m2))
    blocks = Blocks(raster, lambda values, mask: as_classes(raster, values, mask))
    return covered(laid, blocks, raster_crs, class_type(raster.dtype))


def covered(laid: Shapes, blocks: Blocks, crs: CRS, dtype: Any) -> ClassAreas:
    """Area of each whole number that the blocks hold, in each polygon laid on them.

    Parameters
    ----------
    blocks : of that integer type; its least number stands for a cell that holds nothing
    """
    grid = blocks.raster.grid
    told = laid.told[blocks.order(laid.bounds[laid.told])]
    values = Source("value", grid, blocks, dtype)
    areas = Source("area", grid, CellAreas(grid, crs, laid.window(grid)))
    found = extract(
        laid.shapes[told],
        [
            ("unique", "value", values, areas),
            ("weighted_frac", "share", values, areas),
            ("frac", "part", values, areas),
            ("count", "cells", values, areas),
        ],
    )
    return _gathered(laid, told, found, int(np.iinfo(dtype).min))


def _gathered(laid: Shapes, told: Ints, found: dict[str, list[Any]], nothing: int) -> ClassAreas:
    """The answers of exactextract, one polygon after the other, as columns."""
    count, reason = len(laid.area_m2), laid.reason.copy()
    sizes = [len(each) for each in found["value"]]
    polygon = np.repeat(told, sizes)
    value = np.concatenate([*found["value"], np.empty(0, np.int64)]).astype(np.int64)
    share = np.concatenate([*found["share"], np.empty(0)])
    part = np.concatenate([*found["part"], np.empty(0)])
    order = np.lexsort((value, polygon))
    polygon, value, share, part = polygon[order], value[order], share[order], part[order]
    reason[told[np.asarray(sizes, np.int64) == 0]] = "It covers no cell. It is too small to be seen."
    reason[polygon[np.isnan(share)]] = "The raster has no true area there: its CRS does not reach so far."
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
    of_class = (polygon[keep], value[keep], area[keep], (part * cells[polygon])[keep])
    return ClassAreas(*of_class, laid.area_m2, nodata, outside, cells, reason)


def class_type(dtype: np.dtype[Any]) -> type[np.int32 | np.int64]:
    """Wide enough for the values of a raster of that type, and one more."""
    return np.int32 if dtype.itemsize < 4 else np.int64


def as_classes(raster: Raster, values: Values, mask: Mask | None) -> NDArray[Any]:
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
    made = values.astype(class_type(raster.dtype))
    if mask is not None:
        made[~mask] = np.iinfo(class_type(raster.dtype)).min
    return made

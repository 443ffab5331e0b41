"""Figures of a shape (形态指标): size, edges, widths and compactness, of each plot and of all together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.boundary_change.soundness.vertices import SAME_M, edge_lengths
from geo.boundary_change.soundness.widths import bands, necks
from geo.rings import Floats, Rings

LABELS = {
    "area_m2": "椭球面积(平方米)",
    "perimeter_m": "周长(米)",
    "vertices": "界址点数",
    "holes": "内环数",
    "parts": "部分数",
    "width_m": "瓶颈宽度(米)",
    "band_m": "外接矩形宽(米)",
    "compactness": "紧凑度",
    "hull_share": "凸包占比",
    "longest_edge_m": "最长边(米)",
    "shortest_edge_m": "最短边(米)",
}


def figures_of(shapes: Any) -> pd.DataFrame:
    """Figures of shapes, one row for each; missing for what is no polygon.

    Parameters
    ----------
    shapes : (n,) valid polygons of a plane that is equal-area and true to scale, metres

    Returns
    -------
    area_m2, perimeter_m : holes count with their length
    vertices : the point that closes a ring is not counted twice
    holes, parts : how many
    width_m : narrowest place, `widths.necks`
    band_m : shorter side of the smallest rectangle, `widths.bands`
    compactness : 4 π A / P², 1 for a disc, 0.785 for a square (Polsby-Popper)
    hull_share : A / A(convex hull), 1 for what is convex
    longest_edge_m, shortest_edge_m : of the edges longer than 0.1 mm

    >>> told = figures_of([shapely.box(0, 0, 30, 40)]).iloc[0]
    >>> told[["area_m2", "perimeter_m", "vertices", "width_m", "longest_edge_m"]].round(2).tolist()
    [1200.0, 140.0, 4.0, 30.0, 40.0]
    """
    return pd.DataFrame(measures(shapes))


def measures(shapes: Any) -> dict[str, Any]:
    """The columns of `figures_of`."""
    flat = np.array(shapes, dtype=object)
    kinds = shapely.get_type_id(flat)
    flat[~np.isin(kinds, (3, 6)) | shapely.is_empty(flat)] = None
    area, length = shapely.area(flat), shapely.length(flat)
    hull = shapely.area(shapely.convex_hull(flat))
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "area_m2": area,
            "perimeter_m": length,
            **counted(flat),
            "width_m": necks(flat),
            "band_m": bands(flat),
            "compactness": 4 * np.pi * area / length**2,
            "hull_share": area / hull,
        }


def counted(shapes: NDArray[np.object_]) -> dict[str, Any]:
    """The figures that are told of vertices and edges, and so need no valid polygon."""
    there = ~shapely.is_missing(shapes)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    holes = np.bincount(owner, shapely.get_num_interior_rings(parts), len(shapes))
    many = np.bincount(owner, minlength=len(shapes))
    vertices = shapely.get_num_coordinates(shapes) - holes - many
    whole = {
        name: pd.arrays.IntegerArray(values.astype(np.int64), ~there)
        for name, values in (
            ("vertices", vertices),
            ("holes", holes),
            ("parts", many),
        )
    }
    return {**whole, **_edges(Rings.of(shapes))}


def _edges(rings: Rings) -> dict[str, Floats]:
    """The longest and the shortest edge of each geometry; nan where it has none."""
    length = edge_lengths(rings)
    with np.errstate(invalid="ignore"):
        real = length > SAME_M
    owner = np.repeat(rings.owner, np.diff(rings.ring_starts))[real]
    longest, shortest = np.full(rings.size, -np.inf), np.full(rings.size, np.inf)
    np.maximum.at(longest, owner, length[real])
    np.minimum.at(shortest, owner, length[real])
    return {
        "longest_edge_m": np.where(np.isfinite(longest), longest, np.nan),
        "shortest_edge_m": np.where(np.isfinite(shortest), shortest, np.nan),
    }

"""Boundary points (界址点): every point of the land asked for, numbered, in the plane of its belt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from api.report.sheet import clean
from api.requests.report.paper import belt_code, plane_of
from geo.crs.belts import belts

COLUMNS = ("at", "plot", "ring", "point", "label", "north", "east", "edge_m")


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """The boundary points of a request.

    Parameters
    ----------
    table : columns at (plot from 0), plot (its number or name), ring (1: outline, others: holes or parts),
        point (from 1 within the plot), label (J1 …), north, east (with the belt number), edge_m to the next
        point; the first point of a ring is not told a second time
    epsg : belt of the plane, 0 where there is no land
    """

    table: pd.DataFrame
    epsg: int

    @property
    def said(self) -> str:
        """The plane in words.

        >>> Points(pd.DataFrame(), 4547).said
        'CGCS2000 3度带 38 带，中央子午线 114°，横坐标含带号，单位：米'
        """
        if not self.epsg:
            return ""
        belt = belts()[self.epsg]
        return f"CGCS2000 3度带 {belt.number} 带，中央子午线 {belt.central_meridian}°，横坐标含带号，单位：米"


def points_of(asked: gpd.GeoSeries, plots: Sequence[Mapping[str, Any]] = ()) -> Points:
    """The points of shapes in EPSG:4490, one shape a plot.

    Parameters
    ----------
    plots : of the document; they name the shapes when there are as many of both

    >>> square = gpd.GeoSeries([shapely.box(113.999, 34.0, 114.001, 34.002)], crs=4490)
    >>> made = points_of(square, [{"plot_no": "G1-01"}]).table
    >>> made["label"].tolist(), made["ring"].unique().tolist(), made["plot"].unique().tolist()
    (['J1', 'J2', 'J3', 'J4'], [1], ['G1-01'])
    >>> made["east"].round(1).tolist()
    [38500092.4, 38500092.4, 38499907.6, 38499907.6]
    """
    if not len(asked):
        return Points(pd.DataFrame(columns=list(COLUMNS)), 0)
    epsg = belt_code(asked)
    flat = plane_of(asked, epsg)
    lines, plot_of = _rings(flat)
    xy, ring_of = shapely.get_coordinates(lines, return_index=True)
    last = np.append(ring_of[1:] != ring_of[:-1], True)
    steps = np.hypot(*(np.roll(xy, -1, axis=0) - xy).T)
    kept = ~last
    at = plot_of[ring_of[kept]]
    table = pd.DataFrame({"at": at, "ring": ring_of[kept]})
    table["ring"] -= table.groupby("at")["ring"].transform("min") - 1
    table["point"] = table.groupby("at").cumcount() + 1
    names = np.array(_names(len(asked), plots), dtype=object)
    several = len(asked) > 1
    table["plot"] = names[at]
    lead = (table["at"] + 1).astype(str) + "-J" if several else "J"
    table["label"] = lead + table["point"].astype(str)
    table["north"] = xy[kept, 1]
    table["east"] = xy[kept, 0] + belts()[epsg].number * 1e6
    table["edge_m"] = steps[kept]
    return Points(table[list(COLUMNS)], epsg)


def _rings(flat: Any) -> tuple[Any, Any]:
    """All rings, outlines before their holes, and the plot of each."""
    parts, of_part = shapely.get_parts(flat, return_index=True)
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts, of_part = parts[areal], of_part[areal]
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    return rings, of_part[of_ring]


def _names(count: int, plots: Sequence[Mapping[str, Any]]) -> list[str]:
    """What each plot is called: its number, else its name, else its place in the row."""
    if len(plots) != count:
        return [f"地块{n}" for n in range(1, count + 1)]
    return [clean(each.get("plot_no") or each.get("name") or f"地块{n}") for n, each in enumerate(plots, 1)]

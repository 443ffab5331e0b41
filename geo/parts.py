"""Parts (多区块): a zone that a file gives in several rows becomes one feature of several parts."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.records import Fault, Severity
from geo.areas import ellipsoidal_area_m2

OF_PARTS = ("zones",)


def joined(frame: gpd.GeoDataFrame, key: Sequence[str]) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """Rows of the same key as one row: parts side by side, areas added, the first row's words.

    Parameters
    ----------
    frame : with `area_m2`, in EPSG:4490
    key : columns that together name a feature; rows that lack one stay apart

    Returns
    -------
    the frame, and a warning for each column in which the parts of a feature differ. Parts that overlap are
    united, and the area of the whole measured again.
    """
    key = list(key)
    again = (frame.duplicated(key, keep=False) & frame[key].notna().all(axis=1)).to_numpy()
    if not again.any():
        return frame, []
    faults: list[Fault] = []
    first, drop = [], []
    shapes, areas = frame.geometry.to_numpy().copy(), frame["area_m2"].to_numpy(np.float64).copy()
    positions = pd.Series(np.arange(len(frame)), frame.index)[again]
    named = frame.loc[again, key].astype("str").agg(" ".join, axis=1)
    for name, group in positions.groupby(named.to_numpy(), sort=False):
        at = group.to_numpy()
        shapes[at[0]], areas[at[0]] = _together(shapes[at]), areas[at].sum()
        if not shapely.is_valid(shapes[at[0]]):
            shapes[at[0]] = shapely.union_all(shapes[at])
            areas[at[0]] = ellipsoidal_area_m2(shapes[at[:1]], 4490)[0]
        first.append(at[0])
        drop.extend(at[1:])
        faults += _differing(frame.iloc[at], str(name), [*key, "area_m2", frame.geometry.name])
    whole = frame.assign(area_m2=areas).set_geometry(gpd.array.from_shapely(shapes, crs=frame.crs))
    return whole.drop(index=frame.index[drop]), faults


def _together(shapes: np.ndarray) -> shapely.Geometry:
    """All polygons of some geometries as one."""
    parts = shapely.get_parts(shapes[~shapely.is_missing(shapes)])
    return shapely.multipolygons(parts) if len(parts) else None


def _differing(rows: pd.DataFrame, name: str, besides: Sequence[str]) -> list[Fault]:
    return [
        Fault(
            "parts_differ",
            f"The {len(rows)} parts of {name} differ in {column}: "
            f"{', '.join(str(value) for value in rows[column].dropna().unique()[:3])}. The first is kept.",
            "Give all parts the same value.",
            Severity.WARNING,
            feature=name,
            column=column,
        )
        for column in rows.columns.difference(list(besides))
        if len(rows[column].dropna().unique()) > 1
    ]

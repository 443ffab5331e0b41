"""Shapes (图形): polygons that are invalid, empty, without area, or carry heights."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely

from data.records import Fault, Severity
from geo.checks.around import Around


def shapes(frame: gpd.GeoDataFrame, around: Around) -> Iterator[Fault]:
    """A fault for each feature that has no sound polygon; invalid ones with reason and place."""
    polygons, names = np.asarray(frame.geometry), around.names(frame)
    missing = shapely.is_missing(polygons) | shapely.is_empty(polygons)
    for at in np.flatnonzero(missing):
        yield Fault(
            "geometry_missing",
            "The feature has no geometry.",
            "Draw it, or take the row out.",
            feature=names[at],
        )
    for at in np.flatnonzero(~missing & ~shapely.is_valid(polygons)):
        yield Fault(
            "geometry_invalid",
            f"The polygon is invalid: {_reason(polygons[at])}.",
            "Correct it there, or ingest with --repair, which says what it does to the area.",
            feature=names[at],
        )
    flat = ~missing & (shapely.area(polygons) == 0)
    for at in np.flatnonzero(flat):
        yield Fault(
            "geometry_without_area", "The polygon encloses no area.", "Draw it again.", feature=names[at]
        )
    for at in np.flatnonzero(shapely.has_z(polygons)):
        yield Fault(
            "heights_present",
            "The polygon carries heights (Z), which areas and overlays do not use.",
            "Nothing need be done; drop Z when the layer is exported again.",
            Severity.WARNING,
            feature=names[at],
        )


def _reason(polygon: shapely.Geometry) -> str:
    """The reason as GEOS words it, with the place to 1e-6 degrees."""
    said = str(shapely.is_valid_reason(polygon))
    what, bracket, place = said.partition("[")
    if not bracket:
        return what
    lon, lat = (float(number) for number in place.rstrip("]").split()[:2])
    return f"{what} at {lon:.6f}, {lat:.6f}"

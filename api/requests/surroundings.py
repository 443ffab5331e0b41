"""What lies around a request (四至与周边): neighbours that may be named, for the four limits and the map."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import shapely

from api.requests.layers import Layers
from data.book.interface import Ask, Book
from geo.boundary_change.request import Request
from geo.boundary_change.soundness import limits

BESIDE = 0.002
"""Degrees around the land asked for in which neighbours are looked for, about 200 m"""
NAMED = (
    "other_zone",
    "water",
    "river_land",
    "ecological_red_line",
    "basic_farmland",
    "nature_reserve",
    "heritage",
)


def limits_of(book: Book, request: Request, layers: Layers, zone: str) -> Mapping[str, str]:
    """The four limits of the land asked for, or of the whole zone where none is."""
    shape = request.asked if not request.asked.is_empty else request.boundary
    if shape.is_empty:
        return {}
    told = limits(shape, request.plane, neighbours(book, request, layers, shape))
    return {side: limit.words for side, limit in told.items()}


def neighbours(book: Book, request: Request, layers: Layers, shape: shapely.Geometry) -> gpd.GeoDataFrame:
    """Zones and open constraint features near a shape: `name` and geometry in EPSG:4490."""
    west, south, east, north = (float(side) for side in request.degrees(shape).bounds)
    box = (west - BESIDE, south - BESIDE, east + BESIDE, north + BESIDE)
    zones = book.read("zones", Ask(on=request.day, box=box), columns=["name", "geometry"])
    open_layers = layers.open
    around = open_layers[open_layers["role"].isin(NAMED)]
    both = pd.concat([zones[["name", "geometry"]], around[["name", "geometry"]]], ignore_index=True)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=4490)

"""Where the rows of a listing lie (上图): on the parcels, enterprises or zones that they name."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from api.listings.listing import Listing
from data.book.interface import Ask, Book


def placed(listing: Listing) -> gpd.GeoDataFrame:
    """The shown rows with the geometry of what they name; None where it has no place in the book."""
    rows = listing.frame[list(listing.columns)].reset_index(drop=True)
    geometry = np.full(len(rows), None, dtype=object)
    for by in listing.placed_by.split():
        shapes = _shapes(listing, by)
        names = listing.frame[by].astype(object).where(listing.frame[by].notna(), "").astype(str)
        for at, name in enumerate(names):
            geometry[at] = shapes.get(name) if geometry[at] is None else geometry[at]
    return gpd.GeoDataFrame(rows, geometry=geometry, crs=4490)


def _shapes(listing: Listing, by: str) -> dict[str, Any]:
    asked = listing.asked
    if by in ("zone", "code", "subject"):
        zones = asked.book.read("zones", Ask(on=asked.day), columns=["code", "geometry"])
        return dict(zip(zones["code"], zones.geometry, strict=True))
    parcels = parcels_in(asked.book, asked.zone, asked.day, [by, "geometry"])
    return _merged(parcels, by)


def parcels_in(book: Book, zone: Any, day: Any, names: list[str]) -> gpd.GeoDataFrame:
    """Columns of the parcels that a zone may claim: its own, and those of no zone that meet it."""
    box = tuple(float(side) for side in shapely.bounds(zone["geometry"]))
    found = book.read("parcels", Ask(on=day, box=box), columns=[*names, "zone"])
    mine = found["zone"].isna() | (found["zone"] == zone["code"])
    return found[mine]


def _merged(parcels: pd.DataFrame, by: str) -> dict[str, Any]:
    """One geometry for each name: the parts of all its parcels."""
    held = parcels[parcels[by].notna()]
    if not len(held):
        return {}
    parts, row = shapely.get_parts(np.asarray(held.geometry), return_index=True)
    names, which = np.unique(held[by].to_numpy(dtype=str)[row], return_inverse=True)
    order = np.argsort(which, kind="stable")
    return dict(zip(names.tolist(), shapely.multipolygons(parts[order], indices=which[order]), strict=True))

"""The parcels of a zone (开发区内地块): which they are, and how much of each lies within the boundary.

A parcel that names its zone belongs to it, with the part that lies inside; one that names none belongs to
the zones on which it lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.book.interface import Ask, Book
from data.kinds import kind
from data.records import Fault, Severity
from geo.overlay import Zones, overlay

SLIVER = 1e-3  # a parcel that lies in its zone but for a thousandth is wholly in it
APPORTIONED = ("area_m2", "floor_area_m2", "footprint_m2", "yard_m2")
PARCEL_COLUMNS = (*kind("parcels").columns, "area_m2", "geometry", "version")


def parcels_of(book: Book, zone: Mapping[str, Any], day: date) -> tuple[pd.DataFrame, list[Fault]]:
    """The parcels of a zone with `area_m2` apportioned to it, and what is odd about where they lie.

    A parcel that names its zone belongs to it, with the part that lies inside; one that names none
    belongs to the zones on which it lies. Floor area, footprint and yard are apportioned like the area.
    """
    return apportioned(candidates(book, zone, day), zone)


def apportioned(mine: gpd.GeoDataFrame, zone: Mapping[str, Any]) -> tuple[pd.DataFrame, list[Fault]]:
    """Those of some parcels that lie in a zone, with their sizes apportioned, and what is odd about them.

    Parameters
    ----------
    mine : rows of the kind `parcels` with `area_m2` and geometry in EPSG:4490, as `candidates` reads them
    zone : `code` and `geometry`, the boundary to apportion to, whether the zone has it or not
    """
    if not len(mine):
        return mine.reset_index(drop=True), []
    mine = mine.reset_index(drop=True)
    named = mine["zone"].notna()
    shares = overlay(mine.geometry, 4490, Zones([zone["geometry"]], 4490, [zone["code"]]))
    within = np.zeros(len(mine))
    within[shares.parcel] = shares.area_m2
    inside = pd.Series(within, mine.index)
    whole = pd.Series(shares.parcel_area_m2, mine.index)
    share = (inside / whole).where(inside < whole * (1 - SLIVER), 1.0).where(inside > whole * SLIVER, 0.0)
    kept = (share > 0).to_numpy()
    gone = mine.loc[named & ~kept, "parcel_id"]
    faults = _strays(set(gone[~gone.isin(mine.loc[kept, "parcel_id"])]), zone)
    across = (kept & (share < 1) & named).to_numpy()
    faults += _crossing(mine.loc[across, "parcel_id"], share[across], zone)
    mine, share = (mine, share) if kept.all() else (mine[kept].reset_index(drop=True), share[kept])
    sizes = {
        name: pd.to_numeric(mine[name], errors="coerce").to_numpy(np.float64) * share.to_numpy()
        for name in APPORTIONED
    }
    return mine.assign(share=share.to_numpy(), **sizes), faults


def candidates(book: Book, zone: Mapping[str, Any], day: date) -> gpd.GeoDataFrame:
    """Parcels that name the zone, wherever they lie, and those on it that name none, as stored, by id."""
    own = book.read("parcels", Ask(on=day, zone=str(zone["code"])), PARCEL_COLUMNS)
    west, south, east, north = map(float, shapely.bounds(zone["geometry"]))
    loose = book.read("parcels", Ask(on=day, zone="", box=(west, south, east, north)), PARCEL_COLUMNS)
    loose = loose[loose["zone"].isna()]
    return pd.concat([own, loose]).sort_index() if len(own) and len(loose) else own if len(own) else loose


def _crossing(parcels: pd.Series, share: pd.Series, zone: Mapping[str, Any]) -> list[Fault]:
    return [
        Fault(
            "crosses_boundary",
            f"{part:.1%} of the parcel lies in {zone['code']}, to which it says it belongs.",
            "That part is counted. Correct the parcel, or its zone, if it should not cross.",
            Severity.WARNING,
            "parcels",
            str(parcel),
        )
        for parcel, part in zip(parcels, share, strict=True)
    ]


def _strays(parcels: set[str], zone: Mapping[str, Any]) -> list[Fault]:
    return [
        Fault(
            "outside_its_zone",
            f"The parcel says that it belongs to {zone['code']}, and lies wholly outside of it.",
            "It is not counted. Correct its zone, or the boundary.",
            Severity.WARNING,
            "parcels",
            parcel,
        )
        for parcel in sorted(parcels)
    ]

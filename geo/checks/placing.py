"""Placing (位置): parcels that lie out of every zone, out of their own, or in two; zones not covered."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np

from data.errors import LayerUnusable
from data.records import Fault, Severity
from geo.checks.around import Around
from geo.overlay import LEAST_PIECE_M2, Shares, Zones, overlay


def places(frame: gpd.GeoDataFrame, around: Around) -> Iterator[Fault]:
    """Faults of where parcels lie; nothing where no zones are known or they cannot be overlaid."""
    if around.zones is None or not len(around.zones) or not len(frame):
        return
    codes = around.zones["code"].astype("str").to_numpy()
    try:
        shares = overlay(frame.geometry, 4490, Zones(around.zones.geometry, 4490, codes))
    except LayerUnusable as odd:
        yield Fault("places_not_checked", str(odd), "Then check again.", Severity.WARNING)
        return
    yield from _strays(frame, shares, codes, around)
    yield from _in_two(frame, shares, codes, around)
    yield from _uncovered(around.zones, shares)


def _strays(frame: gpd.GeoDataFrame, shares: Shares, codes: np.ndarray, around: Around) -> Iterator[Fault]:
    names, whole = around.names(frame), shares.parcel_area_m2
    inside = np.bincount(shares.parcel, shares.area_m2, len(frame))
    own = frame["zone"].astype("str").to_numpy()
    mine = codes[shares.zone] == own[shares.parcel]
    in_own = np.bincount(shares.parcel[mine], shares.area_m2[mine], len(frame))
    named = frame["zone"].notna().to_numpy() & np.isin(own, codes)
    allowed = around.tolerances.outside_share
    with np.errstate(invalid="ignore"):
        nowhere = inside <= whole * allowed
        elsewhere = named & ~nowhere & (in_own < whole * (1 - allowed))
        partly = ~named & ~nowhere & (inside < whole * (1 - allowed))
    for at in np.flatnonzero(nowhere):
        yield Fault(
            "outside_every_zone",
            f"The parcel ({whole[at]:,.2f} m²) lies in none of the {len(codes)} zones.",
            "Correct its place or CRS, or ingest the zone it belongs to.",
            Severity.WARNING,
            feature=names[at],
            area_m2=float(whole[at]),
        )
    for at in np.flatnonzero(elsewhere | partly):
        there, name = (in_own[at], own[at]) if named[at] else (inside[at], "any zone")
        yield Fault(
            "crosses_boundary",
            f"{there / whole[at]:.2%} of the parcel lies in {name}; {whole[at] - there:,.2f} m² do not.",
            "Only the part inside is counted. Correct the parcel, or its zone.",
            Severity.WARNING,
            feature=names[at],
            area_m2=float(whole[at] - there),
        )


def _in_two(frame: gpd.GeoDataFrame, shares: Shares, codes: np.ndarray, around: Around) -> Iterator[Fault]:
    real = shares.area_m2 > np.maximum(
        around.tolerances.overlap_m2, shares.parcel_area_m2[shares.parcel] * around.tolerances.outside_share
    )
    parcel, zone = shares.parcel[real], shares.zone[real]
    names = around.names(frame)
    for at in np.flatnonzero(np.bincount(parcel, minlength=len(frame)) > 1):
        said = ", ".join(sorted(codes[zone[parcel == at]]))
        yield Fault(
            "in_several_zones",
            f"The parcel lies in {said}.",
            "Cut it at the boundary, or name its zone; where zones overlap, correct them.",
            Severity.WARNING,
            feature=names[at],
        )


def _uncovered(zones: gpd.GeoDataFrame, shares: Shares) -> Iterator[Fault]:
    covered = np.bincount(shares.zone, shares.area_m2, len(zones))
    area = zones["area_m2"].to_numpy(np.float64)
    for at in np.flatnonzero((area - covered > area * 1e-3) & (covered > LEAST_PIECE_M2)):
        yield Fault(
            "zone_not_covered",
            f"Parcels cover {covered[at] / area[at]:.2%} of {zones['code'].iloc[at]}; "
            f"{area[at] - covered[at]:,.2f} m² have none.",
            "Supply the missing parcels. Shares are of the land that parcels show.",
            Severity.WARNING,
            feature=str(zones["code"].iloc[at]),
            area_m2=float(area[at] - covered[at]),
        )

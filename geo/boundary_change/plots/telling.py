"""What speaks against a reading (坐标疑点), in words."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from data.records import Fault, Severity
from geo.boundary_change.plots.readings import FAR_KM, Reading, km_of
from geo.crs import Box, name_of
from geo.crs.belts import Belt, belt_of
from geo.crs.contradictions import place_in_words


def packed() -> Fault:
    """The warning that degrees were unpacked."""
    return Fault(
        "degrees_packed",
        "The coordinates hold degrees, minutes and seconds in one number, as 1133205.12 for 113°32′05.12″; "
        "they were read as such.",
        "Check the plots on the map; write degrees with decimals.",
        Severity.WARNING,
    )


def perhaps_packed(km: float) -> Fault:
    """The error that degrees with decimals lie far off, and packed ones at the zone."""
    return Fault(
        "degrees_packed",
        f"Read as degrees with decimals the plots lie {in_km(km)} from the zone; read as degrees, minutes "
        "and seconds (113.320512 for 113°32′05.12″) they lie at it.",
        "Convert the coordinates to degrees with decimals.",
    )


def shifted(shift: str, km: float) -> Fault:
    """The warning that degrees may be those of a web map."""
    return Fault(
        "web_map_shift_suspected",
        f"The plots lie {in_km(km)} beside the zone, and at it once they are taken for {shift}, the shifted "
        "coordinates of web maps.",
        f"If they were drawn on a web map, choose --crs {shift}, and have them surveyed before anything is "
        "decided.",
        Severity.WARNING,
    )


def far_off(km: float, place: tuple[float, float], line: int) -> Fault:
    """That a plot lies far from the zone: a warning where it may be meant, an error where it cannot be."""
    return Fault(
        "far_from_zone",
        f"The plot lies at {place_in_words(*place)}, {in_km(km)} from the zone. No other reading of its "
        "coordinates that we know puts it near.",
        "Check coordinates, belt and zone.",
        Severity.ERROR if km > FAR_KM else Severity.WARNING,
        row=line,
    )


def belt_number(said: str, belt: Belt, code: int) -> Fault:
    """The warning that eastings lack the belt number that their CRS has before them, or the reverse."""
    has = "no belt number" if belt.prefixed else f"the belt number {belt.number}"
    return Fault(
        "belt_number",
        f"{said} is declared, but the eastings have {has} before them; they were read in EPSG:{code}, the "
        "same belt so written.",
        f"Declare EPSG:{code}.",
        Severity.WARNING,
    )


def swapped(said: str, crs: CRS, middle: tuple[float, float], near: Box) -> Fault:
    """The warning that the axes were exchanged."""
    km = km_of(crs, middle[1], middle[0], near)
    order = "latitude stands before longitude" if max(middle) <= 180 else "northing stands before easting"
    return Fault(
        "axes_swapped",
        f"The two axes stand in the wrong order: {order}. Exchanged, the plots lie {in_km(km)} from the zone "
        f"in {said or name_of(crs)}; as they stand they lie nowhere near it. They were exchanged.",
        "Exchange the axes in the file, if it goes on to others.",
        Severity.WARNING,
    )


def wrong_belt(said: str, km: float, reading: Reading, middle: tuple[float, float], near: Box) -> Fault:
    """The error that plots are declared in another belt, or CRS, than that in which they lie near."""
    crs = CRS.from_user_input(reading.code)
    x = middle[0] % 1e6 if reading.renumbered else middle[0]
    better = belt_of(crs)
    belt = belt_of(CRS.from_user_input(said)) if said.startswith("EPSG:") else None
    apart = f"they lie {in_km(km)} from the zone" if np.isfinite(km) else "the numbers cannot be"
    was = f"In {said}{f' (belt {belt.number})' if belt else ''} {apart}" if said else (
        f"The eastings begin with the belt number {int(middle[0] // 1e6)}, which lies far from the zone"
    )  # fmt: skip
    now = f"{reading.code}{f' (belt {better.number})' if better else ''}"
    number = ", without the number before the eastings," if reading.renumbered else ""
    remedy = f"Choose with --crs {reading.code}, if that is what was meant; else check the coordinates."
    if reading.renumbered and better is not None:
        remedy = f"Have the belt number before the eastings corrected to {better.number}, or taken away."
    return Fault(
        "wrong_belt" if better is not None else "wrong_crs",
        f"{was}; in {now}{number} they lie {in_km(km_of(crs, x, middle[1], near))} from it.",
        remedy,
    )


def in_km(km: float) -> str:
    """A distance as a person says it.

    >>> in_km(281.3), in_km(1.26), in_km(0.0)
    ('281 km', '1.3 km', '0 km')
    """
    return f"{km:.0f} km" if km >= 10 or km == 0 else f"{km:.1f} km"


def belts_mixed(frame: gpd.GeoDataFrame) -> tuple[NDArray[np.bool_], list[Fault]]:
    """Which plots have the belt number before their eastings that most have, and errors for the others.

    Parameters
    ----------
    frame : polygons; the index holds the line of each plot
    """
    bounds = shapely.bounds(frame.geometry.to_numpy())
    known = np.isfinite(bounds).all(axis=1) & (bounds[:, 1] > 3e5) & (bounds[:, 0] > 1e5)
    number = np.where(known, np.nan_to_num(bounds[:, 0]) // 1e6, -1).astype(np.int64)
    found, count = np.unique(
        number[known & ((number == 0) | (number >= 13) & (number < 46))], return_counts=True
    )
    if len(found) < 2:
        return np.ones(len(frame), bool), []
    usual = int(found[count.argmax()])
    other = np.isin(number, found) & (number != usual)
    lines = frame.index.to_numpy()

    def said(which: int) -> str:
        return f"the belt number {which}" if which else "no belt number"

    faults = [
        Fault(
            "belts_disagree",
            f"The eastings of the plot have {said(int(number[at]))} before them, and most of the file have "
            f"{said(usual)}: one file holds one belt.",
            "Convert all plots to one belt, or keep those of each belt in a file of its own.",
            row=int(lines[at]),
        )
        for at in np.flatnonzero(other).tolist()
    ]
    return ~other, faults

"""Whether numbers can be coordinates in a CRS, and if not, why not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from geo.crs.belts import Belt, belt_of, horizontal, transverse_mercator
from geo.crs.looks import CHINA, NORTHINGS, Box, in_box
from geo.crs.transform import Floats, place_of

Flags = NDArray[np.bool_]
EVERYWHERE: Box = (-np.inf, -np.inf, np.inf, np.inf)


def fits(crs: CRS, bounds: Floats, within: Box) -> Flags:
    """Which features have numbers that the CRS can have: a quick test on their boxes.

    Parameters
    ----------
    bounds : (n, 4) boxes in the numbers of the file
    within : west, south, east, north in degrees of where they must lie

    Returns
    -------
    (n,) False for a box that is not finite, or not wholly within the image of `within`
    """
    west, south, east, north = native_box(crs, within)
    belt = belt_of(crs)
    if belt is not None and belt.prefixed:
        west, east = max(west, belt.number * 1e6), min(east, (belt.number + 1) * 1e6)
    inside = (bounds[:, 0] >= west) & (bounds[:, 2] <= east)
    return np.asarray(inside & (bounds[:, 1] >= south) & (bounds[:, 3] <= north) & np.isfinite(bounds).all(1))


def native_box(crs: CRS, box: Box) -> Box:
    """A box of degrees in the numbers of a CRS; without bounds where it has no image there."""
    plane = horizontal(crs)
    if plane.is_geographic or plane.geodetic_crs is None:
        return box
    try:
        to_plane = Transformer.from_crs(plane.geodetic_crs, plane, always_xy=True)
        image = to_plane.transform_bounds(*box)
    except ProjError:
        return EVERYWHERE
    return image if np.isfinite(image).all() else EVERYWHERE


def contradiction(crs: CRS, x: float, y: float, within: Box = CHINA, city_box: Box | None = None) -> str:
    """Why a point cannot be in a CRS, in words that end a sentence; empty when it can.

    >>> contradiction(CRS(4526), 39_470_000, 3_850_000)
    'the eastings begin with 39, and those of belt 38 begin with 38'
    >>> contradiction(CRS(4526), 38_470_000, 3_850_000)
    ''
    """
    if not (np.isfinite(x) and np.isfinite(y)):
        return "the numbers are not finite"
    plane = horizontal(crs)
    said = _not_degrees(x, y, within) if plane.is_geographic else _not_metres(plane, x, y)
    if said:
        return said
    lon, lat = place_of(plane, x, y)
    if not in_box(lon, lat, within):
        where = "outside of China" if within == CHINA else f"outside of {box_in_words(within)}"
        return f"that puts them at {place_in_words(lon, lat)}, {where}"
    if city_box is not None and not in_box(lon, lat, city_box):
        return (
            f"that puts them at {place_in_words(lon, lat)}, outside of the box of the city, "
            f"{box_in_words(city_box)}"
        )
    return ""


def _not_degrees(x: float, y: float, within: Box) -> str:
    if in_box(y, x, within) and not in_box(x, y, within):
        return "latitude stands before longitude"
    if abs(x) > 180 or abs(y) > 90:
        return "metres stand where degrees are expected"
    return ""


def _not_metres(plane: CRS, x: float, y: float) -> str:
    if abs(x) <= 180 and abs(y) <= 180:
        return "degrees stand where metres are expected"
    if transverse_mercator(plane) is None:
        return ""
    if NORTHINGS[0] <= x <= NORTHINGS[1] and not NORTHINGS[0] <= y <= NORTHINGS[1]:
        return "northing stands before easting"
    belt = belt_of(plane)
    return _wrong_number(belt, int(x // 1e6)) if belt is not None else ""


def _wrong_number(belt: Belt, found: int) -> str:
    if belt.prefixed and found == 0:
        return f"the eastings have no belt number before them, and those of belt {belt.number} have"
    if belt.prefixed and found != belt.number:
        return f"the eastings begin with {found}, and those of belt {belt.number} begin with {belt.number}"
    if not belt.prefixed and 13 <= found <= 45:
        return f"the eastings begin with the belt number {found}, and those of this CRS have none"
    return ""


def place_in_words(lon: float, lat: float) -> str:
    """A place in degrees, two decimals.

    >>> place_in_words(113.7, 34.756), place_in_words(-71.06, float("inf"))
    ('113.70E 34.76N', 'no place on Earth')
    """
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return "no place on Earth"
    return f"{abs(lon):.2f}{'E' if lon >= 0 else 'W'} {abs(lat):.2f}{'N' if lat >= 0 else 'S'}"


def box_in_words(box: Box) -> str:
    """A box in degrees, two decimals.

    >>> box_in_words((112.7, 34.3, 114.2, 34.9))
    '112.70-114.20E 34.30-34.90N'
    """
    west, south, east, north = box
    return f"{west:.2f}-{east:.2f}E {south:.2f}-{north:.2f}N"

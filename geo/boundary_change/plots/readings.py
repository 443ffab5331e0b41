"""Other readings of coordinates (坐标的其他读法): other axes, other belts, packed degrees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from data.formats.point_tables.cells import unpacked
from geo.crs.belts import belts, horizontal
from geo.crs.contradictions import contradiction
from geo.crs.looks import CHINA, Box, looks_of
from geo.crs.offsets import from_bd09, from_gcj02
from geo.crs.transform import place_of

Floats = NDArray[np.float64]

NEAR_KM = 20.0
"""What lies within is where a request for a zone can be meant to lie"""
FAR_KM = 100.0
"""What lies farther is read wrongly, or of another zone; a wrong 3-degree belt puts it 250 km off and more"""
KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Reading:
    """One way of reading the numbers.

    Parameters
    ----------
    code : EPSG:4526 and the like
    swapped : with the two axes exchanged
    renumbered : the easting without the belt number before it
    """

    code: str
    swapped: bool = False
    renumbered: bool = False


def grown(box: Box, km: float = NEAR_KM) -> Box:
    """A box of degrees, wider by so many kilometres on each side.

    >>> [round(side, 2) for side in grown((113.0, 34.0, 113.1, 34.1), 111.2)]
    [111.79, 33.0, 114.31, 35.1]
    """
    west, south, east, north = box
    up = km / KM_PER_DEGREE
    across = up / np.cos(np.radians((south + north) / 2))
    return float(west - across), float(south - up), float(east + across), float(north + up)


def km_between(boxes: Floats, box: Box) -> Floats:
    """(n,) kilometres from boxes of degrees to a box, to some per cent; 0 where they meet, nan without one.

    >>> km_between(np.array([[113.0, 35.0, 113.1, 35.1]]), (113.0, 34.0, 113.1, 34.5)).round(1).tolist()
    [55.6]
    """
    west, south, east, north = box
    across = np.maximum(np.maximum(west - boxes[:, 2], boxes[:, 0] - east), 0)
    up = np.maximum(np.maximum(south - boxes[:, 3], boxes[:, 1] - north), 0)
    return np.asarray(KM_PER_DEGREE * np.hypot(across * np.cos(np.radians((south + north) / 2)), up))


def near_readings(x: float, y: float, near: Box) -> list[Reading]:
    """The readings that put a point within NEAR_KM of a box, likeliest first; none where none does."""
    return [*_readings(x, y, grown(near)), *_renumbered(x, y, grown(near))]


def sure_readings(x: float, y: float) -> list[Reading]:
    """The readings of a point that its numbers alone allow: a belt with its number, or degrees."""
    looks = looks_of(x, y)
    if any("wrong order" in look.why for look in looks):
        return []
    sure = [Reading(look.code) for look in looks if _is_ours(look.code)]
    return [] if any(not look.code for look in looks) else sure


def _readings(x: float, y: float, box: Box) -> Iterator[Reading]:
    looks = looks_of(x, y, box)
    swapped = bool(looks) and "wrong order" in looks[0].why
    if looks and not looks[0].code and not swapped:
        return  # nothing lies in the box: what follows are readings anywhere in China
    for look in looks:
        if _is_ours(look.code):
            yield Reading(look.code, swapped)


def _renumbered(x: float, y: float, box: Box) -> Iterator[Reading]:
    """The same easting behind another belt number."""
    if not 13e6 <= x < 46e6:
        return
    for reading in _readings(x % 1e6, y, box):
        belt = belts().get(int(reading.code.partition(":")[2]))
        if belt is not None and not reading.swapped:
            yield Reading(reading.code, renumbered=True)


def _is_ours(code: str) -> bool:
    """Whether a look is a CRS of China: no shift, not the plane of web maps, no place abroad."""
    return code.startswith("EPSG:") and code not in {"EPSG:3857", "EPSG:4326"}


def swap_fits(crs: CRS, x: float, y: float, near: Box | None) -> bool:
    """Whether a point lies near, or in China, in a CRS once its axes are exchanged."""
    return contradiction(crs, y, x, CHINA if near is None else grown(near)) == ""


def km_of(crs: CRS, x: float, y: float, near: Box) -> float:
    """Kilometres from a point to a box; inf where the point has no place."""
    lon, lat = place_of(crs, x, y)
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return float("inf")
    return float(km_between(np.array([[lon, lat, lon, lat]]), near)[0])


def shifts_near(crs: CRS, bounds: Floats, near: Box) -> list[str]:
    """Web-map shifts whose undoing moves degrees that miss a box into it: gcj02, bd09.

    Parameters
    ----------
    bounds : (4,) of all plots
    """
    if not horizontal(crs).is_geographic or km_between(bounds[None], near)[0] == 0:
        return []
    found = []
    for name, undo in (("gcj02", from_gcj02), ("bd09", from_bd09)):
        west, south = undo(bounds[0], bounds[1])
        east, north = undo(bounds[2], bounds[3])
        if km_between(np.array([[float(west), float(south), float(east), float(north)]]), near)[0] == 0:
            found.append(name)
    return found


def degrees_unpacked(points: Floats) -> Floats | None:
    """Points whose numbers pack degrees, minutes, seconds, as 1133205.12 or 113.320512; else None.

    >>> degrees_unpacked(np.array([[113.3206, 34.45]])).round(6).tolist()    # 113°32'06", 34°45'00"
    [[113.535, 34.75]]
    """
    if np.abs(points).max(initial=0) <= 180:
        points = np.round(points * 1e4, 6)
    x, y = unpacked(points[:, 0], 180), unpacked(points[:, 1], 90)
    return np.column_stack([x, y]) if x is not None and y is not None else None

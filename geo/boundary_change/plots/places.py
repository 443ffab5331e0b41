"""Where plots lie (地块坐标系): the CRS that holds for them, and what speaks against it.

A file that declares none is read as its numbers allow, if they allow one reading only, or one only that lies
near the zone. Axes are exchanged only where that is the one reading near the zone. Nothing else is mended: it
is named, with what it would be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from data.errors import CrsContradicted, CrsMissing
from data.records import Fault, Severity
from geo.boundary_change.plots import telling
from geo.boundary_change.plots.readings import (
    NEAR_KM,
    Reading,
    degrees_unpacked,
    km_between,
    km_of,
    near_readings,
    shifts_near,
    sure_readings,
    swap_fits,
)
from geo.crs import Box, choose, declare, name_of, to_geographic
from geo.crs.belts import CGCS2000, belt_of, code_of, datum_of, horizontal, registered
from geo.crs.chosen import ChosenCrs, is_tied
from geo.crs.transform import middle_of
from geo.rows import with_shapes

Floats = NDArray[np.float64]
AS_WELL_KM = 1.0


@dataclass(frozen=True)
class Placed:
    """Plots in a CRS that holds.

    Parameters
    ----------
    frame : with its CRS; rows as they were, their index counting lines from 0
    name : of the CRS the coordinates came in: EPSG:4526, gcj02
    faults : warnings, and errors where plots cannot lie there
    """

    frame: gpd.GeoDataFrame
    name: str
    faults: tuple[Fault, ...] = ()


def placed(frame: gpd.GeoDataFrame, chosen: str | None, near: Box | None) -> Placed:
    """Plots in the CRS that is chosen, declared, or the only one that fits.

    Parameters
    ----------
    frame : polygons; the index holds the line of each plot
    chosen : as `geo.crs.choose` spells it
    near : west, south, east, north in degrees of the zone; None where there is none yet

    Raises
    ------
    CrsMissing, CrsContradicted : the numbers fit no CRS, or several; the message says which
    """
    middle = middle_of(shapely.bounds(frame.geometry.to_numpy()))
    if middle is None:
        crs = choose(chosen).crs if chosen else frame.crs
        return Placed(frame.set_crs(crs, allow_override=True), name_of(crs) if crs is not None else "")
    if chosen is None and (frame.crs is None or not is_tied(frame.crs)):
        found = _assumed(frame, middle, near)
    else:
        found = _as_said(frame, chosen, middle, near)
    if near is not None:
        found = _held_to_the_zone(found, near)
    datum = datum_of(horizontal(found.frame.crs))
    if datum not in {CGCS2000, "WGS 84"}:
        return replace(found, frame=to_geographic(found.frame))
    return found


def _as_said(
    frame: gpd.GeoDataFrame, chosen: str | None, middle: tuple[float, float], near: Box | None
) -> Placed:
    """In the CRS that is chosen or declared; with the axes exchanged or the belt number put right."""
    choice = choose(chosen) if chosen else ChosenCrs(registered(frame.crs))
    try:
        layer, faults = declare(frame, chosen, first_row=0)
    except CrsContradicted:
        mended = None if choice.shift else _mended(frame, choice.crs, middle, near)
        if mended is None:
            raise
        return mended
    return Placed(layer, choice.name, faults)


def _mended(
    frame: gpd.GeoDataFrame, crs: CRS, middle: tuple[float, float], near: Box | None
) -> Placed | None:
    """What a CRS that the numbers contradict must have meant; None where that is not plain."""
    belt, number = belt_of(crs), int(middle[0] // 1e6)
    if belt is not None and (number == belt.number or number == 0):
        code = code_of(replace(belt, prefixed=number != 0))
        if code is not None and near_or_unknown(CRS(code), middle, near):
            return _in(frame, Reading(f"EPSG:{code}"), telling.belt_number(name_of(crs), belt, code))
    if near is None:
        return _packed(frame, crs, middle, near)
    if swap_fits(crs, *middle, near):
        return _in(
            frame, Reading(name_of(crs), swapped=True), telling.swapped(name_of(crs), crs, middle, near)
        )
    readings = near_readings(*middle, near)
    if belt is not None and readings and not readings[0].renumbered:
        return _in(
            frame, readings[0], telling.wrong_belt(name_of(crs), float("nan"), readings[0], middle, near)
        )
    return _packed(frame, crs, middle, near)


def near_or_unknown(crs: CRS, middle: tuple[float, float], near: Box | None) -> bool:
    """Whether a point lies near a box, or there is none to hold it against."""
    return near is None or km_of(crs, *middle, near) <= NEAR_KM


def _in(frame: gpd.GeoDataFrame, reading: Reading, why: Fault) -> Placed:
    """The plots in another reading, with what is said of it."""
    shapes = frame.geometry.to_numpy()
    if reading.swapped:
        shapes = shapely.transform(shapes, lambda points: points[:, ::-1])
    if reading.renumbered:
        shapes = shapely.transform(shapes, lambda points: points % [1e6, np.inf])
    crs = CRS.from_user_input(reading.code)
    layer, faults = declare(with_shapes(frame, shapes, crs), first_row=0)
    return Placed(layer, reading.code, (why, *faults))


def _assumed(frame: gpd.GeoDataFrame, middle: tuple[float, float], near: Box | None) -> Placed:
    """In the one CRS that the numbers allow, near the zone where there is one."""
    close = near_readings(*middle, near) if near is not None else []
    reading = next(iter([*close, *sure_readings(*middle)]), None)
    if reading is None or reading.renumbered:
        if (packed := _packed(frame, None, middle, near)) is not None:
            return packed
        if reading is None:
            declare(frame, first_row=0)  # which says what the numbers look like
            raise CrsMissing("The plots declare no coordinate reference system.")
    if reading.swapped and near is not None:
        crs = CRS.from_user_input(reading.code)
        return _in(frame, reading, telling.swapped("", crs, middle, near))
    if reading.renumbered and near is not None:
        return _in(frame, reading, telling.wrong_belt("", float("nan"), reading, middle, near))
    because = "which is the one in which they lie near the zone" if close else "which their numbers allow"
    why = Fault(
        "crs_assumed",
        f"The file declares no coordinate reference system; the plots were read in {reading.code} "
        f"({CRS(reading.code).name}), {because}. The numbers cannot tell the datum.",
        f"Name it to be sure: --crs {reading.code}, or that of an older datum.",
        Severity.WARNING,
    )
    return _in(frame, reading, why)


def _packed(
    frame: gpd.GeoDataFrame, crs: CRS | None, middle: tuple[float, float], near: Box | None
) -> Placed | None:
    """The plots with degrees unpacked that were written as 1133205.12; None where they were not."""
    if max(middle) <= 180 or (crs is not None and not horizontal(crs).is_geographic):
        return None
    points = degrees_unpacked(shapely.get_coordinates(frame.geometry.to_numpy()))
    if points is None:
        return None
    shapes = shapely.set_coordinates(frame.geometry.to_numpy().copy(), points)
    code = "EPSG:4490" if crs is None else name_of(crs)
    return _in(with_shapes(frame, shapes, frame.crs), Reading(code), telling.packed())


def _held_to_the_zone(found: Placed, near: Box) -> Placed:
    """What is said of plots that lie far from the zone, or would lie better in another reading."""
    shapes = found.frame.geometry.to_numpy()
    boxes = shapely.bounds(to_geographic(found.frame).geometry.to_numpy())
    middle, place = middle_of(shapely.bounds(shapes)), middle_of(boxes)
    if middle is None or place is None:
        return found
    km = float(km_between(np.array([[*place, *place]]), near)[0])
    if km > NEAR_KM:
        other = [r for r in near_readings(*middle, near) if r.code != name_of(found.frame.crs) or r.swapped]
        if other and other[0].swapped:
            why = telling.swapped(found.name, CRS(other[0].code), middle, near)
            return _in(found.frame, other[0], why)
        if other:
            return replace(
                found, faults=(*found.faults, telling.wrong_belt(found.name, km, other[0], middle, near))
            )
    return replace(found, faults=(*found.faults, *_about_distance(found, boxes, near)))


def _about_distance(found: Placed, boxes: Floats, near: Box) -> Iterator[Fault]:
    """Plots that lie far off, packed degrees, and the shifts of web maps."""
    finite = boxes[np.isfinite(boxes).all(axis=1)]
    whole = np.r_[finite[:, :2].min(axis=0), finite[:, 2:].max(axis=0)]
    km = km_between(boxes, near)
    usual = float(np.nanmedian(km))
    if horizontal(found.frame.crs).is_geographic and usual > AS_WELL_KM:
        points = degrees_unpacked(shapely.get_coordinates(found.frame.geometry.to_numpy()))
        if points is not None:
            meant = np.tile(np.median(points, axis=0), 2)
            if km_between(meant[None], near)[0] <= AS_WELL_KM:
                yield telling.perhaps_packed(usual)
                return
    for shift in shifts_near(found.frame.crs, whole, near)[:1]:
        yield telling.shifted(shift, float(np.nanmin(km)))
    lines = found.frame.index.to_numpy()
    for at in np.flatnonzero(km > NEAR_KM / 2).tolist():
        lon, lat = (boxes[at, 0] + boxes[at, 2]) / 2, (boxes[at, 1] + boxes[at, 3]) / 2
        yield telling.far_off(float(km[at]), (float(lon), float(lat)), int(lines[at]))

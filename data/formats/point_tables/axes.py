"""Northing or easting (坐标轴): told by the columns' names and by the magnitudes, and the CRS a title states.

In Chinese surveying X is the northing and Y the easting. Tables out of mapping programs have it the other way
round. So a column that is called only X or Y is what its numbers say; where the numbers leave it open, X is
the northing. Columns that name the northing themselves are believed unless the numbers cannot be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from data.formats.boundary_txt.places import (
    BELTS,
    DATUMS,
    EN,
    LAT_LON,
    LON_LAT,
    NE,
    ORDERS,
    Places,
    crs_of_belt,
    datum_named,
    placed,
    readings,
    usual_order,
)
from data.formats.limits import FAULTS_LISTED
from data.records import Fault, Severity

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DEGREES = (LAT_LON, LON_LAT)
SYSTEM = re.compile(
    r"2000国家大地坐标系?|国家2000|cgcs_?2000|(19)?80西安|西安_?(19)?80|xian_?(19)?80|"
    r"(19)?54北京|北京_?(19)?54|beijing_?(19)?54|wgs_?(19)?84",
    re.IGNORECASE,
)


def placed_points(
    first: Floats, second: Floats, plot: Ints, named: tuple[str, str], report: tuple[str, list[Fault]]
) -> Places:
    """The points as east and north.

    Parameters
    ----------
    first, second : the column of the northing (latitude, X), and of the easting (longitude, Y)
    plot : (n,) number of the plot of each point, from 0
    named : roles of the two columns, and
    report : the columns' names, joined, and the list to which faults are added
    """
    columns, faults = report
    bits = readings(first, second)
    order = usual_order(bits, True)
    if named[0] != "x" and not bits.any():
        order = LAT_LON if named[0] == "lat" else NE
    places = placed(first, second, plot, order, bits)
    said = {"x": {NE, LON_LAT}, "north": {NE, LAT_LON}, "lat": {LAT_LON}}[named[0]]
    if order not in said and bits.any():
        why = (
            "X is the northing in Chinese surveying, but these numbers are eastings in the X"
            if named[0] == "x" and order == EN
            else "the magnitudes say so, against the names of the columns"
        )
        faults.append(
            Fault(
                "columns_exchanged",
                f"The columns {columns} hold {ORDERS[order]}: {why}. They were read as what they are.",
                "Name the columns 北坐标 and 东坐标, or exchange them, if the table goes on to others.",
                Severity.WARNING,
                column=columns,
            )
        )
    return places


def misplaced(places: Places, plot: Ints, names: list[str], rows: Ints, file: str) -> list[Fault]:
    """Errors of points that lie elsewhere than the others, and warnings of plots that are turned."""
    faults = []
    for which in places.turned.tolist():
        row = int(rows[np.flatnonzero(plot == which)[0]])
        message = f"Plot {names[which]}: its two columns stand the other way round than in the other plots."
        remedy = "Exchange them, if the table goes on to others."
        faults.append(
            Fault(
                "columns_exchanged",
                message,
                remedy,
                Severity.WARNING,
                file=file,
                row=row,
                feature=names[which],
            )
        )
    everywhere = bool(places.odd.all())
    for code, which, why, remedy in (
        (
            "coordinates_exchanged", places.exchanged,
            "its two coordinates stand the other way round than in the other points", "Exchange them.",
        ),
        (
            "coordinates_odd", places.odd, "it lies nowhere in China, in metres or in degrees",
            "Correct its digits; convert coordinates of a local system to CGCS2000.",
        ),
    ):  # fmt: skip
        found = np.flatnonzero(which)
        for at in found[: 1 if everywhere else FAULTS_LISTED].tolist():
            rest = f" So do all {len(found)} points of the table." if everywhere and len(found) > 1 else ""
            name = names[int(plot[at])]
            message = (
                f"Row {rows[at]}: the point (north {places.north[at]:.15g}, east {places.east[at]:.15g}) of "
                f"plot {name} is amiss: {why}.{rest}"
            )
            faults.append(Fault(code, message, remedy, file=file, row=int(rows[at]), feature=name))
        if len(found) > FAULTS_LISTED and not everywhere:
            message = f"{len(found) - FAULTS_LISTED} more points, {len(found)} in all: {why}."
            faults.append(Fault(code, message, remedy, file=file))
    return faults


def stated_crs(said: Iterable[str], east: Floats, degrees: bool) -> CRS | None:
    """The CRS that the words around a table state; None where they leave the datum or the belt open.

    >>> stated_crs(["2000国家大地坐标系 3度带 带号38"], np.array([470000.0]), False).to_epsg()
    4547
    >>> stated_crs(["CGCS2000"], np.array([38470000.0]), False).to_epsg()
    4526
    >>> stated_crs(["界址点成果表"], np.array([38470000.0]), False) is None
    True
    """
    text = " ".join(said).replace(" ", "")
    system = SYSTEM.search(text)
    datum = datum_named(system[0]) if system else None
    if not datum or not len(east):
        return None
    if degrees:
        return CRS.from_epsg(DATUMS[datum])
    shown = np.unique((east // 1e6).astype(np.int64))
    if len(shown) > 1:
        return None
    number = int(shown[0]) or _belt(text)
    width = 6 if number in BELTS[6] else 3
    return crs_of_belt(datum, width, number, bool(shown[0])) if number in BELTS[width] else None


def _belt(text: str) -> int:
    """The belt that a text names, by number or central meridian (3 degrees); 0 where it names none."""
    found = re.search(r"带号[:：=为]?(\d{2})|第?(\d{2})(度)?带", text)
    if found and not (found[2] and found[3]):
        return int(found[1] or found[2])
    meridian = re.search(r"中央(?:子午线|经线)[:：=为]?(\d{2,3})", text)
    return round(int(meridian[1]) / 3) if meridian and int(meridian[1]) % 3 == 0 else 0

"""Where the points are (坐标系): which column is the northing, and which belt and datum the file means.

Magnitudes tell them apart in China: a northing has 0.3 to 6 million metres, an easting 0.1 to 1 million, or
13 to 46 million with the number of its belt before it; a latitude has 3 to 54 degrees, a longitude 73 to 136.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from data.formats.boundary_txt.sections import Sections, number_in
from data.formats.faults import reader_fault
from data.records import Fault, Severity

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NE, EN, LAT_LON, LON_LAT = 1, 2, 4, 8
"""What two numbers can be, as bits: near the equator both orders of metres are possible"""
ORDERS = {NE: "northing, easting", EN: "easting, northing", LAT_LON: "latitude, longitude",
          LON_LAT: "longitude, latitude"}  # fmt: skip

DATUMS = {"CGCS2000": 4490, "Xian 1980": 4610, "Beijing 1954": 4214, "WGS 84": 4326}
_SPELT = (
    (re.compile("2000|cgcs", re.IGNORECASE), "CGCS2000"),
    (re.compile("西安|xian|80", re.IGNORECASE), "Xian 1980"),
    (re.compile("北京|beijing|54", re.IGNORECASE), "Beijing 1954"),
    (re.compile("wgs|84", re.IGNORECASE), "WGS 84"),
)
OFFSETS = {
    "CGCS2000": {(3, True): 4488, (3, False): 4509, (6, True): 4478, (6, False): 4489},
    "Xian 1980": {(3, True): 2324, (3, False): 2345, (6, True): 2314, (6, False): 2325},
    "Beijing 1954": {(3, True): 2376, (3, False): 2397, (6, True): 21400, (6, False): 21440},
}
"""EPSG code of a belt, less its number: by datum, then by width in degrees and whether the number stands
before the easting. Source: the EPSG register."""
BELTS = {3: range(25, 46), 6: range(13, 24)}
NAME_IT = "or name the coordinate reference system, such as --crs EPSG:4547, when you take the file in."


@dataclass
class Places:
    """Where the points of a file are.

    Parameters
    ----------
    east, north : (n,) metres or degrees
    crs : None where it cannot be told
    order : which of NE, EN, LAT_LON, LON_LAT the columns are
    odd : (n,) points that lie nowhere in China in any reading
    exchanged : (n,) points whose two numbers stand the other way round than those of their plot
    turned : plots that stand the other way round than the file's others
    """

    east: Floats
    north: Floats
    order: int
    odd: NDArray[np.bool_]
    exchanged: NDArray[np.bool_]
    turned: Ints
    crs: CRS | None = None
    faults: list[Fault] = field(default_factory=list)


def readings(first: Floats, second: Floats) -> NDArray[np.uint8]:
    """What each two numbers can be, as bits; 0 where they are no place in China.

    >>> readings(np.array([3850000.0, 113.6, 7]), np.array([38470000.0, 34.7, 7])).tolist()
    [1, 8, 0]
    """

    def north(x: Floats) -> NDArray[np.bool_]:
        return (x >= 3e5) & (x < 6e6)

    def east(x: Floats) -> NDArray[np.bool_]:
        return ((x >= 1e5) & (x < 1e6)) | ((x >= 13e6) & (x < 46e6))

    def latitude(x: Floats) -> NDArray[np.bool_]:
        return (x >= 3) & (x <= 54)

    def longitude(x: Floats) -> NDArray[np.bool_]:
        return (x >= 73) & (x <= 136)

    bits = np.zeros(len(first), np.uint8)
    for order, one, two in (
        (NE, north, east),
        (EN, east, north),
        (LAT_LON, latitude, longitude),
        (LON_LAT, longitude, latitude),
    ):
        bits |= (one(first) & two(second)) * np.uint8(order)
    return bits


def usual_order(bits: NDArray[np.uint8], north_first: bool | None = None) -> int:
    """The order that most points of a file fit; the dialect's where both fit, NE where nothing does.

    Parameters
    ----------
    bits : (n,) from `readings`
    """
    counts = np.bincount(bits, minlength=16)
    fits = {order: int(counts[np.arange(16) & order > 0].sum()) for order in ORDERS}
    preferred = {NE: north_first is not False, EN: north_first is False}
    best = max(ORDERS, key=lambda order: (fits[order], preferred.get(order, False)))
    return best if fits[best] else (EN if north_first is False else NE)


def placed(first: Floats, second: Floats, plot: Ints, order: int, bits: NDArray[np.uint8]) -> Places:
    """The points as east and north: each plot in the order of the file, or the other way round as a whole.

    Parameters
    ----------
    plot : (n,) number of the plot of each point, from 0
    order : that of the file, from `usual_order`
    bits : (n,) from `readings`
    """
    north, east = (second, first) if order in {EN, LON_LAT} else (first, second)
    fits = bits & order > 0
    if fits.all():
        none = np.zeros(len(first), bool)
        return Places(east, north, order, none, none, np.empty(0, np.int64))
    other = {NE: EN, EN: NE, LAT_LON: LON_LAT, LON_LAT: LAT_LON}[order]
    turns = ~fits & (bits & other > 0)
    size = int(plot.max(initial=-1)) + 1
    turned = np.bincount(plot[turns], minlength=size) > np.bincount(plot[fits], minlength=size)
    swap = turned[plot]
    east, north = np.where(swap, north, east), np.where(swap, east, north)
    exchanged = np.where(swap, fits & (bits & other == 0), turns)
    return Places(east, north, order, ~(fits | turns), exchanged, np.flatnonzero(turned))


def datum_named(said: str) -> str | None:
    """The datum that a header names; empty when it names none, None when nobody knows it.

    >>> datum_named("2000国家大地坐标系"), datum_named("1980西安坐标系"), datum_named("郑州独立坐标系")
    ('CGCS2000', 'Xian 1980', None)
    """
    if not said:
        return ""
    return next((name for pattern, name in _SPELT if pattern.search(said)), None)


def crs_of_belt(datum: str, width: int, number: int, prefixed: bool) -> CRS:
    """The CRS of a belt: its EPSG code, or on WGS 84, which has no belts in the register, its parameters.

    >>> crs_of_belt("CGCS2000", 3, 38, True).to_epsg(), crs_of_belt("Xian 1980", 6, 19, False).to_epsg()
    (4526, 2344)
    """
    if datum in OFFSETS:
        return CRS.from_epsg(OFFSETS[datum][width, prefixed] + number)
    meridian = number * 3 if width == 3 else number * 6 - 3
    easting = 500_000 + number * 1_000_000 * prefixed
    return CRS.from_dict({"proj": "tmerc", "lon_0": meridian, "x_0": easting, "k": 1, "datum": "WGS84"})


def belt_of_crs(crs: CRS) -> tuple[str, int, int, bool] | None:
    """Datum, width, number and prefix of a belt by its EPSG code; None for any other CRS.

    >>> belt_of_crs(CRS.from_epsg(4547))
    ('CGCS2000', 3, 38, False)
    """
    code = crs.to_epsg()
    for datum, offsets in OFFSETS.items():
        for (width, prefixed), offset in offsets.items():
            if code is not None and code - offset in BELTS[width]:
                return datum, width, code - offset, prefixed
    return None


def find_crs(places: Places, lines: Ints, header: Sections, file: str) -> None:
    """Give the places their CRS, from what the header says and the eastings show; faults say what is amiss.

    Where it cannot be told there is none, and only a warning: whoever takes the file in may name it.

    Parameters
    ----------
    lines : (n,) line of each point, from 0
    """
    datum = _datum(header, file, places.faults)
    sound = ~(places.odd | places.exchanged)
    if not sound.any() or datum is None:
        return
    east = places.east if sound.all() else places.east[sound]
    lines = lines if sound.all() else lines[sound]
    if places.order in {LAT_LON, LON_LAT}:
        places.crs = CRS.from_epsg(DATUMS[datum])
        _say_assumed(places, header, file)
        return
    number = (east / 1e6).astype(np.int8)  # 0 where no number of a belt stands before the easting
    numbers = np.unique(number)
    at = np.array([int((number == each).argmax()) for each in numbers])
    if len(numbers) > 1:
        shown = ", ".join(
            f"{f'belt {n}' if n else 'no belt number'} (line {lines[i] + 1})"
            for n, i in sorted(zip(numbers.tolist(), at.tolist(), strict=True), key=lambda pair: pair[1])
        )
        places.faults.append(
            Fault(
                "belts_disagree",
                f"The eastings of one file lie in different belts: {shown}.",
                "Convert them to one belt, or keep the plots of each belt in a file of its own.",
                Severity.ERROR, file=file, row=int(lines[np.sort(at)[1]]) + 1,
            )
        )  # fmt: skip
        return
    places.crs = _belt(datum, int(numbers[0]), header, file, places.faults)
    _say_assumed(places, header, file)


def _say_assumed(places: Places, header: Sections, file: str) -> None:
    if places.crs is None or header.keys.get("datum"):
        return
    message = "The file does not say 坐标系; 2000国家大地坐标系, the national system, was assumed."
    remedy = f"Add 坐标系=2000国家大地坐标系 to its [属性描述], {NAME_IT}"
    places.faults.append(reader_fault("crs_assumed", message, remedy, file=file))


def _datum(header: Sections, file: str, faults: list[Fault]) -> str | None:
    said = header.keys.get("datum", "")
    found = datum_named(said)
    row = header.lines["datum"] + 1 if said else None
    if found is None:
        message = f"The coordinate system {said!r} is none that we know: a local one cannot be placed."
        remedy = f"Convert the points to 2000国家大地坐标系, {NAME_IT}"
        faults.append(Fault("crs_unknown", message, remedy, Severity.WARNING, file=file, row=row))
    return found if found is None else found or "CGCS2000"


def _belt(datum: str, shown: int, header: Sections, file: str, faults: list[Fault]) -> CRS | None:
    """The CRS of one belt: of the number before the eastings, else of 带号 or 中央经线."""
    said = {name: number_in(header.keys.get(name, "")) for name in ("belt", "width", "meridian")}
    declared = int(said["belt"] or 0)
    number = shown or declared
    width = 6 if number in BELTS[6] else 3
    if not number and said["meridian"]:
        width = 6 if said["width"] == 6 else 3
        number = round(said["meridian"] / 3) if width == 3 else round((said["meridian"] + 3) / 6)
    why = f"the eastings begin with {number}" if shown else f"the belt is {number}"
    why = f"{why}, which is a {width}-degree belt"
    for name, wrong in (("belt", declared not in {0, number}), ("width", said["width"] not in {None, width})):
        if wrong:
            _contradicted(name, why, header, (file, faults))
    if number not in BELTS[width]:
        message = (
            f"The belt {number} is none of China (3 degrees 25 to 45, 6 degrees 13 to 23)."
            if number
            else "No belt number stands before the eastings, and the file gives neither 带号 nor 中央经线: "
            "the points fit into every belt."
        )
        remedy = f"Add 带号= and 几度分带= to its [属性描述], {NAME_IT}"
        row = header.lines.get("belt")
        row = None if row is None else row + 1
        faults.append(Fault("crs_missing", message, remedy, Severity.WARNING, file=file, row=row))
        return None
    return crs_of_belt(datum, width, number, bool(shown))


def _contradicted(name: str, why: str, header: Sections, report: tuple[str, list[Fault]]) -> None:
    file, faults = report
    key = {"belt": "带号", "width": "几度分带"}[name]
    faults.append(
        Fault(
            f"{name}_contradicted",
            f"{key} is {header.keys[name]!r}, but {why}; that was taken.",
            "Correct whichever is wrong: a wrong belt moves the plots by hundreds of kilometres.",
            Severity.ERROR if name == "belt" else Severity.WARNING,
            file=file,
            row=header.lines[name] + 1,
            column=key,
        )
    )  # fmt: skip

"""What coordinates look like: which CRS could have such numbers, and why.

Numbers tell degrees from metres, the order of the axes, and a belt number before the easting. They do not
tell the datum, nor the belt of an easting without its number; there a box around the city helps, and
otherwise a person must say. So nothing here is ever taken as an answer: it is what a message offers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pyproj import CRS, Geod, Transformer

from geo.crs.belts import BEIJING_1954, CGCS2000, XIAN_1980, Belt, belts, code_of
from geo.crs.offsets import from_bd09, from_gcj02

Box = tuple[float, float, float, float]
# west, south, east, north: area of use of EPSG:4490
CHINA: Box = (73.62, 16.7, 134.77, 53.56)
EARTH: Box = (-180.0, -90.0, 180.0, 90.0)
# metres from the equator to the south and the north of China, rounded outwards
NORTHINGS = (1_800_000.0, 6_000_000.0)
# half a 6-degree belt at its widest is 320 km
EASTINGS = (150_000.0, 850_000.0)
_ELLIPSOID = Geod(ellps="GRS80")


@dataclass(frozen=True, slots=True)
class Look:
    """One CRS that the numbers could be in, and why."""

    code: str
    why: str

    def __str__(self) -> str:
        return f"{self.code}: {self.why}" if self.code else self.why


_NOT_IN_CITY = Look("", "nothing that we know puts it into the box of the city; without that box:")


def looks_of(x: float, y: float, city_box: Box | None = None) -> list[Look]:
    """What a point could be in, likeliest first; empty when the numbers look like nothing known.

    Parameters
    ----------
    x, y : the numbers as they stand in the file, first and second
    city_box : west, south, east, north of where the layer must lie, degrees

    >>> looks_of(38_470_000, 3_850_000)[0].code
    'EPSG:4526'
    >>> [look.code for look in looks_of(470_000, 3_850_000, (113.0, 34.0, 114.5, 35.0))]
    ['EPSG:4547']
    """
    for box in (city_box, CHINA) if city_box else (CHINA,):
        outside = [] if box == (city_box or CHINA) else [_NOT_IN_CITY]
        if found := list(_readings(x, y, box)):
            return [*outside, *found]
        if found := list(_readings(y, x, box)):
            order = "latitude before longitude" if _in_degrees(x, y) else "northing before easting"
            swapped = Look("", f"the axes stand in the wrong order, {order}; with the two swapped:")
            return [*outside, swapped, *found]
    if abs(x) <= 180 and abs(y) <= 90:
        return [Look("EPSG:4326", f"longitude {x:.4f}, latitude {y:.4f}, which is outside of China")]
    return []


def shown(x: float, y: float) -> str:
    """Two numbers as a person reads them: metres in groups of three, degrees with four decimals.

    >>> shown(38_470_000.4, 3_850_000), shown(113.7, 34.75)
    ('x 38 470 000, y 3 850 000', 'x 113.7000, y 34.7500')
    """
    if _in_degrees(x, y):
        return f"x {x:.4f}, y {y:.4f}"
    return f"x {x:_.0f}, y {y:_.0f}".replace("_", " ")


def in_box(lon: float, lat: float, box: Box) -> bool:
    """Whether a place lies in a box; inf and nan never do."""
    return box[0] <= lon <= box[2] and box[1] <= lat <= box[3]


def _in_degrees(x: float, y: float) -> bool:
    return max(abs(x), abs(y)) <= 180


def _readings(x: float, y: float, box: Box) -> Iterator[Look]:
    if abs(x) <= 180 and abs(y) <= 90:
        yield from _degrees(x, y, box)
    if NORTHINGS[0] <= y <= NORTHINGS[1]:
        yield from _prefixed(x, y, box)
        yield from _plain(x, y, box)
    yield from _web_mercator(x, y, box)


def _degrees(lon: float, lat: float, box: Box) -> Iterator[Look]:
    if not in_box(lon, lat, box):
        return
    yield Look(
        "EPSG:4490",
        f"longitude {lon:.4f}, latitude {lat:.4f}, most likely CGCS2000; "
        "EPSG:4326 (WGS 84) is equal to it within a decimetre",
    )
    for shift, undo, whose in (("gcj02", from_gcj02, "Amap or Tencent"), ("bd09", from_bd09, "Baidu")):
        true_lon, true_lat = undo(lon, lat)
        off = _ELLIPSOID.inv(lon, lat, float(true_lon), float(true_lat))[2]
        yield Look(shift, f"if it comes from a web map of {whose}; the true place is then {off:.0f} m away")


def _prefixed(x: float, y: float, box: Box) -> Iterator[Look]:
    number, easting = int(x // 1e6), x % 1e6
    width = 3 if 25 <= number <= 45 else 6
    if not (13 <= number <= 23 or width == 3) or not EASTINGS[0] <= easting <= EASTINGS[1]:
        return
    meridian = number * 3 if width == 3 else number * 6 - 3
    belt = Belt(number, width, meridian, True)
    if not in_box(*_at(f"EPSG:{code_of(belt)}", x, y), box):
        return
    older = " or ".join(
        f"{datum} (EPSG:{code_of(Belt(number, width, meridian, True, datum))})"
        for datum in (XIAN_1980, BEIJING_1954)
    )
    yield Look(
        f"EPSG:{code_of(belt)}",
        f"the eastings begin with {number}: {belt.label}. Most likely on CGCS2000; "
        f"older data may be on {older}, which the numbers cannot tell apart",
    )


def _plain(x: float, y: float, box: Box) -> Iterator[Look]:
    if not EASTINGS[0] <= x <= EASTINGS[1]:
        return
    if box == CHINA:
        yield Look(
            "",
            "a 6-digit easting without its belt number: CGCS2000 in one of the 3-degree belts EPSG:4534 "
            "(central meridian 75) to EPSG:4554 (135), that is 4509 + meridian / 3. In Henan they are "
            f"{', '.join(_where(code, x, y) for code in (4546, 4547, 4548))}. "
            "Or UTM, EPSG:32643 to EPSG:32653",
        )
        return
    plain = {
        code: b for code, b in belts().items() if b.datum == CGCS2000 and b.width == 3 and not b.prefixed
    }
    for code, belt in plain.items():
        if in_box(*_at(f"EPSG:{code}", x, y), box):
            yield Look(
                f"EPSG:{code}",
                f"a 6-digit easting without its belt number; the box of the city leaves {belt.label}, "
                f"which puts it at {_place(code, x, y)}, and excludes the other belts",
            )
    for code in range(32643, 32654):
        if in_box(*_at(f"EPSG:{code}", x, y), box):
            yield Look(f"EPSG:{code}", f"if it was made as UTM, which puts it at {_place(code, x, y)}")


def _web_mercator(x: float, y: float, box: Box) -> Iterator[Look]:
    if not _in_degrees(x, y) and in_box(*_at("EPSG:3857", x, y), box):
        # eastings of 6-degree belts 13 to 15 look alike; both are offered
        yield Look("EPSG:3857", f"web Mercator, which puts it at {_place(3857, x, y)}")


def _where(code: int, x: float, y: float) -> str:
    return f"EPSG:{code} ({_place(code, x, y)})"


def _place(code: int, x: float, y: float) -> str:
    lon, lat = _at(f"EPSG:{code}", x, y)
    return f"{lon:.2f}E {lat:.2f}N"


def _at(code: str, x: float, y: float) -> tuple[float, float]:
    lon, lat = _to_degrees(code).transform(x, y)
    return float(lon), float(lat)


@cache
def _to_degrees(code: str) -> Transformer:
    crs = CRS(code)
    return Transformer.from_crs(crs, crs.geodetic_crs or crs, always_xy=True)

"""Gauss-Krüger belts (高斯-克吕格分带): which belt a CRS is, told by its parameters, not by its name.

A belt is a transverse Mercator projection with scale 1, latitude of origin 0 and false northing 0. The false
easting is 500 000 m, or belt number x 1 000 000 + 500 000 m where the number stands before the easting
(`prefixed`: 38 470 000 is 470 000 in belt 38). A 3-degree belt n has its central meridian at 3n, a 6-degree
belt n at 6n - 3. So `CGCS2000_3_Degree_GK_Zone_38` of a .prj is EPSG:4526 whatever it is called.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

CGCS2000, XIAN_1980, BEIJING_1954, NEW_BEIJING = "CGCS2000", "Xian 1980", "Beijing 1954", "New Beijing"
GEOGRAPHIC_CODE = {CGCS2000: 4490, XIAN_1980: 4610, BEIJING_1954: 4214, NEW_BEIJING: 4555, "WGS 84": 4326}
# EPSG codes of the belts of China; what each of them is, is read from its own parameters
CODES = (
    *range(4491, 4555),
    *range(2327, 2391),
    *range(2401, 2443), *range(21413, 21424), *range(21453, 21464),
    *range(4568, 4590), *range(4652, 4657), *range(4766, 4801), 4812, 4822,
)  # fmt: skip
_SPELT = (
    (re.compile(r"cgcs2000|china.*2000"), CGCS2000),
    (re.compile(r"xian.*80"), XIAN_1980),
    (re.compile(r"newbeijing"), NEW_BEIJING),
    (re.compile(r"beijing.*54"), BEIJING_1954),
    (re.compile(r"wgs.*84|worldgeodeticsystem1984"), "WGS 84"),
)
_ELLIPSOID = {
    CGCS2000: (6_378_137.0, 298.257222101),
    XIAN_1980: (6_378_140.0, 298.257),
    BEIJING_1954: (6_378_245.0, 298.3),
    NEW_BEIJING: (6_378_245.0, 298.3),
    "WGS 84": (6_378_137.0, 298.257223563),
}


@dataclass(frozen=True, slots=True)
class Belt:
    """One belt.

    Parameters
    ----------
    number : 3-degree 25..45, 6-degree 13..23 in China
    width : 3 or 6, degrees of longitude
    central_meridian : degrees east
    prefixed : whether the belt number stands before the easting
    datum : CGCS2000, Xian 1980, Beijing 1954, New Beijing, WGS 84; empty when it is none of these
    """

    number: int
    width: int
    central_meridian: int
    prefixed: bool
    datum: str = CGCS2000

    @property
    def false_easting(self) -> float:
        """Metres that are added to every easting.

        >>> Belt(38, 3, 114, True).false_easting
        38500000.0
        """
        return self.number * 1e6 * self.prefixed + 500_000.0

    @property
    def label(self) -> str:
        """The belt in words.

        >>> Belt(38, 3, 114, True).label
        '3-degree belt 38, central meridian 114, belt number before the easting'
        """
        before = "belt number before the easting" if self.prefixed else "no belt number before the easting"
        return f"{self.width}-degree belt {self.number}, central meridian {self.central_meridian}, {before}"


def belt_of(crs: Any) -> Belt | None:
    """The belt that a CRS is, from its projection parameters; None when it is no Gauss-Krüger belt.

    Where the parameters leave 3 or 6 degrees open (no prefix, central meridian 111), the name decides, and
    3 degrees if it is silent: the coordinates are the same.

    >>> belt_of(4526)
    Belt(number=38, width=3, central_meridian=114, prefixed=True, datum='CGCS2000')
    >>> belt_of(32650) is None    # UTM has the scale 0.9996
    True
    """
    plane = horizontal(CRS.from_user_input(crs))
    grid = transverse_mercator(plane)
    if grid is None or (grid.latitude, grid.scale, grid.false_northing) != (0.0, 1.0, 0.0):
        return None
    meridian = round(grid.central_meridian)
    number, rest = divmod(grid.false_easting - 500_000.0, 1e6)
    if rest or meridian % 3 or abs(meridian - grid.central_meridian) > 1e-9:
        return None
    for width in _widths(plane.name, int(number)):
        own = meridian // 3 if width == 3 else (meridian + 3) // 6
        if number in {0, own} and (width == 3 or meridian % 6 == 3):
            return Belt(own, width, meridian, number != 0, datum_of(plane))
    return None


def _widths(name: str, number: int) -> tuple[int, ...]:
    if number:
        return (3, 6) if number >= 24 else (6, 3)
    six = re.search(r"gauss|gk", name, re.IGNORECASE) and not re.search(r"3\W?_?deg|3\s?度|三度", name, re.I)
    return (6, 3) if six else (3,)


@dataclass(frozen=True, slots=True)
class TransverseMercator:
    """The five parameters of a transverse Mercator projection, in degrees and metres."""

    latitude: float
    central_meridian: float
    scale: float
    false_easting: float
    false_northing: float


def transverse_mercator(crs: CRS) -> TransverseMercator | None:
    """The parameters of a transverse Mercator projection in metres; None for any other CRS."""
    work = crs.coordinate_operation
    if not crs.is_projected or work is None or work.method_code != "9807":
        return None
    if any(axis.unit_conversion_factor != 1.0 for axis in crs.axis_info):
        return None
    value = {int(p.code): float(p.value) for p in work.params}
    return TransverseMercator(*(value.get(code, 0.0) for code in (8801, 8802, 8805, 8806, 8807)))


def horizontal(crs: CRS) -> CRS:
    """The two-dimensional CRS within a compound, a three-dimensional or a TOWGS84-bound one."""
    if crs.is_compound:
        return horizontal(crs.sub_crs_list[0])
    if crs.is_bound and crs.source_crs is not None:
        return horizontal(crs.source_crs)
    return crs.to_2d() if len(crs.axis_info) == 3 and not crs.is_geocentric else crs


def datum_of(crs: CRS) -> str:
    """The datum of a CRS, if it is one that Chinese data uses and its ellipsoid agrees; else empty.

    >>> datum_of(CRS(2383)), datum_of(CRS(32650)), datum_of(CRS(2154))
    ('Xian 1980', 'WGS 84', '')
    """
    if crs.datum is None or crs.ellipsoid is None:
        return ""
    spelt = re.sub(r"[^a-z0-9]", "", crs.datum.name.lower())
    datum = next((name for pattern, name in _SPELT if pattern.search(spelt)), "")
    size = crs.ellipsoid.semi_major_metre, crs.ellipsoid.inverse_flattening
    return datum if datum and np.allclose(size, _ELLIPSOID[datum], rtol=1e-8, atol=0) else ""


@cache
def belts() -> Mapping[int, Belt]:
    """EPSG code -> belt, for every belt of China in the EPSG register, on all four datums.

    >>> belts()[4547]
    Belt(number=38, width=3, central_meridian=114, prefixed=False, datum='CGCS2000')
    """
    read = {code: belt_of(code) for code in CODES}
    return {code: belt for code, belt in read.items() if belt is not None}


@cache
def code_of(belt: Belt) -> int | None:
    """The EPSG code of a belt; None when the register has none (a belt on WGS 84)."""
    return next((code for code, known in belts().items() if known == belt), None)


@lru_cache(64)  # a CRS without its code is sought in the whole register
def registered(crs: CRS) -> CRS:
    """The EPSG entry that a CRS of another dialect means; the CRS itself when it means none.

    >>> registered(CRS(CRS(4526).to_wkt("WKT1_ESRI"))).to_epsg()
    4526
    """
    plane = horizontal(crs)
    if crs.is_bound and datum_of(plane) not in {CGCS2000, "WGS 84"}:
        return crs  # the file's own TOWGS84 parameters: better than none
    code = plane.to_epsg()
    if code is None and (belt := belt_of(plane)) is not None:
        code = code_of(belt)
    if code is None and plane.is_geographic:
        degrees = np.isclose(plane.axis_info[0].unit_conversion_factor, np.pi / 180)
        code = GEOGRAPHIC_CODE.get(datum_of(plane)) if degrees else None
    return CRS.from_epsg(code) if code is not None else plane


def local_belt(lon: ArrayLike) -> NDArray[np.int64]:
    """EPSG code of the CGCS2000 3-degree belt (no prefix) in which a longitude lies.

    Formula: belt = round(lon / 3), code = 4509 + belt.

    Parameters
    ----------
    lon : degrees east; 0 is returned where China has no belt: outside 73.5 to 136.5 degrees, and for nan.

    >>> local_belt([110.35, 112.49, 112.51, 116.65]).tolist()
    [4546, 4546, 4547, 4548]
    """
    number = np.floor(np.asarray(lon, dtype=np.float64) / 3 + 0.5)
    with np.errstate(invalid="ignore"):
        return np.where((number >= 25) & (number <= 45), 4509 + number, 0).astype(np.int64)

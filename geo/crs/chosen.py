"""The CRS a person chooses (`--crs`): an EPSG code, a name, a .prj text, or a shift of web maps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from data.errors import CrsMissing
from geo.crs.belts import horizontal, registered

SHIFTS = ("gcj02", "bd09")
_SHIFT_SPELT = {
    "gcj02": "gcj02", "mars": "gcj02", "火星坐标": "gcj02", "amap": "gcj02", "高德": "gcj02",
    "bd09": "bd09", "bd09ll": "bd09", "baidu": "bd09", "百度": "bd09", "百度坐标": "bd09",
}  # fmt: skip
_EPSG_SPELT = {
    "cgcs2000": 4490, "国家2000": 4490, "2000国家大地坐标系": 4490,
    "wgs84": 4326, "crs84": 4326, "ogccrs84": 4326,
}  # fmt: skip


@dataclass(frozen=True)
class ChosenCrs:
    """A chosen CRS.

    Parameters
    ----------
    crs : the CRS of the coordinates once the shift is undone
    shift : gcj02 or bd09; empty for true coordinates
    """

    crs: CRS
    shift: str = ""

    @property
    def name(self) -> str:
        """How results and messages quote it: EPSG:4526, gcj02."""
        return self.shift or name_of(self.crs)


def choose(text: str) -> ChosenCrs:
    """The CRS that a spelling means.

    >>> choose("4526").name, choose("epsg:4547").name, choose("GCJ-02").name, choose("wgs84").name
    ('EPSG:4526', 'EPSG:4547', 'gcj02', 'EPSG:4326')

    Raises
    ------
    CrsMissing : no register holds it, or it is tied to no place on Earth
    """
    spelt = re.sub(r"[\s_:：-]", "", text).lower()
    if spelt in _SHIFT_SPELT:
        return ChosenCrs(CRS.from_epsg(4490), _SHIFT_SPELT[spelt])
    try:
        if "init=" in text.lower():
            raise CRSError("PROJ strings that name a file are not read")
        code = _EPSG_SPELT.get(spelt) or (int(spelt) if spelt.isdigit() else text.strip())
        crs = registered(CRS.from_user_input(code))
    except (CRSError, ValueError, OverflowError) as odd:
        raise CrsMissing(
            f"{text!r} is no coordinate reference system that we know. Write its EPSG code, such as "
            "EPSG:4526 (CGCS2000, 3-degree belt 38) or EPSG:4490 (longitude and latitude), or gcj02 or bd09 "
            "for the shifted coordinates of web maps."
        ) from odd
    if not is_tied(crs):
        raise CrsMissing(
            f"{text!r} is {crs.type_name.lower()}: it is tied to no place on Earth, and no area can be "
            "measured in it. Write the EPSG code of a map grid, such as EPSG:4526."
        )
    return ChosenCrs(crs)


def is_tied(crs: CRS) -> bool:
    """Whether a CRS is a map grid or longitude and latitude: not an engineering or geocentric one."""
    plane = horizontal(crs)
    return bool(plane.is_projected or plane.is_geographic)


@lru_cache(64)
def name_of(crs: Any) -> str:
    """How results and messages quote a CRS: its code in its register, else its name.

    >>> name_of(4547)
    'EPSG:4547'
    """
    known = registered(CRS.from_user_input(crs))
    identity = known.to_json_dict().get("id")
    return f"{identity['authority']}:{identity['code']}" if identity else str(known.name)

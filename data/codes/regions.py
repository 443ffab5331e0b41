"""Regions (行政区划): GB/T 2260 codes, and the statistical codes that only look like them.

Codes such as 410171 count the zones of a city for the statistics bureau. Their figures overlap
those of the host county, and they are nobody's administrative parent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data.codes.tables import read_codes, rows_by_code
from data.errors import NoSuchCode
from data.records import Fault


def _replaced() -> Mapping[str, str]:
    return {old: row["new_code"] for old, row in rows_by_code("regions_replaced").items()}


def regions() -> pd.DataFrame:
    """Nation, provinces, and Henan down to the county.

    Returns
    -------
    DataFrame: index code; name, level (nation, province, prefecture, group, county,
    statistical), parent, status
    """
    return read_codes("regions").set_index("code")


def region(code: str) -> Mapping[str, Any]:
    """The region of that code: code, name, level, parent, status.

    >>> region("410184")["name"]
    '新郑市'

    Raises
    ------
    NoSuchCode : the list does not hold it
    """
    if code not in rows_by_code("regions"):
        raise NoSuchCode(code, "The list of regions", rows_by_code("regions"))
    return dict(rows_by_code("regions")[code])


def current_region(code: str) -> str:
    """Today's code of a county that was renamed or merged; the same code when it was not.

    >>> current_region("411023"), current_region("410122")
    ('411003', '410122')
    """
    return _replaced().get(code, code)


def check_region(code: str) -> Fault | None:
    """A fault when the code cannot be the administrative parent of a zone or parcel.

    Counties of Henan are listed; elsewhere only the province can be checked.
    """
    if code in _replaced():
        now = _replaced()[code]
        return Fault(
            "region_replaced",
            f"Region {code} is an old code; since the change of counties it is {now}.",
            f"Write {now}, and keep {code} for years before the change.",
        )
    known = rows_by_code("regions")
    if code in known:
        if known[code]["level"] != "statistical":
            return None
        return Fault(
            "region_statistical",
            f"{code} ({known[code]['name']}) is a statistical code, not a county of GB/T 2260.",
            "Keep it as stat_code, and write the code of the county that the zone lies in.",
        )
    if len(code) == 6 and code.isdecimal() and code[:2] != "41" and f"{code[:2]}0000" in known:
        return None
    return Fault(
        "region_unknown",
        f"No region has the code {code}.",
        "Write the six digits of GB/T 2260; the list is data/codes/regions.csv.",
    )


def box(code: str) -> tuple[float, float, float, float] | None:
    """West, south, east, north in degrees: a generous box around a region, or None.

    Only provinces that were measured have one; no city of Henan has, for no graded source
    gives them.

    >>> box("410000")
    (110.35, 31.38, 116.65, 36.37)
    """
    sides = rows_by_code("boxes", ("west", "south", "east", "north")).get(code)
    return (sides["west"], sides["south"], sides["east"], sides["north"]) if sides else None

"""A book of a few squares, in which every figure of a request can be worked by hand.

The zone is 1000 m wide and as high; all squares have its height, so that their areas go as their widths:

    west    -200      0        500       800     1000      1200      1400       1600
             |  (none) |  W1    |  W2     |  W3    |  E1     |  E2     |  (none)  |
    class               0601     0701      0601     0601      0103
    whose               zone     zone      zone     other     nobody
    firm                F1       -         F2       F3        -

F1, F2 and F3 buy 1000, 2000 and 4000 MWh of electricity in 2025; F3 is stated under the other zone.
"""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from data.book import new_book, open_book
from data.records import Source

FILED = runpy.run_path(str(Path(__file__).with_name("filed_requests.py")))
ZONE, OTHER, DAY, WHEN = (FILED[name] for name in ("ZONE", "OTHER", "DAY", "WHEN"))
square, take, drawn, asked, finding = (
    FILED[name] for name in ("square", "take", "drawn", "asked", "finding")
)
YEAR = 2025
SINCE = date(2020, 1, 1)
PARCELS = (
    ("W1", ZONE, "0601", 0, 500, "F1"),
    ("W2", ZONE, "0701", 500, 800, None),
    ("W3", ZONE, "0601", 800, 1000, "F2"),
    ("E1", OTHER, "0601", 1000, 1200, "F3"),
    ("E2", None, "0103", 1200, 1400, None),
)
FIRMS = (("F1", ZONE, 100.0), ("F2", ZONE, 200.0), ("F3", OTHER, 400.0))
"""Firm, zone under which it is stated, tax in 10 000 yuan; ten times as much electricity in MWh"""


def strip(west_m: float, east_m: float, south_m: float = 0, north_m: float = 1000) -> shapely.Geometry:
    """Land as high as the zone, in metres from its south-west corner."""
    return square(west_m, south_m, east_m, north_m)


def make(path: Path, *, constraints: list[tuple[str, str, shapely.Geometry]] | None = None) -> Path:
    """The book; constraints are kind, name and shape."""
    with new_book(path) as book:
        said = {
            "code": [ZONE],
            "name": ["示例甲区"],
            "level": "provincial",
            "approved_ha": 100.0,
            "city": "郑州市",
        }
        take(book, "zones", said, [strip(0, 1000)], valid_from=SINCE)
        said = {
            "code": [OTHER],
            "name": ["示例乙区"],
            "level": "provincial",
            "approved_ha": 100.0,
            "city": "郑州市",
        }
        take(book, "zones", said, [strip(1000, 1100)], valid_from=SINCE)
        take(
            book, "parcels", parcels(), [strip(west, east) for *_, west, east, _ in PARCELS], valid_from=SINCE
        )
        _table(
            book,
            "enterprises",
            pd.DataFrame([
                {
                    "enterprise_id": firm,
                    "name": firm,
                    "zone": zone,
                    "year": YEAR,
                    "industry": "3011",
                    "tax_cny10k": tax,
                }
                for firm, zone, tax in FIRMS
            ]),
        )
        _table(book, "activity", pd.DataFrame([
            {"zone": zone, "enterprise_id": firm, "year": YEAR, "category": "electricity",
             "item": "electricity", "amount": 10 * tax, "unit": "MWh"}
            for firm, zone, tax in FIRMS
        ]))  # fmt: skip
        for kind, name, shape in constraints or ():
            constrain(book, kind, name, shape)
    return path


def parcels() -> pd.DataFrame:
    """The parcels without their shapes."""
    return pd.DataFrame([
        {"parcel_id": name, "zone": zone, "land_class": code, "class_system": "sandiao", "supply": "supplied",
         "built": code != "0103", "enterprise_id": firm}
        for name, zone, code, _, _, firm in PARCELS
    ])  # fmt: skip


def constrain(book: Any, kind: str, name: str, shape: shapely.Geometry, **more: Any) -> None:
    """One constraint feature, as a layer of its kind."""
    said = {"kind": [kind], "name": [name], "level": None, "restricted": False, **more}
    take(book, "constraints", said, [shape], valid_from=SINCE)


def _table(book: Any, kind: str, frame: pd.DataFrame) -> None:
    book.ingest(kind, frame, Source(f"{kind}.xlsx", "", "made"), who="test", when=WHEN)


__all__ = ["asked", "drawn", "finding", "gpd", "open_book", "strip"]

"""A book with a square zone in which requests are filed, and files of squares beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from api.requests.filing import check_and_keep
from api.requests.wishes import Wishes
from data.book import Book, new_book, open_book
from data.records import Source
from geo.areas import ellipsoidal_area_m2

ZONE, OTHER = "G990001", "G990002"
DAY = date(2026, 6, 1)
WHEN = datetime(2026, 6, 1, 9, tzinfo=UTC)
WEST, SOUTH = 113.0, 34.5
EAST_M, NORTH_M = 1 / 91_800, 1 / 110_930
"""Degrees for a metre near 34.5° north"""


def square(west_m: float, south_m: float, east_m: float, north_m: float) -> shapely.Geometry:
    """A box in metres from the corner of the zone, as degrees."""
    return shapely.box(
        *(WEST + west_m * EAST_M, SOUTH + south_m * NORTH_M),
        *(WEST + east_m * EAST_M, SOUTH + north_m * NORTH_M),
    )


def make(path: Path, constraints: Iterable[tuple[str, shapely.Geometry, bool]] = ()) -> Path:
    """A book of two zones of 1 km² and of constraints: kind, shape, whether it is classified."""
    with new_book(path) as book:
        zones = {
            "code": [ZONE, OTHER],
            "name": ["示例甲区", "示例乙区"],
            "level": "provincial",
            "approved_ha": 100.0,
            "population": 5.0,
            "city": "郑州市",
        }
        boundaries = [square(0, 0, 1000, 1000), square(0, -3000, 1000, -2000)]
        take(book, "zones", zones, boundaries, valid_from=date(2020, 1, 1))
        rows = list(constraints)
        if rows:
            said = {
                "kind": [kind for kind, *_ in rows],
                "name": [f"示例{number}" for number in range(len(rows))],
                "level": None,
                "restricted": [secret for *_, secret in rows],
            }
            take(book, "constraints", said, [shape for _, shape, _ in rows], valid_from=date(2020, 1, 1))
    return path


def take(book: Book, kind: str, said: Any, shapes: list[shapely.Geometry], **period: date) -> None:
    """Take shapes into a book."""
    frame = gpd.GeoDataFrame(pd.DataFrame(said, index=range(len(shapes))), geometry=shapes, crs=4490)
    frame = frame.assign(area_m2=ellipsoidal_area_m2(frame.geometry, frame.crs))
    book.ingest(kind, frame, Source(f"{kind}.gpkg", "", "made"), who="test", when=WHEN, **period)


def drawn(folder: Path, *shapes: shapely.Geometry, name: str = "asked") -> Path:
    """A file of one plot for each shape."""
    path = folder / f"{name}.geojson"
    gpd.GeoDataFrame(geometry=list(shapes), crs=4490).to_file(path, driver="GeoJSON", engine="pyogrio")
    return path


def asked(
    book: Path,
    file: Path | None,
    *,
    gives_up: Path | None = None,
    who: str = "甲",
    after: timedelta = timedelta(),
    keep: bool = True,
    variant_of: str = "",
    **said: Any,
) -> dict[str, Any]:
    """A request checked, and filed if it is kept; the document."""
    wishes = Wishes(**{"kind": "expansion", "zone": ZONE, "day": DAY, "indicators": "none", **said})
    return check_and_keep(
        str(book),
        file,
        wishes,
        gives_up=gives_up,
        who=who,
        when=WHEN + after,
        keep=keep,
        variant_of=variant_of,
    )


def finding(told: dict[str, Any], rule: str) -> dict[str, Any]:
    """One finding of a document."""
    return next(each for each in told["findings"] if each["rule"] == rule)


__all__ = ["asked", "drawn", "finding", "make", "open_book", "square", "take"]

"""The small book that the tests of the doors share; see the fixture `small_book`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import box

from api.assess import assess_and_store
from data.book import new_book
from data.records import Source
from geo.areas import ellipsoidal_area_m2

WHEN = datetime(2025, 3, 1, tzinfo=UTC)
FIRST, SECOND = "G990001", "G990002"
WEST = {FIRST: 113.60, SECOND: 113.80}
SOUTH, COLUMNS, ROWS, STEP = 34.70, 6, 5, 0.01
NASTY = "<b>示例</b>乙区{{7*7}}"


def make(path: Path) -> Path:
    """Make the book."""
    book = new_book(path)
    book.note("notice", "示例数据，均为虚构")

    def take(kind: str, frame: pd.DataFrame, name: str, **period: date) -> None:
        book.ingest(kind, frame, Source(name, f"{name:0<64}"[:64], "made"), who="test", when=WHEN, **period)

    take("zones", zones([FIRST], 4), "before.gpkg", valid_from=date(2020, 1, 1))
    take("zones", zones([FIRST, SECOND], COLUMNS), "after.gpkg", valid_from=date(2023, 1, 1))
    take("parcels", parcels(), "parcels.gpkg", valid_from=date(2023, 1, 1))
    take("constraints", constraints(), "limits.gpkg", valid_from=date(2020, 1, 1))
    take("enterprises", enterprises(), "firms.xlsx")
    take("activity", activity(), "energy.csv")
    list(assess_and_store(book, [FIRST], 2024, WHEN))
    book.close()
    return path


def zones(codes: list[str], columns: int) -> gpd.GeoDataFrame:
    """Boundaries of so many columns of parcels."""
    names = {FIRST: "示例甲区", SECOND: NASTY}
    said = {
        "code": codes,
        "name": [names[code] for code in codes],
        "level": "provincial",
        "city": "郑州市",
        "approved_ha": 2000.0,
    }
    shapes = [box(WEST[c], SOUTH, WEST[c] + columns * STEP, SOUTH + ROWS * STEP) for c in codes]
    return _measured(said, shapes)


def parcels() -> gpd.GeoDataFrame:
    """Sixty squares; the first has a hole, the second is in two pieces, the third runs with the clock."""
    said, shapes = [], []
    for zone, west in WEST.items():
        for n in range(COLUMNS * ROWS):
            x, y = west + n % COLUMNS * STEP, SOUTH + n // COLUMNS * STEP
            shapes.append(box(x, y, x + STEP, y + STEP))
            said.append({
                "parcel_id": f"{zone[-1]}-{n:03d}",
                "zone": zone,
                "land_class": "0601" if n % 3 else "0701",
                "class_system": "sandiao",
                "supply": "supplied",
                "built": n % 5 != 0,
                "enterprise_id": f"E{n + 1}" if zone == FIRST and n < 3 else None,
                "floor_area_m2": 5000.0,
                "footprint_m2": None,
            })
    x, y = WEST[FIRST], SOUTH
    hole = box(x + 0.002, y + 0.002, x + 0.004, y + 0.004)
    shapes[0] = shapes[0].difference(hole)
    shapes[1] = shapely.MultiPolygon([
        box(x + 0.010, y, x + 0.014, y + 0.01),
        box(x + 0.016, y, x + 0.020, y + 0.01),
    ])
    shapes[2] = shapely.Polygon(shapes[2].exterior.coords[::-1])
    return _measured(pd.DataFrame(said).to_dict("list"), shapes)


def constraints() -> gpd.GeoDataFrame:
    """One that everybody may see, and one that nobody may."""
    said = {
        "kind": ["basic_farmland", "restricted_area"],
        "name": ["示例农田", "示例涉密区"],
        "level": [None, "涉密"],
        "restricted": [False, True],
    }
    return _measured(said, [box(113.61, 34.69, 113.62, 34.70), box(113.50, 34.50, 113.51, 34.51)])


def enterprises() -> pd.DataFrame:
    """E1 in two years, the others in one."""
    rows = [
        ("E1", FIRST, 2023),
        ("E1", FIRST, 2024),
        ("E2", FIRST, 2024),
        ("E3", FIRST, 2024),
        ("E9", SECOND, 2024),
    ]
    return pd.DataFrame([
        {
            "enterprise_id": name,
            "name": f"示例企业{name}",
            "zone": zone,
            "industry": "3011",
            "year": year,
            "investment_cny10k": 1000.0,
            "tax_cny10k": 120.0,
            "revenue_cny10k": 3000.0,
            "value_added_cny10k": 800.0,
        }
        for name, zone, year in rows
    ])


def activity() -> pd.DataFrame:
    """Electricity bought by the first zone."""
    return pd.DataFrame([
        {
            "zone": FIRST,
            "enterprise_id": "E1",
            "year": 2024,
            "category": "electricity",
            "item": "electricity",
            "amount": 1000.0,
            "unit": "MWh",
        }
    ])


def _measured(said: dict[str, object], shapes: list[shapely.Geometry]) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(said, geometry=shapes, crs=4490)
    return frame.assign(area_m2=ellipsoidal_area_m2(frame.geometry, frame.crs))

"""The park whose inventory the tests of its doors work by hand: a plant, a works, a buyer, the zone itself.

Statements are written into the template as a person fills it in: one row each, the first in row 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
from shapely.geometry import box

from data import formats
from data.book import new_book
from data.formats.templates import write_template
from data.kinds import kind

ZONE, NAME, YEAR = "G419901", "=cmd|'/C calc'!A0 示例区<b>", 2023
WHEN = datetime(2025, 3, 1, tzinfo=UTC)
WEST, SOUTH, STEP = 113.60, 34.70, 0.01
TO_CO2 = 44 / 12
FIRMS = (
    {"enterprise_id": "P1", "name": "=cmd 热电厂<i>", "industry": "4412"},
    {"enterprise_id": "L1", "name": "石灰水泥厂", "industry": "3011"},
    {"enterprise_id": "B1", "name": "食品厂", "industry": "1492"},
)
NO_REFINERY = {
    "category": "加工转换",
    "item": "炼油",
    "unit": "吨",
    "notation": "NO",
    "explanation": "区内没有炼油",
}
ROWS: tuple[Mapping[str, Any], ...] = (
    {"enterprise_id": "P1", "category": "燃料", "item": "烟煤", "amount": 1, "unit": "万吨",
     "source": "皮带秤", "equipment": "发电锅炉", "purpose": "火力发电", "ncv_gj": 200_000},
    {"enterprise_id": "P1", "category": "电力", "item": "自发电", "amount": 3000, "unit": "万千瓦时"},
    {"enterprise_id": "P1", "category": "电力", "item": "区内售电", "amount": 2000, "unit": "万千瓦时"},
    {"enterprise_id": "P1", "category": "电力", "item": "外送电力", "amount": 1000, "unit": "万千瓦时"},
    {"enterprise_id": "P1", "category": "热力", "item": "自产热力", "amount": 70_000, "unit": "吉焦"},
    {"enterprise_id": "P1", "category": "热力", "item": "区内供热", "amount": 70_000, "unit": "吉焦"},
    {"enterprise_id": "L1", "category": "工业过程", "item": "石灰", "amount": 10_000, "unit": "吨"},
    {"enterprise_id": "L1", "category": "工业过程", "item": "硅酸盐熟料", "amount": 1, "unit": "万吨"},
    {"enterprise_id": "L1", "category": "工业过程", "item": "电石渣", "amount": 200, "unit": "吨"},
    {"enterprise_id": "L1", "category": "燃料", "item": "天然气", "amount": 100, "unit": "万标准立方米",
     "source": "购销发票", "uncertainty_pct": 2},
    {"enterprise_id": "L1", "category": "电力", "item": "区内购电", "amount": 8000, "unit": "MWh",
     "supplier_id": "P1"},
    {"enterprise_id": "L1", "category": "热力", "item": "区内购热", "amount": 30_000, "unit": "GJ",
     "supplier_id": "P1"},
    {"enterprise_id": "B1", "category": "电力", "item": "区内购电", "amount": 1200, "unit": "万千瓦时",
     "supplier_id": "P1"},
    {"enterprise_id": "B1", "category": "热力", "item": "区内购热", "amount": 40_000, "unit": "吉焦",
     "supplier_id": "P1"},
    {"enterprise_id": "B1", "category": "电力", "item": "外购电", "amount": 500, "unit": "万千瓦时"},
    {"enterprise_id": "B1", "category": "电力", "item": "绿电", "amount": 100, "unit": "万千瓦时"},
    {"enterprise_id": "B1", "category": "含氟气体", "item": "R410A", "amount": 100, "unit": "千克"},
    {"enterprise_id": "B1", "category": "废弃物与废水", "item": "厌氧反应器", "amount": 10, "unit": "吨"},
    {"category": "电力", "item": "外购电", "amount": 10, "unit": "万千瓦时"},
    NO_REFINERY,
    {"enterprise_id": "B1", "category": "范围三", "item": "员工通勤", "unit": "tCO2e", "notation": "NE",
     "explanation": "没有统计"},
)  # fmt: skip
"""The statements, in the order of the rows of their file, from row 2 on"""

# worked by hand: amount x factor, the factors as data/factors has them
COAL = 200_000 * 26.18 / 1000 * 0.93 * TO_CO2  # the measured value: 10,000 t are 200,000 GJ x 10,000 / 10,000
GAS = 100 * 389.31 * 15.3 / 1000 * 0.99 * TO_CO2
LIME, CLINKER, SLAG = 10_000 * 0.75, 10_000 * 0.535, -200 * 0.48
COOLING = 0.1 * (0.5 * 677 + 0.5 * 3170)
WATER = 10 * 0.25 * 0.8 * 28
GRID = 0.5897
POWER = (5_000 * GRID, 1_000 * GRID, 100 * GRID)
SCOPE1 = COAL + GAS + LIME + CLINKER + SLAG + COOLING + WATER
SCOPE2 = sum(POWER)
TOTAL = SCOPE1 + SCOPE2
PARK = {"fuel": COAL + GAS, "conversion": 0.0, "power": (5_000 + 100 - 10_000) * 0.8325, "heat": 0.0,
        "process": LIME + CLINKER + SLAG}  # fmt: skip
ALONE = {  # tCO2e by place among ROWS; not there: counted elsewhere or not told
    0: COAL, 6: LIME, 7: CLINKER, 8: SLAG, 9: GAS, 14: POWER[0], 15: POWER[1], 16: COOLING, 17: WATER,
    18: POWER[2],
}  # fmt: skip


def statements(path: Path, rows: Sequence[Mapping[str, Any]] = ROWS, **same: Any) -> Path:
    """Rows filled into the template of statements; `same` stands in each where it says nothing else."""
    return filled("activity", path, [{"zone": ZONE, "year": YEAR, **same, **row} for row in rows])


def filled(name: str, path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """The template of a kind with rows below its header; the one at `path` where one is there."""
    if not path.exists():
        write_template(name, path)
    book = openpyxl.load_workbook(path)
    sheet, columns = book.worksheets[0], list(kind(name).columns)
    for at, row in enumerate(rows, start=2):
        for column, value in row.items():
            sheet.cell(at, columns.index(column) + 1, value)
            if isinstance(value, str) and value.startswith("=cmd"):
                sheet.cell(at, columns.index(column) + 1).data_type = "s"  # a name, not a formula
    book.save(path)
    return path


def layers(folder: Path) -> dict[str, Path]:
    """A file of zones and one of parcels."""
    found = {name: folder / f"{name}.geojson" for name in ("zones", "parcels")}
    said = {"code": [ZONE], "name": [NAME], "level": ["provincial"], "city": ["郑州市"]}
    whole = box(WEST, SOUTH, WEST + 4 * STEP, SOUTH + STEP)
    formats.write(gpd.GeoDataFrame(said, geometry=[whole], crs=4490), found["zones"])
    shapes = [box(WEST + n * STEP, SOUTH, WEST + (n + 1) * STEP, SOUTH + STEP) for n in range(4)]
    parcels = {
        "parcel_id": ["001", "002", "003", "004"],
        "zone": ZONE,
        "land_class": "0601",
        "class_system": "sandiao",
        "supply": "supplied",
        "built": True,
        "enterprise_id": ["P1", "L1", "B1", None],
    }
    formats.write(gpd.GeoDataFrame(parcels, geometry=shapes, crs=4490), found["parcels"])
    return found


def firms() -> list[dict[str, Any]]:
    """The enterprises of the year."""
    money = {"value_added_cny10k": 10_000, "revenue_cny10k": 40_000}
    return [{**firm, "zone": ZONE, "year": YEAR, **money} for firm in FIRMS]


def book_of(folder: Path, run: Callable[..., Any], rows: Sequence[Mapping[str, Any]] = ROWS) -> Path:
    """The park in a book of its own; `run` is the command line."""
    book = folder / "mutan.gpkg"
    new_book(book).close()
    files = layers(folder)
    files["enterprises"] = filled("enterprises", folder / "企业.xlsx", firms())
    files["activity"] = statements(folder / "能源.xlsx", rows)
    for name, file in files.items():
        dated = ("--valid-from", "2023-01-01") if name in ("zones", "parcels") else ()
        told = run("ingest", name, file, "--book", book, *dated)
        assert told.status == 0, told.err
    return book

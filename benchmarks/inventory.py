"""Inventory: a year of a province, 110,000 enterprises with ten lines each, out of the book.

The whole command from its start to its end, `mutan inventory --year 2024 --json`: every line is read from the
book, checked, priced by its factor and summed, zone by zone. Beside it one zone with everything that is told
of it: netting, what is missing, 10,000 draws, gates, and the workbook.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from api.inventories.account import account_of
from api.inventories.workbook import workbook_bytes
from benchmarks import assess_fabric
from benchmarks.assess import most_memory
from benchmarks.assess_fabric import Size, take
from benchmarks.report import Row
from benchmarks.timing import run
from data.book import new_book, open_book

ASKED_S, ASKED_MB = 15, 3_000
YEAR, LINES = 2024, 10
EDITION = 1
ITEMS = (
    ("electricity", "外购电力", "万千瓦时", 1.0),
    ("electricity", "绿电交易", "万千瓦时", -1.0),
    ("fuel", "天然气", "万标准立方米", 1.0),
    ("fuel", "烟煤", "吨", 3.0),
    ("fuel", "柴油", "吨", 1.0),
    ("vehicle", "柴油", "吨", 0.5),
    ("heat", "外购蒸汽", "吉焦", 6.0),
    ("process", "石灰", "吨", 4.0),
    ("waste", "wastewater_aerobic_overloaded", "kg", 2.0),
    ("refrigerant", "HFC-134a", "kg", 1.0),
)


def measure(mutan: Path, times: int, raw: dict[str, Any], folder: Path) -> list[Row]:
    """The lines of the table about inventories."""
    size = Size(parcels=20_000, projects=0)
    book = kept(folder, size)
    words = [mutan, "inventory", "--year", str(YEAR), "--book", book, "--json"]
    ran, peaks = [], []
    for _ in range(times):
        with most_memory() as peak:
            ran.append(run(words, book.with_suffix(".log")))
        peaks.append(peak[0])
    whole_s, one_s = median(each.wall_s for each in ran), one_zone(book, times)
    raw["inventory"] = {"runs": [vars(each) for each in ran], "peak_mb": peaks, "one_zone_s": one_s}
    much = f"{size.enterprises:,} enterprises x {LINES} lines, {size.zones} zones, one year"
    return [
        Row(
            f"inventory: {much}",
            f"{whole_s:.1f} s, {max(peaks):,.0f} MB in all",
            "",
            None,
            f"under {ASKED_S} s and {ASKED_MB / 1000:.0f} GB",
            whole_s < ASKED_S and max(peaks) < ASKED_MB,
        ),
        Row(
            f"inventory: one zone of {size.enterprises // size.zones:,} enterprises, and its workbook",
            f"{one_s:.1f} s",
            "",
            None,
            "",
            None,
        ),
    ]


def one_zone(book: Path, times: int) -> float:
    """Seconds for the account of a zone and its workbook, in a process that runs already; the median."""
    code, took = assess_fabric.codes(1)[0], []
    with open_book(book) as here:
        for _ in range(times + 1):
            begin = time.perf_counter()
            workbook_bytes(account_of(here, code, YEAR), when=datetime(YEAR, 6, 1, tzinfo=UTC))
            took.append(time.perf_counter() - begin)
    return median(took[1:])  # the first reads the tables of factors


def kept(folder: Path, size: Size) -> Path:
    """The book in a folder, made once."""
    path = folder / f"statements_e{EDITION}_{size.zones}_{size.enterprises}.gpkg"
    if path.exists():
        return path
    half = path.with_suffix(".part.gpkg")
    half.unlink(missing_ok=True)
    around = assess_fabric.zones(size)
    with new_book(half) as book:
        take(book, "zones", around, "zones", valid_from=assess_fabric.SINCE)
        take(book, "parcels", assess_fabric.parcels(size, around), "parcels", valid_from=assess_fabric.SINCE)
        firms = assess_fabric.enterprises(size, YEAR)
        take(book, "enterprises", firms, "enterprises")
        take(book, "activity", statements(firms), "activity")
    half.rename(path)
    return path


def statements(firms: pd.DataFrame) -> pd.DataFrame:
    """Ten lines for each enterprise, as their files spell them."""
    rng = np.random.default_rng(910)
    parts = [
        pd.DataFrame({
            "zone": firms["zone"],
            "enterprise_id": firms["enterprise_id"],
            "year": YEAR,
            "category": category,
            "item": item,
            "amount": rng.lognormal(mean, 1.0, len(firms)).round(3),
            "unit": unit,
            "source": "计量表",
            "row": np.arange(len(firms)) * LINES + number + 2,
        })
        for number, (category, item, unit, mean) in enumerate(ITEMS)
    ]
    return pd.concat(parts, ignore_index=True)

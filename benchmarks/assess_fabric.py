"""A generated province: a hundred zones, half a million parcels, 110,000 enterprises, five years.

    python -m benchmarks.assess_fabric OUT [--zones N] [--parcels N] [--enterprises N] [--projects N]

A book as an office would have it: zones, parcels, planned land, projects, control values and admission
lists since 2020, ten zones surveyed anew in 2023, statements and ledgers of 2020 to 2024. About six parcels
in a hundred cross the boundary of the zone to which they say they belong. Everything is made up, from a
seed, and goes in through the book's own ingest.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks import assess_projects, fabric
from data.book import new_book
from data.book.interface import Book
from data.records import Source
from geo.areas import ellipsoidal_area_m2

EDITION = 2
"""Raise it when the fabric changes: it is in the name of a book that is kept."""
YEARS = range(2020, 2025)
SINCE, AGAIN = date(2020, 1, 1), date(2023, 6, 1)
WHEN = datetime(2025, 3, 1, tzinfo=UTC)
CITIES = np.array(["郑州市", "开封市", "洛阳市", "新乡市", "许昌市"])
INDUSTRIES = np.array(["3011", "3311", "3611", "3914", "1511", "5910", "5220", "6510", "4412", "2614"])
WITH_LEDGER = 50  # enterprises a zone whose ledger of energy is known
COVERED = 0.5  # of the square lies in zones
LEDGER = (
    ("electricity", "bought", "MWh", 8.0),
    ("fuel", "natural_gas", "10^4 Nm3", 3.0),
    ("fuel", "diesel", "t", 2.0),
    ("heat", "bought", "GJ", 7.0),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of each, of projects in each zone; parcels are rounded to fill a square."""

    zones: int = 100
    parcels: int = 500_000
    enterprises: int = 110_000
    projects: int = 20

    @property
    def cells(self) -> int:
        """Parcels along a side of the square of which zones cover half."""
        return int(np.ceil((self.parcels / COVERED) ** 0.5))


def codes(count: int) -> list[str]:
    """Codes of made-up zones in Henan; none of them is in the catalogue."""
    return [f"G41{9000 + number}" for number in range(count)]


def zones(size: Size) -> gpd.GeoDataFrame:
    """Zones of 400 vertices in a lattice, half of the square between them."""
    made = fabric.zones(size.zones, size.cells)
    rng = np.random.default_rng(11)
    return _measured(
        gpd.GeoDataFrame(
            {
                "code": codes(size.zones),
                "name": [f"示例开发区{number}" for number in range(size.zones)],
                "level": np.where(np.arange(size.zones) % 10, "provincial", "national"),
                "city": CITIES[rng.integers(0, len(CITIES), size.zones)],
                "approved_ha": rng.uniform(300, 3000, size.zones).round(2),
                "population": rng.integers(5_000, 90_000, size.zones).astype(float),
            },
            geometry=made.geometry.to_numpy(),
            crs=4490,
        )
    )


def parcels(size: Size, around: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The parcels that touch a zone, each said to belong to it."""
    every = fabric.parcels(size.cells**2)
    of, cell = shapely.STRtree(every.geometry.to_numpy()).query(
        around.geometry.to_numpy(), predicate="intersects"
    )
    found = _measured(every.iloc[cell].reset_index(drop=True))
    rng = np.random.default_rng(12)
    n = len(found)
    built = rng.random(n) < 0.7
    floors = np.where(built, found["area_m2"] * rng.uniform(0.2, 2.0, n), 0.0).round(1)
    supply = np.where(built, "supplied", rng.choice(["supplied", "not_supplied", "ready", "idle"], n))
    each = max(size.enterprises // size.zones, 1)
    days = np.datetime64("2005-01-01") + rng.integers(0, 7000, n).astype("timedelta64[D]")
    return found.assign(
        zone=around["code"].to_numpy()[of],
        class_system="sandiao",
        supply=supply,
        built=built,
        floor_area_m2=floors,
        footprint_m2=(floors * 0.4).round(1),
        enterprise_id=pd.Series(firm(of, rng.integers(0, each, n))).where(rng.random(n) < 0.3),
        supplied_on=pd.Series(days).where(np.isin(supply, ["supplied", "idle"])),
    )


def surveyed_again(found: gpd.GeoDataFrame, again: list[str]) -> gpd.GeoDataFrame:
    """The parcels of some zones as a later survey found them: somewhat more is built."""
    late = found[found["zone"].isin(again)].reset_index(drop=True)
    rng = np.random.default_rng(13)
    built = late["built"].to_numpy() | (rng.random(len(late)) < 0.1)
    return late.assign(built=built, supply=late["supply"].where(~built, "supplied"))


def planned(around: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Planned construction land: the inner part of each zone."""
    inner = shapely.buffer(around.geometry.to_numpy(), -3 * fabric.CELL)
    names = [f"规划{code}" for code in around["code"]]
    layer = {"kind": "planned_construction", "name": names, "level": "", "restricted": False}
    return _measured(gpd.GeoDataFrame(layer, geometry=inner, crs=4490))


def enterprises(size: Size, year: int) -> pd.DataFrame:
    """The statements of a year, all money stated; in every twentieth zone one enterprise lacks its tax."""
    rng = np.random.default_rng(year)
    each = max(size.enterprises // size.zones, 1)
    zone = np.repeat(np.arange(size.zones), each)
    number = np.tile(np.arange(each), size.zones)
    n = len(zone)
    money = {
        name: np.exp(rng.normal(mean, 1.0, n)).round(2)
        for name, mean in (
            ("investment_cny10k", 8.0),
            ("tax_cny10k", 5.0),
            ("revenue_cny10k", 8.5),
            ("value_added_cny10k", 7.0),
            ("profit_cny10k", 5.5),
            ("rd_cny10k", 4.0),
        )
    }
    money["tax_cny10k"][(number == 0) & (zone % 20 == 7)] = np.nan
    return pd.DataFrame({
        "enterprise_id": firm(zone, number),
        "name": [f"示例企业{a}-{b}" for a, b in zip(zone.tolist(), number.tolist(), strict=True)],
        "zone": np.array(codes(size.zones))[zone],
        "industry": INDUSTRIES[number % len(INDUSTRIES)],
        "year": year,
        **money,
        "employees": rng.integers(5, 900, n).astype(float),
        "energy_tce": np.exp(rng.normal(6.0, 1.0, n)).round(1),
        "land_mu": rng.uniform(5, 200, n).round(2),
        "leased_in_mu": 0.0,
        "leased_out_mu": 0.0,
        "above_scale": rng.random(n) < 0.4,
    })


def ledgers(size: Size, year: int) -> pd.DataFrame:
    """Energy of each zone itself and of some of its enterprises, four rows each."""
    rng = np.random.default_rng(year + 100)
    firms = min(WITH_LEDGER, max(size.enterprises // size.zones, 1))
    names = [
        (zone, one)
        for number, zone in enumerate(codes(size.zones))
        for one in (None, *firm(np.full(firms, number), np.arange(firms)).tolist())
    ]
    rows = pd.DataFrame(names, columns=["zone", "enterprise_id"])
    parts = [
        rows.assign(
            year=year,
            category=category,
            item=item,
            amount=np.exp(rng.normal(mean, 1.0, len(rows))).round(3),
            unit=unit,
        )
        for category, item, unit, mean in LEDGER
    ]
    return pd.concat(parts, ignore_index=True)


def kept(folder: Path, size: Size) -> Path:
    """The book of that size in a folder, made once; those of older editions are deleted."""
    mine = folder / f"province_e{EDITION}_{size.zones}_{size.parcels}_{size.projects}.gpkg"
    for old in folder.glob("province_*.gpkg*"):
        if not old.name.startswith(f"province_e{EDITION}_"):
            old.unlink()
    return write(mine, size)


def write(path: Path, size: Size | None = None) -> Path:
    """The book; made once."""
    size = size or Size()
    if path.exists():
        return path
    half = path.with_suffix(".part.gpkg")
    for old in half.parent.glob(f"{half.name}*"):
        old.unlink()
    with new_book(half) as book:
        _fill(book, size)
    half.rename(path)
    return path


def _fill(book: Book, size: Size) -> None:
    around = zones(size)
    found = parcels(size, around)
    again = around["code"].tolist()[: max(size.zones // 10, 1)]
    take(book, "zones", around, "zones", valid_from=SINCE)
    take(book, "parcels", found, "parcels", valid_from=SINCE)
    take(book, "parcels", surveyed_again(found, again), "parcels-2023", valid_from=AGAIN)
    take(book, "constraints", planned(around), "planned", valid_from=SINCE)
    if size.projects:
        take(book, "projects", assess_projects.projects(found, size.projects), "projects", valid_from=SINCE)
        take(book, "controls", assess_projects.controls(), "controls")
        lists = assess_projects.admissions(codes(size.zones))
        take(book, "admissions", lists, "admissions", valid_from=SINCE)
    for year in YEARS:
        take(book, "enterprises", enterprises(size, year), f"enterprises-{year}")
        take(book, "activity", ledgers(size, year), f"activity-{year}")


def take(book: Book, kind: str, frame: pd.DataFrame, name: str, *, valid_from: date | None = None) -> None:
    """One made-up file into the book."""
    source = Source(f"{name}.parquet", f"{name:0<64}"[:64], "made")
    book.ingest(kind, frame, source, who="benchmark", when=WHEN, valid_from=valid_from)


def firm(zone: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Ids of enterprises: of the zone by its number, and of the enterprise by its number within."""
    return np.char.add(np.char.mod("E%03d", zone), np.char.mod("-%05d", number))


def _measured(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.assign(area_m2=ellipsoidal_area_m2(frame.geometry, frame.crs))


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("out", type=Path)
    for word, usual in asdict(Size()).items():
        words.add_argument(f"--{word}", type=int, default=usual)
    said = words.parse_args()
    print(write(said.out, Size(said.zones, said.parcels, said.enterprises, said.projects)))

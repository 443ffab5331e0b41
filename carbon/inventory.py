"""Inventory (园区碳排放清单): the lines of one zone and year, their totals, and all they rest on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from carbon.category import Ask, Quote
from carbon.choices import Choices
from carbon.ledger import Ledgers, read_accounts
from carbon.line import Line
from carbon.pricing import GAS_COLUMNS, price_accounts
from carbon.process import unmatched_deductions
from carbon.tables import plain
from carbon.totals import NDRC910_NOTE, Totals, location, ndrc910
from data.records import Dated, Fault, Status
from data.sources import sourced

CONTRACT = [
    *("scope", "category", "item", "enterprise_id", "amount", "unit", "factor", "factor_unit"),
    *("source", "tco2e", "notation", "quality"),
]
BESIDE = [
    *("supplier_id", "equipment", "purpose", "stated_amount", "stated_unit", "explanation", "missing"),
    *GAS_COLUMNS.values(),
    *("biogenic_t", "measured", "data_source", "stated_quality", "uncertainty_pct", "ndrc910_tco2"),
    *("row", "version"),
]


@dataclass(frozen=True)
class Inventory:
    """What a zone emits in a year, by the choices of the person who accounts.

    Parameters
    ----------
    location, ndrc910 : the two totals side by side, tCO2e and tCO2
    frame : the priced lines, as `carbon.pricing.Priced` describes them
    quotes : factors that the column `quote` counts into
    """

    zone: str
    region: str
    year: int
    known_on: date
    choices: Choices
    location: Totals
    ndrc910: Totals
    frame: pd.DataFrame
    quotes: tuple[Quote, ...]
    faults: tuple[Fault, ...]
    versions: tuple[str, ...] = ()

    @property
    def totals(self) -> dict[str, dict[str, float | None]]:
        """The contract's totals: `location` by scope, `ndrc910` by part; None where one cannot be told."""
        return {"location": dict(self.location.told), "ndrc910": dict(self.ndrc910.told)}

    @property
    def lines(self) -> list[Line]:
        """Every line as a record; made when asked for."""
        parts = [self._parts(quote) for quote in self.frame["quote"]]
        records = plain(self.frame[CONTRACT])
        return [Line(**record, factors=dated) for record, dated in zip(records, parts, strict=True)]

    @property
    def factors(self) -> tuple[Dated, ...]:
        """The dated values used, each once, in the order of the lines."""
        used = [q for quote in self.quotes for q in (quote.factor, quote.ndrc910) if q is not None]
        return tuple(dict.fromkeys(part for factor in used for part in factor.parts))

    @property
    def unverified(self) -> tuple[Dated, ...]:
        """The values among them that nobody has checked against their source."""
        return tuple(part for part in self.factors if part.status is not Status.VERIFIED)

    def as_json(self) -> dict[str, Any]:
        """The contract's document, with what is known of an open total, why it is open, and the factors."""
        both = {"location": self.location, "ndrc910": self.ndrc910}
        return {
            "zone": self.zone,
            "region": self.region,
            "year": self.year,
            "known_on": None if self.known_on == date.max else self.known_on.isoformat(),
            "totals": self.totals,
            "known": {name: dict(totals.known) for name, totals in both.items()},
            "reasons": {name: dict(totals.reasons) for name, totals in both.items()},
            "notes": {"ndrc910": NDRC910_NOTE},
            "uncertainty": {"low": None, "high": None},
            "choices": self.choices.as_json(),
            "factors": [sourced(part) for part in self.factors],
            "unverified": [part.name for part in self.unverified],
            "lines": plain(self.frame[[*CONTRACT, *BESIDE]]),
            "faults": [fault.as_json() for fault in self.faults],
        }

    def _parts(self, quote: int) -> tuple[Dated, ...]:
        factor = self.quotes[quote].factor if quote >= 0 else None
        return factor.parts if factor else ()


def inventory(
    activity: pd.DataFrame,
    *,
    zone: str,
    region: str,
    year: int,
    choices: Choices | None = None,
    known_on: date = date.max,
) -> Inventory:
    """What a zone emitted in a year. Nothing in the data stops it; faults say what is open.

    Formula: location total = Σ fuel x NCV x CC x OF x 44/12 + Σ MWh bought x grid factor
    + Σ GJ bought x 0.11; the zero-carbon park total nets what is sold (`carbon.energy`). Power and heat
    passed on inside the park are listed with IE: the fuel is counted where it is burned.

    Parameters
    ----------
    activity : rows of the kind `activity`; other zones and years may stand among them
    region : GB/T 2260 code of the zone's city or province, for the grid factor
    choices : None: the defaults of `Choices`
    known_on : use only what was published by that day, to recompute an old report

    Raises
    ------
    ColumnMissing : the table lacks a column without which no row can be read
    """
    read = inventories(activity, zone=zone, regions={year: region}, choices=choices, known_on=known_on)
    return read[year]


def inventories(
    activity: pd.DataFrame,
    *,
    zone: str,
    regions: Mapping[int, str],
    choices: Choices | None = None,
    known_on: date = date.max,
    enterprises: Collection[str] | None = None,
) -> dict[int, Inventory]:
    """The inventories of several years, each what `inventory` makes of it, in one pass over the statements.

    Parameters
    ----------
    regions : year -> GB/T 2260 code of the zone's city or province in that year
    enterprises : ids that are known beside those that state something, for suppliers that state nothing

    Raises
    ------
    ColumnMissing : the table lacks a column without which no row can be read
    """
    of = {year: (zone, year) for year in sorted(regions)}
    read = read_accounts(activity, of, enterprises=enterprises)
    return _accounts(read, of, regions, Ask(0, "", choices or Choices(), known_on))


def inventories_of_zones(
    activity: pd.DataFrame,
    *,
    regions: Mapping[str, str],
    year: int,
    choices: Choices | None = None,
    known_on: date = date.max,
) -> dict[str, Inventory]:
    """The inventories of several zones in a year, each what `inventory` makes of it, in one pass.

    Parameters
    ----------
    regions : zone -> GB/T 2260 code of its city or province

    Raises
    ------
    ColumnMissing : the table lacks a column without which no row can be read
    """
    zones = list(regions)
    of = {number: (zone, year) for number, zone in enumerate(zones)}
    places = {number: regions[zone] for number, zone in enumerate(zones)}
    told = _accounts(read_accounts(activity, of), of, places, Ask(0, "", choices or Choices(), known_on))
    return {zones[number]: each for number, each in told.items()}


def _accounts(
    ledgers: Ledgers, of: Mapping[int, tuple[str, int]], regions: Mapping[int, str], like: Ask
) -> dict[int, Inventory]:
    """The inventory of each account: its zone and year in `of`, its place in `regions`, else as `like`."""
    asks = {number: replace(like, year=year, region=regions[number]) for number, (_, year) in of.items()}
    return {
        number: Inventory(
            *(of[number][0], asks[number].region, asks[number].year, like.known_on, like.choices),
            location=location(priced.lines, like.choices.captured),
            ndrc910=ndrc910(priced.lines),
            frame=priced.lines,
            quotes=priced.quotes,
            faults=ledgers.faults[number] + priced.faults + unmatched_deductions(priced.lines),
            versions=ledgers.versions[number],
        )
        for number, priced in price_accounts(ledgers.lines, ledgers.rows, asks).items()
    }

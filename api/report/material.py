"""What a report is made of (报告素材): results as they were kept, else measured now, and earlier years."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import isclose
from typing import Any

import pandas as pd

from api.assess import assess, parcels_of, zone_on
from data.book.interface import Ask, Book, Version
from data.errors import NothingInForce
from data.records import Fault, Severity
from geo.land.survey import surveyed

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """One zone in one year.

    Parameters
    ----------
    zone : columns of the zone as it was at the end of the year, without its polygon
    results : code -> the result, as `Result.as_json` writes it
    kept : when the results were kept; empty when they were measured for this report
    faults : of the data, as `Fault.as_json` writes them
    earlier : year -> code -> result, of the years assessed up to this one
    """

    zone: Row
    results: Mapping[str, Row]
    kept: str
    faults: tuple[Row, ...]
    earlier: Mapping[int, Mapping[str, Row]]

    @property
    def code(self) -> str:
        """Of the zone."""
        return str(self.zone["code"])

    @property
    def name(self) -> str:
        """Of the zone."""
        return str(self.zone["name"])


@dataclass(frozen=True)
class Material:
    """All that a report says.

    Parameters
    ----------
    parcels : of the only zone, with the columns of `geo.land.survey.surveyed` beside their own; None
        when there are several
    enterprises : of the only zone and the year; None when there are several
    versions : of the layers that results quote
    notice : remark on the whole book, such as that it is made up
    when : the moment of the report
    """

    year: int
    accounts: Sequence[Account]
    notice: str
    versions: Sequence[Version]
    when: datetime
    parcels: pd.DataFrame | None = None
    enterprises: pd.DataFrame | None = None


def gather(
    book: Book, codes: Sequence[str], year: int, when: datetime, tick: Callable[[], object] = lambda: None
) -> Material:
    """The material of a report on zones in a year.

    Parameters
    ----------
    codes : of zones; none: all that were in force at the end of the year
    tick : called after each zone

    Raises
    ------
    NotHere, NothingInForce : a zone is not in the book, or was not in force at the end of the year
    """
    zones = _zones(book, codes, year)
    accounts = []
    for zone in zones:
        accounts.append(_account(book, zone, year))
        tick()
    told = Material(year, accounts, book.notes().get("notice", ""), _versions(book, accounts), when)
    return _in_detail(book, told) if len(accounts) == 1 else told


def _zones(book: Book, codes: Sequence[str], year: int) -> list[Row]:
    day = date(year, 12, 31)
    columns = list(book.read("zones", Ask(on=day)).columns.drop(["geometry", "extra"], errors="ignore"))
    table = book.read("zones", Ask(on=day), columns=[c for c in columns if c != "version"])
    held = {str(row["code"]): row for row in table.to_dict("records")}
    if not codes and not held:
        raise NothingInForce(
            f"No zone of the book was in force at the end of {year}. Take in zones, or ask for another year."
        )
    wanted = list(dict.fromkeys(codes)) or sorted(held)
    for code in wanted:
        if code not in held:
            zone_on(book, code, day)  # says what is lacking
    return [_known(held[code]) for code in wanted]


def _known(row: Mapping[Any, Any]) -> Row:
    """The row with None for what is missing."""
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}


def _account(book: Book, zone: Row, year: int) -> Account:
    code = str(zone["code"])
    by_year: dict[int, dict[str, Row]] = {}
    kept = ""
    for row in book.results(code, None, "assess"):
        if int(row["year"]) <= year:
            short = row if row["year"] == year else _without_grounds(row)
            by_year.setdefault(int(row["year"]), {})[str(row["code"])] = short
            kept = str(row["when"]) if row["year"] == year else kept
    faults: tuple[Row, ...] = ()
    if year not in by_year:
        told = assess(book, code, year).as_json()
        by_year[year] = {row["code"]: row for row in told["results"]}
        faults = tuple(told["faults"])
    return Account(zone, by_year[year], kept, faults, by_year)


def _without_grounds(row: Row) -> Row:
    """What a comparison of years needs; the grounds of a hundred zones would fill the memory."""
    return {key: row.get(key) for key in ("code", "label", "value", "unit", "reason")}


def _in_detail(book: Book, told: Material) -> Material:
    """The same with parcels, enterprises and faults of its only zone."""
    account, day = told.accounts[0], date(told.year, 12, 31)
    parcels, _ = parcels_of(book, zone_on(book, account.code, day), day)
    survey = surveyed(parcels)
    beside = [name for name in parcels.columns if name not in survey.columns and name != "geometry"]
    if account.kept:
        account = _checked(book, account, told.year)
    return replace(
        told,
        accounts=[account],
        parcels=survey.join(pd.DataFrame(parcels[beside])),
        enterprises=book.read("enterprises", Ask(zone=account.code, year=told.year)),
    )


def _checked(book: Book, account: Account, year: int) -> Account:
    """The account with the faults of the data as it is now, and a warning where kept results have aged."""
    now = assess(book, account.code, year).as_json()
    aged = [row["label"] for row in now["results"] if _differs(row, account.results.get(row["code"]))]
    faults = list(now["faults"])
    if aged:
        warning = Fault(
            "results_aged",
            f"{len(aged)} 项保存的结果与台账现在的数据不一致: {'、'.join(aged[:8])}。"
            f"指标为 {account.kept} 保存的数, 图斑表和企业表为现在的数据。",
            f"运行 mutan assess {account.code} --year {year} 重新评价, 再出报告。",
            Severity.WARNING,
        )
        faults.insert(0, warning.as_json())
    return replace(account, faults=tuple(faults))


def _differs(now: Row, kept: Row | None) -> bool:
    then = None if kept is None else kept["value"]
    if now["value"] is None or then is None:
        return now["value"] is not then
    return not isclose(now["value"], then, rel_tol=1e-9)


def _versions(book: Book, accounts: Sequence[Account]) -> list[Version]:
    quoted = {
        name for a in accounts for row in a.results.values() for name in row.get("layer_versions") or ()
    }
    return [version for version in book.versions() if version.name in quoted]

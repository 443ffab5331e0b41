"""What cannot be right in statements (填报异常): doubled firms, absurd money, gaps in years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pandas as pd

from data.kinds import kind
from data.records import Fault, Severity
from geo.benefit.land_of import fault
from geo.benefit.statements import Flags, Floats, Statements, Texts, numbers, texts

# the first is paid out of the second; value added may exceed revenue, for what is made is not always sold
WITHIN = (
    ("tax_cny10k", "revenue_cny10k", "tax"),
    ("rd_cny10k", "revenue_cny10k", "research spending"),
)
# nought is no answer for these while there is revenue
ALWAYS_SOME = ("energy_tce", "electricity_mwh", "employees")
MAY_BE_NEGATIVE = {"tax_cny10k", "value_added_cny10k", "profit_cny10k", "bonus_score"}
LAND_COLUMNS = {"land_mu", "unregistered_mu", "leased_in_mu", "leased_out_mu"}  # land_of speaks of them
SHOWN = 5


@dataclass(frozen=True)
class Doubts:
    """What is not believed.

    Parameters
    ----------
    statements : that were looked through
    figures : column -> (n rows,) its figures
    columns : column -> (n rows,) True where its figure is not believed, and so not used; those of which all
        are believed are left out
    rows : (n rows,) why a whole row cannot be used; empty where it can
    odd : test -> column -> (n rows,) True where it fails the test; each figure fails the first it can
    """

    statements: Statements
    figures: dict[str, Floats]
    columns: dict[str, Flags]
    rows: Texts
    odd: dict[str, dict[str, Flags]]

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """Each of them, said."""
        return tuple(_said(self))


def doubts(rows: Statements) -> Doubts:
    """Statements of one year, looked through.

    Parameters
    ----------
    rows : enterprise_id, industry with its division, and any of the number columns

    Returns
    -------
    Doubts; a figure is doubted where it is infinite or negative against its kind, where tax or
    research exceeds the revenue, or where a firm with revenue states no energy, power or people at all
    """
    figures = {name: rows.numbers(name) for name in _amounts() if name in rows}
    bad: dict[str, Flags] = {name: np.isinf(column) for name, column in figures.items()}
    odd = {"infinite": {name: flags.copy() for name, flags in bad.items() if flags.any()}}
    odd["negative"] = _negative(figures, bad)
    odd["within"] = _within(figures, bad)
    odd["nothing"] = _nothing_used(figures, bad)
    whole = _identity(rows.texts("enterprise_id"))
    return Doubts(rows, figures, {name: flags for name, flags in bad.items() if flags.any()}, whole, odd)


@cache
def _amounts() -> tuple[str, ...]:
    """The columns of numbers, but for those of land."""
    columns = kind("enterprises").columns.values()
    return tuple(each.name for each in columns if each.type == "number" and each.name not in LAND_COLUMNS)


def _negative(figures: dict[str, Floats], bad: dict[str, Flags]) -> dict[str, Flags]:
    found = {}
    for name, column in figures.items():
        if name in MAY_BE_NEGATIVE:
            continue
        below = (column < 0) & ~bad[name]
        if below.any():
            bad[name] |= below
            found[name] = below
    return found


def _within(figures: dict[str, Floats], bad: dict[str, Flags]) -> dict[str, Flags]:
    found = {}
    for part, whole, _ in WITHIN:
        if part in figures and whole in figures:
            found[part] = (figures[part] > figures[whole]) & ~bad[part] & ~bad[whole]
            bad[part] |= found[part]
    return found


def _nothing_used(figures: dict[str, Floats], bad: dict[str, Flags]) -> dict[str, Flags]:
    found = {}
    revenue = figures.get("revenue_cny10k")
    for name in ALWAYS_SOME:
        if revenue is not None and name in figures:
            found[name] = (figures[name] == 0) & (revenue > 0)
            bad[name] |= found[name]
    return found


def _identity(ids: Texts) -> Texts:
    reason = np.full(len(ids), "", dtype=object)
    blank = pd.isna(ids)
    reason[blank] = "The row bears no enterprise_id."
    reason[_twice(ids)] = "The enterprise stands more than once in the year."
    return reason


def _twice(ids: Texts) -> Flags:
    return pd.Series(ids, dtype=object).duplicated(keep=False).to_numpy() & ~pd.isna(ids)


def _said(told: Doubts) -> Iterator[Fault]:
    """The faults, those of whole rows first."""
    ids = told.statements.texts("enterprise_id")
    yield from _rows_said(ids)
    for name, flags in told.odd["infinite"].items():
        for at in np.flatnonzero(flags):
            yield fault("figure_not_finite", ids[at], f"{name} is infinite.", "Correct the statement.", name)
    for name, flags in told.odd["negative"].items():
        for at in np.flatnonzero(flags):
            said = f"{name} is {told.figures[name][at]:g}. It is not below zero."
            yield fault("figure_negative", ids[at], said, "Correct the statement.", name)
    yield from _money_said(told, ids)
    for code, where in told.statements.unknown_industries:
        of = ids[where]
        more = f" and {len(of) - SHOWN} more" if len(of) > SHOWN else ""
        said = f"{code} names no division of GB/T 4754-2017: {', '.join(map(str, of[:SHOWN]))}{more}."
        remedy = "State two to four digits, as 36 or C3612."
        yield fault("industry_unknown", of[0], said, remedy, "industry", Severity.WARNING)


def _rows_said(ids: Texts) -> Iterator[Fault]:
    blank = pd.isna(ids)
    if blank.any():
        said = f"{int(blank.sum())} row(s) bear no enterprise_id."
        yield fault("no_enterprise_id", None, said, "Give each enterprise its id.", "enterprise_id")
    counts = pd.Series(ids[_twice(ids)], dtype=object).value_counts(sort=False)
    for name, count in counts.items():
        said = f"{name} stands {count} times in the year."
        remedy = "Keep one row per enterprise and year."
        yield fault("enterprise_twice", name, said, remedy, "enterprise_id")


def _money_said(told: Doubts, ids: Texts) -> Iterator[Fault]:
    """What is more than the revenue of which it is a part, and nought beside a revenue."""
    figures = told.figures
    for part, whole, words in WITHIN:
        for at in np.flatnonzero(told.odd["within"].get(part, False)):
            said = f"{part} is {figures[part][at]:g}, more than {whole} {figures[whole][at]:g}."
            remedy = f"See which of the two is wrong; {words} in yuan instead of 万元 looks so."
            yield fault("part_exceeds_revenue", ids[at], said, remedy, part)
    for name, flags in told.odd["nothing"].items():
        for at in np.flatnonzero(flags):
            said = f"{name} is 0 with a revenue of {figures['revenue_cny10k'][at]:g} (万元)."
            yield fault("nothing_used", ids[at], said, "Fill in what was used, or leave it blank.", name)


def year_gaps(enterprises: pd.DataFrame) -> tuple[Fault, ...]:
    """Firms that are there in one year and in a later one, but not between.

    Parameters
    ----------
    enterprises : statements of several years: enterprise_id, year

    >>> two = pd.DataFrame({"enterprise_id": ["E1", "E1"], "year": [2021, 2023]})
    >>> year_gaps(two)[0].message
    'There is no statement for 2022, between 2021 and 2023.'
    """
    years = numbers(enterprises, "year")
    told = pd.DataFrame({"id": texts(enterprises, "enterprise_id"), "year": years}).dropna().drop_duplicates()
    told = told.sort_values(["id", "year"], kind="stable")
    before = told["year"].shift().where(told["id"] == told["id"].shift())
    gaps = told.assign(before=before)[told["year"] - before > 1]
    return tuple(_gap(name, int(first), int(last)) for name, last, first in gaps.itertuples(index=False))


def _gap(name: str, first: int, last: int) -> Fault:
    between = f"{first + 1}" if last - first == 2 else f"{first + 1} to {last - 1}"
    said = f"There is no statement for {between}, between {first} and {last}."
    remedy = "Take in what is missing; no figure is carried forward."
    return fault("year_missing", name, said, remedy, "year", Severity.WARNING)

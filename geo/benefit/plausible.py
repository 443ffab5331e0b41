"""What cannot be right in statements (填报异常): doubled firms, absurd money, gaps in years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.kinds import kind
from data.records import Fault, Severity
from geo.benefit.land_of import Flags, Floats, Texts, fault, numbers, texts

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


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is not believed.

    Parameters
    ----------
    columns : column -> (n rows,) True where its figure is not believed, and so not used
    rows : (n rows,) why a whole row cannot be used; empty where it can
    faults : each of them, said
    """

    columns: dict[str, Flags]
    rows: Texts
    faults: tuple[Fault, ...]


def doubts(rows: pd.DataFrame) -> Doubts:
    """Statements of one year, looked through.

    Parameters
    ----------
    rows : enterprise_id, industry with its division, and any of the number columns

    Returns
    -------
    Doubts; a figure is doubted where it is infinite or negative against its kind, where tax or
    research exceeds the revenue, or where a firm with revenue states no energy, power or people at all
    """
    ids = texts(rows, "enterprise_id")
    figures = {
        column.name: numbers(rows, column.name)
        for column in kind("enterprises").columns.values()
        if column.type == "number" and column.name in rows and column.name not in LAND_COLUMNS
    }
    bad: dict[str, Flags] = {name: np.isinf(column) for name, column in figures.items()}
    faults = list(_infinite(ids, bad))
    faults += _negative(ids, figures, bad)
    faults += _within(ids, figures, bad)
    faults += _nothing_used(ids, figures, bad)
    faults += _industries(ids, rows)
    whole, twice = _identity(ids)
    return Doubts({name: flags for name, flags in bad.items() if flags.any()}, whole, (*twice, *faults))


def _identity(ids: Texts) -> tuple[Texts, list[Fault]]:
    reason = np.full(len(ids), "", dtype=object)
    faults = []
    blank = pd.isna(ids)
    reason[blank] = "The row bears no enterprise_id."
    if blank.any():
        said = f"{int(blank.sum())} row(s) bear no enterprise_id."
        faults.append(fault("no_enterprise_id", None, said, "Give each enterprise its id.", "enterprise_id"))
    series = pd.Series(ids, dtype=object)
    twice = series.duplicated(keep=False).to_numpy() & ~blank
    reason[twice] = "The enterprise stands more than once in the year."
    for name, count in series[twice].value_counts(sort=False).items():
        said = f"{name} stands {count} times in the year."
        faults.append(
            fault("enterprise_twice", name, said, "Keep one row per enterprise and year.", "enterprise_id")
        )
    return reason, faults


def _infinite(ids: Texts, bad: dict[str, Flags]) -> Iterator[Fault]:
    for name, flags in bad.items():
        for at in np.flatnonzero(flags):
            yield fault("figure_not_finite", ids[at], f"{name} is infinite.", "Correct the statement.", name)


def _negative(ids: Texts, figures: dict[str, Floats], bad: dict[str, Flags]) -> Iterator[Fault]:
    for name, column in figures.items():
        if name in MAY_BE_NEGATIVE:
            continue
        below = (column < 0) & ~bad[name]
        bad[name] |= below
        for at in np.flatnonzero(below):
            said = f"{name} is {column[at]:g}. It is not below zero."
            yield fault("figure_negative", ids[at], said, "Correct the statement.", name)


def _within(ids: Texts, figures: dict[str, Floats], bad: dict[str, Flags]) -> Iterator[Fault]:
    for part, whole, words in WITHIN:
        if part not in figures or whole not in figures:
            continue
        over = (figures[part] > figures[whole]) & ~bad[part] & ~bad[whole]
        bad[part] |= over
        for at in np.flatnonzero(over):
            said = f"{part} is {figures[part][at]:g}, more than {whole} {figures[whole][at]:g}."
            remedy = f"See which of the two is wrong; {words} in yuan instead of 万元 looks so."
            yield fault("part_exceeds_revenue", ids[at], said, remedy, part)


def _nothing_used(ids: Texts, figures: dict[str, Floats], bad: dict[str, Flags]) -> Iterator[Fault]:
    revenue = figures.get("revenue_cny10k")
    for name in ALWAYS_SOME:
        if revenue is None or name not in figures:
            continue
        none = (figures[name] == 0) & (revenue > 0)
        bad[name] |= none
        for at in np.flatnonzero(none):
            said = f"{name} is 0 with a revenue of {revenue[at]:g} (万元)."
            yield fault("nothing_used", ids[at], said, "Fill in what was used, or leave it blank.", name)


def _industries(ids: Texts, rows: pd.DataFrame) -> Iterator[Fault]:
    """Codes that name no division of GB/T 4754-2017; a blank one is no fault here."""
    if "industry" not in rows or "division" not in rows:
        return
    unknown = (rows["industry"].notna() & rows["division"].isna()).to_numpy()
    codes = rows["industry"].astype("str").to_numpy(dtype=object)
    for code in sorted(set(codes[unknown])):
        of = ids[unknown & (codes == code)]
        more = f" and {len(of) - SHOWN} more" if len(of) > SHOWN else ""
        said = f"{code} names no division of GB/T 4754-2017: {', '.join(map(str, of[:SHOWN]))}{more}."
        remedy = "State two to four digits, as 36 or C3612."
        yield fault("industry_unknown", of[0], said, remedy, "industry", Severity.WARNING)


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

"""Monthly series (按月监测): each month beside the same month of the year before, and the year to date.

A month's figure is that of the month alone. A month that is missing is not zero: from there on the year to
date cannot be told, and neither can its change. Year-on-year is at current figures, as stated.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.errors import UnitMismatch
from data.records import Fault, Severity
from data.units import convert
from geo.standing.statements import label, read

Figures = npt.NDArray[np.float64]
SERIES = ["zone", "item"]
MONTHS = 12


@dataclass(frozen=True)
class Monthly:
    """Monthly figures.

    Parameters
    ----------
    rows : zone, item, label, period, year, month, value, unit, yoy (share), ytd, ytd_yoy, reason (why the
        month's change is not told), ytd_reason (why the year to date, or its change, is not). Every month
        of a year up to the last one stated in it
    faults : units that change within a series, a year that is not the sum of its months, and what
        `geo.standing.statements.read` found
    """

    rows: pd.DataFrame
    faults: tuple[Fault, ...]


def monthly(statistics: pd.DataFrame, items: Collection[str] = ()) -> Monthly:
    """The monthly series in statistics.

    Formulas: yoy = month / same month of the year before - 1; ytd = Σ January … month; ytd_yoy = ytd /
    ytd of the year before - 1

    Parameters
    ----------
    statistics : zone, period (2024-06 for a month, 2024 for the year), item, value, unit
    items : which items; all by default

    Raises
    ------
    ColumnMissing : one of the five columns is not there

    >>> rows = [("Z", f"{year}-01", "tax", value, "亿元") for year, value in ((2023, 4.0), (2024, 5.0))]
    >>> told = monthly(pd.DataFrame(rows, columns=["zone", "period", "item", "value", "unit"])).rows
    >>> told["yoy"].tolist(), told["ytd"].tolist()
    ([nan, 0.25], [4.0, 5.0])
    """
    stated = read(statistics)
    rows = stated.rows[stated.rows["item"].isin(list(items))] if items else stated.rows
    rows, changed = _one_unit(rows.reset_index(drop=True))
    found = (*stated.faults, *changed, *_against_years(rows))
    months = rows[rows["month"] > 0]
    return Monthly(_told(months), found)


def _one_unit(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Each series in the unit of its first figure; a change of unit within one is a fault.

    Where the units convert, the figure is kept and the fault is a warning; where not, it is unknown.
    """
    ordered = rows.sort_values([*SERIES, "period"], kind="stable")
    groups = ordered.groupby(SERIES, sort=False)
    first, spelt = groups["unit"].transform("first"), groups["stated_unit"].transform("first")
    beside = ordered.assign(first=first, spelt=spelt)
    changes = beside[beside["stated_unit"] != spelt]
    if changes.empty:
        return ordered, []
    pairs = {pair: _factor(*pair) for pair in set(zip(changes["unit"], changes["first"], strict=True))}
    factor = [pairs[pair] for pair in zip(changes["unit"], changes["first"], strict=True)]
    kept = ordered.copy()
    kept.loc[changes.index, "value"] = changes["value"] * factor
    kept.loc[changes.index, "unit"] = changes["first"]
    changes = changes.assign(lost=np.isnan(factor))
    found = [
        Fault(
            "unit_changes",
            f"{label(item)} of {zone} is stated in {was}, and from {when} in {unit} as well"
            + (", which cannot be told in the other; those figures are left out." if lost else "."),
            "State a series in one unit.",
            Severity.ERROR if lost else Severity.WARNING,
            layer="statistics",
            feature=str(zone),
            column="unit",
        )
        for zone, item, when, unit, was, lost in changes.drop_duplicates([*SERIES, "stated_unit"])[
            [*SERIES, "period", "stated_unit", "spelt", "lost"]
        ].itertuples(index=False)
    ]
    return kept, found


def _factor(unit: str, wanted: str) -> float:
    if unit == wanted:
        return 1.0
    try:
        return convert(1.0, unit, wanted)
    except UnitMismatch:
        return float("nan")


def _against_years(rows: pd.DataFrame) -> list[Fault]:
    """Years whose own figure is not the sum of their twelve months, beyond what rounding explains."""
    months = rows[(rows["month"] > 0) & rows["value"].notna()]
    summed = months.groupby([*SERIES, "year"])["value"].agg(["sum", "count"])
    own = rows[rows["month"] == 0].set_index([*SERIES, "year"])[["value", "unit", "stated"]]
    both = summed[summed["count"] == MONTHS].join(own, how="inner").dropna(subset="value")
    gap = (both["value"] - both["sum"]).abs()
    found = []
    for own_row in both[gap > 1e-9 * both["value"].abs()].reset_index().itertuples(index=False):
        zone, item, year, whole, _, value, unit, stated = own_row
        mine = months[(months["zone"] == zone) & (months["item"] == item) & (months["year"] == year)]
        figures = [*mine[["value", "stated"]].itertuples(index=False), (value, stated)]
        allowed = sum(_half_a_digit(*figure) for figure in figures)
        if abs(value - whole) > allowed * (1 + 1e-9):
            found.append(_contradiction(zone, item, year, f"{value:g} {unit}", f"{whole:g}"))
    return found


def _contradiction(zone: str, item: str, year: int, own: str, summed: str) -> Fault:
    return Fault(
        "year_contradicts_months",
        f"{label(item)} of {zone} is {own} for {year}, but its twelve months add up to {summed}.",
        "Correct the year or the month; a month's figure is that of the month alone, not since January.",
        Severity.WARNING,
        layer="statistics",
        feature=str(zone),
        column="value",
    )


def _half_a_digit(value: float, stated: float) -> float:
    """Half a unit of the last decimal that a figure was written with; a whole number is held as exact."""
    decimals = len(repr(float(stated)).partition(".")[2].rstrip("0"))
    if not decimals or "e" in repr(float(stated)):
        return 0.0
    return 0.5 * 10.0**-decimals * (value / stated if stated else 1.0)


def _told(months: pd.DataFrame) -> pd.DataFrame:
    """Every month on a grid of series and months; the year before is twelve columns to the left."""
    names = [*SERIES, "label", "period", "year", "month", "value", "unit"]
    names += ["yoy", "ytd", "ytd_yoy", "reason", "ytd_reason"]
    if months.empty:
        return pd.DataFrame(columns=names)
    first, last = int(months["year"].min()) - 1, int(months["year"].max())
    series = months.groupby(SERIES, sort=True).ngroup().to_numpy()
    keys = months.drop_duplicates(SERIES).sort_values(SERIES)[[*SERIES, "unit"]].reset_index(drop=True)
    figures = np.full((len(keys), last - first + 1, MONTHS), np.nan)
    place = (series, months["year"].to_numpy() - first, months["month"].to_numpy() - 1)
    figures[place] = months["value"].to_numpy()
    stated = np.zeros(figures.shape, dtype=bool)
    stated[place] = True
    shown = np.logical_or.accumulate(stated[:, :, ::-1], axis=2)[:, :, ::-1]
    ytd = np.cumsum(figures, axis=2)
    one, year, month = np.nonzero(shown)
    now, before = figures[one, year, month], figures[one, year - 1, month]
    sofar, then = ytd[one, year, month], ytd[one, year - 1, month]
    told = keys.loc[one].reset_index(drop=True)
    told = told.assign(
        label=told["item"].map(label), year=year + first, month=month + 1, value=now, ytd=sofar
    )
    told["period"] = told["year"].astype("str") + "-" + told["month"].astype("str").str.zfill(2)
    told["yoy"], told["ytd_yoy"] = _change(now, before), _change(sofar, then)
    told["reason"] = _why(now, before, told)
    gap, gap_then = _first_gap(figures)[one, year], _first_gap(figures)[one, year - 1]
    told["ytd_reason"] = _why_ytd(told, then, (gap, gap_then))
    return told[names]


def _change(now: Figures, before: Figures) -> Figures:
    """Now / before - 1; nan where either is unknown, or the one before is not above zero."""
    return now / np.where(before > 0, before, np.nan) - 1


def _why(now: Figures, before: Figures, told: pd.DataFrame) -> pd.Series:
    earlier = (told["year"] - 1).astype("str") + told["period"].str[4:]
    said = pd.Series("", index=told.index, dtype="str")
    said = said.mask(before <= 0, earlier + " is not above zero; a change against it is not told.")
    said = said.mask(np.isnan(before), earlier + " is not stated.")
    return said.mask(np.isnan(now), told["period"] + " is not stated.")


def _first_gap(figures: Figures) -> npt.NDArray[np.int64]:
    """The first month of each year that is not known, 1 to 12; 13 where all are."""
    blank = np.isnan(figures)
    return np.where(blank.any(axis=2), blank.argmax(axis=2) + 1, MONTHS + 1)


def _why_ytd(
    told: pd.DataFrame, then: Figures, gaps: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
) -> pd.Series:
    gap, gap_then = (pd.Series(each, index=told.index) for each in gaps)
    missing = told["year"].astype("str") + "-" + gap.astype("str").str.zfill(2)
    missing_then = (told["year"] - 1).astype("str") + "-" + gap_then.astype("str").str.zfill(2)
    said = pd.Series("", index=told.index, dtype="str")
    said = said.mask(then <= 0, "The year before is not above zero until then; a change is not told.")
    said = said.mask(gap_then <= told["month"], missing_then + " is not stated, so the change is not told.")
    return said.mask(
        gap <= told["month"], missing + " is not stated, so the year to date cannot be told from there on."
    )

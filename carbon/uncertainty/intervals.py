"""Intervals of every line (逐行区间): of its amount, of its factor, what errors lines have in common.

Two things are shared. Rows of one enterprise, category, item, supplier and factor are read off one *meter*
(计量点): their amounts err together, so a row written in two parts changes nothing. Lines priced with the
same default values err together in their factor, however many enterprises they belong to. Which values
count as the same: all of them; of a fuel its carbon content alone. Coal burned in two kinds of boiler, by
mass here and by heat there, or turned into coke, has the same carbon content, so its factors are taken to
move together; among sources that errs on the side of a wider interval. A measured factor is the meter's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carbon.category import Ask, Quote
from carbon.line import Factor
from carbon.uncertainty import defaults
from carbon.uncertainty.defaults import Used
from data.errors import ColumnMissing
from data.records import Dated

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
METER = ("enterprise_id", "category", "item", "supplier_id")
NEEDS = ("quote", *METER)
MISSING = {"tco2e": "missing", "ndrc910_tco2": "ndrc910_missing"}
NONE: tuple[tuple[float, float], tuple[Dated, ...]] = ((0.0, 0.0), ())
ROOM = 1 << 62
"""Below it, numbers made of several codes fit into 64 bits."""


@dataclass(frozen=True)
class Intervals:
    """The lines that are told, with how sure each of them is.

    Parameters
    ----------
    row : position in the frame
    tco2e : what the line adds, of either sign, finite
    activity : half-width of the amount, a share
    low, high : how far the factor's interval reaches below and above it, shares
    meter : number of the meter, 0 to `meters`
    source : number of what its factor was taken from: below `len(shared)` a shared set of default values,
        above it the meter's own
    priced : number of the shared factor with its own bounds, -1 where the meter has its own
    shared : the shared sets of default values, in words; their order does not depend on that of rows
    defaults : the half-widths that stand in for those not stated
    left_out : lines whose emission is not known
    limit : half-width above which errors are lognormal
    """

    row: Ints
    tco2e: Floats
    activity: Floats
    low: Floats
    high: Floats
    meter: Ints
    source: Ints
    priced: Ints
    meters: int
    shared: tuple[str, ...]
    defaults: tuple[Used, ...]
    left_out: int
    limit: float

    @property
    def factor(self) -> Floats:
        """Half-width of the factor: half of its interval, as approach 1 wants it."""
        return (self.low + self.high) / 2

    @property
    def unknown(self) -> Flags:
        """Lines for which no half-width was known by the day that is asked about."""
        return np.isnan(self.activity) | np.isnan(self.low)


def tally(at: NDArray[np.integer], values: NDArray[Any], size: int) -> Floats:
    """The sum of the values at each number below `size`.

    >>> tally(np.array([0, 2, 2]), np.array([1.0, 2.0, 3.0]), 3).tolist()
    [1.0, 0.0, 5.0]
    """
    return np.bincount(at, values, size).astype(np.float64, copy=False)


def intervals(lines: pd.DataFrame, quotes: Sequence[Quote], ask: Ask, of: str = "tco2e") -> Intervals:
    """The lines of an inventory, or any of them, with their intervals and what they share.

    Parameters
    ----------
    lines : priced lines; without `uncertainty_pct, stated_quality, data_source, measured` none is stated
    quotes : what the column `quote` counts into
    of : `tco2e`, or `ndrc910_tco2` for the zero-carbon park total

    Raises
    ------
    ColumnMissing : a column without which lines cannot be told apart is not there
    """
    for name in (of, *NEEDS):
        if name not in lines:
            raise ColumnMissing(name, "The uncertainty of an inventory", list(lines.columns))
    tonnes = lines[of].to_numpy(np.float64)
    told = np.flatnonzero(np.isfinite(tonnes))
    mine, tonnes = lines.iloc[told] if len(told) < len(lines) else lines, tonnes[told]
    activity, used = _activity(mine, tonnes, ask)
    own = _flags(mine, "measured")
    quote = mine["quote"].to_numpy(np.int64)
    table, labels, of_quotes = _factors(mine, quotes, quote, of, ask)
    at = np.where(own | (quote < 0), -1, table[0][quote])
    meter, meters = _numbered([*(_codes(mine, name) for name in METER), (at + 1, len(labels[1]) + 1)])
    measured = defaults.of_measured(ask)
    low, high = (np.where(own, _share_of(measured), side[quote]) for side in table[1:])
    source = np.where(at < 0, len(labels[0]) + meter, labels[1][at] if len(labels[1]) else 0)
    used += _counted([(measured,)] if measured else [], np.where(own, 0, -1), tonnes)
    used += _counted(of_quotes, np.where(own, -1, quote), tonnes)
    return Intervals(
        *(told, tonnes, activity, low, high, meter, source, at, meters),
        shared=labels[0],
        defaults=_summed(used),
        left_out=_left_out(lines, told, of),
        limit=defaults.limit(ask),
    )


def _activity(lines: pd.DataFrame, tonnes: Floats, ask: Ask) -> tuple[Floats, list[Used]]:
    """Half-width of every amount: the stated one, else the default of its quality, source and category."""
    stated = np.full(len(lines), np.nan)
    if "uncertainty_pct" in lines:
        stated = lines["uncertainty_pct"].to_numpy(np.float64, na_value=np.nan).copy()
        stated[~np.isfinite(stated) | (stated < 0)] = np.nan
    kinds: list[tuple[Ints, list[str]]] = []
    for name in ("category", "stated_quality", "data_source"):
        words = lines[name].fillna("") if name in lines else pd.Series("", index=lines.index)
        codes, known = pd.factorize(words)
        kinds.append((codes.astype(np.int64), [str(word) for word in known]))
    guessed = np.array([defaults.is_guessed(word) for word in kinds[2][1]], dtype=np.int64)[kinds[2][0]]
    asked = (kinds[0][0] * (len(kinds[1][1]) + 1) + kinds[1][0]) * 2 + guessed
    each, which = np.unique(asked, return_inverse=True)
    found: list[Dated | None] = []
    for code in each.tolist():
        category, quality = divmod(code // 2, len(kinds[1][1]) + 1)
        name, rated = kinds[0][1][category], kinds[1][1][quality].strip().upper()
        found.append(defaults.of_activity(name, rated, bool(code % 2), ask))
    half = np.array([_share_of(row) for row in found])
    lacking = np.isnan(stated)
    used = _counted([(row,) if row else () for row in found], np.where(lacking, which, -1), tonnes)
    return np.where(lacking, half[which] if len(half) else np.nan, stated / 100), used


Labels = tuple[tuple[str, ...], Ints]


def _factors(
    lines: pd.DataFrame, quotes: Sequence[Quote], quote: Ints, of: str, ask: Ask
) -> tuple[tuple[Ints, Floats, Floats], Labels, list[tuple[Dated, ...]]]:
    """Of each quote: number of its factor, bounds, defaults; the shared sets, and the set of each factor."""
    used, first = np.unique(quote, return_index=True)
    category = dict(zip(used.tolist(), lines["category"].iloc[first].astype(str), strict=True))
    kinds: list[tuple[str, float, float]] = []
    rows: list[tuple[Dated, ...]] = []
    for number, each in enumerate(quotes):
        factor = defaults.factor_of(each, of) if number in category else None
        bounds, found = defaults.of_factor(factor, category[number], ask) if factor else NONE
        kinds.append((_set(factor, category[number]) if factor else "", *bounds))
        rows.append(found)
    known = sorted(set(kinds), key=str)
    sets = sorted({name for name, _, _ in known})
    of_set = np.array([sets.index(name) for name, _, _ in known], dtype=np.int64)
    place = {kind: number for number, kind in enumerate(known)}
    at = np.array([*(place[kind] for kind in kinds), -1], dtype=np.int64)
    bound = np.array([*(kind[1:] for kind in kinds), (0.0, 0.0)], dtype=np.float64)
    return (at, bound[:, 0], bound[:, 1]), (tuple(sets), of_set), rows


def _set(factor: Factor, category: str) -> str:
    """The set of values that a factor shares with others, in words."""
    parts = [f"{part.name} {part.since.year} {part.region}" for part in factor.parts]
    kept = [name for name in parts if ".carbon_content " in name]
    return "; ".join(sorted(kept or parts)) or f"{category} as reported"


def _codes(lines: pd.DataFrame, name: str) -> tuple[Ints, int]:
    codes, known = pd.factorize(lines[name])
    return codes.astype(np.int64) + 1, len(known) + 1


def _numbered(columns: Sequence[tuple[Ints, int]]) -> tuple[Ints, int]:
    """One number for each distinct row of several columns of codes, and how many there are."""
    joined, size = np.zeros(len(columns[0][0]), np.int64), 1
    for codes, count in columns:
        if size * count >= ROOM:
            joined, size = _dense(joined)
        joined, size = joined * count + codes, size * count
    return _dense(joined)


def _dense(numbers: Ints) -> tuple[Ints, int]:
    codes, known = pd.factorize(numbers)
    return codes.astype(np.int64), len(known)


def _flags(lines: pd.DataFrame, name: str) -> Flags:
    if name not in lines:
        return np.zeros(len(lines), bool)
    return lines[name].fillna(False).to_numpy(bool)


def _share_of(row: Dated | None) -> float:
    return float("nan") if row is None or row.value is None else row.value / 100


def _counted(rows: Sequence[tuple[Dated, ...]], which: NDArray[np.integer], tonnes: Floats) -> list[Used]:
    """The defaults with the lines that each stands in for; -1 where a line needs none."""
    at = which >= 0
    lines = np.bincount(which[at], minlength=len(rows))
    emitted = np.bincount(which[at], weights=tonnes[at], minlength=len(rows))
    return [
        Used(row, int(lines[number]), float(emitted[number]))
        for number, found in enumerate(rows)
        for row in found
        if lines[number]
    ]


def _summed(used: Sequence[Used]) -> tuple[Used, ...]:
    totals: dict[Dated, tuple[int, float]] = {}
    for each in used:
        lines, tonnes = totals.get(each.half_width, (0, 0.0))
        totals[each.half_width] = (lines + each.lines, tonnes + each.tco2e)
    made = [Used(row, *total) for row, total in totals.items()]
    return tuple(sorted(made, key=lambda each: each.half_width.name))


def _left_out(lines: pd.DataFrame, told: Ints, of: str) -> int:
    """How many lines emit what is not known; those that a notation stands for emit nothing here."""
    lost = np.ones(len(lines), bool)
    lost[told] = False
    if (why := MISSING.get(of, "missing")) in lines:
        lost &= (lines[why].fillna("") != "").to_numpy(bool)
    return int(lost.sum())

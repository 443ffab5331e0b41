"""Values and scores (单项得分): value / base x weight, with what is lacking named and never taken as zero."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geo.benefit.plots import Units
from geo.benefit.scheme import LAND, Adjustment, Group, Item
from geo.benefit.statements import Codes, Flags, Floats, Texts

FINE, NO_TOP, NO_BELOW, NEITHER, ZERO, DOUBTED, IMPLAUSIBLE, NO_BASE = range(8)
MISSING = (NO_TOP, NO_BELOW, NEITHER)
WORDS = {
    NO_TOP: "{top} is not known",
    NO_BELOW: "{below} is not known",
    NEITHER: "{top} and {below} are not known",
    ZERO: "{below} is not above zero, and nothing can be divided by it",
    DOUBTED: "{columns} is not believed (see the faults)",
    IMPLAUSIBLE: "it lies outside the plausible {plausible} {unit} (see the faults)",
    NO_BASE: "the group's own average is not above zero",
}


@dataclass(frozen=True, slots=True)
class Scored:
    """The rows of one group, scored; every array is as long as `rows`.

    Parameters
    ----------
    rows : positions in the statements
    block : who competes with whom: number of the unit of evaluation
    figures, scores : indicator -> figures, NaN where they cannot be told
    filled : indicator -> True where an average stands for a missing figure
    lacks : indicator -> FINE or why it cannot be told
    bases : indicator -> (n blocks,) base value used; means the same for what was filled in
    """

    group: Group
    rows: Codes
    block: Codes
    figures: dict[str, Floats] = field(default_factory=dict)
    scores: dict[str, Floats] = field(default_factory=dict)
    filled: dict[str, Flags] = field(default_factory=dict)
    lacks: dict[str, NDArray[np.int8]] = field(default_factory=dict)
    bases: dict[str, Floats] = field(default_factory=dict)
    correction: Floats = field(default_factory=lambda: np.ones(0))
    bonus: Floats = field(default_factory=lambda: np.zeros(0))
    total: Floats = field(default_factory=lambda: np.zeros(0))


def score(group: Group, units: Units, at: Codes, block: Codes) -> Scored:
    """The rows of a group, scored.

    Formula: total = Σ min(max(value / base, floor), cap) x weight x correction + bonus

    Parameters
    ----------
    units : statements, land and doubts
    at : positions of the rows that compete
    block : (len(at),) unit of evaluation of each, 0 … n-1
    """
    made = Scored(group, at, block)
    for item in group.items:
        _item(made, item, units)
    correction = _adjusted(group.correction, units, at, 1.0)
    bonus = _adjusted(group.bonus, units, at, 0.0)
    total = np.sum([made.scores[item.code] for item in group.items], axis=0) * correction + bonus
    return Scored(
        group,
        at,
        block,
        made.figures,
        made.scores,
        made.filled,
        made.lacks,
        made.bases,
        correction,
        bonus,
        total,
    )


def _item(made: Scored, item: Item, units: Units) -> None:
    top = _figures(item.numerator, units, made.rows)
    below = _figures(item.denominator, units, made.rows) if item.denominator else np.ones(len(made.rows))
    lack = np.zeros(len(made.rows), dtype=np.int8)
    lack[below <= 0] = ZERO
    missing = np.isnan(top) * NO_TOP + np.isnan(below) * NO_BELOW
    lack[missing > 0] = missing[missing > 0]
    value = np.divide(top * item.factor, below, out=np.full(len(top), np.nan), where=below > 0)
    if item.plausible is not None:
        lack[(value < item.plausible[0]) | (value > item.plausible[1])] = IMPLAUSIBLE
    for column in item.columns:
        if column in units.doubted:
            lack[units.doubted[column][made.rows]] = DOUBTED
    value[lack != FINE] = np.nan
    blocks = int(made.block.max(initial=-1)) + 1
    averages = {
        "group_mean": lambda: _average(value, np.ones(len(value)), made.block, blocks),
        "group_ratio": lambda: _average(top * item.factor, below, made.block, blocks, lack == FINE),
    }
    base = averages[item.base_rule]() if item.base is None else np.full(blocks, item.base)
    filled = np.zeros(len(value), dtype=bool)
    for reasons_of, rule in ((MISSING, item.when_missing), ((ZERO,), item.when_zero)):
        if rule in averages:
            hit = np.isin(lack, reasons_of)
            value[hit] = averages[rule]()[made.block[hit]]
            filled |= hit & ~np.isnan(value)
    lack[filled] = FINE
    made.scores[item.code] = _scored(item, value, base[made.block], lack)
    made.figures[item.code], made.filled[item.code] = value, filled
    made.lacks[item.code], made.bases[item.code] = lack, base


def _scored(item: Item, value: Floats, base: Floats, lack: NDArray[np.int8]) -> Floats:
    """Value over base times weight within its bounds; `lack` is told where there is no base."""
    usable = base > 0
    lack[(lack == FINE) & ~usable] = NO_BASE
    share = np.divide(value, base, out=np.full(len(value), np.nan), where=usable)
    if item.when_zero == "cap" and item.cap is not None:
        share[lack == ZERO] = item.cap
        lack[lack == ZERO] = FINE
    if item.cap is not None or item.floor is not None:
        share = np.clip(share, item.floor, item.cap)
    return np.asarray(share * item.weight)


def _figures(column: str, units: Units, at: Codes) -> Floats:
    return units.land[at] if column == LAND else units.rows.numbers(column)[at]


def _average(top: Floats, below: Floats, block: Codes, blocks: int, known: Flags | None = None) -> Floats:
    """(n blocks,) sum over sum of the rows that are known; NaN where there is none."""
    known = ~np.isnan(top) if known is None else known
    sums = [np.bincount(block[known], weights=each[known], minlength=blocks) for each in (top, below)]
    return np.asarray(np.divide(sums[0], sums[1], out=np.full(blocks, np.nan), where=sums[1] > 0))


def _adjusted(rule: Adjustment | None, units: Units, at: Codes, none: float) -> Floats:
    """(len(at),) correction or bonus: the default where it is blank, and kept within its bounds."""
    if rule is None:
        return np.full(len(at), none)
    stated = units.rows.numbers(rule.column)[at]
    stated = np.where(np.isnan(stated), rule.default, stated)
    if rule.lowest is None and rule.highest is None:
        return stated
    return np.asarray(np.clip(stated, rule.lowest, rule.highest))


def reasons(made: Scored, land_reason: Texts) -> Texts:
    """(n,) why each row cannot be scored: what is lacking, for which indicator; empty where it can.

    Parameters
    ----------
    land_reason : (n rows,) why the land of each statement cannot be told
    """
    codes = np.zeros(len(made.rows), dtype=np.int64)
    for item in made.group.items:  # the reader admits no more indicators than an int64 has room for
        codes = codes * (NO_BASE + 1) + made.lacks[item.code]
    distinct, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    said = [_said(made, row) if code else "" for code, row in zip(distinct, first, strict=True)]
    words = np.array(said, dtype=object)[inverse]
    landless = (words != "") & (land_reason[made.rows] != "")
    words[landless] = words[landless] + " " + land_reason[made.rows][landless]
    return np.asarray(words, dtype=object)


def _said(made: Scored, row: int) -> str:
    parts = []
    for item in made.group.items:
        lack = int(made.lacks[item.code][row])
        if lack == FINE:
            continue
        low, high = item.plausible or (0.0, 0.0)
        words = WORDS[lack].format(
            top=item.numerator,
            below=item.denominator,
            columns=" or ".join(item.columns),
            unit=item.unit,
            plausible=f"{low:g} to {high:g}",
        )
        parts.append(f"{item.label} ({item.code}): {words}")
    return f"Cannot be told: {'; '.join(parts)}. Supply what is lacking, and grade again."

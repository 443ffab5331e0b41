"""Totals that must close (合计): by scope for the location total, by part for the zero-carbon park total.

A total is told only when every line in it is; what is known of it is given beside, with what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

import numpy as np
import pandas as pd

NONE_OF_IT = "nobody has stated any"
BESIDE = ("scope3", "land", "captured")
"""Scopes that stand beside the total (另列): as reported, land-use change, captured carbon dioxide"""
# What a reader of the zero-carbon park total must know beside it
NDRC910_NOTE = (
    "The method takes fuel factors from the national emission factor database, of which two are in the tables"
    " (family nefdb2: natural gas, diesel of vehicles); the chosen fuel family stands in for the others. "
    "Its threshold is per tce, with electricity at 等价值."
)
NOT_STATED = "nobody has stated any; write a row with NO and an explanation when it does not occur"
PARTS = ("fuel", "conversion", "power", "heat", "process")


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over lines, tCO2e.

    Parameters
    ----------
    told : name -> sum, None where it cannot be told
    known : name -> sum over the lines that are told, where there are lines
    reasons : name -> why it cannot be told
    """

    told: Mapping[str, float | None]
    known: Mapping[str, float]
    reasons: Mapping[str, str]


def location(lines: pd.DataFrame, captured: str = "apart") -> Totals:
    """Scope 1 and scope 2 by place; exports are not netted (GPC: I.4.4 is territorial only).

    Formula: total = scope1 + scope2; less what was captured, when `captured` is `deducted`. Scope 3 as
    reported, land-use change, captured and biogenic carbon dioxide stand beside it and are never netted
    silently; of those that nobody stated, none is told.
    """
    scopes = ("scope1", "scope2")
    told, known, reasons = _sums(lines, ("scope", "tco2e", "missing"), (*scopes, *BESIDE))
    for name in BESIDE:
        if reasons.get(name) == NOT_STATED:
            reasons[name] = NONE_OF_IT
    strange = _strange(lines)
    if len(strange):
        reasons["total"] = (
            f"{len(strange)} statements are of no known category: {_named(strange, 'missing')}."
        )
    told["biogenic"], known["biogenic"], reasons["biogenic"] = _biogenic(lines, reasons)
    if not reasons["biogenic"]:
        del reasons["biogenic"]
    names = (*scopes, "captured") if captured == "deducted" and "captured" in known else scopes
    return _closed(lines, (told, known, reasons), names)


def _biogenic(lines: pd.DataFrame, reasons: Mapping[str, str]) -> tuple[float | None, float, str]:
    """Carbon dioxide of biogenic origin: told when all lines that could have it are."""
    scope, tonnes = lines["scope"].to_numpy(), lines["biogenic_t"].to_numpy(np.float64)
    here = (scope == "scope1") | (scope == "scope2")
    known = fsum(tonnes[here & ~np.isnan(tonnes)])
    if not here.any():
        return None, 0.0, NONE_OF_IT
    if "scope1" in reasons and reasons["scope1"] != NOT_STATED:
        return None, known, f"It cannot be told without scope1: {_sentence(reasons['scope1'])}"
    return known, known, ""


def ndrc910(lines: pd.DataFrame) -> Totals:
    """The zero-carbon park total: carbon dioxide only, what flows over the boundary netted.

    Formula: fuel + conversion + power (in - out) + heat (in - out) + process.  Source: ndrc-2025-910 附件4
    """
    told, known, reasons = _sums(lines, ("part", "ndrc910_tco2", "ndrc910_missing"), PARTS)
    return _closed(lines, (told, known, reasons), PARTS)


Sums = tuple[dict[str, float | None], dict[str, float], dict[str, str]]


def _sums(lines: pd.DataFrame, columns: tuple[str, str, str], names: tuple[str, ...]) -> Sums:
    missing = columns[2]
    groups, numbers, lacks = (lines[name].to_numpy() for name in columns)
    is_lost, is_told = lacks != "", ~np.isnan(numbers)
    told: dict[str, float | None] = {}
    known: dict[str, float] = {}
    reasons: dict[str, str] = {}
    for name in names:
        rows = groups == name
        told[name] = None
        if not rows.any():
            reasons[name] = NOT_STATED
            continue
        known[name] = fsum(numbers[rows & is_told])
        lost = rows & is_lost
        if not lost.any():
            told[name] = known[name]
            continue
        reasons[name] = (
            f"{lost.sum()} of {rows.sum()} lines are not known: {_named(lines[lost], missing)}. "
            f"The others sum to {known[name]:.6g} t."
        )
    return told, known, reasons


def _closed(lines: pd.DataFrame, sums: Sums, names: tuple[str, ...]) -> Totals:
    """The sums and their total, open where one of them is, or where a category is not known."""
    told, known, reasons = sums
    strange = _strange(lines)
    lacking = [name for name in names if told[name] is None]
    open_for = []
    if lacking:
        open_for += [f"It cannot be told without {name}: {_sentence(reasons[name])}" for name in lacking]
    if len(strange):
        open_for.append(
            f"{len(strange)} of {len(lines)} lines name no known category: {_named(strange, 'missing')}."
        )
    if open_for:
        reasons["total"] = " ".join(open_for)
    known["total"] = fsum(known.get(name, 0.0) * (-1 if name == "captured" else 1) for name in names)
    told["total"] = None if open_for else known["total"]
    return Totals(told, known, reasons)


def _strange(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines whose category is not known."""
    strange = lines["scope"].to_numpy() == ""
    return lines[strange] if strange.any() else lines[:0]


def _sentence(words: str) -> str:
    return words.rstrip(".") + "."


def _named(lines: pd.DataFrame, missing: str) -> str:
    """The first three lines in words, and how many more there are."""
    first = [
        f"{row['enterprise_id'] or 'the zone'} {row['category']} {row['stated_item']} ({row[missing]})"
        for row in lines.head(3).to_dict("records")
    ]
    return "; ".join(first) + (f"; and {len(lines) - 3} more" if len(lines) > 3 else "")

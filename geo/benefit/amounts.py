"""Sums of what enterprises state (税收, 增加值, 营业收入, 投资): a missing one is named, never zero."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.codes import division
from data.records import Input
from geo.benefit.statements import Statements

INDUSTRY = tuple("BCD")  # GB/T 4754: mining, manufacturing, utilities
LOGISTICS = ("G",)  # transport, storage and post
SHOWN = 5
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum over enterprises, and how much of it is known.

    Parameters
    ----------
    value : the sum, or None when one enterprise's figure is not known
    partial : the sum of those that are known
    known, count : enterprises whose figure is known, and all that should have one
    reason : which enterprises lack what
    """

    name: str
    label: str
    value: float | None
    unit: str
    partial: float
    known: int
    count: int
    reason: str = ""

    def as_input(self, origin: str) -> Input:
        """The sum as it goes into a result."""
        return Input(self.name, self.label, self.value, self.unit, origin, self.count)


def amount(
    enterprises: Statements, column: str, label: str, year: int, member: pd.Series | None = None
) -> Amount:
    """The sum of one column over the enterprises of one year, 万元.

    Parameters
    ----------
    enterprises : one row per enterprise of the year
    member : nullable bool; which enterprises count, NA where it cannot be told. All by default
    """
    figures = enterprises.numbers(column)
    if member is None:
        certain, vague = np.ones(len(figures), np.bool_), np.zeros(len(figures), np.bool_)
    else:
        certain, vague = member.to_numpy(np.bool_, na_value=False), member.isna().to_numpy()
    lacks = certain & np.isnan(figures)
    told = certain & ~lacks
    partial, known = float(np.where(lacks, 0.0, figures)[certain].sum()), int(told.sum())
    count = int(certain.sum() + vague.sum())
    reason = _reason(enterprises, column, label, (lacks, vague), f"{known} of {count}")
    if not count:
        reason = f"There is no statement of such enterprises for {year}. Take in the year's statements."
    if not reason and enterprises.doubled:
        twice = ", ".join(enterprises.doubled[:SHOWN])
        reason = f"{twice} stand(s) more than once in {year}. Keep one row per enterprise and year."
    return Amount(column, label, None if reason else partial, "CNY10k", partial, known, count, reason)


def industrial(enterprises: pd.DataFrame) -> pd.Series:
    """Whether each enterprise is industrial or logistic (工业、物流企业) by GB/T 4754-2017.

    Sections B, C, D and G; NA where the industry is not stated, or names no division.
    """
    if "industry" not in enterprises:
        return pd.Series(pd.NA, index=enterprises.index, dtype="boolean")
    positions, distinct = pd.factorize(enterprises["industry"])
    sections = [*(_section(str(code)) for code in distinct), None]  # -1, the position of a blank, is the last
    inside = np.array([section in {*INDUSTRY, *LOGISTICS} for section in sections], np.bool_)
    unknown = np.array([section is None for section in sections], np.bool_)
    return pd.Series(pd.arrays.BooleanArray(inside[positions], unknown[positions]), index=enterprises.index)


@lru_cache(maxsize=4096)
def _section(industry: str) -> str | None:
    """The section in which an industry code lies; None when it names no division."""
    found = division(pd.Series([industry], dtype="str"))["section"].iloc[0]
    return found if isinstance(found, str) else None


def _reason(enterprises: Statements, column: str, label: str, gaps: tuple[Flags, Flags], known: str) -> str:
    lacks, vague = gaps
    said = []
    if lacks.any():
        said.append(f"{column} ({label}) is not stated by {_named(enterprises.some(lacks))}")
    if vague.any():
        said.append(f"the industry (GB/T 4754) is not stated by {_named(enterprises.some(vague))}")
    if not said:
        return ""
    return f"Cannot be told: {'; '.join(said)}. Known for {known} enterprises. Supply the missing statements."


def _named(rows: pd.DataFrame) -> str:
    """`E1 甲厂, E2 乙厂 and 3 more`."""
    names = [
        " ".join(str(part) for part in (row.get("enterprise_id"), row.get("name")) if isinstance(part, str))
        for row in rows.head(SHOWN).to_dict("records")
    ]
    more = len(rows) - SHOWN
    return ", ".join(filter(None, names)) + (f" and {more} more" if more > 0 else "")

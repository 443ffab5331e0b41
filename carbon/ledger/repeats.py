"""Statements of one thing in several rows (重复填报): the same twice, or one amount in parts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carbon.ledger.words import LISTED_MOST, Row, fault
from data.records import Fault, Severity

THING = ["account", "enterprise_id", "category", "item", "supplier_id", "equipment", "purpose"]
"""Columns that say of what a row tells"""
MOST = 1 << 62
"""Numbers that an integer can tell apart"""


def repeats(lines: pd.DataFrame) -> Iterator[tuple[int, Fault]]:
    """Account and warning for each row that tells of what an earlier one has told of; both are counted.

    Equal amounts in equal units are likely one delivery written twice (`stated_twice`); others are parts of
    a sum, or a correction that did not take the first away (`stated_in_parts`).
    """
    counted = (lines["problem"] == "").to_numpy(bool) & lines["amount"].gt(0).to_numpy(bool)
    kept = np.flatnonzero(counted)
    code = pd.Series(_things(lines)[counted])
    again = np.flatnonzero(code.duplicated().to_numpy())
    if not len(again):
        return
    shared = np.flatnonzero(code.duplicated(keep=False).to_numpy())
    of, first = np.unique(code.to_numpy()[shared], return_index=True)
    of_first = kept[shared[first[np.searchsorted(of, code.to_numpy()[again])]]]
    accounts = lines["account"].to_numpy()[kept[again]]
    for number in np.unique(accounts).tolist():
        here = accounts == number
        mine = again[here]
        before = lines.iloc[of_first[here][:LISTED_MOST]].itertuples()
        rows = lines.iloc[kept[mine[:LISTED_MOST]]].itertuples()
        yield from ((number, _said(one, other)) for one, other in zip(before, rows, strict=True))
        if len(mine) > LISTED_MOST:
            yield number, _more(len(mine) - LISTED_MOST)


def _things(lines: pd.DataFrame) -> NDArray[np.int64]:
    """A number for what each row tells of: equal where all columns of `THING` are."""
    code, many = np.zeros(len(lines), dtype=np.int64), 1
    for name in THING:
        values, known = lines[name].factorize()
        if len(known) < 2:
            continue
        if many * len(known) >= MOST:
            code, distinct = pd.factorize(code)
            many = len(distinct)
        code, many = code * len(known) + values, many * len(known)
    return code


def _said(one: Row, other: Row) -> Fault:
    equal = one.amount == other.amount and one.unit == other.unit
    what = f"{other.amount:g} {other.unit}"
    if equal and one.row < 0:
        said = f"{what} stands there twice; both are counted."
    elif equal:
        said = f"{what} stands there twice, in rows {one.row} and {other.row}; both are counted."
    else:
        rows = f" (rows {one.row} and {other.row})" if one.row >= 0 else ""
        said = f"{one.amount:g} {one.unit} and {what} tell of the same thing{rows}; both are counted."
    return fault(
        other,
        code="stated_twice" if equal else "stated_in_parts",
        message=said,
        remedy="Strike one if it is the same delivery." if equal else "Strike one if it corrects the other.",
        severity=Severity.WARNING,
    )


def _more(count: int) -> Fault:
    return Fault(
        code="stated_in_parts",
        message=f"{count:,} more rows tell of what an earlier row tells of; all are counted.",
        remedy="Look through those listed first.",
        severity=Severity.WARNING,
        layer="activity",
    )

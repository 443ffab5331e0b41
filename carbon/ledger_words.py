"""How a fault of the ledger is said (台账问题的表述): of which row, and when there are too many to list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.records import Fault, Severity

Row = Any  # a row of itertuples: its fields are the columns
LISTED_MOST = 1000
"""Rows listed per check and year; the others are counted"""
NAMED_MOST = 5
"""Rows named in one fault that concerns many"""


@dataclass(frozen=True)
class Check:
    """One thing that may be wrong with rows.

    Parameters
    ----------
    column : of the statement, where a person mends it
    wrong : (n lines,) the rows it concerns
    message, remedy : of one row: what happened, what to do
    """

    code: str
    column: str
    wrong: pd.Series[bool]
    message: Callable[[Row], str]
    remedy: Callable[[Row], str]

    def more(self, count: int) -> Fault:
        """What is said of the rows that are not listed one by one."""
        return Fault(
            code=self.code,
            message=f"{count:,} more rows have the same fault.",
            remedy="Mend those listed, and check again.",
            layer="activity",
            column=self.column,
        )


def shortened(lines: pd.DataFrame, at: NDArray[np.bool_]) -> Iterator[tuple[int, Row]]:
    """Year and row of the marked lines; after the first thousand of a year the count of the others."""
    here = lines[at]
    years = here["year"].to_numpy()
    for year in np.unique(years).tolist():
        mine = here[years == year]
        yield from ((year, row) for row in mine.iloc[:LISTED_MOST].itertuples())
        if len(mine) > LISTED_MOST:
            yield year, len(mine) - LISTED_MOST


def of_row(row: Row, check: Check) -> Fault:
    """The fault of one row."""
    return fault(
        row, code=check.code, column=check.column, message=check.message(row), remedy=check.remedy(row)
    )


def fault(row: Row, *, severity: Severity = Severity.ERROR, **said: Any) -> Fault:
    """A fault with the place of the row, and what the row is about."""
    feature = " ".join(t for t in (row.enterprise_id, row.stated_category, row.stated_item) if t)
    return Fault(
        layer="activity",
        feature=feature,
        row=int(row.row) if row.row >= 0 else None,
        severity=severity,
        **said,
    )


def located(
    about: Mapping[Fault, Sequence[int]], quote: NDArray[np.int64], lines: pd.DataFrame
) -> tuple[Fault, ...]:
    """Faults of quotes with the rows that they concern: the first few by number, and how many there are.

    A quote is made once for many rows, so its faults do not know them; a person has to find them.

    Parameters
    ----------
    about : fault -> numbers of the quotes that said it
    quote : (n lines,) number of the quote of each line; -1 where it has none
    lines : `row` (-1 where unknown) and `enterprise_id`; rows without a number are named by enterprise
    """
    order = np.argsort(quote, kind="stable")
    many = max((number for numbers in about.values() for number in numbers), default=-1) + 1
    starts = np.searchsorted(quote[order], np.arange(many + 1))
    told = []
    for said, numbers in about.items():
        parts = [order[starts[number] : starts[number + 1]] for number in dict.fromkeys(numbers)]
        at = np.sort(np.concatenate(parts)) if parts else np.array([], dtype=np.int64)
        told.append(_placed(said, at, lines))
    return tuple(told)


def _placed(said: Fault, at: NDArray[np.int64], lines: pd.DataFrame) -> Fault:
    if not len(at):
        return said
    first = at[:NAMED_MOST]
    rows = [int(row) for row in lines["row"].to_numpy()[first] if row >= 0]
    if len(at) == 1 and rows:
        return replace(said, row=rows[0])
    named = [str(row) for row in rows] or [
        name or "the zone itself" for name in lines["enterprise_id"].iloc[first]
    ]
    what = "Rows" if rows else "Statements of"
    rest = " …" if len(at) > NAMED_MOST else ""
    where = f"{what} {', '.join(dict.fromkeys(named))}{rest} ({len(at):,} in all)."
    return replace(said, message=f"{said.message} {where}", row=rows[0] if rows else None)

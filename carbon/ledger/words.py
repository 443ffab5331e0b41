"""How a fault of the ledger is said (台账问题的表述): of which row, and when there are too many to list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    """Account and row of the marked lines; after the first thousand of one the count of the others."""
    here = lines[at]
    accounts = here["account"].to_numpy()
    for number in np.unique(accounts).tolist():
        mine = here[accounts == number]
        yield from ((number, row) for row in mine.iloc[:LISTED_MOST].itertuples())
        if len(mine) > LISTED_MOST:
            yield number, len(mine) - LISTED_MOST


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
    """Faults of quotes with the rows that they concern.

    A quote is made once for many rows, so its faults do not know them; a person has to find them. An error
    is said of each row, to the thousandth, and the others are counted; a warning is said once, with its first
    rows and how many there are.

    Parameters
    ----------
    about : fault -> numbers of the quotes that said it
    quote : (n lines,) number of the quote of each line; -1 where it has none
    lines : `row` (-1 where unknown), `enterprise_id`, `category`, `item`, `stated_item`; rows without a
        number are named by enterprise
    """
    order = np.argsort(quote, kind="stable")
    many = max((number for numbers in about.values() for number in numbers), default=-1) + 1
    starts = np.searchsorted(quote[order], np.arange(many + 1))
    told: list[Fault] = []
    for said, numbers in about.items():
        parts = [order[starts[number] : starts[number + 1]] for number in dict.fromkeys(numbers)]
        at = np.sort(np.concatenate(parts)) if parts else np.array([], dtype=np.int64)
        if said.severity is Severity.ERROR and len(at):
            told += _of_each(said, at, lines)
        elif len(at):
            told.append(_of_all(said, at, parts, lines))
        else:
            told.append(said)
    return tuple(told)


def _of_each(said: Fault, at: NDArray[np.int64], lines: pd.DataFrame) -> Iterator[Fault]:
    named = lines[["row", "enterprise_id", "category", "stated_item"]].iloc[at[:LISTED_MOST]]
    rows: Iterable[Row] = named.itertuples(index=False)
    for row in rows:
        feature = " ".join(text for text in (row.enterprise_id, row.category, row.stated_item) if text)
        yield replace(said, row=int(row.row) if row.row >= 0 else None, feature=feature)
    if len(at) > LISTED_MOST:
        more = f"{said.message} {len(at) - LISTED_MOST:,} more rows have the same fault."
        yield replace(said, message=more)


def _of_all(
    said: Fault, at: NDArray[np.int64], parts: Sequence[NDArray[np.int64]], lines: pd.DataFrame
) -> Fault:
    of_quotes = lines[["category", "item"]].iloc[[part[0] for part in parts if len(part)]]
    items = dict.fromkeys((of_quotes["category"] + " " + of_quotes["item"]).tolist())
    first = lines[["row", "enterprise_id"]].iloc[at[:NAMED_MOST]]
    rows = [int(row) for row in first["row"] if row >= 0]
    named = [str(row) for row in rows] or [name or "the zone" for name in first["enterprise_id"]]
    what = ("Row" if len(at) == 1 else "Rows") if rows else "Statements of"
    count = "" if len(at) == 1 else f"{' …' if len(at) > NAMED_MOST else ''} ({len(at):,} in all)"
    where = f"{what} {', '.join(dict.fromkeys(named))}{count}."
    return replace(
        said, message=f"{said.message} {where}", feature=", ".join(items), row=rows[0] if rows else None
    )

"""Years and rows of statements (填报年份与行号): which year a row is of, and where it stands in its file."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.kinds import kind
from data.records import Fault

LISTED_MOST = 1000


def whole_years(stated: pd.Series) -> NDArray[np.int64]:
    """The year of each row; -1 where what stands there is none.

    >>> whole_years(pd.Series(["2023", "2023年", 2024.0, 2023.5, None, 23])).tolist()
    [2023, 2023, 2024, -1, -1, -1]
    """
    if stated.dtype.kind not in "fiu":
        bare = stated.astype("str").str.strip().str.replace(r"^(\d{4})(?:年度?|\.0)$", r"\1", regex=True)
        stated = pd.to_numeric(bare, errors="coerce")
    number = stated.to_numpy(np.float64, na_value=np.nan)
    column = kind("activity").columns["year"]
    fits = (number >= (column.min or 0)) & (number <= (column.max or np.inf)) & (number == np.floor(number))
    return np.where(fits, number, -1).astype(np.int64)


def rows_seen(ours: pd.DataFrame, first_row: int | None) -> NDArray[np.int64]:
    """The row of each statement in its file; -1 where nobody says."""
    if first_row is not None:
        return np.asarray(ours.index.to_numpy() + first_row, dtype=np.int64)
    if "row" in ours.columns:
        number = pd.to_numeric(ours["row"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
        return np.where(np.isfinite(number), number, -1).astype(np.int64)
    return np.full(len(ours), -1)


def lost_years(rows: pd.DataFrame, first_row: int | None) -> tuple[Fault, ...]:
    """A fault for each of these rows, which belong to no year and so to no inventory."""
    seen = rows_seen(rows, first_row)[:LISTED_MOST].tolist()
    listed = zip(rows["year"].tolist(), seen, strict=False)
    return tuple(_lost(year, row, len(rows)) for year, row in listed)


def _lost(year: object, row: int, of: int) -> Fault:
    said = "A blank" if year is None or year is pd.NA or year != year else repr(year)
    many = f" {of:,} rows are so; the first {LISTED_MOST:,} are listed." if of > LISTED_MOST else ""
    return Fault(
        code="year_unusable",
        message=f"{said} is no year, so the row is counted in none.{many}",
        remedy="Write the accounting year in four digits, as 2024.",
        layer="activity",
        row=row if row >= 0 else None,
        column="year",
    )

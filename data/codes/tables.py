"""How every code table of this folder is read: codes are text, blank is unknown."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

HERE = Path(__file__).parent


def read_codes(name: str, numbers: tuple[str, ...] = ()) -> pd.DataFrame:
    """The table `name`.csv; every column is text but those named in `numbers`.

    Leading zeros stay, `NA` is a code like any other, and only an empty cell is missing.
    """
    kinds: dict[str, str] = dict.fromkeys(numbers, "float64")
    columns = pd.read_csv(HERE / f"{name}.csv", nrows=0).columns
    return pd.read_csv(
        HERE / f"{name}.csv",
        dtype={column: kinds.get(column, "str") for column in columns},
        keep_default_na=False,
        na_values=[""],
        encoding="utf-8",
    )


@cache
def rows_by_code(name: str, numbers: tuple[str, ...] = ()) -> dict[str, dict[str, Any]]:
    """The same table as code -> row, with None for what is missing."""
    table = read_codes(name, numbers)
    rows = table.astype("object").where(table.notna(), None).to_dict("records")
    return {str(row[str(table.columns[0])]): {str(k): v for k, v in row.items()} for row in rows}

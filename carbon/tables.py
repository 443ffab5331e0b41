"""Columns of tables (表格列): one that may be lacking, sums by code, rows as plain values."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def texts(frame: pd.DataFrame, column: str) -> pd.Series:
    """A column as text; where the table or a cell lacks it, the text is empty.

    >>> texts(pd.DataFrame({"a": ["x", None]}), "a").tolist(), texts(pd.DataFrame({"a": [1]}), "b").tolist()
    (['x', ''], [''])
    """
    if column not in frame.columns:
        return pd.Series("", index=frame.index, dtype="str")
    return cast("pd.Series", frame[column].astype("str").fillna(""))


def numbers(frame: pd.DataFrame, column: str) -> Floats:
    """A column as numbers; where the table or a cell lacks it, and where it is infinite, nan.

    >>> numbers(pd.DataFrame({"a": ["1.5", None, "x"]}), "a").tolist()
    [1.5, nan, nan]
    """
    if column not in frame.columns:
        return np.full(len(frame), np.nan)
    read = pd.to_numeric(frame[column], errors="coerce")
    found = read.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(found), found, np.nan)


def summed(codes: NDArray[np.intp], values: Floats, count: int) -> Floats:
    """Sums by code, (count,); codes of -1 and values of nan are left out.

    >>> summed(np.array([0, 1, 0, -1]), np.array([1.0, 2.0, 3.0, 9.0]), 3).tolist()
    [4.0, 2.0, 0.0]
    """
    kept = (codes >= 0) & ~np.isnan(values)
    return np.bincount(codes[kept], weights=values[kept], minlength=count).astype(np.float64)


def counted(codes: NDArray[np.intp], flags: Flags, count: int) -> NDArray[np.int64]:
    """How many rows with a flag each code has, (count,)."""
    kept = (codes >= 0) & flags
    return np.bincount(codes[kept], minlength=count).astype(np.int64)


def plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values, None for what is missing.

    >>> plain(pd.DataFrame({"a": [1.0, float("nan")], "b": ["x", None]}))
    [{'a': 1.0, 'b': 'x'}, {'a': None, 'b': None}]
    """
    columns = {str(n): frame[n].astype(object).where(frame[n].notna(), None).tolist() for n in frame}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

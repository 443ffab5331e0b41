"""Columns (字段) between pandas and SQLite: one pair of conversions for each type of `data/kinds.yaml`.

| type               | kept as              | read back as                  |
|--------------------|----------------------|-------------------------------|
| text, code, period | TEXT                 | pandas' own text, nan missing |
| number             | DOUBLE               | float64, nan missing          |
| integer            | INTEGER              | Int64                         |
| flag               | BOOLEAN (0, 1)       | boolean                       |
| day                | DATE (`2024-06-30`)  | datetime64[s]                 |

Missing is NULL in the book, whatever it was before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pandas as pd

from data.errors import LayerUnusable
from data.kinds import Kind

if TYPE_CHECKING:
    import pyarrow as pa

SQL_TYPES = {
    "text": "TEXT",
    "code": "TEXT",
    "period": "TEXT",
    "number": "DOUBLE",
    "integer": "INTEGER",
    "flag": "BOOLEAN",
    "day": "DATE",
}
# What pandas itself makes of text: `str` since pandas 3, `object` before.
TEXT: Any = pd.Series(["text"]).dtype
_NULLABLE: Mapping[str, Any] = {"TEXT": "string", "INTEGER": "Int64", "BOOLEAN": "boolean"}


def types(kind: Kind) -> dict[str, str]:
    """Name -> SQL type of all that a row says, in the order of the table; without fid, batch, geometry."""
    own = {name: SQL_TYPES[column.type] for name, column in kind.columns.items()}
    area = {"area_m2": "DOUBLE"} if kind.geometry else {}
    return {**own, **area, "extra": "TEXT"}


def kept(values: pd.Series[Any], sql_type: str) -> list[Any]:
    """Plain values for SQLite.

    Raises
    ------
    LayerUnusable : a value cannot be read as that type
    """
    try:
        if sql_type == "DOUBLE":
            # SQLite itself keeps nan as NULL.
            return list(values.to_numpy(dtype=np.float64, na_value=np.nan).tolist())
        if sql_type == "DATE":
            days = pd.to_datetime(values).dt.strftime("%Y-%m-%d")
            return _objects(days.astype("string"))
        return _objects(values.astype(_NULLABLE[sql_type]))
    except (ValueError, TypeError) as odd:
        raise LayerUnusable(
            f"The column {values.name} cannot be kept as {sql_type}: {odd}. "
            "Mend the values, or leave the cells empty."
        ) from odd


def _objects(values: pd.Series[Any]) -> list[Any]:
    # Missing values of pandas are nan of one kind or another; SQLite wants None.
    return list(values.array.to_numpy(dtype=object, na_value=None).tolist())


def read_back(values: Sequence[Any], sql_type: str) -> Any:
    """Plain values from SQLite as a typed array of pandas or numpy."""
    if sql_type == "DOUBLE":
        return np.array(values, dtype=np.float64)
    if sql_type == "DATE":
        return pd.array(np.array(values, dtype="datetime64[s]"))
    gaps = values.count(None)
    if sql_type == "TEXT":
        return pd.array(values, dtype=TEXT) if gaps < len(values) else blank(sql_type, gaps)
    missing = (
        np.array([value is None for value in values], np.bool_) if gaps else np.zeros(len(values), np.bool_)
    )
    filled = [value or 0 for value in values] if gaps else values
    if sql_type == "INTEGER":
        return pd.arrays.IntegerArray(np.array(filled, np.int64), missing)
    return pd.arrays.BooleanArray(np.array(filled, np.bool_), missing)


def from_arrow(values: pa.ChunkedArray, sql_type: str) -> Any:
    """A column that GDAL handed over, as a typed array of pandas or numpy, as `read_back` makes it.

    >>> import pyarrow as pa
    >>> from_arrow(pa.chunked_array([[1, None]]), "INTEGER").tolist()
    [1, <NA>]
    """
    import pyarrow as pa

    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if sql_type == "TEXT":
        return pd.array(whole.cast(pa.string()), dtype=TEXT)
    if sql_type == "DOUBLE":
        return whole.cast(pa.float64()).to_numpy(zero_copy_only=False)
    if sql_type == "DATE":
        return pd.array(whole.cast(pa.date32()).to_numpy(zero_copy_only=False).astype("datetime64[s]"))
    missing = whole.is_null().to_numpy(zero_copy_only=False)
    if sql_type == "INTEGER":
        numbers = whole.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
        return pd.arrays.IntegerArray(np.array(numbers, np.int64), missing)
    flags = whole.cast(pa.bool_()).fill_null(False).to_numpy(zero_copy_only=False)
    return pd.arrays.BooleanArray(np.array(flags, np.bool_), missing)


def blank(sql_type: str, count: int) -> Any:
    """A typed array without any value, as of a column that nobody has filled in; it costs next to nothing.

    >>> blank("DOUBLE", 2).tolist(), len(blank("TEXT", 3)), blank("INTEGER", 1).isna().tolist()
    ([nan, nan], 3, [True])
    """
    if sql_type == "DOUBLE":
        return np.full(count, np.nan)
    if sql_type == "DATE":
        return pd.array(np.full(count, "NaT", dtype="datetime64[s]"))
    if sql_type == "TEXT":
        return pd.array([None], dtype=TEXT).take(np.zeros(count, np.int64))
    missing = np.ones(count, np.bool_)
    if sql_type == "INTEGER":
        return pd.arrays.IntegerArray(np.zeros(count, np.int64), missing)
    return pd.arrays.BooleanArray(np.zeros(count, np.bool_), missing)


def plain(values: Sequence[Any], sql_type: str) -> list[Any]:
    """As for JSON: flags as true and false, all else as SQLite hands it over."""
    if sql_type == "BOOLEAN":
        return [None if value is None else bool(value) for value in values]
    return list(values)


def extras(frame: pd.DataFrame, known: Mapping[str, str]) -> list[str | None]:
    """The columns that the kind does not know, one JSON object per row; None where there are none."""
    names = [name for name in frame.columns if name not in known and name != "geometry"]
    if not names:
        return [None] * len(frame)
    columns = [frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in names]
    keys = [str(name) for name in names]
    rows = (dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True))
    return [orjson.dumps(row, default=str, option=orjson.OPT_SERIALIZE_NUMPY).decode() for row in rows]

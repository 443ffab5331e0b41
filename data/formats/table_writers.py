"""Tables written out: CSV that Excel opens as it is, and XLSX; never a formula that came with the data."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from data.errors import FileTooLarge
from data.formats.matching import matches
from data.formats.whole import whole_or_not

FORMULA = r"'*[=+\-@\t\r].*"
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
ROWS_MOST, COLUMNS_MOST, TEXT_MOST = 1_048_576, 16_384, 32_767
PLAIN_WORKBOOK = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": False,
}


def write_csv(frame: pd.DataFrame, path: str | Path) -> None:
    """CSV in UTF-8 with the mark by which Excel knows it; geometry is left out.

    Text that a spreadsheet would compute (beginning with = + - @, tab) gets an apostrophe before it,
    which `read_table` takes away again. Numbers are written so that they read back the same.
    """
    plain = _without_geometry(frame)
    plain = plain.set_axis([_guarded_name(str(name)) for name in plain.columns], axis=1)
    for j, dtype in enumerate(plain.dtypes):
        if dtype.kind not in "fiubM":
            plain.isetitem(j, _guarded(plain.iloc[:, j]).array)
    with whole_or_not(Path(path)) as temporary:
        plain.to_csv(temporary, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _without_geometry(frame: pd.DataFrame) -> pd.DataFrame:
    kept = [j for j, dtype in enumerate(frame.dtypes) if str(dtype) != "geometry"]
    return pd.DataFrame({k: frame.iloc[:, j] for k, j in enumerate(kept)}).set_axis(
        [frame.columns[j] for j in kept], axis=1
    )


def _guarded(column: pd.Series[Any]) -> pd.Series[Any]:
    texts = column
    if column.dtype == object:
        held = np.fromiter((isinstance(cell, str) for cell in column), dtype=bool, count=len(column))
        texts = column.where(held)
    texts = texts.astype("str")
    odd = matches(texts, FORMULA) & ~matches(texts, NUMBER)
    return column.mask(odd, "'" + texts) if odd.any() else column


def _guarded_name(name: str) -> str:
    return f"'{name}" if name[:1] in tuple("=+-@\t\r'") else name


def write_xlsx(frame: pd.DataFrame, path: str | Path, title: str = "") -> None:
    """A workbook of one sheet: header frozen, columns wide enough for Chinese, text as text.

    No text becomes a formula or a link; missing is a blank cell; geometry is left out.

    Parameters
    ----------
    title : a line above the header; none when empty

    Raises
    ------
    FileTooLarge : more rows or columns than a sheet holds, or a text longer than a cell holds
    """
    plain = _without_geometry(frame)
    _check_size(plain, Path(path).name, 2 if title else 1)
    with whole_or_not(Path(path)) as temporary:
        book = xlsxwriter.Workbook(str(temporary), {**PLAIN_WORKBOOK, "constant_memory": True})
        try:
            _fill(book, plain, title)
        finally:
            book.close()


def _check_size(frame: pd.DataFrame, name: str, above: int) -> None:
    if len(frame) + above > ROWS_MOST or len(frame.columns) > COLUMNS_MOST:
        raise FileTooLarge(
            f"{name} would have {len(frame):,} rows and {len(frame.columns):,} columns; a sheet holds "
            f"{ROWS_MOST:,} and {COLUMNS_MOST:,}. Write .csv, .parquet or .gpkg instead."
        )


def _fill(book: Any, frame: pd.DataFrame, title: str) -> None:
    sheet = book.add_worksheet("数据")
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    top = 1 if title else 0
    for j in range(len(frame.columns)):
        column = frame.iloc[:, j]
        sheet.set_column(j, j, _width(str(frame.columns[j]), column), text if _is_text(column) else None)
    sheet.freeze_panes(top + 1, 0)
    if title:
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    for j, name in enumerate(frame.columns):
        sheet.write_string(top, j, str(name), bold)
    columns = [frame.iloc[:, j].tolist() for j in range(len(frame.columns))]
    for i, row in enumerate(zip(*columns, strict=True), start=top + 1):
        for j, value in enumerate(row):
            _write(sheet, i, j, value, (text, day))


def _write(sheet: Any, i: int, j: int, value: Any, formats: tuple[Any, Any]) -> None:
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return
    if isinstance(value, bool | np.bool_):
        sheet.write_boolean(i, j, bool(value))
    elif isinstance(value, int | float | np.number) and np.isfinite(float(value)):
        sheet.write_number(i, j, float(value))
    elif isinstance(value, date):
        sheet.write_datetime(i, j, value, formats[1])
    elif len(said := str(value)) > TEXT_MOST:
        raise FileTooLarge(
            f"Row {i + 1}, column {j + 1} holds {len(said):,} characters; a cell holds {TEXT_MOST:,}. "
            "Write .csv or .parquet instead."
        )
    else:
        sheet.write_string(i, j, said, formats[0])


def _is_text(column: pd.Series[Any]) -> bool:
    return pd.api.types.is_string_dtype(column) or column.dtype == object


def _width(name: str, column: pd.Series[Any]) -> float:
    """Wide enough for the header and the first rows; a Chinese character takes two."""
    shown = [name, *(str(cell) for cell in column.head(200).dropna())]
    widest = max(sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text[:60]) for text in shown)
    return float(min(max(widest + 2, 8), 48))

"""Cells into types (类型): number, integer, flag, day, period, code, text; what does not fit is named.

Whole columns at once; only cells that do not fit at first sight are looked at one by one, and each
distinct value once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data.columns.notes import Mask, Problem
from data.kinds import Column

Typed = tuple["pd.Series[Any]", list[Problem]]

PLAIN = r"^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"
GROUPED = re.compile(r"([+-]?)[¥$]?(\d{1,3}(?:[, ]\d{3})+|\d+)?(\.\d*)?([%万亿]?)")
COUNTED = {"amount"}
"""Columns whose unit stands in a column of its own, so that 3.2万 is 32000 whatever it counts; in a column
of 万元 nobody can say whether 1.2万 are 1.2 or 12000"""
TIMES = {"万": 1e4, "亿": 1e8}
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?")
MONTH = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})月?|(\d\d)|年(?:度)?)?")
DIGITS_MOST = 1e15
"""From here on a spreadsheet has rounded the number: it keeps 15 digits"""
SERIALS = (20_000, 80_000)
"""Excel's day numbers from 1954 to 2119"""
YES = {"是", "1", "true", "yes", "y", "t", "√", "已建成", "已建", "建成", "对"}
NO = {"否", "0", "false", "no", "n", "f", "×", "x", "未建成", "未建", "不是"}


def convert(cells: pd.Series[Any], column: Column) -> Typed:
    """A column in its type, and what is wrong with its cells; those cells are missing in it.

    number -> float64; integer -> Int64; flag -> boolean; day -> datetime64[s]; period, code, text and
    the English values of one_of -> str. Missing is NaN, NA or NaT.
    """
    if column.one_of:
        return _one_of(cells, column.one_of)
    return CONVERT[column.type](cells, column)


def missing(cells: pd.Series[Any]) -> Mask:
    """Cells that hold nothing: no value, or only blanks."""
    none = cells.isna().to_numpy(dtype=bool)
    if cells.dtype.kind in "fiubM":
        return none
    blank = _texts(cells).eq("").fillna(False).to_numpy(dtype=bool)
    return none | blank


def _texts(cells: pd.Series[Any]) -> pd.Series[Any]:
    """The text cells, stripped; the others missing."""
    if cells.dtype == object:
        kept = np.fromiter((isinstance(cell, str) for cell in cells), dtype=bool, count=len(cells))
        cells = cells.where(kept).astype("str")
    elif cells.dtype.kind in "fiubM":
        return pd.Series(np.full(len(cells), None), index=cells.index, dtype="str")
    return cells.astype("str").str.strip()


def _held_numbers(cells: pd.Series[Any]) -> NDArray[np.float64]:
    """The cells that are numbers already; nan for the others."""
    if cells.dtype.kind in "fiu":
        return cells.to_numpy(dtype=float, na_value=np.nan)
    if cells.dtype != object:
        return np.full(len(cells), np.nan)
    return np.fromiter(
        (
            float(cell)
            if isinstance(cell, int | float | np.number) and not isinstance(cell, bool)
            else np.nan
            for cell in cells
        ),
        dtype=float,
        count=len(cells),
    )


def _numbers(cells: pd.Series[Any], column: Column) -> Typed:
    values = _held_numbers(cells)
    if cells.dtype.kind not in "fiu":
        texts = pa.array(_texts(cells), type=pa.string(), from_pandas=True)
        fits = pc.match_substring_regex(texts, PLAIN)
        parsed = pc.cast(pc.if_else(fits, texts, None), pa.float64()).to_numpy(zero_copy_only=False)
        values = np.where(np.isnan(values), parsed, values)
    filled = ~missing(cells)
    odd = filled & ~np.isfinite(values)
    if odd.any():
        marks = _marks(column)
        known = {cell: _grouped(cell, marks) for cell in set(cells[odd]) if isinstance(cell, str)}
        values[odd] = [known.get(cell, np.nan) for cell in cells[odd]]
        odd = filled & ~np.isfinite(values)
        values[odd] = np.nan
    says = "{value} is no number."
    remedy = "Write digits only; leave the cell blank where it is not known, 0 only where it is zero."
    if column.name in COUNTED:
        remedy += " A remark goes into explanation (说明), a unit into unit (单位)."
    return pd.Series(values, index=cells.index), [Problem("not_a_number", odd, says, remedy)]


def _marks(column: Column) -> Mapping[str, float]:
    """Signs that may stand behind a number of that column, and by what they multiply it."""
    if column.name in COUNTED:
        return TIMES
    return {"": {"%": 0.01}, "%": {"%": 1.0}}.get(column.unit, {})


def _grouped(cell: str, marks: Mapping[str, float]) -> float:
    """A number with thousands separators, full-width digits, or a sign behind it; nan otherwise."""
    match = GROUPED.fullmatch(re.sub(r"\s*([%万亿])$", r"\1", unicodedata.normalize("NFKC", cell).strip()))
    if match is None or not (match[2] or match[3] not in (None, ".")) or (match[4] and match[4] not in marks):
        return float("nan")
    whole = (match[2] or "0").replace(",", "").replace(" ", "")
    written = Decimal(f"{match[1]}{whole}{match[3] or ''}")
    return float(written * Decimal(str(marks[match[4]]))) if match[4] else float(written)


def _integers(cells: pd.Series[Any], column: Column) -> Typed:
    if column.name == "year" and cells.dtype.kind not in "fiu":
        bare = _texts(cells).str.replace(r"^(\d{4})年度?$", r"\1", regex=True)
        cells = cells.where(bare.isna().to_numpy(), bare.astype(object))
    numbers, problems = _numbers(cells, column)
    values = numbers.to_numpy(dtype=float)
    broken = np.isfinite(values) & ((values != np.round(values)) | (np.abs(values) >= DIGITS_MOST))
    says = "{value} is no whole number."
    problems.append(Problem("not_whole", broken, says, "Write a whole number."))
    return numbers.mask(broken).astype("Int64"), problems


def _codes(cells: pd.Series[Any], column: Column) -> Typed:
    numbers = _held_numbers(cells)
    texts = _texts(cells)
    wide = ~(texts.str.isascii().fillna(True).to_numpy(dtype=bool))
    if wide.any():
        texts = texts.mask(wide, texts[wide].str.normalize("NFKC").str.strip())
    texts = texts.str.replace(r"^(\d+)\.0+$", r"\1", regex=True)
    whole = np.isfinite(numbers) & (numbers == np.round(numbers))
    rounded = whole & (np.abs(numbers) >= DIGITS_MOST)
    damaged = texts.str.fullmatch(r"\d(?:\.\d+)?[eE]\+\d+").fillna(False).to_numpy(dtype=bool)
    broken = np.isfinite(numbers) & ~whole
    kept = whole & ~rounded
    if kept.any():
        written = np.full(len(cells), None, dtype=object)
        written[kept] = numbers[kept].astype(np.int64).astype(str)
        texts = texts.where(~kept, pd.Series(written, index=cells.index, dtype="str"))
    odd = ~missing(cells) & texts.isna().to_numpy(dtype=bool) & ~np.isfinite(numbers)
    keep = "Format the column as text and enter the code again."
    problems = [
        Problem("code_rounded", rounded | damaged, "{value} has lost digits: a spreadsheet keeps 15.", keep),
        Problem("not_a_code", broken | odd, "{value} is no code.", keep),
    ]
    return texts.mask(damaged | texts.eq("").fillna(False).to_numpy(dtype=bool)), problems


def _plain_texts(cells: pd.Series[Any], column: Column) -> Typed:
    texts = _texts(cells)
    rest = texts.isna().to_numpy(dtype=bool) & cells.notna().to_numpy(dtype=bool)
    if rest.any():
        said = [f"{c:.15g}" if isinstance(c, float) else str(c) for c in cells[rest]]
        texts = texts.astype(object)
        texts[rest] = said
        texts = texts.astype("str")
    return texts.mask(texts.eq("").fillna(False).to_numpy(dtype=bool)), []


def _by_value(cells: pd.Series[Any], parse: Callable[[Any], Any], dtype: str) -> tuple[pd.Series[Any], Mask]:
    """Each distinct value parsed once, in that type; missing and marked where it does not fit."""
    numbers, distinct = pd.factorize(cells)
    parsed = [*(parse(value) for value in distinct), None]
    unknown = np.array([value is None for value in parsed])
    made: pd.Series[Any] = pd.Series(parsed, dtype=cast(Any, dtype))
    typed = made.array.take(numbers)
    return pd.Series(typed, index=cells.index), ~missing(cells) & unknown[numbers]


def _word(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unicodedata.normalize("NFKC", str(cell)).strip().casefold()


def _one_of(cells: pd.Series[Any], one_of: Mapping[str, str]) -> Typed:
    known = {_word(said): english for english, label in one_of.items() for said in (english, label)}
    values, odd = _by_value(cells, lambda cell: known.get(_word(cell)), "str")
    allowed = ", ".join(f"{label} ({english})" for english, label in one_of.items())
    problem = Problem("not_allowed", odd, "{value} is none of the values allowed.", f"Use one of: {allowed}.")
    return values, [problem]


def _flags(cells: pd.Series[Any], column: Column) -> Typed:
    values, odd = _by_value(cells, _flag, "boolean")
    problem = Problem("not_a_flag", odd, "{value} is neither yes nor no.", "Write 是 or 否.")
    return values, [problem]


def _flag(cell: object) -> bool | None:
    word = _word(cell)
    return True if word in YES else False if word in NO else None


def _days(cells: pd.Series[Any], column: Column) -> Typed:
    values, odd = _by_value(cells, day, "datetime64[s]")
    problem = Problem("not_a_day", odd, "{value} is no day.", "Write days as 2024-06-01.")
    return values, [problem]


def day(cell: Any) -> date | None:
    """A day from what a person or a spreadsheet writes; None where it is none.

    >>> day("2024年6月1日") == day("2024/6/1") == day(20240601) == day(45444.0) == date(2024, 6, 1)
    True
    """
    if isinstance(cell, datetime | date | pd.Timestamp):
        return date(cell.year, cell.month, cell.day)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and SERIALS[0] <= cell < SERIALS[1]:
        return date(1899, 12, 30) + timedelta(days=int(cell))
    text = _word(cell)
    found = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text) or DAY.fullmatch(text.upper())
    try:
        made = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
    return made if made and 1900 <= made.year <= 2100 else None


def _periods(cells: pd.Series[Any], column: Column) -> Typed:
    values, odd = _by_value(cells, period, "str")
    problem = Problem(
        "not_a_period", odd, "{value} is no period.", "Write a year, 2024, or a month, 2024-06."
    )
    return values, [problem]


def period(cell: Any) -> str | None:
    """A year or a month as text; a day that a spreadsheet made of a month is that month.

    >>> period(2024.0), period("2024年6月"), period("202406"), period(date(2024, 6, 1)), period("2024-13")
    ('2024', '2024-06', '2024-06', '2024-06', None)
    """
    if isinstance(cell, datetime | date | pd.Timestamp):
        return f"{cell.year}-{cell.month:02d}" if cell.day == 1 else None
    match = MONTH.fullmatch(_word(cell))
    if match is None or not 1900 <= int(match[1]) <= 2100:
        return None
    month = int(match[2] or match[3] or 0)
    if month > 12 or (month == 0 and (match[2] or match[3])):
        return None
    return f"{match[1]}-{month:02d}" if month else match[1]


CONVERT: Mapping[str, Callable[[pd.Series[Any], Column], Typed]] = {
    "number": _numbers,
    "integer": _integers,
    "code": _codes,
    "text": _plain_texts,
    "flag": _flags,
    "day": _days,
    "period": _periods,
}

"""What a sheet of a report is (表): titles, columns and rows, before anything knows of Excel."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

DASH = "—"
MARKS = {"met": "✓ 达标", "not_met": "✗ 未达标", "cannot_tell": "？ 无法判断"}
CELL_MOST = 32_000
"""UTF-16 units of a cell; Excel holds 32 767, and the word that something is cut off needs room"""
NAME_MOST = 31
ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that differs from its column.

    Parameters
    ----------
    value : None shows as a dash, with the reason beside it
    kind : number format, as of `Field`; empty: that of the column
    mark : outcome by which it is marked: met, not_met, cannot_tell
    reason : why there is no value
    """

    value: Any
    kind: str = ""
    mark: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a sheet.

    Parameters
    ----------
    kind : text, number, share, count, change (per cent, with its sign), points (percentage points) or plain
    width : in characters of the body; a Chinese one takes two
    group : heading above several columns; empty: none
    """

    label: str
    kind: str = "text"
    width: float = 0
    group: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Parameters
    ----------
    rows : values or `Cell`s in the order of the fields; None shows as a dash, an empty text as nothing
    total : the row below that sums; empty: none
    said : the line above the header, such as `单位：公顷`
    frozen : columns that stay when one scrolls to the right, and are printed again on every page
    paper : A3 or A4, always landscape
    signed : whether those who filled it in and checked it sign below
    """

    name: str
    title: str
    fields: Sequence[Field]
    rows: Iterable[Sequence[Any]]
    total: Sequence[Any] = ()
    said: str = ""
    foot: Sequence[str] = ()
    frozen: int = 0
    paper: str = "A4"
    signed: bool = True


def clean(text: object) -> str:
    r"""A text that a cell can hold: no control character or half a surrogate, and not too long.

    >>> clean("甲\x01区"), clean("a\r\nb"), len(clean("长" * 40_000)) < 32_100
    ('甲�区', 'a\nb', True)
    """
    said = ODD.sub("\ufffd", str(text).replace("\r\n", "\n").replace("\r", "\n"))
    if len(said) <= CELL_MOST // 2:
        return said
    units = said.encode("utf-16-le")
    if len(units) <= 2 * CELL_MOST:
        return said
    kept = units[: 2 * CELL_MOST].decode("utf-16-le", errors="ignore")
    return f"{kept}…（已截断，原文 {len(said):,} 字）"


def sheet_name(text: str, taken: Iterable[str] = ()) -> str:
    r"""A name that Excel allows: 31 characters at most, none of []:*?/\\, no apostrophe at an end, not taken.

    >>> sheet_name("甲/乙区[1]"), sheet_name("汇总表", ["汇总表"]), sheet_name("''")
    ('甲_乙区_1_', '汇总表_2', '表')
    """
    plain = re.sub(r"[\[\]:*?/\\\n\ufffd]", "_", clean(text)).strip("' ")
    plain = _first_units(plain, NAME_MOST).strip("' ") or "表"
    used = {name.lower() for name in taken} | {"history"}  # Excel keeps that name for itself
    said, n = plain, 2
    while said.lower() in used:
        said, n = f"{_first_units(plain, NAME_MOST - len(str(n)) - 1)}_{n}", n + 1
    return said


def _first_units(text: str, most: int) -> str:
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", errors="ignore")


def breadth(text: object) -> int:
    """Characters that a text takes on a line; a Chinese one takes two.

    >>> breadth("亩均税收"), breadth("A2")
    (8, 2)
    """
    return sum(1 + (unicodedata.east_asian_width(c) in "WFA") for c in str(text))

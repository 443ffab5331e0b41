"""Header rows (表头): which rows of a sheet name its columns, and what each column is called.

A Chinese statistical form begins with a title, a line `单位：万元`, and a header of several rows with
merged cells. What comes out is one name per column: the header's levels joined with `/`, a row of
units folded in as `(unit)`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from data.units import plain_unit

Cells = Sequence[Sequence[object]]
Merged = tuple[int, int, int, int]
"""top, left, bottom, right of a merged range, all inclusive, counted from 0"""

DEEPEST = 8
CJK = "\u3400-\u9fff\uff00-\uffef\u3000-\u303f"
NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d*)(\.\d+)?\d*([eE][+-]?\d+)?%?")
YEAR = re.compile(r"(19|20)\d\d(\.0)?年?(度)?")
PAGE = re.compile(r"[第共]\s*\d*\s*页.*|表\s*号.*")
MONTH = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月(\s*\d{1,2}\s*日)?|\d{4}-\d{1,2}-\d{1,2}.*")
REMARK = re.compile(r"[^:()]{1,16}:.*", re.DOTALL)
UNIT_LINE = re.compile(r"(?:^|[\s(])(?:计量|面积|金额|数量|货币)?\s*单\s*位\s*:\s*([^)]+)")
ONE_UNIT = (
    r"(?:[×x*]?10\^\d ?)?(?:千|百|万|十万|百万|千万|亿|k|M)?(?:"
    r"元|美元|人民币元|人|户|家|个|项|件|台|套|辆|头|宗|块|栋|层|次|年|天|小时|"
    r"平方米|平方公里|平方千米|公顷|亩|米|公里|千米|吨公里|人公里|立方米|标准立方米|标立方米|标立方|标方|方|升|"
    r"吨|公吨|千克|公斤|克|(?:吨|千克|公斤)(?:标准煤|标煤)|(?:吨|千克)二氧化碳(?:当量)?|"
    r"千瓦|千瓦时|千瓦·时|兆瓦时|度|千焦|兆焦|吉焦|太焦|焦|千卡|大卡|%|‰|"
    r"m|m2|m3|N ?m3|km|km2|ha|hm2|mu|L|kg|t|tce|kgce|tC|[MGk]?t ?CO2(?:eq?)?|"
    r"(?i:kwh|kw·h|mwh|gwh|kj|mj|gj|tj|kcal|nm3)|CNY|CNY10k)"
)
UNIT = re.compile(f"{ONE_UNIT}(?:/{ONE_UNIT})?")
UNIT_ROW = {"单位", "计量单位", "unit", "units", "单位/unit", "unit/单位"}
ORDINALS = {"甲", "乙", "丙", "丁", "戊", "序号", "栏次", "—", "-"}


@dataclass(frozen=True)
class Header:
    """What the rows above the data say.

    Parameters
    ----------
    names : one per column, levels joined with `/`; empty where a column has no name
    start, end : first header row and first row after it, counted from 0
    units : units stated once for the whole sheet, as in `单位：万元、亩`
    titles : rows above the header that were passed over: (row, text)
    ordinals : whether the last row before the data only numbers the columns (甲 乙 1 2 3)
    """

    names: tuple[str, ...]
    start: int
    end: int
    units: tuple[str, ...] = ()
    titles: tuple[tuple[int, str], ...] = ()
    ordinals: bool = False


def tidy(cell: object) -> str:
    r"""A cell as text on one line, without blanks between Chinese characters.

    >>> tidy("国土调查\n 总 面 积"), tidy(" Raw  Coal "), tidy(2023.0), tidy(None)
    ('国土调查总面积', 'Raw Coal', '2023', '')
    """
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = re.sub(r"\s+", " ", str(cell)).strip()
    return re.sub(f"(?<=[{CJK}]) (?=[{CJK}])", "", text)


def plain(text: str) -> str:
    """The text with full-width letters, digits and brackets made plain, and no bracket around it.

    >>> plain("（１２ｍ²）")
    '12m2'
    """
    return plain_unit(text).removeprefix("(").removesuffix(")").strip()


def is_unit(text: str) -> bool:
    """Whether a cell holds a unit and nothing else.

    >>> is_unit("（万元）"), is_unit("万元/亩"), is_unit("10⁴Nm³"), is_unit("税收")
    (True, True, True, False)
    """
    return bool(UNIT.fullmatch(plain(text)))


def find_header(cells: Cells, merged: Sequence[Merged] = ()) -> Header | None:
    """The header among the first rows of a sheet; None where no row can be one.

    Parameters
    ----------
    cells : the first rows, equally long; empty cells are '' or None
    merged : merged ranges of the whole sheet
    """
    grid = [[tidy(cell) for cell in row] for row in spread(cells, merged)]
    numbers = [[_is_number(cell) for cell in row] for row in cells]
    width = max((len(row) for row in grid), default=0)
    start = _first_row(grid, numbers, width)
    if start is None:
        return None
    start = _later_merged_row(grid, merged, start, width)
    end = _last_row(grid, numbers, merged, start, width)
    levels = [list(row) for row in grid[start:end]]
    if not merged:
        _fill_rightwards(levels)
    end, units = _unit_row(grid, end)
    ordinals = end < len(grid) and _are_ordinals(grid[end])
    return Header(
        names=tuple(_join([level[j] for level in levels], units[j] if units else "") for j in range(width)),
        start=start,
        end=end + ordinals,
        ordinals=ordinals,
        units=_stated_units(grid[:start]),
        titles=tuple((i, " ".join(dict.fromkeys(filter(None, row)))) for i, row in enumerate(grid[:start])),
    )


def spread(cells: Cells, merged: Sequence[Merged]) -> list[list[object]]:
    """The rows with each merged range filled with the value of its top left cell."""
    grid = [list(row) for row in cells]
    for top, left, bottom, right in merged:
        if top >= len(grid) or left >= len(grid[top]):
            continue
        for i in range(top, min(bottom + 1, len(grid))):
            for j in range(left, min(right + 1, len(grid[i]))):
                grid[i][j] = grid[top][left]
    return grid


def _is_number(cell: object) -> bool:
    if isinstance(cell, str):
        text = cell.strip()
        return bool(text) and text[-1:] in "0123456789%" and bool(NUMBER.fullmatch(text))
    return isinstance(cell, int | float | date | time | timedelta) and cell == cell


def _meaning(row: Sequence[str]) -> list[str]:
    """The distinct cells of a row that can name a column: no page number, no `填表单位：…`."""
    distinct = [text for text in dict.fromkeys(row) if text and not PAGE.fullmatch(text)]
    names = [text for text in distinct if not REMARK.fullmatch(plain(text))]
    months = [text for text in names if MONTH.fullmatch(text)]
    return [text for text in names if text not in months] if len(months) == 1 else names


def _first_row(grid: list[list[str]], numbers: list[list[bool]], width: int) -> int | None:
    """The first row with two names; above it only titles. Mostly numbers: there is no header."""
    for i, row in enumerate(grid):
        if len(_meaning(row)) < 2:
            continue
        held = sum(1 for text in row if text)
        odd = sum(n and not YEAR.fullmatch(t) for n, t in zip(numbers[i], row, strict=True))
        return i if odd * 2 < held else None
    filled = [i for i, row in enumerate(grid) if any(row)]
    return filled[0] if filled and (width == 1 or not _meaning(grid[filled[0]])[1:]) else None


def _later_merged_row(grid: list[list[str]], merged: Sequence[Merged], start: int, width: int) -> int:
    """Some forms hide a plain header above the printed, merged one; then the merged one counts."""
    if any(_within(m, start, width) for m in merged):
        return start
    for i in range(start + 1, len(grid)):
        if len(_meaning(grid[i])) < 2:
            continue
        return i if i > start + 1 and any(_within(m, i, width) and m[3] > m[1] for m in merged) else start
    return start


def _within(m: Merged, row: int, width: int) -> bool:
    """Whether a merged range begins in that row and is no title across the whole sheet."""
    return m[0] == row and m[3] - m[1] + 1 < max(width, 2)


def _last_row(
    grid: list[list[str]], numbers: list[list[bool]], merged: Sequence[Merged], start: int, width: int
) -> int:
    """First row after the header: below each merged cell that begins in it, and its sub-headers."""
    end = start + 1
    while end < min(len(grid), start + DEEPEST):
        mine = [m for m in merged if start <= m[0] < end and m[3] - m[1] + 1 < max(width, 2)]
        deep = [m for m in mine if end <= m[2] < start + DEEPEST]
        over = [m for m in mine if m[3] > m[1] and m[2] == end - 1]
        if deep:
            end = max(m[2] for m in deep) + 1
        elif any(_names_below(grid[end], numbers[end], range(m[1], m[3] + 1)) for m in over) or (
            not merged and _continues(grid, numbers, end)
        ):
            end += 1
        else:
            break
    return min(end, len(grid))


def _names_below(row: Sequence[str], numbers: Sequence[bool], columns: range) -> bool:
    """Whether these cells of the row name columns: filled, and no numbers except years."""
    held = [j for j in columns if j < len(row) and row[j]]
    return bool(held) and all(not numbers[j] or YEAR.fullmatch(row[j]) for j in held)


def _continues(grid: list[list[str]], numbers: list[list[bool]], end: int) -> bool:
    """Without merged ranges (CSV): blanks of the row above are filled here, its first name stands alone."""
    above, row = grid[end - 1], grid[end]
    gaps = [j for j, text in enumerate(above) if not text and row[j]]
    return (
        bool(gaps)
        and bool(above[0])
        and not row[0]
        and _names_below(row, numbers[end], range(len(row)))
        and all(row[j] for j, text in enumerate(above) if not text)
    )


def _fill_rightwards(levels: list[list[str]]) -> None:
    """A blank in an upper level belongs to the name on its left, where a lower level is filled."""
    for upper, lower in pairwise(levels):
        for j in range(1, len(upper)):
            if not upper[j] and lower[j] and lower[j - 1]:
                upper[j] = upper[j - 1]


def _unit_row(grid: list[list[str]], end: int) -> tuple[int, list[str]]:
    """A row below the names that holds only units, or begins with 单位."""
    if end >= len(grid):
        return end, []
    row = grid[end]
    held = [text for text in row if text]
    first = row[0].lower() in UNIT_ROW if row else False
    rest = held[1:] if first else held
    if not rest or not (all(is_unit(text) for text in rest) or (first and len(set(rest)) == 1)):
        return end, []
    return end + 1, ["", *row[1:]] if first else list(row)


def _are_ordinals(row: Sequence[str]) -> bool:
    """Whether the row only numbers the columns: 甲 乙 1 2 3, (1) (2) (3), or six numbers from 1 on."""
    held = [plain(text) for text in row if text]
    counted = [text for text in held if text not in ORDINALS]
    if len(held) < len(row) or counted != [str(k) for k in range(1, len(counted) + 1)]:
        return False
    marked = len(counted) < len(held) or all(unicodedata.normalize("NFKC", t).startswith("(") for t in row)
    return len(counted) >= (3 if marked else 6)


def _stated_units(above: list[list[str]]) -> tuple[str, ...]:
    found = [m[1] for row in above for text in row if (m := UNIT_LINE.search(plain(text)))]
    parts = [part.strip() for text in found for part in re.split(r"[、,;\s]+", text)]
    return tuple(dict.fromkeys(part for part in parts if is_unit(part)))


def _join(levels: Sequence[str], unit: str) -> str:
    parts: list[str] = []
    for text in levels:
        if text.strip("/") and (not parts or parts[-1] != text):
            parts.append(text)
    name = "/".join(parts)
    unit = plain(unit)
    return f"{name}({unit})" if unit and name and not is_unit(parts[-1]) else name

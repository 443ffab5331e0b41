"""Lists of a template (填报目录): what may stand in 类别, 品种 and 单位, to choose from instead of typing."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from data.kinds import Kind
from data.parameters import HERE, files, has, parameter

SHEET = "目录"
HEADER = ("类别", "英文", "", "类别", "品种", "英文", "常用单位", "", "单位")
WIDTHS = (18, 14, 3, 18, 34, 40, 16, 3, 16)
FIRST = 1
"""Row of the first entry, counted from 0"""
UNITS = (
    *(
        "吨",
        "万吨",
        "千克",
        "立方米",
        "万立方米",
        "标准立方米",
        "万标准立方米",
        "千瓦时",
        "万千瓦时",
        "兆瓦时",
    ),
    *("吉焦", "百万千焦", "吨标准煤", "万吨标准煤", "公顷", "亩", "吨二氧化碳当量"),
)
USUAL = {
    "electricity": "万千瓦时",
    "heat": "吉焦",
    "land": "公顷",
    "scope3": "吨二氧化碳当量",
    "refrigerant": "千克",
}
"""Usual unit of all items of a category; of others it is that of the fuel's calorific value, or 吨"""
CHINESE = {"t": "吨", "10^4 Nm3": "万标准立方米", "10^4 m3": "万立方米", "Nm3": "标准立方米", "m3": "立方米"}


class Item(NamedTuple):
    """One entry of the list: the label of its category, its Chinese and English name, its usual unit."""

    category: str
    label: str
    name: str
    unit: str


def lists_of(kind: Kind) -> tuple[Mapping[str, str], tuple[Item, ...]]:
    """English name -> label of each category, and the items in their order; nothing for other kinds."""
    return _lists() if kind.name == "activity" else ({}, ())


@cache
def _lists() -> tuple[Mapping[str, str], tuple[Item, ...]]:
    with (HERE / "factors" / "activity_names.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    labels: dict[str, str] = {}
    names: dict[tuple[str, str], str] = {}
    for row in rows:
        category, item, name = row["category"], row["item"], row["name"]
        if not item:
            labels.setdefault(category, name)
        elif names.get((category, item), "").isascii() and (
            (category, item) not in names or not name.isascii()
        ):
            names[category, item] = name
    place = {category: number for number, category in enumerate(labels)}
    listed = sorted((key for key in names if key[0] in labels), key=lambda key: place[key[0]])
    items = (Item(labels[c], names[c, item], item, usual_unit(c, item)) for c, item in listed)
    return labels, tuple(items)


def usual_unit(category: str, item: str) -> str:
    """The unit in which an item is usually stated.

    >>> usual_unit("fuel", "natural_gas"), usual_unit("electricity", "bought"), usual_unit("fuel", "diesel")
    ('万标准立方米', '万千瓦时', '吨')
    """
    if category in USUAL:
        return USUAL[category]
    fuel = item.removeprefix("in.").removeprefix("out.")
    for table in (name for name in files("factors") if name.startswith("factors/fuel_")):
        name = f"{table.replace('/', '.')}.{fuel}.ncv"
        if has(name):
            per = parameter(name).unit.partition("/")[2]
            return CHINESE.get(per, per)
    return "吨"


def write_lists(book: Any, kind: Kind) -> None:
    """The sheet of lists, if the kind has any."""
    labels, items = lists_of(kind)
    if not labels:
        return
    sheet = book.add_worksheet(SHEET)
    bold, text = book.add_format({"bold": True, "border": 2}), book.add_format({"num_format": "@"})
    for j, (title, width) in enumerate(zip(HEADER, WIDTHS, strict=True)):
        sheet.set_column(j, j, width, text)
        if title:
            sheet.write_string(0, j, title, bold)
    _write_columns(sheet, 0, [(label, name) for name, label in labels.items()])
    _write_columns(sheet, 3, items)
    _write_columns(sheet, 8, [(unit,) for unit in UNITS])
    sheet.freeze_panes(1, 0)


def _write_columns(sheet: Any, left: int, rows: Sequence[Sequence[str]]) -> None:
    for i, row in enumerate(rows, start=FIRST):
        for j, text in enumerate(row, start=left):
            sheet.write_string(i, j, text)


def choices_of(kind: Kind, column: str) -> Mapping[str, Any] | None:
    """The drop-down of a column that the lists are for; other words may be typed, with a warning.

    The items offered are those of the category in the same row.
    """
    labels, items = lists_of(kind)
    if not labels:
        return None
    place = chr(ord("A") + list(kind.columns).index("category"))
    last = FIRST + len(items)
    sources = {
        "category": f"={SHEET}!$A${FIRST + 1}:$A${FIRST + len(labels)}",
        "item": f"=OFFSET({SHEET}!$E${FIRST + 1},MATCH(${place}2,{SHEET}!$D${FIRST + 1}:$D${last},0)-1,0,"
        f"COUNTIF({SHEET}!$D${FIRST + 1}:$D${last},${place}2),1)",
        "unit": f"={SHEET}!$I${FIRST + 1}:$I${FIRST + len(UNITS)}",
    }
    if column not in sources:
        return None
    return {
        "validate": "list",
        "source": sources[column],
        "error_type": "warning",
        "error_title": kind.columns[column].label,
        "error_message": f"不在列表中; 可用的名称见“{SHEET}”",
    }

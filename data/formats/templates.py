"""Templates (填报模板): one workbook per KIND, with a header row, lists, and a sheet that explains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from data.formats.table_writers import PLAIN_WORKBOOK, ROWS_MOST
from data.formats.template_lists import SHEET, choices_of, lists_of, write_lists
from data.formats.whole import whole_or_not
from data.kinds import Column, Kind, kind

GUIDE = "说明"
TYPES = {
    "text": ("文本", "郑州经济技术开发区"),
    "code": ("编码, 按文本填写, 保留前导零", "0601"),
    "number": ("数字", "1234.5"),
    "integer": ("整数", "2024"),
    "flag": ("是 / 否", "是"),
    "day": ("日期", "2024-06-01"),
    "period": ("时期: 年或月", "2024 或 2024-06"),
}
GUIDE_HEADER = ("列", "英文列名", "类型", "单位", "必填", "可填的值", "说明", "示例")
GUIDE_WIDTHS = (22, 28, 26, 12, 6, 44, 50, 22)
LIST_MOST = 255
"""Characters of a list that stands in a validation itself: Excel's limit"""


def write_template(name: str, path: str | Path) -> None:
    """The empty workbook of a kind: what `read_table` and `data.columns.fit` read back without a word.

    The first sheet holds nothing but the header, so that nothing made up can be taken in; examples stand
    in the sheet 说明. Codes, days and periods are formatted so that Excel leaves them as they are typed.

    Parameters
    ----------
    name : kind, as in data/kinds.yaml
    path : file to write, .xlsx

    Raises
    ------
    NoSuchCode : there is no such kind
    FileUnusable : the file cannot be written
    """
    of = kind(name)
    with whole_or_not(Path(path)) as temporary, xlsxwriter.Workbook(str(temporary), PLAIN_WORKBOOK) as book:
        _write_form(book, of)
        _write_guide(book, of)
        write_lists(book, of)


def _write_form(book: Any, of: Kind) -> None:
    sheet = book.add_worksheet(of.label)
    head = {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1}
    plain, needed = book.add_format(head), book.add_format({**head, "border": 2})
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    formats = {"code": text, "text": text, "period": text, "day": day}
    for j, column in enumerate(of.columns.values()):
        sheet.set_column(j, j, max(len(column.header) * 2 + 2, 12), formats.get(column.type))
        sheet.write_string(0, j, column.header, needed if column.required else plain)
        if rule := choices_of(of, column.name) or _validation(column):
            sheet.data_validation(1, j, ROWS_MOST - 1, j, rule)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 0)


def _validation(column: Column) -> Mapping[str, Any] | None:
    """What Excel itself can check while someone types; blank is always allowed."""
    values = list(column.one_of.values()) or (["是", "否"] if column.type == "flag" else [])
    title = column.label[:32]
    if values and len(",".join(values)) <= LIST_MOST:
        message = f"请从下拉列表中选择; 见“{GUIDE}”"
        return {"validate": "list", "source": values, "error_title": title, "error_message": message}
    if column.type not in ("number", "integer") or (column.min is None and column.max is None):
        return None
    message = f"应为{_bounds(column)}的数; 不知道就留空, 不要填 0"
    checked = {
        "validate": "integer" if column.type == "integer" else "decimal",
        "error_title": title,
        "error_message": message,
    }
    if column.min is not None and column.max is not None:
        return {**checked, "criteria": "between", "minimum": column.min, "maximum": column.max}
    if column.min is not None:
        return {**checked, "criteria": ">=", "value": column.min}
    return {**checked, "criteria": "<=", "value": column.max}


def _bounds(column: Column) -> str:
    low = f"不小于 {column.min:g}" if column.min is not None else ""
    high = f"不大于 {column.max:g}" if column.max is not None else ""
    return ", ".join(part for part in (low, high) if part)


def _write_guide(book: Any, of: Kind) -> None:
    sheet = book.add_worksheet(GUIDE)
    bold = book.add_format({"bold": True, "border": 2})
    cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"})
    for j, (title, width) in enumerate(zip(GUIDE_HEADER, GUIDE_WIDTHS, strict=True)):
        sheet.set_column(j, j, width)
        sheet.write_string(0, j, title, bold)
    rows = [_explained(column) for column in of.columns.values()]
    for i, row in enumerate(rows, start=1):
        for j, said in enumerate(row):
            sheet.write_string(i, j, said, cell)
    for i, line in enumerate(_general(of), start=len(rows) + 2):
        sheet.write_string(i, 0, line)
    sheet.freeze_panes(1, 0)


def _explained(column: Column) -> Sequence[str]:
    said, example = TYPES[column.type]
    if column.one_of:
        said, example = "选择", next(iter(column.one_of.values()))
    allowed = "; ".join(f"{label} = {english}" for english, label in column.one_of.items())
    return (
        column.header,
        column.name,
        said,
        column.unit,
        "是" if column.required else "",
        allowed or _bounds(column),
        column.explain,
        example,
    )


def _general(of: Kind) -> Sequence[str]:
    key = " + ".join(of.columns[name].label for name in of.key)
    lines = [
        f"本表: {of.label} ({of.name})。一行一条记录, 由 {key} 确定。",
        "粗框的列必填。不知道的数留空; 只有确实为零才填 0。合计行和注释行不作为数据读入。",
        "列的顺序可变, 也可用英文列名; 单位不同时写在列名后的括号里, 例如 税收(亿元)。",
        "示例只作格式说明, 不是数据。",
    ]
    if of.geometry:
        lines.append("图形 (面) 不在本表中: 请另给带同名编号的矢量文件。")
    if lists_of(of)[0]:
        lines.append(f"类别、品种和常用单位可从下拉列表中选择; 全部名称见“{SHEET}”, 中英文均可。")
    return lines

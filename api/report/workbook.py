"""Sheets as an Excel workbook (工作簿): ready to print; no text of the data becomes a formula."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import ceil, isfinite
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from api.report.look import Look
from api.report.sheet import DASH, Cell, Field, Sheet, breadth, clean, sheet_name
from data.errors import FileTooLarge, FileUnusable
from data.formats.table_writers import PLAIN_WORKBOOK, ROWS_MOST
from maps.palette import OUTCOME_INK, PAGE

PAPERS = {"A3": (8, 300), "A4": (9, 210)}
"""Excel's number of a paper, and the characters that fit on its width and can still be read"""
SIGNED = "填表人：＿＿＿＿＿＿＿＿　　审核人：＿＿＿＿＿＿＿＿　　日期：＿＿＿＿年＿＿月＿＿日"
FONT = "宋体"
REASON_MOST = 900
PRINTED_MOST = 80


class Workbook:
    """A workbook that is being written, sheet by sheet and row by row."""

    def __init__(self, target: Path | IO[bytes], look: Look, notice: str, when: datetime):
        options = {**PLAIN_WORKBOOK, "constant_memory": True}
        self._book = xlsxwriter.Workbook(target if hasattr(target, "write") else str(target), options)
        self._book.set_properties({"created": when.replace(tzinfo=None), "author": "亩碳 Mutan"})
        self._look = look
        self._notice = clean(notice)
        self._formats: dict[tuple[str, ...], Any] = {}
        self.rows: dict[str, int] = {}

    def __enter__(self) -> Self:
        """The workbook, written out at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, odd: BaseException | None, _: TracebackType | None
    ) -> None:
        """Write it out.

        Raises
        ------
        FileUnusable : the system refused it
        """
        try:
            self._book.close()
        except FileCreateError as odd:
            raise FileUnusable(
                f"The workbook cannot be written: {odd}. Check folder, rights and room."
            ) from odd

    def add(self, sheet: Sheet) -> None:
        """Write a sheet.

        Raises
        ------
        FileTooLarge : it has more rows than a sheet holds
        """
        name = sheet_name(sheet.name, self.rows)
        page = self._book.add_worksheet(name)
        fields = _fitted(sheet, self._look)
        top = self._head(page, sheet, fields)
        at = top
        for row in sheet.rows:
            if at >= ROWS_MOST - 10:
                raise FileTooLarge(
                    f"The sheet {name} would have more than {ROWS_MOST:,} rows. Ask for fewer zones."
                )
            self._row(page, at, row, fields)
            at += 1
        self.rows[name] = at - top
        if sheet.total:
            self._row(page, at, sheet.total, fields, "total")
            at += 1
        self._foot(page, at, sheet, len(fields))
        _set_up(page, sheet, fields, top)

    def _head(self, page: Any, sheet: Sheet, fields: Sequence[Field]) -> int:
        """Title, notice, units and header; the first row of the data."""
        last = len(fields) - 1
        lines = [(sheet.title, "title", 30), (self._notice, "notice", 20), (sheet.said, "said", 18)]
        at = 0
        for text, style, height in lines:
            if text:
                page.set_row(at, height)
                page.merge_range(at, 0, at, last, clean(text), self._format("text", style))
                at += 1
        head = self._format("text", "head")
        if any(field.group for field in fields):
            _groups(page, at, fields, head)
            at += 1
        lines_most = max(_lines(field) for field in fields)
        page.set_row(at, 15 * lines_most + 4)
        for j, field in enumerate(fields):
            page.set_column(j, j, field.width)
            page.write_string(at, j, clean(field.label), head)
        return at + 1

    def _row(
        self, page: Any, at: int, row: Sequence[Any], fields: Sequence[Field], style: str = "body"
    ) -> None:
        for j, (held, field) in enumerate(zip(row, fields, strict=True)):
            cell = held if isinstance(held, Cell) else Cell(held)
            self._cell(page, (at, j), cell, cell.kind or field.kind, style)

    def _cell(self, page: Any, place: tuple[int, int], cell: Cell, kind: str, style: str) -> None:
        value = cell.value
        if value is None or value != value:
            page.write_string(*place, DASH, self._format("dash", style, "cannot_tell"))
            if cell.reason:
                words = clean(cell.reason)[:REASON_MOST]
                page.write_comment(*place, f"无法判断：{words}", {"x_scale": 2.2, "y_scale": 1.4})
        elif isinstance(value, bool):
            page.write_string(*place, "是" if value else "否", self._format("text", style, cell.mark))
        elif isinstance(value, int | float) and isfinite(value):
            page.write_number(*place, value, self._format(kind, style, cell.mark))
        elif value == "":
            page.write_blank(*place, None, self._format("text", style))
        else:
            page.write_string(*place, clean(value), self._format("text", style, cell.mark))

    def _foot(self, page: Any, at: int, sheet: Sheet, width: int) -> None:
        plain = self._format("text", "foot")
        for line in (*sheet.foot, *([SIGNED] if sheet.signed else [])):
            page.merge_range(at, 0, at, max(width - 1, 1), clean(line), plain)
            at += 1

    def _format(self, kind: str, style: str, mark: str = "") -> Any:
        key = (kind, style, mark)
        if key not in self._formats:
            self._formats[key] = self._book.add_format(_format(kind, style, mark, self._look.decimals))
        return self._formats[key]


STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "align": "center"},
    "notice": {
        "bold": True,
        "font_color": PAGE["notice"],
        "bg_color": PAGE["notice-ground"],
        "align": "center",
    },
    "said": {"align": "left"},
    "foot": {"align": "left"},
    "head": {"bold": True, "text_wrap": True, "align": "center", "border": 1, "bg_color": PAGE["ground"]},
    "body": {"border": 1},
    "total": {"border": 1, "bold": True, "top": 2, "bg_color": PAGE["paper-soft"]},
}


def _format(kind: str, style: str, mark: str, decimals: int) -> dict[str, Any]:
    made = {"font_name": FONT, "font_size": 10, "valign": "vcenter", **STYLES[style]}
    made["num_format"] = number_format(kind, decimals)
    if style in ("body", "total") and kind == "text":
        made |= {"text_wrap": True, "align": "left"}
    if kind == "dash":
        made |= {"align": "center", "font_color": OUTCOME_INK["cannot_tell"]}
    if mark == "not_met" and kind != "dash":
        made |= {"bold": True, "font_color": OUTCOME_INK["not_met"], "bg_color": PAGE["notice-ground"]}
        if kind != "text":  # the mark is in the format: the cell stays a number
            made["num_format"] = f'"✗ "{made["num_format"]}'
    return made


def number_format(kind: str, decimals: int) -> str:
    """Excel's format of a kind of number.

    >>> number_format("number", 4), number_format("share", 4), number_format("count", 4)
    ('#,##0.0000', '0.00%', '#,##0')
    """
    places = "." + "0" * decimals if decimals else ""
    parts = "." + "0" * (decimals - 2) if decimals > 2 else ""
    return {
        "number": f"#,##0{places}",
        "share": f"0{parts}%",
        "change": f"+0{parts or '.0'}%;-0{parts or '.0'}%;0{parts or '.0'}%",
        "points": '+0.00" 个百分点";-0.00" 个百分点";0.00" 个百分点"',
        "count": "#,##0",
        "plain": "General",
    }.get(kind, "@")


def _groups(page: Any, at: int, fields: Sequence[Field], head: Any) -> None:
    """The row of headings above the header, each over its columns."""
    first = 0
    for j, field in enumerate(fields):
        if j + 1 < len(fields) and fields[j + 1].group == field.group and field.group:
            continue
        if j > first:
            page.merge_range(at, first, at, j, clean(field.group), head)
        else:
            page.write_string(at, j, clean(field.group), head)
        first = j + 1


def _fitted(sheet: Sheet, look: Look) -> list[Field]:
    """The fields with a width for each: wide enough for its numbers, its header in few lines."""
    widths = [field.width for field in sheet.fields]
    for j, field in enumerate(sheet.fields):
        if not widths[j]:
            held = [row[j] for row in sheet.rows] if isinstance(sheet.rows, list) else []
            held += [sheet.total[j]] if sheet.total else []
            widest = max((_digits(cell, field.kind, look) for cell in held), default=0)
            widths[j] = max(9, widest + 2, ceil(breadth(field.label) / 3) + 2)
    return [Field(f.label, f.kind, width, f.group) for f, width in zip(sheet.fields, widths, strict=True)]


def _digits(held: Any, kind: str, look: Look) -> int:
    cell = held if isinstance(held, Cell) else Cell(held)
    if isinstance(cell.value, bool) or not isinstance(cell.value, int | float) or not isfinite(cell.value):
        return 2
    mark = 3 if cell.mark == "not_met" else 0
    told = cell.kind or kind
    if told == "share":
        return len(f"{cell.value * 100:.{max(look.decimals - 2, 0)}f}%") + mark
    return len(f"{cell.value:,.{0 if told == 'count' else look.decimals}f}") + mark


def _lines(field: Field) -> int:
    return max(1, ceil(breadth(field.label) / max(field.width - 1, 1)))


def _set_up(page: Any, sheet: Sheet, fields: Sequence[Field], top: int) -> None:
    """How the sheet stands on the screen and on paper."""
    number, fits = PAPERS[sheet.paper]
    head = top - (2 if any(field.group for field in fields) else 1)
    page.freeze_panes(top, sheet.frozen)
    page.repeat_rows(head, top - 1)
    pages = max(1, round(sum(field.width for field in fields) / fits))
    if sheet.frozen and pages > 1:
        page.repeat_columns(0, sheet.frozen - 1)
    page.set_landscape()
    page.set_paper(number)
    page.fit_to_pages(pages, 0)
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.7)
    page.center_horizontally()
    title = clean(sheet.title)[:PRINTED_MOST].replace("\n", " ").replace("&", "&&")
    page.set_header(f"&L&9{title}&R&9亩碳 Mutan")
    page.set_footer("&L&9&A&C&9第 &P 页，共 &N 页")

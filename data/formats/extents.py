"""How far the sheets of an ODS or XLSB workbook reach, told before a reader opens them."""

from __future__ import annotations

import re
import zipfile

from data.errors import FileTooLarge
from data.formats.zipped import CELLS_MOST, too_wide

CONTENT_MOST = 1 << 28
ODS_ROW = re.compile(rb"<table:table-row\b([^>]*)>(.*?)(?=<table:table-row\b|</table:table>)", re.DOTALL)
ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*)>")
ODS_ROWS = re.compile(rb"number-rows-repeated=[\"'](\d{1,9})[\"']")
ODS_COLUMNS = re.compile(rb"number-columns-repeated=[\"'](\d{1,9})[\"']")


def check_ods(zipped: zipfile.ZipFile, name: str) -> None:
    """OpenDocument repeats a row or a cell by a number; the repeated ones are counted here.

    Raises
    ------
    FileTooLarge : a sheet, its repetitions written out, has more than CELLS_MOST cells
    """
    size = zipped.getinfo("content.xml").file_size if "content.xml" in zipped.namelist() else 0
    if size > CONTENT_MOST:
        raise FileTooLarge(
            f"{name} unfolds to {size:,} bytes, and {CONTENT_MOST:,} is the most. Save it as CSV."
        )
    content = zipped.read("content.xml") if size else b""
    for table in content.split(b"<table:table ")[1:]:
        rows = last = width = 0
        for match in ODS_ROW.finditer(table):
            rows += _repeated(ODS_ROWS, match[1])
            if filled := _filled_width(match[2]):
                last, width = rows, max(width, filled)
        if last * width > CELLS_MOST:
            raise too_wide(name, width, last)


def _repeated(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1


def _filled_width(row: bytes) -> int:
    """Columns up to the last cell that holds a value."""
    column = filled = 0
    for match in ODS_CELL.finditer(row):
        column += _repeated(ODS_COLUMNS, match[1])
        if b"value-type" in match[1]:
            filled = column
    return filled


def check_xlsb(zipped: zipfile.ZipFile, name: str) -> None:
    """Binary sheets are runs of records; those of rows (0) and cells (1 to 11) say where they stand.

    Raises
    ------
    FileTooLarge : a sheet has more than CELLS_MOST cells
    """
    for path in zipped.namelist():
        if path.startswith("xl/worksheets/") and path.endswith(".bin"):
            columns, rows = _reach(zipped.read(path))
            if columns * rows > CELLS_MOST:
                raise too_wide(name, columns, rows)


def _reach(records: bytes) -> tuple[int, int]:
    place, end = 0, len(records)
    columns = rows = 0
    while place < end:
        kind, place = _varint(records, place, 2)
        size, place = _varint(records, place, 4)
        if kind <= 11 and size >= 4:
            at = int.from_bytes(records[place : place + 4], "little") + 1
            if kind == 0:
                rows = max(rows, at)
            else:
                columns = max(columns, at)
        place += size
    return columns, rows


def _varint(records: bytes, place: int, longest: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first."""
    number = 0
    for step in range(longest):
        if place >= len(records):
            break
        byte = records[place]
        place += 1
        number |= (byte & 0x7F) << (7 * step)
        if byte < 0x80:
            break
    return number, place

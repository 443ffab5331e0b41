"""Tables (表格) in and out: workbooks and delimited text become one `Table`."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from data.errors import FileBroken, FileTooLarge, FileUnusable
from data.formats.delimited import read_delimited
from data.formats.footers import drop_no_data, spread_merged
from data.formats.grid import Grid
from data.formats.headers import Header, find_header
from data.formats.table_writers import write_csv, write_xlsx
from data.formats.workbook import read_workbook
from data.formats.zipped import column_letters
from data.records import Fault, Severity, Source, Table

__all__ = ["read_table", "write_csv", "write_xlsx"]

FILE_MOST = 1 << 30
ZIP, OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_table(path: str | Path, *, encoding: str | None = None, sheet: str | None = None) -> Table:
    """A table from XLSX, XLS, XLSB, ODS or delimited text; told by its content, not by its name.

    The row in which a person finds something is `table.first_row + index`: where rows were left out
    (blank ones, totals, notes), the index has gaps. Text stays text, with its zeros; numbers of a
    workbook are float64; cells of delimited text are all text, and `data.columns.fit` gives them types.
    Missing is NaN or None. A header of several rows gives names such as `税收/2023年(万元)`; units said
    once for the whole sheet (`单位：万元`) are in `table.frame.attrs["units"]`, and the rows above the
    header, each with its place, in `attrs["titles"]`.

    Parameters
    ----------
    path : the file
    encoding : of delimited text; told from its bytes when left out
    sheet : name of the sheet; the first that holds data when left out

    Raises
    ------
    FileUnusable : there is no such file
    FileBroken : damaged, empty, protected, or without a header
    FileTooLarge : it passes a limit that is stated in the message
    """
    path = Path(path)
    content = _content(path)
    grid = _grid(content, path.name, encoding, sheet)
    header = find_header(grid.head, grid.merged)
    if header is None:
        raise FileBroken(
            f"{path.name} has no header row: its first rows hold numbers. "
            "Begin the table with a row that names each column."
        )
    frame, faults = _frame(grid, header, path.name)
    source = Source(str(path), hashlib.sha256(content).hexdigest(), grid.format, grid.sheet, grid.encoding)
    return Table(frame, source, tuple(faults), first_row=header.end + 1)


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > FILE_MOST:
            raise FileTooLarge(f"{path.name} has {size:,} bytes, and {FILE_MOST:,} is the most. Split it.")
        return path.read_bytes()
    except OSError as odd:
        raise FileUnusable(f"{path} cannot be read: {odd.strerror}. Check the name and the rights.") from odd


def _grid(content: bytes, name: str, encoding: str | None, sheet: str | None) -> Grid:
    if not content:
        raise FileBroken(f"{name} is empty: it has no byte. Export it anew.")
    if content.startswith((ZIP, OLE)):
        return read_workbook(content, name, sheet)
    opening = content[:400].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if opening.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"mime-version")):
        raise FileBroken(
            f"{name} is a web page or XML under another name. Open it in Excel or WPS and save it as .xlsx."
        )
    if name.lower().endswith((".xlsx", ".xlsb", ".ods")):
        raise FileBroken(f"{name} is no workbook: it does not begin like one. Export it anew.")
    return read_delimited(content, name, encoding)


def _frame(grid: Grid, header: Header, name: str) -> tuple[pd.DataFrame, list[Fault]]:
    frame = grid.body(header.end)
    leaves = header.names[: len(frame.columns)]
    frame, merged = spread_merged(frame, grid.merged, name)
    frame, dropped = drop_no_data(frame, leaves, name)
    names, naming = _names(frame, leaves, grid.left, name)
    frame = frame[list(names)].set_axis(list(names.values()), axis=1)
    frame.index = frame.index - header.end
    frame.attrs["units"], frame.attrs["titles"] = header.units, header.titles
    return frame, [*grid.faults, *grid.ragged, *_ordinals(header, name), *merged, *dropped, *naming]


def _ordinals(header: Header, name: str) -> list[Fault]:
    if not header.ordinals:
        return []
    said = f"Row {header.end} only numbers the columns and was left out."
    return [
        Fault(
            "ordinals",
            said,
            "Nothing is to be done, unless it is data.",
            Severity.WARNING,
            file=name,
            row=header.end,
        )
    ]


def _names(
    frame: pd.DataFrame, leaves: Sequence[str], left: int, name: str
) -> tuple[dict[int, str], list[Fault]]:
    """Position -> name: columns with neither name nor data go, a name used twice gets a number."""
    names: dict[int, str] = {}
    faults = []
    used: Counter[str] = Counter()
    for j, leaf in enumerate(leaves):
        if not leaf and frame[j].isna().all():
            continue
        called = leaf or f"column_{column_letters(j + left)}"
        used[called] += 1
        while used[called] > 1 and f"{called}_{used[called]}" in leaves:
            used[called] += 1
        names[j] = called if used[called] == 1 else f"{called}_{used[called]}"
        if names[j] != leaf:
            what = (
                f"The header {leaf!r} stands there twice" if leaf else "A column without a header holds data"
            )
            faults.append(
                Fault(
                    "column_name",
                    f"{what}; column {column_letters(j + left)} is called {names[j]}.",
                    "Give each column its own name.",
                    Severity.WARNING,
                    file=name,
                    column=names[j],
                )
            )
    return names, faults

"""Workbooks (电子表格): XLSX, XLS, XLSB and ODS, read with calamine once they have been found harmless."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from data.errors import FileBroken, MutanError
from data.formats import extents, zipped
from data.formats.grid import HEAD, Grid
from data.records import Fault, Severity

CHUNK = 50_000
XLS_BEGINS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
"""The record BOF with which a BIFF8 workbook begins"""
FILEPASS = 0x2F
NOTES = re.compile(r"(填[表报写])?(说\s*明|须知)|封\s*面|目\s*录|notes?|read ?me|instructions", re.IGNORECASE)


def read_workbook(content: bytes, name: str, sheet: str | None = None) -> Grid:
    """One sheet of a workbook: the named one, else the first visible one that holds data.

    Sheets called 说明, 封面, note … are passed over. Formulas count with the value that the workbook
    keeps for them; one without a value, and an error such as #REF!, is blank and a fault.

    Raises
    ------
    FileBroken : damaged, protected by a password, without such a sheet, or empty
    FileTooLarge : it unfolds beyond the limits of data/formats/zipped.py
    """
    if _locked(content):
        raise _password(name)
    archive = zipped.open_zip(BytesIO(content), name) if content.startswith(b"PK") else None
    form = _form(archive)
    if archive is not None and form == "ods":
        extents.check_ods(archive, name)
    if archive is not None and form == "xlsb":
        extents.check_xlsb(archive, name)
    with _said_plainly(name):
        book = CalamineWorkbook.from_filelike(BytesIO(content))
    paths = zipped.sheet_paths(archive, name) if archive is not None and form == "xlsx" else {}
    for which in _candidates(book, name, sheet):
        troubles = _guard(archive, paths.get(which), name) if archive is not None else []
        with _said_plainly(name):
            found = book.get_sheet_by_name(which)
        if found.start is not None:
            faults = [*_trouble_faults(troubles, name, which), *_silent_formats(form, name)]
            if sheet is None:
                faults += _other_sheets(book, which, name)
            return _grid(found, name, form, faults)
    raise FileBroken(
        f"{name} is empty: no cell is filled in {sheet or 'any sheet'}. "
        "Fill in a sheet, or name another with `sheet`."
    )


def _form(archive: Any) -> str:
    if archive is None:
        return "xls"
    held = set(archive.namelist())
    return "ods" if "content.xml" in held else "xlsb" if "xl/workbook.bin" in held else "xlsx"


@contextmanager
def _said_plainly(name: str) -> Iterator[None]:
    """What calamine raises, in our words."""
    try:
        yield
    except MutanError:
        raise
    except PasswordError as odd:
        raise _password(name) from odd
    except BaseException as odd:  # a panic inside the Rust reader is no Exception, and must not end a server
        if isinstance(odd, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise FileBroken(
            f"{name} is damaged, cut short, or no workbook: {odd}. "
            "Open it in Excel or WPS and save it anew as .xlsx."
        ) from odd


def _locked(content: bytes) -> bool:
    """Whether an OLE file is encrypted: an XLSX within it, or an XLS with the record FILEPASS.

    Asked before calamine, which takes such a file for one of no known format.
    """
    if content.startswith(b"PK"):
        return False
    if "EncryptedPackage".encode("utf-16-le") in content:
        return True
    place = content.find(XLS_BEGINS)
    for _ in range(8 if place >= 0 else 0):
        record, size = (int.from_bytes(content[place + k : place + k + 2], "little") for k in (0, 2))
        if record == FILEPASS:
            return True
        place += 4 + size
    return False


def _password(name: str) -> FileBroken:
    return FileBroken(f"{name} is protected by a password. Open it, save a copy without one, and give that.")


def _candidates(book: CalamineWorkbook, name: str, sheet: str | None) -> Sequence[str]:
    """Sheets in the order in which they are tried."""
    if sheet is not None:
        if sheet not in book.sheet_names:
            have = ", ".join(book.sheet_names)
            raise FileBroken(f"{name} has no sheet {sheet!r}. There are: {have}. Name one of them.")
        return [sheet]
    shown = _shown(book)
    plain = [one for one in shown if not NOTES.fullmatch(one.strip())]
    return [*plain, *(one for one in shown if one not in plain)]


def _shown(book: CalamineWorkbook) -> list[str]:
    return [
        one.name
        for one in book.sheets_metadata
        if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible
    ]


def _guard(archive: Any, path: str | None, name: str) -> list[zipped.Trouble]:
    """What is wrong with the cells of an XLSX sheet; it must be harmless before calamine reads it."""
    if path is None:
        return []
    with _said_plainly(name):
        zipped.check_texts(archive, path, name)
        return zipped.check_sheet(archive, path, name)


def _trouble_faults(troubles: Sequence[zipped.Trouble], name: str, sheet: str) -> Iterator[Fault]:
    for trouble in troubles:
        row = int(re.sub(r"\D", "", trouble.cell) or 0) or None
        column = re.sub(r"\d", "", trouble.cell)
        if trouble.shown:
            message = f"Cell {trouble.cell} of {sheet} shows {trouble.shown}; it is taken as blank."
            remedy = "Correct its formula, or write the value."
        else:
            message = (
                f"Cell {trouble.cell} of {sheet} is a formula that was never computed; it is taken as blank."
            )
            remedy = "Open the file in Excel or WPS, let it compute, save it; or paste the values."
        code = "error_cell" if trouble.shown else "formula_without_value"
        yield Fault(code, message, remedy, file=name, row=row, column=column)


def _silent_formats(form: str, name: str) -> Iterator[Fault]:
    """Only in XLSX can an error cell be told from a blank one."""
    if form != "xlsx":
        yield Fault(
            "errors_unseen",
            f"In .{form} files, error cells such as #REF! and formulas never computed look blank.",
            "Where blanks surprise you, save the file as .xlsx and read that.",
            Severity.WARNING,
            file=name,
        )


def _other_sheets(book: CalamineWorkbook, which: str, name: str) -> list[Fault]:
    others = [one for one in _shown(book) if one != which and not NOTES.fullmatch(one.strip())]
    others = [one for one in others if not re.fullmatch(r"Sheet\d+", one)] or others
    if not others:
        return []
    return [
        Fault(
            "other_sheets",
            f"Only the sheet {which} was read, of {len(others) + 1}: there are {', '.join(others[:8])}.",
            "Name another with `sheet` if that one is meant.",
            Severity.WARNING,
            file=name,
        )
    ]


def _grid(sheet: CalamineSheet, name: str, form: str, faults: Sequence[Fault]) -> Grid:
    left = sheet.start[1] if sheet.start else 0
    with _said_plainly(name):
        head = list(islice(sheet.iter_rows(), HEAD))
        merged = [
            (top, max(a - left, 0), bottom, b - left)
            for (top, a), (bottom, b) in sheet.merged_cell_ranges or []
            if b >= left
        ]

    def body(skip: int) -> pd.DataFrame:
        with _said_plainly(name):
            return _columns(sheet.iter_rows(), skip, sheet.width)

    return Grid(head, body, form, merged, left, sheet.name, faults=tuple(faults))


def _columns(rows: Iterator[list[Any]], skip: int, width: int) -> pd.DataFrame:
    """Rows in chunks, each turned into columns at once, so that few Python objects live at a time."""
    rows = islice(rows, skip, None)
    chunks: list[list[np.ndarray[Any, Any]]] = []
    count = 0
    while chunk := list(islice(rows, CHUNK)):
        count += len(chunk)
        chunks.append([_array(values) for values in zip(*chunk, strict=True)])
    index = pd.RangeIndex(skip, skip + count)
    columns = {j: _series([chunk[j] for chunk in chunks], index) for j in range(width if chunks else 0)}
    return pd.DataFrame(columns, index=index, columns=range(width))


def _array(values: Sequence[Any]) -> np.ndarray[Any, Any]:
    """Numbers as float64 with nan for blanks; anything else as objects with None."""
    kinds = set(map(type, values))
    if str in kinds:
        values = [None if value == "" else value for value in values]
        kinds = set(map(type, values))
    if kinds <= {float, int, type(None)}:
        return np.array(values, dtype=float)
    objects = np.empty(len(values), dtype=object)
    objects[:] = values
    return objects


def _series(parts: Sequence[np.ndarray[Any, Any]], index: pd.Index[Any]) -> pd.Series[Any]:
    whole = np.concatenate(parts)
    if whole.dtype == object and pd.api.types.infer_dtype(whole, skipna=True) == "string":
        return pd.Series(whole, index=index, dtype="str")
    return pd.Series(whole, index=index)

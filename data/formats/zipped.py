"""What is measured in a zipped workbook before a reader opens it: size, extent, errors, formulas.

A few kilobytes of ZIP can unfold into terabytes, and one cell at XFD1048576 makes a reader ask for a
block of 17 thousand million cells, which ends the process. So each sheet is streamed through once,
in pieces, and judged by its bytes; nothing is unfolded in memory as a whole.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.etree.ElementTree import ParseError

import numpy as np
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from data.errors import FileBroken, FileTooLarge

UNZIPPED_MOST = 1 << 30
CELLS_MOST = 30_000_000
"""A little more than the 1 048 576 rows of a sheet by 26 columns"""
PIECE = 1 << 24

CELL = re.compile(rb'\br\s*=\s*["\']([A-Z]{1,3})(\d{1,7})["\']')
ERROR = re.compile(rb'<(?:\w+:)?c\s([^>]*\bt=["\']e["\'][^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
SHOWN = re.compile(rb"<(?:\w+:)?v>([^<]*)")
FORMULA = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>|</(?:\w+:)?c>)"
)
TEXT = re.compile(rb"<(?:\w+:)?si>(.*?)</(?:\w+:)?si>", re.DOTALL)
NAMED = re.compile(rb"\bt=[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>(\d{1,9})<")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Trouble:
    """A cell whose value cannot be used: `shown` is its error text, empty for a formula never computed."""

    cell: str
    shown: str


def open_zip(file: BytesIO, name: str) -> zipfile.ZipFile:
    """The archive, its whole content counted first.

    Raises
    ------
    FileBroken : it is cut short, or its content does not fit its check sums
    FileTooLarge : it unfolds to more than UNZIPPED_MOST bytes
    """
    try:
        zipped = zipfile.ZipFile(file)
        size = 0
        for entry in zipped.infolist():
            for piece in _pieces(zipped, entry.filename):
                size += len(piece)
                if size > UNZIPPED_MOST:
                    raise FileTooLarge(
                        f"{name} unfolds to more than {UNZIPPED_MOST:,} bytes. "
                        "Split it, or save the sheet that is meant as CSV."
                    )
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as odd:
        raise FileBroken(
            f"{name} is damaged or cut short: {odd}. Open it in Excel or WPS and save it anew as .xlsx."
        ) from odd
    return zipped


def _pieces(zipped: zipfile.ZipFile, entry: str) -> Iterator[bytes]:
    with zipped.open(entry) as stream:
        while piece := stream.read(PIECE):
            yield piece


def sheet_paths(zipped: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Sheet name -> path of its XML in an XLSX."""
    try:
        book = fromstring(zipped.read("xl/workbook.xml"))
        links = fromstring(zipped.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ParseError, DefusedXmlException) as odd:
        raise FileBroken(f"{name} is no workbook that can be read: {odd}. Save it anew as .xlsx.") from odd
    targets = {link.get("Id"): str(link.get("Target")) for link in links}
    paths = {}
    for sheet in book.iter():
        target = targets.get(sheet.get(RELATION)) if sheet.tag.endswith("}sheet") else None
        if target:
            paths[str(sheet.get("name"))] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return {sheet: path for sheet, path in paths.items() if path in zipped.namelist()}


def check_sheet(zipped: zipfile.ZipFile, path: str, name: str) -> list[Trouble]:
    """Error cells and formulas without a value of one XLSX sheet; its extent is held to the limit.

    Raises
    ------
    FileTooLarge : the block from the first to the last cell has more than CELLS_MOST cells
    """
    troubles: list[Trouble] = []
    letters, digits, exact = 0, 0, (0, 0)
    for piece in _whole_rows(zipped, path):
        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
            raise FileBroken(f"{name} declares entities of its own. Save it anew as .xlsx.")
        letters, digits = _classes(piece, letters, digits)
        if _most(letters, digits) > CELLS_MOST:
            exact = _exact(piece, exact)
        troubles += _troubles(piece)
    if _most(letters, digits) > CELLS_MOST:
        for piece in _whole_rows(zipped, path):
            exact = _exact(piece, exact)
        if exact[0] * exact[1] > CELLS_MOST:
            raise too_wide(name, *exact)
    return troubles


def too_wide(name: str, columns: int, rows: int) -> FileTooLarge:
    """The fault of a sheet that reaches too far."""
    return FileTooLarge(
        f"{name} reaches to column {columns} and row {rows:,}: more than {CELLS_MOST:,} cells. "
        "Delete what stands far from the table, or split the file."
    )


def _whole_rows(zipped: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """The XML in pieces that end between two rows."""
    rest = b""
    for piece in _pieces(zipped, path):
        whole = rest + piece
        cut = max(whole.rfind(b"<row"), whole.rfind(b":row "))
        cut = whole.rfind(b"<", 0, cut + 1) if cut > 0 else -1
        if cut <= 0:
            rest = whole
            continue
        yield whole[:cut]
        rest = whole[cut:]
    yield rest


def _classes(piece: bytes, letters: int, digits: int) -> tuple[int, int]:
    """Most letters and most digits of any cell name, found without reading every one."""
    while letters < 3 or digits < 7:
        wider = [rb"([A-Z]{%d,3})\d" % (letters + 1)] if letters < 3 else [rb"(?!)()"]
        wider += [rb"[A-Z]{1,3}(\d{%d,7})[\"']" % (digits + 1)] if digits < 7 else [rb"(?!)()"]
        match = re.search(rb"=\s*[\"'](?:" + b"|".join(wider) + b")", piece)
        if match is None:
            break
        letters, digits = max(letters, len(match[1] or b"")), max(digits, len(match[2] or b""))
    return letters, digits


def _most(letters: int, digits: int) -> int:
    return [0, 26, 702, 16_384][letters] * [0, 9, 99, 999, 9_999, 99_999, 999_999, 1_048_576][digits]


def _exact(piece: bytes, exact: tuple[int, int]) -> tuple[int, int]:
    columns = {match[1] for match in CELL.finditer(piece)}
    rows = max((int(match[2]) for match in CELL.finditer(piece)), default=0)
    return max(exact[0], max(map(column_number, columns), default=0)), max(exact[1], rows)


def column_number(letters: bytes) -> int:
    """Number of a column from its letters.

    >>> column_number(b"A"), column_number(b"AA"), column_number(b"XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def column_letters(number: int) -> str:
    """Letters of a column from its number, counted from 0.

    >>> column_letters(0), column_letters(26), column_letters(16383)
    ('A', 'AA', 'XFD')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _troubles(piece: bytes) -> list[Trouble]:
    """Cells of type error, and formulas whose value was never stored."""
    found = []
    if b't="e"' in piece or b"t='e'" in piece:
        for match in ERROR.finditer(piece):
            shown = SHOWN.search(match[2])
            text = shown[1].decode("utf-8", "replace") if shown else "an error"
            found.append(Trouble(_name(match[1]), text))
    if b"<f" in piece or b":f" in piece:
        found += [
            Trouble(_name(match[1]), "")
            for match in FORMULA.finditer(piece)
            if not re.search(rb"\bt=[\"'](?:str|e)[\"']", match[1])
        ]
    return found


def _name(attributes: bytes) -> str:
    place = CELL.search(b" " + attributes)
    return (place[1] + place[2]).decode() if place else "?"


def check_texts(zipped: zipfile.ZipFile, sheet: str, name: str) -> None:
    """Texts are stored once and named by number in each cell: a long one named often unfolds again.

    Raises
    ------
    FileTooLarge : the texts of the sheet, written out, pass UNZIPPED_MOST bytes
    """
    if "xl/sharedStrings.xml" not in zipped.namelist():
        return
    lengths = np.array([len(match[1]) for piece in _texts(zipped) for match in TEXT.finditer(piece)] or [0])
    named = sum(piece.count(b't="s"') + piece.count(b"t='s'") for piece in _whole_rows(zipped, sheet))
    if int(lengths.max()) * named <= UNZIPPED_MOST:
        return
    size = 0
    for piece in _whole_rows(zipped, sheet):
        which = np.array([int(match[1]) for match in NAMED.finditer(piece)], dtype=int)
        size += int(lengths[which[which < len(lengths)]].sum())
    if size > 4 * UNZIPPED_MOST:
        raise FileTooLarge(
            f"{name} holds {size:,} bytes of text once each cell is written out. "
            "Save the sheet that is meant as CSV."
        )


def _texts(zipped: zipfile.ZipFile) -> Iterator[bytes]:
    rest = b""
    for piece in _pieces(zipped, "xl/sharedStrings.xml"):
        whole = rest + piece
        cut = max(whole.rfind(b"<si>"), whole.rfind(b":si>"))
        cut = whole.rfind(b"<", 0, cut + 1)
        yield whole[: max(cut, 0)]
        rest = whole[max(cut, 0) :]
    yield rest

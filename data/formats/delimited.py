"""Delimited text (CSV): its encoding, its delimiter, and its rows, all cells as text."""

from __future__ import annotations

import csv
import re
from collections import Counter
from io import StringIO
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from data.errors import FileBroken
from data.formats.grid import HEAD, Grid
from data.formats.headers import find_header
from data.formats.matching import matches
from data.records import Fault, Severity

BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
SAMPLE = 1 << 20
PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
DELIMITERS = ",;\t|"
GUARDED = r"'+[=+\-@\t\r]"
"""Text that a spreadsheet would take for a formula is written with an apostrophe before it"""
FIELD_MOST = 1 << 17


def read_delimited(content: bytes, name: str, encoding: str | None = None) -> Grid:
    """Delimited text as a grid: UTF-8, UTF-16 with its mark, GB18030 or Big5, told apart by their bytes.

    Every cell is text, so that no code loses its zeros; `data.columns.fit` gives types. Rows longer or
    shorter than the header are faults that name the row; a row counts as one though a quoted cell of it
    runs over several lines.

    Raises
    ------
    FileBroken : empty, with NUL bytes, in an encoding that cannot be told, or with a quote left open
    """
    text, used, faults = _decode(content, name, encoding)
    if not text.strip(" \t\r\n,;|"):
        raise FileBroken(f"{name} is empty. Give a header row and at least one row below it.")
    mark = delimiter(text)
    rows = csv.reader(StringIO(text, newline=""), delimiter=mark)
    try:
        head = list(islice(rows, HEAD))
    except csv.Error as odd:
        raise _open_quote(name, odd) from odd
    width = _header_width(head)
    ragged: list[Fault] = []

    def body(skip: int) -> pd.DataFrame:
        try:
            return _fast(text, mark, skip, width)
        except pa.ArrowInvalid:
            return _slow(text, mark, skip, width, (name, ragged))

    unguarded = ([cell[1:] if re.match(GUARDED, cell) else cell for cell in row] for row in head)
    grid = [[*row, *[""] * width][:width] for row in unguarded]
    return Grid(grid, body, "csv", encoding=used, faults=tuple(faults), ragged=ragged)


def _header_width(head: list[list[str]]) -> int:
    """Cells of the header: it says how many a row has, and other rows are held against it."""
    widest = max(len(row) for row in head)
    header = find_header([row + [""] * (widest - len(row)) for row in head])
    return max(len(row) for row in (head[header.start : header.end] if header else head))


def delimiter(text: str) -> str:
    r"""The delimiter that most first lines agree on; a comma where none shows.

    >>> delimiter("a;b;c\n1,5;2;3\n")
    ';'
    """
    lines = [line for line in text[:20_000].splitlines()[:HEAD] if line.strip()]
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]
    scores = {}
    for mark in DELIMITERS:
        counts = Counter(line.count(mark) for line in bare)
        most, lines_so = max(((n, k) for n, k in counts.items() if n), key=lambda nk: nk[1], default=(0, 0))
        scores[mark] = (lines_so, most)
    best = max(DELIMITERS, key=lambda mark: scores[mark])
    return best if scores[best][0] else ","


def _decode(content: bytes, name: str, encoding: str | None) -> tuple[str, str, list[Fault]]:
    """Text, the encoding used, and a warning where it was guessed between two that both fit."""
    marked = next((used for bom, used in BOMS.items() if content.startswith(bom)), None)
    used = encoding or marked or ""
    faults: list[Fault] = []
    if not used:
        used, faults = _guess(content, name)
    try:
        text = content.decode(used)
    except LookupError as odd:
        raise FileBroken(f"There is no encoding {used!r}. Use utf-8, gb18030 or big5.") from odd
    except UnicodeError as odd:
        at = getattr(odd, "start", 0)
        line = content[:at].count(b"\n") + 1
        raise FileBroken(
            f"{name} is not in {used}: line {line}, byte {at} does not fit. "
            "Name its encoding, or save it as CSV UTF-8."
        ) from odd
    text = text.removeprefix("\ufeff")
    if (at := text.find("\0")) >= 0:
        line = text.count("\n", 0, at) + 1
        raise FileBroken(
            f"{name} has a NUL byte in line {line}: it is cut short, or no text. Export it anew as CSV UTF-8."
        )
    return text, used, faults


def _guess(content: bytes, name: str) -> tuple[str, list[Fault]]:
    """UTF-8 where it fits; else the one of GB18030 and Big5 whose frequent characters appear."""
    try:
        content.decode("utf-8")
        return "utf-8", []
    except UnicodeDecodeError as odd:
        broken = odd
    scores = {"gb18030": _share(content, 0xD7), "big5": _share(content, 0xC6)}
    if _fits(content, "gb18030") and scores["gb18030"] >= 0.5 and scores["gb18030"] >= scores["big5"]:
        best = "gb18030"
    elif _fits(content, "big5") and scores["big5"] >= 0.5:
        best = "big5"
    else:
        line = content[: broken.start].count(b"\n") + 1
        raise FileBroken(
            f"The encoding of {name} cannot be told: line {line}, byte {broken.start} is no UTF-8, and "
            "the whole is no likely GB18030 or Big5. Name its encoding, or save it as CSV UTF-8."
        )
    close = abs(scores["gb18030"] - scores["big5"]) < 0.1 and _fits(content, "big5")
    return best, [
        Fault(
            "encoding_guessed",
            f"The text was read as {best}; GB18030 and Big5 both fit.",
            "Look at a name in it, and give the encoding if it reads wrong.",
            Severity.WARNING,
            file=name,
        )
    ] if close else []


def _fits(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _share(content: bytes, last_lead: int) -> float:
    """Share of the two-byte characters that lie among the encoding's frequent ones (level 1).

    Level 1 of GB 2312 has the lead bytes B0-D7 and trail bytes from A1; level 1 of Big5 has A4-C6.
    """
    pairs = PAIR.findall(content[:SAMPLE])
    if not pairs:
        return 0.0
    lead, trail = np.frombuffer(b"".join(pairs), dtype=np.uint8).reshape(-1, 2).T
    hanzi = lead >= 0xA4
    if not hanzi.any():
        return 0.0
    gb = last_lead == 0xD7
    level = (lead >= 0xB0) & (lead <= 0xD7) & (trail >= 0xA1) if gb else (lead >= 0xA4) & (lead <= 0xC6)
    return float(level.sum() / len(pairs) if gb else level.sum() / hanzi.sum())


def _open_quote(name: str, odd: Exception) -> FileBroken:
    return FileBroken(
        f"{name} cannot be split into rows: {odd}. A quotation mark is opened and never closed. "
        "Double it or remove it."
    )


def _fast(text: str, mark: str, skip: int, width: int) -> pd.DataFrame:
    """All rows have the width of the header: pyarrow splits them."""
    start = _offset(text, mark, skip)
    names = [str(j) for j in range(width)]
    if start >= len(text):
        return pd.DataFrame(columns=range(width), dtype="str")
    table = arrow_csv.read_csv(
        pa.py_buffer(text[start:].encode()),
        read_options=arrow_csv.ReadOptions(column_names=names, block_size=1 << 22),
        parse_options=arrow_csv.ParseOptions(
            delimiter=mark, newlines_in_values=True, ignore_empty_lines=False
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
        ),
    )
    frame = table.to_pandas()
    frame.columns = pd.RangeIndex(width)
    frame.index = pd.RangeIndex(skip, skip + len(frame))
    return _unguard(frame, text)


def _offset(text: str, mark: str, skip: int) -> int:
    """Where the row after the first `skip` begins; a quoted cell may run over lines."""
    lines = StringIO(text, newline="")
    rows = csv.reader(lines, delimiter=mark)
    for _ in range(skip):
        next(rows, None)
    place = 0
    for _ in range(rows.line_num):
        ends = [end for end in (text.find("\n", place), text.find("\r", place)) if end >= 0]
        place = min(ends, default=len(text))
        place += 2 if text.startswith("\r\n", place) else 1
    return place


def _slow(text: str, mark: str, skip: int, width: int, report: tuple[str, list[Fault]]) -> pd.DataFrame:
    """Some rows are longer or shorter: each is named, cut or filled, and nothing shifts."""
    name, faults = report
    rows = csv.reader(StringIO(text, newline=""), delimiter=mark)
    try:
        kept = list(islice(rows, skip, None))
    except csv.Error as odd:
        raise _open_quote(name, odd) from odd
    for i, row in enumerate(kept):
        if len(row) == width:
            continue
        if row and (len(row) < width or any(row[width:])):
            faults.append(_ragged(name, skip + i + 1, len(row), width))
        kept[i] = (row + [""] * width)[:width]
    frame = pd.DataFrame(kept, columns=range(width), dtype="str")
    frame.index = pd.RangeIndex(skip, skip + len(frame))
    return _unguard(frame.mask(frame == ""), text)


def _ragged(name: str, row: int, cells: int, width: int) -> Fault:
    return Fault(
        "ragged_row",
        f"The row has {cells} cells, and the header {width}.",
        "Add the missing delimiters, or put a cell that holds a delimiter in quotation marks.",
        file=name,
        row=row,
    )


def _unguard(frame: pd.DataFrame, text: str) -> pd.DataFrame:
    """Takes the apostrophe away again that `write_csv` puts before a formula."""
    if not re.search(r"'[=+\-@\t\r]", text):
        return frame
    for j in frame.columns:
        guarded = matches(frame[j], GUARDED + ".*")
        if guarded.any():
            frame.loc[guarded, j] = frame.loc[guarded, j].str[1:]
    return frame

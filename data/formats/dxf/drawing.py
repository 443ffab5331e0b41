"""Bytes to a drawing (打开图形): whole or cut off, its encoding, the line of each entity, its unit."""

from __future__ import annotations

import logging
import re
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from ezdxf import recover
from ezdxf.document import Drawing
from ezdxf.filemanagement import readfile
from ezdxf.lldxf.const import DXFError
from numpy.typing import NDArray

from data.errors import FileBroken
from data.formats import limits
from data.formats.faults import reader_fault
from data.formats.opening import broken
from data.formats.text_encoding import SAMPLE, find, named
from data.records import Fault

BINARY = b"AutoCAD Binary DXF\r\n\x1a\0"
DXF_BYTES = 128 * limits.MB
"""A drawing is parsed whole, at some megabytes a second, into about ten times its size of Python objects;
that is two million points, and no plan of plots has as many."""
UTF8_SINCE = b"AC1021"
HANDLED = re.compile(
    rb"\n[ \t]*0[ \t]*\r?\n([A-Z0-9_]+)[ \t]*\r?\n[ \t]*5[ \t]*\r?\n[ \t]*([0-9A-Fa-f]+)[ \t]*\r?\n"
)
ODD = (DXFError, OSError, ArithmeticError, ValueError, KeyError, TypeError, AttributeError, IndexError)
"""What the library raises on bytes that are no drawing"""
MEND = "Open it in CAD, run AUDIT or RECOVER, and save it as DXF again."


@dataclass
class Sheet:
    """A drawing that was opened.

    Parameters
    ----------
    path : of the file
    doc : as the library holds it
    encoding : of its texts
    raw : its bytes; empty for a binary drawing, which has no lines
    """

    path: Path
    doc: Drawing
    encoding: str
    raw: bytes
    faults: list[Fault] = field(default_factory=list)

    @cached_property
    def lines(self) -> Mapping[str, int]:
        """Handle of an entity -> line in which it begins, from 1; empty where the file states no handles."""
        return lines_of_handles(self.raw)

    def line(self, handle: str) -> int | None:
        """The line in which an entity begins; None where that is not known."""
        return self.lines.get(handle.upper())


def lines_of_handles(raw: bytes) -> dict[str, int]:
    r"""Handle -> line of the group code 0 with which its entity begins, from 1.

    >>> lines_of_handles(b"  0\nSECTION\n  0\nLINE\n  5\n1a\n  8\n0\n")
    {'1A': 3}
    """
    ends = np.flatnonzero(np.frombuffer(raw, np.uint8) == 0x0A)
    found = [(each.start() + 1, each[2]) for each in HANDLED.finditer(raw)]
    lines = np.searchsorted(ends, np.array([at for at, _ in found], np.int64)) + 1
    return {handle.decode().upper(): int(line) for (_, handle), line in zip(found, lines, strict=True)}


def open_drawing(path: Path, encoding: str | None = None) -> Sheet:
    """The drawing of a file, text or binary.

    Parameters
    ----------
    encoding : of its texts; None takes what it declares, if its bytes bear that out

    Raises
    ------
    FileBroken : cut off, or damaged; the message names the line
    FileTooLarge : it passes the limit
    """
    limits.hold(path, DXF_BYTES, "a drawing is parsed whole")
    raw = path.read_bytes()
    if raw.startswith(BINARY):
        if not raw.rstrip(b"\0").endswith(b"EOF"):
            raise FileBroken(f"{path.name} is a binary DXF that ends without EOF: it was cut off. {MEND}")
        faults: list[Fault] = []
        return Sheet(path, _parsed(path, None, b"", faults), "", b"", faults)
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    _refuse_cut(path, raw)
    faults = []
    name = _encoding(raw, encoding, path.name, faults)
    return Sheet(path, _parsed(path, name, raw, faults), name, raw, faults)


def _refuse_cut(path: Path, raw: bytes) -> None:
    whole = raw.rstrip(b" \t\r\n\0\x1a")
    if whole.endswith(b"EOF"):
        return
    last = deque(HANDLED.finditer(raw), maxlen=1)
    within = f", after the entity {last[0][1].decode()} with the handle {last[0][2].decode()}" if last else ""
    line = whole.count(b"\n") + 1
    raise FileBroken(
        f"{path.name} ends in line {line}{within}, without the EOF with which every DXF ends: "
        f"it was cut off, and plots may be lost. Copy it again, or save it as DXF again."
    )


def _encoding(raw: bytes, asked: str | None, file: str, faults: list[Fault]) -> str:
    if asked:
        return named(asked)
    sample = _wide_lines(raw)
    if not sample:
        return "utf-8"
    version, page = _header(raw, rb"\$ACADVER", rb"1"), _header(raw, rb"\$DWGCODEPAGE", rb"3")
    said = (
        ("header", "utf-8")
        if version >= UTF8_SINCE
        else ("header ($DWGCODEPAGE)", page.decode("ascii", "replace"))
    )
    mark = len(faults)
    used = find(sample, [said] if said[1] else [], file, faults).name
    faults[mark:] = [
        replace(each, remedy="Name the encoding (--encoding gb18030, utf-8) if names come out garbled.")
        for each in faults[mark:]
    ]
    return used


def _wide_lines(raw: bytes) -> list[tuple[bytes, bool]]:
    """Lines with bytes beyond ASCII, so many that more would not change what they tell."""
    every = np.frombuffer(raw, np.uint8)
    wide = np.flatnonzero(every >= 0x80)
    if not len(wide):
        return []
    ends = np.flatnonzero(every == 0x0A)
    lines = np.unique(np.searchsorted(ends, wide[:SAMPLE]))
    begins = np.r_[0, ends + 1][lines]
    stops = np.r_[ends, len(raw)][lines]
    return [(raw[a:b].strip(), False) for a, b in zip(begins.tolist(), stops.tolist(), strict=True)]


def _header(raw: bytes, variable: bytes, code: bytes) -> bytes:
    found = re.search(
        variable + rb"[ \t]*\r?\n[ \t]*" + code + rb"[ \t]*\r?\n[ \t]*(\S+)", raw[: 64 * limits.KB]
    )
    return found[1] if found else b""


class _Heard(logging.Handler):
    """Keeps what is said, in words."""

    def __init__(self, level: int):
        super().__init__(level)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        self.said.append(record.getMessage())


@contextmanager
def _listening(file: str, faults: list[Fault]) -> Iterator[None]:
    """What the library says of oddities in its log, kept as one warning and out of standard error."""
    handler = _Heard(logging.WARNING)
    log = logging.getLogger("ezdxf")
    before = log.propagate
    log.addHandler(handler)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.propagate = before
    words = list(dict.fromkeys(each.rstrip(".") for each in handler.said))
    if words:
        more = f"; and {len(words) - 3} more" if len(words) > 3 else ""
        message = f"The drawing breaks the rules of DXF: {'; '.join(words[:3])}{more}."
        faults.append(
            reader_fault("reader_warning", message, f"Check that no plot is lost. {MEND}", file=file)
        )


def _parsed(path: Path, encoding: str | None, raw: bytes, faults: list[Fault]) -> Drawing:
    """The drawing; mended by the library where its frame is odd, but not where its entities are."""
    try:
        with _listening(path.name, faults):
            return readfile(path, encoding=encoding)
    except ODD as odd:
        if re.search(r"group code|floating point|coordinate|binary data|Invalid tag", str(odd)):
            said = odd_line(raw) or str(odd).rstrip(".")
            raise FileBroken(f"{path.name} is damaged: {said}. {MEND}") from odd
        first = odd
    try:
        with _listening(path.name, []):
            doc, auditor = recover.readfile(path)
    except ODD as odd:
        raise broken(path, "DXF", str(first)) from odd
    said = "; ".join(dict.fromkeys(each.message.rstrip(".") for each in auditor.errors[:3]))
    faults.append(
        reader_fault(
            "drawing_repaired",
            f"The drawing breaks the rules of DXF ({str(first).rstrip('.')}) and was read as far as it goes"
            f"{f': {said}' if said else ''}.",
            f"Check that no plot is lost. {MEND}",
            file=path.name,
        )
    )
    return doc


def odd_line(raw: bytes) -> str:
    r"""The first line that holds no group code, or no number for a coordinate; empty without one.

    >>> odd_line(b"  0\nPOINT\n 10\n38***1.5\n 20\n5\n")
    "line 4: '38***1.5' is no number"
    """
    lines = raw.split(b"\n")
    for at, (code, value) in enumerate(zip(lines[::2], lines[1::2], strict=False)):
        said = code.strip().decode("ascii", "replace")
        if not re.fullmatch(r"-?\d+", said):
            return f"line {2 * at + 1}: {said[:40]!r} is no group code" if said else ""
        number = value.strip().decode("ascii", "replace")
        if 10 <= int(said) < 60 and not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", number):
            return f"line {2 * at + 2}: {number[:40]!r} is no number"
    return ""


def median_place(points: NDArray[Any]) -> tuple[float, float]:
    """The middle point of some, in x and in y; nan where there is none."""
    if not len(points):
        return float("nan"), float("nan")
    x, y = np.median(points, axis=0)
    return float(x), float(y)

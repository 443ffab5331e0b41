"""Points in bulk (界址点): lines of plain numbers go through Arrow together, the others one by one.

A line is plain when it holds digits, points, commas, signs, blanks and the J of a label, and nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from data.formats.boundary_txt.text import Bytes, Ints, Lines

Floats = NDArray[np.float64]

PLAIN = np.zeros(256, bool)
PLAIN[[*b"0123456789.,Jj +-\t\r\n"]] = True
COMMA = 0x2C
LEAST, MOST = 2, 6
"""Columns that a point can have at all"""
AT_ONCE = 400_000
"""Lines parsed in one go: 16 MB of text"""
ENOUGH_WIDE, WIDE_SHARE = 1000, 0.2
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
LONGEST = 300
"""Characters of a point's line: six numbers of fifty digits"""


@dataclass
class Scan:
    """The lines of a file, sorted out.

    Parameters
    ----------
    parsed : columns of a point -> pieces of (lines, from 0; the numbers of each column, nan where it is none)
    others : lines that are neither blank nor plain points, in order
    """

    parsed: dict[int, list[tuple[Ints, Sequence[Floats]]]] = field(default_factory=dict)
    others: list[Ints] = field(default_factory=list)

    def columns(self) -> int:
        """How many columns a point of this file has: what most lines have; 0 where there are no points."""
        counts = {width: sum(len(lines) for lines, _ in pieces) for width, pieces in self.parsed.items()}
        return max(counts, key=lambda width: (counts[width], width), default=0)

    def lines(self, *widths: int) -> Ints:
        """Lines of the points with so many columns, in the order in which they were parsed."""
        found = [lines for width in widths for lines, _ in self.parsed.get(width, ())]
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def column(self, width: int, at: int) -> Floats:
        """One column of the points with so many."""
        found = [columns[at] for _, columns in self.parsed.get(width, ())]
        return np.concatenate(found) if found else np.empty(0)


def scanned(lines: Lines) -> tuple[Lines, Scan]:
    """The lines, sorted out; made plain first where their very digits are full-width."""
    scan = _scan(lines)
    others = np.concatenate(scan.others) if scan.others else np.empty(0, np.int64)
    if len(others) > max(ENOUGH_WIDE, WIDE_SHARE * len(lines.starts)):
        tried = others[:: max(1, len(others) // ENOUGH_WIDE)]
        wide = sum(bool(PLAIN[[*lines.text(int(i)).encode()]].all()) for i in tried)
        if wide > len(tried) / 2:
            lines = lines.made_plain()
            return lines, _scan(lines)
    return lines, scan


def _scan(lines: Lines) -> Scan:
    scan = Scan()
    for at in range(0, len(lines.starts), AT_ONCE):
        _scan_piece(lines, at, min(at + AT_ONCE, len(lines.starts)), scan)
    return scan


def _scan_piece(lines: Lines, first: int, last: int, scan: Scan) -> None:
    begins = lines.begins[first : last + 1]
    piece = lines.raw[begins[0] : begins[-1]]
    begins = begins - begins[0]
    ends = lines.ends[first:last]
    filled = ends > lines.starts[first:last]
    fits = filled & (np.diff(begins) <= LONGEST)
    fits[np.searchsorted(begins, np.flatnonzero(~PLAIN[piece]), "right") - 1] = False
    commas = np.diff(np.searchsorted(np.flatnonzero(piece == COMMA), begins))
    trailing = filled & (lines.raw[np.maximum(ends - 1, 0)] == COMMA)
    width = commas + 1 - trailing
    fits &= (width >= LEAST) & (width <= MOST)
    scan.others.append(np.flatnonzero(filled & ~fits) + first)
    for kind in np.unique(np.where(fits, commas * 2 + trailing, -1)):
        if kind < 0:
            continue
        chosen = fits & (commas * 2 + trailing == kind)
        text = piece if chosen.all() else piece[np.repeat(chosen, np.diff(begins))]
        columns, tail = int(kind) // 2 + 1, int(kind) % 2
        numbers = _parsed(text, columns, columns - tail <= 3)[: columns - tail]
        where = np.flatnonzero(chosen) + first
        scan.parsed.setdefault(columns - tail, []).append((where, numbers))


def _parsed(text: Bytes, columns: int, labelled: bool) -> list[Floats]:
    """The columns of plain lines, all with that many; that of the label is empty unless it is needed."""
    if (text == 0x0D).any():
        text = np.where(text == 0x0D, np.uint8(0x0A), text)
    names = [str(i) for i in range(columns)]
    kinds = dict.fromkeys(names[1:], pa.float64()) | ({"0": pa.string()} if labelled else {})
    try:
        table = _through_arrow(text, names, kinds)
        found = {name: table.column(name) for name in names[1:]}
    except pa.ArrowInvalid:  # some number is none: it becomes missing, and its line is looked at later
        table = _through_arrow(text, names, dict.fromkeys(kinds, pa.string()))
        found = {name: _numbers(table.column(name)) for name in names[1:]}
    if labelled:
        found["0"] = _numbers(pc.utf8_ltrim(table.column("0"), characters="Jj \t"))
    return [found[name].to_numpy() if name in found else np.empty(0) for name in names]


def _through_arrow(text: Bytes, names: Sequence[str], kinds: Mapping[str, pa.DataType]) -> pa.Table:
    return arrow_csv.read_csv(
        pa.py_buffer(text),
        read_options=arrow_csv.ReadOptions(column_names=list(names), block_size=1 << 22),
        parse_options=arrow_csv.ParseOptions(quote_char=False),
        convert_options=arrow_csv.ConvertOptions(
            include_columns=list(kinds), column_types=kinds, null_values=[""]
        ),
    )


def _numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts as numbers; missing where one is none."""
    trimmed = pc.utf8_trim_whitespace(column)
    good = pc.match_substring_regex(trimmed, f"^{NUMBER.pattern}$")
    return pc.if_else(good, trimmed, None).cast(pa.float64())


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that is no point: the code of what is wrong, the words for it, and what to do."""

    code: str
    message: str
    remedy: str
    column: str = ""


def judged(text: str, names: Sequence[str]) -> list[float] | Wrong:
    """The numbers of one line; or what is wrong with it.

    Parameters
    ----------
    text : the line, in plain characters
    names : columns of a point in this file, `label` `ring` `north` `east` `length` or empty

    >>> judged("J1,1,3850000.5,38470000", ("label", "ring", "north", "east"))[1:]
    [1.0, 3850000.5, 38470000.0]
    >>> judged("J1,1,38***123.45,38470000", ("label", "ring", "north", "east")).code
    'coordinate_masked'
    """
    shown = text if len(text) <= 60 else text[:57] + "…"
    if len(text) > LONGEST:
        message = f"it has {len(text):,} characters, far more than a point has; it begins with {shown!r}."
        return Wrong("point_columns", message, "Put each point on a line of its own.")
    parts = [part.strip() for part in text.split(",")]
    wanted = [name for name in names if name]
    while len(parts) > len(wanted) and not parts[-1]:
        parts.pop()
    if len(parts) != len(wanted):
        return _other_width(parts, shown, wanted)
    numbers = [_label_number(parts[0]) if wanted[0] == "label" else float("nan")]
    for name, part in zip(wanted, parts, strict=True):
        if name == "label":
            continue
        if NUMBER.fullmatch(part):
            numbers.append(float(part))
        elif name not in NAMES:
            numbers.append(_odd_ring(part) if part else float("nan"))
        else:
            return _no_number(name, part, shown)
    return numbers if wanted[0] == "label" else numbers[1:]


def _label_number(label: str) -> float:
    found = re.fullmatch(r"[A-Za-z]*0*(\d{1,12})", label)
    return float(found[1]) if found else float("nan")


def _odd_ring(part: str) -> float:
    """A number for a ring that is called by letters; the same letters give the same one."""
    return float(10**9 + int.from_bytes(part.encode()[:5], "big"))


def _other_width(parts: Sequence[str], shown: str, wanted: Sequence[str]) -> Wrong:
    tail = [part for part in parts if part]
    whole = [part for part in tail if re.fullmatch(r"\d+", part)]
    if len(parts) == len(wanted) + 2 and len(whole) >= 4 and "." not in shown:
        return Wrong(
            "decimal_comma",
            f"it reads {shown!r}: the coordinates have a comma before their decimals.",
            "Write decimals with a point; the comma parts the columns.",
        )
    few = "few" if len(parts) < len(wanted) else "many"
    return Wrong(
        "point_columns",
        f"it has {len(parts)} columns, too {few}: a point of this file has {len(wanted)} "
        f"({', '.join(wanted)}); it reads {shown!r}.",
        "Complete the line, or delete it if it is no point.",
    )


NAMES = {"north": "the northing (or latitude)", "east": "the easting (or longitude)"}


def _no_number(name: str, part: str, shown: str) -> Wrong:
    said = NAMES[name]
    if re.search(r"\d[*?xX#]|[*?xX#]\d|^[*?xX#]+$", part):
        return Wrong(
            "coordinate_masked",
            f"{said} is {part!r}: its digits are masked, so that the point is nowhere.",
            "Ask whoever masked them for the coordinates; they cannot be guessed.",
            name,
        )
    if re.fullmatch(r"[+-]?(nan|inf|infinity|null|none|n/a)", part, re.IGNORECASE):
        return Wrong(
            "coordinate_not_finite",
            f"{said} is {part!r}, which is no place.",
            "Give the coordinate as a plain number.",
            name,
        )
    if not part:
        message = f"{said} is empty; the line reads {shown!r}."
        return Wrong("coordinate_missing", message, "Give the coordinate.", name)
    letters = sorted({sign for sign in part if not (sign.isdigit() or sign in ".+-")})
    why = f"{''.join(letters)!r} is no digit" if letters else "its points or signs do not make one number"
    return Wrong(
        "coordinate_unreadable",
        f"{said} is {part!r}: {why}.",
        "Give the coordinate as a plain number, such as 3850000.123.",
        name,
    )


def usual_width(lines: Lines, which: Sequence[int]) -> int:
    """The columns that most lines of a few have, where no line of the file is plain."""
    counts = Counter(len(lines.text(i).rstrip(", ").split(",")) for i in which)
    return max(counts, key=lambda width: (counts[width], width), default=0)

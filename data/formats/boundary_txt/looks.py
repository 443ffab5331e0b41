"""What a text is that is no boundary-point text (不是坐标文件), so that its refusal can say what to do."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from data.errors import FileBroken
from data.formats.boundary_txt.text import Lines, plain

GRAMMAR = (
    "A boundary-point text has, for each plot, a line that ends in @ "
    "(点数,面积,地块编号,地块名称,面,图幅号,用途,地类编码,@), and below it its points "
    "(J1,1,3850000.123,38470000.456)."
)
LOOKED_AT = 200
LONG = 500
"""Characters of a line, and lines of a file, that are looked at"""
POINT = re.compile(r"[A-Za-z]*\d*\s*,(\s*[^,]*,){0,3}\s*\d{5,}(\.\d+)?\s*,\s*\d{5,}")
TIMED = re.compile(r"\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


def refusal(path: Path, lines: Lines) -> FileBroken:
    """The refusal of a text without any plot: what it looks like, and what was expected."""
    filled = (i for i in range(len(lines.starts)) if lines.ends[i] > lines.starts[i])
    first = [(i + 1, lines.said(i)[:LONG]) for i in islice(filled, LOOKED_AT)]
    if not first:
        return FileBroken(f"{path.name} holds blank lines only. Export it again.")
    looks, remedy = _looks([text for _, text in first])
    line, text = next(((i, text) for i, text in first if POINT.match(plain(text))), first[0])
    shown = text if len(text) <= 60 else text[:57] + "…"
    return FileBroken(
        f"{path.name} is no boundary-point text: none of its lines ends in @. It looks like {looks}; "
        f"line {line} reads {shown!r}. {GRAMMAR} {remedy}"
    )


def _looks(texts: list[str]) -> tuple[str, str]:
    points = sum(bool(POINT.match(plain(text))) for text in texts)
    if points > len(texts) / 2:
        return "points without a plot's line", "Add that line above the points of each plot."
    if texts[0][:1] in {"{", "["} and re.search(r'[\[{]\s*["{\[\d]', texts[0]):
        return "JSON", "Name it .geojson, if it is one."
    if sum(bool(TIMED.match(text)) for text in texts) > len(texts) / 2:
        return "a log", "Give the file of coordinates instead."
    for mark, name, suffix in ((",", "commas", ".csv"), ("\t", "tabs", ".tsv"), (";", "semicolons", ".csv")):
        counts = {text.count(mark) for text in texts[:20]}
        if len(counts) == 1 and counts != {0}:
            return f"a table parted by {name}", f"Name it {suffix}, and it is read as a table of points."
    return "plain text", "Give the file of coordinates instead."

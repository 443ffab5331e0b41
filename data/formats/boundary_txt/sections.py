"""The lines that are no points (属性描述): keys with their values, and the line that begins a plot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from data.formats.boundary_txt.text import Lines, plain
from data.formats.faults import reader_fault
from data.records import Fault, Severity

KEYS: Mapping[str, tuple[str, ...]] = {
    "version": ("格式版本号", "版本号"),
    "producer": ("数据产生单位", "数据生产单位", "产生单位", "生产单位"),
    "produced": ("数据产生日期", "数据生产日期", "产生日期", "生产日期"),
    "datum": ("坐标系统", "坐标系", "坐标系名称"),
    "width": ("几度分带", "度分带", "分带"),
    "projection": ("投影类型", "投影方式", "投影"),
    "unit": ("计量单位", "坐标单位", "单位"),
    "belt": ("带号",),
    "meridian": ("中央经线", "中央子午线"),
    "precision": ("精度",),
    "shift": ("转换参数", "转换坐标"),
}
"""What is meant -> the words for it; longer words are tried first"""
_WORD = {word: name for name, words in KEYS.items() for word in words}
_KEY = re.compile(f"({'|'.join(sorted(_WORD, key=lambda word: -len(word)))})\\s*[=:]?\\s*(.*)$")
_PLOT = re.compile(r"@[\s,;]*$")
_POINT = re.compile(r"[Jj]?\d*\s*,.*\d")
SETTLED = ("datum", "width", "belt", "meridian")
"""Keys on which the coordinates hang: two values for one of them contradict each other"""


@dataclass(frozen=True, slots=True)
class PlotLine:
    """The line that begins a plot: where it stands, and its fields before the `@`."""

    line: int
    fields: tuple[str, ...]


@dataclass
class Sections:
    """What the lines that are no points say.

    Parameters
    ----------
    keys : the first value of each key of KEYS
    lines : the line of each
    others : everything else that is written `key=value`
    plots : in order
    rest, unknown : lines that are none of these, with a comma, as points have, and without
    """

    keys: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    plots: list[PlotLine] = field(default_factory=list)
    rest: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)


def sections_of(lines: Lines, which: Iterable[int], file: str, faults: list[Fault]) -> Sections:
    """The sections of a file.

    Parameters
    ----------
    which : lines, from 0, that are neither blank nor plain points
    faults : list to which contradictions between two headers of one file are added
    """
    found = Sections()
    for line in which:
        said = lines.said(line)
        text = "@" if said.endswith("@") else plain(said)
        if not text or (text.startswith("[") and "@" not in text):
            continue
        if _PLOT.search(text):
            found.plots.append(PlotLine(line, _fields(said)))
        elif not _POINT.match(text) and (key := _KEY.match(text)) and _fits(key[0], key[2], text):
            _take(found, _WORD[key[1]], key[2].strip(" ;,"), line, (file, faults))
        elif "=" in text and not _POINT.match(text):
            name, _, said = text.partition("=")
            found.others.setdefault(name.strip(), said.strip())
        else:
            (found.rest if "," in text else found.unknown).append(line)
    return found


def _fits(whole: str, said: str, text: str) -> bool:
    """Whether a line that begins with a key's word is that key: a sentence that begins so is not."""
    return "=" in whole or ":" in whole or (len(text) < 40 and not re.search("[。,]", said.strip(",")))


def _take(found: Sections, name: str, said: str, line: int, report: tuple[str, list[Fault]]) -> None:
    before = found.keys.setdefault(name, said)
    if not before and said:
        found.keys[name] = said
    elif name in SETTLED and said and said != before:
        file, faults = report
        faults.append(
            Fault(
                "headers_disagree",
                f"{KEYS[name][0]} is {said!r} here and {before!r} in line {found.lines[name] + 1}: the plots "
                "of one file lie in one coordinate system.",
                "Correct the header that is wrong, or keep plots of two belts in two files.",
                Severity.ERROR, file=file, row=line + 1, column=KEYS[name][0],
            )
        )  # fmt: skip
    found.lines.setdefault(name, line)


def _fields(said: str) -> tuple[str, ...]:
    """The fields before the last `@`; a full-width comma parts them only where plain ones do not."""
    body = said[: max(said.rfind("@"), said.rfind("＠"))]
    parts = body.split(",")
    if len(parts) < 4:
        parts = re.split("[,，]", body)
    fields = tuple([part.strip(" \t　") for part in parts])
    return fields if not fields or fields[-1] else fields[:-1]


def number_in(said: str) -> float | None:
    """The first number of a text; None where it has none.

    >>> number_in("3度分带"), number_in("东经１１４°"), number_in("")
    (3.0, 114.0, None)
    """
    found = re.search(r"\d+(\.\d+)?", plain(said))
    return float(found[0]) if found else None


def header_doubts(found: Sections, file: str) -> list[Fault]:
    """Warnings of keys that would move the coordinates, and are not followed."""
    doubts = []
    shift = found.keys.get("shift", "")
    if any(float(part) for part in re.findall(r"\d+(?:\.\d+)?", shift)):
        doubts.append(("shift", f"Transformation parameters are given ({shift}); they were not applied."))
    projection = found.keys.get("projection", "")
    if projection and not re.search("高斯|[Gg]auss", projection):
        doubts.append(("projection", f"The projection is {projection!r}; it was read as Gauss-Krüger belts."))
    unit = found.keys.get("unit", "")
    if unit and (re.search("[千毫厘公分]|[ckm]m|km", unit) or not re.search("米|度|m", unit, re.IGNORECASE)):
        doubts.append(("unit", f"The unit is {unit!r}; the coordinates were read as metres or degrees."))
    return [
        reader_fault(
            f"header_{name}", f"Line {found.lines[name] + 1}: {said}",
            "Export them as 2000国家大地坐标系, Gauss-Krüger, in metres, without parameters.", file=file,
        )
        for name, said in doubts
    ]  # fmt: skip

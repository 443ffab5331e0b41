"""The points of a file (收集界址点): in bulk where they fit, else on a second look; the rest is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.formats.boundary_txt.dialects import Dialect
from data.formats.boundary_txt.points import Scan, Wrong, judged, usual_width
from data.formats.boundary_txt.sections import Sections
from data.formats.boundary_txt.text import Lines
from data.formats.limits import FAULTS_LISTED
from data.records import Fault, Severity

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NAMES = {
    2: ("north", "east"),
    3: ("label", "north", "east"),
    4: ("label", "ring", "north", "east"),
    5: ("label", "ring", "north", "east", "more"),
    6: ("label", "ring", "north", "east", "more", "more"),
}
LOOKED_AT = 20_000
"""Lines that are no points after which the others are no longer looked at, if most were none"""
RING_LAST = ("label", "north", "east", "length", "ring")


@dataclass
class Points:
    """The points of a file, in its order.

    Parameters
    ----------
    line : (n,) from 0
    ring, first, second : (n,) number of the ring, nan where there is none; the two coordinates as they stand
    names : the columns of a point
    wrong : lines that should be points and are none
    """

    line: Ints
    ring: Floats
    first: Floats
    second: Floats
    names: tuple[str, ...]
    wrong: Ints


def gathered(
    lines: Lines, scan: Scan, sections: Sections, forced: Dialect | None, report: tuple[str, list[Fault]]
) -> Points:
    """The points of the lines that fit, and of those that fit on a second look; the others are told."""
    odd = sections.rest
    _unknown(sections.unknown[: FAULTS_LISTED + 1], lines, report)
    width = scan.columns() or usual_width(lines, odd[:200]) or 4
    names = NAMES.get(width, NAMES[4])
    if width == 5 and _ring_last(scan.column(5, 1), forced):
        names = RING_LAST
    line = scan.lines(width)
    first, second = (scan.column(width, names.index(name)) for name in ("north", "east"))
    ring = scan.column(width, names.index("ring")) if "ring" in names else scan.column(width, 0)
    missing = np.isnan(first) | np.isnan(second)
    rest = scan.lines(*(other for other in scan.parsed if other != width))
    again = np.sort(np.concatenate([line[missing], rest, np.array(odd, np.int64)]))
    if missing.any():
        line, (ring, first, second) = line[~missing], (each[~missing] for each in (ring, first, second))
    found, wrong = _second_look(lines, again, names, report)
    if len(found):
        at = [1 + names.index(name if name in names else names[0]) for name in ("ring", "north", "east")]
        line = np.concatenate([line, found[:, 0].astype(np.int64)])
        ring, first, second = (
            np.concatenate([one, found[:, i]]) for one, i in zip((ring, first, second), at, strict=True)
        )
    if (np.diff(line) < 0).any():
        order = np.argsort(line, kind="stable")
        line, (ring, first, second) = line[order], (each[order] for each in (ring, first, second))
    if "ring" not in names:
        ring = _ring_or_label(ring, line, sections, width)
    return Points(line, ring, first, second, names, wrong)


def _ring_last(numbers: Floats, forced: Dialect | None) -> bool:
    """Whether the second of five columns is a coordinate, and so the last one the ring."""
    if forced is not None:
        return forced.key == "quota_swap"
    return not len(numbers) or bool(np.nanmedian(numbers) > 1000)


def _second_look(
    lines: Lines, which: Ints, names: Sequence[str], report: tuple[str, list[Fault]]
) -> tuple[Floats, Ints]:
    """Lines looked at one by one: those that are points after all, (n, 1 + columns), and the others."""
    found: list[list[float]] = []
    wrong: list[int] = []
    told: Counter[str] = Counter()
    for line in which.tolist():
        if len(wrong) > max(LOOKED_AT, len(found)):
            rest = which[which >= line]
            wrong += rest.tolist()
            told["point_unread"] += FAULTS_LISTED + len(rest)
            break
        point = judged(lines.text(line), names)
        if not isinstance(point, Wrong):
            found.append([line, *point])
            continue
        wrong.append(line)
        told[point.code] += 1
        if told[point.code] <= FAULTS_LISTED:
            _tell(point, line, report)
    for code, count in told.items():
        if count > FAULTS_LISTED:
            message = f"{count - FAULTS_LISTED} more lines of this kind, {count} in all."
            if code == "point_unread":
                message = f"{count - FAULTS_LISTED} more lines that do not fit either were not looked at."
            report[1].append(Fault(code, message, "Correct them as those before.", file=report[0]))
    return np.array(found, np.float64).reshape(-1, len(names) + 1), np.array(wrong, np.int64)


def _ring_or_label(numbers: Floats, line: Ints, sections: Sections, width: int) -> Floats:
    """The first of three columns is the ring, if it seldom changes; else a label, and there is one ring."""
    if width < 3:
        return np.full(len(line), np.nan)
    starts = np.array([plot.line for plot in sections.plots])
    same = np.diff(np.searchsorted(starts, line)) == 0
    changes = (np.diff(numbers) != 0)[same].mean() if same.any() else 1.0
    return numbers if changes < 0.4 else np.full(len(line), np.nan)


def _unknown(which: Sequence[int], lines: Lines, report: tuple[str, list[Fault]]) -> None:
    for line in which:
        said = lines.text(line)
        _tell(
            Wrong(
                "line_unknown",
                f"it is neither a key, a plot nor a point, and was left out: {said[:60]!r}.",
                "Delete it, or complete it.",
            ),
            line,
            report,
            Severity.WARNING,
        )


def _tell(
    wrong: Wrong, line: int, report: tuple[str, list[Fault]], severity: Severity = Severity.ERROR
) -> None:
    file, faults = report
    message = f"Line {line + 1}: {wrong.message}"
    faults.append(
        Fault(wrong.code, message, wrong.remedy, severity, file=file, row=line + 1, column=wrong.column)
    )


def within_plots(points: Points, first: int, report: tuple[str, list[Fault]]) -> Points:
    """The points without those before the first plot, which are told."""
    early = points.line < first
    if not early.any():
        return points
    wrong = Wrong(
        "point_before_plot",
        f"{int(early.sum())} points stand before the first plot's line (line {first + 1}): they belong "
        "to no plot, and were left out.",
        "Put the plot's line, the one that ends in @, above its points.",
    )
    _tell(wrong, int(points.line[early][0]), report)
    keep = ~early
    return replace(
        points, line=points.line[keep], ring=points.ring[keep], first=points.first[keep],
        second=points.second[keep],
    )  # fmt: skip

"""The points of a file (收集界址点): in bulk where they fit, else on a second look; the rest is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.formats.boundary_txt.dialects import Dialect
from data.formats.boundary_txt.points import Scan, Wrong, judged, usual_width
from data.formats.boundary_txt.sections import Sections
from data.formats.boundary_txt.text import Lines
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
    odd = [i for i in sections.rest if "," in lines.text(i)]
    width = scan.columns() or usual_width(lines, odd[:200]) or 4
    where, numbers = scan.of(width)
    ring_last = width == 5 and (
        forced.key == "quota_swap" if forced else not len(numbers) or np.nanmedian(numbers[:, 1]) > 1000
    )
    names = RING_LAST if ring_last else NAMES.get(width, NAMES[4])
    at = [names.index("north"), names.index("east")]
    missing = np.isnan(numbers[:, at]).any(axis=1) if len(numbers) else np.empty(0, bool)
    again = np.sort(np.concatenate([where[missing], scan.left(), np.array(odd, np.int64)]))
    _unknown([i for i in sections.rest if "," not in lines.text(i)], lines, report)
    more, wrong = [], []
    for line, found in ((i, judged(lines.text(i), names)) for i in again.tolist()):
        if isinstance(found, Wrong):
            wrong.append(line)
            _tell(found, line, report)
        else:
            more.append([line, *found])
    kept = np.array(more, np.float64).reshape(-1, len(names) + 1)
    line = np.concatenate([where[~missing], kept[:, 0].astype(np.int64)])
    numbers = np.concatenate([numbers[~missing], kept[:, 1:]]) if len(kept) or missing.any() else numbers
    order = np.argsort(line, kind="stable") if len(kept) else slice(None)
    line, numbers = line[order], numbers[order]
    ring = numbers[:, names.index("ring")] if "ring" in names else _ring_or_label(numbers, line, sections)
    return Points(line, ring, numbers[:, at[0]], numbers[:, at[1]], names, np.array(wrong, np.int64))


def _ring_or_label(numbers: Floats, line: Ints, sections: Sections) -> Floats:
    """The first of three columns is the ring, if it seldom changes; else a label, and there is one ring."""
    if numbers.shape[1] < 3:
        return np.full(len(line), np.nan)
    starts = np.array([plot.line for plot in sections.plots])
    same = np.diff(np.searchsorted(starts, line)) == 0
    changes = (np.diff(numbers[:, 0]) != 0)[same].mean() if same.any() else 1.0
    return numbers[:, 0] if changes < 0.4 else np.full(len(line), np.nan)


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
    if early.any():
        line = int(points.line[early][0])
        wrong = Wrong(
            "point_before_plot",
            f"{int(early.sum())} points stand before the first plot's line (line {first + 1}): they belong "
            "to no plot, and were left out.",
            "Put the plot's line, the one that ends in @, above its points.",
        )
        _tell(wrong, line, report)
    keep = ~early
    return replace(
        points, line=points.line[keep], ring=points.ring[keep], first=points.first[keep],
        second=points.second[keep], wrong=points.wrong[points.wrong > first],
    )  # fmt: skip

"""What is amiss with points (疑点): columns exchanged, points that lie elsewhere, plots without any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from data.formats import limits
from data.formats.boundary_txt.dialects import Dialect
from data.formats.boundary_txt.gathering import Ints, Points
from data.formats.boundary_txt.places import LAT_LON, LON_LAT, ORDERS, Places
from data.records import Fault, Severity


def order_doubts(
    places: Places, points: Points, plot: Ints, dialect: Dialect, report: tuple[str, Sequence[str]]
) -> list[Fault]:
    """What the magnitudes of the coordinates say against the columns in which they stand."""
    file, names = report
    faults: list[Fault] = []
    usual = 4 if dialect.degrees or places.order in {LAT_LON, LON_LAT} else 1
    usual = usual if dialect.north_first else usual * 2
    right = "Exchange the two columns, if the file goes on to others."
    if places.order != usual and not places.odd.all():
        message = (
            f"The columns are {ORDERS[places.order]}, and those of {dialect.label} are {ORDERS[usual]}: the "
            "magnitudes tell. They were read as what they are."
        )
        row = int(points.line[0]) + 1
        faults.append(Fault("columns_exchanged", message, right, Severity.WARNING, file=file, row=row))
    for which in places.turned.tolist():
        row = int(points.line[np.searchsorted(plot, which)]) + 1
        message = f"Plot {names[which]}: its two columns stand the other way round than in the other plots."
        faults.append(
            Fault(
                "columns_exchanged",
                message,
                right,
                Severity.WARNING,
                file=file,
                row=row,
                feature=names[which],
            )
        )
    return faults + _misplaced_points(places, points, plot, report)


def _misplaced_points(
    places: Places, points: Points, plot: Ints, report: tuple[str, Sequence[str]]
) -> list[Fault]:
    file, names = report
    everywhere = bool(places.odd.all())
    faults = []
    for code, which, why, remedy in (
        ("coordinates_exchanged", places.exchanged, "its two coordinates stand the other way round than in "
         "the other points", "Exchange them, or correct the digits."),
        ("coordinates_odd", places.odd, "it lies nowhere in China, in metres or in degrees",
         "Correct its digits; convert coordinates of a local system to 2000国家大地坐标系."),
    ):  # fmt: skip
        found = np.flatnonzero(which)
        for i in found[: 1 if everywhere else limits.FAULTS_LISTED].tolist():
            rest = " So do all other points of the file." if everywhere and len(found) > 1 else ""
            message = (
                f"Line {points.line[i] + 1}: the point ({points.first[i]:.15g}, {points.second[i]:.15g}) of "
                f"plot {names[plot[i]]} is amiss: {why}.{rest}"
            )
            row = int(points.line[i]) + 1
            faults.append(Fault(code, message, remedy, file=file, row=row, feature=names[plot[i]]))
    return faults


def without_points(found: Ints, where: Sequence[int], names: Sequence[str], file: str) -> list[Fault]:
    """Errors of plots' lines that no point follows."""
    return [
        Fault(
            "plot_without_points", f"Plot {names[i]} has no point: another plot's line or the end follows.",
            "Add its points below the line, or delete it.", file=file, row=where[i] + 1, feature=names[i],
        )
        for i in np.flatnonzero(found == 0).tolist()
    ]  # fmt: skip


def shortened(faults: Sequence[Fault]) -> list[Fault]:
    """At most FAULTS_LISTED warnings or errors of one code on lines; one more counts the rest."""
    counts = Counter(fault.code for fault in faults)
    seen: Counter[str] = Counter()
    kept = []
    for fault in faults:
        seen[fault.code] += 1
        if fault.row is None or seen[fault.code] <= limits.FAULTS_LISTED:
            kept.append(fault)
        elif seen[fault.code] == limits.FAULTS_LISTED + 1:
            more = counts[fault.code] - limits.FAULTS_LISTED
            message = f"{more} more of this kind, {counts[fault.code]} in all."
            kept.append(replace(fault, message=message, row=None, feature=""))
    return kept

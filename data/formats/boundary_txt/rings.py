"""Points to rings (圈): where one ends, whether it closes, and whether the points are as many as declared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from data.formats.faults import reader_fault
from data.formats.limits import FAULTS_LISTED
from data.records import Fault, Severity

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
WINDOW = 64
GEOD = Geod(ellps="GRS80")


@dataclass(frozen=True)
class Rings:
    """The rings of a file.

    Parameters
    ----------
    starts : (m + 1,) where each begins among the points, and their number at the end
    plot : (m,) number of the plot of each, from 0
    number : (m,) what the file calls it; nan where it says nothing
    gap_m : (m,) from its last point to its first, metres; 0 where it closes
    """

    starts: Ints
    plot: Ints
    number: Floats
    gap_m: Floats


def ringed(east: Floats, north: Floats, plot: Ints, ring: Floats, degrees: bool) -> Rings:
    """Points, in the order of the file, as rings.

    A ring ends where the plot or the ring's number changes, and where it has come back to its first point:
    parts of a plot may share a number.

    Parameters
    ----------
    east, north, plot, ring : (n,) of each point
    degrees : east and north are longitude and latitude

    >>> x, y = np.array([0, 1, 1, 0, 5, 6, 6.0]), np.array([0, 0, 1, 0, 5, 5, 6.0])
    >>> rings = ringed(x, y, np.zeros(7, int), np.ones(7), False)
    >>> rings.starts.tolist(), rings.gap_m.round(3).tolist()
    ([0, 4, 7], [0.0, 1.414])
    """
    if not len(east):
        none = np.empty(0)
        return Rings(np.zeros(1, np.int64), none.astype(np.int64), none, none)
    known = np.nan_to_num(ring)
    changes = np.flatnonzero((np.diff(plot) != 0) | (np.diff(known) != 0)) + 1
    starts = np.concatenate([[0], changes, [len(east)]])
    owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    home = (east == east[starts[owner]]) & (north == north[starts[owner]])
    place = np.arange(len(east)) - starts[owner]
    early = np.unique(owner[home & (place >= 3) & (np.arange(len(east)) < starts[owner + 1] - 1)])
    more = [at for which in early for at in _returns(east, north, starts[which], starts[which + 1])]
    starts = np.union1d(starts, np.array(more, np.int64))
    first, last = starts[:-1], starts[1:] - 1
    return Rings(starts, plot[first], ring[first], _gaps(east, north, first, last, degrees))


def _returns(east: Floats, north: Floats, begin: int, end: int) -> Iterator[int]:
    """Where the next part begins, in a run of points that comes back to where it began before its end."""
    while begin < end:
        at, size = begin + 3, WINDOW
        while at < end:  # in growing pieces, so that many small parts cost no more than one large one
            piece = slice(at, min(at + size, end))
            home = (east[piece] == east[begin]) & (north[piece] == north[begin])
            if home.any():
                at += int(home.argmax())
                break
            at, size = at + size, size * 2
        at += 1
        while at < end and east[at] == east[begin] and north[at] == north[begin]:
            at += 1
        if at >= end:
            return
        yield at
        begin = at


def _gaps(east: Floats, north: Floats, first: Ints, last: Ints, degrees: bool) -> Floats:
    across, up = east[last] - east[first], north[last] - north[first]
    gaps: Floats = np.hypot(across, up)
    open_ = np.flatnonzero(gaps)
    if degrees and len(open_):
        a, b = first[open_], last[open_]
        inside = (np.abs(north[a]) <= 90) & (np.abs(north[b]) <= 90)
        gaps[open_[inside]] = GEOD.inv(east[a], north[a], east[b], north[b])[2][inside]
    return gaps


def open_rings(rings: Rings, lines: Ints, names: Sequence[str], file: str) -> list[Fault]:
    """Warnings of rings that do not come back to their first point; one for all where none does.

    Parameters
    ----------
    lines : (n,) line of each point, from 0
    names : what each plot is called
    """
    gaps = np.flatnonzero(rings.gap_m > 0)
    if not len(gaps):
        return []
    if len(gaps) == len(rings.gap_m) > 0 and len(gaps) > 1:
        widest = int(gaps[rings.gap_m[gaps].argmax()])
        said = (
            f"None of the {len(gaps)} rings repeats its first point at its end; each was closed. The widest "
            f"gap is {rings.gap_m[widest]:.3f} m, in plot {names[rings.plot[widest]]}."
        )
        return [
            reader_fault("rings_not_closed", said, "Nothing has to be done, if no point is lost.", file=file)
        ]
    faults = [
        Fault(
            "ring_not_closed",
            f"Plot {names[rings.plot[i]]}: the ring ends {rings.gap_m[i]:.3f} m from its first point; "
            "it was closed with a straight line.",
            "Repeat the first point at the end of the ring; check that no point is lost.",
            Severity.WARNING, file=file, row=int(lines[rings.starts[i + 1] - 1]) + 1,
            feature=names[rings.plot[i]],
        )
        for i in gaps[:FAULTS_LISTED]
    ]  # fmt: skip
    if (more := len(gaps) - FAULTS_LISTED) > 0:
        said = f"{more} more rings, {len(gaps)} in all, end away from their first point; they were closed."
        faults.append(reader_fault("ring_not_closed", said, faults[0].remedy, file=file))
    return faults


def counts_that_lie(
    rings: Rings,
    declared: Sequence[int | None],
    found: Ints,
    plots: tuple[Sequence[int], Sequence[str]],
    file: str,
) -> list[Fault]:
    """Warnings of plots that declare another number of points than they have.

    Exporters count the closing points or do not: both are right, and so is one less for the whole plot.

    Parameters
    ----------
    declared : of each plot, None where it declares none
    found : (p,) points that it has, readable or not
    plots : the line of each, from 0, and what it is called
    """
    where, names = plots
    closed = np.bincount(rings.plot[rings.gap_m == 0], minlength=len(declared))
    open_ = np.bincount(rings.plot[rings.gap_m > 0], minlength=len(declared))
    faults = []
    for i, (said, n, c, u) in enumerate(zip(declared, found.tolist(), closed, open_, strict=True)):
        if said is None or not n or said in {n, n - c, n - min(c, 1), n + u}:
            continue
        faults.append(
            Fault(
                "point_count",
                f"Plot {names[i]} declares {said} points, and {n} follow"
                + (f" ({n - c} without those that close a ring)." if c else "."),
                "Correct the number, or add the points that are lost.",
                Severity.WARNING, file=file, row=where[i] + 1, column="点数", feature=names[i],
            )
        )  # fmt: skip
    return faults

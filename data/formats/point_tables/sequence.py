"""Which rows make a ring, and in which order (点序): plots, rings, point numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data.formats.limits import FAULTS_LISTED
from data.formats.point_tables.cells import plain_numbers
from data.records import Fault, Severity

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def plot_codes(cells: pd.Series[Any] | None, size: int) -> Ints:
    """Number of the plot of each row, from 0; a blank cell means the plot of the row above.

    Parameters
    ----------
    cells : (n,) what names the plot; None where no column does, and then all rows are one plot
    size : n
    """
    if cells is None:
        return np.zeros(size, np.int64)
    texts = cells.astype("str").str.strip()
    texts = texts.mask(texts == "").ffill().fillna("")
    codes: Ints = pd.factorize(texts)[0].astype(np.int64)
    return codes


def label_numbers(cells: pd.Series[Any] | None, size: int) -> Floats:
    """The number of each point out of labels such as J12, 界12 or 12; nan where there is none.

    >>> label_numbers(pd.Series(["J1", "12", "J03", "桩"]), 4).tolist()
    [1.0, 12.0, 3.0, nan]
    """
    if cells is None:
        return np.full(size, np.nan)
    found = plain_numbers(cells)
    odd = np.flatnonzero(np.isnan(found))
    if len(odd):
        column = pa.array(cells.iloc[odd].astype("str"), type=pa.large_string(), from_pandas=True)
        digits = pc.struct_field(pc.extract_regex(column, r"^\D*(?P<n>\d{1,12})\D*$"), "n")
        found[odd] = digits.cast(pa.float64()).to_numpy(False)
    return found


def restarts(number: Floats, plot: Ints, east: Floats, north: Floats, rows: Ints) -> Ints:
    """Number of the ring of each row where no column says it: a new one begins where a point is 1 again.

    The point 1 that only closes a ring, with the coordinates of its first one, begins none. Without numbers a
    blank row in the table ends a ring.

    >>> x = np.array([0, 9, 9, 0, 3, 4, 4.0])
    >>> restarts(np.array([1, 2, 3, 1, 1, 2, 3.0]), np.zeros(7, int), x, x * 0, np.arange(7)).tolist()
    [0, 0, 0, 0, 1, 1, 1]
    """
    begins = np.r_[True, np.diff(plot) != 0]
    ones = np.flatnonzero(number == 1)
    if len(ones):
        before, after = ones[:-1], ones[1:]
        same = (plot[before] == plot[after]) & (east[before] == east[after]) & (north[before] == north[after])
        at = np.arange(len(ones))
        run = at - np.maximum.accumulate(np.where(np.r_[False, same], 0, at))
        first = ones[run % 2 == 0]
        begins[first[1:][plot[first[1:]] == plot[first[:-1]]]] = (
            True  # not the first 1 of a plot: it may begin at 5
        )
    elif np.isnan(number).all():
        begins |= np.r_[False, np.diff(rows) > 1]
    ring = np.cumsum(begins) - 1
    size = int(plot.max()) + 1
    if np.count_nonzero(np.diff(plot)) + 1 > size and not np.isnan(number).any():
        ring = _gathered(ring, number, plot, east, north)
    return ring


def _gathered(ring: Ints, number: Floats, plot: Ints, east: Floats, north: Floats) -> Ints:
    """With one ring for each plot whose rows are scattered over the table and whose numbers all differ."""
    size = int(plot.max()) + 1
    twice = pd.DataFrame({"plot": plot, "number": number}).duplicated().to_numpy()
    again = twice & ~_repeated(plot, number, east, north)
    differ = np.bincount(plot[again], minlength=size) == 0
    first = np.unique(plot, return_index=True)[1]
    return np.where(differ[plot], ring[first][plot], ring)


@dataclass(frozen=True, slots=True)
class Order:
    """The order in which rows are to be taken.

    Parameters
    ----------
    rows : (k,) positions of the rows, in order; a repeated first point of a ring that was sorted is left out
    sorted_groups, odd_groups : first position of each ring that was sorted by its numbers, and of each whose
        numbers neither rise nor can sort it
    """

    rows: Ints
    sorted_groups: Ints
    odd_groups: Ints


def in_order(plot: Ints, ring: Ints, number: Floats, east: Floats, north: Floats) -> Order:
    """Rows as the table has them; sorted by point number where they are shuffled.

    Numbers that fall all the way, or that begin in the middle and go on at 1, are an order too.
    """
    everything = np.arange(len(plot))
    none = np.empty(0, np.int64)
    if not len(plot) or np.isnan(number).any():
        return Order(everything, none, none)
    group = pd.factorize(plot * (int(ring.max()) + 1) + ring)[0].astype(np.int64)
    first = np.unique(group, return_index=True)[1]
    shuffled = _shuffled(group, first, number, east, north)
    if not shuffled.any():
        return Order(everything, none, none)
    again = _repeated(group, number, east, north)
    doubled = np.zeros(len(first), bool)
    points = pd.DataFrame({"group": group[~again], "number": number[~again]})
    doubled[points["group"].to_numpy()[points.duplicated().to_numpy()]] = True
    sorts = shuffled & ~doubled
    kept = everything[~(again & sorts[group])]
    moves = sorts[group[kept]]
    anchor = np.where(moves, first[group[kept]], kept)
    ordered = kept[np.lexsort((np.where(moves, number[kept], 0.0), anchor))]
    return Order(ordered, first[sorts], first[shuffled & doubled])


def _shuffled(group: Ints, first: Ints, number: Floats, east: Floats, north: Floats) -> NDArray[np.bool_]:
    """(g,) groups whose rows lie apart, or whose numbers fall and rise again."""
    size = len(first)
    begin = first[group]
    closes = (number == number[begin]) & (east == east[begin]) & (north == north[begin])
    closes &= np.arange(len(group)) != begin
    same = (group[1:] == group[:-1]) & ~closes[1:]
    falls = np.bincount(group[1:][same & (np.diff(number) <= 0)], minlength=size)
    steps = np.bincount(group[1:][same], minlength=size)
    last = np.zeros(size)
    last[group[~closes]] = number[~closes]
    turned = (falls == 1) & (last < number[first])
    begins = np.r_[True, group[1:] != group[:-1]]
    apart = np.bincount(group[begins], minlength=size) > 1
    return np.asarray(apart | ((falls > 0) & (falls < steps) & ~turned), bool)


def _repeated(group: Ints, number: Floats, east: Floats, north: Floats) -> NDArray[np.bool_]:
    """Rows that repeat an earlier point of their ring, number and place: they close it."""
    points = pd.DataFrame({"group": group, "number": number, "east": east, "north": north})
    return np.asarray(points.duplicated().to_numpy(), bool)


def told(order: Order, rows: Ints, names: list[str], plot: Ints, file: str) -> Iterator[Fault]:
    """Warnings of rings that were sorted, and errors of those that cannot be."""
    for code, groups, what, remedy, severity in (
        (
            "points_sorted", order.sorted_groups,
            "its rows are not in the order of their point numbers; they were sorted by these",
            "Check the outline on the map, and keep the rows in order.", Severity.WARNING,
        ),
        (
            "points_out_of_order", order.odd_groups,
            "its point numbers neither rise nor fall, and some stand there twice; the rows stay as they are",
            "Correct the point numbers, or give rings their number (圈号).", Severity.ERROR,
        ),
    ):  # fmt: skip
        for at in groups[:FAULTS_LISTED].tolist():
            name = names[int(plot[at])]
            message = f"Plot {name}: {what}, from row {rows[at]} on."
            yield Fault(code, message, remedy, severity, file=file, row=int(rows[at]), feature=name)
        if len(groups) > FAULTS_LISTED:
            message = f"{len(groups) - FAULTS_LISTED} more rings, {len(groups)} in all: {what}."
            yield Fault(code, message, remedy, severity, file=file)

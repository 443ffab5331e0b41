"""Years by the calendar (周年): when a year is full, and how many have passed, leap days and all.

A year is no number of days. One year from 29 February, which the next year lacks, ends with the last day
of that month.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Days = NDArray[np.datetime64]
ONE = np.timedelta64(1, "D")


def as_days(column: pd.Series) -> Days:
    """A column of days; what is no day is missing."""
    if column.dtype != "datetime64[s]":
        column = pd.to_datetime(column, errors="coerce").astype("datetime64[s]")
    days: Days = column.to_numpy()
    return days


def corresponding(days: Days, years: float | NDArray[np.int64]) -> Days:
    """The corresponding day some years later; the last of the month where that month lacks the day.

    Parameters
    ----------
    days : (n,) days, may be missing
    years : whole months in years, 0.5 is six months; or (n,) whole years

    >>> days = np.array(["2023-06-01", "2024-02-29"], "datetime64[s]")
    >>> corresponding(days, 1).astype("datetime64[D]").astype(str).tolist()
    ['2024-06-01', '2025-02-28']
    """
    given, month = days.astype("datetime64[D]"), days.astype("datetime64[M]")
    later = month + np.rint(12 * np.asarray(years)).astype("timedelta64[M]")
    last = (later + np.timedelta64(1, "M")).astype("datetime64[D]") - ONE
    found = np.minimum(later.astype("datetime64[D]") + (given - month.astype("datetime64[D]")), last)
    there: Days = found.astype("datetime64[s]")
    return there


def past(days: Days, years: float) -> Days:
    """First day that lies more than so many years after each day: the day after the corresponding one.

    The given day itself is not counted, as for a term that begins when it has passed.

    >>> days = np.array(["2023-06-01", "2024-02-29"], "datetime64[s]")
    >>> past(days, 1).astype("datetime64[D]").astype(str).tolist()
    ['2024-06-02', '2025-03-01']
    """
    return corresponding(days, years) + ONE


def full(days: Days, years: float) -> Days:
    """First day on which so many full years have gone by, the given day counted as the first of them.

    >>> days = np.array(["2023-06-01", "2024-02-29"], "datetime64[s]")
    >>> full(days, 1).astype("datetime64[D]").astype(str).tolist()
    ['2024-06-01', '2025-03-01']
    """
    found = corresponding(days, years)
    return np.where(_of_month(found) == _of_month(days), found, found + ONE)


def _of_month(days: Days) -> NDArray[Any]:
    """How far each day lies into its month."""
    far: NDArray[Any] = days - days.astype("datetime64[M]").astype(days.dtype)
    return far


def age(days: Days, day: date) -> NDArray[np.float64]:
    """Years from each day until `day`: whole ones, and the part of the running one that has gone by.

    NaN where the day is missing, or lies after `day`.

    >>> age(np.array(["2023-01-01", "2020-01-01"], "datetime64[s]"), date(2024, 1, 1)).tolist()
    [1.0, 4.0]
    """
    now = np.datetime64(day, "s")
    begun = days.astype("datetime64[Y]").astype(np.int64) + 1970
    spans = np.where(np.isnat(days), 0, day.year - begun)
    whole = spans - (corresponding(days, spans) > now)
    last, following = corresponding(days, whole), corresponding(days, whole + 1)
    part: NDArray[np.float64] = (now - last) / (following - last)
    return np.where(days <= now, part + whole, np.nan)

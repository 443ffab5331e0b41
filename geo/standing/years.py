"""Years by the calendar (周年): when a year is full, and how many have passed, leap days and all.

A year is no number of days. One year from 29 February, which the next year lacks, ends with the last day
of that month.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd


def as_days(column: pd.Series) -> pd.Series:
    """A column of days; what is no day is missing."""
    return pd.to_datetime(column, errors="coerce").astype("datetime64[s]")


def corresponding(days: pd.Series, years: float | npt.NDArray[np.int64]) -> pd.Series:
    """The corresponding day some years later; the last of the month where that month lacks the day.

    Parameters
    ----------
    days : (n,) days, may be missing
    years : whole months in years, 0.5 is six months; or (n,) whole years

    >>> days = pd.Series(pd.to_datetime(["2023-06-01", "2024-02-29"]))
    >>> corresponding(days, 1).dt.strftime("%Y-%m-%d").tolist()
    ['2024-06-01', '2025-02-28']
    """
    given = days.to_numpy(dtype="datetime64[D]")
    month = given.astype("datetime64[M]")
    later = month + np.rint(12 * np.asarray(years)).astype("timedelta64[M]")
    last = (later + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    found = np.minimum(later.astype("datetime64[D]") + (given - month.astype("datetime64[D]")), last)
    return pd.Series(found.astype("datetime64[s]"), index=days.index)


def past(days: pd.Series, years: float) -> pd.Series:
    """First day that lies more than so many years after each day: the day after the corresponding one.

    The given day itself is not counted, as for a term that begins when it has passed.

    >>> days = pd.Series(pd.to_datetime(["2023-06-01", "2024-02-29"]))
    >>> past(days, 1).dt.strftime("%Y-%m-%d").tolist()
    ['2024-06-02', '2025-03-01']
    """
    return corresponding(days, years) + pd.Timedelta(1, "D")


def full(days: pd.Series, years: float) -> pd.Series:
    """First day on which so many full years have gone by, the given day counted as the first of them.

    >>> days = pd.Series(pd.to_datetime(["2023-06-01", "2024-02-29"]))
    >>> full(days, 1).dt.strftime("%Y-%m-%d").tolist()
    ['2024-06-01', '2025-03-01']
    """
    found = corresponding(days, years)
    return found.where(found.dt.day.eq(days.dt.day) | found.isna(), found + pd.Timedelta(1, "D"))


def age(days: pd.Series, day: date) -> pd.Series:
    """Years from each day until `day`: whole ones, and the part of the running one that has gone by.

    NaN where the day is missing, or lies after `day`.

    >>> age(pd.Series(pd.to_datetime(["2023-01-01", "2020-01-01"])), date(2024, 1, 1)).tolist()
    [1.0, 4.0]
    """
    now = pd.Timestamp(day)
    spans = (day.year - days.dt.year).fillna(0).to_numpy(dtype=np.int64)
    whole = spans - corresponding(days, spans).gt(now).to_numpy()
    last, following = corresponding(days, whole), corresponding(days, whole + 1)
    part = (now - last) / (following - last)
    return part.add(whole).where(days <= now)

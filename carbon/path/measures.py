"""Measures of reduction (减排措施): what each of them saves, and in which years."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carbon import names
from carbon.path.measure_faults import STATES, measure_faults
from data.errors import ColumnMissing
from data.kinds import kind
from data.records import Fault

NEEDS = ("zone", "measure_id")
NUMBERS = ("reduction_tco2e", "investment_cny10k", "yearly_cost_cny10k", "lifetime_years")
TEXTS = ("measure_id", "enterprise_id", "name", "category", "state", "explanation")
DAYS = ("starts_on", "ends_on")
ONE = np.timedelta64(1, "D")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measures:
    """The measures of a zone.

    Parameters
    ----------
    rows : one row per measure: the columns of the kind `measures`, `category` and `state` in English, days
        as datetime64[s]; and `unread`, the columns whose cell is no number or no day
    faults : what is wrong with them
    """

    rows: pd.DataFrame
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Reduction:
    """What the measures of a zone save in a year, against a world without them.

    Parameters
    ----------
    total : tCO2e; None where a measure at work says no number
    known : sum of those that say one
    by_state : the same by state
    silent : measures at work without a number
    """

    year: int
    total: float | None
    known: float
    by_state: tuple[tuple[str, float], ...]
    silent: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Every field; states as a mapping."""
        return {
            "year": self.year, "total": self.total, "known": self.known, "by_state": dict(self.by_state),
            "silent": list(self.silent),
        }  # fmt: skip


def read_measures(measures: pd.DataFrame, zone: str, enterprises: Collection[str] | None = None) -> Measures:
    """The measures of a zone, each checked; nothing is dropped.

    Parameters
    ----------
    measures : rows of the kind `measures`; other zones may stand among them
    enterprises : ids of the zone's enterprises; None: whether an enterprise is there is not checked

    Raises
    ------
    ColumnMissing : a column without which no row can be read
    """
    for name in NEEDS:
        if name not in measures:
            raise ColumnMissing(name, "The measures", list(measures.columns))
    ours = measures[measures["zone"].astype("str") == zone].reset_index(drop=True)
    rows = pd.DataFrame({name: _text(ours, name) for name in TEXTS})
    rows["unread"] = ""
    for name in (*NUMBERS, *DAYS):
        rows[name] = _read(ours, name)
        lost = _text(ours, name).ne("") & rows[name].isna()
        rows["unread"] = rows["unread"].where(~lost, rows["unread"] + " " + name)
    spelt = {label: key for key, label in kind("measures").columns["state"].one_of.items()}
    rows["state"] = rows["state"].replace(spelt).replace("", "planned")
    known = names.categories()
    rows["category"] = rows["category"].map(lambda said: known.get(names.fold(said), said))
    return Measures(rows, tuple(measure_faults(rows, enterprises)))


def share_of_year(measures: Measures, year: int) -> Floats:
    """Part of a year in which each measure works, 0 to 1, by days.

    Formula: days of the year in [starts_on, ends_on) / days of the year. A measure without a first day, one
    that is dropped, and one that ends before it starts count 0.

    >>> half = pd.DataFrame([dict(zone="Z", measure_id="M", starts_on="2024-07-01", reduction_tco2e=366.0)])
    >>> round(float(share_of_year(read_measures(half, "Z"), 2024)[0] * 366), 9)
    184.0
    """
    first, after = np.datetime64(f"{year}-01-01", "D"), np.datetime64(f"{year + 1}-01-01", "D")
    starts = measures.rows["starts_on"].to_numpy("datetime64[D]")
    ends = measures.rows["ends_on"].to_numpy("datetime64[D]")
    begin = np.maximum(starts, first)
    end = np.where(np.isnat(ends), after, np.minimum(ends, after))
    days = (end - begin).astype("timedelta64[D]") / ONE
    counted = ~np.isnat(starts) & measures.rows["state"].isin(STATES).to_numpy()
    part: Floats = np.where(counted, np.clip(np.nan_to_num(days), 0, None), 0.0) / ((after - first) / ONE)
    return part


def reduction(measures: Measures, year: int) -> Reduction:
    """What the measures save in a year.

    Formula: Σ yearly reduction x part of the year

    >>> rows = [dict(zone="Z", measure_id="A", starts_on="2024-07-01", reduction_tco2e=3660.0)]
    >>> reduction(read_measures(pd.DataFrame(rows), "Z"), 2024).total
    1840.0
    """
    part = share_of_year(measures, year)
    saved = part * measures.rows["reduction_tco2e"].to_numpy()
    silent = np.isnan(saved) & (part > 0)
    told = np.where(np.isnan(saved), 0.0, saved)
    states = measures.rows["state"].to_numpy()
    known = fsum(told.tolist())
    return Reduction(
        year,
        None if silent.any() else known,
        known,
        tuple((state, fsum(told[states == state].tolist())) for state in STATES),
        tuple(measures.rows["measure_id"][silent].tolist()),
    )


def reductions(measures: Measures, years: Iterable[int]) -> dict[int, Reduction]:
    """What the measures save in each of several years."""
    return {year: reduction(measures, year) for year in years}


def active(measures: Measures, day: date) -> pd.DataFrame:
    """The measures at work on a day: from `starts_on` on, no longer on `ends_on`, and not dropped.

    >>> rows = [dict(zone="Z", measure_id="A", starts_on="2024-07-01", ends_on="2024-07-03")]
    >>> made = read_measures(pd.DataFrame(rows), "Z")
    >>> [len(active(made, date(2024, 7, day))) for day in (1, 2, 3)]
    [1, 1, 0]
    """
    rows, now = measures.rows, pd.Timestamp(day)
    lasting = rows["ends_on"].isna() | (rows["ends_on"] > now)
    return rows[(rows["starts_on"] <= now) & lasting & rows["state"].isin(STATES)]


def _read(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column as finite numbers or as days; missing where a cell is neither."""
    if name in DAYS:
        given = frame[name] if name in frame else pd.Series(pd.NaT, frame.index)
        return pd.to_datetime(given, errors="coerce").astype("datetime64[s]")
    given = frame[name] if name in frame else pd.Series(np.nan, frame.index)
    return pd.to_numeric(given, errors="coerce").astype("float64").replace([np.inf, -np.inf], np.nan)


def _text(frame: pd.DataFrame, column: str) -> pd.Series:
    if column not in frame:
        return pd.Series("", index=frame.index, dtype="str")
    return frame[column].astype("str").fillna("").str.strip()

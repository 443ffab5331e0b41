"""Jumps from year to year (同比突变): an enterprise whose category doubles, halves, appears or is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from carbon.category import Ask
from carbon.limits import limits, values
from carbon.tables import numbers, texts
from data.records import Fault, Severity

KEY = ["enterprise_id", "category"]
COLUMNS = [*KEY, "from_year", "year", "before_tco2e", "after_tco2e", "ratio", "change_tco2e"]


def jumps(frames: Mapping[int, pd.DataFrame], ask: Ask) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """Changes between one stated year and the next that a person should look at.

    Formula: ratio = after / before; a jump where it lies outside 1/limit to limit and the change is as
    large as the limit in tonnes. A category that is not told in one of the years is a gap, not a jump.

    Parameters
    ----------
    frames : year -> priced lines of the same zone, by the same choices
    ask : year, place and day of knowledge for the limits

    Returns
    -------
    DataFrame, the largest change first: enterprise_id (empty: the zone itself), category, from_year, year,
    before_tco2e, after_tco2e, ratio (infinite from zero), change_tco2e; and a warning for each
    """
    found, unknown = limits("plausibility", ["jump_ratio", "jump_tonnes"], ask)
    limit = values(found, ["jump_ratio", "jump_tonnes"])
    sums = {year: _sums(frames[year]) for year in sorted(frames)}
    tables = []
    for one, other in pairwise(sums):
        both = sums[one].merge(sums[other], on=KEY, suffixes=("_before", "_after")).reset_index()
        both["from_year"], both["year"] = one, other
        tables.append(both)
    if not tables:
        return pd.DataFrame(columns=COLUMNS), unknown
    every = pd.concat(tables, ignore_index=True)
    before, after = every["tco2e_before"].to_numpy(np.float64), every["tco2e_after"].to_numpy(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = after / before
    most = limit["jump_ratio"]
    apart = ((ratio > most) | (ratio < 1 / most)) & (np.abs(after - before) >= limit["jump_tonnes"])
    every = every.assign(before_tco2e=before, after_tco2e=after, ratio=ratio, change_tco2e=after - before)
    odd = every.loc[apart, COLUMNS].sort_values("change_tco2e", key=np.abs, ascending=False, kind="stable")
    odd = odd.reset_index(drop=True)
    return odd, unknown + tuple(_said(odd, limit))


def _sums(frame: pd.DataFrame) -> pd.DataFrame:
    """tCO2e by enterprise and category, of those all of whose lines are told; a key for nothing is zero."""
    counts = texts(frame, "scope").isin(["scope1", "scope2"]).to_numpy()
    lines = pd.DataFrame({name: texts(frame, name)[counts] for name in KEY})
    lines["tco2e"] = numbers(frame, "tco2e")[counts]
    lines["open"] = (texts(frame, "missing") != "")[counts]
    made = lines.groupby(KEY, sort=True).agg({"tco2e": "sum", "open": "max"})
    return made.loc[~made["open"].astype(bool), ["tco2e"]]


def _said(odd: pd.DataFrame, limit: Mapping[str, float]) -> Iterator[Fault]:
    for row in odd.itertuples():
        line: Any = row
        yield Fault(
            "jump_between_years",
            f"{line.enterprise_id or 'The zone'} {line.category}: {line.before_tco2e:.6g} tCO2e in "
            f"{line.from_year}, {line.after_tco2e:.6g} in {line.year} ({_times(line.ratio)})."
            f"{_unit(line.ratio)}",
            f"Check amount and unit of both years, or explain the change. Looked at: more than "
            f"{limit['jump_ratio']:g} times and {limit['jump_tonnes']:g} t.",
            Severity.WARNING,
            "activity",
            f"{line.enterprise_id} {line.category}".strip(),
        )


def _times(ratio: float) -> str:
    if np.isinf(ratio):
        return "from nothing"
    return "to nothing" if ratio == 0 else f"{ratio:.3g} times"


def _unit(ratio: float) -> str:
    """A hint where a power of ten lies near, as 万 or 千 forgotten makes it."""
    if not 0 < ratio < np.inf:
        return ""
    power = round(abs(np.log10(ratio)))
    near = abs(abs(np.log10(ratio)) - power) < 0.1
    return (
        f" That is near {10**power:,} times: a unit, as 万, may be lost." if near and power in (3, 4) else ""
    )

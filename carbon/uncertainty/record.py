"""Uncertainty of an inventory (清单不确定度): how sure a total is, what it rests on, what to improve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from carbon.category import Ask, Quote
from carbon.uncertainty.contributions import contributions
from carbon.uncertainty.defaults import Used
from carbon.uncertainty.intervals import Intervals, intervals
from carbon.uncertainty.propagation import Propagated, propagate
from carbon.uncertainty.simulation import PERCENTILES, Simulated, simulate

AGREE = 0.1
"""Both approaches agree while no end of the interval moves by more of its half; a convention of ours."""
ZERO = "The lines sum to zero, of which no share can be told; the ends of the interval are."
ADD = "State uncertainty_pct, or add a row to data/factors/uncertainty.yaml."


@dataclass(frozen=True, slots=True)
class Method:
    """How the uncertainty of a sum is found.

    Parameters
    ----------
    approach : 1 (propagation of errors) or 2 (Monte Carlo)
    draws, seed : of approach 2; the same seed gives the same answer
    top : how many contributions are told

    Raises
    ------
    ValueError : there is no such approach, or fewer than 100 draws
    """

    approach: int = 1
    draws: int = 10_000
    seed: int = 910
    top: int = 10

    def __post_init__(self) -> None:
        if self.approach not in (1, 2) or self.draws < 100:
            raise ValueError(
                f"Approach {self.approach} with {self.draws} draws: choose approach 1 or 2, "
                "and 100 draws or more."
            )


@dataclass(frozen=True)
class Uncertainty:
    """How sure a sum of lines is: its 95 % interval.

    Parameters
    ----------
    tco2e : the sum of what is known; None without any line
    low, high : ends of the interval, tCO2e; None with a reason
    half_width : half the interval over the absolute sum; None where that is zero or not known
    mean, sd, percentiles, draws, seed : of the draws; None and empty by approach 1
    propagated : the half-width by approach 1, whichever approach was asked for
    agrees : whether no end lies off that of approach 1 by more than a tenth of the half-width; None by
        approach 1
    lines, left_out : counted, and lacking because their emission is not known
    contributions : largest shares of the variance, as `carbon.uncertainty.contributions` describes them
    defaults : half-widths that stand in for those not stated
    reason : why it cannot be told, or of what alone it is told
    """

    tco2e: float | None
    low: float | None
    high: float | None
    half_width: float | None
    approach: int
    lines: int
    left_out: int
    reason: str = ""
    mean: float | None = None
    sd: float | None = None
    percentiles: tuple[tuple[float, float], ...] = ()
    draws: int | None = None
    seed: int | None = None
    propagated: float | None = None
    agrees: bool | None = None
    contributions: tuple[dict[str, Any], ...] = ()
    defaults: tuple[Used, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values only; percentiles by their names."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return told | {
            "reason": self.reason or None,
            "percentiles": {f"{point:g}": value for point, value in self.percentiles},
            "contributions": list(self.contributions),
            "defaults": [used.as_json() for used in self.defaults],
        }


def uncertainty(
    lines: pd.DataFrame,
    quotes: Sequence[Quote],
    ask: Ask,
    method: Method | None = None,
    of: str = "tco2e",
) -> Uncertainty:
    """The 95 % interval of the sum of lines, all of an inventory or any of them.

    Lines whose emission is not known are left out, and the reason says so: the interval is then that of
    what is known, not of the total.

    Parameters
    ----------
    lines : priced lines as `carbon.pricing` makes them; for the total those of scope1 and scope2
    quotes : what their column `quote` counts into
    ask : of which year and place, known by which day; for the defaults
    method : None: approach 1
    of : the column that is summed: `tco2e`, or `ndrc910_tco2`

    Raises
    ------
    ColumnMissing : a column without which lines cannot be told apart is not there
    """
    asked = method or Method()
    told = intervals(lines, quotes, ask, of)
    said: dict[str, Any] = {"approach": asked.approach, "lines": len(told.row), "left_out": told.left_out}
    if why := _untold(told, lines, ask):
        whole = float(told.tco2e.sum()) if len(told.row) else None
        return Uncertainty(whole, None, None, None, **said, reason=why)
    first = propagate(told)
    drawn = simulate(told, asked.draws, asked.seed) if asked.approach == 2 else None
    low, high = _ends(first, drawn)
    known = f"{told.left_out} lines are not known; this is the interval of the others, not of the total."
    said_so = [ZERO] * (not first.tco2e) + [known] * bool(told.left_out)
    return Uncertainty(
        *(first.tco2e, low, high, (high - low) / 2 / abs(first.tco2e) if first.tco2e else None),
        **said | _drawn(first, drawn),
        reason=" ".join(said_so),
        propagated=_known(first.half_width),
        contributions=_largest(told, lines, asked.top),
        defaults=told.defaults,
    )


def _untold(told: Intervals, lines: pd.DataFrame, ask: Ask) -> str:
    """Why no interval can be told; empty where one can."""
    if not len(told.row):
        return f"None of the {len(lines)} lines has an emission that is known. State amounts first."
    if count := int(told.unknown.sum()):
        return f"For {count} of {len(told.row)} lines no half-width was known by {ask.known_on}. {ADD}"
    return ""


def _ends(first: Propagated, drawn: Simulated | None) -> tuple[float, float]:
    if drawn is not None:
        return drawn.low, drawn.high
    return first.tco2e - first.half_width_t, first.tco2e + first.half_width_t


def _drawn(first: Propagated, drawn: Simulated | None) -> dict[str, Any]:
    """What approach 2 adds."""
    if drawn is None:
        return {}
    ends = zip(_ends(first, drawn), _ends(first, None), strict=True)
    apart = max(abs(one - other) for one, other in ends)
    told = asdict(drawn)
    return {name: told[name] for name in ("mean", "sd", "draws", "seed")} | {
        "percentiles": tuple(zip(PERCENTILES, drawn.percentiles, strict=True)),
        "agrees": bool(apart <= AGREE * first.half_width_t + 1e-12 * abs(first.tco2e)),
    }


def _largest(told: Intervals, lines: pd.DataFrame, top: int) -> tuple[dict[str, Any], ...]:
    frame = contributions(told, lines, top)
    plain = frame.astype(object).where(frame.notna(), None)
    return tuple({str(name): value for name, value in row.items()} for row in plain.to_dict("records"))


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value

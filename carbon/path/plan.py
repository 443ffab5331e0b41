"""A plan against its trajectory (减排计划与目标的差距): where measures lead and what they lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from carbon.path.course import Course, CourseYear, beyond
from carbon.path.measures import Measures, Reduction, reductions, share_of_year
from carbon.path.pledges import INDICATORS
from data.records import Fault, Outcome, Severity
from data.units import round_trip

COUNTED = ("scope1", "scope2")
TONNES = ("tCO2", "tCO2e")


@dataclass(frozen=True, slots=True)
class PlanYear:
    """Where the plan leads in one year.

    Parameters
    ----------
    projected : last figure less what the measures save beyond that year; None where it cannot be told
    trajectory : where the pledge's trajectory stands
    shortfall : what the plan lacks to keep to it; below zero: it does more
    outcome : whether the plan keeps to the trajectory
    """

    year: int
    projected: float | None
    trajectory: float | None
    shortfall: float | None
    outcome: Outcome
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Every field; an empty reason is None."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return told | {"reason": self.reason or None}


@dataclass(frozen=True, slots=True)
class Plan:
    """A pledge, the measures that are to keep it, and the years to come.

    Parameters
    ----------
    since : last year with a figure, from which the plan is drawn; None where there is none
    saved : year -> what the measures save in it
    years : the years after `since` up to the target year
    reason : why no plan can be drawn; empty where one is
    """

    since: int | None
    saved: Mapping[int, Reduction]
    years: tuple[PlanYear, ...]
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """What the measures save, and where they lead."""
        return {
            "since": self.since,
            "saved": [each.as_json() for each in self.saved.values()],
            "years": [each.as_json() for each in self.years],
            "reason": self.reason or None,
        }


def plan(course: Course, measures: Measures) -> Plan:
    """Where the measures lead from the last year with a figure, if nothing else changes.

    Formula: projected(year) = figure(last) - (saved(year) - saved(last)); shortfall = projected - trajectory.
    What a measure saves in the last year with a figure is in that figure already.

    >>> from carbon.path.course import course
    >>> from carbon.path.measures import read_measures
    >>> from carbon.path.pledges import Pledge
    >>> told = course(Pledge("Z", "emissions_total", 2020, 2022, target=80.0), {2020: 100.0})
    >>> row = dict(zone="Z", measure_id="A", starts_on="2021-01-01", reduction_tco2e=15.0)
    >>> [year.shortfall for year in plan(told, read_measures(pd.DataFrame([row]), "Z")).years]
    [-5.0, 5.0]
    """
    pledge = course.pledge
    saved = reductions(measures, range(pledge.base_year, pledge.target_year + 1))
    known = [year for year in course.years if year.value is not None]
    if INDICATORS[pledge.indicator].unit not in TONNES:
        return Plan(None, saved, (), f"{pledge.indicator} does not follow from tonnes that measures save.")
    if course.reason or not known:
        return Plan(None, saved, (), course.reason or "No year of the pledge has a figure to start from.")
    last = known[-1]
    ahead = [year for year in course.years if year.year > last.year]
    return Plan(last.year, saved, tuple(_ahead(year, last, saved, course.shape) for year in ahead))


def overlaps(measures: Measures, lines: pd.DataFrame, year: int) -> tuple[Fault, ...]:
    """Measures of one enterprise and category that save more together than it emits there.

    Formula: Σ reduction x (1 - part of `year` in which it works already) > emissions of that year. A measure
    without an enterprise is held against the zone, one without a category against all of scope 1 and 2.

    Parameters
    ----------
    lines : priced lines of `year` (`Inventory.frame`): enterprise_id, category, scope, tco2e, missing
    """
    counted = lines[lines["scope"].isin(COUNTED)]
    rows = measures.rows.assign(left=_left(measures, year))
    faults = []
    for (firm, category), group in rows[rows["left"] > 0].groupby(["enterprise_id", "category"], sort=True):
        mine = counted if not firm else counted[counted["enterprise_id"] == firm]
        mine = mine if not category else mine[mine["category"] == category]
        emitted, saved = float(mine["tco2e"].sum()), float(group["left"].sum())
        # emissions of which a part is not known may be large enough
        if saved > emitted and mine["missing"].eq("").all():
            faults.append(_too_much(group["measure_id"].tolist(), (str(firm), str(category)), saved, emitted))
    return tuple(faults)


def pledge_faults(course: Course) -> tuple[Fault, ...]:
    """A pledge that cannot be followed for want of a base."""
    if not course.reason:
        return ()
    pledge = course.pledge
    remedy = f"State 基准值 in the pledge, or complete the statements of {pledge.base_year}."
    feature = f"{pledge.zone} {pledge.indicator} {pledge.target_year}"
    return (Fault("pledge_without_base", course.reason, remedy, Severity.ERROR, "pledges", feature),)


def _ahead(year: CourseYear, last: CourseYear, saved: Mapping[int, Reduction], shape: str) -> PlanYear:
    then, now = saved[year.year], saved[last.year]
    held = year.straight if shape == "straight" else year.compound
    silent = dict.fromkeys((*now.silent, *then.silent))
    if silent or then.total is None or now.total is None or last.value is None:
        reason = f"{', '.join(silent)} {'state' if len(silent) > 1 else 'states'} no reduction."
        return PlanYear(year.year, None, held, None, Outcome.CANNOT_TELL, reason)
    projected = round_trip(last.value - (then.total - now.total))
    if held is None:
        reason = "An equal share each year cannot be drawn to this target; choose the straight line."
        return PlanYear(year.year, projected, None, None, Outcome.CANNOT_TELL, reason)
    shortfall = beyond(projected, held)
    outcome = Outcome.MET if shortfall <= 0 else Outcome.NOT_MET
    return PlanYear(year.year, projected, held, shortfall, outcome)


def _left(measures: Measures, year: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """What each measure will save beyond what it saves in the year already; 0 once it has ended."""
    rows = measures.rows
    first = np.datetime64(f"{year + 1}-01-01", "D")
    ends = rows["ends_on"].to_numpy("datetime64[D]")
    lasting = (np.isnat(ends) | (ends > first)) & (rows["state"] != "dropped").to_numpy()
    full = np.nan_to_num(rows["reduction_tco2e"].to_numpy(np.float64))
    return np.asarray(np.where(lasting, full * (1 - share_of_year(measures, year)), 0.0))


def _too_much(ids: list[str], where: tuple[str, str], saved: float, emitted: float) -> Fault:
    firm, category = where
    what = category or "scope 1 and 2"
    return Fault(
        code="measures_overlap",
        message=f"{', '.join(ids)} are to save {saved:,.0f} tCO2e of {what} of {firm or 'the zone'}, "
        f"which emits {emitted:,.0f}.",
        remedy="Measures on the same emissions share them: lower the reductions, or drop one.",
        severity=Severity.WARNING,
        layer="measures",
        feature=" ".join(ids),
        column="reduction_tco2e",
    )

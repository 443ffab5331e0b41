"""The path of a zone as a whole (降碳路径总览): its pledges, its measures, how far these keep those."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from carbon.path.abatement import Abatement, abatements
from carbon.path.course import Course, course
from carbon.path.measures import Measures, read_measures
from carbon.path.plan import Plan, overlaps, plan, pledge_faults
from carbon.path.pledges import Pledge, read_pledges
from data.records import Dated, Fault

Years = Mapping[int, float | None]


@dataclass(frozen=True)
class Seen:
    """What has been computed of a zone.

    Parameters
    ----------
    told : indicator -> year -> figure in the unit of `carbon.path.pledges.INDICATORS`; None: cannot be told
    reasons : indicator -> year -> why it cannot
    lines : priced lines of the last year that has any; None: overlaps are not looked for
    year : of the lines
    enterprises : ids of the zone's enterprises; None: those of measures are not checked
    """

    told: Mapping[str, Years]
    reasons: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    lines: pd.DataFrame | None = None
    year: int = 0
    enterprises: Collection[str] | None = None


@dataclass(frozen=True)
class Path:
    """The path of a zone.

    Parameters
    ----------
    courses, plans : one of each per pledge, in their order
    abatements : the measures, cheapest tonne first
    rate : discount rate behind their cost, with its article where it is a dated one
    """

    zone: str
    courses: tuple[Course, ...]
    plans: tuple[Plan, ...]
    measures: Measures
    abatements: tuple[Abatement, ...]
    rate: float | Dated
    faults: tuple[Fault, ...]

    def as_json(self) -> dict[str, Any]:
        """Pledges with their years and plans, the list of measures, the rate, the faults."""
        rate = self.rate.as_json() if isinstance(self.rate, Dated) else self.rate
        pairs = zip(self.courses, self.plans, strict=True)
        return {
            "zone": self.zone,
            "pledges": [{**one.as_json(), "plan": its.as_json()} for one, its in pairs],
            "abatements": [each.as_json() for each in self.abatements],
            "discount_rate": rate,
            "faults": [fault.as_json() for fault in self.faults],
        }


def follow(
    tables: tuple[pd.DataFrame, pd.DataFrame],
    zone: str,
    seen: Seen,
    rate: float | Dated,
    shape: str = "straight",
) -> Path:
    """The path of a zone, with everything that is wrong with it listed at once.

    Parameters
    ----------
    tables : rows of the kinds `pledges` and `measures`; other zones may stand among them
    rate : discount rate per year; `parameter("rules.carbon.discount_rate").on(day)` is an illustration
    shape : trajectory that is held against, a key of `carbon.path.course.SHAPES`

    Raises
    ------
    ColumnMissing : a table lacks a column without which no row can be read
    NoSuchCode : there is no such shape
    RulesError : the rate is below zero
    """
    pledges, wrong = read_pledges(tables[0], zone)
    measures = read_measures(tables[1], zone, seen.enterprises)
    courses = tuple(_course(one, seen, shape) for one in pledges)
    doubled = () if seen.lines is None else overlaps(measures, seen.lines, seen.year)
    baseless = [fault for one in courses for fault in pledge_faults(one)]
    return Path(
        zone=zone,
        courses=courses,
        plans=tuple(plan(one, measures) for one in courses),
        measures=measures,
        abatements=abatements(measures, rate),
        rate=rate,
        faults=(*wrong, *measures.faults, *baseless, *doubled),
    )


def _course(pledge: Pledge, seen: Seen, shape: str) -> Course:
    values = seen.told.get(pledge.indicator, {})
    return course(pledge, values, reasons=seen.reasons.get(pledge.indicator), shape=shape)

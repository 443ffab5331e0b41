"""Conditions (条件): every rule of a kind held against a request; a rule file alone adds one.

`FORMS` is the table of contents: what a condition can be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from data.errors import NoValueOnDay
from data.parameters import NATION
from data.records import Dated
from geo.boundary_change.conditions.balance import balance
from geo.boundary_change.conditions.condition import Condition, conditions
from geo.boundary_change.conditions.constraints import Constraints
from geo.boundary_change.conditions.containment import containment
from geo.boundary_change.conditions.distance import distance
from geo.boundary_change.conditions.grounds import Grounds
from geo.boundary_change.conditions.overlap import overlap
from geo.boundary_change.conditions.thresholds import threshold
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.request import Request

__all__ = [
    "FORMS",
    "Condition",
    "Constraints",
    "Grounds",
    "Held",
    "InForce",
    "conditions",
    "hold",
    "in_force",
]

Form = Callable[[Condition, Dated, Request, Grounds], Judgement]
FORMS: Mapping[str, Form] = {
    "overlap": overlap,
    "containment": containment,
    "distance": distance,
    "balance": balance,
    "threshold": threshold,
}


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What came of holding all conditions of a kind.

    Parameters
    ----------
    judgements : in the order of the rules
    not_held : rule, label and reason of conditions that do not hold here, on that day, or for such a zone
    """

    judgements: tuple[Judgement, ...]
    not_held: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class InForce:
    """The conditions of a kind that hold for a zone on a day, each with its limit, and those that do not."""

    limits: tuple[tuple[Condition, Dated], ...]
    not_held: tuple[Mapping[str, str], ...]


def in_force(kind: str, day: date, region: str, zone: Mapping[str, Any]) -> InForce:
    """Which conditions of a kind hold for a zone on a day.

    Parameters
    ----------
    zone : its columns, as far as they are known

    Raises
    ------
    RuleFileError : a condition is badly written
    """
    limits, not_held = [], []
    for condition in conditions(kind):
        if why := _not_for(condition, zone):
            not_held.append(_left_out(condition, why))
            continue
        try:
            limits.append((condition, condition.limit(day, region)))
        except NoValueOnDay:
            not_held.append(_left_out(condition, _silent(condition, day, region)))
    return InForce(tuple(limits), tuple(not_held))


def hold(request: Request, grounds: Grounds, rules: InForce | None = None) -> Held:
    """Every condition of the request's kind held against it.

    Parameters
    ----------
    rules : as `in_force` finds them; None: found here

    Raises
    ------
    RuleFileError : a condition is badly written
    """
    known = rules or in_force(request.kind, request.day, request.region, grounds.zone)
    judged = (FORMS[each.form](each, limit, request, grounds) for each, limit in known.limits)
    return Held(tuple(judged), known.not_held)


def _not_for(condition: Condition, zone: Mapping[str, Any]) -> str:
    """Why a condition is not for such a zone; empty when it is."""
    for column, words in condition.applies.items():
        said = zone.get(column)
        if said is None or said != said:
            return (
                f"It is for zones whose {column} is {' or '.join(words)}, and that of this zone is not known."
            )
        if str(said) not in words:
            return f"It is for zones whose {column} is {' or '.join(words)}; that of this zone is {said}."
    return ""


def _silent(condition: Condition, day: date, region: str) -> str:
    """Why a condition has no value there on that day: none is known of the place, or none is in force."""
    places = {region, f"{region[:4]}00", f"{region[:2]}0000", NATION}
    rows = [row for row in condition.limit_of.history() if row.region in places]
    if not rows:
        return f"No limit is known for the region {region}."
    ended = [row for row in rows if row.value is None and row.since <= day]
    if ended:
        last = max(ended, key=lambda row: row.since)
        return f"No limit is in force there on {day}; the last one ended on {last.since} ({last.article})."
    return f"No limit is in force there on {day}; the first is from {min(row.since for row in rows)} on."


def _left_out(condition: Condition, reason: str) -> Mapping[str, str]:
    return {"rule": condition.rule, "label": condition.parameter.label, "reason": reason}

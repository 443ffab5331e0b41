"""Conditions (条件): every rule of a kind held against a request; a rule file alone adds one.

`FORMS` is the table of contents: what a condition can be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from data.errors import NoValueOnDay
from data.parameters import NATION
from data.records import Dated
from geo.boundary_change.conditions.condition import Condition, conditions
from geo.boundary_change.conditions.grounds import Constraints, Grounds
from geo.boundary_change.conditions.placed import containment, distance, overlap
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.request import Request

__all__ = ["FORMS", "Condition", "Constraints", "Grounds", "Held", "conditions", "hold"]

Form = Callable[[Condition, Dated, Request, Grounds], Judgement]
FORMS: Mapping[str, Form] = {
    "overlap": overlap,
    "containment": containment,
    "distance": distance,
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


def hold(request: Request, grounds: Grounds) -> Held:
    """Every condition of the request's kind held against it.

    Raises
    ------
    RuleFileError : a condition is badly written
    """
    judgements, not_held = [], []
    for condition in conditions(request.kind):
        if why := _not_for(condition, grounds):
            not_held.append(_left_out(condition, why))
            continue
        try:
            limit = condition.limit(request.day, request.region)
        except NoValueOnDay:
            not_held.append(_left_out(condition, _silent(condition, request)))
            continue
        judgements.append(FORMS[condition.form](condition, limit, request, grounds))
    return Held(tuple(judgements), tuple(not_held))


def _not_for(condition: Condition, grounds: Grounds) -> str:
    """Why a condition is not for such a zone; empty when it is."""
    for column, words in condition.applies.items():
        said = grounds.zone.get(column)
        if said is None or said != said:
            return (
                f"It is for zones whose {column} is {' or '.join(words)}, and that of this zone is not known."
            )
        if str(said) not in words:
            return f"It is for zones whose {column} is {' or '.join(words)}; that of this zone is {said}."
    return ""


def _silent(condition: Condition, request: Request) -> str:
    """Why a condition has no value there on that day: none is known of the place, or none is in force."""
    places = {request.region, f"{request.region[:4]}00", f"{request.region[:2]}0000", NATION}
    rows = [row for row in condition.limit_of.history() if row.region in places]
    if not rows:
        return f"No limit is known for the region {request.region}."
    return (
        f"No limit is in force there on {request.day}; there is one since {min(row.since for row in rows)}."
    )


def _left_out(condition: Condition, reason: str) -> Mapping[str, str]:
    return {"rule": condition.rule, "label": condition.parameter.label, "reason": reason}

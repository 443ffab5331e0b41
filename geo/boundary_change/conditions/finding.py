"""From a measured number to a judgement (判定): outcome, declared reasons, what is not sure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from data.records import Dated, Finding, Input, Outcome
from data.units import convert
from geo.boundary_change.conditions.condition import Condition
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.request import Request

MOST = 50
"""So many names are told"""


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What a form measured.

    Parameters
    ----------
    measured : None when it cannot be told, and then `reason` says why
    shape : offending land; None where there is none or it is withheld
    against : names of what it touches
    unsure : why what was measured is to be verified, though it is a number
    silent : why it cannot be said that a condition is met, though what was measured meets it
    perhaps : other numbers that may be the true one, and why; where one gives another answer, none is told
    outcome : where it does not follow from the number
    margin_m : by how much more land has to be left out so that the shape is surely gone
    """

    measured: float | None
    unit: str
    reason: str = ""
    formula: str = ""
    inputs: tuple[Input, ...] = ()
    shape: shapely.Geometry | None = None
    area_m2: float | None = None
    withheld: bool = False
    against: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    unsure: str = ""
    silent: str = ""
    perhaps: tuple[tuple[float, str], ...] = ()
    outcome: Outcome | None = None
    margin_m: float = 0.0


def judged(condition: Condition, limit: Dated, request: Request, told: Told) -> Judgement:
    """A measured number held against the limit, in the unit of the limit.

    Not met becomes `cannot_tell` where the measurement is unsure, a declared reason stands beside it, or the
    rule itself leaves it open; the reason then says so, for somebody has to verify it.
    """
    told = _in_unit(told, limit)
    outcome, why = _weighed(condition, limit, request, told)
    finding = Finding(
        condition.rule,
        condition.parameter.label,
        "request",
        request.zone,
        outcome,
        told.measured,
        told.unit,
        limit,
        told.formula,
        told.inputs,
        reason=" ".join(filter(None, [told.reason, *why])),
        remedy="" if outcome is Outcome.MET else condition.remedy,
        area_m2=told.area_m2,
    )
    shape = told.shape
    if outcome is Outcome.MET or shape is None or shape.is_empty:
        shape = None
    more = {"compare": condition.parameter.compare, "margin_m": told.margin_m}
    return Judgement(
        finding, condition.group, condition.hard, shape, told.withheld, told.against, told.layers, more
    )


def _in_unit(told: Told, limit: Dated) -> Told:
    """What was measured, in the unit of the limit."""
    if told.unit == limit.unit:
        return told
    by = convert(1.0, told.unit, limit.unit)
    measured = None if told.measured is None else told.measured * by
    perhaps = tuple((number * by, why) for number, why in told.perhaps)
    return replace(told, measured=measured, unit=limit.unit, perhaps=perhaps)


def _weighed(condition: Condition, limit: Dated, request: Request, told: Told) -> tuple[Outcome, list[str]]:
    """The outcome, and why it is none that is sure."""
    outcome = told.outcome or _hold(condition, told.measured, limit)
    if outcome is Outcome.CANNOT_TELL:
        return outcome, []
    why = [words for number, words in told.perhaps if _hold(condition, number, limit) is not outcome]
    if outcome is Outcome.NOT_MET:
        why += [*filter(None, (told.unsure, condition.open))]
        declared = sorted(set(condition.reasons) & request.reasons)
        why += [f"declared: {code} ({condition.reasons[code]})." for code in declared]
    elif told.silent:
        return Outcome.CANNOT_TELL, [*why, told.silent]
    return (Outcome.CANNOT_TELL, [*why, "To be verified."]) if why else (outcome, [])


def _hold(condition: Condition, measured: float | None, limit: Dated) -> Outcome:
    """Held by the comparison of the condition itself, wherever its limit stands."""
    own, other = condition.parameter, condition.limit_of
    if own is other:
        return own.hold(measured, limit)
    decimals = own.decimals if own.decimals is not None else other.decimals
    return replace(other, compare=own.compare, decimals=decimals).hold(measured, limit)


def names_of(names: NDArray[np.object_], areas: NDArray[np.float64]) -> tuple[str, ...]:
    """Names with their areas, the largest first, one for each name; the last says how many more there are.

    >>> names_of(np.array(["甲", "", "甲"], dtype=object), np.array([1.0, 5.0, 2.5]))
    ('(no name) (5.00 m²)', '甲 (3.50 m²)')
    """
    known, of = np.unique(names.astype(str), return_inverse=True)
    total = np.bincount(of, areas, len(known))
    order = np.lexsort((known, -total))
    told = [f"{known[at] or '(no name)'} ({total[at]:.2f} m²)" for at in order[:MOST].tolist()]
    more = len(known) - MOST
    return (*told, f"… {more} more ({total[order[MOST:]].sum():.2f} m²)") if more > 0 else tuple(told)

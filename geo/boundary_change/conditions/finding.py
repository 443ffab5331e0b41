"""From a measured number to a judgement (判定): outcome, declared reasons, layers that are not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from data.records import Dated, Finding, Input, Outcome
from geo.boundary_change.conditions.condition import Condition
from geo.boundary_change.conditions.grounds import Grounds
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.request import Request


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


def judged(condition: Condition, limit: Dated, request: Request, told: Told) -> Judgement:
    """A measured number held against the limit.

    Not met becomes `cannot_tell` where the measurement is unsure, a declared reason stands beside it, or the
    rule itself leaves it open; the reason then says so, for somebody has to verify it.
    """
    outcome = condition.limit_of.hold(told.measured, limit)
    reasons = [told.reason] if told.reason else []
    if condition.parameter is not condition.limit_of and told.measured is not None:
        outcome = _hold(condition, told.measured, limit)
    if outcome is Outcome.NOT_MET:
        declared = sorted(set(condition.reasons) & request.reasons)
        words = [f"declared: {code} ({condition.reasons[code]}); to be verified." for code in declared]
        words += [f"{each} To be verified." for each in (told.unsure, condition.open) if each]
        if words:
            outcome, reasons = Outcome.CANNOT_TELL, [*reasons, *words]
    if outcome is Outcome.MET and told.silent:
        outcome, reasons = Outcome.CANNOT_TELL, [*reasons, told.silent]
    met = outcome is Outcome.MET
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
        reason=" ".join(reasons),
        remedy="" if met else condition.remedy,
        area_m2=told.area_m2,
    )
    shape = None if met or told.shape is None or told.shape.is_empty else told.shape
    more = {"compare": condition.parameter.compare}
    return Judgement(
        finding, condition.group, condition.hard, shape, told.withheld, told.against, told.layers, more
    )


def _hold(condition: Condition, measured: float, limit: Dated) -> Outcome:
    """Held by the comparison of the condition itself, where its limit stands in another parameter."""
    own = condition.parameter
    decimals = own.decimals if own.decimals is not None else condition.limit_of.decimals
    return replace(condition.limit_of, compare=own.compare, decimals=decimals).hold(measured, limit)


def lacking(condition: Condition, request: Request, grounds: Grounds) -> str:
    """Why nothing can be said of a role near a request; empty when its layers are there."""
    box = grounds.constraints.reach.get(condition.role)
    if box is None:
        return (
            f"The book has no layer of the role {condition.role} on {request.day}. Take it in with mutan "
            "ingest constraints, or say with --role which layer it is; then check again."
        )
    west, south, east, north = request.degrees(request.shape(condition.of)).bounds
    if west < box[0] or south < box[1] or east > box[2] or north > box[3]:
        return (
            f"The layer of the role {condition.role} in the book does not reach the whole request, so that "
            "nothing can be said of this place. Take in the layer that covers it; then check again."
        )
    return ""


def names_of(values: Sequence[Any], areas: NDArray[np.float64]) -> tuple[str, ...]:
    """Names with their areas, the largest first, one for each name."""
    total: dict[str, float] = {}
    for value, area in zip(values, areas.tolist(), strict=True):
        name = "" if value is None or value != value else str(value)
        total[name] = total.get(name, 0.0) + area
    largest = sorted(total.items(), key=lambda each: (-each[1], each[0]))
    return tuple(f"{name or '(no name)'} ({area:.2f} m²)" for name, area in largest)

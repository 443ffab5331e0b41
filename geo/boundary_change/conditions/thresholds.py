"""Thresholds (指标门槛): a figure of the zone, of its statistics, ranks or shape, held against a limit.

How the figure comes about stands in the rule's `measure`, see `geo.boundary_change.conditions.measures`. It
is told in the unit of the limit. Where only bounds of it are known, the answer is the one that both give.
"""

from __future__ import annotations

from dataclasses import replace

from data.errors import RuleFileError, UnitMismatch
from data.records import Dated, Outcome
from data.units import convert
from geo.boundary_change.conditions.condition import Condition
from geo.boundary_change.conditions.finding import Told, judged
from geo.boundary_change.conditions.grounds import Grounds
from geo.boundary_change.conditions.measured import Measured
from geo.boundary_change.conditions.measures import measured
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.request import Request

COUNTERS = ("个", "家", "块", "位", "名", "次", "项")
"""Units of what is counted: a rule tells one of them, so that two is not read as 200 %"""


def threshold(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Judgement:
    """A figure held against its limit.

    Raises
    ------
    RuleFileError : `measure` is badly written, or its figure and the limit measure different things
    """
    return held(condition, limit, request, measured(condition, limit, request, grounds))


def held(condition: Condition, limit: Dated, request: Request, figure: Measured) -> Judgement:
    """A figure, or its bounds, held against a limit; what cannot be told says what is lacking."""
    figure = in_unit(condition, limit, figure)
    value, reason = figure.value, figure.reason
    if value is None and figure.bounds is not None:
        low, high = figure.bounds
        reason = f"{reason} It lies between {low:g} and {high:g} {limit.unit}"
        outcome = _outcome(condition, low, limit)
        if outcome is _outcome(condition, high, limit):
            nearest_high = (outcome is Outcome.MET) == (condition.parameter.compare == "at most")
            value = high if nearest_high else low  # the end that is nearer to the limit
            reason += ", and the answer is the same for both"
        reason += "."
    told = Told(
        value,
        limit.unit,
        reason,
        figure.formula,
        figure.inputs,
        shape=figure.shape,
        area_m2=None if figure.shape is None else figure.shape.area,
        layers=figure.layers,
    )
    return judged(condition, limit, request, told)


def in_unit(condition: Condition, limit: Dated, figure: Measured) -> Measured:
    """A figure in the unit of its limit.

    Raises
    ------
    RuleFileError : the two measure different things, and the rule is to blame; where what somebody stated is,
        the figure is unknown and says so
    """
    if figure.unit == limit.unit or not figure.unit or (figure.unit == "1" and limit.unit in COUNTERS):
        return figure
    try:
        factor = convert(1.0, figure.unit, limit.unit)
    except UnitMismatch as odd:
        if figure.stated:
            return figure.unknown(f"It is stated in {figure.unit}, its limit in {limit.unit}. {odd}")
        raise RuleFileError(
            f"{condition.rule}: its figure is in {figure.unit}, its limit in {limit.unit}, and neither can "
            "be told in the other. Correct the unit or the measure of the rule."
        ) from odd
    return figure.times(factor, limit.unit)


def _outcome(condition: Condition, number: float, limit: Dated) -> Outcome:
    """By the comparison of the condition, wherever its limit stands."""
    own, other = condition.parameter, condition.limit_of
    decimals = other.decimals if own.decimals is None else own.decimals
    return replace(other, compare=own.compare, decimals=decimals).hold(number, limit)

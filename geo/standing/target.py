"""One target as it stands (目标进度): where it is, where it should be, and what remains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from data.parameters import Parameter
from data.records import Dated, Input, Outcome
from geo.standing.course import compounded, still_required, straight, yearly_growth
from geo.standing.measured import Figure

KINDS = ("growth", "increase", "level", "added")


@dataclass(frozen=True, slots=True)
class Target:
    """A target of a plan, held against the figures of one subject up to one year.

    Parameters
    ----------
    code, label, kind : name of the rule's item; growth, increase, level or added
    subject : the region's code, or that of a zone
    year : whose figure is held; the target year once that is past
    way : `own` (the region's own row), `sum` (zones together) or `zone`
    goal : the value in force, with its article; None when none was, that day
    base_value, value, value_unit : figures of the base year and of `year`
    measured : what is held against the goal: growth, level, or the number added
    growth : compound, per year since the base year
    expected : where a steady course would stand in `year`, in `value_unit`
    lacking : how much the figure must still rise until the target year, in `value_unit`
    required_growth : growth per year from now on that reaches the goal
    required_per_year : amount per year from now on that reaches it
    outcome : whether the goal is met by `year`
    on_course : whether the figure is where a steady course would be, or better
    gaps : years between base and `year` for which there is no figure
    """

    code: str
    label: str
    kind: str
    subject: str
    year: int
    base_year: int
    target_year: int
    way: str
    unit: str
    goal: Dated | None = None
    base_value: float | None = None
    value: float | None = None
    value_unit: str = ""
    measured: float | None = None
    growth: float | None = None
    expected: float | None = None
    lacking: float | None = None
    required_growth: float | None = None
    required_per_year: float | None = None
    outcome: Outcome = Outcome.CANNOT_TELL
    on_course: Outcome = Outcome.CANNOT_TELL
    gaps: tuple[int, ...] = ()
    inputs: tuple[Input, ...] = ()
    formula: str = ""
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Every field; the goal is drawn out of its dated value."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return plain | {
            "goal": self.goal.value if self.goal else None,
            "article": self.goal.article if self.goal else None,
            "since": self.goal.since.isoformat() if self.goal else None,
            "status": self.goal.status if self.goal else None,
            "gaps": list(self.gaps),
            "inputs": [each.as_json() for each in self.inputs],
            "reason": self.reason or None,
        }


def reckon(blank: Target, rule: Parameter, base: Figure, now: Figure) -> Target:
    """The target with its numbers.

    Formulas: growth (now / base)^(1 / years) - 1; increase now / base - 1; added now - base. Expected:
    compound for growth and increase, straight for level and added.

    Parameters
    ----------
    blank : names, years, way and goal; the goal must be there
    rule : the rule, which rounds and compares
    base, now : figures of the base year and of `blank.year`
    """
    seen = replace(
        blank,
        base_value=base.value,
        value=now.value,
        value_unit=now.unit or base.unit,
        inputs=(*base.inputs, *(now.inputs if blank.year != blank.base_year else ())),
        formula=FORMULAS[blank.kind],
    )
    if base.value is not None and now.value is not None and base.unit != now.unit:
        said = (
            f"{blank.base_year} is stated in {base.unit}, {blank.year} in {now.unit}; the one cannot be told "
            "in the other. State both in one unit."
        )
        return replace(seen, reason=said)
    if blank.kind == "level":
        return _level(seen, rule, now, base.reason)
    return _change(seen, rule, base, now)


FORMULAS: Mapping[str, str] = {
    "growth": "(本年 / 基年)^(1/年数) - 1; 序时: 基年 x (1 + 目标)^年数",
    "increase": "本年 / 基年 - 1; 序时: 基年 x (1 + 目标)^(已过年数/总年数)",
    "level": "本年数值; 序时: 基年 + (目标 - 基年) x 已过年数/总年数",
    "added": "本年 - 基年; 序时: 目标 x 已过年数/总年数",
}


def _change(seen: Target, rule: Parameter, base: Figure, now: Figure) -> Target:
    """Growth, increase or number added since the base year: both figures are needed."""
    gone, whole = seen.year - seen.base_year, seen.target_year - seen.base_year
    if base.value is None or now.value is None:
        return replace(seen, reason=_lacking(base, now))
    if gone <= 0:
        return replace(seen, reason=f"No year lies between {seen.base_year} and {seen.year}.")
    goal = _goal(seen)
    if seen.kind == "added":
        reached = base.value + goal
        measured: float | None = now.value - base.value
        due = straight(base.value, reached, gone, whole)
        steady = due - base.value
    else:
        if base.value <= 0 or now.value < 0:
            return replace(seen, reason=_no_growth(seen))
        growth = yearly_growth(base.value, now.value, gone)
        reached = base.value * ((1 + goal) ** whole if seen.kind == "growth" else 1 + goal)
        measured = growth if seen.kind == "growth" else now.value / base.value - 1
        due = compounded(base.value, reached, gone, whole)
        steady = goal if seen.kind == "growth" else due / base.value - 1
        seen = replace(seen, growth=growth)
    limit = _dated(seen)
    return replace(
        _remaining(seen, reached),
        measured=measured,
        expected=due,
        outcome=rule.hold(measured, limit),
        on_course=rule.hold(measured, replace(limit, value=steady)),
    )


def _level(seen: Target, rule: Parameter, now: Figure, base_reason: str) -> Target:
    """A level of the target year: now alone tells whether it is reached, the base whether it is on course."""
    goal, limit = _goal(seen), _dated(seen)
    gone, whole = seen.year - seen.base_year, seen.target_year - seen.base_year
    due = None if seen.base_value is None else straight(seen.base_value, goal, max(gone, 0), whole)
    due = goal if gone >= whole else due
    outcome = _between(rule, limit, now)
    steady = Outcome.CANNOT_TELL if due is None else _between(rule, replace(limit, value=due), now)
    on_course = Outcome.MET if outcome is Outcome.MET else steady
    growth = None
    if seen.base_value is not None and now.value is not None:
        growth = yearly_growth(seen.base_value, now.value, gone)
    reason = now.reason
    if now.value is not None and on_course is Outcome.CANNOT_TELL:
        reason = f"Whether it is on course needs the base: {base_reason}"
    held = replace(seen, measured=now.value, growth=growth, expected=due, reason=reason)
    return replace(_remaining(held, goal), outcome=outcome, on_course=on_course)


def _between(rule: Parameter, limit: Dated, now: Figure) -> Outcome:
    """A figure held against a limit; one known only by its bounds may still be told."""
    if now.value is not None or now.low is None:
        return rule.hold(now.value, limit)
    low, high = rule.hold(now.low, limit), rule.hold(now.high, limit)
    return low if low is high else Outcome.CANNOT_TELL


def _remaining(seen: Target, reached: float) -> Target:
    """What must still come between `year` and the target year."""
    left = seen.target_year - seen.year
    if seen.value is None:
        return seen
    lacking = max(0.0, reached - seen.value)
    return replace(
        seen,
        lacking=lacking,
        required_growth=still_required(seen.value, reached, left),
        required_per_year=lacking / left if left > 0 else None,
    )


def _lacking(base: Figure, now: Figure) -> str:
    said = " ".join(dict.fromkeys(filter(None, (base.reason, now.reason))))
    return f"{said} State it in the statistics, or assess that year."


def _no_growth(seen: Target) -> str:
    said = f"The base of {seen.base_year} is {seen.base_value:g}, the figure of {seen.year} {seen.value:g}"
    return f"{said}: growth is told only from a base above zero to a figure not below zero. Check both."


def _goal(seen: Target) -> float:
    return float(_dated(seen).value or 0.0)


def _dated(seen: Target) -> Dated:
    if seen.goal is None:
        raise ValueError(f"{seen.code}: a target is reckoned only with its goal")
    return seen.goal

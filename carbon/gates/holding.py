"""A number that may be lacking, held against a rule (判定): met, not met, or cannot tell and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from data.errors import NoValueOnDay
from data.parameters import NATION, parameter
from data.records import Dated, Finding, Input, Outcome

RULES = "rules.carbon.zero_carbon_park"


@dataclass(frozen=True, slots=True)
class At:
    """About what, and by which day's rules.

    Parameters
    ----------
    zone, year : whose figures, of which year
    day : whose rules are asked for
    region : GB/T 2260 code of the zone's city or province
    known_on : only rules that were published by that day
    """

    zone: str
    year: int
    day: date
    region: str = NATION
    known_on: date = date.max


@dataclass(frozen=True, slots=True)
class Known:
    """A number that may be lacking, and between which values it lies.

    Parameters
    ----------
    value : None where it is not known, and then `reason` says why
    low, high : between which values the true number lies; None: the number is exact
    """

    value: float | None
    reason: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def ends(self) -> tuple[float, ...]:
        """The number and the ends of where it lies; empty where it is not known."""
        if self.value is None:
            return ()
        return tuple(each for each in (self.value, self.low, self.high) if each is not None)


def limit(name: str, at: At) -> Dated | None:
    """The value of a rule in force; None where none was, that day, or none was known.

    >>> limit(f"{RULES}.core_20_100", At("Z", 2024, date(2025, 12, 31))).value
    0.2
    >>> limit(f"{RULES}.core_20_100", At("Z", 2024, date(2025, 1, 1))) is None
    True
    """
    try:
        return parameter(name).on(at.day, at.region, at.known_on)
    except NoValueOnDay:
        return None


def hold(name: str, measured: Known, at: At, *, inputs: tuple[Input, ...] = (), remedy: str = "") -> Finding:
    """One number held against one rule; it cannot be told where the true value may lie on both sides.

    Parameters
    ----------
    remedy : what to do while the number is not known
    """
    asked, rule = limit(name, at), parameter(name)
    blank = Finding(
        rule=name,
        label=rule.label,
        kind="zones",
        subject=at.zone,
        outcome=Outcome.CANNOT_TELL,
        measured=measured.value,
        unit=rule.unit,
        limit=asked,
        inputs=inputs,
    )
    if asked is None:
        return replace(
            blank, reason=f"{rule.label} was not in force on {at.day}.", remedy="Ask for a later day."
        )
    if measured.value is None:
        return replace(blank, reason=measured.reason or "The figure is not known.", remedy=remedy)
    outcomes = {rule.hold(each, asked) for each in measured.ends}
    if len(outcomes) > 1:
        return replace(blank, reason=measured.reason, remedy=remedy)
    return _decided(blank, outcomes.pop(), measured.value, asked)


def _decided(blank: Finding, outcome: Outcome, value: float, asked: Dated) -> Finding:
    if outcome is not Outcome.NOT_MET or asked.value is None:
        return replace(blank, outcome=outcome)
    gap = float(f"{abs(value - asked.value):.12g}")
    return replace(
        blank,
        outcome=outcome,
        shortfall=gap,
        shortfall_unit=blank.unit,
        remedy=f"{'Raise' if value < asked.value else 'Lower'} it by {gap:g} to {asked.value:g}.",
    )


def counted(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings are met, not met, and cannot be told."""
    outcomes = [finding.outcome for finding in findings]
    return {str(outcome): outcomes.count(outcome) for outcome in Outcome}

"""Trajectories and the course to a target (减排路径与达标进度): plain arithmetic on figures and years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carbon.path.pledges import Pledge
from data.errors import NoSuchCode
from data.records import Outcome
from data.units import round_trip

DUST = 1e-12
SHAPES = {"straight": "直线", "compound": "等比"}


def straight(base: float, target: float, gone: int, whole: int) -> float:
    """Where an equal step each year stands.

    Formula: base + (target - base) x gone / whole

    >>> straight(100.0, 80.0, 1, 5), straight(100.0, 80.0, 5, 5)
    (96.0, 80.0)
    """
    return round_trip(base + (target - base) * gone / whole)


def compound(base: float, target: float, gone: int, whole: int) -> float | None:
    """Where an equal share each year stands; None unless base and target are above zero.

    Formula: base x (target / base)^(gone / whole)

    >>> compound(100.0, 81.0, 1, 2), compound(100.0, 0.0, 1, 2)
    (90.0, None)
    """
    if base <= 0 or target <= 0:
        return None
    return float(f"{base * (target / base) ** (gone / whole):.13g}")


def beyond(value: float, held: float) -> float:
    """How far a figure lies above what it is held against; 0 where only the dust of binary fractions does.

    >>> beyond(0.1 + 0.2, 0.3), beyond(95.0, 92.0)
    (0.0, 3.0)
    """
    gap = value - held
    return 0.0 if abs(gap) <= DUST * max(abs(value), abs(held)) else round_trip(gap)


@dataclass(frozen=True, slots=True)
class CourseYear:
    """One year of a pledge.

    Parameters
    ----------
    value : the indicator in that year; None where it is not known, and then `reason` says why
    straight, compound : where the trajectories stand; None where they cannot be drawn
    gap : value less the trajectory that is held against; above zero: too much
    yearly_cut : amount by which it must fall each year from now on to reach the target
    yearly_rate : the same as a share per year, by an equal share each year; 0.05 is a fall of 5 %
    outcome : on course (met), not, or cannot tell
    """

    year: int
    value: float | None = None
    straight: float | None = None
    compound: float | None = None
    gap: float | None = None
    yearly_cut: float | None = None
    yearly_rate: float | None = None
    outcome: Outcome = Outcome.CANNOT_TELL
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Every field."""
        return {name: getattr(self, name) or None if name == "reason" else getattr(self, name)
                for name in self.__slots__}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Course:
    """A pledge and how the zone stands to it, year by year.

    Parameters
    ----------
    shape : the trajectory that is held against, a key of `SHAPES`
    base, target : figures of the base and the target year, in `unit`
    base_origin : `pledge` where the pledge states it, `inventory` where it is that year's figure
    years : base year to target year
    reason : why nothing can be told; empty where something can
    """

    pledge: Pledge
    shape: str
    base: float | None
    target: float | None
    base_origin: str
    years: tuple[CourseYear, ...]
    reason: str = ""

    def on(self, year: int) -> CourseYear | None:
        """How the zone stands in a year; None outside the pledge's years."""
        return next((each for each in self.years if each.year == year), None)

    def as_json(self) -> dict[str, Any]:
        """The pledge, its figures, and every year."""
        return {
            "pledge": self.pledge.as_json(),
            "shape": self.shape,
            "base": self.base,
            "base_origin": self.base_origin,
            "target": self.target,
            "years": [each.as_json() for each in self.years],
            "reason": self.reason or None,
        }


def course(
    pledge: Pledge,
    values: Mapping[int, float | None],
    *,
    reasons: Mapping[int, str] | None = None,
    shape: str = "straight",
) -> Course:
    """How a zone stands to a pledge in each year from base to target.

    Formula: on course where value <= trajectory; gap = value - trajectory;
    cut still needed per year = (value - target) / years left

    Parameters
    ----------
    values : year -> the indicator, in the pledge's unit; None where it cannot be told
    reasons : year -> why it cannot be told
    shape : trajectory that is held against, a key of `SHAPES`

    Raises
    ------
    NoSuchCode : there is no such shape

    >>> from carbon.path.pledges import Pledge
    >>> told = course(Pledge("Z", "emissions_total", 2020, 2025, target=80.0), {2020: 100.0, 2022: 95.0})
    >>> year = told.on(2022)
    >>> year.straight, year.gap, year.outcome.value, year.yearly_cut
    (92.0, 3.0, 'not_met', 5.0)
    """
    if shape not in SHAPES:
        raise NoSuchCode(shape, f"The list of trajectories ({', '.join(SHAPES)})", SHAPES)
    base, origin = _base(pledge, values)
    target = pledge.target_from(base)
    span = range(pledge.base_year, pledge.target_year + 1)
    why = dict(reasons or {})
    lacking = _lacking(pledge, base, why)
    if base is None or target is None:
        years = tuple(CourseYear(year, values.get(year), reason=lacking) for year in span)
        return Course(pledge, shape, base, target, origin, years, lacking)
    told = (_year(pledge, (base, target), year, values.get(year), shape) for year in span)
    years = tuple(_with_reason(each, why) for each in told)
    return Course(pledge, shape, base, target, origin, years)


def _base(pledge: Pledge, values: Mapping[int, float | None]) -> tuple[float | None, str]:
    if pledge.base is not None:
        return pledge.base, "pledge"
    return values.get(pledge.base_year), "inventory"


def _lacking(pledge: Pledge, base: float | None, why: Mapping[int, str]) -> str:
    if base is not None:
        return f"The pledge names neither a value for {pledge.target_year} nor a share to fall by."
    known = f" ({why[pledge.base_year].rstrip('.')})" if pledge.base_year in why else ""
    year = pledge.base_year
    return f"{pledge.indicator} of the base year {year} is not known{known}, and the pledge states none."


def _year(
    pledge: Pledge, ends: tuple[float, float], year: int, value: float | None, shape: str
) -> CourseYear:
    base, target = ends
    gone, whole = year - pledge.base_year, pledge.target_year - pledge.base_year
    line, curve = straight(base, target, gone, whole), compound(base, target, gone, whole)
    held = line if shape == "straight" else curve
    drawn = CourseYear(year, value, line, curve)
    if value is None:
        return drawn
    if held is None:
        reason = (
            "An equal share each year leads from a figure above zero to another; choose the straight line."
        )
        return CourseYear(year, value, line, curve, reason=reason)
    left = pledge.target_year - year
    gap = beyond(value, held)
    return CourseYear(
        year, value, line, curve, gap,
        yearly_cut=round_trip(max(0.0, value - target) / left) if left else None,
        yearly_rate=_rate(value, target, left),
        outcome=Outcome.MET if gap <= 0 else Outcome.NOT_MET,
    )  # fmt: skip


def _rate(value: float, target: float, left: int) -> float | None:
    """The share by which it must fall each year; None where no year is left or no share leads there."""
    if left <= 0 or value <= 0 or (target <= 0 < value):
        return None
    return 0.0 if value <= target else float(f"{1 - (target / value) ** (1 / left):.12g}")


def _with_reason(year: CourseYear, why: Mapping[int, str]) -> CourseYear:
    if year.value is not None or year.reason:
        return year
    reason = why.get(year.year) or f"There is no figure of {year.year} yet."
    return CourseYear(year.year, None, year.straight, year.compound, reason=reason)

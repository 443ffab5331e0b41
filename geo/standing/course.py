"""Growth and the course to a target (年均增速, 序时进度): plain arithmetic on two figures and their years."""

from __future__ import annotations


def yearly_growth(base: float, now: float, years: int) -> float | None:
    """Compound growth per year.

    Formula: (now / base)^(1 / years) - 1

    Parameters
    ----------
    base, now : figures of the first and the last year, in one unit
    years : from one to the other

    Returns
    -------
    growth as a share per year; None where base is not above zero, now is below zero, or no year lies between

    >>> yearly_growth(100.0, 121.0, 2)
    0.1
    >>> yearly_growth(0.0, 5.0, 2) is None, yearly_growth(100.0, -1.0, 2) is None
    (True, True)
    """
    if base <= 0 or now < 0 or years <= 0:
        return None
    return float(f"{(now / base) ** (1 / years) - 1:.13g}")


def straight(base: float, goal: float, gone: int, whole: int) -> float:
    """Where a steady, equal step each year would stand; never beyond the goal.

    Formula: base + (goal - base) x gone / whole

    >>> straight(10.0, 20.0, 4, 5), straight(30.0, 20.0, 1, 5)
    (18.0, 20.0)
    """
    return goal if base >= goal else min(goal, base + (goal - base) * gone / whole)


def compounded(base: float, goal: float, gone: int, whole: int) -> float:
    """Where an equal growth each year from base to goal would stand. base is above zero.

    Formula: base x (goal / base)^(gone / whole)

    >>> compounded(100.0, 121.0, 1, 2)
    110.0
    """
    return float(f"{base * (goal / base) ** (gone / whole):.13g}")


def still_required(now: float, goal: float, left: int) -> float | None:
    """Growth per year from now on that would reach the goal; None from nothing, or with no year left.

    Formula: (goal / now)^(1 / left) - 1, and 0 where the goal is reached

    >>> still_required(100.0, 121.0, 2), still_required(130.0, 121.0, 2), still_required(0.0, 121.0, 2)
    (0.1, 0.0, None)
    """
    if left <= 0 or now <= 0:
        return None
    return 0.0 if now >= goal else yearly_growth(now, goal, left)

"""Half-widths for want of stated ones (不确定度缺省值), each a dated row of data/factors/uncertainty.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from carbon.category import Ask, Quote
from carbon.line import Factor
from data.errors import NoValueOnDay
from data.parameters import has, parameter, roots
from data.records import Dated

TABLE = "factors.uncertainty"
QUALITY = {"H": "high", "M": "medium", "L": "low"}
GUESSED = ("估", "estimat")
COALS = {
    *("anthracite", "bituminous_coal", "lignite", "cleaned_coal", "other_washed_coal", "briquette"),
    *("sub_bituminous_coal", "lignite_briquette", "coal_gangue", "coal_slime"),
}
EXEMPT = ("factors.gwp.", "factors.refrigerants.r")
"""A warming potential is a convention of the report that is chosen; a blend is what its name says."""
Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Used:
    """A default half-width that an answer rests on.

    Parameters
    ----------
    half_width : in %
    lines, tco2e : the lines that it stands in for, and what they emit
    """

    half_width: Dated
    lines: int
    tco2e: float

    def as_json(self) -> dict[str, Any]:
        """The dated value with the lines behind it."""
        return {**self.half_width.as_json(), "lines": self.lines, "tco2e": self.tco2e}


def of_activity(category: str, quality: str, guessed: bool, ask: Ask) -> Dated | None:
    """The half-width of an amount of which none is stated; None when none was known by that day.

    The stated quality comes first, then whether the amount is an estimate, then its category.

    >>> ask = Ask(2023, "410000")
    >>> of_activity("fuel", "", False, ask).value, of_activity("fuel", "L", False, ask).value
    (5, 30)
    """
    if quality in QUALITY:
        return _first((QUALITY[quality],), "activity", ask)
    names = (f"{category}_estimated", "estimated") if guessed else (category, "default")
    return _first(names, "activity", ask)


def is_guessed(source: str) -> bool:
    """Whether the words for where an amount comes from say that it is an estimate.

    >>> is_guessed("估算"), is_guessed("计量表")
    (True, False)
    """
    return any(word in source.lower() for word in GUESSED)


def of_measured(ask: Ask) -> Dated | None:
    """The half-width of a factor that a statement gives itself."""
    return _first(("measured",), "factor", ask)


def limit(ask: Ask) -> float:
    """The half-width above which errors are taken as lognormal, a share; 0.3 where no row was known.

    >>> limit(Ask(2023, "410000"))
    0.3
    """
    found = _first(("lognormal_above",), "", ask)
    return 0.3 if found is None or found.value is None else found.value / 100


def of_factor(factor: Factor, category: str, ask: Ask) -> tuple[Bounds, tuple[Dated, ...]]:
    """How far a factor's 95 % interval reaches below and above its value, as shares, and the defaults used.

    Formula: √Σ (share of the factor that the part bears x its bound)², below and above apart. The
    calorific value bears all of it, methane and nitrous oxide what they add, the others the rest. Where
    some parts of the rest state no interval, it is never taken as narrower than the default of its kind.

    Returns
    -------
    bounds >= 0, nan where no default was known by that day; a factor without parts has none: it is the
    unit of what was reported, and all doubt lies in the amount
    """
    bounds: dict[bool, list[Bounds]] = {True: [], False: []}
    used: list[Dated] = []
    silent = known = 0
    for part in factor.parts:
        gas, share = _share(part, factor)
        stated = _relative(part)
        known += stated is not None and not gas
        if stated is not None:
            bounds[bool(gas)].append((share * stated[0], share * stated[1]))
        elif not _certain(part):
            silent += not gas
            if gas and (row := _first((gas,), "factor", ask)) and row.value:
                bounds[True].append((share * row.value / 100,) * 2)
                used.append(row)
    low, high = _quadrature(bounds[False])
    if silent:
        row = _first((_kind(factor, category), "default"), "factor", ask)
        half = float("nan") if row is None or row.value is None else row.value / 100
        used += [row] if row is not None else []
        low, high = (max(half, low), max(half, high)) if known else (half, half)
    return _quadrature([(low, high), *bounds[True]]), tuple(used)


def factor_of(quote: Quote, of: str) -> Factor | None:
    """The factor of the total that is asked for."""
    return quote.ndrc910 if of == "ndrc910_tco2" else quote.factor


def _kind(factor: Factor, category: str) -> str:
    """The row of the table that a factor falls under."""
    names = [part.name for part in factor.parts]
    if all(name.startswith("factors.ndrc910.") for name in names):
        return "fixed"
    fuels = [name.split(".")[-2] for name in names if name.endswith(".carbon_content")]
    if not fuels:
        return category
    by_mass = any(name.endswith(".ncv") for name in names)
    return "coal_by_mass" if by_mass and COALS & set(fuels) else "fuel"


def _share(part: Dated, factor: Factor) -> tuple[str, float]:
    """The gas of combustion that a part is about, empty for the rest, and its share of the factor."""
    words = part.name.split(".")
    if words[-1] == "ncv" or not factor.value:
        return "", 1.0
    told = {gas.lower(): tonnes / factor.value for gas, tonnes in factor.others if gas in ("CH4", "N2O")}
    about = [gas for gas in told if any(word.startswith(gas) for word in words)]
    burned = any(each.name.endswith(".carbon_content") for each in factor.parts)
    if about:
        return about[0] if burned else "", told[about[0]]
    named = {gas for gas in told if any(w.startswith(gas) for p in factor.parts for w in p.name.split("."))}
    return "", 1.0 - sum(told[gas] for gas in named)


def _relative(part: Dated) -> Bounds | None:
    interval = part.interval
    if interval is None or not part.value:
        return None
    return max(0.0, 1 - interval[0] / part.value), max(0.0, interval[1] / part.value - 1)


def _certain(part: Dated) -> bool:
    """Whether a part holds no error of its own: a convention, or the full oxidation of a method."""
    return part.name.startswith(EXEMPT) or (part.value == 1 and part.unit == "1")


def _quadrature(bounds: Sequence[Bounds]) -> Bounds:
    low, high = (sum(each[side] ** 2 for each in bounds) ** 0.5 for side in (0, 1))
    return low, high


def _first(names: tuple[str, ...], group: str, ask: Ask) -> Dated | None:
    return _look_up(tuple(".".join(filter(None, (TABLE, group, name))) for name in names), ask, roots())


@lru_cache(maxsize=1024)
def _look_up(names: tuple[str, ...], ask: Ask, _roots: tuple[Path, ...]) -> Dated | None:
    """The first of these rows that there is and that was known."""
    for name in names:
        if has(name):
            try:
                return parameter(name).on(date(ask.year, 12, 31), ask.region, ask.known_on)
            except NoValueOnDay:
                continue
    return None

"""A category of emissions (排放类别), what is asked of it, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from carbon.choices import Choices
from carbon.line import Factor
from data.errors import NoValueOnDay, UnitMismatch
from data.parameters import NATION, Parameter, parameter
from data.records import Dated, Fault, Severity


@dataclass(frozen=True, slots=True)
class Ask:
    """For which year and place factors are wanted, by which choices, as known on which day.

    Parameters
    ----------
    region : GB/T 2260 code of the zone's city or province
    choices : `equipment` is that of the statement where it names one
    known_on : only what was published by that day, to recompute an old report
    purpose : what a fuel is used for (用途), a key of `one_of` of the column `purpose`; empty: final use
    """

    year: int
    region: str
    choices: Choices = field(default_factory=Choices)
    known_on: date = date.max
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """What one stated unit of an item adds to each of the totals.

    Parameters
    ----------
    times : stated unit -> unit of the factor
    factor : of the location total; None where it is not known, or `elsewhere` says why none is needed
    ndrc910 : of the zero-carbon park total, which nets exports: `sign` is -1 for what flows out
    elsewhere : why the amount adds nothing to the location total; empty where it does
    notation : then IE (counted elsewhere) or NA (nothing is emitted)
    faults : what a person should know or mend; an error leaves the line untold

    Raises
    ------
    UnitMismatch : a factor is per another unit than the amounts are told in, or not in tonnes
    """

    unit: str = ""
    times: float = 1.0
    factor: Factor | None = None
    ndrc910: Factor | None = None
    sign: int = 1
    elsewhere: str = ""
    notation: str = ""
    quality: str = ""
    faults: tuple[Fault, ...] = ()

    def __post_init__(self) -> None:
        for factor in (self.factor, self.ndrc910):
            if factor is None or factor.unit in (f"tCO2/{self.unit}", f"tCO2e/{self.unit}"):
                continue
            raise UnitMismatch(
                f"The amounts are told in {self.unit}, but a factor is in {factor.unit} ({factor.source}). "
                f"Write it in tCO2/{self.unit} in its file in data/factors."
            )


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of emission.

    Parameters
    ----------
    name, label : as in statements, English and Chinese
    scope : scope1, scope2, scope3 (as reported), land or captured; the last three stand beside the total
    part : its part of the zero-carbon park total; empty where that method has no place for it
    quote : item, unit, ask -> Quote
    flows : whether rows with a supplier are flows inside the park, counted where the fuel is burned
    measured : whether a statement's own factor takes the place of the default
    gas : out of `carbon.line.GASES`, what a factor of one's own is said to be of
    """

    name: str
    label: str
    scope: str
    part: str
    quote: Callable[[str, str, Ask], Quote]
    flows: bool = False
    measured: bool = True
    gas: str = "CO2"


def look_up(name: str, ask: Ask, region: str = NATION) -> tuple[Dated | None, tuple[Fault, ...]]:
    """The factor for a year, and what must be said about it.

    A table of data years that has no row for the year yet gives its latest earlier one, with a
    warning that names both years and every vintage there is. By the choice `vintage` it gives that of one
    data year, or (`exact`) that of the accounting year or none. A table silent on the year that is asked
    gives None and an error, which names the vintages that exist.

    >>> grid, said = look_up("factors.grid_electricity.province", Ask(2024, "410000"), "410000")
    >>> grid.value, said[0].code
    (0.5897, 'factor_of_another_year')
    """
    asked = parameter(name)
    vintage = ask.choices.vintage if asked.data_year else ""
    year = int(vintage) if vintage.isdigit() else ask.year
    try:
        found = asked.on(date(year, 12, 31), region, ask.known_on)
    except NoValueOnDay:
        return None, (_silent(name, ask, region, year),)
    if not asked.data_year or found.since.year == year:
        return found, ()
    if vintage:
        return None, (_silent(name, ask, region, year),)
    stands = Fault(
        code="factor_of_another_year",
        message=f"{asked.label} for {found.region} has no value of {year}{_by(ask)}; "
        f"that of {found.since.year} ({found.value:g} {found.unit}) stands in for it. "
        f"It has: {_vintages(asked, region)}.",
        remedy=f"Compute {year} again once its factor is published.",
        severity=Severity.WARNING,
        layer="activity",
    )
    return found, (stands,)


def softened(faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """The same faults as warnings, where only a total beside the main one is lost."""
    return tuple(replace(fault, severity=Severity.WARNING) for fault in faults)


def quality(factor: Factor, ask: Ask) -> str:
    """How good a factor is, in words: default or not, checked or not, of which year.

    >>> quality(Factor(0.11, "tCO2/GJ", (), 0.11), Ask(2023, "410000"))
    'default, verified'
    """
    old = [
        f"of {part.since.year} for {ask.year}"
        for part in factor.parts
        if parameter(part.name).data_year and part.since.year != ask.year
    ]
    return ", ".join(["default", "verified" if factor.verified else "unverified", *old])


def _silent(name: str, ask: Ask, region: str, year: int) -> Fault:
    asked = parameter(name)
    vintage = ask.choices.vintage if asked.data_year else ""
    other = "Choose another vintage or another factor" if vintage else "Choose another factor"
    return Fault(
        code="factor_missing",
        message=f"{asked.label} ({name}) has no value for {region} in {year}{_by(ask)}. "
        f"It has: {_vintages(asked, region) or 'none for that place'}.",
        remedy=f"{other}, or add the value with its article to its file in data/factors.",
        layer="activity",
    )


def _vintages(asked: Parameter, region: str) -> str:
    """Every year that a table has for a place, with the day on which it was published."""
    places = (region, region[:4] + "00", region[:2] + "0000", NATION)
    rows = [row for row in asked.history() if row.region in places]
    return ", ".join(f"from {row.since.year} (published {row.published})" for row in rows)


def _by(ask: Ask) -> str:
    return "" if ask.known_on == date.max else f" published by {ask.known_on}"

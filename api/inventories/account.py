"""The account of a zone's emissions (碳排放核算): the inventory, and all that is told beside it.

What is costly is made when it is first asked for: the Monte Carlo, the netting, what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from typing import Any

import pandas as pd

from api.inventories.checks import Checked, checked
from api.inventories.wishes import Wishes
from api.zone_tables import ground_of, region_of, statements_of, zone_on
from carbon.breakdowns import COUNTED
from carbon.category import Ask
from carbon.energy_balance import Energy, energy_balance
from carbon.gates.figures import Figures, figures, of_enterprises
from carbon.gates.holding import At
from carbon.gates.intensity import intensities
from carbon.gates.park import park_gate
from carbon.gates.power import power_shares
from carbon.gates.stated import Stated, stated
from carbon.inventory import Inventory, inventories
from carbon.ndrc910 import clauses
from carbon.netting import Netting, netting
from carbon.quality import grades, quality
from carbon.results import results
from carbon.uncertainty import Method, Uncertainty, uncertainty
from data.book.interface import Ask as Asked
from data.book.interface import Book
from data.errors import NotHere
from data.records import Fault, Finding, Result
from data.units import m2_to_mu
from geo.benefit import AreaBase, area_bases

FIGURES = ("emissions_", "ndrc910_", "energy_", "renewable_", "nonfossil_", "data_quality")
"""How the codes of its figures begin"""


@dataclass(frozen=True)
class Account:
    """What is told of the emissions of one zone in one year.

    Parameters
    ----------
    zone : its columns, as the book has them at the end of the year
    told : the inventory of the year and of those before, at least one
    enterprises, statistics : of all these years
    files : version of statements -> the file it came from
    built : built land at the end of the year
    day : whose rules the gates are held by: the day of knowledge, else the day of asking
    """

    zone: Mapping[str, Any]
    year: int
    wishes: Wishes
    told: Mapping[int, Inventory]
    enterprises: pd.DataFrame
    statistics: pd.DataFrame
    files: Mapping[str, str]
    built: AreaBase
    day: date

    @property
    def code(self) -> str:
        """Code of the zone."""
        return self.inventory.zone

    @property
    def name(self) -> str:
        """Name of the zone."""
        return str(self.zone["name"])

    @property
    def inventory(self) -> Inventory:
        """That of the year."""
        return self.told[self.year]

    @property
    def firms(self) -> pd.DataFrame:
        """The enterprises of the year."""
        return self.enterprises[(self.enterprises["year"] == self.year).to_numpy(bool)]

    @property
    def counted(self) -> pd.DataFrame:
        """The lines of scope 1 and scope 2."""
        frame = self.inventory.frame
        return frame[frame["scope"].isin(COUNTED).to_numpy()].reset_index(drop=True)

    @cached_property
    def uncertainty(self) -> Uncertainty:
        """Of the location total."""
        method = Method(approach=self.wishes.approach, draws=self.wishes.draws, seed=self.wishes.seed)
        return uncertainty(self.counted, self.inventory.quotes, self._ask(self.year), method)

    @cached_property
    def netting(self) -> Netting:
        """Enterprises on their own, flows between them, and whether they add up to the park."""
        told = self.inventory
        return netting(told.frame, told.quotes, self._ask(self.year), told.zone)

    @cached_property
    def checked(self) -> Checked:
        """What is missing, jumps, outliers, and sums against the totals that are stated."""
        both = {year: self.told[year] for year in (self.year - 1, self.year)}
        return checked(both, self._ask(self.year), self.netting, self.enterprises, self.statistics)

    @cached_property
    def line_grades(self) -> pd.DataFrame:
        """Quality of each line: activity_grade, factor_grade, grade."""
        return grades(self.inventory.frame, self.inventory.quotes)

    @property
    def energy(self) -> Energy:
        """Energy really consumed, tce."""
        return self._energy(self.year)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The zero-carbon park gate: core, acceptance, guide indicators, basic conditions."""
        return self.gate()

    def gate(self, excluded: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
        """The same gate, with guide indicators left out for a reason, name -> reason."""
        at = At(self.code, self.year, self.day, self.inventory.region, self.wishes.known_on)
        return park_gate(self.inventory.ndrc910, self.energy, self._stated(self.year), at, excluded)

    @cached_property
    def intensities(self) -> tuple[Result, ...]:
        """Per mu, per 万元, per tce, growth, renewable share and capacity."""
        told = intensities(self.figures(self.year), self.figures(self.year - 1))
        return (*told, *power_shares(self.inventory.frame))

    def ratios(self, year: int) -> dict[str, Result]:
        """The intensities of one of the years, by code."""
        before = self.figures(year - 1) if year - 1 in self.told else None
        return {each.code: each for each in intensities(self.figures(year), before)}

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """Every figure that can be asked why: totals, clauses, energy, intensities."""
        told = self.inventory
        energy = (self.energy.equivalent, self.energy.physical)
        beside = (quality(told.frame, told.quotes), self.checked.completeness.share)
        made = (*results(told), *clauses(told), *energy, *self.intensities, *beside)
        named = (
            each if each.layer_versions else replace(each, layer_versions=told.versions) for each in made
        )
        return tuple({each.code: each for each in named}.values())

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """What a person should mend or know, of statements, flows, completeness and figures."""
        said = (*self.inventory.faults, *self.netting.faults, *self.checked.faults)
        every = (*said, *self.energy.faults, *self._stated(self.year).faults)
        # two parts may ask for the same factor, and then say the same of it
        return tuple({(each.code, each.message, each.row): each for each in reversed(every)}.values())[::-1]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the figures."""
        return tuple(each.code for each in self.results)

    def result(self, code: str) -> Result:
        """The figure of that code.

        Raises
        ------
        NotHere : there is none
        """
        for each in self.results:
            if each.code == code:
                return each
        raise NotHere("result", code, self.codes)

    def _ask(self, year: int) -> Ask:
        return Ask(year, self.told[year].region, self.wishes.choices, self.wishes.known_on)

    @cached_property
    def _stated(self) -> Callable[[int], Stated]:
        """The figures that the statistics state for a year, read once."""
        return cache(lambda year: stated(self.statistics, self.code, year))

    @cached_property
    def _energy(self) -> Callable[[int], Energy]:
        """The energy consumed in a year, balanced once."""

        def balanced(year: int) -> Energy:
            own = self._stated(year).get("electricity_coal_equivalent")
            return energy_balance(self.told[year].frame, self._ask(year), coal_stated=own)

        return cache(balanced)

    def figures(self, year: int) -> Figures:
        """The figures of one of the years; built land is known for the last alone."""
        told, energy, area = self.told[year], self._energy(year), self.built.area_m2
        known = {
            "emissions_total": told.location.told["total"],
            "ndrc910_total": told.ndrc910.told["total"],
            "energy_tce": energy.equivalent.value,
            "land": None if area is None or year != self.year else m2_to_mu(area),
        }
        reasons = {
            "emissions_total": told.location.reasons.get("total", ""),
            "ndrc910_total": told.ndrc910.reasons.get("total", ""),
            "energy_tce": energy.equivalent.reason,
            "land": self.built.reason,
        }
        firms = of_enterprises(self.enterprises, self.code, year)
        return figures(year, known, reasons=reasons, statistics=self._stated(year), enterprises=firms)


def account_of(
    book: Book, code: str, year: int, wishes: Wishes | None = None, *, since: int | None = None
) -> Account:
    """The account of a zone in a year, out of the book.

    Parameters
    ----------
    since : first year whose inventory is made beside it; None: the year before

    Raises
    ------
    NotHere : the book has no such zone
    NothingInForce : it has, but no boundary of it was in force at the end of that year
    """
    how = wishes or Wishes()
    day = date(year, 12, 31)
    zone = zone_on(book, code, day)
    region = region_of(zone)
    years = range(min(year - 1 if since is None else since, year - 1), year + 1)
    activity = statements_of(book, "activity", code, years)
    firms = statements_of(book, "enterprises", code, years)
    told = inventories(
        activity,
        zone=code,
        regions=dict.fromkeys(years, region),
        choices=how.choices,
        known_on=how.known_on,
        enterprises=frozenset(firms["enterprise_id"].dropna()),
    )
    statistics = pd.concat([book.read("statistics", Asked(zone=code, year=each)) for each in years])
    asked_on = date.today() if how.known_on == date.max else how.known_on
    files = {version.name: version.source.path for version in book.versions("activity")}
    return Account(zone, year, how, told, firms, statistics, files, _built(book, code, day, firms), asked_on)


def _built(book: Book, code: str, day: date, firms: pd.DataFrame) -> AreaBase:
    """Built land of the zone, by which emissions per mu are told."""
    ground = ground_of(book, code, day)
    return area_bases(ground.zone, ground.survey, firms)["built"]

"""One zone on one ground (在给定边界上评价): what an assessment makes of a boundary, parcels and statements.

The ground may be one that the book has, or one that a zone would have if its boundary moved.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from api.assess_carbon import emissions, flow_faults
from api.assessment import Assessment
from api.chosen import Chosen
from api.further import MORE
from api.zone_tables import Ground, Tables, region_of, statements_of
from carbon.choices import Choices
from carbon.inventory import Inventory, inventories
from data.book.interface import Book
from data.records import Fault, Result
from geo.benefit import FIGURES
from geo.benefit import measure as benefit
from geo.land import faults as land_faults
from geo.land import hold, unheld
from geo.land import measure as land
from geo.land.zone_types import zone_type_once

BENEFIT_CODES = frozenset(figure.code for figure in FIGURES)
EMISSIONS = "emissions_"


def assess_ground(
    book: Book,
    ground: Ground,
    year: int,
    *,
    day: date | None = None,
    firms: pd.DataFrame | None = None,
    told: Inventory | None = None,
    choices: Choices | None = None,
    chosen: Chosen | None = None,
) -> Assessment:
    """A zone as it would be on some ground: with a boundary that it does not have, or on a day within a year.

    Parameters
    ----------
    ground : boundary and parcels, whether the book has them or not
    year : of the statements
    day : which rules are in force; None: the last of the year
    firms, told : statements of enterprises, and the inventory; None: those that the book has of the zone
    """
    code, region = str(ground.zone["code"]), region_of(ground.zone)
    if firms is None:
        firms = statements_of(book, "enterprises", code, [year])
    if told is None:
        told = inventory_of(book, code, region, year, firms, choices)
    how = chosen or Chosen()
    tables = Tables(book, code, year, day or date(year, 12, 31), region, ground, firms, how)
    return assessed(tables, LandTold.of(ground, how), told)


def some_results(tables: Tables, told: Callable[[], Inventory], only: Collection[str]) -> list[Result]:
    """The results of some codes alone, for whoever checks many grounds and needs few figures of each.

    Parameters
    ----------
    told : makes the inventory; called when a figure of emissions is wanted
    only : codes; each result is what `assess_ground` gives under that code
    """
    zone, survey, firms = tables.zone, tables.survey, tables.enterprises
    named = _versions(tables.parcels)
    how = {"definition": tables.chosen.definition, "vacant": tables.chosen.vacant}
    bare = unheld(survey, zone, origin=", ".join(named) or "parcels", only=only, **how)
    found = [hold(each, tables.day, tables.region) for each in bare]
    if set(only) & BENEFIT_CODES:
        found += benefit(firms, survey, zone, tables.year, base=tables.chosen.base)
    if any(code.startswith(EMISSIONS) for code in only):
        found += emissions(told(), firms, survey, zone)
    lacking = set(only) - {each.code for each in found}
    if lacking:
        found += [result for measure in MORE for result in measure(tables)[0]]
    versions = [*_versions(zone), *named, *_versions(firms)]
    return [_with_versions(each, versions) for each in found if each.code in only]


def inventory_of(
    book: Book, code: str, region: str, year: int, firms: pd.DataFrame, choices: Choices | None = None
) -> Inventory:
    """The inventory of a zone in a year, out of the statements that the book has of it.

    Parameters
    ----------
    firms : the year's statements of enterprises, whose ids are known as suppliers
    """
    return inventories(
        statements_of(book, "activity", code, [year]),
        zone=code,
        regions={year: region},
        choices=choices,
        enterprises=frozenset(firms["enterprise_id"].dropna()),
    )[year]


@dataclass(frozen=True, slots=True)
class LandTold:
    """What the ground alone tells, whatever the year: indicators before any rule, faults, versions."""

    bare: tuple[Result, ...]
    faults: tuple[Fault, ...]
    origin: str
    versions: tuple[str, ...]

    @classmethod
    def of(cls, ground: Ground, chosen: Chosen) -> LandTold:
        """What a ground tells by the chosen definitions."""
        named = _versions(ground.parcels)
        origin = ", ".join(named) or "parcels"
        share = {"definition": chosen.definition, "vacant": chosen.vacant}
        bare = unheld(ground.survey, ground.zone, origin=origin, **share)
        odd = (*ground.faults, *land_faults(ground.survey))
        return cls(tuple(bare), odd, origin, (*_versions(ground.zone), *named))


def assessed(tables: Tables, ground: LandTold, told: Inventory) -> Assessment:
    """All that is measured of one zone in one year."""
    zone, survey, firms = tables.zone, tables.survey, tables.enterprises
    day, region, origin = tables.day, tables.region, ground.origin
    more = [measure(tables) for measure in MORE]
    earned = benefit(firms, survey, zone, tables.year, base=tables.chosen.base)
    beside = {each.code: each for each in earned}
    once = tables.ground.once
    settings = {"bare": ground.bare, "beside": beside, "evaluation": tables.chosen.evaluation or None}
    typed = zone_type_once(once, survey, zone, day, region)[1]
    measured = [
        *land(survey, zone, day=day, region=region, origin=origin, once=once, **settings),
        *earned,
        *emissions(told, firms, survey, zone),
        *(result for results, _ in more for result in results),
    ]
    versions = [*ground.versions, *_versions(firms), *told.versions]
    return Assessment(
        tables.code,
        str(zone["name"]),
        tables.year,
        tuple(_with_versions(result, versions) for result in measured),
        (
            *ground.faults,
            *typed,
            *told.faults,
            *flow_faults(told),
            *(fault for _, faults in more for fault in faults),
        ),
        told,
    )


def _versions(rows: Mapping[str, Any] | pd.DataFrame) -> list[str]:
    """Names of the layer versions behind rows."""
    if isinstance(rows, pd.DataFrame):
        return sorted(map(str, rows["version"].dropna().unique())) if "version" in rows else []
    return [str(rows["version"])] if rows.get("version") else []


def _with_versions(result: Result, versions: list[str]) -> Result:
    return replace(result, layer_versions=tuple(dict.fromkeys((*result.layer_versions, *versions))))

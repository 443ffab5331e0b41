"""Land indicators (土地利用指标): one file each, from parcels apportioned to a zone.

`INDICATORS` is the table of contents: what is not in it does not exist elsewhere. `BEYOND` lists the results
that stand on indicators or on geometry: score, potentials, years of supply left.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from data.errors import NoValueOnDay
from data.parameters import NATION, Parameter, names, parameter
from data.records import Fault, Result
from geo.land.approved_unsupplied_rate import approved_unsupplied_rate
from geo.land.building_density import building_density
from geo.land.built_rate import built_rate
from geo.land.contents import BEYOND, INDICATORS
from geo.land.contradictions import built_share, chain, land_faults
from geo.land.development_rate import development_rate
from geo.land.evaluation import evaluate
from geo.land.high_tech_share import high_tech_share
from geo.land.idle_rate import idle_rate
from geo.land.indicator import Indicator
from geo.land.industrial_building_coefficient import industrial_building_coefficient
from geo.land.industrial_plot_ratio import industrial_plot_ratio
from geo.land.industrial_share import industrial_share, p1, p2, p3, p4
from geo.land.plot_ratio import plot_ratio
from geo.land.population_density import population_density
from geo.land.supply_rate import supply_rate
from geo.land.survey import surveyed
from geo.land.zone_types import afresh, zone_type_of


def measure(
    parcels: pd.DataFrame,
    zone: Mapping[str, Any],
    *,
    day: date,
    region: str,
    origin: str = "parcels",
    bare: Sequence[Result] | None = None,
    **settings: Any,
) -> list[Result]:
    """Every land indicator of one zone, each held against its rule where there is one.

    Parameters
    ----------
    parcels : one row per parcel or part of one inside the zone; area_m2 is the ellipsoidal
        area apportioned to the zone; other columns as in `surveyed`
    zone : what is known of the zone; `population` is used, and `code`, `category` and `part` by `evaluate`
    day, region : which thresholds are in force
    origin : what the inputs name as their layer
    bare : the indicators as `unheld` returns them, for whoever holds the same parcels against the rules of
        several years; None measures them
    settings : `definition` (auto, p1 to p4) and `vacant` of `industrial_share`; `evaluation`, the name of an
        evaluation table; `beside`, code -> Result of what an evaluation needs besides land (`geo.benefit`);
        `once`, which keeps what is the same in all years of these parcels, as `evaluate` takes it

    Returns
    -------
    one Result per indicator, in the order of `INDICATORS`, then those of `evaluate`; a None has its reason

    Raises
    ------
    ColumnMissing : there is no area_m2
    NoSuchCode : there is no such definition, or no such evaluation table
    """
    table = surveyed(parcels)
    measured = bare if bare is not None else unheld(table, zone, origin=origin, **settings)
    results = [hold(each, day, region) for each in measured]
    known = {**(settings.get("beside") or {}), **{result.code: result for result in results}}
    how = {"table": settings.get("evaluation"), "origin": origin, "once": settings.get("once", afresh)}
    return [*results, *evaluate(known, table, zone, day=day, region=region, **how)]


def unheld(
    parcels: pd.DataFrame,
    zone: Mapping[str, Any],
    *,
    origin: str = "parcels",
    only: Collection[str] | None = None,
    **settings: Any,
) -> list[Result]:
    """Every land indicator of one zone before any rule: the same for all years with the same parcels.

    Parameters and what is raised are those of `measure`.

    Parameters
    ----------
    only : codes of the indicators that are wanted; None: all
    """
    table = surveyed(parcels)
    given = {"population": zone.get("population"), **settings}
    wanted = [each for each in INDICATORS if only is None or each.code in only]
    return [each.measure(table, given, origin) for each in wanted]


def hold(result: Result, day: date, region: str) -> Result:
    """The result with the target of its rule in force, and whether it is met.

    Unchanged where no rule of `data/rules/land` measures it, or none was in force that day.
    """
    rule = _rules().get(result.code)
    if rule is None:
        return result
    try:
        limit = rule.on(day, region)
    except NoValueOnDay:
        return result
    return replace(
        result,
        target=limit.value,
        outcome=rule.hold(result.value, limit),
        articles=(*result.articles, limit),
    )


def faults(
    parcels: pd.DataFrame,
    zone: Mapping[str, Any] | None = None,
    *,
    day: date | None = None,
    region: str = NATION,
) -> list[Fault]:
    """Warnings about a zone's parcels: contradictions, and a chain of rates that does not close.

    Parameters
    ----------
    zone, day, region : where given, the zone's own category is held against its land too
    """
    table = surveyed(parcels)
    typed = zone_type_of(table, zone, day, region)[1] if zone is not None and day is not None else []
    if "parcel_id" in parcels:
        table = table.set_axis(parcels["parcel_id"])
    rates = {each.code: each.measure(table) for each in (development_rate, supply_rate, built_rate)}
    broken = chain(rates, built_share(table))
    return [*land_faults(table), *([broken] if broken else []), *typed]


@cache
def _rules() -> dict[str, Parameter]:
    """The rules on land, by the code of the indicator that each measures."""
    found = (parameter(name) for name in names() if name.startswith("rules.land."))
    return {rule.measures: rule for rule in found if rule.measures}

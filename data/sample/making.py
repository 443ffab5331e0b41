"""The whole sample put together (示例生成): nine zones, each from its own stream of random numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from data.codes.zones import zone
from data.kinds import kinds
from data.sample.accounts import tell_accounts
from data.sample.beside import tell_beside
from data.sample.cover import COVERED, see_from_above
from data.sample.deals import strike_deals
from data.sample.economy import tell_years
from data.sample.energy import state_energy
from data.sample.filings import file_returns
from data.sample.firms import names_of, place_firms
from data.sample.gate_figures import tell_figures
from data.sample.halls import lay_halls
from data.sample.land import Land, lay_zone, to_kind
from data.sample.lines import widen
from data.sample.lists import list_admissions, list_controls
from data.sample.objections import object_to
from data.sample.oddities import (
    Made,
    declare_wrongly,
    include_elsewhere,
    keep_confidential,
    lose_a_tax_figure,
    refund,
)
from data.sample.outskirts import lay_outskirts
from data.sample.plan import BOUNDARY_CHANGE, FIRST_DAY, GRADES, PLANE, PLANS, SERVICES, YEARS
from data.sample.planned import foresee, lay_planned
from data.sample.processes import close_lines, run_processes
from data.sample.projects import add_projects
from data.sample.province import tell_further, tell_province
from data.sample.records import NOTE, Layer, Sample, Story
from data.sample.reductions import mean_to_save, pledge
from data.sample.requests import ask_to_grow, shapes_of
from data.sample.sheet import SHEET_OF, wide_sheet
from data.sample.statements import dress
from data.sample.stories import tell_stories
from data.sample.stories_carbon import tell_of_carbon
from data.sample.stories_figures import tell_of_figures
from data.sample.stories_projects import tell_of_projects
from data.sample.surroundings import ASKS, lay_constraints
from data.sample.titles import date_plots, register
from data.sample.trades import TRADES
from data.sample.unusual import burn_more, state_less, switch_fuel

WITH_HALLS = "G411164"
KINDS = {name: of.label for name, of in kinds().items()}
ODD: dict[str, tuple[Callable[[Made], Story], ...]] = {
    "G411031": (include_elsewhere,),
    "G411162": (declare_wrongly, lose_a_tax_figure),
    "G411163": (refund,),
    "G411167": (keep_confidential,),
}


def make(seed: int = 410000) -> Sample:
    """The made-up sample; the same seed makes the same sample, to the last digit.

    Parameters
    ----------
    seed : any whole number >= 0
    """
    every, stories = [], []
    for number in range(1, len(PLANS) + 1):
        made = make_zone(seed, number)
        stories += [change(made) for change in ODD.get(made.land.plan.code, ())]
        stories += [story for story in (state_less(made), switch_fuel(made)) if story]
        close_lines(made)
        every.append(made)
    asking = next(made.land for made in every if made.land.plan.code == ASKS)
    requests = ask_to_grow(asking, asking.outline(BOUNDARY_CHANGE), _constraints(seed, asking))
    seen = next(made.land for made in every if made.land.plan.code == COVERED)
    covers, found = see_from_above(np.random.default_rng([seed, seen.number, 13]), seen)
    objections = object_to(every)
    stories += [*tell_of_figures(every, objections), *tell_of_projects(every), *found]
    stories += tell_of_carbon(every)
    outside = lay_outskirts(
        np.random.default_rng([seed, asking.number, 16]),
        asking.number,
        asking.outline(BOUNDARY_CHANGE),
        shapes_of(requests),
    )
    layers = (
        *_layers(seed, every),
        *_laid_down(every, objections),
        _layer("parcels", outside, "示例_地块_区外"),
    )
    sheets = tuple(wide_sheet(made) for made in every if made.land.plan.code == SHEET_OF)
    return Sample(seed, layers, (*tell_stories(every), *stories), requests, covers, sheets)


def make_zone(seed: int, number: int) -> Made:
    """One zone by itself: its land, who works there, what they earn and burn, what they promised.

    Each subject has its own stream of random numbers, so a zone is the same whether the others are made
    or not, and its land the same whatever is changed in how enterprises are made.
    """
    plan = PLANS[number - 1]
    land = lay_zone(seed, number, plan, zone(plan.code))
    rng = np.random.default_rng([seed, number, 3])
    years = tell_years(rng, land, place_firms(rng, land))
    activity = state_energy(np.random.default_rng([seed, number, 4]), plan.code, years)
    burn_more(plan.code, years, activity)
    projects = strike_deals(np.random.default_rng([seed, number, 5]), land, years)
    file_returns(np.random.default_rng([seed, number, 8]), land, years, activity)
    register(np.random.default_rng([seed, number, 9]), land, years)
    projects = add_projects(np.random.default_rng([seed, number, 10]), land, years, projects)
    date_plots(land, projects)
    foresee(np.random.default_rng([seed, number, 11]), land)
    made = Made(land, years, widen(activity), projects)
    dress(np.random.default_rng([seed, number, 14]), made)
    tell_beside(np.random.default_rng([seed, number, 15]), made)
    run_processes(made)
    return made


def _layers(seed: int, every: list[Made]) -> list[Layer]:
    """Deliveries of what there is, in the order in which they are to be ingested."""
    return [*_boundaries(every), *_parcels(every), *_around(seed, every), *_tables(seed, every)]


def _around(seed: int, every: list[Made]) -> list[Layer]:
    laid = [_constraints(seed, made.land) for made in every]
    around = gpd.GeoDataFrame(pd.concat(laid, ignore_index=True), crs=PLANE)
    halls = next(lay_halls(made.land) for made in every if made.land.plan.code == WITH_HALLS)
    return [_layer("constraints", around, "示例_管控图层"), _layer("buildings", halls, "示例_建筑_红旗渠")]


def _laid_down(every: list[Made], objections: pd.DataFrame) -> list[Layer]:
    """What is foreseen and laid down, and what is said against figures: ingested after all else."""
    foreseen = pd.concat([lay_planned(made.land) for made in every], ignore_index=True)
    tables = {
        "controls": list_controls(),
        "admissions": list_admissions(),
        "objections": objections,
        "measures": mean_to_save(every),
        "pledges": pledge(every),
    }
    return [
        _layer("constraints", gpd.GeoDataFrame(foreseen, crs=PLANE), "示例_规划用地"),
        *[_layer(kind, table, f"示例_{KINDS[kind]}", None) for kind, table in tables.items()],
    ]


def _constraints(seed: int, land: Land) -> gpd.GeoDataFrame:
    return lay_constraints(np.random.default_rng([seed, land.number, 6]), land)


def _tables(seed: int, every: list[Made]) -> list[Layer]:
    """Tables hold for the years that they name, and need no first day."""
    new = [made.projects["case"].ne("") for made in every]
    accounts = [_accounts(seed, made) for made in every]
    further = [_further(seed, made, told) for made, told in zip(every, accounts, strict=True)]
    province = tell_province(np.random.default_rng([seed, 0, 12]), [*accounts, *further])
    told = {
        "enterprises": [_enterprises(made) for made in every],
        "activity": [made.activity for made in every],
        "projects": [
            *[made.projects[~rows] for made, rows in zip(every, new, strict=True)],
            *[made.projects[rows] for made, rows in zip(every, new, strict=True)],
        ],
        "statistics": [*accounts, *further, province, *[tell_figures(made) for made in every]],
    }
    return [
        _layer(kind, pd.concat(tables, ignore_index=True), f"示例_{KINDS[kind]}", None)
        for kind, tables in told.items()
    ]


def _accounts(seed: int, made: Made) -> pd.DataFrame:
    rng = np.random.default_rng([seed, made.land.number, 7])
    return tell_accounts(rng, made.land.plan.code, made.years, _residents(made))


def _further(seed: int, made: Made, told: pd.DataFrame) -> pd.DataFrame:
    rng = np.random.default_rng([seed, made.land.number, 12])
    return tell_further(rng, made.land.plan.code, made.years, told)


def _layer(
    kind: str, rows: pd.DataFrame, name: str, since: date | None = FIRST_DAY, note: str = NOTE
) -> Layer:
    return Layer(kind, to_kind(kind, rows), name, since, note)


def _boundaries(every: list[Made]) -> list[Layer]:
    """All zones as they stood first, then those that have changed since."""
    first = gpd.GeoDataFrame([_zone(made, FIRST_DAY) for made in every], crs=PLANE)
    changed = [made for made in every if not made.land.within(FIRST_DAY).all()]
    later = gpd.GeoDataFrame([_zone(made, BOUNDARY_CHANGE) for made in changed], crs=PLANE)
    note = f"{NOTE}；自 {BOUNDARY_CHANGE} 起扩区后的边界"
    return [
        _layer("zones", first, "示例_开发区"),
        _layer("zones", later, "示例_开发区_扩区后", BOUNDARY_CHANGE, note),
    ]


def _zone(made: Made, day: date) -> dict[str, object]:
    land = made.land
    area = land.parcels.loc[land.within(day), "declared_area_m2"].sum()
    return {
        "code": land.plan.code,
        "name": land.entry["name"],
        "level": land.entry["level"],
        "city": land.entry["city"],
        "approved_ha": land.entry["approved_ha"],
        "administered_ha": round(area / 1e4, 1),
        "population": _residents(made, day),
        "category": land.plan.category,
        "purpose": "modern_services" if land.plan.code in SERVICES else "advanced_manufacturing",
        "land_grade": GRADES[land.plan.code],
        "geometry": land.outline(day),
    }


def _residents(made: Made, day: date = BOUNDARY_CHANGE) -> float:
    """People who live there: by floor area of homes, and a part of the staff in dormitories."""
    parcels = made.land.parcels[made.land.within(day)]
    homes = parcels.loc[parcels["code3"] == "0701", "floor_area_m2"].sum()
    year = min(day.year, YEARS[-1])
    staff = made.years.loc[made.years["year"] == year, "employees"].sum()
    return float(round((homes / 36 + 0.3 * staff) / 100) * 100)


def _parcels(every: list[Made]) -> list[Layer]:
    """One delivery per zone; a second where the boundary has changed."""
    layers = []
    for made in every:
        land, short = made.land, str(made.land.entry["name"]).removesuffix("经济技术开发区")
        first = land.within(FIRST_DAY)
        layers.append(_layer("parcels", land.parcels[first], f"示例_地块_{short}"))
        if not first.all():
            name, note = f"示例_地块_{short}_扩区后", f"{NOTE}；自 {BOUNDARY_CHANGE} 起扩区后的地块"
            layers.append(_layer("parcels", land.parcels, name, BOUNDARY_CHANGE, note))
    return layers


def _enterprises(made: Made) -> pd.DataFrame:
    years = made.years
    industry = years["trade"].map({name: trade.industry for name, trade in TRADES.items()})
    return years.assign(zone=made.land.plan.code, name=names_of(years), industry=industry)

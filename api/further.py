"""What an assessment measures beside land, benefit and emissions (其他评价): supply, projects, idle land.

`MORE` is the table of contents: each takes the tables of one zone and year, and gives results and faults.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import shapely

from api.zone_tables import Tables
from data.book.interface import Ask
from data.errors import NoValueOnDay
from data.records import Fault, Result
from data.units import m2_to_mu
from geo import projects, standing
from geo.benefit import spread
from geo.benefit.grading import grade
from geo.benefit.scheme import scheme
from geo.land.supply_years import reserve_of, years_left

PLANNED, EVIDENCE = "planned_construction", "evidence"
HENAN = "henan_2019"
NO_SCHEME = "No scheme holds here. Choose one: mutan assess --scheme NAME, a file of data/rules/benefit."
NO_FIRMS = "There is no statement of enterprises for the year. Take in the year's statements."
NO_PROJECTS = "The book holds no projects of this zone. Take them in with mutan ingest projects."


def supply(tables: Tables) -> tuple[Sequence[Result], Sequence[Fault]]:
    """Years of supply left, by geometry."""
    planned, evidence = (_constraints(tables, kind) for kind in (PLANNED, EVIDENCE))
    # without planned land there is nothing to cut, and the parcels need not be brought into the plane
    parcels = tables.parcels if len(planned) else tables.parcels.iloc[:0]
    same = ("supply", *planned.index, None, *evidence.index)
    reserve = tables.ground.once(
        same,
        lambda: reserve_of(tables.zone["geometry"], planned.geometry, parcels, evidence=evidence.geometry),
    )
    return _resting_on([years_left(reserve, tables.year)], planned, evidence), []


def _constraints(tables: Tables, kind: str) -> pd.DataFrame:
    box = tuple(float(side) for side in shapely.bounds(tables.zone["geometry"]))
    return tables.book.read("constraints", Ask(on=tables.day, box=box, where={"kind": kind}))


def of_projects(tables: Tables) -> tuple[Sequence[Result], Sequence[Fault]]:
    """Totals of the zone's projects: stages, controls met, promises kept, admission."""
    rows = tables.rows("projects")
    if not len(rows):
        return _unknown(projects.CONTENTS, NO_PROJECTS), []
    controls, admissions = tables.book.read("controls"), tables.rows("admissions")
    told = projects.measure(
        rows,
        controls,
        admissions,
        day=tables.day,
        region=tables.region,
        zone=tables.zone,
        parcels=tables.parcels,
    )
    return _resting_on(told.results, rows, controls, admissions), told.faults


def idle(tables: Tables) -> tuple[Sequence[Result], Sequence[Fault]]:
    """Land that is idle by the order of 2012."""
    rows = tables.rows("projects")
    if not len(rows):
        contents = [each for each in standing.CONTENTS if each[0].startswith("idle_")]
        return _unknown(contents, NO_PROJECTS), []
    told = standing.idle_land(rows, tables.parcels, day=tables.day, region=tables.region)
    return _resting_on(standing.idle_results(told), rows), told.faults


def spread_of_benefit(tables: Tables) -> tuple[Sequence[Result], Sequence[Fault]]:
    """How tax per mu is spread over the enterprises, graded by the scheme of the zone's province.

    The faults of the statements are those of the listing `grades`, which names them one by one.
    """
    name = tables.chosen.scheme or default_scheme(tables.region)
    if not name:
        return _unknown(spread.CONTENTS, NO_SCHEME), []
    if not len(tables.enterprises):
        return _unknown(spread.CONTENTS, NO_FIRMS), []
    objections = tables.rows("objections")
    try:
        told = grade(
            scheme(name),
            tables.enterprises,
            year=tables.year,
            day=tables.day,
            objections=decided(objections, tables.day),
            parcel_mu=mapped_mu(tables.parcels),
        )
    except NoValueOnDay as silent:
        return _unknown(spread.CONTENTS, str(silent)), []
    return _resting_on(spread.results(told, tables.code), objections), []


def decided(objections: pd.DataFrame, day: date) -> pd.DataFrame:
    """Objections to a year's figures, so that all that are decided count, however late.

    One objects to what was published when the year was over, so decisions come after its last day; in the
    copy they stand as if they had come on it.
    """
    if not len(objections):
        return objections
    return objections.assign(decided_on=objections["decided_on"].clip(upper=pd.Timestamp(day)))


def mapped_mu(parcels: pd.DataFrame) -> pd.Series:
    """Area of each enterprise's parcels on the map, mu; by it land stated in another unit is found."""
    held = parcels.dropna(subset=["enterprise_id"])
    return m2_to_mu(held.groupby("enterprise_id")["area_m2"].sum(min_count=1))


def default_scheme(region: str) -> str:
    """The scheme that grades a zone when none is chosen: that of its province; empty where there is none.

    >>> default_scheme("410100"), default_scheme("320200")
    ('henan_2019', '')
    """
    return HENAN if region[:2] == scheme(HENAN).region[:2] else ""


def _resting_on(results: Sequence[Result], *layers: pd.DataFrame) -> list[Result]:
    """The results with the versions of the layers from which they come, beside parcels and statements."""
    named = {str(name) for rows in layers if "version" in rows for name in rows["version"].dropna().unique()}
    versions = tuple(sorted(named))
    return [replace(each, layer_versions=(*each.layer_versions, *versions)) for each in results]


def _unknown(contents: Sequence[tuple[str, str, str]], reason: str) -> list[Result]:
    return [Result(code, label, None, unit, reason=reason) for code, label, unit in contents]


Told = tuple[Sequence[Result], Sequence[Fault]]
MORE: tuple[Callable[[Tables], Told], ...] = (supply, spread_of_benefit, of_projects, idle)

"""What an assessment measures beside land, benefit and emissions (其他评价): supply, projects, idle land.

`MORE` is the table of contents: each takes the tables of one zone and year, and gives results and faults.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd
import shapely

from api.zone_tables import Tables
from data.book.interface import Ask, Book
from data.errors import NoValueOnDay
from data.records import Fault, Result
from data.units import m2_to_mu
from geo import projects, standing
from geo.benefit import spread
from geo.benefit.grading import grade
from geo.benefit.scheme import scheme
from geo.land.supply_years import reserve_of, years_left
from geo.standing.idle import idle_on, sites_of

PLANNED, EVIDENCE = "planned_construction", "evidence"
OF_FIRMS = ["enterprise_id", "area_m2"]  # without the outlines
HENAN = "henan_2019"
NO_SCHEME = "No scheme holds here. Choose one: mutan assess --scheme NAME, a file of data/rules/benefit."
NO_FIRMS = "There is no statement of enterprises for the year. Take in the year's statements."
NO_PROJECTS = "The book holds no projects of this zone. Take them in with mutan ingest projects."


def supply(tables: Tables) -> tuple[Sequence[Result], Sequence[Fault]]:
    """Years of supply left, by geometry."""
    planned, evidence = (_constraints(tables, what) for what in (PLANNED, EVIDENCE))
    # without planned land there is nothing to cut, and the parcels need not be brought into the plane
    parcels = tables.parcels if len(planned) else tables.parcels.iloc[:0]
    same = ("supply", *planned.index, None, *evidence.index)
    reserve = tables.ground.once(
        same,
        lambda: reserve_of(tables.zone["geometry"], planned.geometry, parcels, evidence=evidence.geometry),
    )
    return _resting_on([years_left(reserve, tables.year)], planned, evidence), []


def _constraints(tables: Tables, what: str) -> pd.DataFrame:
    box = tuple(float(side) for side in shapely.bounds(tables.zone["geometry"]))
    return _rows(tables, "constraints", Ask(on=tables.day, box=box, where={"kind": what}))


def _projects(tables: Tables) -> pd.DataFrame:
    return _rows(tables, "projects", Ask(on=tables.day, where={"zone": tables.code}))


def _rows(tables: Tables, name: str, ask: Ask) -> pd.DataFrame:
    """The rows of a kind, the same table for all days of a ground between which no row of it changes."""
    changes = tables.ground.once(("changes of", name), lambda: _changes(tables.book, name))
    same = (name, *ask.where.items(), bisect_right(changes, tables.day))
    return tables.ground.once(same, lambda: tables.book.read(name, ask))


def _changes(book: Book, name: str) -> list[date]:
    """The days on which any row of a kind comes into force or goes out of it."""
    days = {day for part in book.parts(name) for day in (part.valid_from, part.valid_to)}
    return sorted(day for day in days if day is not None)


def of_projects(tables: Tables) -> tuple[Sequence[Result], Sequence[Fault]]:
    """Totals of the zone's projects: stages, controls met, promises kept, admission."""
    rows = _projects(tables)
    if not len(rows):
        return _unknown(projects.CONTENTS, NO_PROJECTS), []
    controls, limits = tables.ground.once("controls", lambda: _limits(tables.book))
    plots = tables.ground.once(
        ("projects of zone", *rows.index),
        lambda: projects.known(rows, zone=tables.zone, parcels=tables.parcels),
    )
    admissions = _rows(tables, "admissions", Ask(zone=tables.code, on=tables.day))
    told = projects.measure_on(plots, limits, admissions, day=tables.day, region=tables.region)
    return _resting_on(told.results, rows, controls, admissions), told.faults


def _limits(book: Book) -> tuple[pd.DataFrame, projects.Limits]:
    """The control values of the office, as stored and ready to choose from."""
    rows = book.read("controls")
    return rows, projects.Limits(rows)


def idle(tables: Tables) -> tuple[Sequence[Result], Sequence[Fault]]:
    """Land that is idle by the order of 2012."""
    rows = _projects(tables)
    if not len(rows):
        contents = [each for each in standing.CONTENTS if each[0].startswith("idle_")]
        return _unknown(contents, NO_PROJECTS), []
    sites = tables.ground.once(("sites", *rows.index), lambda: sites_of(rows, tables.parcels))
    told = idle_on(sites, day=tables.day, region=tables.region)
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
    mapped = tables.ground.once("mapped_mu", lambda: mapped_mu(tables.parcels[OF_FIRMS]))
    try:
        told = grade(
            scheme(name),
            tables.enterprises,
            year=tables.year,
            day=tables.day,
            objections=decided(objections, tables.day),
            parcel_mu=mapped,
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
    named = {
        str(name) for rows in layers if "version" in rows for name in set(rows["version"].dropna().tolist())
    }
    versions = tuple(sorted(named))
    return [replace(each, layer_versions=(*each.layer_versions, *versions)) for each in results]


def _unknown(contents: Sequence[tuple[str, str, str]], reason: str) -> list[Result]:
    return [Result(code, label, None, unit, reason=reason) for code, label, unit in contents]


Told = tuple[Sequence[Result], Sequence[Fault]]
MORE: tuple[Callable[[Tables], Told], ...] = (supply, spread_of_benefit, of_projects, idle)

"""What an assessment measures beside land, benefit and emissions (其他评价): supply, projects, idle land.

`MORE` is the table of contents: each takes the tables of one zone and year, and gives results and faults.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import shapely

from api.zone_tables import Tables
from data.book.interface import Ask
from data.records import Fault, Result
from geo import projects, standing
from geo.land.supply_years import supply_years_left

PLANNED, EVIDENCE = "planned_construction", "evidence"
NO_PROJECTS = "The book holds no projects of this zone. Take them in with mutan ingest projects."


def supply(tables: Tables) -> tuple[Sequence[Result], Sequence[Fault]]:
    """Years of supply left, by geometry."""
    planned, evidence = (_constraints(tables, kind) for kind in (PLANNED, EVIDENCE))
    # without planned land there is nothing to cut, and the parcels need not be brought into the plane
    parcels = tables.parcels if len(planned) else tables.parcels.iloc[:0]
    told = supply_years_left(
        tables.zone["geometry"], planned.geometry, parcels, tables.year, evidence=evidence.geometry
    )
    return [told], []


def _constraints(tables: Tables, kind: str) -> pd.DataFrame:
    box = tuple(float(side) for side in shapely.bounds(tables.zone["geometry"]))
    return tables.book.read("constraints", Ask(on=tables.day, box=box, where={"kind": kind}))


def of_projects(tables: Tables) -> tuple[Sequence[Result], Sequence[Fault]]:
    """Totals of the zone's projects: stages, controls met, promises kept, admission."""
    rows = tables.rows("projects")
    if not len(rows):
        return _unknown(projects.CONTENTS, NO_PROJECTS), []
    told = projects.measure(
        rows,
        tables.book.read("controls"),
        tables.rows("admissions"),
        day=tables.day,
        region=tables.region,
        zone=tables.zone,
        parcels=tables.parcels,
    )
    return told.results, told.faults


def idle(tables: Tables) -> tuple[Sequence[Result], Sequence[Fault]]:
    """Land that is idle by the order of 2012."""
    rows = tables.rows("projects")
    if not len(rows):
        contents = [each for each in standing.CONTENTS if each[0].startswith("idle_")]
        return _unknown(contents, NO_PROJECTS), []
    told = standing.idle_land(rows, tables.parcels, day=tables.day, region=tables.region)
    return standing.idle_results(told), told.faults


def _unknown(contents: Sequence[tuple[str, str, str]], reason: str) -> list[Result]:
    return [Result(code, label, None, unit, reason=reason) for code, label, unit in contents]


MORE: tuple[Callable[[Tables], tuple[Sequence[Result], Sequence[Fault]]], ...] = (supply, of_projects, idle)

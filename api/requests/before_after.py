"""Before and after (调整前后对比): a zone measured with the boundary it has, and with the one it asks for.

What the book says of the land is apportioned to the new boundary. Enterprises whose land all goes leave,
those whose land comes in join, and their statements with them; the zone's own lines of the inventory stay.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd

from api.assess_ground import assess_ground, inventory_of, some_results
from api.assessment import Assessment
from api.chosen import Chosen
from api.requests.land_alone import OF_LAND, land_after
from api.requests.moving import cut, fresh_of, told_of, union_area
from api.zone_parcels import PARCEL_COLUMNS, apportioned, candidates
from api.zone_tables import Ground, Tables, region_of, statements_of
from carbon.choices import Choices
from carbon.inventory import Inventory, inventories
from data.book.interface import Ask, Book
from data.records import Result
from data.units import m2_to_ha, m2_to_mu
from geo.boundary_change.request import Request
from geo.land.survey import surveyed

UNCOVERED = 1e-3
"""Share of the added land without parcels above which nothing that rests on parcels can be told"""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What a zone has: read and measured once, for any number of requests of the zone.

    Parameters
    ----------
    zone : its columns, `geometry` and `version`
    candidates : parcels that name it or may lie in it, as stored
    ground : those that do
    year : of the statements
    assessment : with the boundary of the day
    only : codes of the results that are measured; None: all
    """

    zone: Mapping[str, Any]
    day: date
    candidates: gpd.GeoDataFrame
    ground: Ground
    year: int
    firms: pd.DataFrame
    assessment: Assessment
    choices: Choices
    chosen: Chosen
    only: frozenset[str] | None = None

    @classmethod
    def of(
        cls,
        book: Book,
        zone: Mapping[str, Any],
        day: date,
        *,
        choices: Choices | None = None,
        chosen: Chosen | None = None,
        only: frozenset[str] | None = None,
    ) -> Held:
        """A zone on a day, with the statements of the newest year until then."""
        how = (choices or Choices(), chosen or Chosen(), only)
        year = newest_year(book, str(zone["code"]), day)
        found = candidates(book, zone, day)
        ground = _ground(zone, found)
        firms = statements_of(book, "enterprises", str(zone["code"]), [year])
        measured = _measured(book, ground, (day, year), firms, None, how)
        return cls(zone, day, found, ground, year, firms, measured, *how)


@dataclass(frozen=True, slots=True, eq=False)
class BeforeAfter:
    """A zone before and after.

    Parameters
    ----------
    before, after : None where there is no zone: before a recognition, after a removal
    year : of the statements; None where nothing was measured
    moving : the parcels of the land that moves, cut to it: `area_m2`, the survey columns, `came_from` (the
        zone that they name), and `moves`, which is added or lost
    uncovered_m2 : added land on which the book has no parcel
    joined, left : ids of enterprises
    notes : what was taken for granted
    """

    before: Assessment | None
    after: Assessment | None
    year: int | None
    moving: pd.DataFrame
    uncovered_m2: float = 0.0
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def measured(self) -> dict[str, tuple[Result | None, Result | None]]:
        """Code -> the result before and the result after."""
        sides = [{r.code: r for r in side.results} if side else {} for side in (self.before, self.after)]
        return {code: (sides[0].get(code), sides[1].get(code)) for code in {**sides[0], **sides[1]}}


def newest_year(book: Book, code: str, day: date) -> int:
    """The newest year until a day of which the book has statements of a zone's enterprises; else its own."""
    told = (part.scope.rpartition("/") for part in book.parts("enterprises"))
    mine = [int(year) for zone, _, year in told if zone == code and year.isdecimal()]
    return max((year for year in mine if year <= day.year), default=day.year)


def before_after(book: Book, held: Held, request: Request) -> BeforeAfter:
    """A zone with the boundary that it has, and with the one that is asked for."""
    coming = _coming(book, held, request)
    added = cut(coming, request.added, request)
    lost = cut(held.candidates, request.lost, request)
    moving = told_of(added, lost)
    if request.added.is_empty and request.lost.is_empty:
        return BeforeAfter(held.assessment, held.assessment, held.year, moving)
    if request.after.is_empty:
        return BeforeAfter(held.assessment, None, held.year, moving)
    zone, notes = _zone_after(held.zone, request)
    uncovered = max(request.added.area - union_area(added), 0.0)
    bare = uncovered > UNCOVERED * request.added.area
    how = (held.choices, held.chosen, held.only)
    if held.only is not None and held.only <= OF_LAND:
        ground = land_after(held.ground, zone, moving)
        after = _measured(book, ground, (held.day, held.year), held.firms, None, how)
        after = _without_parcels(after, uncovered) if bare else after
        return BeforeAfter(held.assessment, after, held.year, moving, uncovered, notes=notes)
    fresh = fresh_of(coming, added, held.candidates, request)
    if (elsewhere := fresh["zone"].notna()).any():
        notes += (f"{int(elsewhere.sum())} parcels of other zones lie in the added land; they are counted.",)
    mine = pd.concat([held.candidates, fresh.assign(zone=None)]) if len(fresh) else held.candidates
    ground = _ground(zone, mine)
    had, has = (set(each.parcels["enterprise_id"].dropna()) for each in (held.ground, ground))
    left = tuple(sorted(had - has))
    joined = tuple(sorted(has - had - set(held.firms["enterprise_id"].dropna())))
    firms = _firms_after(book, held, joined, left)
    told = partial(_inventory_after, book, held, firms, joined, left)
    after = _measured(book, ground, (held.day, held.year), firms, told, how)
    after = _without_parcels(after, uncovered) if bare else after
    return BeforeAfter(held.assessment, after, held.year, moving, uncovered, joined, left, notes)


def new_zone(book: Book, zone: Mapping[str, Any], request: Request) -> BeforeAfter:
    """A zone that is not there yet: what it would be with the boundary that is asked for."""
    after = {**zone, "geometry": request.degrees(request.after), "version": ""}
    found = candidates(book, after, request.day)
    added = cut(found, request.added, request)
    moving = told_of(added, found.iloc[:0])
    if request.after.is_empty:
        return BeforeAfter(None, None, None, moving)
    held = Held.of(book, after, request.day)
    uncovered = max(request.added.area - union_area(added), 0.0)
    told = held.assessment
    if uncovered > UNCOVERED * request.added.area:
        told = _without_parcels(told, uncovered)
    return BeforeAfter(None, told, held.year, moving, uncovered)


def _measured(
    book: Book,
    ground: Ground,
    when: tuple[date, int],
    firms: pd.DataFrame,
    told: Callable[[], Inventory] | None,
    how: tuple[Choices, Chosen, frozenset[str] | None],
) -> Assessment:
    """All results of a ground, or those that are wanted; `told` makes the inventory, None reads it."""
    (day, year), (choices, chosen, only) = when, how
    code, region = str(ground.zone["code"]), region_of(ground.zone)
    make = told or partial(inventory_of, book, code, region, year, firms, choices)
    if only is None:
        return assess_ground(book, ground, year, day=day, firms=firms, told=make(), chosen=chosen)
    tables = Tables(book, code, year, day, region, ground, firms, chosen)
    results = some_results(tables, make, only) if only else []
    return Assessment(code, str(ground.zone["name"]), year, tuple(results), ground.faults, None)


def _ground(zone: Mapping[str, Any], mine: gpd.GeoDataFrame) -> Ground:
    parcels, faults = apportioned(mine, zone)
    survey = surveyed(parcels).assign(parcel_id=parcels["parcel_id"])
    return Ground(zone, parcels, survey, tuple(faults))


def _coming(book: Book, held: Held, request: Request) -> gpd.GeoDataFrame:
    """Parcels that may lie in the added land, whatever zone they name, as stored."""
    if request.added.is_empty:
        return held.candidates.iloc[:0]
    box = tuple(float(side) for side in request.degrees(request.added).bounds)
    west, south, east, north = box
    return book.read("parcels", Ask(on=held.day, box=(west, south, east, north)), PARCEL_COLUMNS)


def _zone_after(zone: Mapping[str, Any], request: Request) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The zone's row with the new boundary; the approved area as it would be if all were adopted."""
    after = {**zone, "geometry": request.degrees(request.after)}
    change = m2_to_ha(request.added.area - request.lost.area)
    approved = zone.get("approved_ha")
    if approved is None or approved != approved:
        return after, ()
    after["approved_ha"] = max(float(approved) + change, 0.0)
    note = (
        f"The approved area is taken as {float(approved):.4f} ha {'+' if change >= 0 else '-'} "
        f"{abs(change):.4f} ha, as if all were adopted."
    )
    return after, (note,)


def _firms_after(book: Book, held: Held, joined: Collection[str], left: Collection[str]) -> pd.DataFrame:
    firms = held.firms[~held.firms["enterprise_id"].isin(left)]
    found = [_of_firm(book, "enterprises", held.year, firm) for firm in joined]
    found = [each[list(held.firms.columns)] for each in found if len(each)]
    return pd.concat([firms, *found], ignore_index=True) if found else firms.reset_index(drop=True)


def _inventory_after(
    book: Book, held: Held, firms: pd.DataFrame, joined: Collection[str], left: Collection[str]
) -> Inventory:
    if not joined and not left and held.assessment.inventory is not None:
        return held.assessment.inventory
    code = str(held.zone["code"])
    lines = statements_of(book, "activity", code, [held.year])
    lines = lines[~lines["enterprise_id"].isin(left)]
    found = [_of_firm(book, "activity", held.year, firm) for firm in joined]
    found = [each[list(lines.columns)].assign(zone=code) for each in found if len(each)]
    activity = pd.concat([lines, *found], ignore_index=True) if found else lines
    return inventories(
        activity,
        zone=code,
        regions={held.year: region_of(held.zone)},
        choices=held.choices,
        enterprises=frozenset(firms["enterprise_id"].dropna()),
    )[held.year]


def _of_firm(book: Book, kind: str, year: int, firm: str) -> pd.DataFrame:
    return book.read(kind, Ask(year=year, where={"enterprise_id": firm}))


def _without_parcels(after: Assessment, uncovered_m2: float) -> Assessment:
    """The assessment without what rests on parcels, for some of the land has none."""
    why = (
        f"The book has no parcels on {m2_to_mu(uncovered_m2):.2f} mu of the added land; it cannot be told "
        "what lies there. Take in the parcels there, then check again."
    )

    def rests(result: Result) -> bool:
        origins = " ".join([*(each.origin for each in result.inputs), result.area_base])
        return "parcels" in origins or result.unit.endswith(("/mu", "/ha"))

    results = (replace(r, value=None, outcome=None, reason=why) if rests(r) else r for r in after.results)
    return replace(after, results=tuple(results))

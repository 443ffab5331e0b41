"""Check (核查): a request read, cut against its zone, held against every condition, before and after.

The same for the command line, HTTP and a batch. Nothing is written but the count of questions that touch on
classified layers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from api.requests.before_after import BeforeAfter, Held, before_after, new_zone
from api.requests.checked import Checked
from api.requests.classified import BATCH, classified_in, hidden_roles, weighed
from api.requests.freshness import newest_version
from api.requests.land_conversion import conversion
from api.requests.layers import Layers, layers_of, reach_of
from api.requests.surroundings import limits_of
from api.requests.taking import Taken, take
from api.requests.wishes import Wishes
from api.zone_tables import region_of, zone_on
from data.book.interface import Ask, Book, Box
from data.errors import MutanError, NotHere, NothingInForce
from data.records import Fault, Severity
from geo.boundary_change.conditions import Condition, Grounds, conditions, hold, in_force
from geo.boundary_change.conditions.measures import STATED
from geo.boundary_change.kinds import Kind
from geo.boundary_change.kinds import kind as kind_of
from geo.boundary_change.request import Request
from geo.boundary_change.trimming import trimmed
from geo.boundary_change.verdict import verdict
from geo.standing.ranks import ranks

STATISTICS, CLASSIFIED = "statistics", "classified"


@dataclass(slots=True, eq=False)
class Kept:
    """What is read once for many requests; good for one state of the book."""

    zones: dict[Any, Held] = field(default_factory=dict)
    reach: dict[Any, Mapping[str, Box]] = field(default_factory=dict)
    tables: dict[Any, pd.DataFrame] = field(default_factory=dict)


def check(
    book: Book,
    file: Path | None,
    wishes: Wishes,
    *,
    gives_up: Path | None = None,
    who: str,
    when: datetime,
    kept: Kept | None = None,
    classified: bool = True,
    brief: bool = False,
    asker: str = "",
) -> Checked:
    """A request, and everything that a check finds.

    Parameters
    ----------
    file, gives_up : the land asked for, the land given up; None where the kind needs none
    kept : what earlier checks have read, for a batch
    classified : whether classified layers are answered for
    asker : under whom questions about classified layers are counted, where `who` is only what somebody says
    brief : leave out the limits and the carbon of land, which no condition is held on

    Raises
    ------
    FaultsFound : the file has errors; all of them are carried
    MutanError : the file cannot be read, the zone is not there, or the kind needs what was not given
    """
    kept = kept or Kept()
    newest = 0 if brief else newest_version(book)
    kind, zone, taken, request = _read(book, file, wishes, gives_up)
    rules = in_force(kind.name, wishes.day, request.region, zone)
    used = tuple(condition for condition, _ in rules.limits)
    hidden = hidden_roles(_classified(book, wishes, kept), wishes.roles)
    told, untold = (
        weighed(book, request, wishes, (used, hidden), who=asker or who, when=when)
        if classified
        else (None, BATCH if hidden else "")
    )
    layers = layers_of(book, request, used, wishes.roles, _reach(book, wishes, kept), told=told)
    compared = _compared(book, wishes, zone, request, used, kept)
    grounds = Grounds(
        zone,
        layers.held,
        compared.measured(),
        *_stated(book, wishes, used, kept),
        compared.moving,
        compared.uncovered_m2,
        hidden,
        told,
        untold,
    )
    held = hold(request, grounds, rules)
    faults = (*taken.faults, *_unknown_reasons(wishes), *layers.held.faults)
    return Checked(
        wishes,
        kind,
        str(zone.get("name") or wishes.name),
        request,
        held.judgements,
        held.not_held,
        verdict(held.judgements, faults, held.not_held),
        compared,
        None if brief else _land(wishes, compared, request),
        trimmed(request, held.judgements),
        {} if brief else limits_of(book, request, layers, wishes.zone),
        faults,
        _versions(zone, layers, compared),
        taken,
        who,
        when,
        book.notes().get("notice", ""),
        newest,
    )


def drawn_of(
    book: Book, file: Path | None, wishes: Wishes, *, gives_up: Path | None = None
) -> tuple[Request, list[shapely.Geometry]]:
    """The request alone, read and cut against its zone, and all shapes as they were drawn; see `check`."""
    _, zone, taken, request = _read(book, file, wishes, gives_up)
    drawn = [zone["geometry"]] if "geometry" in zone else []
    for shapes, crs in ((taken.asked, taken.asked_crs), (taken.gives_up, taken.gives_up_crs)):
        if shapes is not None:
            drawn += list(gpd.GeoSeries(shapes, crs=crs).to_crs(4490))
    return request, drawn


def _read(
    book: Book, file: Path | None, wishes: Wishes, gives_up: Path | None
) -> tuple[Kind, Mapping[str, Any], Taken, Request]:
    """The kind, the zone, the files and the request of them."""
    kind = kind_of(wishes.kind)
    zone = _zone(book, wishes, kind)
    if lacking := kind.refuses([*_given(file, gives_up), *(["boundary"] if "geometry" in zone else [])]):
        raise MutanError(" ".join(lacking))
    taken = take(file, gives_up, wishes, zone)
    return kind, zone, taken, _request(taken, wishes, zone, kind)


def _given(file: Path | None, gives_up: Path | None) -> list[str]:
    return [name for name, given in (("asked", file), ("gives_up", gives_up)) if given is not None]


def _zone(book: Book, wishes: Wishes, kind: Kind) -> Mapping[str, Any]:
    """The zone's row on the day; of a zone that is to begin, what is known of it."""
    if kind.needs["boundary"] == "required":
        return zone_on(book, wishes.zone, wishes.day)
    try:
        return zone_on(book, wishes.zone, wishes.day)
    except (NotHere, NothingInForce):
        return {"code": wishes.zone, "name": wishes.name}


def _request(taken: Taken, wishes: Wishes, zone: Mapping[str, Any], kind: Kind) -> Request:
    boundary = [zone["geometry"]] if "geometry" in zone else None
    return Request.of(
        wishes.kind,
        zone=wishes.zone,
        day=wishes.day,
        region=region_of(zone),
        boundary=boundary,
        asked=taken.asked,
        asked_crs=taken.asked_crs,
        gives_up=taken.gives_up,
        gives_up_crs=taken.gives_up_crs,
        whole=wishes.whole or kind.boundary == "ends",  # a zone that ends keeps no land
        snap_m=wishes.snap_m,
        reasons=frozenset(wishes.reasons),
    )


def _unknown_reasons(wishes: Wishes) -> list[Fault]:
    """Declared reasons that no condition of the kind knows, and that change nothing therefore."""
    known = {code: words for each in conditions(wishes.kind) for code, words in each.reasons.items()}
    offered = "; ".join(f"{code} {words}" for code, words in sorted(known.items())) or "none"
    return [
        Fault(
            "reason_unknown",
            f"No condition of the kind {wishes.kind} knows the declared reason {code}; it changes nothing.",
            f"Leave it out, or declare one that is known: {offered}.",
            Severity.WARNING,
        )
        for code in wishes.reasons
        if code not in known
    ]


def _reach(book: Book, wishes: Wishes, kept: Kept) -> Mapping[str, Box]:
    key = (wishes.day, *sorted(wishes.roles.items()))
    if key not in kept.reach:
        kept.reach[key] = reach_of(book, wishes.day, wishes.roles, _classified(book, wishes, kept))
    return kept.reach[key]


def _classified(book: Book, wishes: Wishes, kept: Kept) -> pd.DataFrame:
    key = (CLASSIFIED, wishes.day)
    if key not in kept.tables:
        kept.tables[key] = classified_in(book, wishes.day)
    return kept.tables[key]


def _compared(
    book: Book,
    wishes: Wishes,
    zone: Mapping[str, Any],
    request: Request,
    rules: tuple[Condition, ...],
    kept: Kept,
) -> BeforeAfter:
    if "geometry" not in zone:
        return new_zone(book, zone, request)
    only = _codes(wishes, rules)
    key = (wishes.zone, wishes.day, only)
    if key not in kept.zones:
        kept.zones[key] = Held.of(book, zone, wishes.day, only=only)
    return before_after(book, kept.zones[key], request)


def _codes(wishes: Wishes, rules: tuple[Condition, ...]) -> frozenset[str] | None:
    """The results to measure: all of them, those that conditions hold, or none."""
    if wishes.indicators == "all":
        return None
    held = (each.measure.get("result") for each in rules if wishes.indicators == "conditions")
    return frozenset(str(code) for code in held if code)


def _stated(
    book: Book, wishes: Wishes, rules: tuple[Condition, ...], kept: Kept
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Statistics, and ranks of the zone in what was assessed, as far as a condition is held on them."""
    measures = [each.measure for each in rules]
    if any(set(STATED) & set(measure) for measure in measures) and STATISTICS not in kept.tables:
        kept.tables[STATISTICS] = book.read("statistics", Ask())
    codes = sorted({str(measure["rank"]) for measure in measures if "rank" in measure})
    key = (wishes.zone, *codes)
    if codes and key not in kept.tables:
        of_all = ranks(book.results(family="assess"), codes=codes)
        kept.tables[key] = of_all[of_all["zone"] == wishes.zone]
    return kept.tables.get(STATISTICS), kept.tables.get(key) if codes else None


def _land(wishes: Wishes, compared: BeforeAfter, request: Request) -> Any:
    if request.added.is_empty:
        return None
    moving = compared.moving[compared.moving["moves"] == "added"]
    year = compared.year or wishes.day.year
    return conversion(moving, compared.uncovered_m2, year=year, region=request.region, method=wishes.land)


def _versions(zone: Mapping[str, Any], layers: Layers, compared: BeforeAfter) -> tuple[str, ...]:
    sides = [side for side in (compared.before, compared.after) if side is not None]
    used = {version for side in sides for result in side.results for version in result.layer_versions}
    near = layers.open["version"].dropna()
    return tuple(sorted({*used, *map(str, near), *([str(zone["version"])] if "version" in zone else [])}))

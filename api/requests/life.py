"""The life of a request (申请办理): which step may follow which, and whether a check is still good.

    drafted ── checked ── submitted ── adopted | refused
        └─ a new file is a new request (variant)   └── returned ── checked again ── submitted
    any state that is not decided ── withdrawn

Who may take a step is not told here, for there are no accounts; that it was taken, by whom and when, is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import geopandas as gpd
import orjson
import shapely

from api.requests.columns import STATES
from api.requests.deciding import boundary_of
from api.requests.freshness import stale
from api.zone_tables import zone_on
from data.book.filed import Decided, Filed, Step
from data.book.interface import Book
from data.errors import NotHere, NothingInForce, StepNotAllowed
from data.records import Source
from data.units import m2_to_ha
from geo.areas import ellipsoidal_area_m2
from geo.boundary_change.kinds import kind as kind_of

MOVES: Mapping[str, tuple[str, ...]] = {
    "drafted": ("withdrawn",),
    "checked": ("submitted", "withdrawn"),
    "submitted": ("returned", "adopted", "refused", "withdrawn"),
    "returned": ("submitted", "withdrawn"),
    "adopted": (),
    "refused": (),
    "withdrawn": (),
}
DERIVED = ("geometry", "version", "area_m2", "extra")
UNKNOWN_AFTER = ("approved_ha", "administered_ha", "population")
"""What was stated of the old boundary, and is not known of the new one"""
LABELS: Mapping[str, str] = {**STATES, "rechecked": "重新核查"}


def may_follow(filed: Filed, what: str) -> None:
    """Nothing, when a step may follow the state that a request is in.

    Raises
    ------
    StepNotAllowed : it may not; the message names the steps that may
    """
    allowed = MOVES[filed.state]
    if what not in allowed:
        raise StepNotAllowed(
            f"Request {filed.number} is {filed.state}, after which it cannot be {what}. "
            f"It can be: {', '.join(allowed) or 'nothing more; file a new request'}."
        )


def step(book: Book, number: str, what: str, *, who: str, when: datetime, note: str = "") -> Filed:
    """Submit, return or withdraw a request.

    Raises
    ------
    StepNotAllowed : it may not follow, or a check is no longer good and has to be made again
    """
    filed = book.request(number)
    may_follow(filed, what)
    if what == "submitted":
        _good_check(book, filed)
    book.take_step(Step(number, what, who, when, note), after=filed.state)
    return book.request(number)


def decide(
    book: Book,
    number: str,
    what: str,
    *,
    paper: str,
    since: date,
    who: str,
    when: datetime,
    approved_ha: float | None = None,
    note: str = "",
) -> Filed:
    """Keep the decision of the authority; an adopted request moves the zone's boundary from a day on.

    Parameters
    ----------
    what : adopted or refused
    paper : number and date of the paper that decides
    since : first day on which the new boundary holds
    approved_ha : as the paper states it; None: not known, and then the zone has none from that day on

    Raises
    ------
    StepNotAllowed : it is not submitted, no paper is named, or the boundary that it was checked against is
        not the one that its decision would move
    """
    filed = book.request(number)
    may_follow(filed, what)
    if not paper.strip():
        raise StepNotAllowed(f"Name the paper that decides on {number}, as its number and date.")
    moved = _decided(book, filed, since, paper, approved_ha) if what == "adopted" else None
    book.decide(Step(number, what, who, when, note, paper), moved, after=filed.state)
    return book.request(number)


def _good_check(book: Book, filed: Filed) -> None:
    """Raise unless the newest check was made on the layers and rules as they are now."""
    checks = book.request_checks(filed.number)
    if not checks:
        raise StepNotAllowed(f"Request {filed.number} has not been checked. Check it first.")
    if changed := stale(book, filed, checks[-1]):
        raise StepNotAllowed(
            f"Since the last check of {filed.number} have changed: {', '.join(changed)}. Check it again with "
            f"mutan requests recheck {filed.number}, then submit it."
        )


def _decided(book: Book, filed: Filed, since: date, paper: str, approved_ha: float | None) -> Decided | None:
    """What adopting does to the zone, by the kind of the request."""
    kind, code = kind_of(filed.draft.kind), filed.draft.zone
    if kind.boundary == "stays" and not kind.level:
        return None
    row = _boundary(book, filed, since)
    if kind.boundary == "begins" and "geometry" in row:
        raise StepNotAllowed(
            f"A zone {code} is in force on {since} already, so none can begin under its code."
        )
    names = [handed.name for handed in book.request_files(filed.number).values()]
    path = f"request {filed.number}" + (f": {', '.join(names)}" if names else "")
    source = Source(path, "", "request")
    if kind.boundary == "ends":
        return Decided(code, None, source, since, paper)
    moves = kind.boundary in ("moves", "begins")
    columns = {name: value for name, value in row.items() if name not in DERIVED}
    columns |= {"level": kind.level} if kind.level else {}
    if moves:
        columns |= {**dict.fromkeys(UNKNOWN_AFTER), "approved_ha": approved_ha}
    else:
        columns |= _extra(row)
        columns |= {} if approved_ha is None else {"approved_ha": approved_ha}
    shape = _after(book, filed) if moves else row["geometry"]
    frame = gpd.GeoDataFrame([columns], geometry=[shape], crs=4490)
    frame["area_m2"] = ellipsoidal_area_m2(frame.geometry.to_numpy(), 4490)
    area_ha = m2_to_ha(float(frame["area_m2"].iloc[0]))
    return Decided(code, frame, source, since, f"{paper}; {area_ha:.4f} ha")


def _boundary(book: Book, filed: Filed, since: date) -> dict[str, Any]:
    """The zone's row on the first day of the decision; its code and name alone where it has none.

    Raises
    ------
    StepNotAllowed : it is not the boundary that the request was cut against, so that what it would become
        has never been checked, and what has been decided in between would be lost; or a later boundary is
        known, in which this decision would be lost
    """
    later = [part for part in book.parts("zones", filed.draft.zone) if (part.valid_from or date.min) > since]
    if later:
        first = min(later, key=lambda part: part.valid_from or date.min)
        raise StepNotAllowed(
            f"From {first.valid_from} on another boundary of {filed.draft.zone} is known (zones "
            f"v{first.version}), which does not hold what {filed.number} moves. File it again for that day, "
            f"as a variant of {filed.number}, or name a first day from then on."
        )
    checked, now = (_zone(book, filed, day) for day in (filed.draft.day, since))
    if ("geometry" in checked) != ("geometry" in now):
        was, now_is = ("a" if "geometry" in each else "no" for each in (checked, now))
        told = f"On {filed.draft.day} the zone has {was} boundary, and on {since} {now_is} boundary."
    elif "geometry" in now and not shapely.equals_exact(checked["geometry"], now["geometry"], 1e-9):
        told = (
            f"Request {filed.number} was checked against the boundary of {filed.draft.day} "
            f"({checked['version']}), and on {since} another one is in force ({now['version']})."
        )
    else:
        return now
    raise StepNotAllowed(
        f"{told} File it again for a day on which that holds, as a variant of {filed.number}, or name "
        "another first day."
    )


def _zone(book: Book, filed: Filed, day: date) -> dict[str, Any]:
    try:
        return dict(zone_on(book, filed.draft.zone, day))
    except (NotHere, NothingInForce):
        return {"code": filed.draft.zone, "name": filed.draft.name}


def _extra(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a zone that its kind does not know; they are true as long as its boundary stays."""
    said = row.get("extra")
    return dict(orjson.loads(said)) if isinstance(said, str) and said else {}


def _after(book: Book, filed: Filed) -> shapely.Geometry:
    """The boundary that the zone would have, cut anew from the files, as for every check."""
    from api.requests.filing import drawn_again

    return boundary_of(*drawn_again(book, filed))

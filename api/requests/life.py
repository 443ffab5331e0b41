"""The life of a request (申请办理): which step may follow which, and whether a check is still good.

    drafted ── checked ── submitted ── adopted | refused
        └─ a new file is a new request (variant)   └── returned ── checked again ── submitted
    any state that is not decided ── withdrawn

Who may take a step is not told here, for there are no accounts; that it was taken, by whom and when, is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import geopandas as gpd
import orjson

from api.zone_tables import region_of, zone_on
from data.book.filed import Check, Decided, Filed, Step
from data.book.interface import Book
from data.errors import MutanError, NotHere, NothingInForce, StepNotAllowed
from data.records import Source
from data.units import m2_to_ha
from geo.areas import ellipsoidal_area_m2
from geo.boundary_change.conditions import in_force
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
LOOKED_AT = ("zones", "parcels", "constraints", "enterprises", "activity", "statistics")
DERIVED = ("geometry", "version", "area_m2", "extra")
LABELS = {
    "drafted": "已起草",
    "checked": "已核查",
    "submitted": "已报送",
    "returned": "已退回",
    "adopted": "已采纳",
    "refused": "未采纳",
    "withdrawn": "已撤回",
    "rechecked": "重新核查",
}


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


def fingerprint(book: Book, wishes: Mapping[str, Any]) -> dict[str, str]:
    """What a check rests on: newest version of each kind of layer, and the rules in force, in one hash.

    Parameters
    ----------
    wishes : `kind`, `zone`, `day` at least
    """
    newest = {name: max((v.number for v in book.versions(name)), default=0) for name in LOOKED_AT}
    day = date.fromisoformat(str(wishes["day"]))
    try:
        zone = zone_on(book, str(wishes["zone"]), day)
    except (NotHere, NothingInForce):
        zone = {"code": wishes["zone"]}
    rules = in_force(str(wishes["kind"]), day, region_of(zone), zone)
    said = [limit.as_json() for _, limit in rules.limits]
    digest = hashlib.sha256(orjson.dumps(said, default=str)).hexdigest()[:16]
    return {**{name: f"{name} v{number}" for name, number in newest.items()}, "rules": digest}


def stale(book: Book, check: Check, wishes: Mapping[str, Any]) -> list[str]:
    """What has changed since a check: names of layers, and `rules`; empty while it is still good."""
    now = fingerprint(book, wishes)
    return [name for name, said in now.items() if check.state_of.get(name) != said]


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
    book.take_step(Step(number, what, who, when, note))
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
    StepNotAllowed : it is not submitted, or no paper is named
    """
    filed = book.request(number)
    may_follow(filed, what)
    if not paper.strip():
        raise StepNotAllowed(f"Name the paper that decides on {number}, as its number and date.")
    moved = _decided(book, filed, since, paper, approved_ha) if what == "adopted" else None
    book.decide(Step(number, what, who, when, note, paper), moved)
    return book.request(number)


def _good_check(book: Book, filed: Filed) -> None:
    """Raise unless the newest check was made on the layers and rules as they are now."""
    checks = book.request_checks(filed.number)
    if not checks:
        raise StepNotAllowed(f"Request {filed.number} has not been checked. Check it first.")
    if changed := stale(book, checks[-1], filed.draft.wishes):
        raise StepNotAllowed(
            f"Since the last check of {filed.number} have changed: {', '.join(changed)}. Check it again with "
            f"mutan requests recheck {filed.number}, then submit it."
        )


def _decided(book: Book, filed: Filed, since: date, paper: str, approved_ha: float | None) -> Decided | None:
    """What adopting does to the zone, by the kind of the request."""
    kind = kind_of(filed.draft.kind)
    code = filed.draft.zone
    source = Source(f"request {filed.number}", "", "request")
    if kind.boundary == "ends":
        return Decided(code, None, source, since, paper)
    if kind.boundary == "stays" and not kind.level:
        return None
    after = _after(book, filed)
    try:
        row = dict(zone_on(book, code, filed.draft.day))
    except (NotHere, NothingInForce):
        row = {"code": code, "name": filed.draft.name}
    moves = kind.boundary in ("moves", "begins")
    shape = after if moves else row["geometry"]
    columns = {
        name: value for name, value in row.items() if name not in ("geometry", "version", "area_m2", "extra")
    }
    columns |= {"level": kind.level} if kind.level else {}
    if moves:  # what was stated of the old boundary is not known of the new one
        columns |= {"approved_ha": approved_ha, "administered_ha": None, "population": None}
    frame = gpd.GeoDataFrame([columns], geometry=[shape], crs=4490)
    frame["area_m2"] = ellipsoidal_area_m2(frame.geometry.to_numpy(), 4490)
    area_ha = m2_to_ha(float(frame["area_m2"].iloc[0]))
    return Decided(code, frame, source, since, f"{paper}; {area_ha:.4f} ha")


def _after(book: Book, filed: Filed) -> Any:
    """The boundary that the newest check found the zone would have, exactly as it was cut then."""
    from api.requests.filing import request_again

    request = request_again(book, filed)
    if request.after.is_empty:
        raise MutanError(f"Request {filed.number} leaves no boundary. Look at its check before deciding.")
    return request.degrees(request.after)

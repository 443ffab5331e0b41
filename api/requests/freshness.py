"""Whether a check is still good (核查时效): the layers and rules that it rests on, then and now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import orjson
import shapely

from api.zone_tables import region_of, zone_on
from data.book.filed import Check, Filed
from data.book.interface import Ask, Book
from data.errors import NotHere, NothingInForce
from geo.boundary_change.conditions import in_force

BESIDE = 0.02
"""Degrees around a request, about 2 km, in which a change of another zone matters"""
OF_THE_ZONE = ("zones", "parcels", "enterprises", "activity")


def fingerprint(book: Book, filed: Filed) -> dict[str, str]:
    """What a check of a request rests on: kind of layer, or rule -> a hash of what holds on its day.

    Of layers that belong to one zone only those of this zone count, and of other zones those beside the
    request; of constraints, statistics and everything that names no zone, all.
    """
    said = {kind: _hash(list(_parts(book, filed, kind))) for kind in (*OF_THE_ZONE, *_WHOLE)}
    said["zones"] = _hash([said["zones"], _beside(book, filed)])
    return {**said, **_rules(book, filed)}


def newest_version(book: Book) -> int:
    """Number of the newest version in a book, by which it is told whether anything has come in."""
    return max((version.number for version in book.versions()), default=0)


def stale(book: Book, filed: Filed, check: Check) -> list[str]:
    """What has changed since a check: kinds of layers and names of rules; empty while it is still good."""
    now = fingerprint(book, filed)
    names = dict.fromkeys((*check.state_of, *now))
    return [name for name in names if check.state_of.get(name) != now.get(name)]


_WHOLE = ("constraints", "statistics")


def _parts(book: Book, filed: Filed, kind: str) -> Iterator[int]:
    """Numbers of the parts of a kind that a check of a request can rest on.

    A part whose rows or period have changed has a new number, and numbers are never used again.
    """
    zone = filed.draft.zone
    for part in book.parts(kind):
        of = part.scope.partition("/")[0]
        if kind in _WHOLE or of in (zone, ""):
            yield part.number


def _beside(book: Book, filed: Filed) -> list[list[Any]]:
    """The zones beside the land that is asked for, with the version that brought each."""
    if filed.draft.shape.is_empty:
        return []
    west, south, east, north = (float(side) for side in shapely.bounds(filed.draft.shape))
    box = (west - BESIDE, south - BESIDE, east + BESIDE, north + BESIDE)
    found = book.read("zones", Ask(on=filed.draft.day, box=box), columns=["code"])
    return sorted(
        [str(code), str(version)] for code, version in zip(found["code"], found["version"], strict=True)
    )


def _rules(book: Book, filed: Filed) -> dict[str, str]:
    """Each condition of the kind that holds on the day: its text, and its limit with article and status."""
    kind, day = filed.draft.kind, date.fromisoformat(str(filed.draft.wishes.get("day", filed.draft.day)))
    try:
        zone: Mapping[str, Any] = zone_on(book, filed.draft.zone, day)
    except (NotHere, NothingInForce):
        zone = {"code": filed.draft.zone}
    rules = in_force(kind, day, region_of(zone), zone)
    return {
        condition.rule: _hash([
            limit.as_json(),
            condition.parameter.compare,
            condition.parameter.decimals,
            dict(condition.parameter.more),
        ])
        for condition, limit in rules.limits
    }


def _hash(said: Any) -> str:
    return hashlib.sha256(orjson.dumps(said, default=str)).hexdigest()[:16]

"""What a request for items asks for (查询条件), read strictly: what is unknown is an error, not silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from starlette.datastructures import QueryParams

from api.collections import CRS84, Collection
from api.errors import BadQuery
from api.settings import settings
from data.book.interface import Box
from data.kinds import Column

MOST_OFFSET = 1_000_000_000
WORLD = 180.0
FLAGS = {"true": True, "1": True, "是": True, "false": False, "0": False, "否": False}
Days = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One page of items, as it was asked for.

    Parameters
    ----------
    limit, offset : of the page
    boxes : west, south, east, north; two where the box crosses the antimeridian; none: everywhere
    days : first and last day of the time asked for, None where it is open; None: no time was asked for
    properties : columns to give; None: all
    where : column -> value that it equals
    count : whether to count all that match
    """

    limit: int
    offset: int
    boxes: tuple[Box, ...]
    days: Days | None
    year: int | None
    zone: str | None
    properties: tuple[str, ...] | None
    where: Mapping[str, Any]
    count: bool


def wanted(of: Collection, query: QueryParams) -> Wanted:
    """The parameters of a request for items.

    Raises
    ------
    BadQuery : a parameter is unknown, doubled, or cannot be read
    """
    refuse_unknown(query, of.parameters)
    for name in ("crs", "bbox-crs"):  # GDAL names the storage CRS even where it is the only one
        if query.get(name, CRS84) != CRS84:
            raise BadQuery(f"{name}={query[name]!r} is not served. Known: {CRS84}.")
    year, days = _year(query), _days(query)
    if year is not None and days is not None:
        raise BadQuery("year and datetime were both given. Give one of them.")
    return Wanted(
        limit=min(_whole(query, "limit", settings().page_limit, 1), settings().most_features),
        offset=_whole(query, "offset", 0, 0, MOST_OFFSET),
        boxes=_boxes(query),
        days=days,
        year=year,
        zone=query.get("zone") if of.zoned else None,
        properties=_properties(of, query),
        where={
            n: _value(of.columns[n], query[n]) for n in of.filters if n in query and n not in ("zone", "year")
        },
        count=_flag("count", query.get("count", "false")),
    )


def refuse_unknown(
    query: QueryParams, known: frozenset[str], forms: Sequence[str] = ("json", "html", "csv")
) -> None:
    """Nothing, when every parameter is known and stands there once.

    Raises
    ------
    BadQuery : one is not, or does not
    """
    for name in query:
        if name not in known:
            raise BadQuery.unknown(name, known)
    if len(query.multi_items()) > len(query):
        raise BadQuery("A parameter stands there twice. Give each once.")
    if (form := query.get("f")) not in (None, *forms):
        raise BadQuery(f"f={form} is no form that is made here. Known: {', '.join(forms)}.")


def year_of(text: str) -> int:
    """A year from 1990 to 2100.

    Raises
    ------
    BadQuery : it is none
    """
    if not (text.isdecimal() and text.isascii() and 1990 <= int(text[:5]) <= 2100):
        raise BadQuery(f"year={text!r} is no year from 1990 to 2100. Give it as year=2024.")
    return int(text)


def _year(query: QueryParams) -> int | None:
    return year_of(query["year"]) if "year" in query else None


def _whole(query: QueryParams, name: str, default: int, least: int, most: int | None = None) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 12) or int(text) < least:
        raise BadQuery(f"{name}={text!r} is no whole number from {least} on. Give it as {name}={default}.")
    if most is not None and int(text) > most:
        raise BadQuery(f"{name}={text} is above {most}. Narrow the request with bbox, zone or year.")
    return int(text)


def _flag(name: str, text: str) -> bool:
    if text.lower() not in FLAGS:
        raise BadQuery(f"{name}={text!r} is neither true nor false.")
    return FLAGS[text.lower()]


def _boxes(query: QueryParams) -> tuple[Box, ...]:
    """The box of `bbox`; heights are left out, for features have none."""
    if (text := query.get("bbox")) is None:
        return ()
    try:
        sides = [float(side) for side in text.split(",")]
    except ValueError:
        sides = []
    if len(sides) not in (4, 6) or not all(isfinite(side) for side in sides):
        raise BadQuery(
            f"bbox={text!r} is no box. Give west,south,east,north in degrees, as 113.5,34.6,113.9,34.9."
        )
    west, south, east, north = sides if len(sides) == 4 else (sides[0], sides[1], sides[3], sides[4])
    if south > north:
        raise BadQuery(
            f"bbox={text!r} has its south {south} above its north {north}. Give west,south,east,north."
        )
    if west > east:
        return ((west, south, WORLD, north), (-WORLD, south, east, north))
    return ((west, south, east, north),)


def _days(query: QueryParams) -> Days | None:
    """The days of `datetime`: an instant, or an interval that may be open at one end."""
    if (text := query.get("datetime")) is None:
        return None
    ends = text.split("/")
    if len(ends) > 2 or (len(ends) == 1 and ends[0] in ("", "..")):
        raise _no_time(text)
    first, last = (_day(ends[0], text), _day(ends[-1], text))
    if first is not None and last is not None and last < first:
        raise BadQuery(f"datetime={text!r} ends before it begins.")
    return None if first is None and last is None else (first, last)


def _day(text: str, whole: str) -> date | None:
    if text in ("", ".."):
        return None
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        raise _no_time(whole) from None
    if len(text) > 10 and text[10] not in "Tt":
        raise _no_time(whole)
    return day


def _no_time(text: str) -> BadQuery:
    return BadQuery(
        f"datetime={text!r} is no time. Give a day, 2024-06-30, or two with a stroke, 2024-01-01/.. ."
    )


def _properties(of: Collection, query: QueryParams) -> tuple[str, ...] | None:
    if (text := query.get("properties")) is None:
        return None
    names = tuple(dict.fromkeys(name for name in text.split(",") if name))
    for name in names:
        if name not in of.columns:
            raise BadQuery(f"{of.name} have no property {name!r}. They have: {', '.join(of.columns)}.")
    return names


def _value(column: Column, text: str) -> Any:
    if column.type == "flag":
        return _flag(column.name, text)
    if column.type == "integer":
        try:
            return int(text[:20])
        except ValueError:
            raise BadQuery(f"{column.name}={text!r} is no whole number.") from None
    return text

"""Features of a collection (要素): from what was asked for to ids, properties and geometry.

Four sources stand behind one door: rows of the book with a polygon; constraints, of which those that are
classified never leave; enterprises, which stand where their parcels are; zones with their results.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from orjson import Fragment

from api.asking import Wanted
from api.collections import Collection
from api.geojson import Geometry, feature_array, geometries, point
from api.opened import Opened
from api.requests import features as requested
from data.book.filed import Filed
from data.book.interface import Ask, Book, Box
from data.errors import NotHere, NothingInForce

Ids = Sequence[int]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of features.

    Parameters
    ----------
    ids : of the features
    columns : one list per property
    shapes : GeoJSON geometry of each, None where it has none
    matched : how many there are in all; None when nobody asked
    more : whether there is a next page
    written : the features as a JSON array, in place of `columns` and `shapes`; None where these are given
    """

    ids: list[Any]
    columns: dict[str, list[Any]]
    shapes: list[Geometry]
    matched: int | None
    more: bool
    written: Fragment | None = None


def find(opened: Opened, of: Collection, ask: Wanted, *, as_json: bool = False) -> Found:
    """The page of features that is asked for; `as_json`: as texts, where the book can write them."""
    if of.kind:
        return _of_book(opened, of, ask, as_json)
    if of.name == "requests":
        return _of_requests(of, *requested.found(opened.book, ask), ask)
    return _of_results(opened, of, ask)


def one(opened: Opened, of: Collection, feature: str) -> Found:
    """One feature by its id.

    Raises
    ------
    NotHere : there is none, or none that may be shown
    """
    if not of.kind:
        found = _made(opened, of, feature)
    elif feature.isdecimal() and feature.isascii() and len(feature) < 19:
        found = _rows(
            opened, of, Ask(ids=_shown(opened.book, of, Ask(ids=[int(feature)]))), (1, 0), None, False
        )
    else:
        found = _named(opened, of, feature)
    if not found.ids:
        raise NotHere(f"feature of {of.name}", feature)
    return found


def _made(opened: Opened, of: Collection, feature: str) -> Found:
    """One feature that is no row of a layer: a request, or a zone with the results of a year."""
    code, _, year = feature.rpartition("-")
    ask = Wanted(1, 0, (), None, int(year) if year.isdecimal() else 0, code, None, {}, False)
    if of.name == "requests":
        return _of_requests(of, requested.one(opened.book, feature), 1, False, ask)
    return find(opened, of, ask)


def bounds(opened: Opened, of: Collection) -> Box | None:
    """West, south, east, north of what the collection shows; None when it shows nothing that has a place."""
    if of.name == "requests":
        return opened.kept(("bounds", of.name), lambda: requested.bounds(opened.book))
    if of.name == "constraints":
        return opened.kept(("bounds", of.name), lambda: _shown_bounds(opened.book, of))
    kind = "parcels" if of.name == "enterprises" else of.kind or "zones"
    return opened.kept(("bounds", of.name), lambda: opened.book.bounds(kind))


def unrestricted(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that are not marked as classified (涉密)."""
    return rows[~rows["restricted"].fillna(False).astype(bool)]


def _of_book(opened: Opened, of: Collection, ask: Wanted, as_json: bool) -> Found:
    asks = _asks(opened.book, of, ask)
    place = (ask.limit, ask.offset)
    if of.name == "enterprises" and ask.boxes:
        asks = [Ask(ids=_placed_within(opened, asks, ask.boxes))]
    elif of.name == "constraints" or len(asks) > 1:
        asks = [Ask(ids=sorted(set().union(*(_shown(opened.book, of, each) for each in asks))))]
    if as_json and of.name != "enterprises":
        return _written(opened, of, asks[0], ask)
    return _rows(opened, of, asks[0], place, ask.properties, ask.count)


def _asks(book: Book, of: Collection, ask: Wanted) -> list[Ask]:
    """What to ask the book; several where the time or the box has parts, and then their union is meant."""
    base = Ask(zone=ask.zone, where=ask.where)
    asks = [replace(base, **when) for when in _times(book, of, ask)]
    if of.name == "enterprises" or not ask.boxes:
        return asks
    return [replace(each, box=box) for each in asks for box in ask.boxes]


def _times(book: Book, of: Collection, ask: Wanted) -> list[dict[str, Any]]:
    """Days or years whose union is the time asked for."""
    if of.yearly:
        if ask.days is None:
            return [{"year": ask.year}]
        first, last = (day.year if day else None for day in ask.days)
        held = sorted(set(book.read(of.kind, columns=["year"])["year"].dropna().astype(int)))
        within = [y for y in held if (first is None or y >= first) and (last is None or y <= last)]
        return [{"year": y} for y in within] or [{"ids": []}]
    if ask.year is not None:
        return [{"on": date(ask.year, 12, 31)}]
    if ask.days is None:
        return [{"on": date.today()}]
    first, last = ask.days
    # What meets a span of time is in force on its first day, or begins within it.
    begins = {part.valid_from for part in book.parts(of.kind)} - {None}
    days = {day for day in begins if (first is None or day > first) and (last is None or day <= last)}
    days.add(first or date.min)
    return [{"on": day} for day in sorted(days)]


def _shown(book: Book, of: Collection, ask: Ask) -> list[int]:
    """Ids of the rows that an Ask means and that may be shown."""
    if of.name == "constraints":
        return unrestricted(book.read(of.kind, ask, columns=["restricted"])).index.tolist()
    return book.read(of.kind, ask, columns=["version"]).index.tolist()


def _shown_bounds(book: Book, of: Collection) -> Box | None:
    rows = unrestricted(book.read(of.kind, columns=["restricted", "geometry"]))
    if not len(rows):
        return None
    west, south, east, north = (float(side) for side in rows.total_bounds)
    return west, south, east, north


def _rows(
    opened: Opened, of: Collection, ask: Ask, place: tuple[int, int], names: Sequence[str] | None, count: bool
) -> Found:
    columns = (
        [n for n in of.columns if n != "version"] if names is None else [n for n in names if n != "version"]
    )
    needed = (
        list(dict.fromkeys([*columns, "enterprise_id", "zone", "year"]))
        if of.name == "enterprises"
        else columns
    )
    limit, offset = place
    page = opened.book.page(of.kind, ask, limit=limit, offset=offset, count=count, columns=needed)
    said = page.columns
    shapes = _places(opened, said) if of.name == "enterprises" else geometries(page.wkb)
    wanted = list(of.columns) if names is None else names
    return Found(page.ids, {name: said[name] for name in wanted}, shapes, page.matched, page.more)


def _written(opened: Opened, of: Collection, asked: Ask, ask: Wanted) -> Found:
    columns = list(of.columns if ask.properties is None else ask.properties)
    page = opened.book.page(
        of.kind, asked, limit=ask.limit, offset=ask.offset, count=ask.count, columns=columns, as_json=True
    )
    array = feature_array(page.ids, page.wkb, page.texts or [])
    return Found(page.ids, {}, [], page.matched, page.more, array)


def _named(opened: Opened, of: Collection, feature: str) -> Found:
    """A zone by its code, as it stands today."""
    if of.name != "zones":
        return Found([], {}, [], None, False)
    return _rows(opened, of, Ask(zone=feature, on=date.today()), (1, 0), None, False)


def _places(opened: Opened, said: dict[str, list[Any]]) -> list[Geometry]:
    """A point on the parcels of each enterprise in its year; None where it has none."""
    rows = zip(said["zone"], said["year"], said["enterprise_id"], strict=True)
    found = [
        places(opened, zone, int(year)).get(str(name)) if zone and year else None for zone, year, name in rows
    ]
    return [point(*each) if each else None for each in found]


def places(opened: Opened, zone: str, year: int) -> dict[str, tuple[float, float]]:
    """Enterprise -> longitude and latitude of a point on its parcels in a zone at the end of a year."""
    return opened.kept(("places", zone, year), lambda: _find_places(opened.book, zone, year))


def _find_places(book: Book, zone: str, year: int) -> dict[str, tuple[float, float]]:
    ask = Ask(zone=zone, on=date(year, 12, 31))
    rows = book.read("parcels", ask, columns=["enterprise_id", "geometry"]).dropna(subset=["enterprise_id"])
    if not len(rows):
        return {}
    parts, row = shapely.get_parts(np.asarray(rows.geometry), return_index=True)
    names, which = np.unique(rows["enterprise_id"].to_numpy(dtype=str)[row], return_inverse=True)
    order = np.argsort(which, kind="stable")
    points = shapely.point_on_surface(shapely.multipolygons(parts[order], indices=which[order]))
    xy = shapely.get_coordinates(points)
    return dict(zip(names.tolist(), map(tuple, xy.tolist()), strict=True))


def _placed_within(opened: Opened, asks: Sequence[Ask], boxes: Sequence[Box]) -> list[int]:
    """Ids of the enterprises whose point lies in one of the boxes."""
    found: list[int] = []
    for ask in asks:
        rows = opened.book.read("enterprises", ask, columns=["enterprise_id", "zone", "year"])
        for (zone, year), group in rows.groupby(["zone", "year"]):
            placed = places(opened, str(zone), int(year))
            for own, name in group["enterprise_id"].items():
                at = placed.get(str(name))
                if at and any(w <= at[0] <= e and s <= at[1] <= n for w, s, e, n in boxes):
                    found.append(int(own))
    return sorted(found)


def _of_requests(of: Collection, filed: Sequence[Filed], matched: int, more: bool, ask: Wanted) -> Found:
    names = list(of.columns if ask.properties is None else ask.properties)
    shapes = geometries([shapely.to_wkb(each.draft.shape, byte_order=1) for each in filed])
    said = requested.property_columns(filed, names)
    return Found([each.number for each in filed], said, shapes, matched if ask.count else None, more)


def _of_results(opened: Opened, of: Collection, ask: Wanted) -> Found:
    """Zones with the results of a year; none where nothing was assessed."""
    from api.exports import placed

    year = ask.year or (ask.days[0] or ask.days[1] or date.today()).year if ask.year or ask.days else None
    key = (of.name, year, ask.zone)
    try:
        rows = opened.kept(
            key, lambda: placed(opened.book, year, ask.zone, emissions_only=of.name == "emissions")
        )
    except NothingInForce:
        return Found([], {}, [], 0, False)
    if code := ask.where.get("code"):
        rows = rows[rows["code"] == code]
    if ask.boxes:
        rows = rows[
            np.any([shapely.intersects(rows.geometry, shapely.box(*box)) for box in ask.boxes], axis=0)
        ]
    here = rows.iloc[ask.offset : ask.offset + ask.limit]
    names = [n for n in (ask.properties or of.columns) if n in here.columns]
    columns = {n: here[n].astype(object).where(here[n].notna(), None).tolist() for n in names}
    ids = [f"{code}-{of_year}" for code, of_year in zip(here["code"], here["year"], strict=True)]
    shapes = geometries(shapely.to_wkb(np.asarray(here.geometry), byte_order=1).tolist())
    return Found(ids, columns, shapes, len(rows) if ask.count else None, ask.offset + len(here) < len(rows))

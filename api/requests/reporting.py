"""From a document to its printed page (核查表输出): what the map shows is read from the book, then drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from api.requests.report import offending_geojson
from api.requests.report import report_bytes as made
from api.requests.report.drawing import Drawing, drawing_of, open_constraints, shape_of
from api.zone_tables import zone_on
from data.book.interface import Ask, Book
from data.errors import FormatUnknown, NotHere, NothingInForce
from data.formats.whole import whole_or_not
from geo.boundary_change.conditions.roles import roles_of

FORMS = ("html", "pdf", "xlsx", "geojson")
AROUND = 0.01
"""Degrees around the request in which constraints and neighbours are drawn, about a kilometre"""


def write_report(book: Book, told: Mapping[str, Any], out: Path, when: datetime) -> None:
    """Write the report whose form the suffix names; the file is whole or not there at all.

    Raises
    ------
    FormatUnknown : no report is made in that form
    """
    content = report_bytes(book, told, out.suffix.lower().lstrip("."), when)
    with whole_or_not(out) as half:
        half.write_bytes(content)


def report_bytes(book: Book, told: Mapping[str, Any], form: str, when: datetime) -> bytes:
    """The report of a document; `geojson` gives the offending parts alone.

    Raises
    ------
    FormatUnknown : no report is made in that form
    """
    if form not in FORMS:
        raise FormatUnknown(
            f"No report is made as {form or 'a name without an extension'}. Name it .{', .'.join(FORMS)}."
        )
    if form == "geojson":
        return offending_geojson(told)
    return made(told, drawing(book, told), form, when=when.replace(microsecond=0))


def drawing(book: Book, told: Mapping[str, Any]) -> Drawing:
    """What the map of a document shows: its own shapes, the zone, and open features around.

    Classified features have no place in it.
    """
    about = told["request"]
    day = date.fromisoformat(about["day"])
    boundary = _boundary(book, str(about["zone"]), day)
    shapes = {name: shape_of(told["shapes"].get(name)) for name in ("added", "lost")}
    asked = shape_of(told["geometry"])
    middle = asked or next((each for each in (*boundary, *shapes.values()) if each is not None), None)
    if middle is None:
        return drawing_of(told)
    west, south, east, north = (float(side) for side in shapely.bounds(middle))
    box = (west - AROUND, south - AROUND, east + AROUND, north + AROUND)
    near = book.read("constraints", Ask(on=day, box=box), columns=["kind", "name", "restricted", "geometry"])
    near = near.assign(role=roles_of(near, {}))
    zones = book.read("zones", Ask(on=day, box=box), columns=["code", "name", "geometry"])
    zones = zones[zones["code"] != about["zone"]]
    return drawing_of(
        told,
        boundary=gpd.GeoSeries(boundary, crs=4490),
        **{name: gpd.GeoSeries([s] if s is not None else [], crs=4490) for name, s in shapes.items()},
        constraints=open_constraints(near),
        neighbours=gpd.GeoSeries(zones.geometry.to_numpy(), index=zones["name"].tolist(), crs=4490),
    )


def _boundary(book: Book, code: str, day: date) -> list[Any]:
    try:
        return [zone_on(book, code, day)["geometry"]]
    except (NotHere, NothingInForce):
        return []

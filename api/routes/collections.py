"""What collections there are, and what their features say (数据集合): description, queryables, schema."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from api.answers import CSV, GEOJSON, HTML, JSON, base_of, fresh, guarded, json_answer, link, wants_html
from api.asking import refuse_unknown
from api.collections import CRS84, JSON_TYPES, YEAR, ZONE, Collection, collection, collections
from api.features import bounds
from api.opened import Opened, opened
from api.pages.frame import page
from data.kinds import Column

router = APIRouter()

SCHEMA = "application/schema+json"
FORM = frozenset({"f"})


@router.get("/collections")
def read_collections(request: Request) -> Response:
    """All collections."""
    refuse_unknown(request.query_params, FORM)
    here, base = opened(request), base_of(request)

    def make() -> Response:
        told = [described(here, each, base) for each in collections().values()]
        if wants_html(request):
            body = page("collections.html", request, title="数据集合", notice=here.notice(), collections=told)
            return guarded(Response(body, media_type=HTML))
        links = [
            link(f"{base}/collections?f=json", "self", JSON),
            link(f"{base}/collections?f=html", "alternate", HTML),
        ]
        return json_answer({"links": links, "collections": told})

    return fresh(request, here.stamp(), make)


@router.get("/collections/{name}")
def read_collection(request: Request, name: str) -> Response:
    """One collection."""
    refuse_unknown(request.query_params, FORM)
    here, of = opened(request), collection(name)

    def make() -> Response:
        told = described(here, of, base_of(request))
        if wants_html(request):
            body = page("collections.html", request, title=of.title, notice=here.notice(), collections=[told])
            return guarded(Response(body, media_type=HTML))
        return json_answer(told)

    return fresh(request, here.stamp(), make)


@router.get("/collections/{name}/queryables")
def read_queryables(request: Request, name: str) -> Response:
    """The columns of which a request may demand a value."""
    refuse_unknown(request.query_params, FORM)
    of = collection(name)
    asked = {each: of.columns[each] for each in of.filters}
    return _schema(request, of, "queryables", asked | ({"zone": ZONE} if of.zoned else {}) | {"year": YEAR})


@router.get("/collections/{name}/schema")
def read_schema(request: Request, name: str) -> Response:
    """The properties of a feature, as JSON Schema."""
    refuse_unknown(request.query_params, FORM)
    of = collection(name)
    return _schema(request, of, "schema", dict(of.columns), geometry=True)


def described(here: Opened, of: Collection, base: str) -> dict[str, Any]:
    """The OGC description of a collection."""
    own = f"{base}/collections/{of.name}"
    box = bounds(here, of)
    extent = {"extent": {"spatial": {"bbox": [box], "crs": CRS84}}} if box else {}
    return {
        "id": of.name,
        "title": of.title,
        "description": of.about,
        "itemType": "feature",
        **extent,
        "crs": [CRS84],
        "storageCrs": CRS84,
        "links": [
            link(f"{own}?f=json", "self", JSON),
            link(f"{own}?f=html", "alternate", HTML),
            link(f"{own}/items?f=json", "items", GEOJSON, of.title),
            link(f"{own}/items?f=html", "items", HTML, of.title),
            link(f"{own}/items?f=csv", "items", CSV, of.title),
            link(f"{own}/schema", "describedby", SCHEMA),
            link(f"{own}/queryables", "http://www.opengis.net/def/rel/ogc/1.0/queryables", SCHEMA),
        ],
    }


def column_schema(column: Column) -> dict[str, Any]:
    """JSON Schema of one column."""
    said: dict[str, Any] = {"title": column.header, "type": JSON_TYPES.get(column.type, "string")}
    if column.type == "day":
        said["format"] = "date"
    if column.explain:
        said["description"] = column.explain
    if column.one_of:
        said["enum"] = list(column.one_of)
    bounds_ = {"minimum": column.min, "maximum": column.max}
    return said | {name: value for name, value in bounds_.items() if value is not None}


def _schema(
    request: Request, of: Collection, what: str, columns: dict[str, Column], *, geometry: bool = False
) -> Response:
    properties = {name: column_schema(column) for name, column in columns.items()}
    if geometry:
        shape = "geometry-point" if of.name == "enterprises" else "geometry-multipolygon"
        properties["geometry"] = {"x-ogc-role": "primary-geometry", "format": shape}
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{base_of(request)}/collections/{of.name}/{what}",
        "title": of.title,
        "type": "object",
        "properties": properties,
    }
    return json_answer(document, SCHEMA)

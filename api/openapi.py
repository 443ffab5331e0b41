"""The description of the API (接口描述), as OpenAPI 3.0.3.

FastAPI writes 3.1, and the tools of the field read 3.0; GDAL asks the server for `column=value` only where
that is a declared parameter of the very path of the items. So it is written here, collection by collection.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from api.chosen import ABOUT
from api.collections import CRS84, JSON_TYPES, Collection, collections
from api.emissions import UNPLACED
from api.emissions_features import KEYS
from api.inventories.wishes import ABOUT as WISHES
from api.inventories.wishes import DRAWS_MOST, offered
from api.listings import FORMS, LISTINGS
from api.openapi_parts import (
    BOOKS,
    FEATURES,
    GEO,
    GRID,
    LISTED,
    PLAIN,
    Parameter,
    get,
    path_of,
    problem,
    query,
    year,
)
from api.openapi_requests import SECURITY, of_requests
from api.settings import settings
from geo.cover.gridding import CELL_M


def description(base: str) -> dict[str, Any]:
    """The whole document.

    Parameters
    ----------
    base : public address of the service
    """
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "亩碳 Mutan",
            "description": "开发区土地与碳。所有要素为 GeoJSON (CRS84); 故障为 problem+json (RFC 9457)。",
            "version": release(),
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "servers": [{"url": base}],
        "paths": _paths(),
        "components": {"schemas": {"problem": problem()}, **SECURITY},
    }


def release() -> str:
    """The version of the program."""
    try:
        return version("mutan")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "0"


def _paths() -> dict[str, Any]:
    form = [query("f", "json or html.", {"type": "string", "enum": ["json", "html"]})]
    paths = {
        "/": get("首页", "Landing page", form, PLAIN),
        "/conformance": get("首页", "Requirements classes that are met", form, PLAIN),
        "/api": get("首页", "This document", form, PLAIN),
        "/health": get("首页", "200 when the book can be read", form, PLAIN),
        "/collections": get("数据", "All collections", form, PLAIN),
    }
    for each in collections().values():
        own = f"/collections/{each.name}"
        paths[own] = get(each.title, each.about, form, PLAIN)
        paths[f"{own}/queryables"] = get(each.title, "Columns to filter by", form, PLAIN)
        paths[f"{own}/schema"] = get(each.title, "Columns of a feature", form, PLAIN)
        paths[f"{own}/items"] = get(each.title, f"{each.title}: features", _of_items(each), GEO)
        feature = [path_of("featureId", "Id of the feature."), *form]
        paths[f"{own}/items/{{featureId}}"] = get(each.title, f"{each.title}: one feature", feature, GEO)
    return (
        paths
        | _of_zones(form)
        | _of_inventories()
        | _of_emissions()
        | _of_listings()
        | _of_parameters(form)
        | _of_maps()
        | of_requests(form)
    )


def _of_items(of: Collection) -> list[Parameter]:
    number = {"type": "number"}
    whole = {"type": "integer", "minimum": 0}
    own = [
        query(name, of.columns[name].header, {"type": JSON_TYPES.get(of.columns[name].type, "string")})
        for name in of.filters
        if name not in ("zone", "year")
    ]
    said = settings()
    limit = {"type": "integer", "minimum": 1, "maximum": said.most_features, "default": said.page_limit}
    box = {"type": "array", "minItems": 4, "maxItems": 6, "items": number}
    listed = {"type": "array", "items": {"type": "string", "enum": list(of.columns)}}
    parameters = [
        query("bbox", "West, south, east, north in degrees (CRS84).", box, explode=False),
        query("datetime", "In force on a day, or within an interval.", {"type": "string"}),
        query("year", "In force at the end of a year; statements of it.", {"type": "integer"}),
        query("limit", "Features on a page.", limit),
        query("offset", "Features to pass over.", {**whole, "default": 0}),
        query("properties", "Columns to give.", listed, explode=False),
        query("count", "Whether to count all that match.", {"type": "boolean", "default": False}),
        query("f", "Form of the answer.", {"type": "string", "enum": ["json", "html", "csv"]}),
        *(query(name, "The only one.", {"type": "string", "enum": [CRS84]}) for name in ("crs", "bbox-crs")),
        *own,
    ]
    zone = query("zone", "开发区代码", {"type": "string"})
    return [*parameters, zone] if of.zoned else parameters


def _of_zones(form: list[Parameter]) -> dict[str, Any]:
    of = path_of("code", "Code of the zone, as G411031.")
    asked = [of, year(), *form]
    land = {"type": "string", "enum": ["ha", "mu", "m2"], "default": "ha"}
    digits = {"type": "integer", "minimum": 0, "maximum": 8, "default": 4}
    book = [of, year(), query("unit", "Of areas.", land), query("decimals", "Of areas.", digits)]
    live = query("live", "Measure anew, with all faults.", {"type": "boolean", "default": False})
    chosen = [query(name, about, {"type": "string"}) for name, about in ABOUT.items()]
    return {
        "/zones/{code}/indicators": get("开发区", "Results of a year", [*asked, live, *chosen], PLAIN),
        "/zones/{code}/why/{result}": get(
            "开发区",
            "What a number rests on",
            [
                of,
                path_of("result", "Code of a result, or of a figure of the inventory."),
                *asked[1:],
                *chosen,
                *_wished(),
            ],
            PLAIN,
        ),
        "/zones/{code}/report.xlsx": get("开发区", "A workbook to print and sign", book, BOOKS),
        "/zones/{code}/history": get("开发区", "Periods of the boundary", [of, *form], PLAIN),
    }


def _of_inventories() -> dict[str, Any]:
    """The inventory and its workbook, with the choices it can be made under."""
    forms = query("f", "Form of the answer.", {"type": "string", "enum": ["json", "html", "xlsx"]})
    why = query("why", "Whether each line carries its chain.", {"type": "boolean", "default": False})
    lines = query("lines", "Whether to list the lines.", {"type": "boolean", "default": True})
    asked = [path_of("code", "Code of the zone, as G411031."), year(), *_wished()]
    told = "Emissions of a year: totals, lines, uncertainty, netting, gates"
    return {
        "/zones/{code}/inventory": get("碳排放", told, [*asked, why, lines, forms], {**PLAIN, **BOOKS}),
        "/zones/{code}/inventory.xlsx": get("碳排放", "The inventory, to print and sign", asked, BOOKS),
    }


def _wished() -> list[Parameter]:
    """A parameter for each choice of an inventory; where few are offered, they are listed."""
    few = offered()
    kinds = {
        "known_on": {"type": "string", "format": "date"},
        "draws": {"type": "integer", "minimum": 100, "maximum": DRAWS_MOST, "default": 10_000},
        "seed": {"type": "integer", "minimum": 0, "default": 0},
    }
    text = {"type": "string"}
    return [
        query(name, about, text | {"enum": list(few[name])} if name in few else kinds.get(name, text))
        for name, about in WISHES.items()
    ]


def _of_emissions() -> dict[str, Any]:
    """Emissions on the ground: features, several years, a grid."""
    of = path_of("code", "Code of the zone, as G411031.")
    by = query("by", "What emits.", {"type": "string", "enum": list(KEYS), "default": "enterprise"})
    where = {"type": "string", "enum": list(UNPLACED), "default": next(iter(UNPLACED))}
    unplaced = query("unplaced", "Enterprises without a parcel.", where)
    form = query("f", "Form of the answer.", {"type": "string", "enum": ["json", "geojson"]})
    years = query("years", "As 2020-2024, or 2020,2024; all that are assessed.", {"type": "string"})
    only = query("f", "Form of the answer.", {"type": "string", "enum": ["json"]})
    metres = {"type": "number", "exclusiveMinimum": True, "minimum": 0, "default": CELL_M}
    cell = query("cell", "Side of a cell, in metres.", metres)
    plane = query("crs", "A plane in metres; the belt of the zone.", {"type": "string"})
    slider = {"application/json": {"schema": {"type": "object"}}}
    own = "/zones/{code}/emissions"
    asked = [of, year(), by, unplaced]
    return {
        own: get("碳排放", "What emits, with its place", [*asked, form], FEATURES),
        f"{own}/years": get("碳排放", "The same for several years", [*asked, years, only], slider),
        f"{own}.tif": get("碳排放", "A grid of emissions", [of, year(), cell, plane, unplaced], GRID),
    }


def _of_listings() -> dict[str, Any]:
    """A path for each listing, with the options it takes."""
    forms = query("f", "Form of the answer.", {"type": "string", "enum": list(FORMS)})
    why = query("why", "Whether each row carries what it rests on.", {"type": "boolean", "default": False})
    paths = {}
    for kind in LISTINGS.values():
        options = [query(name, about, {"type": "string"}) for name, about in kind.options.items()]
        asked = [year(), *options, why, forms]
        if kind.zoned:
            of = path_of("code", "Code of the zone, as G411031.")
            paths[f"/zones/{{code}}/{kind.name}"] = get("开发区", kind.about, [of, *asked], LISTED)
        else:
            paths[f"/{kind.name}"] = get("排名与目标", kind.about, asked, LISTED)
    return paths


def _of_parameters(form: list[Parameter]) -> dict[str, Any]:
    day = {"type": "string", "format": "date"}
    asked = [
        path_of("name", "Dotted name."),
        query("on", "Day; today if left out.", day),
        query("region", "GB/T 2260 code.", {"type": "string", "pattern": r"^\d{6}$", "default": "100000"}),
        query("known_on", "As it was known on that day.", day),
        *form,
    ]
    return {
        "/rules": get("规则与因子", "All rules", form, PLAIN),
        "/rules/{name}": get("规则与因子", "A rule on a day", asked, PLAIN),
        "/factors": get("规则与因子", "All factors", form, PLAIN),
        "/factors/{name}": get("规则与因子", "A factor on a day", asked, PLAIN),
    }


def _of_maps() -> dict[str, Any]:
    html = {"text/html": {"schema": {"type": "string"}}}
    indicator = query("indicator", "Code by which zones are coloured.", {"type": "string"})
    return {
        "/maps/": get("地图", "All zones", [year(), indicator], html),
        "/maps/{code}": get("地图", "One zone", [path_of("code", "Code of the zone."), year()], html),
    }

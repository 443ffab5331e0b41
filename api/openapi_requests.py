"""The paths of requests in the description of the API (申请接口描述)."""

from __future__ import annotations

from typing import Any

from api.openapi_parts import BOOKS, FEATURES, PLAIN, Parameter, get, path_of, post, query
from api.requests.columns import STATES
from api.requests.steps import DECISIONS, STEPS
from api.requests.uploads import FILES, SWITCHES, TEXTS

TAG = "边界调整申请"
SECURITY = {"securitySchemes": {"office": {"type": "http", "scheme": "bearer"}}}
ABOUT = {
    "file": "The land asked for: .txt .zip (Shapefile) .gpkg .geojson .kml .dxf .csv .xlsx.",
    "gives_up": "The land given up.",
    "kind": "A folder of data/rules: expansion, adjustment, recognition, upgrade, removal.",
    "zone": "Code of the zone that asks.",
    "day": "Layers and rules in force then; today.",
    "name": "Of the request.",
    "crs": "Of the coordinates, where the file does not say or is wrong: EPSG:4526, gcj02.",
    "layer": "Of a file with several.",
    "encoding": "Of its text: gbk, utf-8.",
    "snap": "Strips along the old boundary narrower than this are drawing, metres, 0 to 10.",
    "reason": "Codes of declared reasons, with commas between them.",
    "land": "Method of land carbon.",
    "who": "As the person names themself.",
    "variant_of": "Number of the request that it is another form of.",
    "whole": "The file is the new boundary as a whole.",
    "repair": "Mend invalid polygons.",
    "keep": "File it in the book; true.",
}
REFUSED = {
    "400": "A field is lacking, unknown, or cannot be read",
    "403": "Not from there, or not here",
    "413": "Too large",
    "422": "The file has faults, which are listed with their lines; or the zone or kind is not known",
    "503": "Another writes into the book",
}


def of_requests(form: list[Parameter]) -> dict[str, Any]:
    """Requests: listed and filed, one of them, its report, its variants, its checks and its steps."""
    of = path_of("id", "Number of the request, as 2026-0001.")
    state = query("state", "Of its life.", {"type": "string", "enum": list(STATES)})
    zone = query("zone", ABOUT["zone"], {"type": "string"})
    read = get(TAG, "All requests, newest first", [zone, state, *form], PLAIN)
    filed = {"201": "Filed and checked", "200": "Checked alone (keep=false)", "303": "Filed, for a browser"}
    asked = [query(name, ABOUT[name], schema) for name, schema in _fields().items()]
    sent = post(TAG, "A request filed and checked", asked, _bodies(), {**filed, **REFUSED})
    own = "/requests/{id}"
    return {
        "/requests": {**read, **sent},
        own: get(TAG, "Newest check, steps, earlier checks", [of, *form], PLAIN),
        f"{own}/compare/{{other}}": get(
            TAG, "Two variants side by side", [of, path_of("other", "Its variant."), *form], PLAIN
        ),
        **{f"{own}/report{end}": get(TAG, "The report to print", [of], kind) for end, kind in _reports()},
        f"{own}/checks": post(
            TAG,
            "Checked again, with what has changed",
            [of, query("who", ABOUT["who"], {"type": "string"})],
            None,
            {"200": "Checked again", "404": "No such request", **REFUSED},
        ),
        f"{own}/steps": _steps(of),
        f"/maps{own}": get("地图", "One request", [of], {"text/html": {"schema": {"type": "string"}}}),
    }


def _steps(of: Parameter) -> dict[str, Any]:
    text = {"type": "string"}
    step = {
        "type": "object",
        "required": ["what", "who"],
        "properties": {
            "what": {**text, "enum": [*STEPS, *DECISIONS]},
            **dict.fromkeys(("who", "note", "paper"), text),
            "valid_from": {**text, "format": "date"},
            "approved_ha": {"type": "number", "minimum": 0},
        },
    }
    statuses = {"201": "Taken", "404": "No such request", "409": "It may not follow", **REFUSED}
    made = post(TAG, "A step of its life", [of], {"application/json": {"schema": step}}, statuses)
    made["post"]["security"] = [{"office": []}]
    return made


def _fields() -> dict[str, dict[str, Any]]:
    """What may be said beside a file, each with its schema."""
    texts: dict[str, dict[str, Any]] = {name: {"type": "string"} for name in TEXTS}
    texts["day"] = {"type": "string", "format": "date"}
    texts["snap"] = {"type": "number", "minimum": 0, "maximum": 10}
    return {**texts, **{name: {"type": "boolean"} for name in SWITCHES}}


def _bodies() -> dict[str, Any]:
    files = {name: {"type": "string", "format": "binary", "description": ABOUT[name]} for name in FILES}
    said = {name: {**schema, "description": ABOUT[name]} for name, schema in _fields().items()}
    form = {"type": "object", "required": ["kind", "zone"], "properties": {**files, **said}}
    return {
        "multipart/form-data": {"schema": form},
        "application/geo+json": {"schema": {"type": "object"}},
    }


def _reports() -> list[tuple[str, dict[str, Any]]]:
    page = {"text/html": {"schema": {"type": "string"}}}
    pdf = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
    return [("", page), (".pdf", pdf), (".xlsx", BOOKS), (".geojson", FEATURES)]

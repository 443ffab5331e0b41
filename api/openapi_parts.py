"""Parts of the description of the API (接口描述的零件): operations, parameters, forms of answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Parameter = dict[str, Any]
GEO = {"application/geo+json": {"schema": {"type": "object"}}, "text/html": {"schema": {"type": "string"}}}
PLAIN = {"application/json": {"schema": {"type": "object"}}, "text/html": {"schema": {"type": "string"}}}
BOOKS = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
        "schema": {"type": "string", "format": "binary"}
    }
}
FEATURES = {"application/geo+json": {"schema": {"type": "object"}}}
GRID = {
    "image/tiff; application=geotiff; profile=cloud-optimized": {
        "schema": {"type": "string", "format": "binary"}
    }
}
LISTED = {**PLAIN, **BOOKS, **GEO, "text/csv": {"schema": {"type": "string"}}}
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}


def get(tag: str, summary: str, parameters: list[Parameter], forms: dict[str, Any]) -> dict[str, Any]:
    """A path that is read.

    Parameters
    ----------
    forms : media type -> its schema, of what is answered
    """
    answers = {"200": {"description": summary, "content": forms}}
    faults = {
        status: {"description": said, "content": PROBLEM}
        for status, said in (("400", "Cannot be read so"), ("404", "Not here"), ("500", "Broke inside"))
    }
    return {
        "get": {"tags": [tag], "summary": summary, "parameters": parameters, "responses": answers | faults}
    }


def post(
    tag: str,
    summary: str,
    parameters: list[Parameter],
    body: dict[str, Any] | None,
    statuses: Mapping[str, str],
) -> dict[str, Any]:
    """A path to which something is sent.

    Parameters
    ----------
    body : media type -> its schema; None: it takes no body
    statuses : status -> what it means; from 400 on it is answered with a problem
    """
    answers = {
        status: {"description": said, "content": PROBLEM if int(status) >= 400 else PLAIN}
        for status, said in statuses.items()
    }
    told = {"tags": [tag], "summary": summary, "parameters": parameters, "responses": answers}
    return {"post": {**told, "requestBody": {"required": True, "content": body}} if body else told}


def query(name: str, about: str, schema: dict[str, Any], *, explode: bool = True) -> Parameter:
    """A parameter that may stand in the query."""
    said = {"name": name, "in": "query", "required": False, "description": about, "schema": schema}
    return said if explode else said | {"style": "form", "explode": False}


def path_of(name: str, about: str) -> Parameter:
    """A part of the path."""
    return {"name": name, "in": "path", "required": True, "description": about, "schema": {"type": "string"}}


def year() -> Parameter:
    """The year of what is told."""
    return query(
        "year", "What was in force at its end.", {"type": "integer", "minimum": 1990, "maximum": 2100}
    )


def problem() -> dict[str, Any]:
    """The schema of problem+json, RFC 9457."""
    texts = {name: {"type": "string"} for name in ("type", "title", "detail")}
    faults = {"type": "array", "items": {"type": "object"}}
    return {"type": "object", "properties": {**texts, "status": {"type": "integer"}, "faults": faults}}

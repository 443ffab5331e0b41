"""Faults over HTTP: the one table from a fault to a status, answered as problem+json (RFC 9457).

A browser gets the same words on a page. What nobody foresaw is a 500 that tells nothing of the inside.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any, cast

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.answers import guarded, wants_html
from data.errors import (
    AssetMissing,
    BookBusy,
    BookError,
    BookFull,
    BookMissing,
    BookUnusable,
    ColumnMissing,
    FaultsFound,
    FileTooLarge,
    MutanError,
    NoSuchCode,
    NoSuchParameter,
    NotHere,
    NothingInForce,
    NoValueOnDay,
    StepNotAllowed,
)

LOG = logging.getLogger("mutan")
PROBLEM = "application/problem+json"
DOCS = "What there is: /collections, and every path with its parameters at /api.html."


class BadQuery(MutanError):
    """A query parameter that is unknown, or cannot be read."""

    @classmethod
    def unknown(cls, name: str, known: Collection[str]) -> BadQuery:
        """A parameter that this path does not know."""
        near = get_close_matches(name, known, 1, 0.6)
        hint = f" Did you mean {near[0]}?" if near else ""
        return cls(f"This path knows no parameter {name!r}. It knows: {', '.join(sorted(known))}.{hint}")


class NotAllowed(MutanError):
    """The service does not do that for whoever asks; the message says who may, or how it is done instead."""


STATUS: dict[type[MutanError], int] = {
    BadQuery: 400,
    NotAllowed: 403,
    AssetMissing: 404,
    ColumnMissing: 409,
    FileTooLarge: 413,
    NoSuchCode: 404,
    NoSuchParameter: 404,
    NoValueOnDay: 404,
    StepNotAllowed: 409,
    NotHere: 404,
    NothingInForce: 404,
    BookBusy: 503,
    BookError: 500,
    BookFull: 503,
    BookMissing: 503,
    BookUnusable: 503,
    MutanError: 422,
}


def status_of(fault: MutanError) -> int:
    """The status of a fault: that of the nearest class above it in the table.

    >>> status_of(BadQuery("…")), status_of(FaultsFound([], "…"))
    (400, 422)
    """
    return next(STATUS[kind] for kind in type(fault).__mro__ if kind in STATUS)


def problem(request: Request, status: int, detail: str, **more: Any) -> Response:
    """The answer to a fault: problem+json, or a page for a browser."""
    title = HTTPStatus(status).phrase
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    if wants_html(request):
        from api.pages.frame import page

        body = page("problem.html", request, problem=document, title=f"{status} {title}", notice="")
        return guarded(Response(body, status, media_type="text/html; charset=utf-8"))
    return guarded(Response(orjson.dumps(document), status, media_type=PROBLEM))


def told_of(request: Request, fault: MutanError) -> tuple[str, dict[str, Any]]:
    """What may be told of a fault: a sentence, and the records that it carries, as `faults`."""
    if isinstance(fault, FaultsFound):
        return str(fault).splitlines()[0], {"faults": [each.as_json() for each in fault.faults]}
    if status_of(fault) < 500:
        return str(fault), {}
    # the whole message names places on this machine, which are not for everybody
    LOG.error("%s %s: %s", request.method, request.url.path, fault)
    return f"{type(fault).__doc__} The log of the service says more.", {}


def answer_faults(app: FastAPI) -> None:
    """Answer each of our faults with its own message, and all others without the inside."""

    def ours(request: Request, fault: Exception) -> Response:
        fault = cast("MutanError", fault)  # what the handler is registered for, as below
        detail, more = told_of(request, fault)
        return problem(request, status_of(fault), detail, **more)

    def misread(request: Request, fault: Exception) -> Response:
        fault = cast("RequestValidationError", fault)
        said = "; ".join(
            f"{'.'.join(str(place) for place in each['loc'][1:])}: {each['msg']}" for each in fault.errors()
        )
        return problem(request, 400, f"The request cannot be read so. {said}. Correct it; see /api.html.")

    def http(request: Request, fault: Exception) -> Response:
        fault = cast("HTTPException", fault)
        if fault.status_code == 404:
            return problem(request, 404, f"Nothing is at {request.url.path}. {DOCS}")
        if fault.status_code == 405:
            answer = problem(request, 405, f"{request.url.path} takes no {request.method}. {DOCS}")
            answer.headers.update(fault.headers or {})
            return answer
        return problem(request, fault.status_code, f"{fault.detail}. {DOCS}")

    def unforeseen(request: Request, _: Exception) -> Response:
        return problem(
            request, 500, "Something broke inside. The log of the service says more; tell whoever runs it."
        )

    app.add_exception_handler(MutanError, ours)
    app.add_exception_handler(RequestValidationError, misread)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unforeseen)

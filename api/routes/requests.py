"""Requests to move a boundary over HTTP (边界调整申请): listed, looked up, reported, compared."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.answers import HTML, fresh, guarded, json_answer, wants_html
from api.asking import refuse_unknown
from api.errors import BadQuery
from api.opened import opened
from api.pages.requests import compare_page, list_page, request_page

router = APIRouter()

Id = Annotated[str, Path(max_length=32)]
FORM = frozenset({"f"})
FORMS = {
    "html": HTML,
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}


@router.get("/requests")
def read_requests(request: Request) -> Response:
    """The requests of the book, newest first, with state and verdict; for a browser a page with a form."""
    from api.requests.filing import listed

    query = request.query_params
    refuse_unknown(query, frozenset({"f", "zone", "state"}), ("json", "html"))
    here = opened(request)

    def make() -> Response:
        if wants_html(request):
            return list_page(request)
        rows = listed(here.book, zone=query.get("zone"), state=query.get("state"))
        return json_answer({"requests": rows})

    return fresh(request, here.stamp(), make)


@router.get("/requests/{number}")
def read_request(request: Request, number: Id) -> Response:
    """One request: its newest check, its steps and all earlier checks."""
    from api.requests.filing import told_of

    refuse_unknown(request.query_params, FORM, ("json", "html"))
    here = opened(request)

    def make() -> Response:
        told = told_of(here.book, number)
        return request_page(request, told) if wants_html(request) else json_answer(told)

    return fresh(request, here.stamp(), make)


@router.get("/requests/{number}/report")
@router.get("/requests/{number}/report.{form}")
def read_report(request: Request, number: Id, form: str = "") -> Response:
    """The page to print, as HTML, PDF or XLSX; as GeoJSON the offending parts."""
    from api.requests.filing import report

    refuse_unknown(request.query_params, FORM, tuple(FORMS))
    wished = form or request.query_params.get("f") or "html"
    if wished not in FORMS:
        raise BadQuery(f"A report is not made as {wished}. Known: {', '.join(FORMS)}.")
    here = opened(request)

    def make() -> Response:
        made = report(here.book, number, wished, datetime.now().astimezone())
        answer = Response(made, media_type=FORMS[wished])
        if wished != "html":
            answer.headers["Content-Disposition"] = f'attachment; filename="request-{number}.{wished}"'
        return guarded(answer)

    return fresh(request, here.stamp(), make)


@router.get("/requests/{number}/compare/{other}")
def read_comparison(request: Request, number: Id, other: Id) -> Response:
    """Two variants side by side: areas in common and apart, findings, indicators."""
    from api.requests.filing import compared

    refuse_unknown(request.query_params, FORM, ("json", "html"))
    here = opened(request)

    def make() -> Response:
        told = compared(here.book, number, other)
        return compare_page(request, told) if wants_html(request) else json_answer(told)

    return fresh(request, here.stamp(), make)

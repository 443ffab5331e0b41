"""Landing page, conformance, the description of the API, health (首页与说明)."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response

from api.answers import HTML, JSON, base_of, fresh, guarded, json_answer, link, wants_html
from api.asking import refuse_unknown
from api.collections import collections
from api.openapi import description
from api.opened import opened
from api.pages.frame import page
from data.book.interface import Ask, Book
from data.kinds import kind

router = APIRouter()

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SPEC = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
CONFORMANCE = tuple(f"{SPEC}/{name}" for name in ("core", "geojson", "html", "oas30"))
FORM = frozenset({"f"})


@router.get("/")
def landing(request: Request) -> Response:
    """What is here."""
    refuse_unknown(request.query_params, FORM)
    here = opened(request)

    def make() -> Response:
        if not wants_html(request):
            return json_answer(_landing(request))
        zones = here.book.read("zones", Ask(on=date.today())).drop(columns="geometry").sort_values("code")
        body = page(
            "landing.html",
            request,
            title="首页",
            notice=here.notice(),
            zones=zones.astype(object).where(zones.notna(), None).to_dict("records"),
            years=here.kept("years", lambda: assessed_years(here.book)),
            level=kind("zones").columns["level"],
            collections=list(collections().values()),
        )
        return guarded(Response(body, media_type=HTML))

    return fresh(request, here.stamp(), make)


@router.get("/conformance")
def conformance(request: Request) -> Response:
    """The requirements classes that are met."""
    refuse_unknown(request.query_params, FORM)
    return json_answer({"conformsTo": CONFORMANCE})


@router.get("/api")
def api(request: Request) -> Response:
    """The OpenAPI 3.0 description of this service."""
    refuse_unknown(request.query_params, FORM)
    if wants_html(request):
        return api_page(request)
    return json_answer(description(base_of(request)), OPENAPI)


@router.get("/api.html")
def api_page(request: Request) -> Response:
    """The description as a page, whose scripts are ours."""
    body = page("api.html", request, title="接口", notice=opened(request).notice())
    return guarded(Response(body, media_type=HTML))


@router.get("/health")
def health(request: Request) -> Response:
    """200 when the book can be read, with its versions."""
    refuse_unknown(request.query_params, FORM)
    here = opened(request)
    newest: dict[str, Any] = {}
    for version in here.book.versions():
        newest[version.kind] = {"version": version.name, "rows": version.rows, "when": version.when}
    return json_answer({"status": "ok", "stamp": here.stamp(), "layers": newest})


def assessed_years(book: Book) -> list[int]:
    """The years for which results are kept, rising."""
    return sorted({int(row["year"]) for row in book.results()})


def _landing(request: Request) -> dict[str, Any]:
    base = base_of(request)
    return {
        "title": "亩碳 Mutan",
        "description": "Land use and carbon of development zones (开发区), measured, mapped and served.",
        "notice": opened(request).notice() or None,
        "links": [
            link(f"{base}/?f=json", "self", JSON, "This document"),
            link(f"{base}/?f=html", "alternate", HTML, "This page"),
            link(f"{base}/api", "service-desc", OPENAPI, "The API, as OpenAPI 3.0"),
            link(f"{base}/api.html", "service-doc", HTML, "The API, as a page"),
            link(f"{base}/conformance", "conformance", JSON, "Requirements that are met"),
            link(f"{base}/collections", "data", JSON, "The collections"),
            link(f"{base}/maps/", "preview", HTML, "The maps"),
            link(f"{base}/requests", "related", JSON, "Requests to move a boundary, and where to send one"),
            link(f"{base}/rules", "related", JSON, "Dated rules with their articles"),
            link(f"{base}/factors", "related", JSON, "Dated factors with their sources"),
        ],
    }

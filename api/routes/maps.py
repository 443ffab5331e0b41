"""Maps and the front-end files they load (地图与静态文件)."""

from __future__ import annotations

from datetime import date
from mimetypes import guess_type
from typing import Annotated
from urllib.parse import quote, urlencode, urlsplit

from fastapi import APIRouter, Path, Query, Request, Response

from api.answers import HTML, base_of, fresh, guarded
from api.asking import refuse_unknown
from api.opened import Opened, opened
from api.routes.landing import assessed_years
from maps import assets

router = APIRouter()

Year = Annotated[int | None, Query(ge=1990, le=2100)]
# The page states its own policy by the hashes of its scripts; a header can only add to it.
FRAMING = "frame-ancestors 'self'"
FOR_EVER = "public, max-age=31536000, immutable"


@router.get("/maps/")
def province_map(
    request: Request,
    year: Year = None,
    indicator: Annotated[str, Query(max_length=100)] = "industrial_share",
) -> Response:
    """All zones in a year, coloured by an indicator."""
    refuse_unknown(request.query_params, frozenset({"year", "indicator", "f"}))
    from api.pages import province_html

    here, root = opened(request), urlsplit(base_of(request)).path
    of = year or _newest(here)
    links = {"zone": f"{root}/maps/{{code}}?year={of}", "why": _why(root, of)}

    def make() -> Response:
        return _page(province_html(here.book, of, indicator, links=links, assets_url=f"{root}/assets"))

    return fresh(request, here.stamp(), make)


@router.get("/maps/{code}")
def zone_map(request: Request, code: Annotated[str, Path(max_length=64)], year: Year = None) -> Response:
    """One zone at the end of a year, with its parcels and its indicators."""
    refuse_unknown(request.query_params, frozenset({"year", "f"}))
    from api.pages import zone_html

    here, root = opened(request), urlsplit(base_of(request)).path
    of = year or _newest(here)
    said = urlencode({"f": "html", "year": of, "zone": code})
    links = {
        "home": f"{root}/maps/?year={of}",
        "why": _why(root, of),
        "request": f"{root}/requests/{{id}}",
        "parcel": f"{root}/collections/parcels/items?{said}&parcel_id={{parcel_id}}",
        "emissions": f"{root}/zones/{quote(code, safe='')}/emissions/years?by=parcel&year={of}",
    }

    def make() -> Response:
        return _page(zone_html(here.book, code, of, links=links, assets_url=f"{root}/assets"))

    return fresh(request, here.stamp(), make)


@router.get("/maps/requests/{number}")
def request_map(request: Request, number: Annotated[str, Path(max_length=32)]) -> Response:
    """One request: the land asked for, added, lost and kept, and the parts that are not met."""
    refuse_unknown(request.query_params, frozenset({"f"}), ("html",))
    from api.pages import base_map
    from api.pages.request_map import request_html

    here, root = opened(request), urlsplit(base_of(request)).path.rstrip("/")

    def make() -> Response:
        html = request_html(here.book, number, root=root, assets_url=f"{root}/assets", base=base_map())
        return _page(html)

    return fresh(request, here.stamp(), make)


@router.get("/assets/{name:path}")
def asset(request: Request, name: str) -> Response:
    """A front-end file. Only names in the list of maps/assets.py lead anywhere."""
    path = assets.path(name)
    kind = guess_type(name)[0] or "application/octet-stream"
    answer = Response(path.read_bytes(), media_type=kind)
    answer.headers["Cache-Control"] = FOR_EVER if "v" in request.query_params else "no-cache"
    return guarded(answer)


def _newest(here: Opened) -> int:
    years = here.kept("years", lambda: assessed_years(here.book))
    return years[-1] if years else date.today().year - 1


def _why(root: str, year: int) -> str:
    return f"{root}/zones/{{code}}/why/{{result}}?year={year}&f=html"


def _page(html: str) -> Response:
    answer = Response(html, media_type=HTML)
    answer.headers["Content-Security-Policy"] = FRAMING
    return guarded(answer)


@router.get("/favicon.ico")
def icon(request: Request) -> Response:
    """The icon of pages that load nothing, as the printed one of a request: a browser asks for it here."""
    return asset(request, "mutan/icon.svg")

"""Listings (清单): how zones stand, targets, grades, projects, exit list, the parcels behind a share."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Annotated
from urllib.parse import urlencode

import shapely
from fastapi import APIRouter, Path, Request, Response
from starlette.exceptions import HTTPException

from api.answers import CSV, GEOJSON, HTML, base_of, fresh, guarded, json_answer, link, wants_html
from api.asking import refuse_unknown, year_of
from api.chosen import FLAGS
from api.errors import BadQuery
from api.geojson import dumped, features, geometries
from api.listings import FORMS, LISTINGS, ListingKind
from api.listings.listing import Asked, Listing, is_said
from api.listings.placing import placed
from api.opened import Opened, opened
from api.pages.frame import page
from api.routes.landing import assessed_years
from data import formats

router = APIRouter()

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 500  # rows of a page; the files hold all of them
Code = Annotated[str, Path(max_length=64)]


def _add(kind: ListingKind) -> None:
    """The route of a listing of all zones, at the root of the service."""

    def read(request: Request) -> Response:
        return _answer(request, kind, "")

    read.__doc__ = kind.about
    router.add_api_route(f"/{kind.name}", read, methods=["GET"])


for _kind in LISTINGS.values():
    if not _kind.zoned:
        _add(_kind)


@router.get("/zones/{code}/{name}")
def read_listing(request: Request, code: Code, name: Code) -> Response:
    """A listing of one zone in a year."""
    if name not in LISTINGS or not LISTINGS[name].zoned:
        raise HTTPException(404)
    return _answer(request, LISTINGS[name], code)


def _answer(request: Request, kind: ListingKind, code: str) -> Response:
    query = request.query_params
    refuse_unknown(query, frozenset({"year", "f", "why", *kind.options}), FORMS)
    for name in ("why", "vacant"):
        if query.get(name, "").lower() not in FLAGS:
            raise BadQuery(f"{name}={query[name]!r} is neither true nor false.")
    here = opened(request)
    form = query.get("f") or ("html" if wants_html(request) else "json")

    def make() -> Response:
        year = year_of(query["year"]) if "year" in query else newest(here)
        options = {name: query[name] for name in kind.options if query.get(name)}
        key = (kind.name, code, year, tuple(sorted(options.items())))
        listing = here.kept(key, lambda: kind.make(Asked(here.book, code, year, options)))
        return MAKE[form](request, kind, listing)

    return fresh(request, here.stamp(), make)


def newest(here: Opened) -> int:
    """The newest year that was assessed.

    Raises
    ------
    BadQuery : none was, and no year is asked for
    """
    years = here.kept("years", lambda: assessed_years(here.book))
    if not years:
        raise BadQuery("Nothing has been assessed yet, so a year must be named, as year=2024.")
    return int(years[-1])


def _json(request: Request, kind: ListingKind, listing: Listing) -> Response:
    why = FLAGS[request.query_params.get("why", "").lower()]
    return json_answer({**listing.as_json(why=why), "links": _links(request, listing)})


def _html(request: Request, kind: ListingKind, listing: Listing) -> Response:
    title = listing.title
    body = page(
        "listing.html",
        request,
        title=title,
        notice=opened(request).notice(),
        told=listing,
        kind=kind,
        is_said=is_said,
        rows=listing.rows()[:SHOWN],
        links=_links(request, listing),
    )
    return guarded(Response(body, media_type=HTML))


def _file(suffix: str, media: str) -> Callable[[Request, ListingKind, Listing], Response]:
    def made(request: Request, kind: ListingKind, listing: Listing) -> Response:
        with tempfile.TemporaryDirectory() as folder:
            path = FilePath(folder) / f"{kind.name}{suffix}"
            formats.write(listing.exported(), path, layer_name=listing.heading)
            answer = Response(path.read_bytes(), media_type=media)
        name = "-".join(filter(None, (kind.name, listing.asked.code, str(listing.asked.year))))
        ascii_name = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
        answer.headers["Content-Disposition"] = f'attachment; filename="{ascii_name}{suffix}"'
        return guarded(answer)

    return made


def _geojson(request: Request, kind: ListingKind, listing: Listing) -> Response:
    if not listing.placed_by:
        raise BadQuery(f"The rows of {kind.name} have no place. Ask with f=json, html, csv or xlsx.")
    frame = placed(listing)
    missing = frame.geometry.isna().to_numpy()
    wkb = [
        None if none else each
        for none, each in zip(missing, shapely.to_wkb(frame.geometry.to_numpy(), byte_order=1), strict=True)
    ]
    rows = listing.rows()
    made = features(
        range(1, len(rows) + 1), geometries(wkb), list(listing.columns), [tuple(r.values()) for r in rows]
    )
    document = {"type": "FeatureCollection", "numberReturned": len(rows), "features": made}
    return guarded(Response(dumped(document), media_type=GEOJSON))


def _links(request: Request, listing: Listing) -> list[dict[str, str]]:
    media = {"json": "application/json", "html": HTML, "csv": CSV, "xlsx": XLSX, "geojson": GEOJSON}
    own = f"{base_of(request)}{request.url.path}"
    said = {n: v for n, v in request.query_params.items() if n != "f"} | {"year": str(listing.asked.year)}
    forms = [form for form in FORMS if form != "geojson" or listing.placed_by]
    return [link(f"{own}?{urlencode({**said, 'f': form})}", "alternate", media[form], form) for form in forms]


MAKE: dict[str, Callable[[Request, ListingKind, Listing], Response]] = {
    "json": _json,
    "html": _html,
    "csv": _file(".csv", f"{CSV}; charset=utf-8"),
    "xlsx": _file(".xlsx", XLSX),
    "geojson": _geojson,
}

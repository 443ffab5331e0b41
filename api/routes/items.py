"""The features themselves (要素), as GeoJSON, CSV, or a table for a person."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.answers import CSV, GEOJSON, HTML, JSON, base_of, fresh, guarded, link, wants_html
from api.asking import Wanted, refuse_unknown, wanted
from api.collections import CRS84, Collection, collection
from api.features import Found, find, one
from api.geojson import dumped, features
from api.opened import opened
from api.pages.frame import page, worded

router = APIRouter()

FORM = frozenset({"f"})
QUICK = ("parcels", "buildings", "zones")
MOST_AT_ONCE = 1_000
CONTENT_CRS = {"Content-Crs": f"<{CRS84}>"}


@router.get("/collections/{name}/items")
async def read_items(request: Request, name: str) -> Response:
    """A page of features.

    A page from a box takes 10 ms, and is made where it is asked for: handing it to a thread and back costs
    a tenth of that alone, and four threads that want the interpreter hinder each other. All else may take
    long, and has a thread.
    """
    of = collection(name)
    ask = wanted(of, request.query_params)
    here = opened(request)

    def make() -> Response:
        csv, html = request.query_params.get("f") == "csv", wants_html(request)
        found = find(here, of, ask, as_json=not (csv or html))
        if csv:
            return _csv(of, found)
        links = _links(request, of, ask, found)
        if html:
            return _table(request, of, found, links)
        made = found.written or features(found.ids, found.shapes, list(found.columns), _rows(found))
        document: dict[str, Any] = {
            "type": "FeatureCollection",
            "numberReturned": len(found.ids),
            "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "links": links,
            "features": made,
        }
        if found.matched is not None:
            document["numberMatched"] = found.matched
        return guarded(Response(dumped(document), media_type=GEOJSON, headers=CONTENT_CRS))

    if _quick(of, ask, request):
        return fresh(request, here.stamp(), make)
    return await run_in_threadpool(fresh, request, here.stamp(), make)


@router.get("/collections/{name}/items/{feature}")
def read_item(request: Request, name: str, feature: str) -> Response:
    """One feature by its id; a zone by its code as well."""
    refuse_unknown(request.query_params, FORM)
    here, of = opened(request), collection(name)

    def make() -> Response:
        found = one(here, of, feature)
        own = f"{base_of(request)}/collections/{of.name}"
        names, rows = list(found.columns), list(_rows(found))
        if wants_html(request):
            facts = [
                (of.columns[n].header, worded(of.columns[n], value))
                for n, value in zip(names, rows[0], strict=True)
            ]
            actions = [("GeoJSON", f"{own}/items/{found.ids[0]}?f=json"), (of.title, f"{own}/items?f=html")]
            title = f"{of.title} {found.ids[0]}"
            body = page(
                "record.html", request, title=title, notice=here.notice(), facts=facts, actions=actions
            )
            return guarded(Response(body, media_type=HTML))
        document = features(found.ids, found.shapes, names, rows)[0]
        document["links"] = [
            link(f"{own}/items/{found.ids[0]}?f=json", "self", GEOJSON),
            link(f"{own}/items/{found.ids[0]}?f=html", "alternate", HTML),
            link(own, "collection", JSON, of.title),
        ]
        return guarded(Response(dumped(document), media_type=GEOJSON))

    return fresh(request, here.stamp(), make)


def _quick(of: Collection, ask: Wanted, request: Request) -> bool:
    """Whether the index gives the page at once: a box of polygons, as GeoJSON, uncounted."""
    plain = request.query_params.get("f", "json") == "json" and not wants_html(request)
    by_index = of.kind in QUICK and len(ask.boxes) == 1 and not ask.where and ask.days is None
    return plain and by_index and not ask.count and ask.limit + ask.offset <= MOST_AT_ONCE


def _rows(found: Found) -> Any:
    """The properties of each feature, in the order of the columns."""
    return zip(*found.columns.values(), strict=True) if found.columns else [()] * len(found.ids)


def _links(request: Request, of: Collection, ask: Wanted, found: Found) -> list[dict[str, str]]:
    """Links to the page in each form, and to the pages before and after it."""
    own = f"{base_of(request)}/collections/{of.name}"
    said = {name: value for name, value in request.query_params.items() if name not in ("f", "offset")}

    def to(offset: int, form: str) -> str:
        place = {"offset": str(offset)} if offset else {}
        return f"{own}/items?{urlencode({**said, **place, 'f': form})}"

    form = "html" if wants_html(request) else "json"
    kind = HTML if form == "html" else GEOJSON
    links = [
        link(to(ask.offset, "json"), "self" if form == "json" else "alternate", GEOJSON),
        link(to(ask.offset, "html"), "self" if form == "html" else "alternate", HTML),
        link(to(ask.offset, "csv"), "alternate", CSV),
        link(own, "collection", JSON, of.title),
    ]
    if found.more:
        links.append(link(to(ask.offset + ask.limit, form), "next", kind))
    if ask.offset:
        links.append(link(to(max(ask.offset - ask.limit, 0), form), "prev", kind))
    return links


def _table(request: Request, of: Collection, found: Found, links: list[dict[str, str]]) -> Response:
    body = page(
        "items.html",
        request,
        title=of.title,
        notice=opened(request).notice(),
        of=of,
        columns=[of.columns[name] for name in found.columns],
        rows=list(zip(found.ids, _rows(found), strict=True)),
        matched=found.matched,
        links=links,
    )
    return guarded(Response(body, media_type=HTML))


def _csv(of: Collection, found: Found) -> Response:
    """The properties as CSV that Excel opens as it is; no text in it becomes a formula."""
    from data.formats.table_writers import write_csv

    frame = pd.DataFrame({"id": found.ids, **found.columns})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "items.csv"
        write_csv(frame, path)
        answer = Response(path.read_bytes(), media_type=f"{CSV}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{of.name}.csv"'
    return guarded(answer)

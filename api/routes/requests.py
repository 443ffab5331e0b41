"""Requests to move a boundary over HTTP (边界调整申请): filed and checked, looked up, reported, compared."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from api.answers import HTML, base_of, fresh, guarded, json_answer, wants_html
from api.asking import refuse_unknown
from api.errors import BadQuery
from api.opened import Opened, opened
from api.pages.frame import page
from api.requests.uploads import Upload, uploaded

router = APIRouter()

Id = Annotated[str, Path(max_length=32)]
FORMS = {
    "html": HTML,
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}


@router.post("/requests")
async def file_request(request: Request) -> Response:
    """A request filed and checked: 201 with its address; with keep=false it is only checked, 200."""
    here = opened(request)
    async with uploaded(request) as upload:
        told = await run_in_threadpool(_checked, here, upload)
    if told["request"]["id"] is None:
        return json_answer(told)
    address = f"{base_of(request)}/requests/{told['request']['id']}"
    if wants_html(request):  # a form in a browser is led on to what it has filed
        return guarded(Response(status_code=303, headers={"Location": address}))
    answer = json_answer(told, status=201)
    answer.headers["Location"] = address
    return answer


@router.get("/requests")
def read_requests(request: Request) -> Response:
    """The requests of the book, newest first, with state and verdict; for a browser a page with a form."""
    from api.requests.filing import listed
    from geo.boundary_change.kinds import kinds

    refuse_unknown(request.query_params, frozenset({"f", "zone", "state"}))
    here = opened(request)

    def make() -> Response:
        query = request.query_params
        rows = listed(here.book, zone=query.get("zone"), state=query.get("state"))
        if not wants_html(request):
            return json_answer({"requests": rows})
        zones = here.book.read("zones", columns=["code", "name"]).drop_duplicates("code")
        body = page(
            "requests.html",
            request,
            title="边界调整申请",
            notice=here.notice(),
            rows=rows,
            kinds=[each.as_json() for each in kinds().values()],
            zones=zones.sort_values("code").to_dict("records"),
        )
        return guarded(Response(body, media_type=HTML))

    return fresh(request, here.stamp(), make)


@router.get("/requests/{number}")
def read_request(request: Request, number: Id) -> Response:
    """One request: its newest check, its steps and all earlier checks."""
    from api.requests.filing import told_of

    refuse_unknown(request.query_params, frozenset({"f"}))
    here = opened(request)

    def make() -> Response:
        told = told_of(here.book, number)
        if not wants_html(request):
            return json_answer(told)
        body = page(
            "request.html",
            request,
            title=f"{number} {told['request']['name']}",
            notice=here.notice(),
            told=told,
        )
        return guarded(Response(body, media_type=HTML))

    return fresh(request, here.stamp(), make)


@router.get("/requests/{number}/report")
@router.get("/requests/{number}/report.{form}")
def read_report(request: Request, number: Id, form: str = "") -> Response:
    """The page to print, as HTML, PDF or XLSX; as GeoJSON the offending parts."""
    from api.requests.filing import report

    refuse_unknown(request.query_params, frozenset({"f"}), tuple(FORMS))
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

    refuse_unknown(request.query_params, frozenset({"f"}))
    here = opened(request)
    return fresh(request, here.stamp(), lambda: json_answer(compared(here.book, number, other)))


def _checked(here: Opened, upload: Upload) -> dict[str, Any]:
    from api.requests.filing import check_and_keep

    return check_and_keep(
        here.address,
        upload.file,
        upload.wishes,
        gives_up=upload.gives_up,
        who=upload.who,
        when=datetime.now().astimezone(),
        keep=upload.keep,
    )

"""What is sent for a request over HTTP (申请提交与办理): itself, another check, a step of its life.

The book is opened for writing anew by each of them, in a thread of its own; while another writes, the answer
is 503.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from api.answers import base_of, guarded, json_answer, wants_html
from api.asking import refuse_unknown
from api.errors import problem, status_of, told_of
from api.opened import opened
from api.pages.requests import list_page, request_page
from api.requests.gate import SMALL, bounded, may_file, may_step, same_site
from api.requests.steps import Wanted, take, wanted
from api.requests.uploads import Upload, uploaded
from data.errors import MutanError

router = APIRouter()

Id = Annotated[str, Path(max_length=32)]
FORM = frozenset({"f"})


@router.post("/requests")
async def file_request(request: Request) -> Response:
    """A request filed and checked: 201 with its address; with keep=false it is only checked, 200."""
    same_site(request)
    address = opened(request).address
    try:
        async with uploaded(request) as upload:
            if upload.keep:
                may_file()
            told = await run_in_threadpool(_checked, address, upload, _peer(request))
    except MutanError as fault:
        return await run_in_threadpool(_refused, request, fault)
    if told["request"]["id"] is None:
        return request_page(request, told) if wants_html(request) else json_answer(told)
    return _filed(request, told["request"]["id"], told, 201)


@router.post("/requests/{number}/checks")
async def check_again(request: Request, number: Id) -> Response:
    """The request checked with the layers and rules as they are now, and what has changed since."""
    same_site(request)
    refuse_unknown(request.query_params, frozenset({"f", "who"}), ("json", "html"))
    may_file()
    async with bounded(request, SMALL).form(max_files=0, max_fields=4) as form:
        said = str(form.get("who") or request.query_params.get("who", ""))
    who = said[:80].strip() or "unknown"
    told = await run_in_threadpool(_checked_again, opened(request).address, number, who, _peer(request))
    return _filed(request, number, told, 200)


@router.post("/requests/{number}/steps")
async def take_step(request: Request, number: Id) -> Response:
    """A step taken, with the token of the office: submitted, returned, withdrawn, adopted, refused."""
    same_site(request)
    refuse_unknown(request.query_params, FORM, ("json", "html"))
    may_step(request)
    step = await wanted(request)
    told = await run_in_threadpool(_taken, opened(request).address, number, step)
    return _filed(request, number, told, 201)


def _filed(request: Request, number: str, told: dict[str, Any], status: int) -> Response:
    """The document with the address of the request; a form in a browser is led on to its page."""
    address = f"{base_of(request)}/requests/{number}"
    if wants_html(request):
        return guarded(Response(status_code=303, headers={"Location": address}))
    answer = json_answer(told, status=status)
    answer.headers["Location"] = address
    return answer


def _refused(request: Request, fault: MutanError) -> Response:
    """Why a request was not taken; a browser gets it beside its form, with what stood there.

    A zone or kind that is not there is a wrong field of the form, while its address is right: 422, not 404.
    """
    status = status_of(fault)
    status = 422 if status == 404 else status
    detail, more = told_of(request, fault)
    if not wants_html(request) or status >= 500:
        return problem(request, status, detail, **more)
    said = getattr(request.state, "said", {})
    return list_page(request, status=status, detail=detail, faults=more.get("faults", []), said=said)


def _checked(address: str, upload: Upload, asker: str) -> dict[str, Any]:
    from api.requests.filing import check_and_keep

    return check_and_keep(
        address,
        upload.file,
        upload.wishes,
        gives_up=upload.gives_up,
        who=upload.who,
        when=datetime.now().astimezone(),
        keep=upload.keep,
        variant_of=upload.variant_of,
        asker=asker,
    )


def _checked_again(address: str, number: str, who: str, asker: str) -> dict[str, Any]:
    from api.requests.filing import again
    from data.book import open_book

    with open_book(address, write=True) as book:
        return again(book, number, who=who, when=datetime.now().astimezone(), asker=asker)


def _taken(address: str, number: str, step: Wanted) -> dict[str, Any]:
    from api.requests.filing import told_of as told_of_request
    from data.book import open_book

    with open_book(address, write=True) as book:
        take(book, number, step, datetime.now().astimezone())
        return told_of_request(book, number)


def _peer(request: Request) -> str:
    """From where it is asked: a name is only what somebody says."""
    return f"http {request.client.host if request.client else 'unknown'}"

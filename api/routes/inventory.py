"""The inventory of a zone (碳排放清单): both totals and all beside them, as JSON, a page and a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query, Request, Response

from api.answers import HTML, base_of, fresh, guarded, json_answer, wants_html
from api.asking import refuse_unknown, year_of
from api.chosen import NoSuchChoice, flag
from api.errors import BadQuery
from api.inventories.account import Account, account_of
from api.inventories.document import breakdowns, document
from api.inventories.grounds import CHOICES, SPELT
from api.inventories.wishes import ABOUT, APPROACHES, Wishes, offered
from api.opened import Opened, opened
from api.pages.frame import page
from api.routes.listings import XLSX, newest
from data.errors import MutanError

router = APIRouter(prefix="/zones/{code}")

FORMS = ("json", "html", "xlsx")
ASKED = frozenset({"year", "f", "why", "lines", *ABOUT})
SHOWN = 100  # rows of a table of the page; the workbook holds all of them
Code = Annotated[str, Path(max_length=64)]
Form = Annotated[str | None, Query(description="json, html or xlsx.")]


@router.get("/inventory")
def read_inventory(request: Request, code: Code, f: Form = None) -> Response:
    """The emissions of a zone in a year: totals, lines, uncertainty, netting, gates."""
    refuse_unknown(request.query_params, ASKED, FORMS)
    form = f or ("html" if wants_html(request) else "json")

    def make() -> Response:
        return {"json": _json, "html": _html, "xlsx": _workbook}[form](request, code)

    return fresh(request, opened(request).stamp(), make)


@router.get("/inventory.xlsx")
def read_workbook(request: Request, code: Code) -> Response:
    """The inventory as a workbook in Chinese, to print and to sign."""
    refuse_unknown(request.query_params, frozenset({"year", *ABOUT}))
    return fresh(request, opened(request).stamp(), lambda: _workbook(request, code))


def wished(query: Mapping[str, str]) -> Wishes:
    """The wishes of a request.

    Raises
    ------
    BadQuery : one is not offered, or is no day or number
    """
    try:
        return Wishes.of(query)
    except MutanError as odd:
        raise BadQuery(str(odd)) from odd


def accounted(here: Opened, code: str, year: int, wishes: Wishes) -> Account:
    """The account of a zone and year, kept for the state of the book."""
    return here.kept(("account", code, year, wishes), lambda: account_of(here.book, code, year, wishes))


def _account(request: Request, code: str) -> Account:
    query, here = request.query_params, opened(request)
    year = year_of(query["year"]) if "year" in query else newest(here)
    return accounted(here, code, year, wished(query))


def _json(request: Request, code: str) -> Response:
    query = request.query_params
    try:
        why, lines = flag("why", query.get("why", "")), flag("lines", query.get("lines", "true"))
    except NoSuchChoice as odd:
        raise BadQuery(str(odd)) from odd
    told = document(_account(request, code), why=why, lines=lines)
    return json_answer({**told, "links": _links(request, code, told["year"])})


def _html(request: Request, code: str) -> Response:
    account = _account(request, code)
    body = page(
        "inventory.html",
        request,
        title=f"{account.name} {account.year} 年碳排放清单",
        notice=opened(request).notice(),
        told=account,
        wishes=account.wishes.as_json(),
        offered=offered(),
        CHOICES=CHOICES,
        SPELT=SPELT,
        APPROACHES=APPROACHES,
        by=_first(breakdowns(account)),
        links=_links(request, code, account.year),
        query=urlencode([(k, v) for k, v in request.query_params.items() if k in ABOUT]),
    )
    return guarded(Response(body, media_type=HTML))


def _workbook(request: Request, code: str) -> Response:
    from api.inventories.workbook import workbook_bytes

    account = _account(request, code)
    when = datetime.now().astimezone()
    made = workbook_bytes(account, when=when, notice=opened(request).notice())
    answer = Response(made, media_type=XLSX)
    name = quote(f"inventory-{account.code}-{account.year}.xlsx", safe="-._")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return guarded(answer)


def _first(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {name: rows[:SHOWN] for name, rows in tables.items()}


def _links(request: Request, code: str, year: int) -> list[dict[str, str]]:
    base, said = base_of(request), dict(request.query_params) | {"year": str(year)}
    forms = {"json": "JSON", "html": "网页", "xlsx": "工作簿"}
    place = f"{base}/zones/{quote(code, safe='')}/inventory"
    return [
        {"href": f"{place}?{urlencode(said | {'f': form})}", "rel": "alternate", "title": title}
        for form, title in forms.items()
    ]

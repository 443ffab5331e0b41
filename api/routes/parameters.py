"""Dated rules and factors with their articles (规则与因子)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from api.answers import HTML, guarded, json_answer, wants_html
from api.asking import refuse_unknown
from api.opened import opened
from api.pages.frame import page
from api.settings import settings
from data.errors import NoValueOnDay
from data.parameters import NATION, names, parameter
from data.sources import sourced

router = APIRouter()

Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,200}$")]
On = Annotated[date | None, Query(description="Day; today if left out.")]
Region = Annotated[str, Query(pattern=r"^\d{6}$", description="GB/T 2260 code.")]
KnownOn = Annotated[date | None, Query(description="As it was known on that day.")]
ASKED = frozenset({"on", "region", "known_on", "f"})
TITLES = {"rules": "规则", "factors": "因子"}


@router.get("/rules")
def read_rules(request: Request) -> Response:
    """The names of all rules."""
    return _names(request, "rules")


@router.get("/factors")
def read_factors(request: Request) -> Response:
    """The names of all factors."""
    return _names(request, "factors")


@router.get("/rules/{name}")
def read_rule(
    request: Request, name: Name, on: On = None, region: Region = NATION, known_on: KnownOn = None
) -> Response:
    """What a rule says on a day, and the article it rests on."""
    return _value(request, f"rules.{name.removeprefix('rules.')}", on, region, known_on)


@router.get("/factors/{name}")
def read_factor(
    request: Request, name: Name, on: On = None, region: Region = NATION, known_on: KnownOn = None
) -> Response:
    """A factor on a day, its source, and since when it holds."""
    return _value(request, f"factors.{name.removeprefix('factors.')}", on, region, known_on)


def _names(request: Request, folder: str) -> Response:
    refuse_unknown(request.query_params, frozenset({"f"}))
    whole = [name for name in names() if name.startswith(f"{folder}.")]
    listed = [(name.removeprefix(f"{folder}."), parameter(name).label) for name in whole]
    if not wants_html(request):
        return json_answer({folder: [{"name": name, "label": label} for name, label in listed]})
    notice = opened(request).notice()
    body = page("names.html", request, title=TITLES[folder], notice=notice, folder=folder, names=listed)
    return guarded(Response(body, media_type=HTML))


def _value(request: Request, name: str, on: date | None, region: str, known_on: date | None) -> Response:
    refuse_unknown(request.query_params, ASKED)
    settings()  # the office's own rules are laid over ours when the settings are read
    said = parameter(name)
    if not wants_html(request):
        return json_answer(sourced(said.on(on or date.today(), region, known_on or date.max)))
    now: dict[str, Any] | None = None
    silent = ""
    try:
        now = sourced(said.on(on or date.today(), region, known_on or date.max))
    except NoValueOnDay as fault:
        silent = str(fault)
    body = page(
        "value.html",
        request,
        title=said.label or name,
        notice=opened(request).notice(),
        name=name,
        now=now,
        silent=silent,
        history=[each.as_json() for each in said.history()],
    )
    return guarded(Response(body, media_type=HTML))

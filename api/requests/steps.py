"""A step of a request's life as it is sent over HTTP (办理步骤): a small JSON object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any

import orjson
from fastapi import Request

from api.errors import BadQuery
from api.requests import life
from api.requests.gate import SMALL, bounded
from data.book.interface import Book

STEPS = ("submitted", "returned", "withdrawn")
DECISIONS = ("adopted", "refused")
TEXTS = ("what", "who", "note", "paper", "valid_from")
FIELDS = frozenset({*TEXTS, "approved_ha"})
MOST_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A step that is wanted.

    Parameters
    ----------
    what : one of STEPS or DECISIONS
    who : as the person names themself
    paper : number and date of the paper that decides
    valid_from : first day of the new boundary; None: the day of the step
    approved_ha : as the paper states it; None: not known
    """

    what: str
    who: str
    note: str = ""
    paper: str = ""
    valid_from: date | None = None
    approved_ha: float | None = None


async def wanted(request: Request) -> Wanted:
    """The step in the body of a POST.

    Raises
    ------
    BadQuery : the body is no such JSON object
    FileTooLarge : it has more than 64 kB
    """
    form = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if form != "application/json":
        raise BadQuery(f"A step is an object of JSON, as application/json; this is {form or 'nothing'}.")
    try:
        said = orjson.loads(await bounded(request, SMALL).body())
    except orjson.JSONDecodeError as odd:
        raise BadQuery(f'The body is no JSON: {odd}. Send {{"what": "submitted", "who": "…"}}.') from None
    return step_of(said)


def step_of(said: Any) -> Wanted:
    """A step out of what was sent.

    >>> step_of({"what": "submitted", "who": "规划科"}).what
    'submitted'

    Raises
    ------
    BadQuery : a field is unknown, lacking, or cannot be read
    """
    if not isinstance(said, dict):
        raise BadQuery('A step is an object, as {"what": "submitted", "who": "…"}.')
    for name in said:
        if name not in FIELDS:
            raise BadQuery.unknown(name, FIELDS)
    texts = {name: _text(name, said.get(name)) for name in TEXTS}
    if texts["what"] not in (*STEPS, *DECISIONS):
        raise BadQuery(f"what={texts['what']!r} is no step. Known: {', '.join((*STEPS, *DECISIONS))}.")
    if not texts["who"]:
        raise BadQuery("The field who is lacking: name who takes the step.")
    since = texts.pop("valid_from")
    return Wanted(**texts, valid_from=_day(since), approved_ha=_area(said.get("approved_ha")))


def take(book: Book, number: str, step: Wanted, when: datetime) -> None:
    """Take a step; see `api.requests.life`.

    Raises
    ------
    StepNotAllowed : it may not follow the state in which the request is
    """
    if step.what in STEPS:
        life.step(book, number, step.what, who=step.who, when=when, note=step.note)
        return
    life.decide(
        book,
        number,
        step.what,
        paper=step.paper,
        since=step.valid_from or when.date(),
        who=step.who,
        when=when,
        approved_ha=step.approved_ha,
        note=step.note,
    )


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > MOST_CHARACTERS:
        raise BadQuery(f"The field {name} is no text of up to {MOST_CHARACTERS} characters.")
    return value.strip()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadQuery(f"valid_from={text!r} is no day. Give it as 2026-09-01.") from None


def _area(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value < 0:
        raise BadQuery(f"approved_ha={value!r} is no area in hectares, 0 or more.")
    return float(value)

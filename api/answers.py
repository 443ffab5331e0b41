"""Answers over HTTP: which form the asker wants, links, validators, and the headers that guard a page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import orjson
from fastapi import Request, Response

from api.settings import settings

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
CSV = "text/csv"

# Every script and style of a page is a file of ours; Swagger UI writes styles of its own into the page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


def wants_html(request: Request) -> bool:
    """Whether the asker is a person with a browser: `f=html`, or HTML before JSON in Accept."""
    if (asked := request.query_params.get("f")) is not None:
        return asked == "html"
    accept = request.headers.get("accept", "")
    first = min((accept.find(form) for form in ("json", "*/*") if form in accept), default=len(accept))
    return 0 <= accept.find("text/html") < first


def base_of(request: Request) -> str:
    """The public address of the service, without a stroke at its end."""
    return (settings().base_url or str(request.base_url)).rstrip("/")


def link(href: str, rel: str, form: str, title: str = "") -> dict[str, str]:
    """One link, as OGC API documents carry them."""
    return {"href": href, "rel": rel, "type": form, **({"title": title} if title else {})}


def json_answer(document: Any, form: str = JSON, status: int = 200) -> Response:
    """A JSON document; numpy numbers are plain, nan is null, days are ISO text."""
    said = orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS)
    return guarded(Response(said, status, media_type=form))


def guarded(answer: Response) -> Response:
    """The answer with the headers that keep a browser from guessing and from loading anything foreign."""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers.setdefault("Vary", "Accept")
    if answer.headers.get("content-type", "").startswith(HTML):
        answer.headers.setdefault("Content-Security-Policy", POLICY)
    return answer


def fresh(request: Request, stamp: str, make: Callable[[], Response]) -> Response:
    """The answer with a validator, or 304 when the asker has it already; then nothing is read.

    Parameters
    ----------
    stamp : changes whenever the book does
    make : makes the answer
    """
    form = "html" if wants_html(request) else "json"
    # what is in force without a day being named changes at midnight
    parts = (stamp, date.today().isoformat(), form, base_of(request), request.url.path, request.url.query)
    tag = f'W/"{hashlib.blake2b(chr(10).join(parts).encode(), digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept"}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    answer = make()
    answer.headers.update(headers)
    return answer


def _has(told: str, tag: str) -> bool:
    """Whether If-None-Match names the tag; the comparison is weak, as RFC 9110 has it for GET."""
    named: Iterable[str] = (each.strip().removeprefix("W/") for each in told.split(","))
    return told.strip() == "*" or tag.removeprefix("W/") in named

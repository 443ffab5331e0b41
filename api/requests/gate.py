"""Who may send what over HTTP (提交权限): nothing from a foreign page, nothing too large.

There are no accounts yet. To file a request is open to everybody, unless the setting `MUTAN_FILING` closes
it; a step of its life needs the token of the office, for a decision moves the boundary of a zone.
"""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from fastapi import Request
from starlette.types import Message

from api.answers import base_of
from api.errors import NotAllowed
from api.settings import settings
from data.errors import FileTooLarge

SAME = ("same-origin", "none")
"""What a browser says in Sec-Fetch-Site of a form on our own page, and of an address that was typed"""
SMALL = 1 << 16
"""Bytes of a body that is no file"""


def same_site(request: Request) -> None:
    """Nothing, when a page of our own sends the request, or a program does.

    A browser tells where a form stands, in Sec-Fetch-Site and in Origin; a program tells neither.

    Raises
    ------
    NotAllowed : the form stands on a page of another site
    """
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    ours = urlsplit(base_of(request)).netloc
    if site not in SAME or (origin is not None and urlsplit(origin).netloc != ours):
        raise NotAllowed(
            f"A page of another site ({origin or site}) sent this. Send it from a page of this service, or "
            "with a program; behind a proxy, set MUTAN_BASE_URL to the public address."
        )


def may_file() -> None:
    """Nothing, when requests may be filed over HTTP.

    Raises
    ------
    NotAllowed : the setting closes it
    """
    if not settings().filing:
        raise NotAllowed(
            "Requests are not filed over HTTP here (MUTAN_FILING=false). Check without filing by keep=false, "
            "or file with `mutan request … --keep` where the book is."
        )


def may_step(request: Request) -> None:
    """Nothing, when the token of the office is given, as `Authorization: Bearer …`.

    Raises
    ------
    NotAllowed : it is not, or the office has set none
    """
    token = settings().office_token.get_secret_value().encode()
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if not token:
        raise NotAllowed(
            "Steps are not taken over HTTP here, for no token is set. Use `mutan requests submit`, `return`, "
            "`withdraw` or `decide` where the book is, or set MUTAN_OFFICE_TOKEN."
        )
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode("latin-1"), token):
        raise NotAllowed(
            "The token of the office is lacking, or is another. Give it as `Authorization: Bearer TOKEN`, or "
            "use `mutan requests …` where the book is."
        )


def bounded(request: Request, most: int) -> Request:
    """The request, whose body breaks off where it passes so many bytes.

    Raises
    ------
    FileTooLarge : the body is declared to be larger; while it is read: it is larger
    """
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared[:18]) > most:
        raise _too_large(int(declared[:18]), most)
    size = 0

    async def receive() -> Message:
        nonlocal size
        message = await request.receive()
        size += len(message.get("body", b""))
        if size > most:
            raise _too_large(size, most)
        return message

    return Request(request.scope, receive)


def _too_large(size: int, most: int) -> FileTooLarge:
    return FileTooLarge(
        f"The body has {size} bytes or more; {most} are the most that are taken over HTTP. "
        "Check a larger file with `mutan request` where the book is."
    )

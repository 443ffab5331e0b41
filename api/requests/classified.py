"""Classified layers in a check (涉密图层): whether they are answered for, and the count of the questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import shapely

from api.requests.wishes import Wishes
from data.book.filed import Look
from data.book.interface import Ask, Book
from data.errors import BookError
from geo.boundary_change.conditions.roles import roles_of
from geo.boundary_change.probing import YEAR, Asked, Settings, weigh
from geo.boundary_change.request import Request

BATCH = "Ask for this request by itself, not in a batch."
TOLD = "told"


def hidden_roles(book: Book, day: date, given: Mapping[str, str]) -> frozenset[str]:
    """Roles of which the book holds classified features, wherever they lie."""
    found = book.read("constraints", Ask(on=day, where={"restricted": True}), columns=["kind", "name"])
    return frozenset(role for role in roles_of(found, given) if role)


def weighed(
    book: Book, request: Request, wishes: Wishes, hidden: frozenset[str], who: str, when: datetime
) -> tuple[Settings | None, str]:
    """How classified land is told in this check, or None and why it is not; the question is counted.

    Parameters
    ----------
    hidden : as `hidden_roles` finds them
    """
    settings = Settings.on(wishes.day, request.region)
    if not hidden:
        return settings, ""
    shape = shapely.union(request.asked, request.gives_up)
    if shape.is_empty:
        return settings, ""  # the boundary as it is: everybody asks the same
    asked = _asked(book, request, when)
    refused = weigh(shape, who, when, asked, settings)
    known = any(shapely.area(shapely.symmetric_difference(each.shape, shape)) < 1.0 for each in asked)
    if not known:
        try:
            book.add_look(Look(who, when, request.degrees(shape), (), refused or TOLD))
        except BookError:
            return None, "The question could not be counted, for the book could not be written."
    return (None, refused) if refused else (settings, "")


def _asked(book: Book, request: Request, when: datetime) -> list[Asked]:
    """The questions of the last year that were answered, in the plane of the request."""
    looks = [look for look in book.looks(when - YEAR) if look.answer == TOLD]
    shapes = request.plane.of([look.shape for look in looks], 4490) if looks else []
    return [
        Asked(look.who, look.when, shape)
        for look, shape in zip(looks, shapes, strict=True)
        if shape is not None
    ]

"""Requests as features (申请要素): the land that each asks for, with its state and verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely

from api.asking import Days, Wanted
from data.book.filed import Filed
from data.book.interface import Book, Box
from data.errors import NotHere


def found(book: Book, ask: Wanted) -> tuple[list[Filed], int, bool]:
    """A page of requests, newest first; how many match in all; whether there is a next page.

    Parameters
    ----------
    ask : its `year` and `days` mean the day on which a request was filed; its boxes what they touch
    """
    filed = [
        each
        for each in book.requests(zone=ask.zone, state=ask.where.get("state"))
        if _filed_within(each, ask.year, ask.days) and _equals(each, ask.where)
    ]
    if ask.boxes and filed:
        shapes = np.array([each.draft.shape for each in filed], dtype=object)
        touched = np.any([shapely.intersects(shapes, shapely.box(*box)) for box in ask.boxes], axis=0)
        filed = [each for each, touches in zip(filed, touched, strict=True) if touches]
    end = ask.offset + ask.limit
    return filed[ask.offset : end], len(filed), end < len(filed)


def one(book: Book, number: str) -> list[Filed]:
    """The request of that number; none where there is none."""
    try:
        return [book.request(number)]
    except NotHere:
        return []


def bounds(book: Book) -> Box | None:
    """West, south, east, north of all requests; None without any."""
    shapes = [each.draft.shape for each in book.requests()]
    if not shapes or shapely.is_empty(shapes).all():
        return None
    west, south, east, north = (float(side) for side in shapely.total_bounds(shapes))
    return west, south, east, north


def property_columns(filed: Sequence[Filed], names: Sequence[str]) -> dict[str, list[Any]]:
    """One list of plain values per property."""
    from api.requests.filing import row_of

    rows = [row_of(each) for each in filed]
    return {name: [row[name] for row in rows] for name in names}


def _filed_within(filed: Filed, year: int | None, days: Days | None) -> bool:
    day = filed.when.date()
    first, last = days or (None, None)
    return year in (None, day.year) and (first or date.min) <= day <= (last or date.max)


def _equals(filed: Filed, where: Mapping[str, Any]) -> bool:
    draft = filed.draft
    said = {
        "id": filed.number,
        "name": draft.name,
        "kind": draft.kind,
        "verdict": filed.verdict,
        "who": filed.who,
        "state": filed.state,
        "zone": draft.zone,
    }
    return all(said[name] == value for name, value in where.items())

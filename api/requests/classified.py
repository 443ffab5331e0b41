"""Classified layers in a check (涉密图层): blurred before anything sees them, and every question counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from api.requests.wishes import Wishes
from data.book.filed import Look
from data.book.interface import Ask, Book, Box
from data.errors import BookError
from geo.boundary_change.blurring import blurred
from geo.boundary_change.conditions import Condition
from geo.boundary_change.conditions.condition import PLACED
from geo.boundary_change.conditions.roles import roles_of
from geo.boundary_change.probing import YEAR, Answer, Question, Settings, weigh
from geo.boundary_change.request import Request

BATCH = "Ask for this request by itself, not in a batch."
UNCOUNTED = "The question could not be counted, for the book could not be written. Ask again later."
HEIGHT_M = 110_574.0
"""Of a degree of latitude at least"""
COARSE = 10
"""To a tenth of a degree, about 10 km, it is told how far a layer with classified features reaches"""


def classified_in(book: Book, day: date) -> pd.DataFrame:
    """Kind and name of the classified features of a book, wherever they lie."""
    return book.read("constraints", Ask(on=day, where={"restricted": True}), columns=["kind", "name"])


def hidden_roles(classified: pd.DataFrame, given: Mapping[str, str]) -> frozenset[str]:
    """Roles that some classified features have.

    Parameters
    ----------
    classified : as `classified_in` finds them
    given : kind of a layer -> role, where its name does not tell
    """
    return frozenset(role for role in roles_of(classified, given) if role)


def coarse(box: Box) -> Box:
    """A box rounded outwards, so that it does not tell where classified land ends.

    >>> coarse((113.14, 34.25, 113.61, 34.5))
    (113.1, 34.2, 113.7, 34.5)
    """
    west, south = np.floor(np.array(box[:2]) * COARSE) / COARSE
    east, north = np.ceil(np.array(box[2:]) * COARSE) / COARSE
    return float(west), float(south), float(east), float(north)


def veiled(near: gpd.GeoDataFrame, box: Box, told: Settings | None) -> gpd.GeoDataFrame:
    """Features near a request, the classified ones blurred and without a name; not there where none is told.

    Parameters
    ----------
    near : all features that meet a box; `restricted` and geometry in EPSG:4490
    """
    secret = near["restricted"].fillna(False).astype(bool).to_numpy()
    if not secret.any():
        return near
    if told is None:
        return near[~secret]
    shapes = near.geometry.to_numpy().copy()
    shapes[secret] = blurred(shapes[secret], box, told.grid)
    names = near["name"].astype(object).mask(pd.Series(secret, index=near.index), None)
    return near.assign(name=names).set_geometry(gpd.GeoSeries(shapes, index=near.index, crs=near.crs))


def weighed(
    book: Book,
    request: Request,
    wishes: Wishes,
    asked: tuple[Iterable[Condition], frozenset[str]],
    *,
    who: str,
    when: datetime,
) -> tuple[Settings | None, str]:
    """How classified land is told in this check, or None and why it is not; the question is counted.

    Parameters
    ----------
    asked : the conditions of the request, and the hidden roles as `hidden_roles` finds them
    who : under whom the question is counted
    """
    settings = Settings.on(when.date())
    shapes = _questions(request, *asked)
    if not shapes:
        return settings, ""
    around = 2 * settings.place_m / HEIGHT_M
    try:
        looks = [
            Look(who, when, wishes.day, shape, _near(book, wishes.day, shape))
            for shape in map(request.degrees, shapes)
        ]
        refused = book.look(looks, partial(_answer, request, settings), span=YEAR, around=around)
    except BookError:
        return None, UNCOUNTED
    return (None, refused) if refused else (settings, "")


def _answer(request: Request, settings: Settings, look: Look, counted: Sequence[Look]) -> Answer:
    """A look weighed by those that count beside it, all in the plane of the request."""
    flat = request.plane.of([each.shape for each in (look, *counted)], 4490)
    questions = [
        Question(each.who, each.when, each.day, shape)
        for each, shape in zip((look, *counted), flat, strict=True)
        if shape is not None
    ]
    return weigh(questions[0], questions[1:], settings)


def _questions(
    request: Request, conditions: Iterable[Condition], hidden: frozenset[str]
) -> list[shapely.Geometry]:
    """The shapes that are held against classified layers.

    The boundary as it is is no question, for it is the same whoever asks; what the zone would be is asked by
    what comes and what goes.
    """
    names = {each.of for each in conditions if each.form in PLACED and each.role in hidden}
    if "after" in names:
        names |= {"added", "lost"}
    found = [request.shape(name) for name in sorted(names - {"after", "boundary"})]
    return [
        shape
        for at, shape in enumerate(found)
        if not shape.is_empty and not any(shape is each or shape.equals(each) for each in found[:at])
    ]


def _near(book: Book, day: date, shape: shapely.Geometry) -> tuple[int, ...]:
    west, south, east, north = (float(side) for side in shapely.bounds(shape))
    ask = Ask(on=day, box=(west, south, east, north), where={"restricted": True})
    return tuple(book.read("constraints", ask, columns=["kind"]).index.tolist())

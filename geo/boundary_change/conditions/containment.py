"""Containment (包含): how much of a shape lies outside of all features of a role."""

from __future__ import annotations

import numpy as np
import shapely

from data.records import Dated
from geo.boundary_change.conditions.condition import Condition
from geo.boundary_change.conditions.constraints import Shapes
from geo.boundary_change.conditions.finding import Told, judged
from geo.boundary_change.conditions.grounds import Grounds
from geo.boundary_change.conditions.touching import (
    NONE,
    Strips,
    hidden_m2,
    inputs,
    nothing,
    together,
    touched,
    untold,
    versions,
    without_threads,
)
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.probing import BLURRED
from geo.boundary_change.request import Request
from geo.boundary_change.strips import EMPTY


def containment(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Judgement:
    """How much of a shape lies outside of all features of a role.

    Formula: area(shape - union of the features), m²; where classified ones hold some of it, in steps

    What lies outside of a classified feature would draw its edge, so then no place is told.
    """
    if (early := nothing(condition, limit, request, grounds)) is not None:
        return early
    found, shape = touched(condition, request, grounds), request.shape(condition.of)
    outside = _outside(request, shape, found.pieces)
    withheld, area = bool(len(found.hidden)), outside.area
    if withheld:
        area = hidden_m2(_outside(request, outside, found.hidden).area, grounds)
    strips = NONE if withheld else Strips.of(outside, request.snap_m)
    told = Told(
        area,
        "m2",
        formula="area(shape - union of the features)",
        inputs=(*inputs(condition, shape, len(found.at), area), *strips.inputs(request.snap_m)),
        shape=None if withheld else outside,
        area_m2=area,
        withheld=withheld,
        layers=versions(grounds, found.at),
        perhaps=(
            *strips.perhaps(area, request.snap_m),
            *_doubtful(condition, request, outside, found.doubtful),
            # classified features are known by the cells that they touch, and may hold none of it
            *(((outside.area, BLURRED),) if withheld else ()),
        ),
        unsure=untold(condition, grounds),  # what no open feature holds may yet lie in a classified one
    )
    return judged(condition, limit, request, told)


def _outside(request: Request, shape: shapely.Geometry, pieces: Shapes) -> shapely.Geometry:
    """A shape without some pieces of it."""
    if not len(pieces):
        return shape
    if shape.area - shapely.area(pieces).max() <= 0:  # one feature holds all of it
        return EMPTY
    whole = together(request.snap_m, pieces)
    return without_threads(shapely.difference(shape, whole), request.snap_m)


def _doubtful(
    condition: Condition, request: Request, outside: shapely.Geometry, pieces: Shapes
) -> tuple[tuple[float, str], ...]:
    """What would be measured if the condition means the features of which that is not known."""
    if not len(pieces) or outside.is_empty:
        return ()
    wanted = " or ".join(word for words in condition.where.values() for word in words)
    why = (
        f"{len(pieces)} features of this role say no {' and '.join(condition.where)}, so that it is not "
        f"known whether they are {wanted}."
    )
    left = _outside(request, outside, shapely.intersection(outside, np.asarray(pieces, dtype=object)))
    return ((left.area, why),)

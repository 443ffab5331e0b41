"""Overlap (压占): how much of a shape lies on features of a role."""

from __future__ import annotations

import shapely

from data.records import Dated
from geo.boundary_change.conditions.condition import Condition
from geo.boundary_change.conditions.constraints import Shapes
from geo.boundary_change.conditions.finding import Told, judged, names_of
from geo.boundary_change.conditions.grounds import Grounds
from geo.boundary_change.conditions.touching import (
    NONE,
    Strips,
    Touched,
    hidden_m2,
    inputs,
    nothing,
    together,
    touched,
    untold,
    versions,
)
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.probing import AT_MOST, BLURRED
from geo.boundary_change.request import Request


def overlap(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Judgement:
    """How much of a shape lies on features of a role.

    Formula: area(shape ∩ union of the features), m²; of classified ones that of the cells which they touch,
    in whole steps: it is no more than that
    """
    if (early := nothing(condition, limit, request, grounds)) is not None:
        return early
    found, shape = touched(condition, request, grounds), request.shape(condition.of)
    shown = together(request.snap_m, found.pieces)
    both = together(request.snap_m, found.pieces, found.hidden).area if len(found.hidden) else shown.area
    secret = hidden_m2(both - shown.area, grounds)
    area = shown.area + secret
    strips = NONE if secret else Strips.of(shown, request.snap_m)
    told = Told(
        area,
        "m2",
        AT_MOST if secret else "",
        formula="area(shape ∩ union of the features)",
        inputs=(*inputs(condition, shape, len(found.at), area), *strips.inputs(request.snap_m)),
        shape=shown,
        area_m2=area,
        withheld=secret > 0,
        against=names_of(grounds.constraints.names[found.at], shapely.area(found.pieces)),
        layers=versions(grounds, found.at),
        perhaps=(
            *strips.perhaps(area, request.snap_m),
            *_doubtful(condition, secret + _with(request, found), found.doubtful),
            *_blurred(request, grounds, shown, found.hidden),
        ),
        silent=untold(condition, grounds),
    )
    return judged(condition, limit, request, told)


def _blurred(
    request: Request, grounds: Grounds, shown: shapely.Geometry, hidden: Shapes
) -> tuple[tuple[float, str], ...]:
    """What is surely measured, where classified features are known by the cells that they touch."""
    if not len(hidden) or grounds.told is None:
        return ()
    land = request.degrees(together(request.snap_m, hidden))
    return ((shown.area + grounds.told.sure_m2(land), BLURRED),)


def _with(request: Request, found: Touched) -> float:
    """The land on features that the condition means or may mean, m²."""
    return together(request.snap_m, found.pieces, found.doubtful).area if len(found.doubtful) else 0.0


def _doubtful(condition: Condition, area: float, pieces: Shapes) -> tuple[tuple[float, str], ...]:
    """What would be measured if the condition means the features of which that is not known."""
    if not len(pieces):
        return ()
    wanted = " or ".join(word for words in condition.where.values() for word in words)
    why = (
        f"{len(pieces)} features of this role that are touched say no {' and '.join(condition.where)}, so "
        f"that it is not known whether they are {wanted}."
    )
    return ((area, why),)

"""Distance (距离): how far a shape is from the nearest feature of a role."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from data.records import Dated, Input, Outcome
from data.units import convert
from geo.boundary_change.conditions.condition import Condition
from geo.boundary_change.conditions.constraints import ELLIPSOID, Rows, Shapes, named
from geo.boundary_change.conditions.finding import Told, judged
from geo.boundary_change.conditions.grounds import Grounds
from geo.boundary_change.conditions.touching import (
    LABELS,
    chosen,
    nothing,
    untold,
    versions,
    without_threads,
)
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.probing import BLURRED
from geo.boundary_change.request import Request
from geo.boundary_change.strips import EMPTY

STRETCH = 0.003
"""By how much a length in the plane may be off within 10 km, and a round buffer short of its radius"""
FIRST = 8


class Nearest(NamedTuple):
    """The nearest of some features: its number, and the metres to it; -1 and inf where there is none."""

    row: int
    metres: float


def distance(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Judgement:
    """How far a shape is from the nearest feature of a role.

    Formula: length of the geodesic between the two nearest points, m; 0 where they meet; from a classified
    feature in steps

    The offending land is that which lies nearer to an open feature than the limit, where a distance of at
    least the limit is asked for.
    """
    if (early := nothing(condition, limit, request, grounds)) is not None:
        return early
    sure, may = chosen(condition, grounds)
    secret = grounds.constraints.hidden
    near, hidden = sure[~secret[sure]], sure[secret[sure]] if grounds.told is not None else sure[:0]
    first, behind = _nearest(condition, request, grounds, near), _nearest(condition, request, grounds, hidden)
    metres, withheld = first.metres, False
    if grounds.told is not None and behind.row >= 0:
        coarse = grounds.told.distance(behind.metres)
        metres, withheld = (coarse, True) if coarse < metres else (metres, False)
    within = _limit_m(condition, limit)
    place, nearer = _nearer(condition, request, grounds.constraints.shapes[near], within)
    told = Told(
        *_said(condition, metres),
        formula="geodesic between the nearest points",
        inputs=_inputs(condition, request, place, len(nearer)),
        shape=place,
        area_m2=None if withheld or place.is_empty else place.area,
        withheld=withheld,
        against=_against(grounds, near, nearer, first, withheld),
        layers=versions(grounds, near),
        perhaps=(
            *_doubtful(condition, request, grounds, may, metres),
            *_blurred(grounds, first.metres, behind.metres if withheld else np.inf),
        ),
        silent=untold(condition, grounds) if condition.parameter.compare == "at least" else "",
        unsure=untold(condition, grounds) if condition.parameter.compare == "at most" else "",
        outcome=_none_near(condition, metres),
        margin_m=within * STRETCH,
    )
    return judged(condition, limit, request, told)


def _limit_m(condition: Condition, limit: Dated) -> float:
    """The limit in metres."""
    value = limit.value or 0.0
    return value if limit.unit == "m" else convert(value, limit.unit, "m")


def _said(condition: Condition, metres: float) -> tuple[float | None, str, str]:
    """What is told as measured, its unit, and why it is no more exact than that."""
    if np.isfinite(metres):
        return metres, "m", ""
    far = condition.farthest
    if condition.parameter.compare == "at least":
        return far, "m", f"No feature lies within {far:g} m; it is more than that."
    return None, "m", f"No feature lies within {far:g} m; the nearest is farther, if there is one."


def _none_near(condition: Condition, metres: float) -> Outcome | None:
    """The outcome where no feature lies as near as any limit reaches."""
    if np.isfinite(metres):
        return None
    return Outcome.MET if condition.parameter.compare == "at least" else Outcome.NOT_MET


def _nearest(condition: Condition, request: Request, grounds: Grounds, rows: Rows) -> Nearest:
    """The nearest of some features, by the plane, and the geodesic to it."""
    if not len(rows):
        return Nearest(-1, np.inf)
    shape, others = request.shape(condition.of), grounds.constraints.shapes[rows]
    # no shape is nearer than its box, so the exact distance is taken to those alone that may be the nearest
    apart = shapely.distance(shapely.box(*shape.bounds), shapely.box(*shapely.bounds(others).T))
    order = np.argsort(apart, kind="stable")
    exact = np.full(len(rows), np.inf)
    exact[order[:FIRST]] = shapely.distance(shape, others[order[:FIRST]])
    rest = order[FIRST:][apart[order[FIRST:]] < exact.min()]
    exact[rest] = shapely.distance(shape, others[rest])
    nearest = int(np.argmin(exact))
    return Nearest(int(rows[nearest]), _metres(request, shape, others[nearest]))


def _metres(request: Request, shape: shapely.Geometry, other: shapely.Geometry) -> float:
    """Length of the geodesic between the points of two shapes that are nearest in the plane."""
    line = request.degrees(shapely.shortest_line(shape, other))
    (lon1, lat1), (lon2, lat2) = shapely.get_coordinates(line)
    return float(ELLIPSOID.inv(lon1, lat1, lon2, lat2)[2])


def _nearer(
    condition: Condition, request: Request, others: Shapes, limit_m: float
) -> tuple[shapely.Geometry, Rows]:
    """The land of a shape that lies nearer to features than the limit, and numbers of those features."""
    if condition.parameter.compare == "at most" or limit_m <= 0 or not len(others):
        return EMPTY, np.empty(0, np.int64)
    shape = request.shape(condition.of)
    shapely.prepare(shape)
    at = np.flatnonzero(shapely.dwithin(shape, others, limit_m))
    if not len(at):
        return EMPTY, at
    west, south, east, north = shape.bounds
    room = 1.01 * limit_m
    window = shapely.box(west - room, south - room, east + room, north + room)
    around = shapely.buffer(shapely.intersection(others[at], window), limit_m, quad_segs=32)
    nearer = shapely.intersection(shape, shapely.union_all(around))
    return without_threads(nearer, request.snap_m), at


def _against(grounds: Grounds, near: Rows, nearer: Rows, first: Nearest, withheld: bool) -> tuple[str, ...]:
    """Names of the open features that are too near, the nearest first; of the nearest where none is."""
    if first.row < 0 or (withheld and not len(nearer)):
        return ()
    names = grounds.constraints.names
    rows = [first.row, *near[nearer].tolist()] if len(nearer) else [first.row]
    return tuple(dict.fromkeys(str(names[row]) for row in rows if names[row]))


def _inputs(condition: Condition, request: Request, place: shapely.Geometry, count: int) -> tuple[Input, ...]:
    of, origin = condition.of, f"constraints: {named(condition.role)}"
    land = Input(f"area.{of}", f"{LABELS[of]}面积", request.shape(of).area, "m2", "request")
    if place.is_empty:
        return (land,)
    nearer = Input("nearer", "距离不足的面积", place.area, "m2", origin)
    return land, nearer, Input("features", "涉及要素", float(count), "1", origin, count)


def _blurred(grounds: Grounds, shown_m: float, hidden_m: float) -> tuple[tuple[float, str], ...]:
    """How far it is at most, where classified features are known by the cells that they touch."""
    if grounds.told is None or not np.isfinite(hidden_m):
        return ()
    return ((min(shown_m, hidden_m + grounds.told.reach_m), BLURRED),)


def _doubtful(
    condition: Condition, request: Request, grounds: Grounds, may: Rows, metres: float
) -> tuple[tuple[float, str], ...]:
    """What would be measured if the condition means the features of which that is not known."""
    shown = may if grounds.told is not None else may[~grounds.constraints.hidden[may]]
    nearest = _nearest(condition, request, grounds, shown)
    could = nearest.metres
    if nearest.row >= 0 and grounds.told is not None and grounds.constraints.hidden[nearest.row]:
        could = grounds.told.distance(could)
    if could >= metres:
        return ()
    wanted = " or ".join(word for words in condition.where.values() for word in words)
    why = (
        f"A feature of this role that is nearer says no {' and '.join(condition.where)}, so that it is not "
        f"known whether it is {wanted}."
    )
    return ((could, why),)

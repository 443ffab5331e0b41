"""Overlap, containment, distance (压占、包含、距离): a shape held against the features of a role."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from data.records import Dated, Input
from geo.boundary_change.conditions.condition import Condition
from geo.boundary_change.conditions.finding import Told, judged, lacking, names_of
from geo.boundary_change.conditions.grounds import Grounds, Shapes, meeting, united
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.request import Request
from geo.boundary_change.strips import polygonal

ELLIPSOID = Geod(ellps="GRS80")
NOTHING = "The request has no such land ({of}), so that nothing is touched."
NOT_ANSWERED = "The book holds classified layers of this role, which are not answered for here."


def overlap(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Judgement:
    """How much of a shape lies on features of a role.

    Formula: area(shape ∩ union of the features), m²; of classified ones in steps
    """
    shape = request.shape(condition.of)
    if (early := _nothing(condition, limit, request, grounds, "m2")) is not None:
        return early
    found = _found(condition, shape, grounds)
    shown = united(found.pieces)
    hidden_m2 = _hidden_m2(united(np.concatenate([found.pieces, found.hidden])).area - shown.area, grounds)
    rows = grounds.constraints.frame.iloc[found.at]
    told = Told(
        shown.area + hidden_m2,
        "m2",
        formula="area(shape ∩ union of the features)",
        inputs=_inputs(condition, shape, len(found.at)),
        shape=shown,
        area_m2=shown.area + hidden_m2,
        withheld=hidden_m2 > 0,
        against=names_of(rows["name"].tolist(), shapely.area(found.pieces)),
        layers=_versions(rows),
        unsure="" if hidden_m2 else _only_strips(shown, request.snap_m),
        silent=_untold(condition, grounds),
    )
    return judged(condition, limit, request, told)


def containment(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Judgement:
    """How much of a shape lies outside of all features of a role.

    Formula: area(shape - union of the features), m²; where classified ones hold some of it, in steps
    """
    shape = request.shape(condition.of)
    if (early := _nothing(condition, limit, request, grounds, "m2")) is not None:
        return early
    found = _found(condition, shape, grounds)
    outside = polygonal(shapely.difference(shape, united(found.pieces)))
    withheld = bool(len(found.hidden))
    area = outside.area
    if withheld:
        area = _hidden_m2(polygonal(shapely.difference(outside, united(found.hidden))).area, grounds)
    told = Told(
        area,
        "m2",
        formula="area(shape - union of the features)",
        inputs=_inputs(condition, shape, len(found.at)),
        shape=None if withheld else outside,  # what lies outside of a classified layer would draw its edge
        area_m2=area,
        withheld=withheld,
        layers=_versions(grounds.constraints.frame.iloc[found.at]),
        # land that no open feature holds may yet lie in a classified one
        unsure=_untold(condition, grounds) or ("" if withheld else _only_strips(outside, request.snap_m)),
    )
    return judged(condition, limit, request, told)


def distance(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Judgement:
    """How far a shape is from the nearest feature of a role.

    Formula: length of the geodesic between the two nearest points, m; 0 where they meet
    """
    shape, layers = request.shape(condition.of), grounds.constraints
    if (early := _nothing(condition, limit, request, grounds, "m")) is not None:
        return early
    every = np.flatnonzero(layers.chosen(condition.role, condition.where))
    secret = layers.restricted()[every]
    near, hidden = every[~secret], every[secret] if grounds.told else every[:0]
    # features are read as far off as any limit of the condition reaches, see `Condition.farthest`
    metres, name = condition.farthest, ""
    if len(near):
        nearest = near[int(np.argmin(shapely.distance(shape, layers.shapes[near])))]
        metres, name = (
            _metres(request, shape, layers.shapes[nearest]),
            str(layers.frame["name"].iloc[nearest]),
        )
    withheld = False
    if len(hidden) and grounds.told is not None:
        nearest = hidden[int(np.argmin(shapely.distance(shape, layers.shapes[hidden])))]
        coarse = grounds.told.distance(_metres(request, shape, layers.shapes[nearest]))
        metres, name, withheld = (coarse, "", True) if coarse < metres else (metres, name, False)
    told = Told(
        metres,
        "m",
        reason="" if name or withheld else f"No feature lies within {metres:g} m; it is at least that.",
        formula="geodesic between the nearest points",
        inputs=_inputs(condition, shape, len(near)),
        withheld=withheld,
        against=(name,) if name else (),
        layers=_versions(layers.frame.iloc[near]),
        silent=_untold(condition, grounds),
    )
    return judged(condition, limit, request, told)


class _Found(NamedTuple):
    """Open features that share land with a shape, that land, and the land shared with classified ones."""

    at: NDArray[np.int64]
    pieces: Shapes
    hidden: Shapes


def _found(condition: Condition, shape: shapely.Geometry, grounds: Grounds) -> _Found:
    layers = grounds.constraints
    every = np.flatnonzero(layers.chosen(condition.role, condition.where))
    if grounds.told is None:
        every = every[~layers.restricted()[every]]
    met, pieces = meeting(shape, layers.shapes[every])
    secret = layers.restricted()[every[met]]
    return _Found(every[met[~secret]], pieces[~secret], pieces[secret])


def _nothing(
    condition: Condition, limit: Dated, request: Request, grounds: Grounds, unit: str
) -> Judgement | None:
    """The judgement where there is no such land or no such layer; else None."""
    if request.shape(condition.of).is_empty:
        why = NOTHING.format(of=condition.of)
        nothing = 0.0 if unit == "m2" else None
        return judged(condition, limit, request, Told(nothing, unit, why))
    if why := lacking(condition, request, grounds):
        return judged(condition, limit, request, Told(None, unit, why))
    return None


def _untold(condition: Condition, grounds: Grounds) -> str:
    """Why nothing is said of classified layers of a role; empty where there are none, or it is said."""
    if grounds.told is not None or condition.role not in grounds.hidden_roles:
        return ""
    return f"{NOT_ANSWERED} {grounds.untold}".strip()


def _hidden_m2(area_m2: float, grounds: Grounds) -> float:
    return grounds.told.area(area_m2) if grounds.told is not None else 0.0


def _metres(request: Request, shape: shapely.Geometry, other: shapely.Geometry) -> float:
    line = request.degrees(shapely.shortest_line(shape, other))
    (lon1, lat1), (lon2, lat2) = shapely.get_coordinates(line)
    return float(ELLIPSOID.inv(lon1, lat1, lon2, lat2)[2])


def _inputs(condition: Condition, shape: shapely.Geometry, features: int) -> tuple[Input, ...]:
    return (
        Input("shape_area", f"{condition.of} 面积", shape.area, "m2", "request"),
        Input("features", "涉及要素", None, "count", f"constraints: {condition.role}", features),
    )


def _only_strips(touched: shapely.Geometry, width_m: float) -> str:
    """That all of some land is narrower than the snap tolerance, and thus perhaps drawing; empty when not."""
    if touched.is_empty or width_m <= 0:
        return ""
    core = shapely.buffer(touched, -width_m / 2, quad_segs=2)
    if not core.is_empty:
        return ""
    return f"All of it is narrower than the snap tolerance of {width_m:g} m, and may be drawing."


def _versions(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(sorted({str(each) for each in rows["version"].dropna()}))

"""Overlap, containment, distance (压占、包含、距离): a shape held against the features of a role."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import Geod

from data.records import Dated, Input
from geo.boundary_change.conditions.condition import Condition
from geo.boundary_change.conditions.finding import Told, judged, lacking, names_of
from geo.boundary_change.conditions.grounds import Constraints, Grounds, meeting, united
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.request import Request
from geo.boundary_change.strips import polygonal

ELLIPSOID = Geod(ellps="GRS80")
NOTHING = "The request has no such land ({of}), so that nothing is touched."
NOT_ANSWERED = (
    "A classified layer may lie here; it is not answered for in this check. Ask for this request alone."
)


def overlap(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Judgement:
    """How much of a shape lies on features of a role.

    Formula: area(shape ∩ union of the features), m²
    """
    shape, layers = request.shape(condition.of), grounds.constraints
    if shape.is_empty:
        return judged(condition, limit, request, Told(0.0, "m2", NOTHING.format(of=condition.of)))
    if why := lacking(condition, request, grounds):
        return judged(condition, limit, request, Told(None, "m2", why))
    chosen = np.flatnonzero(layers.chosen(condition.role, condition.where))
    at, pieces = meeting(shape, layers.shapes[chosen])
    hidden = layers.restricted()[chosen[at]]
    touched, shown = united(pieces), united(pieces[~hidden])
    rows = layers.frame.iloc[chosen[at[~hidden]]]
    told = Told(
        touched.area,
        "m2",
        formula="area(shape ∩ union of the features)",
        inputs=_inputs(condition, shape, len(at)),
        shape=shown,
        area_m2=touched.area,
        withheld=bool(hidden.any()),
        against=names_of(rows["name"].tolist(), shapely.area(pieces[~hidden])),
        layers=_versions(layers, chosen),
        unsure=_only_strips(touched, request.snap_m),
    )
    return judged(condition, limit, request, told)


def containment(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Judgement:
    """How much of a shape lies outside of all features of a role.

    Formula: area(shape - union of the features), m²
    """
    shape, layers = request.shape(condition.of), grounds.constraints
    if shape.is_empty:
        return judged(condition, limit, request, Told(0.0, "m2", NOTHING.format(of=condition.of)))
    if why := lacking(condition, request, grounds):
        return judged(condition, limit, request, Told(None, "m2", why))
    chosen = np.flatnonzero(layers.chosen(condition.role, condition.where))
    at, pieces = meeting(shape, layers.shapes[chosen])
    hidden = layers.restricted()[chosen[at]]
    outside = polygonal(shapely.difference(shape, united(pieces)))
    told = Told(
        outside.area,
        "m2",
        formula="area(shape - union of the features)",
        inputs=_inputs(condition, shape, len(at)),
        # what lies outside of a classified layer would draw its edge
        shape=None if hidden.any() else outside,
        area_m2=outside.area,
        withheld=bool(hidden.any()),
        layers=_versions(layers, chosen),
        unsure=_only_strips(outside, request.snap_m),
    )
    return judged(condition, limit, request, told)


def distance(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Judgement:
    """How far a shape is from the nearest feature of a role.

    Formula: length of the geodesic between the two nearest points, m; 0 where they meet
    """
    shape, layers = request.shape(condition.of), grounds.constraints
    if shape.is_empty:
        return judged(condition, limit, request, Told(None, "m", NOTHING.format(of=condition.of)))
    if why := lacking(condition, request, grounds):
        return judged(condition, limit, request, Told(None, "m", why))
    chosen = np.flatnonzero(layers.chosen(condition.role, condition.where))
    if not len(chosen):
        # features are read as far off as any limit of the condition reaches, see `Condition.farthest`
        far = f"No feature lies within {condition.farthest:g} m; the distance is at least that."
        return judged(condition, limit, request, Told(condition.farthest, "m", far))
    near = shapely.distance(shape, layers.shapes[chosen])
    nearest = chosen[int(np.argmin(near))]
    hidden = bool(layers.restricted()[nearest])
    metres = _metres(request, shape, layers.shapes[nearest])
    told = Told(
        metres,
        "m",
        formula="geodesic between the nearest points",
        inputs=_inputs(condition, shape, len(chosen)),
        withheld=hidden,
        against=() if hidden else (str(layers.frame["name"].iloc[nearest]),),
        layers=_versions(layers, chosen),
    )
    return judged(condition, limit, request, told)


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


def _versions(layers: Constraints, chosen: np.ndarray) -> tuple[str, ...]:
    return tuple(sorted({str(each) for each in layers.frame["version"].iloc[chosen]}))

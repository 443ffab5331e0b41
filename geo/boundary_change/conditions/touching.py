"""What a shape touches (触及): features of a role, the land shared with them, and what of it is sure.

Shared by overlap, containment and distance. Land narrower than a millimetre comes from the digits with which
coordinates are written down, and is none; what is narrower than the snap tolerance is to be verified. Whoever
asks without a tolerance is answered to a hundredth of a millimetre.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from data.parameters import parameter
from data.records import Dated, Input, Outcome
from geo.boundary_change.conditions.condition import LEFT_OUT, PLACED, Condition
from geo.boundary_change.conditions.constraints import Rows, Shapes, named
from geo.boundary_change.conditions.finding import Told, judged
from geo.boundary_change.conditions.grounds import Grounds
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.request import Request
from geo.boundary_change.strips import EMPTY, JOIN_M, THREAD_M, polygonal, widths_of

REACH = "rules.requests.layer_reach_m"
LABELS = {
    "boundary": "现有边界",
    "asked": "申请范围",
    "gives_up": "调出范围",
    "added": "调入范围",
    "lost": "减少范围",
    "after": "调整后范围",
}
WIDEST = 50
"""Of so many strips the width is looked for, the largest first"""


class Touched(NamedTuple):
    """Features that share land with a shape.

    Parameters
    ----------
    at, pieces : open features, and the land that each shares
    hidden : land shared with classified ones; none where they are not answered for
    doubtful : land shared with features of which it is not known whether the condition means them
    """

    at: Rows
    pieces: Shapes
    hidden: Shapes
    doubtful: Shapes


def touched(condition: Condition, request: Request, grounds: Grounds) -> Touched:
    """What the shape of a condition shares with the features of its role."""
    layers = grounds.constraints
    sure, may = chosen(condition, grounds)
    at, pieces = layers.meeting(condition.of, request.shape(condition.of), condition.role)
    secret, meant = layers.hidden[at], np.isin(at, sure)
    answered = grounds.told is not None
    return Touched(
        at[meant & ~secret],
        pieces[meant & ~secret],
        pieces[meant & secret & answered],
        pieces[np.isin(at, may) & (~secret | answered)],
    )


def chosen(condition: Condition, grounds: Grounds) -> tuple[Rows, Rows]:
    """Numbers of the features that a condition means, and of those that it may mean."""
    sure, may = grounds.constraints.chosen(condition.role, condition.where)
    return sure, may[:0] if condition.unmarked == LEFT_OUT else may


def nothing(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Judgement | None:
    """The judgement where there is no such land, or no layer that could say anything of it; else None."""
    unit = PLACED[condition.form]
    if request.shape(condition.of).is_empty:
        why = f"The request has no such land ({condition.of}), so that nothing is touched."
        measured = 0.0 if unit == "m2" else None
        return judged(condition, limit, request, Told(measured, unit, why, outcome=Outcome.MET))
    if why := lacking(condition, request, grounds):
        return judged(condition, limit, request, Told(None, unit, why))
    return None


def lacking(condition: Condition, request: Request, grounds: Grounds) -> str:
    """Why nothing can be said of a role near a request; empty when its layers are there."""
    off = grounds.constraints.off_m(condition.of, request, condition.role)
    if off is None:
        return (
            f"The book has no layer of the role {named(condition.role)} on {request.day}. Take it in with "
            "mutan ingest constraints, or say with --role which layer it is; then check again."
        )
    most = parameter(REACH).on(request.day, request.region).value or 0.0
    if off <= most:
        return ""
    return (
        f"The layer of the role {named(condition.role)} in the book does not reach the whole request: "
        f"that goes {np.ceil(off / 1000):.0f} km beyond what the layer covers, and no more than "
        f"{most / 1000:g} km are taken for covered. Take in the layer of this place; then check again."
    )


def untold(condition: Condition, grounds: Grounds) -> str:
    """Why nothing is said of classified layers of a role; empty where there are none, or it is said."""
    layers = grounds.constraints
    rows = layers.rows.get(condition.role, np.empty(0, np.int64))
    there = condition.role in grounds.hidden_roles or bool(layers.hidden[rows].any())
    if grounds.told is not None or not there:
        return ""
    why = "The book holds classified layers of this role, which are not answered for here."
    return f"{why} {grounds.untold}".strip()


def hidden_m2(area_m2: float, grounds: Grounds) -> float:
    """An area of classified land as it is told; 0 where it is not."""
    return grounds.told.area(area_m2) if grounds.told is not None else 0.0


def together(snap_m: float, *pieces: Shapes) -> shapely.Geometry:
    """Pieces as one shape without threads; an empty polygon where there is none."""
    every = np.concatenate(pieces)
    if not len(every):
        return EMPTY
    return without_threads(every[0] if len(every) == 1 else shapely.disjoint_subset_union_all(every), snap_m)


def without_threads(shape: shapely.Geometry, snap_m: float) -> shapely.Geometry:
    """A shape without the parts that are narrower than a millimetre, or than a tolerance below that."""
    shape = polygonal(shape)
    parts = shapely.get_parts(shape)
    thin = narrower(parts, max(min(THREAD_M, snap_m), JOIN_M))
    return polygonal(shapely.multipolygons(parts[~thin])) if thin.any() else shape


def narrower(parts: Shapes, width_m: float) -> NDArray[np.bool_]:
    """(n,) which polygons are narrower than a width everywhere.

    >>> narrower(shapely.box(0, 0, 10, [0.05, 0.5]), 0.1).tolist()
    [True, False]
    """
    if width_m <= 0 or not len(parts):
        return np.zeros(len(parts), bool)
    # the largest circle in a polygon is no narrower than twice its area over its length
    length = shapely.length(parts)
    narrow = (2 * shapely.area(parts) <= width_m * length) & (length > 0)
    core = shapely.buffer(parts[narrow], -width_m / 2, quad_segs=2, join_style="mitre")
    narrow[narrow] = shapely.is_empty(core)
    return np.asarray(narrow, bool)


class Strips(NamedTuple):
    """The parts of offending land that are narrower than the snap tolerance, and so perhaps drawing."""

    area_m2: float
    number: int
    width_m: float

    @classmethod
    def of(cls, land: shapely.Geometry, snap_m: float) -> Strips:
        """The strips of some land."""
        parts = shapely.get_parts(land)
        thin = parts[narrower(parts, snap_m)]
        if not len(thin):
            return cls(0.0, 0, 0.0)
        area = shapely.area(thin)
        largest = thin[np.argsort(-area)[:WIDEST]]
        return cls(float(area.sum()), len(thin), float(widths_of(largest).max()))

    def perhaps(self, measured: float, snap_m: float) -> tuple[tuple[float, str], ...]:
        """What would be measured without them, and why that may be so."""
        if not self.number:
            return ()
        why = (
            f"{self.number} strips of {self.area_m2:.2f} m² in all are narrower than the snap tolerance of "
            f"{snap_m:g} m (the widest {self.width_m:.3f} m), and may be drawing: survey them."
        )
        return ((measured - self.area_m2, why),)

    def inputs(self, snap_m: float) -> tuple[Input, ...]:
        """Their area and largest width."""
        if not self.number:
            return ()
        origin = f"narrower than {snap_m:g} m"
        return (
            Input("strips", "细条面积", self.area_m2, "m2", origin, self.number),
            Input("strips_width", "细条最大宽度", self.width_m, "m", origin),
        )


NONE = Strips(0.0, 0, 0.0)


def inputs(condition: Condition, shape: shapely.Geometry, features: int, area_m2: float) -> tuple[Input, ...]:
    """The area of the shape, how many open features count, and which share of the shape it is about."""
    of = condition.of
    role = named(condition.role)
    return (
        Input(f"area.{of}", f"{LABELS[of]}面积", shape.area, "m2", "request"),
        Input("features", "涉及要素", float(features), "1", f"constraints: {role}", features),
        Input("share", f"占{LABELS[of]}的比例", area_m2 / shape.area, "1"),
    )


def versions(grounds: Grounds, rows: Rows) -> tuple[str, ...]:
    """Versions of the layers that some features are from."""
    return tuple(sorted(set(grounds.constraints.versions[rows].tolist()) - {""}))

"""One entity as outlines (实体轮廓): polylines, lines, arcs, circles, ellipses, splines, hatches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from ezdxf.entities.dxfentity import DXFEntity
from ezdxf.math import OCS

from data.formats.dxf.curves import Floats, chords, signed_area

SPLINE_FRAME = 16
"""Flag of a vertex that steers a curve and does not lie on it"""
LEAST_CHORDS, MOST_CHORDS = 16, 1 << 15
"""Of a spline or an ellipse"""
GAP = 1e-6
"""Ends so near each other, in the unit of the drawing, are one point"""


@dataclass(slots=True)
class Outline:
    """A line of a drawing.

    Parameters
    ----------
    points : (k, 2); the first is not repeated at the end
    closed : whether it leads back to its first point
    kind : type of the entity, as LWPOLYLINE
    layer, handle : of the entity; the handle of the block reference, where it comes out of a block
    moved : area between its arcs and their chords, signed as in `curves.chords`
    curved : whether any of it was an arc
    ring_of : number of the hatch of which it is a boundary; -1 for an outline of its own
    pieces : handles of the pieces that were joined to make it
    heights : whether its points carry heights
    """

    points: Floats
    closed: bool
    kind: str = ""
    layer: str = ""
    handle: str = ""
    moved: float = 0.0
    curved: bool = False
    ring_of: int = -1
    pieces: tuple[str, ...] = field(default=())
    heights: bool = False

    @property
    def gap(self) -> float:
        """From its last point to its first, in the unit of the drawing."""
        return float(np.hypot(*(self.points[-1] - self.points[0])))


def outlines_of(entity: DXFEntity, sagitta: float) -> list[Outline] | None:
    """The outlines of an entity in world coordinates; None for one that is no line.

    Parameters
    ----------
    sagitta : how far a chord may lie from its arc, in the unit of the drawing
    """
    make = KINDS.get(entity.dxftype())
    if make is None:
        return None
    made = make(entity, sagitta)
    for outline in made or ():
        outline.kind = entity.dxftype()
        _trim(outline)
    return made


def _trim(outline: Outline) -> None:
    """Without a last point that repeats the first: such an outline is closed."""
    if len(outline.points) > 2 and outline.gap <= GAP:
        outline.points, outline.closed = outline.points[:-1], True


def _light(entity: Any, sagitta: float) -> list[Outline]:
    values = np.frombuffer(entity.lwpoints.values, np.float64).reshape(-1, 5)
    height = float(entity.dxf.elevation)
    return [
        _arced(values[:, :2].copy(), values[:, 4].copy(), bool(entity.closed), entity.ocs(), height, sagitta)
    ]


def _old(entity: Any, sagitta: float) -> list[Outline] | None:
    if not (entity.is_2d_polyline or entity.is_3d_polyline):
        return None
    kept = [v for v in entity.vertices if not v.dxf.flags & SPLINE_FRAME]
    places = np.array([tuple(v.dxf.location) for v in kept], np.float64).reshape(-1, 3)
    if entity.is_3d_polyline:
        return [Outline(places[:, :2], bool(entity.is_closed), heights=bool(places[:, 2].any()))]
    bulges = np.array([v.dxf.bulge for v in kept], np.float64)
    height = float(entity.dxf.elevation.z)
    return [_arced(places[:, :2], bulges, bool(entity.is_closed), entity.ocs(), height, sagitta)]


def _arced(points: Floats, bulges: Floats, closed: bool, ocs: OCS, height: float, sagitta: float) -> Outline:
    """A line in an object's own coordinates, with bulges, in the world's."""
    moved = 0.0
    if curved := bool(bulges.any()):
        points, moved = chords(points, bulges, closed, sagitta)
    if ocs.transform and len(points):
        points, flipped = in_world(points, ocs, height)
        moved *= flipped
    return Outline(points, closed, moved=moved, curved=curved)


def in_world(points: Floats, ocs: OCS, height: float) -> tuple[Floats, float]:
    """Points of an object's own plane as the world has them, and -1 where it is seen from below."""
    own = np.column_stack([points, np.full(len(points), height)])
    axes = np.array([tuple(ocs.ux), tuple(ocs.uy), tuple(ocs.uz)])
    return (own @ axes)[:, :2], float(np.sign(ocs.uz.z)) or 1.0


def _line(entity: Any, sagitta: float) -> list[Outline]:
    start, end = entity.dxf.start, entity.dxf.end
    return [Outline(np.array([[start.x, start.y], [end.x, end.y]]), False)]


def _arc(entity: Any, sagitta: float) -> list[Outline]:
    sweep = (entity.dxf.end_angle - entity.dxf.start_angle) % 360 or 360.0
    centre = entity.dxf.center
    points, bulges = _arc_points((centre.x, centre.y), entity.dxf.radius, entity.dxf.start_angle, sweep)
    return [_arced(points, bulges, sweep == 360.0, entity.ocs(), centre.z, sagitta)]


def _circle(entity: Any, sagitta: float) -> list[Outline]:
    centre = entity.dxf.center
    points, bulges = _arc_points((centre.x, centre.y), entity.dxf.radius, 0.0, 360.0)
    return [_arced(points, bulges, True, entity.ocs(), centre.z, sagitta)]


def _arc_points(
    centre: tuple[float, float], radius: float, start: float, sweep: float
) -> tuple[Floats, Floats]:
    """An arc as two halves with bulges; a full circle as two points, to be closed. Angles in degrees."""
    halves = np.radians(start + sweep * np.array([0.0, 0.5] if sweep == 360.0 else [0.0, 0.5, 1.0]))
    points = np.column_stack([np.cos(halves), np.sin(halves)]) * abs(radius) + centre
    return points, np.full(len(points), np.tan(np.radians(sweep) / 8))


def _flattened(entity: Any, sagitta: float) -> list[Outline]:
    if entity.dxftype() == "SPLINE":
        tool = entity.construction_tool()
        return [_curve(tool.points, (0.0, tool.max_t), bool(_is_closed(entity)), sagitta)]
    begin, end = entity.dxf.start_param, entity.dxf.end_param
    return [_curve(entity.vertices, (begin, _after(begin, end)), _is_closed(entity), sagitta)]


def _after(begin: float, end: float) -> float:
    """The end of an arc of an ellipse, beyond its begin: parameters are angles."""
    turn = 2 * np.pi
    return begin + ((end - begin) % turn or turn)


def _is_closed(entity: Any) -> bool:
    if entity.dxftype() == "ELLIPSE":
        return bool(np.isclose(abs(entity.dxf.end_param - entity.dxf.start_param), 2 * np.pi))
    return bool(entity.closed)


def _curve(
    at: Callable[[Iterable[float]], Iterable[Any]], span: tuple[float, float], closed: bool, sagitta: float
) -> Outline:
    """A curve by points on it, twice as many until none between two of them lies off their chord.

    The area that is lost shrinks with the square of the number of chords, so that twice as many tell three
    quarters of it.

    Parameters
    ----------
    at : the points of some parameters
    span : first and last parameter

    Raises
    ------
    ValueError : a point is not finite
    """
    count = LEAST_CHORDS
    while True:
        values = np.linspace(*span, 2 * count + 1)
        finer = np.array([(p.x, p.y) for p in at(values.tolist())], np.float64).reshape(-1, 2)
        if not np.isfinite(finer).all():
            raise ValueError("a point of the curve is not finite")
        points = finer[::2]
        off = finer[1::2] - (points[:-1] + points[1:]) / 2
        if np.hypot(*off.T).max() <= sagitta or count >= MOST_CHORDS:
            break
        count *= 2
    outline = Outline(points, closed, curved=True)
    outline.moved = (signed_area(finer) - signed_area(points)) * 4 / 3
    return outline


def _hatch(entity: Any, sagitta: float) -> list[Outline]:
    """The boundaries of a hatch, each a ring; those of texts within it, which only leave room, are none."""
    height = float(entity.dxf.elevation.z) if entity.dxf.hasattr("elevation") else 0.0
    ocs = entity.ocs()
    rings = []
    for path in entity.paths:
        if path.path_type_flags & 8:  # a box round a text
            continue
        if hasattr(path, "vertices"):
            values = np.array(path.vertices, np.float64).reshape(-1, 3)
            ring = _arced(values[:, :2], values[:, 2], True, ocs, height, sagitta)
        else:
            ring = _of_edges(path.edges, sagitta)
            if ocs.transform and len(ring.points):
                ring.points, flipped = in_world(ring.points, ocs, height)
                ring.moved *= flipped
        if len(ring.points):
            ring.ring_of = 0
            rings.append(ring)
    return rings


def _of_edges(edges: Sequence[Any], sagitta: float) -> Outline:
    """The edges of a hatch one after the other, each turned so that it goes on where the last one ended."""
    runs: list[Floats] = []
    moved, curved = 0.0, False
    for edge in edges:
        piece = _edge(edge, sagitta)
        if runs and _far(runs[-1][-1], piece.points[0]) > _far(runs[-1][-1], piece.points[-1]):
            piece.points, piece.moved = piece.points[::-1], -piece.moved
        runs.append(piece.points)
        moved, curved = moved + piece.moved, curved or piece.curved
    points = np.concatenate(runs) if runs else np.empty((0, 2))
    same = np.r_[False, (np.abs(np.diff(points, axis=0)) <= GAP).all(axis=1)] if len(points) else []
    return Outline(points[~np.asarray(same, bool)], True, moved=moved, curved=curved)


def _far(a: Floats, b: Floats) -> float:
    return float(np.hypot(*(a - b)))


def _edge(edge: Any, sagitta: float) -> Outline:
    kind = edge.EDGE_TYPE
    if kind == "LineEdge":
        return Outline(np.array([[edge.start.x, edge.start.y], [edge.end.x, edge.end.y]]), False)
    if kind == "ArcEdge":
        sweep = (edge.end_angle - edge.start_angle) % 360 or 360.0
        points, bulges = _arc_points((edge.center.x, edge.center.y), edge.radius, edge.start_angle, sweep)
        made, moved = chords(points, bulges, sweep == 360.0, sagitta)
        if sweep == 360.0:
            made = np.vstack([made, made[:1]])
        return _forward(Outline(made, False, moved=moved, curved=True), edge)
    tool = edge.construction_tool()
    if kind == "SplineEdge":
        return _forward(_curve(tool.points, (0.0, tool.max_t), False, sagitta), edge)
    span = tool.start_param, _after(tool.start_param, tool.end_param)
    return _forward(_curve(tool.vertices, span, False, sagitta), edge)


def _forward(piece: Outline, edge: Any) -> Outline:
    if not getattr(edge, "ccw", True):
        piece.points, piece.moved = piece.points[::-1], -piece.moved
    return piece


KINDS: Mapping[str, Callable[[Any, float], list[Outline] | None]] = {
    "LWPOLYLINE": _light,
    "POLYLINE": _old,
    "LINE": _line,
    "ARC": _arc,
    "CIRCLE": _circle,
    "ELLIPSE": _flattened,
    "SPLINE": _flattened,
    "HATCH": _hatch,
    "MPOLYGON": _hatch,
}
"""Types of entities that are lines; anything else is named as not used."""

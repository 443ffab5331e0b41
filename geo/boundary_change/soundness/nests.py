"""Nests (环的关系): rings of one plot that do not fit each other: holes out of their outline, parts in parts.

Only invalid plots with several rings are looked at. What no rule here explains is told as GEOS words it, so
that no invalid plot goes without an error.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from data.records import Fault, Severity
from geo.boundary_change.soundness.drawn import Drawn, Shapes

LEAST_M2 = 0.005  # what is told with two decimals as 0.00
REDRAW = "Correct the ring: a hole lies within its outline, holes and parts lie side by side."
CUT = (
    "has holes that touch each other or its outline so that they cut it apart, at {place}.",
    "Draw what lies on each side as a part of its own.",
)


def nest_faults(drawn: Drawn) -> Iterator[Fault]:
    """Errors of invalid plots with several rings whose rings do not fit each other."""
    several = shapely.get_num_geometries(drawn.shapes) > 1
    several |= np.bincount(drawn.rings.owner, minlength=drawn.rings.size) > 1
    for plot in np.flatnonzero(several & ~drawn.sound).tolist():
        parts = shapely.get_parts(drawn.flat[plot])
        outlines = _faces(shapely.get_exterior_ring(parts))
        for at, part in enumerate(parts):
            yield from _holes(drawn, plot, outlines[at], _faces(shapely.get_rings(part)[1:]))
        yield from _parts(drawn, plot, outlines, shapely.make_valid(parts, method="structure"))


def unexplained(drawn: Drawn, told: set[tuple[str, int | None]]) -> Iterator[Fault]:
    """An error for each invalid plot of which nothing was told, in the words of GEOS.

    Parameters
    ----------
    told : names and lines of the plots that have an error
    """
    for plot in np.flatnonzero(~drawn.sound & ~shapely.is_missing(drawn.shapes)).tolist():
        if (drawn.names[plot], drawn.lines[plot]) in told:
            continue
        reason, _, place = str(shapely.is_valid_reason(drawn.flat[plot])).partition("[")
        point = np.array([place.rstrip("]").split()[:2]], np.float64) if place else np.empty((0, 2))
        where = drawn.place(point) or "an unknown place"
        if reason == "Interior is disconnected":
            yield drawn.fault("interior_cut", plot, CUT[0].format(place=where), CUT[1])
        else:
            said = f"is no valid polygon: {reason} at {where}."
            yield drawn.fault(
                "geometry_invalid", plot, said, "Look at it on the map, and correct the points."
            )


def direction_faults(drawn: Drawn) -> Iterator[Fault]:
    """A note for each plot with a hole that runs as its outline does; no area here depends on it."""
    rings = drawn.flat_rings
    turn = rings.x - np.repeat(rings.x[rings.ring_starts[:-1]], np.diff(rings.ring_starts))
    terms = np.zeros(len(rings.x))
    if len(terms):
        terms[:-1] = turn[:-1] * np.diff(rings.y) + np.diff(turn) * np.diff(rings.y) / 2
        terms[rings.ring_starts[1:] - 1] = 0.0
    clockwise = rings.sums(terms) < 0
    outline = np.maximum.accumulate(np.where(rings.is_hole, 0, np.arange(len(rings.owner))))
    alike = rings.is_hole & (clockwise == clockwise[outline])
    for plot in np.unique(rings.owner[alike]).tolist():
        count = int(alike[rings.owner == plot].sum())
        yield drawn.fault(
            "hole_runs_as_outline", plot,
            f"has {count} holes drawn in the same direction as their outline.",
            "Nothing need be done here; other programs may add such a hole to the area.",
            Severity.WARNING,
        )  # fmt: skip


def _faces(rings: Shapes) -> Shapes:
    """The land that each ring encloses, whatever it does to itself."""
    return np.asarray(shapely.make_valid(shapely.polygons(rings), method="structure"), dtype=object)


def _holes(drawn: Drawn, plot: int, outline: shapely.Geometry, holes: Shapes) -> Iterator[Fault]:
    """Holes that leave their outline, and holes that lie on each other."""
    if not len(holes):
        return
    beyond = shapely.difference(holes, outline)
    for at in np.flatnonzero(drawn.areas(_areal(beyond)) > LEAST_M2).tolist():
        area = float(drawn.areas(_areal(beyond[at : at + 1]))[0])
        wholly = not shapely.intersects(holes[at], outline)
        yield drawn.fault(
            "hole_outside", plot,
            f"has a hole {'outside' if wholly else 'that leaves'} its outline: {area:,.2f} m² of hole "
            f"{at + 1} lie beyond it, at {_at(drawn, beyond[at])}.",
            REDRAW, area_m2=area,
        )  # fmt: skip
    yield from _pairs(drawn, plot, holes, ("holes_overlap", "holes"))


def _parts(drawn: Drawn, plot: int, outlines: Shapes, parts: Shapes) -> Iterator[Fault]:
    """Parts that lie on each other, or one within the other."""
    if len(parts) > 1:
        yield from _pairs(drawn, plot, np.asarray(_areal(parts)), ("parts_overlap", "parts"))


def _pairs(drawn: Drawn, plot: int, shapes: Shapes, words: tuple[str, str]) -> Iterator[Fault]:
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, two = one[one < two], two[one < two]
    shared = _areal(shapely.intersection(shapes[one], shapes[two]))
    for a, b, both, area in zip(one + 1, two + 1, shared, drawn.areas(shared), strict=True):
        if area <= LEAST_M2:
            continue
        within = shapely.covers(shapes[a - 1], shapes[b - 1]) or shapely.covers(shapes[b - 1], shapes[a - 1])
        how = "lie one within the other" if within else "overlap"
        yield drawn.fault(
            words[0], plot,
            f"has {words[1]} {a} and {b} that {how}: {area:,.2f} m² at {_at(drawn, both)}.",
            REDRAW, area_m2=float(area),
        )  # fmt: skip


def _areal(shapes: Shapes) -> Shapes:
    """What of each shape has an area."""
    shapes = np.array(shapes, dtype=object)
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    if mixed.any():
        shapes[mixed] = shapely.buffer(shapes[mixed], 0)
    return shapes


def _at(drawn: Drawn, shape: shapely.Geometry) -> str:
    """The place of a point within a shape."""
    return drawn.place(shapely.get_coordinates(shapely.point_on_surface(shape)))

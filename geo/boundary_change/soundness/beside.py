"""Beside the zone (与现边界的关系): strips and gaps along the existing boundary, narrower than the tolerance.

They are drawing and not meant; a request leaves them out or fills them (`geo.boundary_change.request`). Here
each is told with its area and its largest width, beside the tolerance that it was held against.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from data.records import Fault, Severity
from geo.boundary_change.soundness.drawn import Drawn, Shapes
from geo.boundary_change.strips import (
    as_one,
    difference,
    gaps_between,
    intersection,
    near,
    strips_of,
    valid,
    widths_of,
)

LEAST_M2 = 0.005  # what is told with two decimals as 0.00
LEAST_WIDTH_M = 1e-3  # coordinates are told to no more
WORDS = {
    "sliver_beyond_boundary": "reaches over the zone's boundary by {count} strips",
    "sliver_within_boundary": "reaches into the zone by {count} strips",
    "gap_to_boundary": "leaves {count} gaps to the zone's boundary",
}


def beside_faults(drawn: Drawn, zone: Any, snap_m: float) -> Iterator[Fault]:
    """Warnings of sound plots whose sides run along the zone's boundary, but not on it.

    Parameters
    ----------
    zone : (k,) polygons of the zone, EPSG:4490
    snap_m : metres; 0 or less: nothing is looked at
    """
    local = drawn.local
    boundary = as_one(local.of(zone, 4490))
    if snap_m <= 0 or boundary.is_empty:
        return
    plots = valid(local.of(drawn.sound_shapes, drawn.crs))
    shapely.prepare(boundary)
    there = shapely.dwithin(plots, boundary, snap_m) & ~shapely.contains_properly(boundary, plots)
    for at in np.flatnonzero(there).tolist():
        plot = as_one(plots[at : at + 1])
        yield from _of_plot(drawn, at, (plot, near(boundary, plot, snap_m)), snap_m)


def _of_plot(
    drawn: Drawn, at: int, pair: tuple[shapely.Geometry, shapely.Geometry], snap_m: float
) -> Iterator[Fault]:
    plot, zone = pair
    beyond, within = difference(plot, zone), intersection(plot, zone)
    dropped = strips_of(beyond, zone, snap_m)
    found = {
        "sliver_beyond_boundary": dropped,
        "sliver_within_boundary": strips_of(within, beyond, snap_m),
        "gap_to_boundary": gaps_between(difference(beyond, dropped), zone, snap_m),
    }
    for code, land in found.items():
        strips = shapely.get_parts(land)
        strips = strips[shapely.area(strips) > LEAST_M2]
        widths = widths_of(strips)
        if len(strips) and widths.max() > LEAST_WIDTH_M:
            yield _fault(drawn, at, code, strips[widths > LEAST_WIDTH_M], (float(widths.max()), snap_m))


def _fault(drawn: Drawn, at: int, code: str, strips: Shapes, width: tuple[float, float]) -> Fault:
    area = float(shapely.area(strips).sum())
    points = drawn.local.back(shapely.point_on_surface(strips[:1]))
    lon, lat = shapely.get_coordinates(points)[0]
    return drawn.fault(
        code, at,
        f"{WORDS[code].format(count=len(strips))} of {area:,.2f} m², at most {width[0]:.3f} m wide "
        f"(tolerance {width[1]:g} m), the first at {lon:.8f}, {lat:.8f}.",
        "Take the points of the boundary as they are approved; with the tolerance as it is, the strips are "
        + ("filled." if code == "gap_to_boundary" else "left out."),
        Severity.WARNING, area_m2=area,
    )  # fmt: skip

"""A request to move a boundary (边界调整申请): what a zone has, what it asks for, what it gives up.

    added = asked - boundary,  lost = boundary & gives up - asked,  after = (boundary - lost) + added

Everything is cut in the local plane, in which plane area is ellipsoidal area. Land along the old boundary
that is narrower than the snap tolerance is drawing and not meant: strips of `added` are dropped, gaps between
`added` and the zone are filled, and both are told with their areas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import shapely

from geo.local_plane import LocalPlane

EMPTY = shapely.Polygon()
SNAP_M = 0.1
"""Default snap tolerance, metres; `--snap` sets another"""


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """A request, cut against the boundary it wants to move.

    Parameters
    ----------
    kind : folder of data/rules that holds its conditions: expansion, adjustment, recognition …
    zone : code; empty for a zone that is not there yet
    day, region : which rules are in force
    plane : in which all shapes here are, metres
    boundary : the zone's boundary on the day; empty for a new zone
    asked, gives_up : as filed; empty where nothing is
    added, lost, after : what comes, what goes, and what the zone would be
    dropped, filled : strips narrower than the tolerance, left out of `added`, or put to it
    reasons : codes of declared reasons (举证情形), which stand beside conditions that know them
    """

    kind: str
    zone: str
    day: date
    region: str
    plane: LocalPlane
    boundary: shapely.Geometry
    asked: shapely.Geometry
    gives_up: shapely.Geometry
    added: shapely.Geometry
    lost: shapely.Geometry
    after: shapely.Geometry
    dropped: shapely.Geometry = EMPTY
    filled: shapely.Geometry = EMPTY
    snap_m: float = SNAP_M
    reasons: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(
        cls,
        kind: str,
        *,
        zone: str,
        day: date,
        region: str,
        boundary: Any = None,
        asked: Any = None,
        asked_crs: Any = 4490,
        gives_up: Any = None,
        gives_up_crs: Any = 4490,
        whole: bool = False,
        snap_m: float = SNAP_M,
        reasons: frozenset[str] = frozenset(),
    ) -> Request:
        """A request out of valid polygons.

        Parameters
        ----------
        boundary : (n,) polygons of the zone, EPSG:4490; None for a new zone
        asked, gives_up : (n,) polygons in their CRS; None where nothing is
        whole : `asked` is the new boundary as a whole: what it leaves out is given up
        snap_m : metres, >= 0

        >>> square = shapely.box(113.0, 34.0, 113.01, 34.01)
        >>> own = Request.of("expansion", zone="G1", day=date(2024, 1, 1), region="410000",
        ...                  boundary=[square], asked=[square])
        >>> own.added.area, own.lost.area, round(own.after.area) == round(own.boundary.area)
        (0.0, 0.0, True)
        """
        plane = LocalPlane(_latitude((boundary, 4490), (asked, asked_crs), (gives_up, gives_up_crs)))
        held = _one(plane, boundary, 4490)
        wanted, given = _one(plane, asked, asked_crs), _one(plane, gives_up, gives_up_crs)
        raw = polygonal(shapely.difference(wanted, held))
        added, dropped = _without_strips(raw, held, snap_m)
        filled = _gaps(added, held, snap_m)
        lost = shapely.difference(held, wanted) if whole else shapely.intersection(held, given)
        lost = polygonal(lost if whole else shapely.difference(lost, wanted))
        lost = _without_strips(lost, wanted, snap_m)[0] if whole else lost
        added = polygonal(shapely.union(added, filled))
        after = polygonal(shapely.union(shapely.difference(held, lost), added))
        return cls(
            kind, zone, day, region, plane, held, wanted, given, added, lost, after,
            dropped, filled, snap_m, reasons,
        )  # fmt: skip

    def shape(self, of: str) -> shapely.Geometry:
        """One of boundary, asked, gives_up, added, lost, after, by name.

        Raises
        ------
        KeyError : there is no such shape
        """
        return self.shapes[of]

    @property
    def shapes(self) -> Mapping[str, shapely.Geometry]:
        """All shapes by name."""
        names = ("boundary", "asked", "gives_up", "added", "lost", "after", "dropped", "filled")
        return {name: getattr(self, name) for name in names}

    def degrees(self, shape: shapely.Geometry) -> shapely.Geometry:
        """A shape of the plane in longitude and latitude, EPSG:4490."""
        return self.plane.back([shape])[0]


def polygonal(shape: shapely.Geometry) -> shapely.Geometry:
    """What of a shape has an area, as one polygon or multipolygon; an empty polygon where nothing has."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = shapely.get_parts(shapely.get_parts(shape))
    areal = [part for part in parts if part.geom_type == "Polygon"]
    return shapely.union_all(areal) if areal else EMPTY


def _one(plane: LocalPlane, polygons: Any, crs: Any) -> shapely.Geometry:
    """All polygons as one shape of the plane."""
    if polygons is None:
        return EMPTY
    shapes = plane.of(np.asarray(polygons, dtype=object), crs)
    held = [shape for shape in shapes if shape is not None]
    return polygonal(shapely.union_all(held)) if held else EMPTY


def _latitude(*layers: tuple[Any, Any]) -> float:
    """The middle latitude of the first layer that has a shape; 35 where none has."""
    for polygons, crs in layers:
        if polygons is None:
            continue
        shapes = [shape for shape in np.asarray(polygons, dtype=object).ravel() if shape is not None]
        if shapes:
            south, north = shapely.total_bounds(LocalPlane(0.0).back(LocalPlane(0.0).of(shapes, crs)))[[1, 3]]
            if south == south:
                return float((south + north) / 2)
    return 35.0


def _without_strips(
    shape: shapely.Geometry, beside: shapely.Geometry, width_m: float
) -> tuple[shapely.Geometry, shapely.Geometry]:
    """A shape without its strips along another that are narrower than a width, and those strips."""
    if width_m <= 0 or shape.is_empty or beside.is_empty:
        return shape, EMPTY
    parts = shapely.get_parts(shape)
    near = shapely.dwithin(parts, beside, width_m)
    core = shapely.buffer(parts, -width_m / 2, quad_segs=2, join_style="mitre")
    thin = near & shapely.is_empty(core)
    if not thin.any():
        return shape, EMPTY
    kept = parts[~thin]
    return (polygonal(shapely.union_all(kept)) if len(kept) else EMPTY), shapely.union_all(parts[thin])


def _gaps(added: shapely.Geometry, held: shapely.Geometry, width_m: float) -> shapely.Geometry:
    """The land between what is added and the zone, where they are closer than a width and do not touch."""
    if width_m <= 0 or added.is_empty or held.is_empty:
        return EMPTY
    near = shapely.intersection(
        shapely.buffer(added, width_m, join_style="mitre"), shapely.buffer(held, width_m, join_style="mitre")
    )
    both = shapely.union(added, held)
    closed = shapely.buffer(
        shapely.buffer(both, width_m / 2, join_style="mitre"), -width_m / 2, join_style="mitre"
    )
    gap = polygonal(shapely.difference(shapely.intersection(closed, near), both))
    parts = shapely.get_parts(gap)
    return polygonal(shapely.union_all(parts[shapely.area(parts) > 1e-4])) if len(parts) else EMPTY

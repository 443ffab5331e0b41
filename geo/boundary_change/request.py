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
from pyproj import CRS

from geo.boundary_change.strips import (
    EMPTY,
    as_one,
    difference,
    gaps_between,
    intersection,
    strips_of,
    union,
)
from geo.crs.transform import place_of
from geo.local_plane import LocalPlane

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
    leavings : strips of the zone narrower than the tolerance that would be left along what it gives up; they
        are in `lost`
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
    leavings: shapely.Geometry = EMPTY
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
        raw = difference(wanted, held)
        dropped = strips_of(raw, held, snap_m)
        added = difference(raw, dropped)
        filled = gaps_between(added, held, snap_m)
        added = union(added, filled)
        lost, leavings = _lost(held, wanted, None if whole else given, snap_m)
        after = union(difference(held, lost), added)
        return cls(
            kind, zone, day, region, plane, held, wanted, given, added, lost, after,
            dropped, filled, leavings, snap_m, reasons,
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
        names = ("boundary", "asked", "gives_up", "added", "lost", "after", "dropped", "filled", "leavings")
        return {name: getattr(self, name) for name in names}

    def degrees(self, shape: shapely.Geometry) -> shapely.Geometry:
        """A shape of the plane in longitude and latitude, EPSG:4490."""
        return self.plane.back([shape])[0]


def _one(plane: LocalPlane, polygons: Any, crs: Any) -> shapely.Geometry:
    """All polygons as one shape of the plane."""
    if polygons is None:
        return EMPTY
    return as_one(plane.of(np.asarray(polygons, dtype=object), crs))


def _lost(
    held: shapely.Geometry, wanted: shapely.Geometry, given: shapely.Geometry | None, width_m: float
) -> tuple[shapely.Geometry, shapely.Geometry]:
    """What a zone gives up, and the strips in it that it would keep by the lines as they are drawn.

    Parameters
    ----------
    given : None where the zone gives up what `wanted` leaves out
    """
    if given is None:
        lost = difference(held, wanted)
        return difference(lost, strips_of(lost, wanted, width_m)), EMPTY
    lost = difference(intersection(held, given), wanted)
    if lost.is_empty:
        return EMPTY, EMPTY
    leavings = strips_of(difference(held, lost), lost, width_m)
    return union(lost, leavings), leavings


def _latitude(*layers: tuple[Any, Any]) -> float:
    """The middle latitude of the first layer that has a shape; 35 where none has."""
    for polygons, crs in layers:
        if polygons is None or not len(polygons):
            continue
        west, south, east, north = shapely.total_bounds(np.asarray(polygons, dtype=object)).tolist()
        known, latitude = CRS.from_user_input(crs), (south + north) / 2
        if not known.is_geographic:
            latitude = place_of(known, (west + east) / 2, latitude)[1]
        if abs(latitude) < 89:  # nan, where there is no shape, is not
            return float(latitude)
    return 35.0

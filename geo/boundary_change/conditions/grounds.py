"""What conditions are held on (判定依据): the layers near a request, and the figures of its zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.records import Fault, Result, Severity
from geo.boundary_change.probing import Settings
from geo.boundary_change.request import Request
from geo.boundary_change.strips import EMPTY, polygonal

Shapes = NDArray[np.object_]
Flags = NDArray[np.bool_]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Constraints:
    """Constraint features near a request, in its plane.

    Parameters
    ----------
    frame : role, name, level, restricted, version, and whatever else the layer has; no geometry
    shapes : (n,) valid polygons of the plane
    reach : role -> box in degrees that the layers of that role cover, whether a feature is near or not
    faults : features that had to be mended
    """

    frame: pd.DataFrame
    shapes: Shapes
    reach: Mapping[str, Box]
    faults: tuple[Fault, ...] = ()

    @classmethod
    def of(cls, near: gpd.GeoDataFrame, request: Request, reach: Mapping[str, Box]) -> Constraints:
        """The features that meet the box of a request's shapes.

        Parameters
        ----------
        near : columns role, name, level, restricted, version; geometry in EPSG:4490
        reach : see the class
        """
        if not len(near):
            return cls(pd.DataFrame(near.drop(columns="geometry")), np.empty(0, object), reach)
        shapes = request.plane.of(near.geometry.to_numpy(), 4490)
        bad = ~shapely.is_valid(shapes)
        if bad.any():
            made = shapely.make_valid(shapes[bad], method="structure", keep_collapsed=False)
            shapes[bad] = [polygonal(shape) for shape in made]
        faults = tuple(_mended(name) for name in near.loc[bad & ~_hidden(near), "name"])
        return cls(pd.DataFrame(near.drop(columns="geometry")).reset_index(drop=True), shapes, reach, faults)

    def chosen(self, role: str, where: Mapping[str, tuple[str, ...]]) -> Flags:
        """(n,) which features have a role, in each column one of its words, and none of those with a !."""
        chosen = (self.frame["role"] == role).to_numpy(dtype=bool) if len(self.frame) else np.zeros(0, bool)
        for column, words in where.items():
            rows = self.frame[column] if column in self.frame else pd.Series("", index=self.frame.index)
            said = rows.astype("str").fillna("")
            has = {word: said.str.contains(word.lstrip("!"), regex=False).to_numpy(bool) for word in words}
            wanted = [each for word, each in has.items() if not word.startswith("!")]
            if wanted:
                chosen = chosen & np.logical_or.reduce(wanted)
            for word, each in has.items():
                chosen = chosen & ~each if word.startswith("!") else chosen
        return chosen

    def restricted(self) -> Flags:
        """(n,) which features are classified (涉密)."""
        return _hidden(self.frame)


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """Everything that the conditions of a request are held on; what is None is not known.

    Parameters
    ----------
    zone : columns of the zone, as far as they are known: level, city, approved_ha …
    constraints : layers near the request
    measured : code -> the result before and the result after
    statistics : rows of the kind `statistics`, of the zone and of its region
    ranks : rows as `geo.standing.ranks.ranks` makes them, of the zone
    moving : parcels of the land that moves, cut to it: `area_m2`, the survey columns, `moves` (added, lost)
    hidden_roles : roles of which the book holds classified features anywhere
    told : how classified land is told; None: not at all, and then `untold` says why
    """

    zone: Mapping[str, Any]
    constraints: Constraints
    measured: Mapping[str, tuple[Result | None, Result | None]] = field(default_factory=dict)
    statistics: pd.DataFrame | None = None
    ranks: pd.DataFrame | None = None
    moving: pd.DataFrame | None = None
    uncovered_m2: float = 0.0
    hidden_roles: frozenset[str] = frozenset()
    told: Settings | None = None
    untold: str = ""


def meeting(shape: shapely.Geometry, shapes: Shapes) -> tuple[NDArray[np.int64], Shapes]:
    """Numbers of the shapes that share land with one, and the land that each shares."""
    if shape.is_empty or not len(shapes):
        return np.empty(0, np.int64), np.empty(0, object)
    shapely.prepare(shape)
    near = np.flatnonzero(shapely.intersects(shape, shapes))
    inside = shapely.covers(shape, shapes[near])
    pieces = shapes[near].copy()
    pieces[~inside] = shapely.intersection(shape, pieces[~inside])
    kept = shapely.area(pieces) > 0
    return near[kept], pieces[kept]


def united(pieces: Shapes) -> shapely.Geometry:
    """Pieces as one shape; an empty polygon where there is none."""
    return polygonal(shapely.union_all(pieces)) if len(pieces) else EMPTY


def _hidden(frame: pd.DataFrame) -> Flags:
    return np.asarray(frame["restricted"].fillna(False).astype(bool).to_numpy(), bool)


def _mended(name: str) -> Fault:
    return Fault(
        "constraint_mended",
        f"The constraint feature {name} is no valid polygon; it was made valid for this check.",
        "Look at it, and take the layer in again with --repair.",
        Severity.WARNING,
        "constraints",
        str(name),
    )

"""Constraint features near a request (管控要素), in its plane: which there are, which a condition means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from data.codes.roles import role as role_of
from data.records import Fault, Severity
from geo.boundary_change.request import Request
from geo.boundary_change.strips import polygonal

Shapes = NDArray[np.object_]
Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]
Box = tuple[float, float, float, float]
ELLIPSOID = Geod(ellps="GRS80")
DEGREE_M = 110_500.0
"""No degree of latitude is shorter"""


@dataclass(frozen=True, eq=False)
class Constraints:
    """Constraint features near a request, in its plane.

    Parameters
    ----------
    frame : role, name, level, restricted, version, and whatever else the layer has, in columns of its own or
        as JSON in `extra`; no geometry
    shapes : (n,) valid polygons of the plane
    reach : role -> box in degrees that the layers of that role cover, whether a feature is near or not
    faults : features that had to be mended, or are no polygons; classified ones are not named
    """

    frame: pd.DataFrame
    shapes: Shapes
    reach: Mapping[str, Box]
    faults: tuple[Fault, ...] = ()

    @classmethod
    def of(
        cls,
        near: gpd.GeoDataFrame,
        request: Request,
        reach: Mapping[str, Box],
        within_m: Mapping[str, float] | None = None,
    ) -> Constraints:
        """The features that meet the box of a request's shapes, moved to its plane.

        Parameters
        ----------
        near : columns role, name, level, restricted, version; geometry in EPSG:4490
        reach : see the class
        within_m : role -> metres around that box in which its features count, 0 for a role that is not named;
            None: all that are given count
        """
        if within_m is not None and len(near):
            near = near[_meets(near, request, within_m)]
        frame = pd.DataFrame(near.drop(columns="geometry"))
        if not len(near):
            return cls(frame, np.empty(0, object), reach)
        shapes = request.plane.of(near.geometry.to_numpy(), 4490)
        areal = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
        bad = areal & ~shapely.is_valid(shapes)
        if bad.any():
            made = shapely.make_valid(shapes[bad], method="structure", keep_collapsed=False)
            shapes[bad] = [polygonal(shape) for shape in made]
        told = ~_hidden(frame)
        faults = [_mended(str(name)) for name in frame["name"].to_numpy()[bad & told]]
        faults += [_no_polygon(str(name)) for name in frame["name"].to_numpy()[~areal & told]]
        return cls(frame[areal].reset_index(drop=True), shapes[areal], reach, tuple(faults))

    @cached_property
    def hidden(self) -> Flags:
        """(n,) which features are classified (涉密)."""
        return _hidden(self.frame)

    @cached_property
    def names(self) -> Shapes:
        """(n,) names of the features; empty where one has none."""
        return _words(self.frame, "name")

    @cached_property
    def versions(self) -> Shapes:
        """(n,) versions of the layers that the features are from; empty where it is not known."""
        return _words(self.frame, "version")

    @cached_property
    def rows(self) -> Mapping[str, Rows]:
        """Role -> numbers of its features."""
        roles = _words(self.frame, "role")
        return {role: np.flatnonzero(roles == role) for role in set(roles.tolist())}

    @cached_property
    def _said(self) -> dict[str, Shapes]:
        return {}

    @cached_property
    def _boxes(self) -> dict[str, tuple[Request, Box]]:
        return {}

    @cached_property
    def _met(self) -> dict[tuple[str, str], tuple[shapely.Geometry, Rows, Shapes]]:
        return {}

    def chosen(self, role: str, where: Mapping[str, tuple[str, ...]]) -> tuple[Rows, Rows]:
        """Numbers of the features that a condition means, and of those that it may mean.

        A feature is meant when it has the role, in each column one of its words, and none of those with a `!`
        before. Where a column from which a word is wanted says nothing, the feature may be meant.

        >>> levels = ["优先保护单元", "一般管控单元", None]
        >>> frame = pd.DataFrame({"role": ["control_unit"] * 3, "level": levels})
        >>> near = Constraints(frame, shapely.box([0, 1, 2], 0, [1, 2, 3], 1), {})
        >>> [rows.tolist() for rows in near.chosen("control_unit", {"level": ("优先保护",)})]
        [[0], [2]]
        """
        rows = self.rows.get(role, np.empty(0, np.int64))
        sure, may = np.ones(len(rows), bool), np.ones(len(rows), bool)
        for column, words in where.items():
            if column not in self._said:
                self._said[column] = _words(self.frame, column)
            known, of = np.unique(self._said[column][rows], return_inverse=True)
            meant, silent = _meaning(known.tolist(), words)
            sure, may = sure & meant[of], may & (meant | silent)[of]
        return rows[sure], rows[may & ~sure]

    def off_m(self, of: str, request: Request, role: str) -> float | None:
        """How far a shape of the request goes beyond what the layers of a role cover, metres.

        None where there is no layer of that role.
        """
        covered = self.reach.get(role)
        if covered is None:
            return None
        known = self._boxes.get(of)
        if known is None or known[0] is not request:
            # the sides of a box of the plane are meridians and parallels
            corners = request.degrees(shapely.box(*request.shape(of).bounds))
            west, south, east, north = (float(side) for side in corners.bounds)
            known = self._boxes[of] = (request, (west, south, east, north))
        return beyond_m(known[1], covered)

    def meeting(self, of: str, shape: shapely.Geometry, role: str) -> tuple[Rows, Shapes]:
        """Numbers of the features of a role that share land with a shape, and the land that each shares.

        Several conditions ask the same of one shape: it is cut once.
        """
        known = self._met.get((of, role))
        if known is None or known[0] is not shape:
            rows = self.rows.get(role, np.empty(0, np.int64))
            at, pieces = meeting(shape, self.shapes[rows])
            known = self._met[of, role] = (shape, rows[at], pieces)
        return known[1], known[2]


def meeting(shape: shapely.Geometry, shapes: Shapes) -> tuple[Rows, Shapes]:
    """Numbers of the shapes that share land with one, and the land that each shares."""
    if shape.is_empty or not len(shapes):
        return np.empty(0, np.int64), np.empty(0, object)
    shapely.prepare(shape)
    near = np.flatnonzero(shapely.intersects(shape, shapes))
    pieces = shapes[near].copy()
    cut = ~shapely.covers(shape, pieces)
    pieces[cut] = shapely.intersection(shape, pieces[cut])
    kept = shapely.area(pieces) > 0
    return near[kept], pieces[kept]


def beyond_m(box: Box, covered: Box) -> float:
    """How far the farthest corner of a box lies from what is covered, metres; 0 where it holds all of it.

    Parameters
    ----------
    box, covered : west, south, east, north in degrees

    >>> beyond_m((113.0, 34.0, 113.1, 34.1), (112.0, 33.0, 114.0, 35.0))
    0.0
    >>> round(beyond_m((0.0, 1.0, 0.0, 1.0), (-1.0, -1.0, 1.0, 0.0)))    # a degree of latitude at the equator
    110574
    """
    if covered[0] <= box[0] and covered[1] <= box[1] and covered[2] >= box[2] and covered[3] >= box[3]:
        return 0.0
    lon, lat = np.array([box[0], box[2], box[2], box[0]]), np.array([box[1], box[1], box[3], box[3]])
    nearest = np.clip(lon, covered[0], covered[2]), np.clip(lat, covered[1], covered[3])
    return float(np.max(ELLIPSOID.inv(lon, lat, *nearest)[2]))


def named(role: str) -> str:
    """A role as it is told: its Chinese term, and its name."""
    return f"{role_of(role).label} ({role})"


def _meets(near: gpd.GeoDataFrame, request: Request, within_m: Mapping[str, float]) -> Flags:
    """(n,) whose boxes meet that of the request's shapes, grown by the metres of their role."""
    shapes = [shape for shape in request.shapes.values() if not shape.is_empty]
    if not shapes:
        return np.zeros(len(near), bool)
    whole = shapely.box(*shapely.total_bounds(np.array(shapes, dtype=object)))
    west, south, east, north = shapely.bounds(request.degrees(whole))
    grown = near["role"].map(within_m).fillna(0.0).to_numpy(np.float64) / DEGREE_M
    aside = grown / np.cos(np.radians(min(max(abs(south), abs(north)) + 0.1, 89.0)))
    box = shapely.bounds(near.geometry.to_numpy())
    in_lon = (box[:, 0] <= east + aside) & (box[:, 2] >= west - aside)
    return np.asarray(in_lon & (box[:, 1] <= north + grown) & (box[:, 3] >= south - grown), bool)


def _meaning(texts: list[str], words: tuple[str, ...]) -> tuple[Flags, Flags]:
    """(k,) which texts hold one of the words and none of those with a !, and which say nothing of it."""
    no = [word[1:] for word in words if word.startswith("!")]
    yes = [word for word in words if not word.startswith("!")]
    meant = [
        not any(word in text for word in no) and (not yes or any(word in text for word in yes))
        for text in texts
    ]
    return np.array(meant, bool), np.array([bool(yes) and not text for text in texts], bool)


def _words(frame: pd.DataFrame, column: str) -> Shapes:
    """(n,) what a column says, as text; empty where it says nothing or is not there.

    A column that constraints do not have by themselves stands in the JSON of `extra`.
    """
    if column in frame:
        said = frame[column]
    elif "extra" in frame:
        told = [json.loads(text).get(column) if text else None for text in _words(frame, "extra").tolist()]
        said = pd.Series(told, index=frame.index, dtype=object)
    else:
        return np.full(len(frame), "", dtype=object)
    return np.where(said.isna().to_numpy(bool), "", said.astype("str").to_numpy(dtype=object))


def _hidden(frame: pd.DataFrame) -> Flags:
    if "restricted" not in frame:
        return np.zeros(len(frame), bool)
    return np.asarray(frame["restricted"].fillna(False).astype(bool).to_numpy(), bool)


def _mended(name: str) -> Fault:
    return Fault(
        "constraint_mended",
        f"The constraint feature {name} is no valid polygon; it was made valid for this check.",
        "Look at it, and take the layer in again with --repair.",
        Severity.WARNING,
        "constraints",
        name,
    )


def _no_polygon(name: str) -> Fault:
    return Fault(
        "constraint_no_polygon",
        f"The constraint feature {name} is no polygon, and was left out of this check.",
        "Take the layer in again with polygons: the range of a line or point, not the line itself.",
        Severity.WARNING,
        "constraints",
        name,
    )

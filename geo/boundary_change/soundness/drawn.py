"""Plots as they are drawn (图形): every vertex in flat arrays, in file coordinates and in metres.

What is held against a tolerance must be in metres and true to scale. The plane of a belt is, to 0.05 %;
anything else is laid into the local plane, vertex for vertex.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from data.records import Fault, Severity
from geo.areas import ellipsoidal_area_m2
from geo.crs.belts import horizontal, transverse_mercator
from geo.local_plane import LocalPlane
from geo.rings import Floats, Ints, Rings
from geo.sheets import GEOGRAPHIC

Shapes = NDArray[np.object_]
Flags = NDArray[np.bool_]
POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
FARTHEST_M = 1e8  # with the number of its belt before it, an easting has eight digits
FARTHEST_DEGREES = (360.0, 90.0)
LISTED = 3
"""So many places are told of one fault, and the number of the others"""


@dataclass(frozen=True, eq=False)
class Drawn:
    """Plots, where their file has them.

    Parameters
    ----------
    shapes : (n,) Polygon or MultiPolygon in the CRS, all coordinates finite; None where there is none
    crs : of the coordinates
    names : (n,) what faults call the plots
    lines : (n,) on which line of the file each begins; None where that is not known
    texts : (n,) whether it comes from boundary points, whose outlines run clockwise in the file
    file : name
    """

    shapes: Shapes
    crs: CRS
    names: Sequence[str]
    lines: Sequence[int | None]
    texts: Flags
    file: str = ""

    @classmethod
    def of(cls, plots: pd.DataFrame, crs: Any, file: str = "") -> tuple[Drawn, list[Fault]]:
        """Plots of a table, and an error for each that has no polygon or a coordinate that is no number."""
        shapes, known = np.array(plots.geometry, dtype=object), horizontal(CRS.from_user_input(crs))
        missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
        other = ~missing & ~np.isin(shapely.get_type_id(shapes), POLYGONAL)
        points, owner = shapely.get_coordinates(shapes, return_index=True)
        finite = np.isfinite(points).all(axis=1)
        with np.errstate(invalid="ignore"):
            far = finite & (np.abs(points) > (FARTHEST_DEGREES if known.is_geographic else FARTHEST_M)).any(
                axis=1
            )
        odd, off = (np.bincount(owner[which], minlength=len(shapes)) for which in (~finite, far))
        kept = shapes.copy()
        kept[missing | other | (odd > 0) | (off > 0)] = None
        made = cls(_plain(kept), known, *_told(plots), file)
        faults = [
            made.fault("plot_without_polygon", at, f"has {_what(shapes[at])}, and no polygon.", "Draw it.")
            for at in np.flatnonzero(missing | other)
        ]
        for code, count, what in (
            ("coordinate_not_finite", odd, "that is infinite or not a number"),
            ("coordinate_off_earth", off, "that lies nowhere on Earth"),
        ):
            faults += [
                made.fault(
                    code, at, f"has {count[at]} points with a coordinate {what}.",
                    "Give each coordinate as a plain number, in the CRS of the file.",
                )
                for at in np.flatnonzero(count)
            ]  # fmt: skip
        return made, faults

    @cached_property
    def rings(self) -> Rings:
        """All rings, in file coordinates."""
        return Rings.of(self.shapes)

    @cached_property
    def flat(self) -> Shapes:
        """(n,) the shapes in metres, vertex for vertex."""
        return np.asarray(shapely.transform(self.shapes, self._to_metres), dtype=object)

    @cached_property
    def flat_rings(self) -> Rings:
        """All rings, in metres."""
        return self.rings.moved(*self._to_metres(np.column_stack([self.rings.x, self.rings.y])).T)

    @cached_property
    def sound(self) -> Flags:
        """(n,) whether there is a valid polygon."""
        return np.asarray(shapely.is_valid(self.shapes), np.bool_)

    @cached_property
    def sound_shapes(self) -> Shapes:
        """(n,) the valid polygons in the CRS of the file; None for the others."""
        shapes = self.shapes.copy()
        shapes[~self.sound] = None
        return shapes

    @cached_property
    def in_plane(self) -> bool:
        """Whether the file's own plane is true to scale."""
        return transverse_mercator(self.crs) is not None

    @cached_property
    def local(self) -> LocalPlane:
        """A plane true to scale in the middle of the plots; at 35 degrees where there are none."""
        if shapely.is_missing(self.shapes).all():
            return LocalPlane(35.0)
        box = shapely.total_bounds(self.shapes).tolist()
        return LocalPlane(float(self.degrees(np.array([[box[0] + box[2], box[1] + box[3]]]) / 2)[0, 1]))

    def degrees(self, points: Floats) -> Floats:
        """(k, 2) longitude and latitude of points of the file."""
        if self.crs.to_epsg() in {4490, 4326}:
            return points
        there = self._to_degrees.transform(points[:, 0], points[:, 1])
        return np.asarray(np.column_stack(there), np.float64)

    @cached_property
    def _to_degrees(self) -> Transformer:
        return Transformer.from_crs(self.crs, GEOGRAPHIC, always_xy=True)

    def _to_metres(self, points: Floats) -> Floats:
        return points if self.in_plane else self.local.points(self.degrees(points))

    def in_file(self, points: Floats) -> Floats:
        """(k, 2) points in metres as the file would have them."""
        if self.in_plane:
            return points
        there: Floats = shapely.get_coordinates(self.local.back(shapely.points(points)))
        if self.crs.to_epsg() in {4490, 4326}:
            return there
        back = self._to_degrees.transform(there[:, 0], there[:, 1], direction="INVERSE")
        return np.asarray(np.column_stack(back), np.float64)

    def areas(self, pieces: Any) -> Floats:
        """(k,) ellipsoidal area of polygons that lie in the metres of `flat`, m²; 0 where there is none."""
        if self.in_plane:
            return np.nan_to_num(ellipsoidal_area_m2(pieces, self.crs))
        return np.asarray(np.nan_to_num(shapely.area(pieces)), np.float64)

    def place(self, points: Floats) -> str:
        """Points in metres, told in file coordinates; the first few, and how many more there are."""
        said = [_place(x, y, self.crs.is_geographic) for x, y in self.in_file(points[:LISTED])]
        more = len(points) - LISTED
        return "; ".join(said) + (f" and {more} more" if more > 0 else "")

    def numbers(self, ring: int, vertex: Ints) -> Ints:
        """Number of vertices in their ring, from 1, counted as the file counts them.

        Texts of boundary points draw outlines clockwise and holes counter-clockwise; their reader turns both.

        Parameters
        ----------
        vertex : (k,) positions in the ring, from 0
        """
        count = int(self.rings.ring_starts[ring + 1] - self.rings.ring_starts[ring] - 1)
        turned = bool(self.texts[self.rings.owner[ring]])
        return np.asarray((-vertex if turned else vertex) % count + 1, np.int64)

    def fault(
        self,
        code: str,
        plot: Any,
        message: str,
        remedy: str,
        severity: Severity = Severity.ERROR,
        **more: Any,
    ) -> Fault:
        """One fault of one plot; the message goes on where its name ends."""
        name, row = self.names[plot], self.lines[plot]
        return Fault(
            code, f"Plot {name} {message}", remedy, severity, feature=name, file=self.file, row=row, **more
        )


def _told(plots: pd.DataFrame) -> tuple[list[str], list[int | None], Flags]:
    """Names, lines, and whether the plot comes from boundary points."""
    number, name, line, dialect = (
        plots[column].to_numpy(object) if column in plots else np.full(len(plots), None, dtype=object)
        for column in ("plot_no", "plot_name", "line", "dialect")
    )
    called = np.where(pd.isna(number), name, number)
    names = [
        str(at + 1) if gone else str(said)
        for at, (said, gone) in enumerate(zip(called, pd.isna(called), strict=True))
    ]
    lines = [None if gone else int(said) for said, gone in zip(line, pd.isna(line), strict=True)]
    return names, lines, ~pd.isna(dialect)


def _plain(shapes: Shapes) -> Shapes:
    """The shapes in two dimensions, without empty holes, which some programs write."""
    flat: Shapes = np.asarray(shapely.force_2d(shapes), dtype=object)
    parts, owner = shapely.get_parts(flat, return_index=True)
    rings, of = shapely.get_rings(parts, return_index=True)
    for at in np.unique(owner[of[shapely.is_empty(rings)]]).tolist():
        kept = [part for part in parts[owner == at] if not part.is_empty]
        made = [shapely.Polygon(p.exterior, [h for h in p.interiors if not h.is_empty]) for p in kept]
        flat[at] = made[0] if len(made) == 1 else shapely.MultiPolygon(made)
    return flat


def _what(shape: Any) -> str:
    if shape is None:
        return "no geometry"
    return "an empty geometry" if shape.is_empty else f"a {shape.geom_type}"


def _place(x: float, y: float, degrees: bool) -> str:
    return f"{x:.8f}, {y:.8f}" if degrees else f"E {x:.3f}, N {y:.3f}"

"""Shapes (面): polygons made ready to be laid on a raster: in its CRS, and how much of each lies on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from data.formats.raster import Grid
from geo.areas import ellipsoidal_area_m2
from geo.cover.cells import Window, same_place
from geo.crs.transform import middle_of, passage, place_of
from geo.rings import MULTIPOLYGON, POLYGON, Floats, Ints

EDGE_M, EDGE_DEG = 500.0, 0.005
"""Longer edges get points before they leave their CRS: a straight edge of it is then true to 1 cm."""


@dataclass(frozen=True)
class Polygons:
    """What is to be laid on a raster.

    Parameters
    ----------
    geometries, crs : (n,) Shapely polygons, and the CRS in which their edges are straight
    area_m2 : (n,) their ellipsoidal area, where it has been measured; None: it will be
    """

    geometries: Any
    crs: CRS
    area_m2: Floats | None = None


@dataclass(frozen=True)
class Shapes:
    """Polygons on a raster.

    Parameters
    ----------
    shapes : (n,) in the CRS of the raster
    bounds : (n, 4) their boxes there
    area_m2 : (n,) ellipsoidal area of each; nan where there is none
    inside : (n,) which part of it lies on the raster, 0..1; nan where it cannot be told
    reason : (n,) why nothing can be told of it; empty where something can
    """

    shapes: NDArray[np.object_]
    bounds: Floats
    area_m2: Floats
    inside: Floats
    reason: NDArray[np.object_]

    @property
    def told(self) -> Ints:
        """Numbers of the polygons that can be laid on the raster."""
        return np.flatnonzero(self.reason == "")

    def window(self, grid: Grid) -> Window:
        """The window of the grid that the polygons need, with a cell to spare."""
        bounds = self.bounds[self.told]
        if not len(bounds):
            return 0, 0, 1, 1
        top = np.clip((grid.north - bounds[:, 3].max()) // grid.dy - 1, 0, grid.height - 1)
        bottom = np.clip((grid.north - bounds[:, 1].min()) // grid.dy + 2, 1, grid.height)
        left = np.clip((bounds[:, 0].min() - grid.west) // grid.dx - 1, 0, grid.width - 1)
        right = np.clip((bounds[:, 2].max() - grid.west) // grid.dx + 2, 1, grid.width)
        return int(top), int(left), int(bottom - top), int(right - left)


def laid_on(grid: Grid, name: str, raster_crs: CRS, polygons: Polygons) -> Shapes:
    """Polygons laid on the grid of a raster.

    Parameters
    ----------
    grid, name, raster_crs : the raster, and its name for messages
    """
    given, crs = np.asarray(polygons.geometries, dtype=object), polygons.crs
    measured = polygons.area_m2
    area = ellipsoidal_area_m2(given, crs) if measured is None else np.array(measured, np.float64)
    shapes = moved_to(given, crs, raster_crs)
    bounds = shapely.bounds(shapes)
    reason = _why_not(given, area, bounds)
    west, south, east, north = grid.bounds
    within = (
        (bounds[:, 0] >= west) & (bounds[:, 1] >= south) & (bounds[:, 2] <= east) & (bounds[:, 3] <= north)
    )
    inside = np.where(reason == "", 1.0, np.nan)
    crossing = np.flatnonzero((reason == "") & ~within)
    if len(crossing):
        some = shapes[crossing]
        cut = shapely.intersection(some, shapely.box(west, south, east, north))
        held = np.nan_to_num(ellipsoidal_area_m2(cut, raster_crs))
        inside[crossing] = np.clip(held / ellipsoidal_area_m2(some, raster_crs), 0.0, 1.0)
    apart = inside == 0
    reason[apart] = (
        f"It lies wholly outside of {name}. Give a raster that covers it, and check the CRS of both."
    )
    return Shapes(shapes, bounds, area, inside, reason)


def moved_to(geometries: Any, crs: CRS, raster_crs: CRS) -> NDArray[np.object_]:
    """(n,) polygons in the CRS of a raster; long edges are cut before they leave their own."""
    shapes = np.asarray(geometries, dtype=object)
    if same_place(crs, raster_crs):
        return shapes
    metre = crs.axis_info[0].unit_conversion_factor if crs.is_projected else 1.0
    dense = shapely.segmentize(shapely.force_2d(shapes), EDGE_M / metre if crs.is_projected else EDGE_DEG)
    middle = middle_of(shapely.bounds(shapes))
    if middle is None:
        return shapes
    place = place_of(crs, *middle)
    here, there = passage(crs, place).transformer, passage(raster_crs, place).transformer

    def move(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        return there.transform(*here.transform(x, y), direction="INVERSE")

    return np.asarray(shapely.transform(dense, move, interleaved=False), dtype=object)


def _why_not(given: NDArray[np.object_], area: Floats, bounds: Floats) -> NDArray[np.object_]:
    """Why nothing can be told of each polygon by itself."""
    reason = np.full(len(given), "", dtype=object)
    lost = ~np.isfinite(bounds).all(axis=1)
    reason[lost] = "It has no image in the CRS of the raster. Check its coordinates."
    knotted = ~shapely.is_valid(given)
    if knotted.any():
        why = shapely.is_valid_reason(given[knotted])
        reason[knotted] = [
            f"The polygon is invalid ({said}), so that what it covers is not one area. Correct its outline."
            for said in why
        ]
    reason[~(area > 0)] = "It has no area. Correct its outline."
    reason[np.isnan(area) | ~np.isin(shapely.get_type_id(given), (POLYGON, MULTIPOLYGON))] = (
        "It is no polygon. Give one."
    )
    return reason

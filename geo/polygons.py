"""Polygons, and nothing else, out of what a file holds (面): points, lines, heights and knots told apart."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from data.records import Fault, Severity
from geo.areas import ellipsoidal_area_m2
from geo.crs.belts import horizontal
from geo.rows import with_shapes

Shapes = NDArray[np.object_]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
_POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def as_polygons(frame: gpd.GeoDataFrame, rows: Ints) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """The same rows in two dimensions, with a fault for each that is no polygon.

    Parameters
    ----------
    rows : (n,) row numbers as a person sees them

    Returns
    -------
    rows and their order unchanged; a row that is no polygon keeps what it has. MultiPolygons stay whole.
    """
    shapes = frame.geometry.to_numpy()
    faults: list[Fault] = []
    if (high := shapely.has_z(shapes)).any():
        shapes = shapely.force_2d(shapes)
        faults.append(
            Fault(
                "heights_dropped",
                f"{high.sum()} features carry heights (Z); areas and overlays are measured without them.",
                "Nothing need be done.",
                Severity.WARNING,
            )
        )
    faults += _not_polygons(shapes, rows)
    return with_shapes(frame, shapes, frame.crs), faults


def _not_polygons(shapes: Shapes, rows: Ints) -> Iterator[Fault]:
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    other = ~missing & ~np.isin(shapely.get_type_id(shapes), _POLYGONAL)
    if len(shapes) and other.all():
        names = ", ".join(sorted({shape.geom_type for shape in shapes}))
        yield Fault(
            "geometry_not_polygon",
            f"All {len(shapes)} features are of the type {names}; polygons are needed.",
            "Read the polygon layer; closed lines are turned into polygons in QGIS by Lines to Polygons.",
        )
        return
    for at in np.flatnonzero(missing):
        yield Fault(
            "geometry_missing",
            "The feature has attributes, but no geometry, so it has no place and no area.",
            "Draw it, or take the row out.",
            row=int(rows[at]),
        )
    for at in np.flatnonzero(other):
        yield Fault(
            "geometry_not_polygon",
            f"The feature is a {shapes[at].geom_type}; a polygon is needed.",
            "Draw its outline as a polygon, or take the row out.",
            row=int(rows[at]),
        )


def repaired(frame: gpd.GeoDataFrame, rows: Ints) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """The same rows with invalid polygons made valid, and what that did to the area of each.

    What has no area left when it is made valid stays as it is, with an error.

    Parameters
    ----------
    frame : with its CRS
    rows : (n,) row numbers as a person sees them
    """
    shapes = frame.geometry.to_numpy()
    polygonal = np.isin(shapely.get_type_id(shapes), _POLYGONAL)
    bad = np.flatnonzero(polygonal & ~shapely.is_valid(shapes) & _finite(shapes))
    knotted = shapes[bad]
    made = shapely.make_valid(knotted, method="structure", keep_collapsed=False)
    whole = np.fromiter((_polygon_parts(shape) for shape in made), dtype=object, count=len(bad))
    before, after = (ellipsoidal_area_m2(which, horizontal(frame.crs)) for which in (knotted, whole))
    good = after > 0  # nan, where nothing is left, is not
    shapes = shapes.copy()
    shapes[bad[good]] = whole[good]
    said = zip(rows[bad], shapely.is_valid_reason(knotted), before, after, strict=True)
    return with_shapes(frame, shapes, frame.crs), [_repair_fault(*each) for each in said]


def _repair_fault(row: int, reason: str, before_m2: float, after_m2: float) -> Fault:
    if not after_m2 > 0:
        return Fault(
            "geometry_beyond_repair",
            f"The polygon is invalid ({reason}), and nothing of it is left when it is made valid.",
            "Draw it again, or take the row out.",
            row=int(row),
        )
    return Fault(
        "geometry_repaired",
        f"The polygon was invalid ({reason}) and was made valid; "
        f"its area went from {before_m2:.2f} m² to {after_m2:.2f} m².",
        "Look at it on the map, and correct it in the file if that is not what was meant.",
        Severity.WARNING,
        row=int(row),
        area_m2=abs(after_m2 - before_m2),
    )


def _finite(shapes: Shapes) -> Flags:
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    odd = owner[~np.isfinite(points).all(axis=1)]
    finite = np.ones(len(shapes), dtype=np.bool_)
    finite[odd] = False
    return finite


def _polygon_parts(shape: shapely.Geometry) -> shapely.Geometry:
    """What of a repaired geometry has an area."""
    if shape.geom_type != "GeometryCollection":
        return shape
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all([part for part in parts if part.geom_type == "Polygon"])

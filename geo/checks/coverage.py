"""Coverage (拓扑): overlaps and gaps between the features of a layer.

In a layer without either, each edge inside it is drawn twice, once from each side. Such pairs are struck
out; the edges that are left cut the plane into faces, and within a face the number of features that lie
there cannot change. So one point of each face tells: none is a gap, one is as it should be, two or more
overlap. Where all is well only the outline is left, and a million parcels cost a sort.
"""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from data.records import Fault, Severity
from geo.areas import ellipsoidal_area_m2
from geo.checks.around import Around
from geo.rings import Ints, Rings

MOST_LOOSE_EDGES = 3_000_000
SAME_DEGREES = 1e-9  # points closer than 0.1 mm are one: a survey tells coordinates to no more


def overlaps_and_gaps(frame: gpd.GeoDataFrame, around: Around) -> Iterator[Fault]:
    """One fault for each pair that overlaps, and for each hole between features, beyond the tolerances."""
    polygons = np.asarray(frame.geometry)
    sound = np.flatnonzero(shapely.is_valid(polygons) & ~shapely.is_empty(polygons))
    polygons, names = polygons[sound], around.names(frame).to_numpy()[sound]
    rings = Rings.of(polygons)
    loose = loose_edges(rings)
    if len(loose) > MOST_LOOSE_EDGES:
        yield Fault(
            "coverage_not_checked",
            f"{len(loose):,} edges have no counterpart, more than the {MOST_LOOSE_EDGES:,} that are looked "
            "at together: the layer is no coverage, or several layers on top of each other.",
            "Check it zone by zone.",
            Severity.WARNING,
        )
        return
    faces = _faces(rings, loose)
    tree = shapely.STRtree(polygons)
    face = tree.query(shapely.point_on_surface(faces), predicate="intersects")[0]
    layers = np.bincount(face, minlength=len(faces))
    if (layers > 1).any():
        yield from _overlaps(faces[layers > 1], polygons, names, around)
    if around.kind == "parcels":
        empty = faces[layers == 0]
        yield from _gaps(empty, ellipsoidal_area_m2(empty, 4490), around)


def loose_edges(rings: Rings) -> Ints:
    """Positions of the vertices from which an edge starts that is not drawn just once from each side."""
    start = np.ones(max(len(rings.x) - 1, 0), np.bool_)
    start[rings.edges_between_rings()] = False
    at = np.flatnonzero(start)
    here, there = _hash(rings.x[at], rings.y[at]), _hash(rings.x[at + 1], rings.y[at + 1])
    at, here, there = at[here != there], here[here != there], there[here != there]
    with np.errstate(over="ignore"):
        edge = np.minimum(here, there) * np.uint64(31) + np.maximum(here, there)
    order = np.argsort(edge)
    edge = edge[order]
    land_on_left = ((here < there) ^ _runs_backwards(rings)[at])[order]
    first = np.flatnonzero(np.append(True, edge[1:] != edge[:-1])) if len(edge) else np.empty(0, np.int64)
    count = np.diff(np.append(first, len(edge)))
    from_left = np.add.reduceat(land_on_left, first, dtype=np.int64) if len(first) else count
    paired = (count == 2) & (from_left == 1)
    return np.sort(at[order][np.repeat(~paired, count)])


def _runs_backwards(rings: Rings) -> NDArray[np.bool_]:
    """(vertices,) whether the ring runs so that the polygon lies on its right."""
    x, y = rings.x, rings.y
    cross = np.zeros(len(x))
    starts = np.repeat(rings.ring_starts[:-1], np.diff(rings.ring_starts))
    east, north = x - x[starts], y - y[starts]
    cross[:-1] = east[:-1] * north[1:] - east[1:] * north[:-1]
    cross[rings.ring_starts[1:] - 1] = 0.0
    backwards = (rings.sums(cross) < 0) ^ rings.is_hole
    return np.repeat(backwards, np.diff(rings.ring_starts))


def _hash(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.uint64]:
    """A number for each point that differs, but once in about 1e13 times, for points that differ."""
    with np.errstate(over="ignore"):
        a = np.rint(x / SAME_DEGREES).astype(np.int64).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        b = np.rint(y / SAME_DEGREES).astype(np.int64).view(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
        mixed = a ^ ((b >> np.uint64(29)) | (b << np.uint64(35)))
        return (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)


def _faces(rings: Rings, edges: Ints) -> NDArray[np.object_]:
    """The faces into which loose edges cut the plane."""
    if not len(edges):
        return np.empty(0, dtype=object)
    ends = np.stack([np.column_stack([rings.x[i], rings.y[i]]) for i in (edges, edges + 1)], axis=1)
    noded = shapely.union_all(shapely.linestrings(ends), grid_size=SAME_DEGREES)
    return np.asarray(shapely.get_parts(shapely.polygonize([noded])), dtype=object)


def _overlaps(
    faces: NDArray[np.object_], polygons: NDArray[np.object_], names: NDArray[np.object_], around: Around
) -> Iterator[Fault]:
    """Pairs of features that share more than the tolerance, among those that meet these faces."""
    suspects = np.unique(shapely.STRtree(polygons).query(faces, predicate="intersects")[1])
    first, second = shapely.STRtree(polygons[suspects]).query(polygons[suspects])
    first, second = suspects[first[first < second]], suspects[second[first < second]]
    shared = shapely.intersection(polygons[first], polygons[second])
    area = np.nan_to_num(ellipsoidal_area_m2(_polygonal(shared), 4490))
    for at in np.flatnonzero(area > around.tolerances.overlap_m2):
        place = shapely.point_on_surface(shared[at])
        yield Fault(
            "overlap",
            f"{names[first[at]]} and {names[second[at]]} overlap by {area[at]:,.2f} m² "
            f"at {place.x:.6f}, {place.y:.6f}.",
            "Move the common boundary so that the land belongs to one of them.",
            Severity.WARNING,
            feature=str(names[first[at]]),
            area_m2=float(area[at]),
        )


def _gaps(faces: NDArray[np.object_], area: NDArray[np.float64], around: Around) -> Iterator[Fault]:
    """Holes between features; where zones are known, only those within a zone."""
    wide = np.flatnonzero(area > around.tolerances.gap_m2)
    place = shapely.point_on_surface(faces[wide])
    if around.zones is not None and len(around.zones):
        within = shapely.STRtree(np.asarray(around.zones.geometry)).query(place, predicate="intersects")[0]
        wide, place = wide[np.unique(within)], place[np.unique(within)]
    for at, point in zip(wide, place, strict=True):
        yield Fault(
            "gap",
            f"{area[at]:,.2f} m² between the parcels belong to none, at {point.x:.6f}, {point.y:.6f}.",
            "Draw the missing parcel, or move the boundaries together.",
            Severity.WARNING,
            feature=f"gap {point.x:.6f} {point.y:.6f}",
            area_m2=float(area[at]),
        )


def _polygonal(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """What of each shape has an area; lines at which two features touch have none."""
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    if mixed.any():
        shapes = shapes.copy()
        shapes[mixed] = shapely.buffer(shapes[mixed], 0)
    return shapes

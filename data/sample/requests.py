"""Requests to move a boundary (扩区申请): one that the map allows, and one that takes farmland."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from data.sample.land import Land, to_shape
from data.sample.plan import PLANE, STORED
from data.sample.records import NOTE, Request


def ask_to_grow(land: Land, zone: shapely.Geometry, around: gpd.GeoDataFrame) -> tuple[Request, ...]:
    """Two requests of one zone, both touching it.

    Parameters
    ----------
    zone : its boundary in the plane
    around : rows of data.sample.surroundings.lay_constraints of that zone
    """
    kinds = around.set_index("kind").geometry
    growth, fields = kinds["urban_boundary"], shapely.union_all(kinds[["basic_farmland"]].to_numpy())
    free = _largest(growth.buffer(-40).difference(zone.buffer(0)).difference(fields.buffer(60)))
    west, south, east, north = free.bounds
    strips = shapely.box(np.linspace(west, east, 7)[:-1], south, np.linspace(west, east, 7)[1:], north)
    pieces = shapely.get_parts(shapely.intersection(strips, free))
    touching = pieces[shapely.length(shapely.intersection(pieces, zone.boundary)) > 300]
    compact = shapely.area(touching) / shapely.length(touching) ** 2
    clear = touching[np.argmax(compact)]
    nearest = min(shapely.get_parts(fields), key=zone.distance)
    reach = shapely.MultiPoint([*shapely.ops.nearest_points(zone, nearest)]).buffer(320)
    over = _largest(reach.union(nearest.intersection(reach.buffer(150))).convex_hull.difference(zone))
    code = land.plan.code
    return (
        _request("示例_扩区申请_可行", code, clear, "在城镇开发边界内，不占永久基本农田和生态保护红线。"),
        _request("示例_扩区申请_占基本农田", code, over, "压占永久基本农田，且伸出城镇开发边界。"),
    )


def shapes_of(requests: tuple[Request, ...]) -> list[shapely.Geometry]:
    """What requests ask for, in the plane."""
    return [
        shapely.union_all(gpd.GeoDataFrame(one.frame).to_crs(PLANE).geometry.to_numpy()) for one in requests
    ]


def _request(name: str, code: str, shape: shapely.Polygon, text: str) -> Request:
    frame = gpd.GeoDataFrame({"name": [name]}, geometry=[to_shape(shape)], crs=STORED)
    return Request(name, code, "expansion", frame, text, NOTE)


def _largest(shape: shapely.Geometry) -> shapely.Polygon:
    pieces = shapely.get_parts(shape)
    return pieces[int(np.argmax(shapely.area(pieces)))]

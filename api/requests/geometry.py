"""Shapes of a request as a document carries them (几何输出): GeoJSON in longitude and latitude, and areas."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import shapely

from data.units import m2_to_ha, m2_to_mu
from geo.boundary_change.request import Request

DECIMALS = 8
"""Of a degree; 1e-8 degrees are a millimetre"""


def geojson(request: Request, shape: shapely.Geometry | None) -> dict[str, Any] | None:
    """A shape of the request's plane as GeoJSON, EPSG:4490; None for none and for an empty one.

    Outlines run counter-clockwise, as RFC 7946 has it.
    """
    if shape is None or shape.is_empty:
        return None
    return plain(request.degrees(shape))


def plain(shape: shapely.Geometry) -> dict[str, Any]:
    """A shape in degrees as GeoJSON.

    >>> plain(shapely.box(0, 0, 1, 1))["coordinates"][0][:3]
    [[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
    """
    rounded = shapely.transform(shape, lambda points: np.round(points, DECIMALS))
    said: dict[str, Any] = orjson.loads(shapely.to_geojson(shapely.orient_polygons(rounded)))
    return said


def size(area_m2: float) -> dict[str, float]:
    """An area in the three units, rounded as offices write them.

    >>> size(10000.0)
    {'m2': 10000.0, 'ha': 1.0, 'mu': 15.0}
    """
    return {"m2": round(area_m2, 2), "ha": round(m2_to_ha(area_m2), 4), "mu": round(m2_to_mu(area_m2), 2)}

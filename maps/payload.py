"""What a page carries (页面数据): outlines and columns, packed small and safe to stand inside HTML.

An outline is whole millionths of a degree (0.1 m), each number the step from the vertex before; a page of
3,000 parcels so takes a third of what GeoJSON takes. The script of the page unpacks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.errors import CrsMissing, LayerUnusable

MILLIONTH = 1_000_000


def in_degrees(layer: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """The layer in longitude and latitude. CGCS2000 and WGS 84 are one on a page: they differ by centimetres.

    Raises
    ------
    CrsMissing : no coordinate reference system is declared
    """
    if layer.crs is None:
        raise CrsMissing(
            f"The layer {name} declares no coordinate reference system, so nobody can say where it lies. "
            "Read it from the book, or set its CRS, for example EPSG:4490."
        )
    return layer if layer.crs.is_geographic else layer.to_crs("EPSG:4490")


def pack_polygons(layer: gpd.GeoDataFrame, name: str = "zones") -> dict[str, Any]:
    """Polygons as four flat lists of whole numbers.

    Returns
    -------
    steps : x, y, x, y … in millionths of a degree; a ring's first vertex is absolute
    rings : vertices of each ring; polygons : rings of each polygon; features : polygons of each feature,
    0 where a feature has no shape

    Raises
    ------
    LayerUnusable : something is neither polygon nor multipolygon
    CrsMissing : no coordinate reference system is declared

    Examples
    --------
    >>> from shapely.geometry import box
    >>> square = gpd.GeoDataFrame(geometry=[box(113.7, 34.7, 113.700002, 34.700001)], crs=4490)
    >>> pack_polygons(square)["steps"].tolist()
    [113700002, 34700000, 0, 1, -2, 0, 0, -1]
    """
    shapes = shapely.force_2d(np.asarray(in_degrees(layer, name).geometry.array))
    shapes = np.where(shapely.is_missing(shapes) | shapely.is_empty(shapes), shapely.MultiPolygon(), shapes)
    if (odd := ~np.isin(shapely.get_type_id(shapes), (3, 6))).any():
        kinds = sorted({shape.geom_type for shape in shapes[odd]})
        raise LayerUnusable(
            f"The layer {name} holds {', '.join(kinds)} in {odd.sum()} of {len(shapes)} rows; a map draws "
            "polygons only. Keep the polygons, or repair the layer (`mutan check` lists the rows)."
        )
    # one multipolygon too many, so that all rows are told the same way even if each is a single polygon
    _, xy, (rings, polygons, features) = shapely.to_ragged_array([*shapes, shapely.MultiPolygon()])
    steps, counts = _steps(xy, rings)
    return {
        "steps": steps,
        "rings": counts,
        "polygons": np.diff(polygons),
        "features": np.diff(features)[:-1],
    }


def _steps(xy: NDArray[np.float64], rings: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rounded steps between vertices, and vertices per ring; the closing vertex is left out."""
    whole = np.round(xy * MILLIONTH).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), np.int64))
    starts, ends = rings[:-1], rings[1:] - 1
    steps[starts] = whole[starts]
    kept = steps.any(axis=1)  # two vertices that round to one are one
    kept[starts], kept[ends] = True, False
    counts = np.add.reduceat(kept, starts, dtype=np.int64) if len(starts) else np.zeros(0, np.int64)
    return steps[kept].ravel(), counts


def as_json(payload: Any) -> str:
    r"""JSON that may stand in a script element: no text in it can end the element or open a comment.

    nan becomes null.

    >>> as_json({"name": "</script>", "area": float("nan")})
    '{"name":"\\u003c/script>","area":null}'
    """
    said = orjson.dumps(payload, option=orjson.OPT_SERIALIZE_NUMPY, default=_plain).decode()
    return said.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _plain(value: Any) -> Any:
    """What orjson leaves to us: arrays of objects or out of order, exact decimals, pandas' missing value."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return dict(value)
    return None if pd.isna(value) else str(value)


def column(layer: gpd.GeoDataFrame, name: str) -> list[Any]:
    """One column as plain values, None where unknown; a column that is not there is unknown throughout."""
    if name not in layer.columns:
        return [None] * len(layer)
    values = layer[name]
    return values.astype(object).where(values.notna(), None).tolist()


def coded(values: list[Any]) -> dict[str, list[Any]]:
    """A column of repeated texts as numbers into a list; -1 where unknown.

    >>> coded(["a", None, "b", "a"])
    {'words': ['a', 'b'], 'at': [0, -1, 1, 0]}
    """
    words = list(dict.fromkeys(str(value) for value in values if value is not None))
    place = {word: at for at, word in enumerate(words)}
    return {"words": words, "at": [-1 if value is None else place[str(value)] for value in values]}


def pack_points(layer: gpd.GeoDataFrame) -> list[list[int] | None]:
    """A point inside each shape, [x, y] in millionths of a degree; None where there is no shape."""
    points = shapely.point_on_surface(np.asarray(layer.geometry.array))
    x, y = np.round(shapely.get_x(points) * MILLIONTH), np.round(shapely.get_y(points) * MILLIONTH)
    return [[int(a), int(b)] if a == a else None for a, b in zip(x, y, strict=True)]

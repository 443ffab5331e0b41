"""Land outside of a zone (区外地块): fields, woods, ponds and villages where a zone asks to grow.

Without them nobody could tell what a zone would be after a change of its boundary.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from data.sample.plan import PLANE

FIELD_M = (190.0, 130.0)  # a field, metres from west to east and from south to north
MARGIN_M = 150.0
CLASSES = {"0103": 0.58, "0102": 0.16, "0301": 0.10, "1104": 0.05, "0702": 0.08, "1006": 0.03}
"""三调 classes of open land, and how much there is of each: dry and wet fields, wood, pond, village, lane"""
BUILT = ("0702", "1006")


def lay_outskirts(
    rng: np.random.Generator, number: int, zone: shapely.Geometry, asked: Sequence[shapely.Geometry]
) -> gpd.GeoDataFrame:
    """Parcels outside of a zone that tile the land round some requests; they name no zone.

    Parameters
    ----------
    number : of the zone, for the ids
    zone, asked : in the plane

    Returns
    -------
    the columns of the kind that are known of such land, in the plane
    """
    west, south, east, north = shapely.bounds(shapely.buffer(shapely.union_all(asked), MARGIN_M))
    across, up = (
        int(np.ceil(room / side)) for room, side in zip((east - west, north - south), FIELD_M, strict=True)
    )
    corner = np.stack(np.meshgrid(np.arange(across + 1), np.arange(up + 1)), -1) * FIELD_M
    corner = corner + rng.uniform(-18, 18, corner.shape) + (west, south)
    ring = np.stack([corner[:-1, :-1], corner[:-1, 1:], corner[1:, 1:], corner[1:, :-1]], axis=2)
    fields = shapely.polygons(np.round(ring.reshape(-1, 4, 2), 3))
    outside = shapely.difference(fields, zone)
    parts, _ = shapely.get_parts(outside, return_index=True)
    kept = parts[shapely.area(parts) > 200]
    classes = rng.choice(list(CLASSES), len(kept), p=list(CLASSES.values()))
    built = np.isin(classes, BUILT)
    return gpd.GeoDataFrame(
        {
            "parcel_id": [f"{number:02d}W{row:04d}" for row in range(1, len(kept) + 1)],
            "zone": None,
            "land_class": classes,
            "class_system": "sandiao",
            "supply": "not_supplied",
            "built": built,
            "declared_area_m2": np.round(shapely.area(kept), 2),
            "floor_area_m2": np.where(classes == "0702", np.round(shapely.area(kept) * 0.35), 0.0),
            "footprint_m2": np.where(classes == "0702", np.round(shapely.area(kept) * 0.2), 0.0),
            "enterprise_id": None,
        },
        geometry=kept,
        crs=PLANE,
    )

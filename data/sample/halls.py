"""Buildings on the plots of one zone (建筑): rows of halls whose floors add up to the parcels' figures."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.sample.land import Land
from data.sample.plan import PLANE
from data.sample.streets import Ints

SETBACK_M = 12.0
HALL_M = 95.0
STOREY_M = 5.2


def lay_halls(land: Land) -> gpd.GeoDataFrame:
    """Halls on every built works plot that has kept its rectangle.

    Returns
    -------
    building_id, zone, storeys, floor_area_m2, height_m, geometry in the plane; floor areas of the halls
    of a parcel sum to that of the parcel, to the square metre
    """
    parcels = land.parcels[
        land.parcels["built"] & land.parcels["code3"].eq("0601") & land.parcels["box"].notna()
    ]
    box = np.array(parcels["box"].tolist())
    wide = (box[:, 2] - box[:, 0]) >= (box[:, 3] - box[:, 1])
    along = np.where(wide, box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) - 2 * SETBACK_M
    across = np.where(wide, box[:, 3] - box[:, 1], box[:, 2] - box[:, 0]) - 2 * SETBACK_M
    count = np.maximum(1, np.round(along / HALL_M)).astype(int)
    deep = np.clip(parcels["footprint_m2"].to_numpy() / (0.82 * along * across), 0.2, 1.0)
    row = np.repeat(np.arange(len(parcels)), count)
    order = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    step = (along / count)[row]
    start = SETBACK_M + order * step + 0.09 * step
    inset = SETBACK_M + ((1 - deep) * across / 2)[row]
    first = np.column_stack([start, inset])
    second = np.column_stack([start + 0.82 * step, inset + (deep * across)[row]])
    turned = ~wide[row]
    first[turned], second[turned] = first[turned][:, ::-1], second[turned][:, ::-1]
    corners = box[row, :2]
    halls = shapely.box(*(corners + first).T, *(corners + second).T)
    return _finish(land, parcels, row, halls)


def _finish(land: Land, parcels: gpd.GeoDataFrame, row: Ints, halls: NDArray[np.object_]) -> gpd.GeoDataFrame:
    """Halls bent into the plane; those of plots that a river or the boundary has cut are left out."""
    shapes, part = halls.copy(), parcels["part"].to_numpy()[row]
    for number, bend in parcels.groupby("part")["bend"].first().items():
        shapes[part == number] = shapely.transform(halls[part == number], bend.plane)
    inside = shapely.contains_properly(parcels.geometry.to_numpy()[row], shapes)
    whole = pd.Series(inside).groupby(row).transform("all").to_numpy()
    row, shapes = row[whole], shapes[whole]
    area = shapely.area(shapes)
    share = area / np.bincount(row, area)[row]
    floor = parcels["floor_area_m2"].to_numpy()[row] * share
    storeys = np.maximum(1, np.round(floor / area))
    made = gpd.GeoDataFrame({"storeys": storeys, "floor_area_m2": floor.round(1)}, geometry=shapes, crs=PLANE)
    made["height_m"] = (storeys * STOREY_M + 1.5).round(1)
    made["zone"] = land.plan.code
    made["building_id"] = [f"{land.number:02d}B{k:05d}" for k in range(1, len(made) + 1)]
    return made

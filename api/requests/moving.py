"""The parcels of the land that moves (调入调出地块): cut to it, with their sizes."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from api.zone_parcels import SLIVER
from geo.boundary_change.request import Request
from geo.boundary_change.strips import polygonal
from geo.land.survey import surveyed


def cut(rows: gpd.GeoDataFrame, land: shapely.Geometry, request: Request) -> gpd.GeoDataFrame:
    """Parcels cut to some land, in the plane of the request, sizes apportioned, none without area."""
    if land.is_empty or not len(rows):
        return rows.iloc[:0]
    box = shapely.box(*request.degrees(land).bounds)
    rows = rows[shapely.intersects(shapely.envelope(rows.geometry.to_numpy()), box)]
    whole = request.plane.of(rows.geometry.to_numpy(), rows.crs)
    shapely.prepare(land)
    pieces = shapely.intersection(shapely.buffer(whole, 0), land)
    area = shapely.area(pieces)
    kept = area > 1e-3
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (area / shapely.area(whole))[kept]
    rows = rows[kept]
    sizes = {
        name: pd.to_numeric(rows[name], errors="coerce").to_numpy(np.float64) * share
        for name in ("floor_area_m2", "footprint_m2", "yard_m2")
    }
    return rows.assign(**sizes, area_m2=area[kept]).set_geometry(gpd.GeoSeries(pieces[kept], rows.index))


def fresh_of(
    coming: gpd.GeoDataFrame, added: gpd.GeoDataFrame, had: gpd.GeoDataFrame, request: Request
) -> gpd.GeoDataFrame:
    """Parcels of which a zone had nothing, cut to the added land, EPSG:4490; what lies beside it stays away.

    Parameters
    ----------
    coming, added : parcels around the added land, and those of them that lie in it, cut, as `cut` tells them
    had : the parcels that the zone had
    """
    fresh = added[~added.index.isin(had.index)]
    fresh = fresh[fresh["area_m2"] > SLIVER * coming.loc[fresh.index, "area_m2"]]
    pieces = np.array([polygonal(piece) for piece in fresh.geometry], dtype=object)
    return fresh.set_geometry(gpd.GeoSeries(request.plane.back(pieces), fresh.index, crs=4490))


def told_of(added: gpd.GeoDataFrame, lost: gpd.GeoDataFrame) -> pd.DataFrame:
    """The survey columns of parcels that were cut; `parcel_id`, `came_from`, and `moves`: added or lost."""
    both = pd.concat(
        [pd.DataFrame(each.drop(columns="geometry")) for each in (added, lost)], ignore_index=True
    )
    moves = np.repeat(["added", "lost"], [len(added), len(lost)])
    return surveyed(both).assign(parcel_id=both["parcel_id"], came_from=both["zone"], moves=moves)


def union_area(rows: gpd.GeoDataFrame) -> float:
    """Area of parcels that were cut, m²; where some lie on top of each other it counts once."""
    return float(shapely.area(shapely.union_all(rows.geometry.to_numpy()))) if len(rows) else 0.0

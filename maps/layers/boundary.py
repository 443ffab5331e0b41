"""Zone boundary (开发区四至): the outline of one or more zones, with their names."""

from __future__ import annotations

import geopandas as gpd

from maps.layers.client import ClientLayer
from maps.payload import column, pack_polygons


def zone_boundary(zones: gpd.GeoDataFrame) -> ClientLayer:
    """The outline of zones, unfilled, drawn over everything else.

    Parameters
    ----------
    zones : one row per zone; column `name`; a zone may have several parts
    """
    payload = {"shapes": pack_polygons(zones, "zones"), "name": column(zones, "name")}
    return ClientLayer("boundary", payload)

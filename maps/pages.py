"""The two maps (两张图): all zones by an indicator, and one zone with its parcels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import folium
import geopandas as gpd

from data.kinds import kind
from maps.base import BaseMap, empty_map
from maps.layers import MAP_LAYERS
from maps.payload import in_degrees
from maps.results import Row
from maps.units import name as unit_name


def province_page(
    zones: gpd.GeoDataFrame,
    results: Sequence[Row],
    *,
    indicator: str,
    indicators: Sequence[Mapping[str, str]],
    links: Mapping[str, str] | None = None,
    base: BaseMap | None = None,
) -> folium.Map:
    """All zones coloured by an indicator against its target, with a choice of indicator and a table.

    Parameters
    ----------
    zones : one row per zone, columns code, name and, where known, level, city, approved_ha
    results : rows `{zone, code, …}` of one year, as `Book.results(year=…)` gives them
    indicator : code shown first
    indicators : `{code, label}` to choose from
    links : `zone` = address of a zone's page with {code}; `why` = address with {code} and {result}.
        Left out in a page that stands alone: its popups carry the why themselves
    base : tiles to draw on; plain ground when None

    Raises
    ------
    NoSuchCode, ColumnMissing, CrsMissing, LayerUnusable : as the layer `zones` does
    """
    zones = in_degrees(zones, "zones")
    drawn = empty_map(tuple(zones.total_bounds), base)
    MAP_LAYERS["zones"](zones, results, indicators=indicators, chosen=indicator, links=links).add_to(drawn)
    return drawn


def zone_page(
    zone: gpd.GeoDataFrame,
    parcels: gpd.GeoDataFrame | None,
    results: Sequence[Row],
    *,
    constraints: gpd.GeoDataFrame | None = None,
    links: Mapping[str, str] | None = None,
    base: BaseMap | None = None,
) -> folium.Map:
    """One zone: its parcels by land class, its boundary, its constraints, and its indicators beside them.

    Parameters
    ----------
    zone : one row; columns code, name and, where known, level, city, approved_ha
    parcels : as `parcels_by_class` takes them; None or empty when there are none
    results : the zone's results of one year
    constraints : as the layer `constraints` takes them
    links : `home`, `why` (with {code} and {result}), `parcel` (with {parcel_id})

    Raises
    ------
    ColumnMissing, CrsMissing, LayerUnusable : as the layers do
    """
    zone = in_degrees(zone, "zones")
    drawn = empty_map(tuple(zone.total_bounds), base)
    if parcels is not None and len(parcels):
        MAP_LAYERS["parcels"](parcels, links=links).add_to(drawn)
    if constraints is not None and len(constraints):
        MAP_LAYERS["constraints"](constraints).add_to(drawn)
    about = zone.iloc[0]
    MAP_LAYERS["panel"](str(about["code"]), _facts(about), results, links=links).add_to(drawn)
    MAP_LAYERS["boundary"](zone).add_to(drawn)  # last, for it fits the view beside legend and panel
    return drawn


def _facts(about: Any) -> dict[str, str]:
    """Code, level, city and approved area of a zone, as far as they are known."""
    level = kind("zones").columns["level"].one_of.get(about.get("level"), about.get("level"))
    said = {"代码": about["code"], "级别": level, "所在市": about.get("city")}
    facts = {label: str(text) for label, text in said.items() if text is not None and text == text}
    area = about.get("approved_ha")
    if area is not None and area == area:
        facts["批准面积"] = f"{float(area):,.2f} {unit_name('ha')}"
    return facts

"""The two maps (两张图): all zones by an indicator, and one zone with its parcels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import folium
import geopandas as gpd
import numpy as np

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
    requests: gpd.GeoDataFrame | None = None,
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
    requests : as the layer `requests` takes them
    links : `home`, `why` (with {code} and {result}), `parcel` (with {parcel_id}), `request` (with {id})

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
    if requests is not None and len(requests):
        MAP_LAYERS["requests"](requests, links=links).add_to(drawn)
    about = zone.iloc[0]
    MAP_LAYERS["panel"](str(about["code"]), _facts(about), results, links=links).add_to(drawn)
    MAP_LAYERS["boundary"](zone).add_to(drawn)  # last, for it fits the view beside legend and panel
    return drawn


def request_page(
    parts: gpd.GeoDataFrame,
    about: Mapping[str, Any],
    *,
    zone: gpd.GeoDataFrame | None = None,
    constraints: gpd.GeoDataFrame | None = None,
    note: str = "",
    base: BaseMap | None = None,
) -> folium.Map:
    """One request to move a boundary: its land and the parts that are not met, in its surroundings.

    Parameters
    ----------
    parts, about, note : as the layer `request` takes them
    zone : one row with its boundary; None for a zone that is to begin
    constraints : as the layer `constraints` takes them

    Raises
    ------
    CrsMissing, LayerUnusable : as the layers do
    """
    layers = [(layer, name) for layer, name in ((zone, "zones"), (parts, "requests")) if layer is not None]
    seen = [in_degrees(layer, name).total_bounds for layer, name in layers if len(layer)]
    sides = np.array(seen or [[np.nan] * 4])
    west, south, east, north = (*sides[:, :2].min(axis=0), *sides[:, 2:].max(axis=0))
    drawn = empty_map((west, south, east, north), base)
    if constraints is not None and len(constraints):
        MAP_LAYERS["constraints"](constraints).add_to(drawn)
    if zone is not None:
        MAP_LAYERS["boundary"](zone).add_to(drawn)
    MAP_LAYERS["request"](parts, about, note=note).add_to(drawn)
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

"""Zones by an indicator (开发区指标图): met, not met, cannot tell; shaded by value without a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd

from data.errors import ColumnMissing, NoSuchCode
from data.kinds import kind
from maps.layers.client import ClientLayer
from maps.payload import column, in_degrees, pack_points, pack_polygons
from maps.results import Row, pack_results
from maps.units import all_faces


def zones_by_indicator(
    zones: gpd.GeoDataFrame,
    results: Sequence[Row],
    *,
    indicators: Sequence[Mapping[str, str]],
    chosen: str,
    links: Mapping[str, str] | None = None,
) -> ClientLayer:
    """Zones coloured by one indicator, which the page's reader can change without a new page.

    Parameters
    ----------
    zones : one row per zone; columns code, name; level, city, approved_ha where they are there
    results : rows `{zone, code, label, value, unit, target, outcome, …}` of one year
    indicators : `{code, label}` of those to choose from, in the order of the list
    chosen : code of the one shown first
    links : `zone`: address with {code}; `why`: address with {code} and {result}

    Raises
    ------
    NoSuchCode : `chosen` is none of `indicators`
    ColumnMissing : code or name is not there
    """
    for needed in ("code", "name"):
        if needed not in zones.columns:
            raise ColumnMissing(needed, "The map of zones", list(zones.columns))
    if chosen not in (codes := [about["code"] for about in indicators]):
        raise NoSuchCode(chosen, "The list of indicators on this map", codes)
    packed = pack_results([row for row in results if row["code"] in set(codes)])
    levels = kind("zones").columns["level"].one_of
    payload = {
        "shapes": pack_polygons(zones, "zones"),
        "points": pack_points(in_degrees(zones, "zones")),
        "code": [str(code) for code in column(zones, "code")],
        "name": column(zones, "name"),
        "level": [levels.get(level, level) for level in column(zones, "level")],
        "city": column(zones, "city"),
        "approved_ha": column(zones, "approved_ha"),
        "indicators": [{"code": about["code"], "label": about["label"]} for about in indicators],
        "chosen": chosen,
        "results": packed,
        "units": all_faces([*packed["units"], "ha"]),
        "links": dict(links or {}),
    }
    return ClientLayer("zones", payload)

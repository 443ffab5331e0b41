"""Constraint layers (管控图层): farmland, red lines, development boundaries, drawn over the land classes."""

from __future__ import annotations

import geopandas as gpd

from maps.layers.client import ClientLayer
from maps.palette import constraint_colour
from maps.payload import coded, column, pack_polygons

KINDS = {
    "basic_farmland": "永久基本农田",
    "ecological_red_line": "生态保护红线",
    "urban_boundary": "城镇开发边界",
    "other_zone": "其他开发区",
    "control_unit": "管控单元",
    "planned_construction": "规划建设用地",
    "water": "水域",
    "river_land": "河湖管理范围",
    "heritage": "文物保护范围",
    "nature_reserve": "自然保护地",
    "evidence": "举证",
}
# These bound what lies inside rather than forbid it: a fill would only veil the land classes.
LIMITS = frozenset({"urban_boundary", "control_unit", "planned_construction", "evidence"})


def constraints(layer: gpd.GeoDataFrame, *, restricted: bool = False) -> ClientLayer:
    """Constraint polygons by kind, each kind switched on its own; classified rows stay out unless asked for.

    Parameters
    ----------
    layer : columns kind, name, level, restricted (涉密)
    restricted : draw classified rows as well; a page is a file that travels, so this is off
    """
    hidden = 0
    if not restricted and "restricted" in layer.columns:
        secret = layer["restricted"].fillna(False).astype(bool)
        hidden, layer = int(secret.sum()), layer[~secret]
    kinds = coded(column(layer, "kind"))
    payload = {
        "shapes": pack_polygons(layer, "constraints"),
        "kind": kinds["at"],
        "kinds": [
            {"label": KINDS.get(kind, kind), "colour": constraint_colour(kind), "filled": kind not in LIMITS}
            for kind in kinds["words"]
        ],
        "name": column(layer, "name"),
        "level": column(layer, "level"),
        "hidden": hidden,
    }
    return ClientLayer("constraints", payload)

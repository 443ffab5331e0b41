"""Requests to move a boundary (边界调整申请): those of a zone, coloured by verdict."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import geopandas as gpd

from maps.layers.client import ClientLayer
from maps.palette import request_colour
from maps.payload import column, pack_polygons

VERDICTS: Mapping[str, str] = {
    "met": "符合",
    "not_met": "不符合",
    "cannot_tell": "无法判断",
    "": "未核查",
}


def requests_by_verdict(layer: gpd.GeoDataFrame, *, links: Mapping[str, str] | None = None) -> ClientLayer:
    """The land of requests coloured by verdict, each verdict switched on its own.

    Parameters
    ----------
    layer : columns id, name, verdict (met, not_met, cannot_tell, or empty without a check), and where known
        kind, state, day: what the popup tells, as it is to be read
    links : `request`: address with {id}
    """
    said = [verdict or "" for verdict in column(layer, "verdict")]
    facts = facts_of(layer, {"id": "编号", "kind": "类型", "state": "状态", "day": "核查日期"})
    payload = in_groups(layer, said, VERDICTS, filled=VERDICTS, count="件")
    payload |= {"title": "边界调整申请", "facts": facts}
    payload |= {"verdict": [verdict or None for verdict in said], "heading": column(layer, "name")}
    payload |= {"id": column(layer, "id"), "links": dict(links or {})}
    return ClientLayer("requests", payload)


def in_groups(
    layer: gpd.GeoDataFrame,
    of: Sequence[str],
    known: Mapping[str, str],
    *,
    filled: Collection[str],
    count: str,
    dashed: Collection[str] = (),
) -> dict[str, Any]:
    """Shapes in groups that are switched by themselves, in the order of the legend.

    Parameters
    ----------
    of : the group of each row, a key of `known`; a row of another is not drawn
    known : group -> its label
    count : Chinese word for one of them
    """
    groups = [name for name in known if name in set(of)]
    place = {name: at for at, name in enumerate(groups)}
    return {
        "shapes": pack_polygons(layer, "requests"),
        "group": [place.get(name, -1) for name in of],
        "groups": [
            {
                "label": known[name],
                "colour": request_colour(name),
                "dashed": name in dashed,
                "filled": name in filled,
                "detail": f"{list(of).count(name)} {count}",
            }
            for name in groups
        ],
    }


def facts_of(layer: gpd.GeoDataFrame, labels: Mapping[str, str]) -> list[list[tuple[str, str]]]:
    """Label and text of what is known of each row."""
    columns = {label: column(layer, name) for name, label in labels.items()}
    return [
        [(label, str(values[row])) for label, values in columns.items() if values[row] is not None]
        for row in range(len(layer))
    ]

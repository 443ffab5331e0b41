"""One request to move a boundary (单份申请): what it asks for, what comes in, what goes, what is not met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd

from maps.layers.client import ClientLayer
from maps.layers.requests import VERDICTS, facts_of, in_groups
from maps.payload import column

PARTS: Mapping[str, str] = {
    "asked": "申请范围",
    "added": "调入",
    "lost": "调出",
    "kept": "避让后可保留",
    "not_met": "不符合的部分",
    "cannot_tell": "无法判断的部分",
}
FILLED = frozenset({"added", "lost", "not_met"})
DASHED = frozenset({"kept", "cannot_tell"})


def request_parts(layer: gpd.GeoDataFrame, about: Mapping[str, Any], *, note: str = "") -> ClientLayer:
    """The land of one request and the parts of it that are not met; it is brought into view.

    Parameters
    ----------
    layer : columns part (key of PARTS), name, and where known area, article: what the popup tells
    about : what stands beside the map: verdict, wording, `facts` and `links` (label, href), `findings`
        (label, outcome, text)
    note : remark below the legend, such as that classified places are not drawn
    """
    parts = column(layer, "part")
    payload = in_groups(layer, parts, PARTS, filled=FILLED, dashed=DASHED, count="处")
    payload |= {
        "title": "申请",
        "facts": facts_of(layer, {"area": "面积", "article": "依据"}),
        "verdict": [part if part in VERDICTS else None for part in parts],
        "heading": column(layer, "name"),
        "id": [None] * len(layer),
        "links": {},
        "about": about,
        "note": note,
        "fit": True,
    }
    return ClientLayer("requests", payload, "request")

"""Offending parts (涉及部分): the land that findings are about, as a file for any GIS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from api.report.sheet import clean

KEPT = (
    *("rule", "label", "group", "hard", "outcome", "measured", "unit", "limit", "limit_unit", "compare"),
    *("article", "since", "status", "reason", "remedy", "area_m2", "against"),
)


def offending_geojson(document: Mapping[str, Any]) -> bytes:
    """The offending parts as a FeatureCollection of RFC 7946: longitude and latitude, CGCS2000.

    A feature's id is the number of its finding on the page. What is withheld has no place in it.
    """
    features = [
        {
            "type": "Feature",
            "id": number,
            "geometry": each["geometry"],
            "properties": {"number": number, **{name: _plain(each.get(name)) for name in KEPT}},
        }
        for number, each in enumerate(document["findings"], 1)
        if each.get("geometry")
    ]
    about = document["request"]
    return orjson.dumps({
        "type": "FeatureCollection",
        "request": {
            name: _plain(about.get(name)) for name in ("id", "name", "zone", "kind", "day", "sha256")
        },
        "notice": clean(document.get("notice") or ""),
        "features": features,
    })


def _plain(value: Any) -> Any:
    """A value without the signs that no file may hold."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return clean(value) if isinstance(value, str) else value

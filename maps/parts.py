"""Parts of a result (构成): a breakdown's keys in words, each with the unit that its key names.

Keys as the calculators write them: `built_m2.0601` a sum by class, `per_mu.approved` and `area_mu.approved`
a figure by area, `partial_sum` and `known_share` what is known of an incomplete one, `scope1` or a category.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from maps.units import shown_unit

WORDS: Mapping[str, str] = {
    "partial_sum": "已知部分合计",
    "known_share": "已知企业占比",
    "scope1": "范围一",
    "scope2": "范围二",
    "scope3": "范围三",
    "biogenic": "生物源(单列)",
    "land": "土地利用",
}
AREAS = ("m2", "ha", "mu")


def parts_of(row: Mapping[str, Any]) -> Iterator[tuple[str, float, str]]:
    """Label, value and shown unit of each part of a result's breakdown.

    Left out: what stands among the inputs with the same value, and figures per hectare, for the page turns
    those per mu into them.

    >>> row = {"unit": "CNY10k/mu", "breakdown": {"per_mu.built": 2.0, "per_ha.built": 30.0},
    ...        "inputs": [{"name": "area.built", "label": "建成用地", "value": 9, "unit": "mu"}]}
    >>> list(parts_of(row))
    [('按建成用地', 2.0, 'CNY10k/mu')]
    """
    inputs = {into["name"]: into for into in row.get("inputs") or ()}
    for key, value in (row.get("breakdown") or {}).items():
        told = inputs.get(key) or inputs.get(key.replace("area_mu.", "area.", 1)) or {}
        if not key.startswith("per_ha.") and told.get("value") != value:
            unit = _unit(key, str(row.get("code", "")), row["unit"])
            yield _label(key, inputs), value, unit


def _label(key: str, inputs: Mapping[str, Mapping[str, Any]]) -> str:
    """The label of the input that the key names, and what splits it; else a word of ours, or the key."""
    head, _, rest = key.partition(".")
    whole = inputs.get(f"area.{rest}", {}).get("label", rest)
    if head in {"per_mu", "area_mu"}:
        return f"按{whole}" if head == "per_mu" else whole
    summed = inputs.get(head.rpartition("_")[0], {}).get("label")
    known = inputs.get(key, {}).get("label") or WORDS.get(key, key)
    return f"{summed} · {rest}" if rest and summed else known


def _unit(key: str, code: str, unit: str) -> str:
    """The unit that the key names; else that of the result, of its amount when it is a figure per area."""
    head = key.partition(".")[0]
    named = head.rpartition("_")[2]
    if head == "per_mu":
        return unit
    if key == "known_share":
        return "%"
    if named in AREAS:
        return shown_unit(head, named)
    return shown_unit(code, unit.rpartition("/")[0] or unit if head == "partial_sum" else unit)

"""How a unit is shown (计量单位): its Chinese name, per mu and per hectare.

The factors come from data/units.py; the page only multiplies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from data.units import M2_PER_HA, MU_PER_HA, is_share, m2_to_ha, m2_to_mu

NAMES = {
    "1": "", "%": "%", "m2": "平方米", "ha": "公顷", "mu": "亩", "km2": "平方千米", "m": "米",
    "CNY": "元", "CNY10k": "万元", "CNY100M": "亿元", "person": "人", "people": "人", "t": "吨",
    "tonnes": "吨", "tce": "吨标准煤", "MWh": "兆瓦时", "GJ": "吉焦", "tCO2": "吨CO₂", "tCO2e": "吨CO₂当量",
    "point": "分", "year": "年", "count": "个", "day": "天", "CNY/kWh": "元/千瓦时",
}  # fmt: skip
# Floor space is told in square metres whatever the land is told in.
FLOOR = re.compile(r"floor|footprint|building|建筑")

Face = tuple[str, float]


def shown_unit(code: str, unit: str) -> str:
    """The key under which a value's unit is shown: shares in per cent, floor space in square metres.

    >>> shown_unit("industrial_share", "1"), shown_unit("plot_ratio", "1"), shown_unit("floor_area", "m2")
    ('%', '1', 'floor_m2')
    """
    if is_share(code, unit):
        return "%"
    return "floor_m2" if unit == "m2" and FLOOR.search(code) else unit


def faces(unit: str) -> dict[str, Face]:
    """Name and factor of a unit where areas are told in mu, and where they are told in hectares.

    >>> faces("CNY10k/mu")
    {'mu': ('万元/亩', 1.0), 'ha': ('万元/公顷', 15.0)}
    >>> faces("ha")
    {'mu': ('亩', 15.0), 'ha': ('公顷', 1.0)}
    """
    if unit in {"m2", "ha", "mu"}:
        per_m2 = {"m2": 1.0, "ha": M2_PER_HA, "mu": M2_PER_HA / MU_PER_HA}[unit]
        return {"mu": ("亩", round(m2_to_mu(per_m2), 12)), "ha": ("公顷", round(m2_to_ha(per_m2), 12))}
    top, _, base = unit.rpartition("/")
    if top and base in {"ha", "mu"}:
        per_mu = 1.0 if base == "mu" else 1 / MU_PER_HA
        return {"mu": (f"{name(top)}/亩", per_mu), "ha": (f"{name(top)}/公顷", per_mu * MU_PER_HA)}
    same = ("平方米", 1.0) if unit == "floor_m2" else ("%", 100.0) if unit == "%" else (name(unit), 1.0)
    return {"mu": same, "ha": same}


def name(unit: str) -> str:
    """The Chinese name of a unit; the unit itself where it has none here.

    >>> name("tCO2e/CNY10k"), name("桶")
    ('吨CO₂当量/万元', '桶')
    """
    return "/".join(NAMES.get(part, part) for part in unit.split("/"))


def all_faces(keys: Iterable[str]) -> dict[str, Any]:
    """The faces of every unit that a page shows, and of land itself under `m2`."""
    return {key: faces(key) for key in sorted({*keys, "m2", "floor_m2", "%", "1"})}

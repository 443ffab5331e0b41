"""What stands on each parcel: land class, whether supplied and built, floor area (地类与建设状况)."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.sample.plan import ZonePlan
from data.sample.streets import Floats, Ints
from data.sample.themes import FIELDS, LIVING, WORKS

WORKS_CLASSES = ("0601", "0508")
# 三调 classes -> share of the plots of a theme
MIX: dict[int, dict[str, float]] = {
    WORKS: {"0601": 0.895, "1201": 0.04, "0809": 0.03, "05H1": 0.02, "08H2": 0.015},
    LIVING: {"0701": 0.44, "05H1": 0.19, "08H2": 0.15, "08H1": 0.05, "0810": 0.13, "0809": 0.04},
    FIELDS: {"0102": 0.64, "0301": 0.12, "0404": 0.08, "1201": 0.13, "1104": 0.03},
}
# class -> lowest and highest plot ratio, lowest and highest building density
DENSITY = {
    "0601": (0.6, 1.5, 0.36, 0.58),
    "0508": (0.5, 1.0, 0.40, 0.60),
    "0701": (1.4, 2.6, 0.16, 0.28),
    "05H1": (1.0, 2.6, 0.30, 0.48),
    "08H1": (0.7, 1.6, 0.22, 0.36),
    "08H2": (0.6, 1.3, 0.18, 0.32),
    "0809": (0.15, 0.5, 0.12, 0.30),
}
# 三调 -> 用地用海 2023, for the zone whose survey came in that system
YDYH = {
    "0601": "100102",
    "0508": "110101",
    "0701": "070102",
    "05H1": "090101",
    "08H1": "0801",
    "08H2": "0804",
    "0809": "1303",
    "0810": "1401",
    "1004": "1207",
    "1001": "1201",
    "1003": "1202",
    "1101": "1701",
    "1107": "1705",
    "1104": "1704",
    "0102": "0102",
    "0301": "0301",
    "0404": "0403",
    "1201": "2301",
}
WATER = ("1101", "1104", "1107")
UNKNOWN_CLASS = "未分类"


def is_construction(land_class: pd.Series) -> NDArray[np.bool_]:
    """Whether a 三调 class is construction land: 05 to 10 without rural roads, and dams."""
    level1 = land_class.str[:2].isin(["05", "06", "07", "08", "09", "10"])
    return np.asarray((level1 & (land_class != "1006")) | (land_class == "1109"))


def settle(rng: np.random.Generator, zone: ZonePlan, parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Parcels with class (三调), supply, built, floors; the industrial share is what the plan asks for.

    Parameters
    ----------
    parcels : rows of data.sample.blocks.lay_part, all parts; further column `part`
    """
    made = parcels.copy()
    area = made.geometry.area.to_numpy()
    land_class = made["land_class"].to_numpy(dtype=object)
    theme = made["theme"].to_numpy()
    for number, mix in MIX.items():
        rows = np.flatnonzero((theme == number) & (land_class == ""))
        land_class[rows] = rng.choice(list(mix), len(rows), p=list(mix.values()))
    block = (made["part"].astype(str) + "/" + made["block"].astype(str)).factorize()[0]
    land_class = _storage(rng, zone, land_class, block)
    made["land_class"] = tune_share(rng, land_class, area, block, zone.industrial)
    made["built"] = _built(rng, zone, made["land_class"], area, block)
    made["supply"] = _supply(made)
    return _floors(rng, made, area, (zone.investment_mu / 400) ** 0.3)


def _storage(rng: np.random.Generator, zone: ZonePlan, land_class: Ints, block: Ints) -> Ints:
    """Some blocks of works become storage, as many as the trade weighs in the zone."""
    share = 0.8 * zone.trades.get("storage", 0.0) / sum(zone.trades.values())
    chosen = rng.random(block.max() + 1) < share
    return np.where(chosen[block] & (land_class == "0601"), "0508", land_class)


def tune_share(
    rng: np.random.Generator, land_class: Ints, area: Floats, block: Ints, target: float
) -> pd.Series:
    """Plots turned into works, or out of them, block by block, until works have the target share.

    Formula: Σ area(0601, 0508) / Σ area(construction land)
    """
    made = pd.Series(land_class, dtype=object)
    works = made.isin(WORKS_CLASSES).to_numpy()
    lacking = target * area[is_construction(made)].sum() - area[works].sum()
    give = np.isin(land_class, ["0701", "05H1", "08H2"]) if lacking > 0 else land_class == "0601"
    rows = _prefix(rng, give, area, block, abs(lacking))
    made.iloc[rows] = "0601" if lacking > 0 else rng.choice(["05H1", "08H2", "0810"], len(rows))
    return made


def _prefix(
    rng: np.random.Generator, candidate: NDArray[np.bool_], area: Floats, block: Ints, wanted: float
) -> Ints:
    """Candidates, block by block, whose areas together come nearest to `wanted`."""
    rank = rng.permutation(block.max() + 1)[block]
    rows = np.flatnonzero(candidate)
    rows = rows[np.lexsort((area[rows], rank[rows]))]
    if not len(rows) or wanted <= 0:
        return rows[:0]
    total = np.cumsum(area[rows])
    chosen, others = rows[total <= wanted], rows[total > wanted]
    left = wanted - area[chosen].sum()
    if len(others):
        last = others[np.argmin(np.abs(area[others] - left))]
        if abs(area[last] - left) < left:
            chosen = np.append(chosen, last)
    return chosen


def _built(
    rng: np.random.Generator, zone: ZonePlan, land_class: pd.Series, area: Floats, block: Ints
) -> NDArray[np.bool_]:
    """Construction land but for about a sixteenth, which is spread over works and others as they stand."""
    construction = is_construction(land_class)
    works = land_class.isin(WORKS_CLASSES).to_numpy()
    empty = rng.uniform(0.05, 0.075) * area[construction].sum()
    # a zone on the edge of the rule stays there whether all land is counted or only what is built
    lean = 1.0 if abs(zone.industrial - 0.6) < 0.01 else rng.uniform(0.75, 1.15)
    built = construction.copy()
    built[_prefix(rng, works, area, block, lean * zone.industrial * empty)] = False
    other = land_class.isin(["0701", "05H1", "08H2", "08H1"]).to_numpy()
    built[_prefix(rng, other, area, block, (1 - zone.industrial) * empty)] = False
    return built


def _supply(made: gpd.GeoDataFrame) -> NDArray[np.object_]:
    land_class = made["land_class"]
    return np.select(
        [land_class.isin(WATER), land_class == "1201", is_construction(land_class)],
        ["not_developable", "ready", "supplied"],
        "not_supplied",
    ).astype(object)


def _floors(
    rng: np.random.Generator, made: gpd.GeoDataFrame, area: Floats, taller: float
) -> gpd.GeoDataFrame:
    """Floor area and footprint, whole m²; zero where nothing is built.

    Parameters
    ----------
    taller : how much more floor there is than usual: where more is invested, more is built
    """
    bounds = np.array([DENSITY.get(code, (0.0, 0.0, 0.0, 0.0)) for code in made["land_class"]])
    draw = rng.beta(2.2, 2.6, (2, len(made)))
    ratio = taller * (bounds[:, 0] + draw[0] * (bounds[:, 1] - bounds[:, 0]))
    density = bounds[:, 2] + draw[1] * (bounds[:, 3] - bounds[:, 2])
    built = made["built"].to_numpy()
    made["footprint_m2"] = np.where(built, np.round(area * density), 0.0)
    made["floor_area_m2"] = np.where(built, np.round(area * np.maximum(ratio, density)), 0.0)
    return made

"""Potentials of intensive use (扩展潜力, 结构潜力, 强度潜力, 管理潜力), each in mu.

The formulas stand in the code of one evaluation system; the text of TD/T 1029 has not been read for them, so
each result says that they are unverified. A zone that is already beyond the ideal value has no potential, and
not a negative one.
"""

from __future__ import annotations

import pandas as pd

from data.units import m2_to_mu
from geo.land.indicator import Measured, indicator, total
from geo.land.survey import is_built, is_closed, is_idle, is_supplied, is_works

NO_PARCELS = "There are no parcels, so nothing can be said of them. Take in the zone's parcels."
EMPTY = "Nothing is built here, so its structure cannot be held against an ideal value."
SOURCE = ("evaluation-system-code 潜力公式 (转引, 未核实)",)


@indicator(
    code="potential_expansion",
    label="扩展潜力",
    unit="mu",
    equation="评价范围总面积 − D 已供应国有建设用地 − C 不可建设土地",
    articles=SOURCE,
)
def potential_expansion(area_m2: pd.Series, survey: pd.Series, supply: pd.Series) -> Measured:
    """Land that can still be supplied.

    Formula: Σ area − D − C

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category; C is not developable
    supply : (n parcels,) supply state
    """
    every = pd.Series(True, index=area_m2.index, dtype="boolean")
    whole = total("evaluated", "评价范围总面积", area_m2, every)
    supplied = total("supplied", "已供应国有建设用地 D", area_m2, is_supplied(survey, supply))
    closed = total("closed", "不可建设土地 C", area_m2, is_closed(survey))
    if whole.value is None or supplied.value is None or closed.value is None:
        return Measured(None, (whole, supplied, closed))
    if not len(area_m2):
        return Measured(
            None, (whole, supplied, closed), "There are no parcels, so nothing can be said of them."
        )
    return Measured(m2_to_mu(whole.value - supplied.value - closed.value), (whole, supplied, closed))


@indicator(
    code="potential_structure",
    label="结构潜力",
    unit="mu",
    equation="A 已建成城镇建设用地 × max(0, 理想工业用地率 − A2/A)",
    articles=SOURCE,
)
def potential_structure(area_m2: pd.Series, survey: pd.Series, *, ideal: float | None = None) -> Measured:
    """Built land that would be industrial if the zone had the ideal industrial share.

    Formula: A x max(0, ideal - A2 / A)

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category
    ideal : ideal industrial share, 0 to 1; None makes the potential unknown

    >>> potential_structure(
    ...     area_m2=pd.Series([3.0, 7.0]) * 10_000, survey=pd.Series(["A2", "A1"]), ideal=0.5
    ... ).value
    30.0
    """
    built = total("built", "已建成城镇建设用地 A", area_m2, is_built(survey))
    works = total("industrial", "工矿仓储用地 A2", area_m2, is_works(survey))
    if ideal is None:
        return Measured(None, (built, works), _no_ideal("industrial_share.p1 (工业用地率)"))
    if built.value is None or works.value is None:
        return Measured(None, (built, works))
    if built.value <= 0:
        return Measured(
            None, (built, works), "Nothing is built here, so its structure cannot be held to an ideal."
        )
    return Measured(m2_to_mu(max(0.0, ideal * built.value - works.value)), (built, works))


@indicator(
    code="potential_intensity",
    label="强度潜力",
    unit="mu",
    equation="A2 工矿仓储用地 × max(0, 理想容积率 − 现状工业用地综合容积率) / 理想容积率",
    articles=SOURCE,
)
def potential_intensity(
    area_m2: pd.Series, survey: pd.Series, floor_area_m2: pd.Series, *, ideal: float | None = None
) -> Measured:
    """Industrial land that would be spared if its floors stood at the ideal plot ratio.

    Formula: A2 x max(0, ideal - ratio) / ideal, the ratio being the floors on A2 over A2

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category
    floor_area_m2 : (n parcels,) floor area, m²
    ideal : ideal plot ratio of industrial land, above 0; None makes the potential unknown

    >>> potential_intensity(
    ...     area_m2=pd.Series([20_000.0]), survey=pd.Series(["A2"]),
    ...     floor_area_m2=pd.Series([10_000.0]), ideal=1.0,
    ... ).value
    15.0
    """
    works = total("industrial", "工矿仓储用地 A2", area_m2, is_works(survey))
    floors = total("industrial_floors", "工矿仓储总建筑面积", floor_area_m2, is_works(survey))
    if ideal is None:
        return Measured(None, (works, floors), _no_ideal("industrial_plot_ratio (工业用地综合容积率)"))
    if works.value is None or floors.value is None:
        return Measured(None, (works, floors))
    if works.value <= 0:
        return Measured(
            None, (works, floors), "No industrial land is built here, so there is no ratio to raise."
        )
    return Measured(m2_to_mu(max(0.0, works.value - floors.value / ideal)), (works, floors))


@indicator(
    code="potential_management",
    label="管理潜力",
    unit="mu",
    equation="G 闲置土地面积",
    articles=SOURCE,
)
def potential_management(area_m2: pd.Series, survey: pd.Series, supply: pd.Series) -> Measured:
    """Idle land, which good management would bring into use.

    Formula: G

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category; only C matters, which is never supplied
    supply : (n parcels,) supply state
    """
    idle = total("idle", "闲置土地 G", area_m2, is_idle(survey, supply))
    if not len(area_m2):
        return Measured(None, (idle,), NO_PARCELS)
    return Measured(None if idle.value is None else m2_to_mu(idle.value), (idle,))


def _no_ideal(of: str) -> str:
    return f"No ideal value of {of} is known for this zone. Choose an evaluation table with one for its type."

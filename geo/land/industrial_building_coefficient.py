"""Building coefficient of industrial land (工业用地建筑系数)."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from data.units import m2_to_mu
from geo.land.indicator import Measured, indicator, quotient, relabelled, total
from geo.land.survey import is_works

EMPTY = "No industrial land is built here, so there is no building coefficient."
WITHOUT = "工矿仓储建筑物基底面积(不含堆场、构筑物: 均未填报) / A2 工矿仓储用地"


@indicator(
    code="industrial_building_coefficient",
    label="工业用地建筑系数",
    unit="1",
    equation="(工矿仓储建筑物基底 + 构筑物及堆场占地) / A2 工矿仓储用地",
    articles=("tdt-1029 工业用地建筑系数",),
)
def industrial_building_coefficient(
    area_m2: pd.Series, survey: pd.Series, footprint_m2: pd.Series, yard_m2: pd.Series
) -> Measured:
    """Ground covered by buildings, structures and yards as a share of built industrial land.

    Formula: Σ (footprint + yard) on A2 / A2. Where no works of the zone states its yards, the value is that
    of footprints alone, and label and formula say 不含堆场. Where some do and others do not, it cannot be
    told: a yard that is not stated is not none.

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category
    footprint_m2 : (n parcels,) footprint of buildings, m²
    yard_m2 : (n parcels,) ground of structures and open yards, m²; 0 where there are none

    >>> told = industrial_building_coefficient(
    ...     area_m2=pd.Series([100.0]), survey=pd.Series(["A2"]),
    ...     footprint_m2=pd.Series([40.0]), yard_m2=pd.Series([20.0]),
    ... )
    >>> told.value
    0.6
    """
    works = is_works(survey)
    base = total("industrial", "工矿仓储用地 A2", area_m2, works)
    ground = total("industrial_footprint", "工矿仓储建筑物基底面积", footprint_m2, works)
    certain = works.fillna(False).astype(bool)
    stated = certain & yard_m2.notna()
    needs = ("area_m2", "survey", "footprint_m2")
    if not stated.any():
        told = relabelled(quotient(ground, base, EMPTY), "工业用地建筑系数(不含堆场)", WITHOUT)
        return replace(told, needs=needs)
    yards = total("industrial_yard", "构筑物及堆场占地面积", yard_m2, works)
    if (silent := certain & ~stated).any():
        return Measured(None, (ground, yards, base), _half_stated(area_m2, stated, silent))
    covered = total("industrial_covered", "建(构)筑物基底及堆场面积", footprint_m2 + yard_m2, works)
    return replace(quotient(covered, base, EMPTY), sums=(ground, yards, base), needs=needs)


def _half_stated(area_m2: pd.Series, stated: pd.Series, silent: pd.Series) -> str:
    return (
        f"Cannot be told: yard_m2 (堆场及构筑物占地面积) is given for {int(stated.sum())} built works and "
        f"not for {int(silent.sum())} ({m2_to_mu(float(area_m2[silent].sum())):,.1f} mu). "
        "Supply it for these, 0 where there is no yard, then assess again."
    )

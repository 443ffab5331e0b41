"""Building coefficient of industrial land (工业用地建筑系数)."""

from __future__ import annotations

import pandas as pd

from geo.land.indicator import Measured, indicator, quotient, total
from geo.land.survey import is_works


@indicator(
    code="industrial_building_coefficient",
    label="工业用地建筑系数",
    unit="1",
    equation="工矿仓储建(构)筑物基底(含堆场)面积 / A2 工矿仓储用地",
    articles=("tdt-1029 工业用地建筑系数",),
)
def industrial_building_coefficient(
    area_m2: pd.Series, survey: pd.Series, footprint_m2: pd.Series
) -> Measured:
    """Ground covered by buildings, structures and yards as a share of built industrial land.

    Formula: Σ footprint on A2 / A2. Open yards count only where `footprint_m2` contains them.

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category
    footprint_m2 : (n parcels,) footprint of buildings, structures and yards, m²
    """
    ground = total("industrial_footprint", "工矿仓储建(构)筑物基底面积", footprint_m2, is_works(survey))
    return quotient(
        ground,
        total("industrial", "工矿仓储用地 A2", area_m2, is_works(survey)),
        "No industrial land is built here, so there is no building coefficient.",
    )

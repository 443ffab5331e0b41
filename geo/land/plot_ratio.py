"""Overall plot ratio (综合容积率)."""

from __future__ import annotations

import pandas as pd

from geo.land.indicator import Measured, indicator, quotient, total
from geo.land.survey import is_built


@indicator(
    code="plot_ratio",
    label="综合容积率",
    unit="1",
    equation="已建成城镇建设用地总建筑面积 / A 已建成城镇建设用地",
    articles=("tdt-1029 综合容积率",),
)
def plot_ratio(area_m2: pd.Series, survey: pd.Series, floor_area_m2: pd.Series) -> Measured:
    """Floor area per area of built town land.

    Formula: Σ floor area on A / A

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category
    floor_area_m2 : (n parcels,) total floor area, m²; storeys above 8 m are counted twice by
        whoever measures it. 0 where a built parcel (a road, a park) has no building; unstated
        makes the ratio unknown
    """
    floors = total("floor_area", "总建筑面积", floor_area_m2, is_built(survey))
    return quotient(
        floors,
        total("built", "已建成城镇建设用地 A", area_m2, is_built(survey)),
        "Nothing is built here, so there is no plot ratio.",
    )

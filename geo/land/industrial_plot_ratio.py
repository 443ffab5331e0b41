"""Plot ratio of industrial land (工业用地综合容积率)."""

from __future__ import annotations

import pandas as pd

from geo.land.indicator import Measured, indicator, quotient, total
from geo.land.survey import is_works


@indicator(
    code="industrial_plot_ratio",
    label="工业用地综合容积率",
    unit="1",
    equation="工矿仓储总建筑面积 / A2 工矿仓储用地",
    articles=("tdt-1029 工业用地综合容积率",),
)
def industrial_plot_ratio(area_m2: pd.Series, survey: pd.Series, floor_area_m2: pd.Series) -> Measured:
    """Floor area per area of built industry, mining, salt and storage.

    Formula: Σ floor area on A2 / A2

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category
    floor_area_m2 : (n parcels,) total floor area, m², storeys above 8 m counted twice
    """
    floors = total("industrial_floor_area", "工矿仓储总建筑面积", floor_area_m2, is_works(survey))
    return quotient(
        floors,
        total("industrial", "工矿仓储用地 A2", area_m2, is_works(survey)),
        "No industrial land is built here, so there is no plot ratio.",
    )

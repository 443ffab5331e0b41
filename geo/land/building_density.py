"""Building density (建筑密度)."""

from __future__ import annotations

import pandas as pd

from geo.land.indicator import Measured, indicator, quotient, total
from geo.land.survey import is_built


@indicator(
    code="building_density",
    label="建筑密度",
    unit="1",
    equation="建筑基底总面积 / A 已建成城镇建设用地",
    articles=("tdt-1029 建筑密度",),
)
def building_density(area_m2: pd.Series, survey: pd.Series, footprint_m2: pd.Series) -> Measured:
    """Ground covered by buildings as a share of built town land.

    Formula: Σ footprint on A / A

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category
    footprint_m2 : (n parcels,) building footprint, m²; 0 where a built parcel has no building
    """
    ground = total("footprint", "建筑基底总面积", footprint_m2, is_built(survey))
    return quotient(
        ground,
        total("built", "已建成城镇建设用地 A", area_m2, is_built(survey)),
        "Nothing is built here, so there is no building density.",
    )

"""Land built rate (土地建成率)."""

from __future__ import annotations

import pandas as pd

from geo.land.indicator import Measured, indicator, quotient, total
from geo.land.survey import is_built, is_supplied


@indicator(
    code="built_rate",
    label="土地建成率",
    unit="1",
    equation="A 已建成城镇建设用地 / D 已供应国有建设用地",
    articles=("tdt-1029 土地建成率",),
)
def built_rate(area_m2: pd.Series, survey: pd.Series, supply: pd.Series) -> Measured:
    """Built town land as a share of supplied land.

    Formula: A / D. Above 1 where land is built that was never supplied; a warning names it.

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category
    supply : (n parcels,) supply state
    """
    built = total("built", "已建成城镇建设用地 A", area_m2, is_built(survey))
    supplied = total("supplied", "已供应国有建设用地 D", area_m2, is_supplied(survey, supply))
    return quotient(built, supplied, "No land is supplied, and a share of nothing is not zero.")

"""Land development rate (土地开发率)."""

from __future__ import annotations

import pandas as pd

from geo.land.indicator import Measured, indicator, quotient, total
from geo.land.survey import is_developable, is_ready


@indicator(
    code="development_rate",
    label="土地开发率",
    unit="1",
    equation="(A 已建成 + B21 已达到供地条件) / (A + B 可开发建设)",
    articles=("tdt-1029 土地开发率",),
)
def development_rate(area_m2: pd.Series, survey: pd.Series, supply: pd.Series) -> Measured:
    """Land that is built, or has reached the conditions for supply, of all that can be developed.

    Formula: (A + B21) / (A + B). The conditions are that the land is acquired and has at least
    roads, water and power (三通一平): supply is ready, supplied or idle.

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category
    supply : (n parcels,) supply state
    """
    ready = total("ready", "已达到供地条件土地 A+B21", area_m2, is_ready(survey, supply))
    able = total("developable", "可开发建设土地 A+B", area_m2, is_developable(survey))
    return quotient(ready, able, "No land here can be developed.")

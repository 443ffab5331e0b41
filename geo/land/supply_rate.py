"""Land supply rate (土地供应率)."""

from __future__ import annotations

import pandas as pd

from geo.land.indicator import Measured, indicator, quotient, total
from geo.land.survey import is_ready, is_supplied


@indicator(
    code="supply_rate",
    label="土地供应率",
    unit="1",
    equation="D 已供应国有建设用地 / (A 已建成 + B21 已达到供地条件)",
    articles=("tdt-1029 土地供应率",),
)
def supply_rate(area_m2: pd.Series, survey: pd.Series, supply: pd.Series) -> Measured:
    """Supplied land as a share of the land that has reached the conditions for supply.

    Formula: D / (A + B21)

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category
    supply : (n parcels,) supplied, not_supplied, ready, not_developable, idle; an unstated one
        makes the rate unknown, even where the land is built
    """
    supplied = total("supplied", "已供应国有建设用地 D", area_m2, is_supplied(survey, supply))
    ready = total("ready", "已达到供地条件土地 A+B21", area_m2, is_ready(survey, supply))
    return quotient(supplied, ready, "No land has reached the conditions for supply.")

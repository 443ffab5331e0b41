"""Idle land rate (土地闲置率)."""

from __future__ import annotations

import pandas as pd

from geo.land.indicator import Measured, indicator, quotient, total
from geo.land.survey import is_idle, is_supplied


@indicator(
    code="idle_rate",
    label="土地闲置率",
    unit="1",
    equation="G 闲置土地 / D 已供应国有建设用地",
    articles=("tdt-1029 土地闲置率", "mlr-order-53-2012 第二条"),
)
def idle_rate(area_m2: pd.Series, survey: pd.Series, supply: pd.Series) -> Measured:
    """Idle land as a share of supplied land.

    Formula: G / D. What counts as idle is found by the authority under order 53 of 2012
    (`rules.land.idle_land`); here it is read from `supply`.

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category; only C matters, which is never supplied
    supply : (n parcels,) supply state; idle land is supplied land
    """
    idle = total("idle", "闲置土地 G", area_m2, is_idle(survey, supply))
    supplied = total("supplied", "已供应国有建设用地 D", area_m2, is_supplied(survey, supply))
    return quotient(idle, supplied, "No land is supplied, and a share of nothing is not zero.")

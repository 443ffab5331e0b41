"""Approved land that is not supplied (批而未供率)."""

from __future__ import annotations

import pandas as pd

from geo.land.indicator import Measured, indicator, quotient, total
from geo.land.survey import is_supplied


@indicator(
    code="approved_unsupplied_rate",
    label="批而未供率",
    unit="1",
    equation="批而未供面积 / 已批建设用地面积",
    articles=("practice of 开发区整合优化核查: 批而未供率",),
)
def approved_unsupplied_rate(
    area_m2: pd.Series, approved: pd.Series, survey: pd.Series, supply: pd.Series
) -> Measured:
    """Land approved for construction that is not yet supplied, as a share of all that is approved.

    Formula: area(approved and not supplied) / area(approved)

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    approved : (n parcels,) nullable bool; conversion or acquisition for construction is approved
    survey : (n parcels,) survey category; only C matters, which is never supplied
    supply : (n parcels,) supply state; it matters only where the land is approved

    >>> told = approved_unsupplied_rate(
    ...     area_m2=pd.Series([1.0, 3.0]),
    ...     approved=pd.Series([True, True]),
    ...     survey=pd.Series(["B21", "A2"]),
    ...     supply=pd.Series(["ready", "supplied"]),
    ... )
    >>> told.value
    0.25
    """
    member = approved.astype("boolean")
    waiting = total("unsupplied", "批而未供土地", area_m2, member & ~is_supplied(survey, supply))
    whole = total("approved", "已批建设用地", area_m2, member)
    return quotient(waiting, whole, "No land here is approved, and a share of nothing is not zero.")

"""High-tech industrial land share (高新技术产业用地率)."""

from __future__ import annotations

import pandas as pd

from geo.land.indicator import Measured, indicator, quotient, total
from geo.land.survey import is_built, is_high_tech


@indicator(
    code="high_tech_share",
    label="高新技术产业用地率",
    unit="1",
    equation="(H1 一类 + H2 二类 高新技术产业用地) / A 已建成城镇建设用地",
    articles=("tdt-1029 高新技术产业用地率",),
)
def high_tech_share(area_m2: pd.Series, survey: pd.Series, high_tech: pd.Series) -> Measured:
    """Built land of high-tech industry as a share of all built town land.

    Formula: (H1 + H2) / A

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category
    high_tech : (n parcels,) H1, H2, H where the class is not said, none; a built parcel that does not say
        makes the share unknown, for blank is not `none`

    >>> told = high_tech_share(
    ...     area_m2=pd.Series([1.0, 3.0]), survey=pd.Series(["A2", "A1"]), high_tech=pd.Series(["H1", "none"])
    ... )
    >>> told.value
    0.25
    """
    high = total("high_tech", "高新技术产业用地 H", area_m2, is_high_tech(survey, high_tech), high_tech)
    built = total("built", "已建成城镇建设用地 A", area_m2, is_built(survey))
    return quotient(high, built, "Nothing is built here, and a share of nothing is not zero.")

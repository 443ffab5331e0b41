"""Population density (人口密度)."""

from __future__ import annotations

import pandas as pd

from data.units import m2_to_ha
from geo.land.indicator import Measured, indicator, total
from geo.land.survey import is_built


@indicator(
    code="population_density",
    label="人口密度",
    unit="person/ha",
    equation="常住人口 / A 已建成城镇建设用地",
    articles=("tdt-1029 人口密度",),
)
def population_density(area_m2: pd.Series, survey: pd.Series, *, population: float | None = None) -> Measured:
    """Resident population per hectare of built town land.

    Formula: population / A

    Parameters
    ----------
    area_m2 : (n parcels,) ellipsoidal area, m²
    survey : (n parcels,) survey category
    population : residents of the zone; None or NaN makes the density unknown
    """
    built = total("built", "已建成城镇建设用地 A", area_m2, is_built(survey))
    if population is None or pd.isna(population):
        said = "The zone's population (常住人口) is not given. Supply it with the zone."
        return Measured(None, (built,), said)
    if built.value is None:
        return Measured(None, (built,))
    if built.value <= 0:
        return Measured(None, (built,), "Nothing is built here, so there is no density.")
    return Measured(float(population) / m2_to_ha(built.value), (built,))

"""Further statistics (统计): what the targets of the plan are held against, and 2023 by month.

Rows of region 410000 are of all development zones of the made-up province together: the nine of the sample,
and provincial ones that send no rows of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from data.sample.accounts import MONTHLY, SEASON
from data.sample.plan import YEARS
from data.sample.streets import Floats

PROVINCE = "410000"
COLUMNS = ["zone", "period", "item", "value", "unit"]
UNITS = {
    "revenue": "亿元",
    "industrial_investment": "亿元",
    "leading_industry_investment": "亿元",
    "regional_industrial_investment": "亿元",
    "rd_expenditure": "万元",
    "high_tech_enterprises": "个",
    "out_of_province_funds": "亿元",
    "international_parks": "个",
    "ftz_linkage_zones": "个",
    "tax": "亿元",
    "value_added_above_scale": "亿元",
}
WHOLE = ("foreign_investment", "population")  # told without decimals, beside what is counted
ETDZ = (36.0, 41.0, 48.0, 56.0, 63.0)  # provincial zones at the end of each year
SILENT = ("G411165", "2023-07")  # the zone that sent no monthly report, and the month
BEFORE = YEARS[-2]


def tell_further(
    rng: np.random.Generator, zone: str, years: pd.DataFrame, told: pd.DataFrame
) -> pd.DataFrame:
    """Further items of a zone by year, and the monthly items of 2023.

    Parameters
    ----------
    years : enterprise figures of all years
    told : rows of data.sample.accounts.tell_accounts of the same zone
    """
    yearly = told[told["period"].str.len() == 4].pivot_table("value", "period", "item")
    sums = years.groupby("year")[["revenue_cny10k", "rd_cny10k", "tax_cny10k"]].sum()
    above = years[years["above_scale"]].groupby("year")["value_added_cny10k"].sum()
    industrial = yearly["fixed_investment"].to_numpy() * rng.uniform(0.66, 0.8) * _wave(rng, 0.03)
    since = np.arange(len(YEARS))
    leading = np.clip(rng.uniform(0.6, 0.8) * _wave(rng, 0.03), 0, 0.95)
    regional = np.clip(rng.uniform(0.7, 0.88) * _wave(rng, 0.02), 0, 0.96)
    funds = yearly["fixed_investment"].mean() * rng.uniform(0.5, 0.9) * 1.05**since * _wave(rng, 0.04)
    count = years["enterprise_id"].nunique() * rng.uniform(0.1, 0.16)
    figures: dict[str, Any] = {
        "revenue": sums["revenue_cny10k"].to_numpy() / 1e4 / rng.uniform(0.84, 0.92),
        "industrial_investment": industrial,
        "leading_industry_investment": industrial * leading,
        "regional_industrial_investment": industrial / regional,
        "rd_expenditure": sums["rd_cny10k"].to_numpy() * rng.uniform(1.02, 1.08),
        "high_tech_enterprises": count * 1.13**since,
        "out_of_province_funds": funds,
        "international_parks": (since >= rng.integers(0, 9)).astype(float),
        "ftz_linkage_zones": (since >= rng.integers(1, 7)).astype(float),
        "tax": sums["tax_cny10k"].to_numpy() / 1e4 / rng.uniform(0.86, 0.94),
        "value_added_above_scale": above.to_numpy() / 1e4,
    }
    rows = [
        (zone, str(year), item, _rounded(item, value), UNITS[item])
        for item, values in figures.items()
        for year, value in zip(YEARS, values, strict=True)
    ]
    units = told.drop_duplicates("item").set_index("item")["unit"]
    for item in MONTHLY:
        months = _months(rng, item, float(yearly[item][str(BEFORE)]))
        rows += [(zone, f"{BEFORE}-{k:02d}", item, value, units[item]) for k, value in enumerate(months, 1)]
    made = pd.DataFrame(rows, columns=COLUMNS)
    return made[~(made["zone"].eq(SILENT[0]) & made["period"].eq(SILENT[1]))]


def tell_province(rng: np.random.Generator, tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Yearly figures of all zones together, those that send no rows of their own included.

    Parameters
    ----------
    tables : all statistics of the zones
    """
    every = pd.concat(tables, ignore_index=True)
    every = every[every["period"].str.len() == 4]
    units = every.drop_duplicates("item").set_index("item")["unit"]
    # one share for all items, so that parts stay smaller than their wholes
    others = rng.uniform(0.55, 0.7) * rng.uniform(1.0, 1.03) ** np.arange(len(YEARS))
    rows: list[tuple[str, str, str, float, str]] = []
    for item, sums in every.groupby(["item", "period"], sort=True)["value"].sum().groupby(level="item"):
        values = sums.to_numpy() * (1 + others * _wave(rng, 0.008))
        if item in ("international_parks", "ftz_linkage_zones"):
            values = sums.to_numpy() + np.arange(len(YEARS)) // 2
        rows += [
            (PROVINCE, str(year), str(item), _rounded(str(item), value), units[str(item)])
            for year, value in zip(YEARS, values, strict=True)
        ]
    rows += [
        (PROVINCE, str(year), "provincial_etdz", count, "个") for year, count in zip(YEARS, ETDZ, strict=True)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _wave(rng: np.random.Generator, spread: float) -> Floats:
    return np.asarray(rng.lognormal(0, spread, len(YEARS)))


def _months(rng: np.random.Generator, item: str, year: float) -> list[float]:
    """Twelve months that sum to the year as it was told, rounded as it was."""
    weight = SEASON * rng.lognormal(0, 0.04, 12)
    values = [_rounded(item, value) for value in year * weight / weight.sum()]
    values[-1] = _rounded(item, year - sum(values[:-1]))
    return values


def _rounded(item: str, value: float) -> float:
    whole = item in WHOLE or UNITS.get(item) == "个"
    return float(round(value)) if whole else round(float(value), 2)

"""Figures of the zone as a whole (统计): yearly and, for the last year, monthly (按月监测)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.sample.plan import YEARS
from data.sample.streets import Floats

UNITS = {
    "gdp": "亿元",
    "industrial_output": "亿元",
    "fixed_investment": "亿元",
    "budget_revenue": "亿元",
    "goods_trade": "亿元",
    "foreign_investment": "万美元",
    "population": "人",
}
MONTHLY = ("industrial_output", "budget_revenue", "goods_trade", "foreign_investment")
# a Chinese year: little in February, much in June and December
SEASON = np.array([0.92, 0.74, 1.03, 0.96, 0.99, 1.12, 0.94, 0.95, 1.04, 0.98, 1.02, 1.31])


def tell_accounts(
    rng: np.random.Generator, zone: str, years: pd.DataFrame, population: float
) -> pd.DataFrame:
    """Rows zone, period, item, value, unit; the months of 2024 sum to the year.

    Parameters
    ----------
    years : enterprise figures of all years
    population : people who live in the zone at the end of 2024
    """
    sums = years.groupby("year")[
        ["value_added_cny10k", "revenue_cny10k", "tax_cny10k", "investment_cny10k"]
    ].sum()
    told = _yearly(rng, sums / 1e4)
    back = np.arange(len(YEARS)) - len(YEARS) + 1
    told["population"] = np.asarray(population * 1.012**back, dtype=np.float64)
    rows = [
        (zone, str(year), item, _rounded(item, value), UNITS[item])
        for item, series in told.items()
        for year, value in zip(YEARS, series, strict=True)
    ]
    yearly = {item: value for _, period, item, value, _ in rows if period == str(YEARS[-1])}
    for item in MONTHLY:
        rows += _months(rng, zone, item, yearly[item])
    return pd.DataFrame(rows, columns=["zone", "period", "item", "value", "unit"])


def _yearly(rng: np.random.Generator, sums: pd.DataFrame) -> dict[str, Floats]:
    """亿元 and 万美元, from the enterprises' sums: they make up most of the zone, not all."""
    wave = rng.lognormal(0, 0.03, (4, len(sums)))
    added = np.diff(sums["investment_cny10k"].to_numpy())
    grown = np.concatenate([added[:1] * 0.94, added])
    return {
        "gdp": sums["value_added_cny10k"].to_numpy() / rng.uniform(0.72, 0.82),
        "industrial_output": sums["revenue_cny10k"].to_numpy() * 0.97 * wave[0],
        "fixed_investment": grown * 1.25 * wave[1],
        "budget_revenue": sums["tax_cny10k"].to_numpy() * rng.uniform(0.38, 0.46),
        "goods_trade": sums["revenue_cny10k"].to_numpy() * rng.uniform(0.03, 0.16) * wave[2],
        "foreign_investment": sums["value_added_cny10k"].to_numpy() * rng.uniform(8, 30) * wave[3],
    }


def _months(
    rng: np.random.Generator, zone: str, item: str, year: float
) -> list[tuple[str, str, str, float, str]]:
    """Twelve months that sum to the year as it was told, rounded as it was."""
    weight = SEASON * rng.lognormal(0, 0.04, 12)
    values = [_rounded(item, value) for value in year * weight / weight.sum()]
    values[-1] = _rounded(item, year - sum(values[:-1]))
    return [
        (zone, f"{YEARS[-1]}-{month:02d}", item, value, UNITS[item]) for month, value in enumerate(values, 1)
    ]


def _rounded(item: str, value: float) -> float:
    return float(round(value)) if item in ("population", "foreign_investment") else round(float(value), 2)

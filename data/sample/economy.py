"""Five years of each enterprise's figures (企业统计): investment, revenue, tax, people, energy."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.sample.land import Land
from data.sample.plan import YEARS
from data.sample.streets import Floats
from data.sample.trades import TRADES
from data.sample.uses import WORKS_CLASSES
from data.units import m2_to_mu

ABOVE_SCALE_CNY10K = 2000.0  # yearly revenue from which industry reports in full (规模以上)
WEATHER = np.array([0.0, 0.04, -0.035, 0.02, 0.01])  # what each year brought to all


def tell_years(rng: np.random.Generator, land: Land, firms: pd.DataFrame) -> pd.DataFrame:
    """Yearly figures, one row per enterprise and year in which it reported.

    Investment and tax of 2024 add up to what the plan says per mu of built industrial land.
    """
    usual = pd.DataFrame(list(TRADES.values()), index=list(TRADES)).loc[firms["trade"]]
    size = _size(rng, firms)
    grown = _growth(rng, land, len(firms))
    last = (firms["last_year"] == YEARS[-1]).to_numpy()
    mu = float(m2_to_mu(_works_m2(land)))
    invested = size * land.plan.investment_mu * mu / size[last].sum()
    revenue = invested * usual["turnover"].to_numpy() * rng.lognormal(0, 0.3, len(firms))
    taxed = usual["taxed"].to_numpy() * rng.lognormal(0, 0.25, len(firms))
    off = land.plan.tax_mu * mu / (revenue * taxed)[last].sum()
    revenue, taxed = revenue * np.sqrt(off), taxed * np.sqrt(off)
    parts = {
        "investment_cny10k": invested[:, None] * _invested(rng, len(firms)),
        "revenue_cny10k": revenue[:, None] * grown,
    }
    for column, share, spread in (
        ("value_added", "added", 0.1),
        ("profit", "profit", 0.4),
        ("rd", "research", 0.35),
    ):
        rate = usual[share].to_numpy() * rng.lognormal(0, spread, len(firms))
        parts[f"{column}_cny10k"] = parts["revenue_cny10k"] * rate[:, None] * _wobble(rng, len(firms), 0.03)
    parts["tax_cny10k"] = revenue[:, None] * grown * taxed[:, None]
    heads = (
        parts["value_added_cny10k"]
        / (usual["per_head"].to_numpy() * rng.lognormal(0, 0.15, len(firms)))[:, None]
    )
    parts["employees"] = np.maximum(3, heads)
    thrift = 0.975 ** np.arange(len(YEARS))
    intensity = usual["tce_per_cny10k"].to_numpy() * rng.lognormal(0, 0.2, len(firms))
    parts["energy_tce"] = parts["revenue_cny10k"] * (intensity[:, None] * thrift)
    return _rows(firms, parts)


def _works_m2(land: Land) -> float:
    built = land.parcels["built"] & land.parcels["code3"].isin(WORKS_CLASSES)
    return float(land.parcels.loc[built, "declared_area_m2"].sum())


def _size(rng: np.random.Generator, firms: pd.DataFrame) -> Floats:
    """How much each has put into its ground, before it is scaled to the zone: land times density."""
    ground = firms["land_mu"] + firms["leased_in_mu"] - firms["leased_out_mu"] * 0.6
    dense = rng.lognormal(0, 0.5, len(firms)) * np.where(firms["small"], 0.06, 1.0)
    return np.asarray(ground * dense)


def _growth(rng: np.random.Generator, land: Land, count: int) -> Floats:
    """(firms, years) revenue as a share of that of 2024."""
    own = rng.normal(land.plan.growth, 0.07, count)
    steps = 1 + own[:, None] + WEATHER[1:] + rng.normal(0, 0.04, (count, len(YEARS) - 1))
    level = np.cumprod(np.column_stack([np.ones(count), np.clip(steps, 0.72, 1.5)]), axis=1)
    return np.asarray(level / level[:, -1:])


def _invested(rng: np.random.Generator, count: int) -> Floats:
    """(firms, years) cumulative investment as a share of that of 2024: it never falls."""
    added = rng.gamma(1.2, 0.03, (count, len(YEARS) - 1))
    level = np.cumprod(np.column_stack([np.ones(count), 1 + added]), axis=1)
    return np.asarray(level / level[:, -1:])


def _wobble(rng: np.random.Generator, count: int, spread: float) -> Floats:
    return np.asarray(rng.lognormal(0, spread, (count, len(YEARS))))


def _rows(firms: pd.DataFrame, parts: dict[str, Floats]) -> pd.DataFrame:
    """One row per enterprise and year of reporting, figures rounded as statements round them."""
    count = len(firms)
    rows = firms.loc[np.repeat(np.arange(count), len(YEARS))].reset_index(drop=True)
    rows["year"] = np.tile(YEARS, count)
    for column, values in parts.items():
        rows[column] = values.ravel().round(0 if column == "employees" else 2)
    rows["above_scale"] = rows["revenue_cny10k"] >= ABOVE_SCALE_CNY10K
    there = rows["year"].between(rows["first_year"], rows["last_year"])
    return rows[there].reset_index(drop=True)

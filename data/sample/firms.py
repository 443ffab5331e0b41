"""Who holds which plot (企业落位): owners, a power plant, and landlords with tenants on one plot."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from data.sample.land import Land
from data.sample.plan import BOUNDARY_CHANGE, YEARS
from data.sample.streets import Ints
from data.sample.trades import TRADES
from data.sample.uses import WORKS_CLASSES
from data.units import m2_to_mu

JOINED = 0.62  # of neighbouring plots in a block that belong to one enterprise
SMALL = 0.14  # of enterprises that are workshops
TENANTS = {"G411031": (5, 4, 6), "G411168": (4,)}  # tenants of each landlord of the zone
PLANT = "G411169"


def place_firms(rng: np.random.Generator, land: Land) -> pd.DataFrame:
    """The enterprises of a zone, and `enterprise_id` written on the plots they hold.

    Returns
    -------
    One row per enterprise: enterprise_id, trade, role (owner, plant, landlord, tenant), land_mu,
    leased_in_mu, leased_out_mu, small, first_year, last_year, started_on, landlord (its id, for tenants)
    """
    parcels = land.parcels
    held = parcels.index[parcels["built"] & parcels["code3"].isin(WORKS_CLASSES)].to_numpy()
    held, site = _sites(rng, parcels, held)
    count = int(site.max()) + 1
    storage = pd.Series(parcels.loc[held, "code3"] == "0508").groupby(site).first().to_numpy()
    mu = np.bincount(site, m2_to_mu(parcels.loc[held, "declared_area_m2"].to_numpy()))
    firms = pd.DataFrame({"land_mu": mu.round(2), "leased_in_mu": 0.0, "leased_out_mu": 0.0})
    firms["trade"] = np.where(storage, "storage", _trades(rng, land, count))
    firms["role"] = "owner"
    firms["small"] = (rng.random(count) < SMALL) & (mu < np.quantile(mu, 0.6))
    firms["landlord"] = ""
    firms["enterprise_id"] = [f"{land.number:02d}{row:04d}" for row in range(1, count + 1)]
    firms = _years(rng, firms)
    newcomer = (
        pd.Series(~land.within(BOUNDARY_CHANGE.replace(year=YEARS[0]))[held]).groupby(site).any().to_numpy()
    )
    firms.loc[newcomer, "first_year"] = np.maximum(firms["first_year"], BOUNDARY_CHANGE.year)[newcomer]
    firms.loc[firms["last_year"] < firms["first_year"], "last_year"] = YEARS[-1]
    _plant(land, firms)
    firms = _tenants(rng, land, firms)
    parcels.loc[held, "enterprise_id"] = firms["enterprise_id"].to_numpy()[site]
    return firms


def _sites(rng: np.random.Generator, parcels: gpd.GeoDataFrame, held: Ints) -> tuple[Ints, Ints]:
    """Held plots in the order of their place, and the number of the site each belongs to."""
    rows = parcels.loc[held]
    spot = np.array([box[:2] for box in rows["box"]])
    kind = rows["code3"].factorize()[0]
    keys = np.lexsort((spot[:, 1], spot[:, 0], kind, rows["block"], rows["part"]))
    rows, held = rows.iloc[keys], held[keys]
    fresh = rng.random(len(rows)) > JOINED
    for column in ("part", "block", "code3"):
        fresh |= (rows[column] != rows[column].shift()).to_numpy()
    return held, np.cumsum(fresh) - 1


def _trades(rng: np.random.Generator, land: Land, count: int) -> Ints:
    weights = {name: weight for name, weight in land.plan.trades.items() if name != "storage"}
    share = np.array(list(weights.values())) / sum(weights.values())
    return rng.choice(list(weights), count, p=share)


def _years(rng: np.random.Generator, firms: pd.DataFrame) -> pd.DataFrame:
    """When each began, and the years for which it reports; a few began or closed meanwhile."""
    count = len(firms)
    began = rng.integers(1996, 2019, count)
    fresh = rng.random(count) < 0.025
    began[fresh] = rng.integers(YEARS[1], YEARS[-1], fresh.sum())
    closed = (rng.random(count) < 0.012) & ~fresh
    day = pd.to_datetime(pd.DataFrame({"year": began, "month": rng.integers(1, 13, count), "day": 1}))
    made = firms.assign(first_year=np.maximum(began, YEARS[0]), last_year=YEARS[-1], started_on=day.dt.date)
    made.loc[closed, "last_year"] = rng.integers(YEARS[1], YEARS[-1], closed.sum())
    return made


def _plant(land: Land, firms: pd.DataFrame) -> None:
    """One site becomes a plant that sells heat and power to its neighbours."""
    if land.plan.code != PLANT:
        return
    able = firms[(firms["trade"] != "storage") & (firms["first_year"] == YEARS[0])]
    row = (able["land_mu"] - 150.0).abs().idxmin()
    _turn_into(firms, row, "plant")


def _turn_into(firms: Any, row: Any, role: str) -> None:
    """An owner who is now something else, and has reported to the end."""
    for column, value in {"trade": role, "role": role, "small": False, "last_year": YEARS[-1]}.items():
        firms.loc[row, column] = value


def _tenants(rng: np.random.Generator, land: Land, firms: pd.DataFrame) -> pd.DataFrame:
    """Sites whose owner lets most of the ground to several small enterprises."""
    added = []
    able = firms[
        (firms["role"] == "owner") & (firms["trade"] != "storage") & (firms["first_year"] == YEARS[0])
    ]
    rows = (able["land_mu"] - 110.0).abs().sort_values(kind="stable").index
    number = len(firms)
    for row, count in zip(rows, TENANTS.get(land.plan.code, ()), strict=False):
        host: Any = firms.loc[row]
        leased = (host["land_mu"] * rng.dirichlet(np.full(count, 6.0)) * 0.88).round(2)
        _turn_into(firms, row, "landlord")
        firms.loc[row, "leased_out_mu"] = round(float(leased.sum()), 2)
        tenants = pd.DataFrame({"leased_in_mu": leased, "trade": _trades(rng, land, count)})
        tenants["enterprise_id"] = [f"{land.number:02d}{number + k:04d}" for k in range(1, count + 1)]
        number += count
        added.append(
            tenants.assign(
                land_mu=0.0,
                leased_out_mu=0.0,
                role="tenant",
                small=False,
                landlord=host["enterprise_id"],
                first_year=YEARS[0],
                last_year=YEARS[-1],
                started_on=host["started_on"],
            )
        )
    return pd.concat([firms, *added], ignore_index=True)


def names_of(firms: pd.DataFrame) -> pd.Series:
    """Visibly invented names: 示例机械有限公司010017."""
    words = firms["trade"].map({name: trade.word for name, trade in TRADES.items()})
    return "示例" + words + "有限公司" + firms["enterprise_id"]

"""What enterprises file beside their yearly figures (补充填报): power, pollutants, shared plots.

Every figure comes from a stream of random numbers of its own, so the yearly figures stay what they are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from data.sample.energy import ITEMS, tce_each
from data.sample.land import Land
from data.sample.plan import YEARS
from data.sample.streets import Floats
from data.sample.trades import TRADES
from data.units import convert

BOUGHT = ("electricity", "green", "solar", "park_power")  # all power that an enterprise uses itself
# equivalents of pollutant by the energy of each of CARRIERS, t/tce; and by the plant's own losses
BURDEN = np.array([0.00005, 0.0006, 0.009, 0.005, 0.0002])
PLANT_BURDEN = 0.012
SILENT = {True: 0.03, False: 0.35}  # of enterprises above and below scale that tell no pollutants
PAIR = "G411162"  # the zone where two owners have one plot between them
UNREGISTERED = "G411166"  # the zone where two enterprises use land beyond their titles
UNREGISTERED_SHARE = (0.08, 0.15)  # of their registered land
REWARDED, CORRECTED = 0.03, 0.012  # of enterprises with a bonus, with a factor of their own


def file_returns(rng: np.random.Generator, land: Land, years: pd.DataFrame, activity: pd.DataFrame) -> None:
    """The further columns of the kind `enterprises`, written into `years`.

    Parameters
    ----------
    years : rows of data.sample.economy.tell_years
    activity : statements of the same zone, before any notation has taken the place of an amount
    """
    firm, names = years["enterprise_id"].factorize()
    count = len(names)
    years["electricity_mwh"] = _electricity(rng, years, activity, firm)
    years["pollutant_t"] = _pollutants(rng, years, firm)
    years["landlord_id"] = years["landlord"].where(years["landlord"] != "", None)
    years["plot_id"] = _shared_plots(land, years)
    waited = rng.integers(240, 1000, count)[firm].astype("timedelta64[D]")
    since = years["started_on"].to_numpy().astype("datetime64[D]") - waited
    years["land_since"] = np.where(years["role"] != "tenant", since, np.datetime64("NaT")).astype(object)
    years["unregistered_mu"] = _unregistered(land, years)
    late = years["year"].to_numpy() >= YEARS[-2]
    bonus = np.where(rng.random(count) < REWARDED, rng.integers(1, 6, count), np.nan)[firm]
    factor = np.where(rng.random(count) < CORRECTED, rng.choice([0.9, 1.1], count), np.nan)[firm]
    years["bonus_score"] = np.where(late, bonus, np.nan)
    years["correction_factor"] = np.where(late, factor, np.nan)


def _electricity(
    rng: np.random.Generator, years: pd.DataFrame, activity: pd.DataFrame, firm: Floats
) -> Floats:
    """MWh: as stated where it is, else by the share of the trade; the plant's own is not told."""
    keys = ["enterprise_id", "year"]
    bought = activity[activity["item"].isin([ITEMS[name] for name in BOUGHT])]
    stated = bought.groupby(keys)["amount"].sum() * convert(1.0, "万千瓦时", "MWh")
    told = stated.reindex(pd.MultiIndex.from_frame(years[keys])).to_numpy()
    share = np.array([TRADES[trade].mix[0] for trade in years["trade"]])
    each = convert(1.0, "万千瓦时", "MWh") / tce_each("electricity")
    drift = rng.lognormal(0, 0.08, firm.max() + 1)[firm]
    usual = np.where(share > 0, years["energy_tce"] * share * each * drift, np.nan)
    return np.asarray(np.where(np.isnan(told), usual, told).round(2))


def _pollutants(rng: np.random.Generator, years: pd.DataFrame, firm: Floats) -> Floats:
    """Tonnes of equivalent; an enterprise either tells all its years above scale or none."""
    usual = np.array([TRADES[trade].mix for trade in years["trade"]]) @ BURDEN
    usual = np.where(years["role"] == "plant", PLANT_BURDEN, usual)
    own = rng.lognormal(0, 0.45, firm.max() + 1)[firm]
    cleaner = 0.96 ** (years["year"].to_numpy() - YEARS[0])
    tonnes = np.maximum(0.001, (years["energy_tce"] * usual * own * cleaner).round(3))
    silent = years["above_scale"].map(SILENT).to_numpy()
    return np.asarray(np.where(rng.random(firm.max() + 1)[firm] < silent, np.nan, tonnes))


def _shared_plots(land: Land, years: pd.DataFrame) -> pd.Series:
    """One plot number for a landlord and its tenants, and for the two owners of one plot."""
    first = _first_plots(land)
    site = years["landlord"].where(years["landlord"] != "", years["enterprise_id"])
    hosts = set(years["landlord"]) - {""}
    shared = site.where(site.isin(hosts), None)
    if land.plan.code == PAIR:
        one, two = _neighbours(land, years)
        shared = shared.mask(site.isin([one, two]), one)
    return shared.map("Z" + first)


def _first_plots(land: Land) -> pd.Series:
    """Enterprise -> its first parcel."""
    held = (
        pd.DataFrame(land.parcels[["enterprise_id", "parcel_id"]]).dropna().drop_duplicates("enterprise_id")
    )
    return pd.Series(held.set_index("enterprise_id")["parcel_id"])


def _neighbours(land: Land, years: pd.DataFrame) -> tuple[str, str]:
    """The first two owners above scale throughout, one after the other in one block, on one parcel each."""
    whole = years[years["above_scale"] & years["role"].eq("owner")].groupby("enterprise_id").size()
    held = pd.DataFrame(land.parcels[["enterprise_id", "block", "part"]]).dropna()
    alone = held[~held["enterprise_id"].duplicated(keep=False)]
    able = alone[alone["enterprise_id"].isin(whole.index[whole == len(YEARS)])].sort_values("enterprise_id")
    number = able["enterprise_id"].astype(int)
    next_door = number.diff().eq(1) & able["block"].eq(able["block"].shift())
    at = int(np.argmax((next_door & able["part"].eq(able["part"].shift())).to_numpy()))
    return str(able["enterprise_id"].iloc[at - 1]), str(able["enterprise_id"].iloc[at])


def _unregistered(land: Land, years: pd.DataFrame) -> Floats:
    """Mu beyond the titles of two enterprises, as large a share of these as is set."""
    told = np.full(len(years), np.nan)
    if land.plan.code != UNREGISTERED:
        return told
    held: Any = years[years["role"].eq("owner") & years["above_scale"]].drop_duplicates("enterprise_id")
    chosen = held[held["land_mu"].between(60, 120)].head(len(UNREGISTERED_SHARE))
    for who, mu, share in zip(chosen["enterprise_id"], chosen["land_mu"], UNREGISTERED_SHARE, strict=True):
        told[years["enterprise_id"] == who] = round(float(mu) * share, 2)
    return told

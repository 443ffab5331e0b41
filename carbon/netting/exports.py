"""Exports (外送电力与热力): what leaves the park, by each method, and what the plant emits for it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from carbon.netting.balance import OUTSIDE
from carbon.netting.flows import CARRIERS
from carbon.tables import numbers, summed, texts
from data.units import convert


def exports(frame: pd.DataFrame, balance: pd.DataFrame, enterprises: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Each export as a line of its own.

    The zero-carbon park method takes it off (ndrc-2025-910 附件4 二(二)3); the location total does not
    (GPC I.4.4 is territorial only). The plant's own emissions for it are its carbon dioxide of fuel and of
    power and heat bought, shared out by energy over all it made. Fossil power is credited with 0.8325, which
    a gas plant stays below: `excess_tco2` is then above zero.

    Formula: own = CO2 of the plant x exported GJ / made GJ; excess = credit - own

    Parameters
    ----------
    balance : of `carbon.netting.balance.balances`
    enterprises : of `carbon.netting.account`, with `inside_tco2e`, what it bought inside

    Returns
    -------
    DataFrame: enterprise_id, carrier, item, unit, amount, ndrc910_tco2 (below zero: a credit),
    location_tco2e (0), own_tco2 (nan where the plant's account is open), excess_tco2
    """
    category, item = texts(frame, "category"), texts(frame, "item")
    here = category.isin(list(CARRIERS)) & item.isin(OUTSIDE) & (texts(frame, "missing") == "")
    lines = frame[here.to_numpy()]
    keyed = pd.DataFrame({
        "enterprise_id": texts(lines, "enterprise_id").replace("", zone).to_numpy(),
        "carrier": texts(lines, "category").to_numpy(),
        "item": texts(lines, "item").to_numpy(),
        "amount": numbers(lines, "amount"),
        "ndrc910_tco2": numbers(lines, "ndrc910_tco2"),
    }).dropna(subset=["amount"])
    keyed["open"] = keyed["ndrc910_tco2"].isna()
    made = keyed.groupby(["enterprise_id", "carrier", "item"], sort=True).sum().reset_index()
    made.loc[made.pop("open").to_numpy() > 0, "ndrc910_tco2"] = np.nan
    made.insert(3, "unit", made["carrier"].map(CARRIERS))
    made["location_tco2e"] = 0.0
    each_gj = made["carrier"].map({"electricity": convert(1.0, "MWh", "GJ"), "heat": 1.0}).astype(float)
    each = made["enterprise_id"].map(_own_per_gj(frame, balance, enterprises, zone)).astype(float)
    made["own_tco2"] = made["amount"] * each_gj * each
    made["excess_tco2"] = -made["ndrc910_tco2"] - made["own_tco2"]
    return made


def _own_per_gj(
    frame: pd.DataFrame, balance: pd.DataFrame, enterprises: pd.DataFrame, zone: str
) -> pd.Series:
    """tCO2 in each GJ that a supplier makes; nan where lines of its own are not told."""
    suppliers = pd.Index(balance["enterprise_id"])
    who = texts(frame, "enterprise_id").replace("", zone)
    codes = suppliers.get_indexer(pd.Index(who))
    burned = texts(frame, "part").isin(["fuel", "power", "heat"]).to_numpy()
    inflow = burned & ~texts(frame, "item").isin(OUTSIDE).to_numpy()
    tonnes = np.where(inflow, numbers(frame, "ndrc910_tco2"), np.nan)
    own = summed(codes, tonnes, len(suppliers))
    lost = inflow & (texts(frame, "ndrc910_missing") != "").to_numpy()
    is_open = summed(codes, np.where(lost, 1.0, np.nan), len(suppliers)) > 0
    bought = enterprises.set_index("enterprise_id")["inside_tco2e"].reindex(suppliers).to_numpy(np.float64)
    power, heat = (
        balance[[f"out_{carrier}", f"made_{carrier}"]].to_numpy(np.float64).max(axis=1)
        for carrier in CARRIERS
    )
    gj = power * convert(1.0, "MWh", "GJ") + heat
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(is_open | (gj <= 0), np.nan, (own + bought) / gj)
    return pd.Series(each, index=suppliers)

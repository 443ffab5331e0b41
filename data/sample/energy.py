"""Energy statements (能源台账): what each enterprise bought, burned and passed on, in Chinese units.

They add up to `energy_tce` of the same enterprise and year within two per cent, electricity counted at
its own heat (当量值); the power plant is the exception, whose own use is what goes in less what goes out.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from data.parameters import parameter
from data.sample.trades import CARRIERS, TRADES
from data.units import convert

# carrier -> category, item and unit as a statement spells them
STATED = {
    "electricity": ("electricity", "外购电力", "万千瓦时"),
    "green": ("electricity", "绿电交易", "万千瓦时"),
    "solar": ("electricity", "光伏自发自用", "万千瓦时"),
    "park_power": ("electricity", "区内购电", "万千瓦时"),
    "natural_gas": ("fuel", "天然气", "万标准立方米"),
    "bituminous_coal": ("fuel", "烟煤", "吨"),
    "diesel": ("fuel", "柴油", "吨"),
    "heat": ("heat", "外购热力", "吉焦"),
    "park_heat": ("heat", "区内购热", "吉焦"),
    "sold_power": ("electricity", "区内售电", "万千瓦时"),
    "grid_power": ("electricity", "上网电量", "万千瓦时"),
    "sold_heat": ("heat", "区内供热", "吉焦"),
}
ITEMS = {name: stated[1] for name, stated in STATED.items()}
FUELS = ("natural_gas", "bituminous_coal", "diesel")
EFFICIENCY = 0.82  # of the power plant: heat and power out by fuel in
CUSTOMERS = 6  # enterprises that buy a part of their power from the plant
KEYS = ["enterprise_id", "year"]
COLUMNS = ["zone", "enterprise_id", "year", "category", "item", "amount", "unit", "supplier_id"]


@cache
def tce_each(carrier: str) -> float:
    """Tonnes of standard coal in one stated unit of a carrier.

    >>> round(tce_each("electricity"), 3), round(tce_each("heat"), 4)
    (1.228, 0.0341)
    """
    category, _, unit = STATED[carrier]
    if category != "fuel":
        return convert(convert(1.0, unit, "GJ"), "GJ", "tce")
    value = parameter(f"factors.fuel_cn_a.{carrier}.ncv").on(date(2024, 12, 31))
    if value.value is None:
        raise ValueError(f"{value.name} names no value")
    return convert(value.value * convert(1.0, unit, value.unit.partition("/")[2]), "GJ", "tce")


def state_energy(rng: np.random.Generator, zone: str, years: pd.DataFrame) -> pd.DataFrame:
    """All statements of a zone; the plant's `energy_tce` in `years` is set from what it sells.

    Parameters
    ----------
    years : rows of data.sample.economy.tell_years, changed in place for the plant

    Returns
    -------
    Columns of the kind `activity` without notation and explanation
    """
    used = _used(rng, years)
    plant = years.index[years["role"] == "plant"]
    if len(plant):
        _serve(used, years)
    told = used.loc[years["above_scale"] & ~years["role"].eq("plant")]
    supplier = str(years.loc[plant[0], "enterprise_id"]) if len(plant) else ""
    rows = [_long(told, years.loc[told.index, KEYS], supplier), _of_the_zone(rng, used, years)]
    if len(plant):
        rows.append(_plant(rng, told, years, plant))
    made = pd.concat(rows, ignore_index=True).assign(zone=zone)
    kind = pd.Categorical(made["carrier"], list(STATED)).codes
    for place, column in enumerate(("category", "item", "unit")):
        made[column] = np.array([stated[place] for stated in STATED.values()])[kind]
    made["amount"] = (made["tce"] / np.array([tce_each(name) for name in STATED])[kind]).round(2)
    return made.loc[made["amount"] > 0, COLUMNS].reset_index(drop=True)


def _used(rng: np.random.Generator, years: pd.DataFrame) -> pd.DataFrame:
    """Tonnes of standard coal by carrier, on the index of `years`: power split by where it came from."""
    mix = np.array([TRADES[trade].mix for trade in years["trade"]])
    drift = rng.lognormal(0, 0.2, (len(years), len(CARRIERS))) * mix
    total = drift.sum(axis=1, keepdims=True)
    share = np.divide(drift, total, out=np.zeros_like(drift), where=total > 0)
    off = np.clip(rng.normal(0, 0.006, len(years)), -0.015, 0.015)
    tce = share * (years["energy_tce"].to_numpy() * (1 + off))[:, None]
    used = pd.DataFrame(tce, columns=list(CARRIERS), index=years.index)
    firm = years["enterprise_id"].factorize()[0]
    later = (years["year"].to_numpy() - 2020) / 4
    for name, most, chance in (("green", 0.35, 0.12), ("solar", 0.18, 0.15)):
        taken = np.where(rng.random(firm.max() + 1) < chance, rng.uniform(0.05, most, firm.max() + 1), 0.0)
        used[name] = used["electricity"] * taken[firm] * later
    used["electricity"] -= used["green"] + used["solar"]
    return used.assign(park_power=0.0, park_heat=0.0)


def _serve(used: pd.DataFrame, years: pd.DataFrame) -> None:
    """Heat, and a part of the power of the largest users, comes from the plant."""
    told = years["above_scale"] & years["role"].ne("plant")
    used.loc[told, "park_heat"] = used.loc[told, "heat"]
    used.loc[told, "heat"] = 0.0
    heat = used["park_heat"].groupby(years["enterprise_id"]).sum()
    customers = years["enterprise_id"].isin(heat.nlargest(CUSTOMERS).index) & told
    used.loc[customers, "park_power"] = 0.4 * used.loc[customers, "electricity"]
    used.loc[customers, "electricity"] *= 0.6


def _long(used: pd.DataFrame, keys: pd.DataFrame, supplier: str = "") -> pd.DataFrame:
    """One row per enterprise, year and carrier."""
    rows = keys.join(used).melt(KEYS, var_name="carrier", value_name="tce")
    return rows.assign(supplier_id=np.where(rows["carrier"].isin(["park_power", "park_heat"]), supplier, ""))


def _of_the_zone(rng: np.random.Generator, used: pd.DataFrame, years: pd.DataFrame) -> pd.DataFrame:
    """What the zone states itself: offices, street lights, homes, and the small enterprises together."""
    small = used.loc[~years["above_scale"]].groupby(years["year"]).sum()
    every = used.groupby(years["year"]).sum()
    public = every[["electricity", "natural_gas"]] * rng.uniform(0.03, 0.06, (len(every), 2))
    own = small.reindex(every.index).fillna(0.0).add(public, fill_value=0.0)
    own["electricity"] += own.pop("green")
    return _long(own, pd.DataFrame({"enterprise_id": "", "year": own.index}, index=own.index))


def _plant(
    rng: np.random.Generator, told: pd.DataFrame, years: pd.DataFrame, plant: pd.Index
) -> pd.DataFrame:
    """The plant's own statement, year by year; what it sells inside is what its neighbours bought."""
    year = years.loc[plant, "year"].to_numpy()
    sold = told[["park_heat", "park_power"]].groupby(years["year"]).sum().loc[year].to_numpy()
    power = np.maximum(sold[:, 1] * 1.15, sold[:, 0] * 0.32)
    fuel = (sold[:, 0] + power) / EFFICIENCY * rng.uniform(0.99, 1.01, len(year))
    years.loc[plant, "energy_tce"] = (fuel - sold[:, 0] - power).round(2)
    out = pd.DataFrame(
        {
            "bituminous_coal": fuel * 0.985,
            "natural_gas": fuel * 0.015,
            "sold_heat": sold[:, 0],
            "sold_power": sold[:, 1],
            "grid_power": power - sold[:, 1],
        },
        index=plant,
    )
    return _long(out, years.loc[plant, KEYS])

"""Suppliers held against nature (供能平衡): what they send out against what they made, bought and burned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from carbon.category import Quote
from carbon.tables import Floats, counted, numbers, summed, texts
from data.records import Outcome
from data.units import convert

BOUGHT = ("bought", "green_traded", "green_direct", "bought_nonfossil", "bought_in_park")
MADE = ("generated",)
"""All that was generated (发电量), whoever used it; `own_generated` (自发自用) is a part of it"""
OUTSIDE = ("sold", "sold_green", "sold_nonfossil")
OUT = (*OUTSIDE, "sold_in_park")
UNBURNED = ("sold_green", "sold_nonfossil")
# What may drive a plant without being stated as energy: refuse burned, heat of a process, gas of a conversion
HIDDEN = ("waste", "process", "conversion", "capture")


def energy_each(quotes: Sequence[Quote]) -> Floats:
    """GJ in one unit of what each quote is for, by the calorific value in its factor; nan unknown."""
    return np.array([_energy(quote) for quote in quotes] + [np.nan])


def _energy(quote: Quote) -> float:
    if quote.unit == "GJ":
        return 1.0
    parts = quote.factor.parts if quote.factor else ()
    values = [part.value for part in parts if part.unit == f"GJ/{quote.unit}" and part.value is not None]
    return values[0] if values else float("nan")


def energy_gj(frame: pd.DataFrame, quotes: Sequence[Quote]) -> Floats:
    """The energy of each line of fuel, power or heat, GJ; nan where it is not known or the line carries none.

    What is used as a raw material is no energy here.
    """
    category = texts(frame, "category")
    amount = numbers(frame, "amount")
    each = energy_each(quotes)[frame["quote"].to_numpy(np.int64)]
    power = (category == "electricity").to_numpy()
    heat = (category == "heat").to_numpy()
    fuel = (category.isin(["fuel", "vehicle"]) & (texts(frame, "purpose") != "feedstock")).to_numpy()
    told = (texts(frame, "missing") == "").to_numpy()
    found = np.where(fuel, amount * each, np.where(power, amount * convert(1.0, "MWh", "GJ"), amount))
    return np.where(told & (power | heat | fuel), found, np.nan)


def balances(frame: pd.DataFrame, quotes: Sequence[Quote], zone: str, most: float) -> pd.DataFrame:
    """Each enterprise that sends out power or heat, and where the energy for it came from.

    Formula: power and heat sent out <= most x (fuel + power and heat bought + own non-fossil power); where no
    fuel is stated, what it says it generated stands in for its source. Non-fossil power and heat that it
    sells needs no fuel and is not held.

    Parameters
    ----------
    most : largest share of the energy taken in that can be sent out

    Returns
    -------
    DataFrame: enterprise_id; per carrier `out_<carrier>`, `made_<carrier>`, `bought_<carrier>` (MWh, GJ),
    `made_stated_<carrier>` (rows); fuel_gj, in_gj, out_gj, open (rows that keep the balance from being told),
    outcome
    """
    carried = texts(frame, "category").isin(["electricity", "heat"]) & texts(frame, "item").isin(OUT)
    who = texts(frame, "enterprise_id").replace("", zone)
    suppliers = np.sort(np.array(who[carried.to_numpy()].unique(), dtype=object))
    lines = frame[who.isin(suppliers).to_numpy()]
    codes = pd.Index(suppliers).get_indexer(pd.Index(texts(lines, "enterprise_id").replace("", zone)))
    made = _carried(lines, codes, suppliers)
    return _held(made, lines, quotes, codes, most)


def _carried(lines: pd.DataFrame, codes: np.ndarray, suppliers: np.ndarray) -> pd.DataFrame:
    """Sums by carrier and by what the item says of it."""
    amount = np.where(texts(lines, "missing") == "", numbers(lines, "amount"), np.nan)
    category, item = texts(lines, "category"), texts(lines, "item")
    columns: dict[str, object] = {"enterprise_id": suppliers}
    for carrier in ("electricity", "heat"):
        for name, items in (("out", OUT), ("made", MADE), ("bought", BOUGHT)):
            rows = ((category == carrier) & item.isin(items)).to_numpy()
            columns[f"{name}_{carrier}"] = summed(codes, np.where(rows, amount, np.nan), len(suppliers))
        rows = ((category == carrier) & item.isin(MADE)).to_numpy() & ~np.isnan(amount)
        columns[f"made_stated_{carrier}"] = counted(codes, rows, len(suppliers))
    return pd.DataFrame(columns)


def _held(
    made: pd.DataFrame, lines: pd.DataFrame, quotes: Sequence[Quote], codes: np.ndarray, most: float
) -> pd.DataFrame:
    """The balance of energy, and whether it can be."""
    count = len(made)
    category, item, missing = (texts(lines, name) for name in ("category", "item", "missing"))
    gj, amount = energy_gj(lines, quotes), numbers(lines, "amount")
    fuel = (category == "fuel").to_numpy()
    made["fuel_gj"] = summed(codes, np.where(fuel, gj, np.nan), count)
    source = item.isin([*BOUGHT, "own_nonfossil"]) & category.isin(["electricity", "heat"])
    taken = made["fuel_gj"] + summed(codes, np.where(source, gj, np.nan), count)
    own = summed(codes, np.where(item.isin(MADE).to_numpy(), gj, np.nan), count)
    made["in_gj"] = taken + np.where(made["fuel_gj"] == 0, own, 0.0)
    sent = item.isin(OUT) & ~item.isin(UNBURNED) & category.isin(["electricity", "heat"])
    made["out_gj"] = summed(codes, np.where(sent, gj, np.nan), count)
    unread = (missing != "").to_numpy() & (fuel | category.isin(["electricity", "heat"]).to_numpy())
    feedstock = (texts(lines, "purpose") == "feedstock").to_numpy()
    unvalued = fuel & ~feedstock & (missing == "").to_numpy() & np.isnan(gj) & (amount > 0)
    strange = category.isin(HIDDEN) | (texts(lines, "scope") == "")
    hidden = strange.to_numpy() & (amount > 0)
    made["open"] = counted(codes, unread | unvalued | hidden, count)
    within = made["out_gj"] <= most * made["in_gj"] * (1 + 1e-9)
    made["outcome"] = np.where(within, Outcome.MET.value, Outcome.NOT_MET.value)
    made.loc[(made["open"] > 0) & ~within, "outcome"] = Outcome.CANNOT_TELL.value
    return made

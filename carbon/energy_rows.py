"""Energy of each kind of statement (能源实物量折热量): what counts as consumed, and its heat in GJ or MWh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from carbon import fuels
from carbon.category import Ask, look_up
from carbon.ledger.checks import NOTHING
from carbon.measured import BURNED, fuel_of
from data.errors import UnitMismatch
from data.parameters import has
from data.units import convert

FLOWS: Mapping[str, Mapping[str, int]] = {
    # what the sun or the wind gives is energy consumed when it is used here, and none when it is sold
    "electricity": {
        "bought": 1, "green_traded": 1, "green_direct": 1, "own_nonfossil": 1, "sold": -1,
    },
    "heat": {"bought": 1, "bought_nonfossil": 1, "sold": -1},
}  # fmt: skip
"""Flow -> 1 where it is consumed, -1 where it leaves; a flow that is not named counts 0"""
KEY = ["category", "item", "purpose", "unit"]
TEXTS = ("category", "item", "purpose", "unit", "stated_unit", "notation", "missing", "enterprise_id")


@dataclass(frozen=True, slots=True)
class Lost:
    """Statements whose energy is not known.

    Parameters
    ----------
    count : how many
    named : the first of them in words, with what is lacking
    """

    count: int = 0
    named: tuple[str, ...] = ()

    def __add__(self, other: Lost) -> Lost:
        return Lost(self.count + other.count, (self.named + other.named)[:3])

    def __str__(self) -> str:
        more = self.count - len(self.named)
        return "; ".join(self.named) + (f"; and {more} more" if more > 0 else "")


def energy_rows(lines: pd.DataFrame, ask: Ask) -> tuple[pd.DataFrame, Lost]:
    """The energy of the statements, summed by category, item, purpose and unit.

    Formula: GJ = amount x calorific value; a measured one comes before the default of the chosen family

    Parameters
    ----------
    lines : priced lines; those that are no energy are left aside

    Returns
    -------
    `category, item, purpose, unit, amount, gj, mwh, sign, count`; `sign` is 1 for what is consumed, -1 for
    what leaves, 0 for what is counted elsewhere; and what is not known
    """
    told = _plain(lines)
    energy = told["category"].isin([*BURNED, *FLOWS])
    strange = told["scope"].eq("") if "scope" in told else pd.Series(False, index=told.index)
    amount = energy & (told["quote"] >= 0) & told["amount"].notna()
    open_ = strange | energy & ~amount & ~told["notation"].isin(NOTHING)
    groups = told[amount].groupby(KEY, sort=True, as_index=False)
    sums = groups.agg(amount=("amount", "sum"), count=("amount", "size"))
    keys = list(zip(*(sums[name].tolist() for name in KEY), strict=True))
    signs = [_sign(category, item, purpose) for category, item, purpose, _ in keys]
    heats = [_heat(category, item, unit, ask) if sign else 0.0 for (category, item, _, unit), sign in zip(
        keys, signs, strict=True)]  # fmt: skip
    per = np.array([np.nan if each is None else each for each in heats], dtype=np.float64)
    electric = sums["category"].eq("electricity").to_numpy()
    values = sums["amount"].to_numpy(np.float64) * per
    rows = sums.assign(
        gj=np.where(electric, 0.0, values), mwh=np.where(electric, values, 0.0), sign=np.array(signs, int)
    )
    silent = np.isnan(per)
    lost = _not_known(told[open_]) + _without_heat(rows[silent], ask)
    return rows[~silent].reset_index(drop=True), lost


def _plain(lines: pd.DataFrame) -> pd.DataFrame:
    """The columns that are needed; a statement with a measured calorific value is told in GJ."""
    made = pd.DataFrame({
        name: lines[name] if name in lines else pd.Series("", lines.index, dtype="str") for name in TEXTS
    })
    for name in ("scope", "stated_item"):
        if name in lines:
            made[name] = lines[name]
    made["quote"] = lines["quote"]
    made["amount"] = lines["amount"].astype(float)
    made["unit"] = made["unit"].where(made["unit"] != "", made["stated_unit"])
    if "ncv_gj" in lines and "stated_amount" in lines:
        own = lines["ncv_gj"].notna() & made["category"].isin(BURNED) & made["unit"].ne("GJ")
        made["amount"] = made["amount"].where(~own, lines["stated_amount"] * lines["ncv_gj"])
        made["unit"] = made["unit"].where(~own, "GJ")
    return made


def _sign(category: str, item: str, purpose: str) -> int:
    if category in FLOWS:
        return FLOWS[category].get(item, 0)
    if purpose == "recovered":  # its energy was counted with the fuel that it came from
        return 0
    return -1 if item.startswith("out.") else 1


def _heat(category: str, item: str, unit: str, ask: Ask) -> float | None:
    """MWh of one unit of electricity, GJ of one unit of anything else; None where it is not known.

    >>> _heat("electricity", "bought", "万kWh", Ask(2023, "410000"))
    10.0
    >>> _heat("fuel", "diesel", "t", Ask(2023, "410000"))
    43.33
    """
    base = "MWh" if category == "electricity" else "GJ"
    try:
        return convert(1.0, unit, base)
    except UnitMismatch:
        return _calorific(fuel_of(item), unit, ask) if category in BURNED else None


def _calorific(fuel: str, unit: str, ask: Ask) -> float | None:
    """GJ of one unit by the calorific value of the chosen family; None where it has none, or not per unit."""
    times, base, _ = fuels.measure(fuel, unit, ask)
    name = f"factors.fuel_{ask.choices.family}.{fuel}.ncv"
    if base == fuels.ENERGY:
        return times
    dated = look_up(name, ask, ask.region)[0] if base and has(name) else None
    return None if dated is None or dated.value is None else times * dated.value


def _not_known(lines: pd.DataFrame) -> Lost:
    named = tuple(
        f"{row['enterprise_id'] or 'the zone'} {row['category']} {row.get('stated_item') or row['item']} "
        f"({row['missing'] or row['notation'] or 'no amount'})"
        for row in lines.head(3).to_dict("records")
    )
    return Lost(len(lines), named)


def _without_heat(rows: pd.DataFrame, ask: Ask) -> Lost:
    named = tuple(
        f"{row['category']} {row['item']} in {row['unit'] or 'no unit'} "
        f"(no calorific value in the family {ask.choices.family})"
        for row in rows.head(3).to_dict("records")
    )
    return Lost(int(rows["count"].sum()), named)

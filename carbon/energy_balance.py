"""Energy consumed (综合能源消费量) in tonnes of standard coal, each unit of energy counted once.

What crosses the park's boundary or is burned inside it counts; what enterprises pass to each other does not.
Electricity stands at 等价值 (the coal a power plant burns for it) and, beside, at 当量值 (its heat).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from carbon.category import Ask, look_up
from carbon.energy_rows import Lost, energy_rows
from data.parameters import parameter
from data.records import Dated, Fault, Input, Result, Severity, Status
from data.units import convert

EQUIVALENT = "factors.standard_coal.electricity_equivalent"
PHYSICAL = "factors.standard_coal.electricity_physical"
LABELS = {"equivalent": "综合能源消费量(电力等价值)", "physical": "综合能源消费量(电力当量值)"}
FORMULA = (
    "fuel x calorific value / 29.3076 + electricity in x coal equivalent + heat in / 29.3076 - electricity "
    "and heat sold out of the park at the same values; what is passed on, recovered or generated counts 0"
)
PARTS = {"fuel": "燃料", "electricity": "电力", "heat": "热力"}
STATED = "coal equivalent of electricity stated by the zone"


class Coal(NamedTuple):
    """Standard coal of one MWh of electricity, between which values it may lie, tce/MWh, and its article."""

    value: float
    low: float
    high: float
    article: Dated | str


@dataclass(frozen=True, slots=True)
class Energy:
    """What a park consumes in a year.

    Parameters
    ----------
    equivalent, physical : `energy_tce` with electricity at 等价值, `energy_tce_physical` at 当量值
    low, high : between which `equivalent` lies when its coal equivalent is not verified; equal when it is
    feedstock_tce : fuels used as raw material, told apart
    rows : one row per category, item, purpose and unit: `category, item, purpose, unit, amount, count, gj,
        mwh, sign, tce, tce_physical`; a sign of 0 says that it is counted elsewhere
    faults : what a person should know of the coal equivalent
    """

    equivalent: Result
    physical: Result
    low: float | None
    high: float | None
    feedstock_tce: float
    rows: pd.DataFrame
    faults: tuple[Fault, ...] = ()


def energy_balance(
    lines: pd.DataFrame, ask: Ask, *, coal_stated: float | None = None, feedstock: bool = False
) -> Energy:
    """Energy really consumed in the park in a year.

    Formula: Σ fuel (GJ) / 29.3076 + (MWh in - MWh sold) x coal equivalent + (GJ in - GJ sold) / 29.3076. Fuel
    burned in the park's own plant is counted once, as fuel; its power and heat count 0 for buyers inside, and
    are taken off where they leave, at the value of what comes in, as 附件4 does with emissions.

    Parameters
    ----------
    lines : priced lines of one year (`Inventory.frame`); the fuel family of `ask` gives calorific values
    coal_stated : coal equivalent of electricity that the zone states itself, tce/MWh; None: the dated value
    feedstock : whether fuels used as raw material count. The text does not say; its total of emissions leaves
        them out, and so they are left out here unless asked for

    Returns
    -------
    Energy; without a value where a line is not known or one of fuel, electricity, heat is not stated at all

    Source: ndrc-2025-910 附件3 二.1; gbt-2589-2020

    >>> bought = dict(category="electricity", item="bought", purpose="", amount=1000.0, unit="MWh")
    >>> rest = dict(purpose="", amount=float("nan"), unit="", notation="NO", quote=-1)
    >>> rows = [bought | dict(notation="", quote=0), rest | dict(category="fuel", item="diesel")]
    >>> frame = pd.DataFrame([*rows, rest | dict(category="heat", item="bought")])
    >>> energy_balance(frame, Ask(2023, "410000")).equivalent.value
    300.0
    """
    rows, lost = energy_rows(lines, ask)
    coal, said = _coal(ask, coal_stated)
    heat, _ = look_up(PHYSICAL, ask)
    burned = (rows["sign"] * rows["gj"]).to_numpy() / _gj_per_tce()
    electric = (rows["sign"] * rows["mwh"]).to_numpy()
    heat_value = heat.value if heat and heat.value else np.nan
    rows = rows.assign(tce=burned + electric * coal.value, tce_physical=burned + electric * heat_value)
    raw = rows["purpose"].eq("feedstock").to_numpy()
    counted = rows if feedstock else rows[~raw]
    reason = _open(lines, lost)
    whole = _result("equivalent", counted, reason, coal.article)
    beside = _result("physical", counted, reason, heat or "gbt-2589-2020")
    low, high = _ends(whole.value, float(electric.sum()), coal)
    return Energy(whole, beside, low, high, float(burned[raw].sum()), rows, said)


def _ends(whole: float | None, power: float, coal: Coal) -> tuple[float | None, float | None]:
    """Between which values the energy lies; selling more power than comes in turns them round."""
    if whole is None:
        return None, None
    low, high = sorted(whole + power * (end - coal.value) for end in (coal.low, coal.high))
    return low, high


@cache
def _gj_per_tce() -> float:
    return convert(1.0, "tce", "GJ")


def _coal(ask: Ask, stated: float | None) -> tuple[Coal, tuple[Fault, ...]]:
    """The coal equivalent that is taken, and a warning while nobody has checked it."""
    if stated is not None:
        return Coal(stated, stated, stated, STATED), ()
    dated, silent = look_up(EQUIVALENT, ask, ask.region)
    if dated is None or dated.value is None:
        return Coal(np.nan, np.nan, np.nan, "gbt-2589-2020"), silent
    if dated.status is Status.VERIFIED:
        return Coal(dated.value, dated.value, dated.value, dated), ()
    more = parameter(EQUIVALENT).more
    low, high = float(more.get("low", dated.value)), float(more.get("high", dated.value))
    return Coal(dated.value, low, high, dated), (_unchecked(dated, low, high),)


def _unchecked(dated: Dated, low: float, high: float) -> Fault:
    return Fault(
        code="coal_equivalent_unverified",
        message=f"The coal equivalent of electricity, {dated.value:g} {dated.unit}, is a round figure that "
        f"nobody has checked; it lies between {low:g} and {high:g}.",
        remedy="State 电力等价值折标系数 of the year, kgce/kWh, in the statistics, as officially given.",
        severity=Severity.WARNING,
        layer="statistics",
        feature="electricity_coal_equivalent",
    )


def _open(lines: pd.DataFrame, lost: Lost) -> str:
    """Why the energy consumed cannot be told; empty where it can."""
    said = []
    if lost.count:
        said.append(f"{lost.count} statements have no energy that is known: {lost}.")
    silent = [name for name in PARTS if not lines["category"].eq(name).any()]
    if silent:
        said.append(
            f"Nobody has stated any {', '.join(silent)}; write NO and an explanation if none is used."
        )
    return " ".join(said)


def _result(which: str, counted: pd.DataFrame, reason: str, article: Dated | str) -> Result:
    column = "tce" if which == "equivalent" else "tce_physical"
    used = counted[counted["sign"] != 0]
    inputs = tuple(
        Input(
            name=f"{row['category']}.{row['item']}",
            label=f"{PARTS.get(row['category'], row['category'])} {row['item']}",
            value=float(row["amount"]),
            unit=row["unit"],
            origin="sold, taken off" if row["sign"] < 0 else "consumed",
            count=int(row["count"]),
        )
        for row in used.to_dict("records")
    )
    total = float(used[column].sum())
    if total != total:
        reason = f"{reason} No coal equivalent of electricity is known for that day.".strip()
    return Result(
        code="energy_tce" if which == "equivalent" else "energy_tce_physical",
        label=LABELS[which],
        value=None if reason else total,
        unit="tce",
        inputs=inputs,
        formula=FORMULA,
        articles=(article,),
        reason=reason,
        breakdown={str(name): float(each) for name, each in used.groupby("category")[column].sum().items()},
    )

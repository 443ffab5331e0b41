"""What an assessment tells of emissions (评价中的碳排放): totals, per mu, per 万元, flows inside the park.

Everything else of the inventory is told by `api.inventories`, which takes longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from carbon.category import Ask
from carbon.inventory import Inventory
from carbon.ndrc910 import total as park_total
from carbon.netting import netting
from carbon.results import results
from data.records import Fault, Input, Result
from geo.benefit import area_bases, per_area

INSIDE = ("bought_in_park", "sold_in_park")
KEPT_SCOPES = ("emissions_scope1", "emissions_scope2")


def flow_faults(told: Inventory) -> tuple[Fault, ...]:
    """What is wrong with power and heat passed on inside the park; nothing where none is."""
    if not told.frame["item"].isin(INSIDE).any():
        return ()
    ask = Ask(told.year, told.region, told.choices, told.known_on)
    return netting(told.frame, told.quotes, ask, told.zone).faults


def emissions(
    told: Inventory, firms: pd.DataFrame, parcels: pd.DataFrame, zone: Mapping[str, Any]
) -> list[Result]:
    """The totals, per mu of built land, and per 万元 of value added."""
    total, *beside = results(told)
    bases = area_bases(zone, parcels, firms)
    return [
        total,
        *(each for each in beside if each.code in KEPT_SCOPES),
        park_total(told),
        per_area("emissions_per_mu", "亩均碳排放", total, "tCO2e", bases),
        _per_value_added(total, firms),
    ]


def _per_value_added(total: Result, firms: pd.DataFrame) -> Result:
    known = firms["value_added_cny10k"].notna()
    added = float(firms["value_added_cny10k"].sum()) if len(firms) and known.all() else None
    lacking = ", ".join(firms.loc[~known, "enterprise_id"].astype(str)[:5])
    why = [total.reason] if total.value is None else []
    if added is None:
        why.append(
            f"No value added is known of {lacking}." if len(firms) else "No enterprise stated value added."
        )
    elif added <= 0:
        why.append(f"Value added is {added:.2f} 万元, by which nothing can be divided.")
    value = total.value / added if total.value is not None and added is not None and added > 0 else None
    return replace(
        total,
        code="emissions_per_value_added",
        label="单位增加值碳排放",
        value=value,
        unit="tCO2e/CNY10k",
        inputs=(*total.inputs, Input("value_added", "增加值", added, "CNY10k", "enterprises", len(firms))),
        formula="emissions_total / Σ value_added_cny10k",
        reason=" ".join(why),
        breakdown={},
    )

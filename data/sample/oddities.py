"""What is put in on purpose (有意安排): figures that are missing, negative, confidential or a little off.

Each function changes one zone's tables in place and returns the story that it makes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.sample.energy import ITEMS
from data.sample.land import Land
from data.sample.records import Story


@dataclass
class Made:
    """All tables of one zone while the sample is being made."""

    land: Land
    years: pd.DataFrame
    activity: pd.DataFrame
    projects: pd.DataFrame


def declare_wrongly(made: Made) -> Story:
    """Two registered areas that are three per cent too large."""
    parcels = made.land.parcels
    rows = parcels.index[parcels["code3"].eq("0601") & parcels["built"]][[7, 60]]
    parcels.loc[rows, "declared_area_m2"] = (parcels.loc[rows, "declared_area_m2"] * 1.03).round(2)
    return Story(
        "declared_area",
        made.land.plan.code,
        "两个地块的登记面积比图上量得的大 3%，检查时应给出提醒，不应拒收。",
        {"excess_share": 0.03, "parcels": 2.0},
        tuple(parcels.loc[rows, "parcel_id"]),
    )


def lose_a_tax_figure(made: Made) -> Story:
    """One enterprise whose tax of 2022 nobody has told: missing, not zero."""
    row = _steady(made.years, 2022, 3)
    made.years.loc[row, "tax_cny10k"] = np.nan
    who = str(made.years.loc[row, "enterprise_id"])
    text = "一家企业 2022 年税收未填：缺数不是零，亩均税收应说明缺一家，不得按零计。"
    return Story("tax_missing", made.land.plan.code, text, {"year": 2022.0, "missing": 1.0}, (who,))


def refund(made: Made) -> Story:
    """One enterprise that in 2023 got more tax back than it paid."""
    row = _steady(made.years, 2023, 5)
    held: Any = made.years.loc[row]
    paid = -round(0.6 * float(held["tax_cny10k"]), 2)
    made.years.loc[row, "tax_cny10k"] = paid
    who = str(held["enterprise_id"])
    text = "一家企业 2023 年留抵退税大于缴税，税收为负，照实合计。"
    return Story("tax_refund", made.land.plan.code, text, {"year": 2023.0, "tax_cny10k": paid}, (who,))


def keep_confidential(made: Made) -> Story:
    """One enterprise whose coal of 2023 is confidential (C)."""
    coal = made.activity[
        (made.activity["item"] == ITEMS["bituminous_coal"])
        & (made.activity["year"] == 2023)
        & (made.activity["enterprise_id"] != "")
    ]
    row: Any = coal["amount"].idxmax()
    _key(made.activity, row, "C", "示例：企业称涉及工艺配方，数量保密，已单独报送主管部门")
    text = "一家企业 2023 年用煤量保密（C）：总量不能结清，须注明。"
    who = str(made.activity.loc[row, "enterprise_id"])
    return Story("coal_confidential", made.land.plan.code, text, {"year": 2023.0, "rows": 1.0}, (who,))


def include_elsewhere(made: Made) -> Story:
    """Two tenants whose power is in their landlord's bill (IE)."""
    years, table = made.years, made.activity
    tenants = (
        years[years["role"].eq("tenant") & years["above_scale"]].drop_duplicates("enterprise_id").head(2)
    )
    host = dict(zip(tenants["enterprise_id"], tenants["landlord"], strict=True))
    power = table["item"].eq(ITEMS["electricity"])
    mine = power & table["enterprise_id"].isin(list(host))
    theirs = power & table["enterprise_id"].isin(list(host.values()))
    moved = table[mine].groupby([table["enterprise_id"].map(host), "year"])["amount"].sum()
    keys = pd.MultiIndex.from_frame(table.loc[theirs, ["enterprise_id", "year"]])
    table.loc[theirs, "amount"] += moved.reindex(keys).fillna(0.0).to_numpy()
    table["amount"] = table["amount"].round(2)
    _key(table, mine, "IE", f"示例：电费由房东 {'、'.join(set(host.values()))} 统一缴纳，已计入其台账")
    text = "两家承租企业的用电列在房东台账中（IE），不得重复也不得遗漏。"
    numbers = {"rows": float(mine.sum())}
    return Story("power_in_landlords_bill", made.land.plan.code, text, numbers, tuple(host))


def _key(table: Any, rows: Any, notation: str, explanation: str) -> None:
    """Notation and explanation in place of an amount."""
    table.loc[rows, ["amount", "uncertainty_pct"]] = np.nan
    table.loc[rows, ["source", "quality"]] = ""
    table.loc[rows, "notation"] = notation
    table.loc[rows, "explanation"] = explanation


def _steady(years: pd.DataFrame, year: int, rank: int) -> Any:
    """The row of that year of a middling owner who has reported throughout."""
    whole = years.groupby("enterprise_id")["year"].transform("size") == years["year"].nunique()
    rows = years[whole & years["year"].eq(year) & years["role"].eq("owner") & years["above_scale"]]
    return (rows["tax_cny10k"] - rows["tax_cny10k"].median()).abs().nsmallest(rank).index[-1]

"""Statements that a person should look at (疑点示例): a flow that does not agree, a jump, an intensity.

Each is real in its own way: energy and statements of an enterprise go on telling the same.
"""

from __future__ import annotations

import pandas as pd

from data.sample.energy import ITEMS, tce_each
from data.sample.lines import add, burned, largest, row, told
from data.sample.oddities import Made
from data.sample.plan import YEARS
from data.sample.records import Story

HUNGRY = ("G411162", "machinery", 4, 7.0)  # uses as much more energy as others of its industry
LOST = ("G411169", 2023, 0.97)  # of the heat that its neighbours bought, the plant has stated so much
SWITCH = ("G411168", "medicine", 0, 2023)  # burns gas itself from that year on, and buys no heat
TOO_FEW = "G411165"


def burn_more(zone: str, years: pd.DataFrame, activity: pd.DataFrame) -> None:
    """One enterprise uses several times the energy of its industry, in all its years; both tables say so."""
    if zone != HUNGRY[0]:
        return
    _, trade, rank, times = HUNGRY
    firm = largest(years, trade, rank)
    mine, theirs = years["enterprise_id"].eq(firm), activity["enterprise_id"].eq(firm)
    years.loc[mine, "energy_tce"] = (years.loc[mine, "energy_tce"] * times).round(2)
    activity.loc[theirs, "amount"] = (activity.loc[theirs, "amount"] * times).round(2)


def switch_fuel(made: Made) -> Story | None:
    """One enterprise that bought heat has a boiler of its own: its fuel jumps, its heat is gone."""
    zone, trade, rank, since = SWITCH
    if made.land.plan.code != zone:
        return None
    firm, table = largest(made.years, trade, rank), made.activity
    heat = told(table, firm, ITEMS["heat"]) & table["year"].ge(since)
    gj = table.loc[heat].set_index("year")["amount"]
    gas = told(table, firm, ITEMS["natural_gas"]) & table["year"].ge(since)
    added = table.loc[gas, "year"].map(gj) * tce_each("heat") / tce_each("natural_gas")
    table.loc[gas, "amount"] = (table.loc[gas, "amount"] + added).round(2)
    burnt = table[told(table, firm, ITEMS["natural_gas"])].set_index("year")["amount"]
    made.activity = table[~heat].reset_index(drop=True)
    what, why = ("heat", ITEMS["heat"], "吉焦"), f"示例：自 {since} 年起改用自备燃气锅炉，不再外购热力"
    add(made, [row(made, firm, y, what, notation="NO", explanation=why) for y in YEARS if y >= since])
    text = f"一家企业 {since} 年起由外购热力改为自备燃气锅炉：燃料排放同比成倍增长，应提示核对，属实。"
    before, after = float(burnt[since - 1]), float(burnt[since])
    numbers = {"year": float(since), "before_10k_nm3": before, "after_10k_nm3": after}
    return Story("fuel_jump", zone, text, numbers, (firm,))


def state_less(made: Made) -> Story | None:
    """The plant states less heat sold than its neighbours say they bought."""
    zone, year, share = LOST
    if made.land.plan.code != zone:
        return None
    table = made.activity
    mine = table["item"].eq(ITEMS["sold_heat"]) & table["year"].eq(year)
    sold = float(table.loc[mine, "amount"].iloc[0])
    table.loc[mine, "amount"] = round(sold * share, 2)
    firm = str(table.loc[mine, "enterprise_id"].iloc[0])
    text = f"热电厂填报的 {year} 年区内供热比买方合计少 3%：区内流动对不上，应指出差多少、涉及谁。"
    numbers = {"year": float(year), "sold_gj": round(sold * share, 2), "bought_gj": round(sold, 2)}
    return Story("flow_disagrees", zone, text, numbers, (firm,))


def tell_of_doubts(made: Made) -> list[Story]:
    """The stories of a zone whose numbers can be read from its tables as they are."""
    code, stories = made.land.plan.code, []
    if code == HUNGRY[0]:
        firm = largest(made.years, HUNGRY[1], 0)  # now it is the first
        last = made.years[made.years["year"].eq(YEARS[-1]) & made.years["trade"].eq(HUNGRY[1])]
        each = (last["energy_tce"] / last["value_added_cny10k"]).set_axis(last["enterprise_id"])
        text = "一家机械企业单位增加值能耗是同行的数倍：强度离群，应提示核对数量、单位和增加值。"
        tce, times = burned(made.years, firm)[YEARS[-1]], float(each[firm] / each.median())
        numbers = {"tce": tce, "times": round(times, 2)}
        stories.append(Story("intensity_outlier", code, text, numbers, (firm,)))
    if code == TOO_FEW:
        text = "区内无人填报废弃物与废水：应报类别缺一类，给出可能的量级，不得当作零。"
        stories.append(Story("category_missing", code, text, {"rows": 0.0}))
    return stories

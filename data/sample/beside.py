"""What else an enterprise or a zone emits (其他排放示例): waste, cooling, vehicles, biomass, scope 3, land.

Few rows of each, so that every category of an inventory is seen somewhere. Where a fuel or a contract takes
the place of another, the energy stays what it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from data.sample.energy import ITEMS, tce_each
from data.sample.lines import Row, add, burned, largest, row, told
from data.sample.oddities import Made
from data.sample.plan import BOUNDARY_CHANGE, YEARS
from data.units import convert

SILENT = "G411165"  # nobody there has told waste and waste water
REPORT = "统计报表"
# what every zone states itself, by thousand employees: tonnes of COD treated, of nitrogen let out, …
OF_ZONE = (
    (("waste", "废水好氧处理", "吨"), 95.0),
    (("waste", "排放总氮", "吨"), 3.2),
    (("refrigerant", "冷水机组充注量 R-410A", "吨"), 0.12),
    (("refrigerant", "中压开关设备充注量 SF6", "千克"), 14.0),
    (("vehicle", "汽油", "吨"), 9.0),
)


class Of(NamedTuple):
    """A row of one enterprise, for each of its years from `since` on; `per_tce` by the energy it burned."""

    trade: str
    rank: int
    what: tuple[str, str, str]
    per_tce: float
    since: int = YEARS[0]
    source: str = REPORT


ESG, CCU = "企业年度 ESG 报告(示例)", "捕集装置流量计"
OF_FIRMS: Mapping[str, tuple[Of, ...]] = {
    "G411031": (
        Of("vehicle", 0, ("scope3", "外购商品和服务", "tCO2e"), 31.0, 2022, ESG),
        Of("vehicle", 0, ("scope3", "上游运输和配送", "tCO2e"), 2.6, 2022, ESG),
        Of("vehicle", 1, ("scope3", "外购商品和服务", "tCO2e"), 27.0, 2023, ESG),
        Of("parts", 0, ("scope3", "商务旅行", "tCO2e"), 0.05, 2023, ESG),
        Of("electronics", 0, ("refrigerant", "三氟化氮", "千克"), 0.05),
        Of("electronics", 0, ("refrigerant", "CF4", "千克"), 0.04),
    ),
    "G411162": (Of("vehicle", 0, ("refrigerant", "HFC-134a", "千克"), 0.12),),
    "G411166": (Of("clothes", 0, ("waste", "废水厌氧处理", "吨"), 0.09),),
    "G411167": (
        Of("paper", 0, ("waste", "废水厌氧处理", "吨"), 0.35),
        Of("paper", 0, ("waste", "回收甲烷", "吨"), 0.045, 2021),
        Of("paper", 1, ("waste", "废水厌氧处理", "吨"), 0.30),
        Of("chemicals", 0, ("capture", "捕集利用二氧化碳", "吨"), 0.25, 2023, CCU),
        Of("chemicals", 0, ("waste", "危险废物焚烧", "吨"), 0.04),
    ),
    "G411168": (
        Of("medicine", 1, ("waste", "危险废物焚烧", "吨"), 0.06),
        Of("medicine", 1, ("waste", "好氧处理废水", "吨"), 0.08),
    ),
    "G411169": (
        Of("food", 0, ("waste", "废水厌氧处理", "吨"), 0.22),
        Of("food", 0, ("refrigerant", "工业制冷与冷库充注量 R-507A", "吨"), 0.0004),
        Of("food", 1, ("waste", "堆肥", "吨"), 0.5),
        Of("food", 2, ("refrigerant", "R-404A", "千克"), 0.03, 2022),
    ),
}
BIOMASS = ("G411169", "food", 3, 2022)  # burns straw instead of gas from that year on
ZERO = "生物质燃料来源证明(示例)，燃烧二氧化碳另列"
DIRECT = (
    "G411163",
    "solar",
    0,
    2023,
    0.3,
)  # of its bought power comes by a line of its own from a solar farm
EXPORTS = ("G411163", 2022, 0.45)  # of what they use themselves, two enterprises send out from their roofs
LAND = ("G411169", ("land", "林地转建设用地", "公顷"), 18.6)


def tell_beside(rng: np.random.Generator, made: Made) -> None:
    """The rows of a zone that are not of its fuels, power and heat, and what takes the place of these."""
    code = made.land.plan.code
    _certify(made)
    if code == DIRECT[0]:
        _connect(made)
    if code == BIOMASS[0]:
        _burn_straw(made)
    rows = [*_of_zone(rng, made), *_of_firms(rng, made)]
    if code == EXPORTS[0]:
        rows += _exports(made)
    if code == LAND[0]:
        rows.append(row(made, "", BOUNDARY_CHANGE.year, *LAND[1:], source="国土变更调查(示例)"))
    add(made, rows)


def _of_zone(rng: np.random.Generator, made: Made) -> Iterator[Row]:
    staff = made.years.groupby("year")["employees"].sum() / 1000
    wave = rng.lognormal(0, 0.05, (len(OF_ZONE), len(YEARS)))
    for (what, each), waves in zip(OF_ZONE, wave, strict=True):
        if what[0] == "waste" and made.land.plan.code == SILENT:
            continue
        for year, by in zip(YEARS, waves, strict=True):
            yield row(made, "", year, what, float(staff[year]) * each * by, source=REPORT, quality="M")


def _of_firms(rng: np.random.Generator, made: Made) -> Iterator[Row]:
    for one in OF_FIRMS.get(made.land.plan.code, ()):
        firm = largest(made.years, one.trade, one.rank)
        wave = rng.lognormal(0, 0.06, len(YEARS))
        for (year, tce), by in zip(burned(made.years, firm).items(), wave, strict=True):
            if year >= one.since:
                yield row(made, firm, year, one.what, tce * one.per_tce * by, source=one.source)


def _certify(made: Made) -> None:
    """Every second enterprise with an even number has its green power by certificates alone."""
    table = made.activity
    green = table["item"].eq(ITEMS["green"]) & table["enterprise_id"].str[-1:].isin([*"02468"])
    table.loc[green, "item"] = "绿证电力"
    table.loc[green, "source"] = "绿证核销凭证"


def _connect(made: Made) -> None:
    """A part of the power that one enterprise buys comes straight from a solar farm."""
    _, trade, rank, since, share = DIRECT
    firm, table = largest(made.years, trade, rank), made.activity
    bought = told(table, firm, ITEMS["electricity"]) & table["year"].ge(since)
    direct = table[bought].assign(item="绿电直供", source="直供线路关口表", uncertainty_pct=0.5)
    direct["amount"] = (direct["amount"] * share).round(2)
    table.loc[bought, "amount"] = (table.loc[bought, "amount"] - direct["amount"]).round(2)
    made.activity = pd.concat([table, direct], ignore_index=True)


def _burn_straw(made: Made) -> None:
    """The energy of one enterprise's gas comes from biomass instead; its carbon has grown."""
    _, trade, rank, since = BIOMASS
    firm, table = largest(made.years, trade, rank), made.activity
    gas = told(table, firm, ITEMS["natural_gas"]) & table["year"].ge(since)
    each = tce_each("natural_gas") * convert(1.0, "tce", "GJ")
    table.loc[gas, "amount"] = (table.loc[gas, "amount"] * each).round(1)
    words = ["item", "unit", "source", "equipment", "quality"]
    table.loc[gas, words] = "生物质成型燃料", "吉焦", ZERO, "industrial_boiler", "M"
    table.loc[gas, ["measured_tco2e", "uncertainty_pct"]] = 0.0, np.nan


def _exports(made: Made) -> list[Row]:
    """The two largest with solar power of their own send a part of it out."""
    _, since, share = EXPORTS
    own = made.activity[made.activity["item"].eq(ITEMS["solar"]) & made.activity["enterprise_id"].ne("")]
    last = own[own["year"] == YEARS[-1]].sort_values(["amount", "enterprise_id"], ascending=[False, True])
    mine = own[own["enterprise_id"].isin(last["enterprise_id"].head(2)) & own["year"].ge(since)]
    what = ("electricity", "外送绿电", "万千瓦时")
    return [
        row(made, str(firm), int(year), what, amount * share, source="上网关口表", uncertainty_pct=0.5)
        for firm, year, amount in zip(mine["enterprise_id"], mine["year"], mine["amount"], strict=True)
    ]

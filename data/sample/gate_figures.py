"""Figures of the zone that the gates ask for (零碳园区与考核指标统计): some zones tell all, most a few.

All are invented. What a zone does not tell stays unknown; nothing is told for it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from data.sample.energy import ITEMS
from data.sample.oddities import Made
from data.sample.plan import YEARS

COLUMNS = ["zone", "period", "item", "value", "unit"]
WHOLE = "G411163"  # tells everything
NAMES = {  # item, as the zone spells it -> unit, first year, step by year
    "清洁能源消费占比": ("%", 41.0, 3.6),
    "园区企业产出产品单位能耗等级": ("级", 2.0, 0.0),
    "工业固体废弃物综合利用率": ("%", 71.5, 2.1),
    "余热综合利用率": ("%", 52.0, 1.5),
    "余冷综合利用率": ("%", 30.0, 1.0),
    "余压综合利用率": ("%", 38.0, 0.8),
    "可回收余热量": ("GJ", 86_000.0, 1500.0),
    "可回收余冷量": ("GJ", 4200.0, 50.0),
    "可回收余压量": ("GJ", 2600.0, 40.0),
    "工业用水重复利用率": ("%", 86.4, 0.9),
    "建设主体为省级及以上开发区": ("1", 1.0, 0.0),
    "建设范围四至边界明确": ("1", 1.0, 0.0),
    "能碳统计核算计量监测具备基础": ("1", 1.0, 0.0),
    "近3年重大安全环境事故数": ("起", 0.0, 0.0),
    "电力等价值折标系数": ("tce/MWh", 0.3040, -0.0012),
}
FEW = {  # zone -> what it tells of these
    "G411031": ("清洁能源消费占比", "建设主体为省级及以上开发区", "近3年重大安全环境事故数"),
    "G411167": ("工业固体废弃物综合利用率", "余热综合利用率", "工业用水重复利用率"),
    "G411169": ("清洁能源消费占比", "工业用水重复利用率", "能碳统计核算计量监测具备基础"),
}
ACCOUNTED = (WHOLE, "G411031", "G411162", "G411169")  # tell value added, energy and emissions of industry
HOURS = 1050.0  # a year at full power of a roof in Henan
T_PER_TCE = 3.1  # of an industrial park that buys most of its energy as power, tCO2
OFF = {"G411163": 1.02, "G411162": 1.12}  # the zone's own 综合能耗 by that of its enterprises; one is far off


def tell_figures(made: Made) -> pd.DataFrame:
    """Rows zone, period, item, value, unit of the gates; none for a zone that tells nothing."""
    return pd.DataFrame(list(_rows(made)), columns=COLUMNS).astype({"value": float})


def _rows(made: Made) -> Iterator[tuple[str, str, str, float, str]]:
    code = made.land.plan.code
    for name in NAMES if code == WHOLE else FEW.get(code, ()):
        unit, first, step = NAMES[name]
        for since, year in enumerate(YEARS):
            yield code, str(year), name, round(first + step * since, 4), unit
    for year, figures in _sums(made).items():
        for (name, unit), value in figures.items():
            yield code, str(year), name, round(value, 2), unit


def _sums(made: Made) -> dict[int, dict[tuple[str, str], float]]:
    """What follows from the enterprises: capacity of roofs, value added, energy, emissions above scale."""
    code, years, table = made.land.plan.code, made.years, made.activity
    solar = table[table["item"].isin([ITEMS["solar"], "外送绿电"])].groupby("year")["amount"].sum()
    above = years[years["above_scale"]].groupby("year")[["value_added_cny10k", "energy_tce"]].sum()
    told: dict[int, dict[tuple[str, str], float]] = {year: {} for year in YEARS}
    for year in YEARS:
        if code in ACCOUNTED:
            told[year] |= {
                ("可再生能源装机容量", "兆瓦"): float(solar.get(year, 0.0)) * 10 / HOURS,
                ("规上工业增加值", "万元"): float(above["value_added_cny10k"][year]),
                ("规上工业综合能源消费量", "tce"): float(above["energy_tce"][year]),
                ("规上工业二氧化碳排放量", "吨二氧化碳"): float(above["energy_tce"][year]) * T_PER_TCE,
            }
        if code in OFF:
            whole = float(years.loc[years["year"] == year, "energy_tce"].sum())
            told[year] |= {("综合能耗", "tce"): whole * OFF[code]}
    return told

"""Figures that statistics state (统计指标) and that the gates ask for, under Chinese or English names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, NamedTuple

import pandas as pd

from data.errors import ColumnMissing, UnitMismatch
from data.records import Fault, Severity
from data.units import convert

NEEDS = ("zone", "period", "item", "value", "unit")


class Item(NamedTuple):
    """One figure: its Chinese term, the unit it is told in, and between which values it can lie."""

    label: str
    unit: str = "1"
    low: float = 0.0
    high: float = float("inf")


ITEMS: Mapping[str, Item] = {
    "electricity_coal_equivalent": Item("电力等价值折标系数", "tce/MWh", 0.1, 1.0),
    "clean_energy_share": Item("清洁能源消费占比", "1", 0, 1),
    "product_energy_level": Item("园区企业产出产品单位能耗等级", "1", 1, 9),
    "solid_waste_use_rate": Item("工业固体废弃物综合利用率", "1", 0, 1),
    "waste_energy_use_rate": Item("余热/余冷/余压综合利用率", "1", 0, 1),
    "waste_heat_use_rate": Item("余热综合利用率", "1", 0, 1),
    "waste_cold_use_rate": Item("余冷综合利用率", "1", 0, 1),
    "waste_pressure_use_rate": Item("余压综合利用率", "1", 0, 1),
    "waste_heat_available": Item("可回收余热量", "GJ"),
    "waste_cold_available": Item("可回收余冷量", "GJ"),
    "waste_pressure_available": Item("可回收余压量", "GJ"),
    "water_reuse_rate": Item("工业用水重复利用率", "1", 0, 1),
    "condition_entity": Item("建设主体为省级及以上开发区", "1", 0, 1),
    "condition_boundary": Item("建设范围四至边界明确", "1", 0, 1),
    "condition_metering": Item("能碳统计核算计量监测具备基础", "1", 0, 1),
    "major_accidents_3y": Item("近3年重大安全环境事故数", "1"),
    "energy_above_scale": Item("规上工业综合能源消费量", "tce"),
    "emissions_above_scale": Item("规上工业二氧化碳排放量", "t"),
    "industrial_value_added_above_scale": Item("规上工业增加值", "CNY10k", float("-inf")),
    "value_added": Item("增加值", "CNY10k", float("-inf")),
    "revenue": Item("营业收入", "CNY10k"),
    "renewable_capacity": Item("可再生能源装机容量", "MW"),
}
COUNTED = dict.fromkeys(("", "级", "次", "起", "个", "是", "比例"), "1")
SPELT = {"兆瓦": "MW", "千瓦": "kW", "万千瓦": "10^4 kW", "吉瓦": "GW", "tCO2": "t", "吨二氧化碳": "t"}
NAMES = {item.label: name for name, item in ITEMS.items()} | {name: name for name in ITEMS}


@dataclass(frozen=True)
class Stated:
    """The figures of one zone and year.

    Parameters
    ----------
    told : name out of `ITEMS` -> figure in the unit of its item; a figure nobody states is not there
    faults : figures that could not be read, or were stated twice and differently
    """

    told: Mapping[str, float] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def get(self, item: str) -> float | None:
        """The figure, None where nobody has stated it in a way that can be read."""
        return self.told.get(item)


def stated(statistics: pd.DataFrame, zone: str, year: int) -> Stated:
    """The figures of a zone and year among statistics; months and items of other rooms are left aside.

    Parameters
    ----------
    statistics : columns zone, period, item, value, unit

    Raises
    ------
    ColumnMissing : one of the five columns is not there

    >>> rows = pd.DataFrame([("Z", "2024", "清洁能源消费占比", 92.5, "%")], columns=list(NEEDS))
    >>> stated(rows, "Z", 2024).get("clean_energy_share")
    0.925
    """
    for name in NEEDS:
        if name not in statistics:
            raise ColumnMissing(name, "Statistics", list(statistics.columns))
    text = {
        name: statistics[name].astype("str").fillna("").str.strip() for name in ("zone", "period", "item")
    }
    ours = (text["zone"] == zone) & text["period"].str.fullmatch(rf"{year}年?(\.0)?")
    names = text["item"].map(NAMES)
    rows = statistics[ours & names.notna()]
    values: dict[str, float] = {}
    faults: list[Fault] = []
    split: set[str] = set()
    for name, value, unit in zip(names[rows.index], rows["value"], rows["unit"], strict=True):
        told = _told(name, value, "" if unit != unit or unit is None else str(unit).strip())
        if isinstance(told, Fault):
            faults.append(told)
        elif told is not None and values.setdefault(name, told) != told:
            faults.append(_twice(name, values[name], told))
            split.add(name)
    return Stated({name: value for name, value in values.items() if name not in split}, tuple(faults))


def missing(item: str) -> str:
    """What to do about a figure that nobody has stated.

    >>> missing("water_reuse_rate")
    'State 工业用水重复利用率 (water_reuse_rate) of that year in the statistics.'
    """
    return f"State {ITEMS[item].label} ({item}) of that year in the statistics."


def _told(name: str, value: object, unit: str) -> float | Fault | None:
    """A figure in the unit of its item; None where the cell is blank."""
    item = ITEMS[name]
    number = _number(value)
    if number != number:
        return None if value is None or value != value or not str(value).strip() else _no_number(name, value)
    spelt = COUNTED.get(unit, SPELT.get(unit, unit))
    try:
        figure = convert(number, spelt, item.unit)
    except UnitMismatch:
        return _fault(
            "unit_not_convertible",
            f"{item.label} is stated in {unit or 'no unit'}: no way to {item.unit}.",
            f"State it in {'%' if item.unit == '1' else item.unit}.",
            (name, "unit"),
        )
    if item.low <= figure <= item.high and isfinite(figure):
        return figure
    return _fault(
        "figure_impossible",
        f"{item.label} is stated as {value} {unit}, which is {figure:g} {item.unit}; "
        f"it lies between {item.low:g} and {item.high:g}.",
        "Check the figure and its unit: 92.5 % is not 92.5.",
        (name, "value"),
    )


def _no_number(name: str, value: object) -> Fault:
    said = f"{ITEMS[name].label} is stated as {value!r}, which is no number."
    return _fault("figure_not_a_number", said, "Write the figure in digits.", (name, "value"))


def _number(value: Any) -> float:
    return float(pd.to_numeric(value, errors="coerce"))


def _twice(name: str, first: float, again: float) -> Fault:
    return _fault(
        "stated_twice",
        f"{ITEMS[name].label} is stated as {first:g} and as {again:g} {ITEMS[name].unit}; neither is used.",
        "Keep the one that is right.",
        (name, "value"),
    )


def _fault(code: str, message: str, remedy: str, place: tuple[str, str]) -> Fault:
    feature, column = place
    return Fault(code, message, remedy, Severity.ERROR, "statistics", feature, column=column)

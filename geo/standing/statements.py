"""Statistics of zones (统计报表): stated figures in one unit per item, by zone, item, year and month.

A yearly figure has the period 2024, a monthly one 2024-06; a month's figure is that of the month alone.
Rows whose zone is a GB/T 2260 code are of the region. What cannot be read is a Fault, and the figure is
then unknown; it is never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data.columns.types import period
from data.errors import ColumnMissing, UnitMismatch
from data.records import Fault
from data.units import convert

NEEDS = ("zone", "period", "item", "value", "unit")
MONEY = ("CNY100M",)
ABROAD = ("CNY100M", "万美元")  # no rate of exchange is ours to choose, so each stays what it is
COUNT = ("1",)
# how people write that something is counted
COUNTED = dict.fromkeys(("", "个", "家", "户", "项", "处"), "1")
PAIR = ["item", "unit"]
KEY = ["zone", "item", "period"]


@dataclass(frozen=True, slots=True)
class Item:
    """One figure that statistics state: its Chinese term, and the units in which it is told."""

    label: str
    units: tuple[str, ...]


ITEMS: Mapping[str, Item] = {
    "gdp": Item("地区生产总值", MONEY),
    "fixed_investment": Item("固定资产投资", MONEY),
    "revenue": Item("营业收入", MONEY),
    "industrial_investment": Item("工业投资", MONEY),
    "leading_industry_investment": Item("主导产业投资", MONEY),
    "regional_industrial_investment": Item("本地区工业投资", MONEY),
    "rd_expenditure": Item("研发经费投入", MONEY),
    "high_tech_enterprises": Item("高新技术企业数", COUNT),
    "foreign_investment": Item("实际吸收外资", ABROAD),
    "out_of_province_funds": Item("实际引进省外资金", MONEY),
    "goods_trade": Item("货物进出口总额", ABROAD),
    "international_parks": Item("国际合作园区数", COUNT),
    "ftz_linkage_zones": Item("自贸试验区开放创新联动区数", COUNT),
    "provincial_etdz": Item("省级经开区数", COUNT),
    "population": Item("常住人口", ("人",)),
    "industrial_output": Item("工业总产值", MONEY),
    "budget_revenue": Item("一般公共预算收入", MONEY),
    "tax": Item("税收", MONEY),
    "value_added_above_scale": Item("规上企业增加值", MONEY),
}


def label(item: str) -> str:
    """The Chinese term of an item, or its name where it is not one of ours.

    >>> label("gdp"), label("beds")
    ('地区生产总值', 'beds')
    """
    return ITEMS[item].label if item in ITEMS else item


@dataclass(frozen=True)
class Statements:
    """Statistics, read.

    Parameters
    ----------
    rows : zone, item, period, year, month (0 for a yearly figure), value (NaN unknown), unit,
        stated (the figure as written), stated_unit; one row per zone, item and period
    faults : what could not be read
    """

    rows: pd.DataFrame
    faults: tuple[Fault, ...] = ()
    _yearly: Mapping[tuple[str, str, int], tuple[float, str]] = field(default_factory=dict, repr=False)

    def yearly(self, zone: str, item: str, year: int) -> tuple[float | None, str]:
        """The figure of a year and its unit; None where nobody has stated it."""
        value, unit = self._yearly.get((zone, item, year), (np.nan, ""))
        return (None if value != value else float(value)), unit

    def column(self, item: str, year: int) -> pd.DataFrame:
        """Value and unit of one item in one year, by zone."""
        rows = self.rows
        chosen = rows[(rows["item"] == item) & (rows["year"] == year) & (rows["month"] == 0)]
        return chosen.set_index("zone")[["value", "unit"]]


def read(statistics: pd.DataFrame) -> Statements:
    """Statistics in the unit of their item.

    Parameters
    ----------
    statistics : columns zone, period, item, value, unit; one row per figure

    Returns
    -------
    Statements, with a Fault for each period that is none, each unit that cannot be converted, and each
    figure that is stated twice and differently

    Raises
    ------
    ColumnMissing : one of the five columns is not there

    >>> rows = pd.DataFrame([("Z", "2024", "gdp", 13_441.0, "万元")], columns=list(NEEDS))
    >>> read(rows).yearly("Z", "gdp", 2024)
    (1.3441, 'CNY100M')
    """
    for name in NEEDS:
        if name not in statistics:
            raise ColumnMissing(name, "Statistics", statistics.columns)
    rows = statistics[list(NEEDS)].reset_index(drop=True)
    rows["value"] = pd.to_numeric(rows["value"], errors="coerce").astype("float64")
    rows["unit"] = rows["unit"].astype("str").fillna("").str.strip()
    rows, odd = _periods(rows)
    rows, unfit = _units(rows)
    rows, twice = _once(rows)
    year = rows[rows["month"] == 0]
    keys = zip(year["zone"].tolist(), year["item"].tolist(), year["year"].tolist(), strict=True)
    told = zip(year["value"].tolist(), year["unit"].tolist(), strict=True)
    return Statements(rows, (*odd, *unfit, *twice), dict(zip(keys, told, strict=True)))


def _periods(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    distinct = rows["period"].dropna().unique()
    known = {cell: said for cell in distinct if (said := period(cell))}
    told = rows["period"].map(known).astype("str")
    bad = rows[told.isna()]
    found = [
        Fault(
            "not_a_period",
            f"{label(item)} of {zone} has the period {cell!r}, which is neither a year nor a month.",
            "Write a year, 2024, or a month, 2024-06.",
            layer="statistics",
            feature=str(zone),
            column="period",
        )
        for zone, item, cell in bad[["zone", "item", "period"]].drop_duplicates().itertuples(index=False)
    ]
    rows = rows.assign(period=told)[told.notna()]
    years = rows["period"].str[:4].astype("int64")
    months = rows["period"].str[5:7].replace("", "0").astype("int64")
    return rows.assign(year=years, month=months), found


def _units(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Each figure in the unit of its item: one conversion per pair of item and unit, not per row."""
    pairs = rows[PAIR].drop_duplicates()
    told = [_factor(item, unit) for item, unit in pairs.itertuples(index=False)]
    pairs = pairs.assign(factor=[each for each, _ in told], told=[unit for _, unit in told])
    joined = rows.merge(pairs, on=PAIR, how="left")
    made = joined.assign(stated=joined["value"], stated_unit=joined["unit"])
    made["value"] = made["value"] * made["factor"]
    made["unit"] = made["told"]
    bad = made[made["factor"].isna()]
    found = [
        Fault(
            "unit_not_convertible",
            f"{label(item)} of {zone} is stated in {unit or 'no unit'}: no way to {_asked(item)}.",
            f"State {label(item)} in {_asked(item)}.",
            layer="statistics",
            feature=str(zone),
            column="unit",
        )
        for zone, item, unit in bad[["zone", "item", "stated_unit"]].drop_duplicates().itertuples(index=False)
    ]
    return made.drop(columns=["factor", "told"]), found


def _asked(item: str) -> str:
    return " or ".join("个" if unit == "1" else unit for unit in ITEMS[item].units)


def _factor(item: str, unit: str) -> tuple[float, str]:
    """What a figure is multiplied by, and the unit in which it is then; nan where there is no way."""
    spelt = COUNTED.get(unit, unit)
    if item not in ITEMS or spelt in ITEMS[item].units:
        return 1.0, spelt
    for wanted in ITEMS[item].units:
        try:
            return convert(1.0, spelt, wanted), wanted
        except UnitMismatch:
            continue
    return float("nan"), spelt


def _once(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """One row per figure; where two rows contradict each other, the figure is unknown."""
    again = rows.duplicated(KEY, keep=False)
    if not again.any():
        return rows, []
    groups = rows[again].groupby(KEY, sort=True)
    told = groups.agg(low=("value", "min"), high=("value", "max"), units=("unit", "nunique"))
    split = told[(told["low"] != told["high"]) & told["low"].notna() | (told["units"] > 1)].reset_index()
    found = [
        Fault(
            "stated_twice",
            f"{label(item)} of {zone} for {when} is stated as {low:g} and as {high:g}.",
            "Keep the one that is right.",
            layer="statistics",
            feature=str(zone),
            column="value",
        )
        for zone, item, when, low, high in split[[*KEY, "low", "high"]].itertuples(index=False)
    ]
    single = rows.sort_values("value", kind="stable").drop_duplicates(KEY).sort_index()
    marks = pd.MultiIndex.from_frame(single[KEY]).isin(pd.MultiIndex.from_frame(split[KEY]))
    return single.assign(value=single["value"].mask(marks)), found


def named(codes: Iterable[str], shown: int = 5) -> str:
    """`A, B, C and 3 more`.

    >>> named(["Z2", "Z1"]), named("abcdefg", 2)
    ('Z1, Z2', 'a, b and 5 more')
    """
    ordered = sorted(codes)
    more = len(ordered) - shown
    return ", ".join(ordered[:shown]) + (f" and {more} more" if more > 0 else "")

"""Figures of a zone and year (园区年度数据) on which intensities rest, and where each comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from carbon.gates.stated import ITEMS, Stated
from data.errors import ColumnMissing
from data.records import Input

UNITS: Mapping[str, tuple[str, str]] = {
    "emissions_total": ("碳排放总量(位置法)", "tCO2e"),
    "ndrc910_total": ("零碳园区碳排放总量", "tCO2"),
    "energy_tce": ("综合能源消费量(电力等价值)", "tce"),
    "energy_above_scale": ("规上工业综合能源消费量", "tce"),
    "emissions_above_scale": ("规上工业二氧化碳排放量", "tCO2"),
    "industrial_value_added_above_scale": ("规上工业增加值", "CNY10k"),
    "value_added": ("增加值", "CNY10k"),
    "revenue": ("营业收入", "CNY10k"),
    "land": ("用地面积", "mu"),
    "renewable_capacity": ("可再生能源装机容量", "MW"),
}
SUMS = {"value_added": "value_added_cny10k", "revenue": "revenue_cny10k"}
ABOVE = {"energy_above_scale": "energy_tce", "industrial_value_added_above_scale": "value_added_cny10k"}
INDUSTRY = {f"{division:02d}" for division in range(6, 47)}
"""Divisions 06 to 46 of GB/T 4754-2017: mining, manufacturing, and supply of power, heat, gas and water"""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one zone and year.

    Parameters
    ----------
    told : name out of `UNITS` -> figure; one that is not known is not there
    origins : name -> where it comes from
    reasons : name -> why it is not known
    """

    year: int
    told: Mapping[str, float] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    def input(self, name: str) -> Input:
        """The figure as an input of a result; None where it is not known."""
        label, unit = UNITS[name]
        return Input(f"{name}.{self.year}", label, self.told.get(name), unit, self.origins.get(name, ""))

    def why(self, names: Iterable[str]) -> str:
        """Why the figures among these that are lacking are so; empty where none is."""
        lacking = [name for name in names if name not in self.told]
        said = [self.reasons.get(name) or f"nobody has stated {UNITS[name][0]} ({name})" for name in lacking]
        return "; ".join(f"{self.year}: {each.rstrip('.')}" for each in said)


def figures(
    year: int,
    known: Mapping[str, float | None],
    *,
    reasons: Mapping[str, str] | None = None,
    statistics: Stated | None = None,
    enterprises: Figures | None = None,
) -> Figures:
    """The figures of a year out of all that is known of it.

    Parameters
    ----------
    known : what the caller has computed: `emissions_total`, `ndrc910_total`, `energy_tce`, `land` (mu)
    reasons : why a figure of `known` is None
    statistics : the zone's own statement, which comes before the sum over its enterprises
    enterprises : that sum, as `of_enterprises` makes it

    >>> figures(2024, {"energy_tce": 500.0}).told
    {'energy_tce': 500.0}
    """
    summed = enterprises or Figures(year)
    own = {n: v for n, v in (statistics.told if statistics else {}).items() if n in UNITS}
    computed = {name: float(value) for name, value in known.items() if value is not None}
    values = {**summed.told, **own, **computed}
    origins = {
        **summed.origins,
        **dict.fromkeys(own, f"statistics {year}"),
        **dict.fromkeys(computed, "computed"),
    }
    return Figures(year, values, origins, {**summed.reasons, **(reasons or {})})


def of_enterprises(enterprises: pd.DataFrame, zone: str, year: int) -> Figures:
    """Sums over a zone's enterprises: value added and revenue of all, energy and value added above scale.

    A sum is told only when every enterprise in it has stated the figure. Above-scale sums are of industry
    (GB/T 4754-2017 divisions 06 to 46).

    Parameters
    ----------
    enterprises : rows of the kind `enterprises`; other zones and years may stand among them

    Raises
    ------
    ColumnMissing : zone or year is not there
    """
    for name in ("zone", "year"):
        if name not in enterprises:
            raise ColumnMissing(name, "The sums over enterprises", list(enterprises.columns))
    ours = enterprises[(enterprises["zone"].astype("str") == zone) & (enterprises["year"] == year)]
    values: dict[str, float] = {}
    reasons: dict[str, str] = {}
    for name, column in SUMS.items():
        _sum(name, ours, column, (values, reasons))
    scale, unsaid = _above_scale(ours)
    for name, column in ABOVE.items():
        if unsaid:
            reasons[name] = (
                f"{unsaid} of {len(ours)} enterprises do not say whether they are 规上, or their industry"
            )
        else:
            _sum(name, scale, column, (values, reasons))
    return Figures(year, values, dict.fromkeys(values, "sum over enterprises"), reasons)


def _above_scale(ours: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Industrial enterprises above scale, and how many rows do not say whether they are."""
    if not len(ours) or not {"above_scale", "industry"} <= set(ours.columns):
        return ours[:0], len(ours)
    code = ours["industry"].astype("str").fillna("").str.strip().str.lstrip("ABCDEFGHIJKLMNOPQRST")
    flag = ours["above_scale"].astype("boolean")
    unsaid = flag.isna() | (flag.fillna(False) & code.eq(""))
    return ours[flag.fillna(False) & code.str[:2].isin(INDUSTRY)], int(unsaid.sum())


def _sum(name: str, rows: pd.DataFrame, column: str, told: tuple[dict[str, float], dict[str, str]]) -> None:
    """The sum of a column into `values`, or why it cannot be told into `reasons`."""
    values, reasons = told
    label = ITEMS[name].label if name in ITEMS else name
    if not len(rows):
        reasons[name] = f"there are no enterprises to sum {label} over"
        return
    numbers = rows[column] if column in rows else pd.Series(float("nan"), rows.index)
    silent = int(numbers.isna().sum())
    if silent:
        reasons[name] = f"{silent} of {len(rows)} enterprises have not stated {label}"
    else:
        values[name] = float(numbers.sum())

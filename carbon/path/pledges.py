"""Pledges of reduction (减排目标): which indicator is to fall to what, from which year to which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from math import isfinite
from typing import Any, NamedTuple

import pandas as pd

from data.errors import ColumnMissing, UnitMismatch
from data.records import Fault, Severity
from data.units import convert, round_trip

NEEDS = ("zone", "indicator", "base_year", "target_year")
NUMBERS = ("base_year", "target_year", "base_value", "target_value", "reduction_share")


class Indicator(NamedTuple):
    """What can be pledged: its Chinese term and unit."""

    label: str
    unit: str


INDICATORS: Mapping[str, Indicator] = {
    "emissions_total": Indicator("碳排放总量(位置法)", "tCO2e"),
    "ndrc910_total": Indicator("零碳园区碳排放总量", "tCO2"),
    "emissions_per_tce": Indicator("单位能耗碳排放", "tCO2/tce"),
    "emissions_per_mu": Indicator("亩均碳排放", "tCO2e/mu"),
    "emissions_per_value_added": Indicator("单位增加值碳排放", "tCO2e/CNY10k"),
    "emissions_per_revenue": Indicator("单位营业收入碳排放", "tCO2e/CNY10k"),
    "energy_tce": Indicator("综合能源消费量", "tce"),
    "energy_per_industrial_value_added": Indicator("规上工业单位增加值能耗", "tce/CNY10k"),
    "emissions_per_industrial_value_added": Indicator("规上工业单位增加值二氧化碳排放量", "tCO2/CNY10k"),
}
NAMES = {each.label: name for name, each in INDICATORS.items()} | {name: name for name in INDICATORS}
TONNES = {"t", "吨", "tCO2", "tCO2e", "吨二氧化碳", "吨二氧化碳当量"}
"""Spellings of a tonne of emissions; 万 before one is ten thousand of it"""


@dataclass(frozen=True, slots=True)
class Pledge:
    """One pledge.

    Parameters
    ----------
    indicator : key of `INDICATORS`
    base : figure of the base year; None: that of the inventory is taken
    target : figure of the target year, in the indicator's unit
    share : by how much it is to fall from the base year; 0.18 is 18 %. One of target and share
    source : document in which it stands
    """

    zone: str
    indicator: str
    base_year: int
    target_year: int
    base: float | None = None
    target: float | None = None
    share: float | None = None
    source: str = ""

    def target_from(self, base: float | None) -> float | None:
        """The figure of the target year, as stated or by the share; None where it cannot be told.

        >>> Pledge("Z", "emissions_total", 2020, 2030, share=0.18).target_from(100.0)
        82.0
        """
        if self.target is not None:
            return self.target
        if base is None or self.share is None:
            return None
        return round_trip(base * (1 - self.share))

    def as_json(self) -> dict[str, Any]:
        """Every field, with the indicator's term and unit."""
        about = INDICATORS[self.indicator]
        return {**asdict(self), "label": about.label, "unit": about.unit}


def read_pledges(pledges: pd.DataFrame, zone: str) -> tuple[tuple[Pledge, ...], tuple[Fault, ...]]:
    """The pledges of a zone that can be followed, and what is wrong with the others.

    Parameters
    ----------
    pledges : rows of the kind `pledges`; other zones may stand among them

    Raises
    ------
    ColumnMissing : a column without which no row can be read

    >>> row = dict(zone="Z", indicator="emissions_total", base_year=2020, target_year=2030)
    >>> read_pledges(pd.DataFrame([row | {"reduction_share": 0.2}]), "Z")[0][0].share
    0.2
    """
    for name in NEEDS:
        if name not in pledges:
            raise ColumnMissing(name, "The pledges", list(pledges.columns))
    found: list[Pledge] = []
    faults: list[Fault] = []
    ours = pledges[pledges["zone"].astype("str") == zone]
    for row in ours.astype(object).where(ours.notna(), None).to_dict("records"):
        said = _unread(row) or _fault(row) or _told(row)
        if isinstance(said, Fault):
            faults.append(said)
        else:
            found.append(said)
            faults += _both(row)
    return tuple(found), tuple(faults)


def _unread(row: Mapping[Any, Any]) -> Fault | None:
    """The first cell that should be a number and is none."""
    for name in NUMBERS:
        cell = row.get(name)
        if cell is not None and not isfinite(float(pd.to_numeric(cell, errors="coerce"))):
            return _of(row, "pledge_unreadable", f"{cell!r} is no number.", "Write it in digits.", name)
    return None


def _fault(row: Mapping[Any, Any]) -> Fault | None:
    """The first thing that keeps a pledge from being followed."""
    indicator = str(row["indicator"] or "").strip()
    if indicator not in NAMES:
        return _of(row, "indicator_unknown", f"{indicator or 'A blank'} is no indicator that can be pledged.",
                   f"Write one of {', '.join(INDICATORS)}.", "indicator")  # fmt: skip
    if row["base_year"] is None or row["target_year"] is None:
        return _of(row, "pledge_without_year", f"The pledge on {indicator} lacks a year.",
                   "State the base year and the target year.", "base_year")  # fmt: skip
    if int(row["target_year"]) <= int(row["base_year"]):
        return _of(row, "pledge_years_reversed",
                   f"The target year {row['target_year']} does not come after {row['base_year']}.",
                   "Correct one of the two.", "target_year")  # fmt: skip
    if row.get("target_value") is None and row.get("reduction_share") is None:
        return _of(row, "pledge_without_target",
                   f"The pledge on {indicator} names neither a value of {row['target_year']} nor a share.",
                   "State 目标值 or 下降比例.", "target_value")  # fmt: skip
    return None


def _told(row: Mapping[Any, Any]) -> Pledge | Fault:
    name = NAMES[str(row["indicator"]).strip()]
    unit = str(row.get("unit") or "").strip()
    times = _times(unit, INDICATORS[name].unit)
    if times is None:
        return _of(row, "unit_not_convertible", f"{name} in {unit}: no way to {INDICATORS[name].unit}.",
                   f"State it in {INDICATORS[name].unit}.", "unit")  # fmt: skip
    base, target, share = row.get("base_value"), row.get("target_value"), row.get("reduction_share")
    return Pledge(
        zone=str(row["zone"]),
        indicator=name,
        base_year=int(row["base_year"]),
        target_year=int(row["target_year"]),
        base=None if base is None else round_trip(float(base) * times),
        target=None if target is None else round_trip(float(target) * times),
        share=float(share) if target is None and share is not None else None,
        source=str(row.get("source") or ""),
    )


def _times(unit: str, wanted: str) -> float | None:
    """Stated unit -> unit of the indicator; None where there is no way."""
    above, _, below = wanted.partition("/")
    stated, _, per = unit.partition("/")
    if not unit:
        return 1.0
    try:
        top = _tonnes(stated) if above.startswith("tCO2") else convert(1.0, stated, above)
        return top / convert(1.0, per, below) if below or per else top
    except UnitMismatch:
        return None


def _tonnes(unit: str) -> float:
    count, spelt = (10_000.0, unit.removeprefix("万")) if unit.startswith("万") else (1.0, unit)
    return count if spelt in TONNES else convert(1.0, unit, "t")


def _both(row: Mapping[Any, Any]) -> list[Fault]:
    """A warning where value and share are both stated and do not agree."""
    base, target, share = (row.get(name) for name in ("base_value", "target_value", "reduction_share"))
    if base is None or target is None or share is None:
        return []
    implied = round_trip(float(base) * (1 - float(share)))
    if abs(implied - float(target)) <= 0.005 * abs(float(base)):
        return []
    said = (
        f"The share of {share:g} leads from {base:g} to {implied:g}, but {target:g} is stated as the target."
    )
    fault = _of(row, "pledge_contradicts_itself", said, "Keep one; the value is taken.", "target_value")
    return [replace(fault, severity=Severity.WARNING)]


def _of(row: Mapping[Any, Any], code: str, message: str, remedy: str, column: str) -> Fault:
    feature = f"{row['zone']} {row['indicator']} {row['target_year']}"
    return Fault(code, message, remedy, Severity.ERROR, "pledges", feature, column=column)

"""Sums against totals (合计核对): statements against 综合能耗, enterprises against the zone's statistics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from carbon.completeness.park import Park
from carbon.energy import power_used
from carbon.limits import limits, values
from carbon.netting.balance import BOUGHT, MADE, OUT, energy_gj
from carbon.tables import Floats, counted, numbers, summed, texts
from data.errors import UnitMismatch
from data.records import Fault, Outcome, Severity
from data.units import convert

LIMITS = ("energy_apart", "zone_apart")
# measure -> unit, and the names that statistics give it
MEASURES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "energy_tce": ("tce", ("综合能耗", "综合能源消费量", "能源消费总量", "energy_tce", "energy")),
    "electricity_mwh": ("MWh", ("用电量", "全社会用电量", "电力消费量", "electricity_mwh", "electricity")),
}
BOOKED, STATED = "enterprises", "statements"
EQUAL = (0.25, 0.40)  # tce per MWh at 等价值, from memory: from the most modern plant to an old one


def compared(park: Park, statistics: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """Each enterprise's statements against its own total, and all of them against the zone's statistics.

    Formula: energy = fuel + power (0.1229 tce/MWh, 当量值) + heat taken in, less power and heat sent out;
    electricity = bought + generated - sold, not below zero for any enterprise. Raw material is left out.

    Parameters
    ----------
    statistics : rows of the kind `statistics`; a row whose item is 综合能耗 or 用电量 of the year is held
        against the sum over the enterprises' table (`enterprises`) and over all lines (`statements`)

    Returns
    -------
    DataFrame: enterprise_id (the zone under its code), measure, unit, total (as it is stated), sum, against
    (enterprises, statements), difference, share, open (rows that are not told), outcome; and a warning for
    each that is apart. A sum that is open is a lower bound: it can only be found too high.
    """
    found, unknown = limits("plausibility", LIMITS, park.ask)
    limit = values(found, LIMITS)
    each = _by_enterprise(park)
    firms = _held(_firm_rows(park, each), limit["energy_apart"])
    totals, odd = _totals(park, statistics)
    made = firms
    if totals:
        zone = _held(_zone_rows(park, each, totals), limit["zone_apart"])
        made = pd.concat([zone, firms], ignore_index=True) if len(firms) else zone
    return made.drop(columns="power"), unknown + odd + tuple(_said(made, limit, park.zone))


def _by_enterprise(park: Park) -> pd.DataFrame:
    """Of each of `firms`: energy_tce and electricity_mwh by its lines, and the lines that are not told."""
    frame, count = park.frame, len(park.firms)
    category, item = texts(frame, "category"), texts(frame, "item")
    carried = category.isin(["electricity", "heat"])
    out = (carried & item.isin(OUT)).to_numpy()
    again = (carried & item.isin(["own_generated", "generated"])).to_numpy()  # its fuel is counted
    gj = energy_gj(frame, park.quotes)
    tce = np.where(again, np.nan, np.where(out, -gj, gj)) * convert(1.0, "GJ", "tce")
    power = (category == "electricity").to_numpy() & (texts(frame, "missing") == "").to_numpy()
    amount = np.where(power, numbers(frame, "amount"), np.nan)
    bought = np.where(item.isin(BOUGHT), amount, np.nan)
    kinds = ([*BOUGHT], ["own_generated"], ["own_nonfossil"], [*MADE], [*OUT])
    used = power_used(
        *(summed(park.codes, np.where(item.isin(some), amount, np.nan), count) for some in kinds)
    )
    burned = (category.isin(["fuel", "vehicle"]) & (texts(frame, "purpose") != "feedstock")).to_numpy()
    unvalued = burned & np.isnan(gj) & (numbers(frame, "amount") > 0)
    lost = (texts(frame, "missing") != "").to_numpy() & (burned | carried.to_numpy())
    return pd.DataFrame({
        "energy_tce": summed(park.codes, tce, count),
        "electricity_mwh": used,
        "power": summed(park.codes, bought, count),
        "open": counted(park.codes, unvalued | lost, count),
        "lines": counted(park.codes, burned | carried.to_numpy(), count),
    })


def _firm_rows(park: Park, each: pd.DataFrame) -> pd.DataFrame:
    """Every enterprise that states a total of its own and lines as well."""
    tables = []
    for measure, (unit, _) in MEASURES.items():
        total = park.firms[measure].to_numpy(np.float64)
        here = ~np.isnan(total) & (each["lines"] > 0).to_numpy()
        tables.append(
            pd.DataFrame({
                "enterprise_id": park.firms["enterprise_id"][here].to_numpy(),
                "measure": measure,
                "unit": unit,
                "total": total[here],
                "sum": each[measure].to_numpy()[here],
                "against": STATED,
                "open": each["open"].to_numpy()[here],
                "power": each["power"].to_numpy()[here],
            })
        )
    return pd.concat(tables, ignore_index=True)


def _totals(park: Park, statistics: pd.DataFrame) -> tuple[dict[str, float], tuple[Fault, ...]]:
    """What the zone's statistics say of each measure, and units that cannot be read."""
    here = (texts(statistics, "zone") == park.zone) & (
        texts(statistics, "period").str.strip() == str(park.ask.year)
    )
    rows = statistics[here.to_numpy(bool)]
    found: dict[str, float] = {}
    faults = []
    for measure, (unit, names) in MEASURES.items():
        mine = rows[texts(rows, "item").str.strip().isin(names).to_numpy(bool)]
        for value, stated in zip(numbers(mine, "value"), texts(mine, "unit"), strict=True):
            if np.isnan(value) or measure in found:
                continue
            try:
                found[measure] = convert(float(value), stated, unit)
            except UnitMismatch as odd:
                remedy = f"State it in {unit} or a multiple of it."
                faults.append(Fault("unit_unusable", str(odd), remedy, layer="statistics", column="unit"))
    return found, tuple(faults)


def _zone_rows(park: Park, each: pd.DataFrame, totals: Mapping[str, float]) -> pd.DataFrame:
    """The zone's statistics against both sums."""
    rows = []
    booked = park.firms[park.firms["listed"].to_numpy(bool)]
    for measure, total in totals.items():
        own = booked[measure].to_numpy(np.float64)
        sums = {
            BOOKED: (float(pd.Series(own).sum(min_count=1)), int(np.isnan(own).sum())),
            STATED: (float(each[measure].sum()), int(each["open"].sum())),
        }
        for against, (value, is_open) in sums.items():
            rows.append({
                "enterprise_id": park.zone,
                "measure": measure,
                "unit": MEASURES[measure][0],
                "total": total,
                "sum": value,
                "against": against,
                "open": is_open,
                "power": np.nan,
            })
    return pd.DataFrame(rows)


def _held(made: pd.DataFrame, most: float) -> pd.DataFrame:
    """The difference of both, as a share of the stated total, and whether it may be so."""
    total, value = made["total"].to_numpy(np.float64), made["sum"].to_numpy(np.float64)
    largest = np.maximum(np.abs(total), np.abs(value))
    share: Floats = np.divide(value - total, largest, out=np.zeros_like(largest), where=largest > 0)
    is_open = (made["open"] > 0).to_numpy(bool) | np.isnan(most)
    apart = np.abs(share) > most
    low = np.isnan(value) | (is_open & (share < most))  # what is lacking may close it
    outcome = np.select([low, apart], [Outcome.CANNOT_TELL.value, Outcome.NOT_MET.value], Outcome.MET.value)
    return made.assign(difference=value - total, share=share, outcome=outcome)


def _said(made: pd.DataFrame, limit: Mapping[str, float], zone: str) -> Iterator[Fault]:
    odd = made[(made["outcome"] == Outcome.NOT_MET.value).to_numpy(bool)]
    for row in odd.itertuples():
        line: Any = row
        whole = line.enterprise_id == zone
        of = "the table of enterprises" if line.against == BOOKED else "the statements of energy"
        may = limit["zone_apart" if whole else "energy_apart"]
        yield Fault(
            "zone_sum_apart" if whole else "energy_apart",
            f"{line.enterprise_id} states {line.total:.6g} {line.unit} ({line.measure}), and {of} sum to "
            f"{line.sum:.6g} {line.unit}: {abs(line.share):.1%} {'more' if line.share > 0 else 'less'}; "
            f"{may:.0%} may differ.{_equal_value(line)}",
            "Find the enterprises or carriers that are lacking or counted twice, or correct the total.",
            Severity.WARNING,
            "statistics" if whole else "activity",
            line.enterprise_id,
        )


def _equal_value(line: Any) -> str:
    """A hint where electricity at 等价值 would close the sum of an enterprise."""
    if line.measure != "energy_tce" or not line.power > 0:
        return ""
    each = (line.total - line.sum) / line.power + convert(1.0, "MWh", "tce")
    return (
        f" It would close with electricity at {each:.4f} tce/MWh, as 等价值 has it."
        if EQUAL[0] <= each <= EQUAL[1]
        else ""
    )

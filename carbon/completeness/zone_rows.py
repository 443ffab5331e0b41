"""Rows of the zone that are sums (重复汇总): the zone states what its enterprises have stated already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from carbon.completeness.park import Park
from carbon.limits import limits, values
from carbon.tables import numbers, texts
from data.records import Fault, Severity

KEY = ["category", "item", "unit"]
LEAST = 3  # of two enterprises, or one, equal amounts are no sign


def zone_totals(park: Park) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """Items of which the zone's own rows amount to what the enterprises state together.

    Returns
    -------
    DataFrame: category, item, unit, zone_amount, enterprise_amount, enterprises (how many state it), tco2e
    (of the zone's rows, what would be counted twice); and a warning for each
    """
    found, unknown = limits("plausibility", ["zone_same"], park.ask)
    near = values(found, ["zone_same"])["zone_same"]
    frame = park.frame
    told = (texts(frame, "missing") == "").to_numpy()
    lines = pd.DataFrame({name: texts(frame, name)[told] for name in KEY})
    own = park.codes[told] == len(park.firms) - 1
    amount = numbers(frame, "amount")[told]
    lines["zone_amount"] = np.where(own, amount, 0.0)
    lines["enterprise_amount"] = np.where(own, 0.0, amount)
    lines["tco2e"] = np.where(own, numbers(frame, "tco2e")[told], 0.0)
    groups = lines.groupby(KEY, sort=True)
    made = groups.sum()
    firms = pd.Series(np.where(own, -1, park.codes[told])).where(lambda each: each >= 0)
    made["enterprises"] = firms.groupby([lines[name].to_numpy() for name in KEY]).nunique()
    made = made.reset_index()
    gap = (made["zone_amount"] - made["enterprise_amount"]).abs()
    same = (
        (gap <= near * made["enterprise_amount"]) & (made["zone_amount"] > 0) & (made["enterprises"] >= LEAST)
    )
    odd = made[same.to_numpy(bool)].reset_index(drop=True)
    return odd, unknown + tuple(_said(odd, near))


def _said(odd: pd.DataFrame, near: float) -> Iterator[Fault]:
    for row in odd.itertuples():
        line: Any = row
        yield Fault(
            "zone_row_is_the_sum",
            f"The zone states {line.zone_amount:.6g} {line.unit} of {line.category} {line.item}, and "
            f"{line.enterprises:g} enterprises state {line.enterprise_amount:.6g} {line.unit} together, "
            f"within {near:.0%}: {line.tco2e:.6g} tCO2e seem to be counted twice.",
            "Rows without an enterprise are what the zone itself uses; strike the total, or state it as a "
            "statistic of the zone.",
            Severity.WARNING,
            "activity",
            f"{line.category} {line.item}",
        )

"""Measured values (实测值): a calorific value, a carbon content or a factor that the statement gives itself.

They come before every default. A calorific value turns the amount into energy; a carbon content scales
the carbon dioxide of the default; a factor takes the place of the default as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carbon import CATEGORIES
from carbon.category import Quote
from data.errors import UnitMismatch
from data.parameters import has, parameter
from data.records import Fault, Severity
from data.units import convert

ENERGY = "GJ"
BURNED = ("fuel", "vehicle", "conversion")
DIRECTIONS = ("in.", "out.")
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Odd = list[tuple[Fault, int]]
"""Faults of rows, each with the account of its row"""


def fuel_of(item: str) -> str:
    """The fuel behind an item, also of what goes into a conversion and comes out of it.

    >>> fuel_of("in.crude_oil"), fuel_of("diesel")
    ('crude_oil', 'diesel')
    """
    for prefix in DIRECTIONS:
        item = item.removeprefix(prefix)
    return item


def in_energy(ledger: pd.DataFrame, family: str) -> tuple[pd.DataFrame, Odd]:
    """Amounts to be priced: those with a measured calorific value in GJ, all others as stated.

    Formula: energy = amount x measured calorific value (GJ per stated unit)

    Parameters
    ----------
    ledger : lines of `carbon.ledger.Ledger`
    family : whose bounds tell which calorific values are plausible

    Returns
    -------
    `amount`, `unit` and `problem` on the index of the ledger, and a fault for each value that is not used;
    its row cannot be told
    """
    priced = ledger[["amount", "unit", "problem"]].copy()
    value = ledger["ncv_gj"].to_numpy(np.float64)
    given = ~np.isnan(value) & (ledger["problem"] == "").to_numpy()
    if not given.any():
        return priced, []
    usable = given & ledger["category"].isin(BURNED).to_numpy()
    faults = _odd(
        ledger, given & ~usable, "measured_not_used", "ncv_gj",
        lambda row: f"{row.category} {row.stated_item} is not priced by calorific value ({row.ncv_gj:g} GJ).",
        "Leave the cell blank, or state the category that the fuel belongs to.", Severity.WARNING,
    )  # fmt: skip
    wild = usable & ~_plausible(ledger, usable, family)
    faults += _odd(
        ledger, wild, "ncv_implausible", "ncv_gj",
        lambda row: f"{row.ncv_gj:g} GJ per {row.unit} is no calorific value of {row.stated_item}"
        f"{_between(row.item, family)}.",
        "It is asked per unit of the amount in this row; check unit and decimal point.",
    )  # fmt: skip
    used = usable & ~wild
    priced.loc[wild & (priced["problem"] == "").to_numpy(), "problem"] = "ncv_implausible"
    priced.loc[used, "amount"] = ledger["amount"].to_numpy(np.float64)[used] * value[used]
    priced.loc[used, "unit"] = ENERGY
    return priced, faults


def carbon_scale(ledger: pd.DataFrame, quote: NDArray[np.int64], quotes: Sequence[Quote]) -> Floats:
    """Measured carbon content over that of the default, 1 where none is measured.

    Formula: scale = measured (tC/TJ) / default (tC/TJ); nan where the measured one is not plausible
    """
    value = ledger["carbon_tc_per_tj"].to_numpy(np.float64)
    scale = np.ones(len(ledger))
    given = ~np.isnan(value) & (quote >= 0)
    if not given.any():
        return scale
    defaults = np.array([_default_carbon(each) for each in quotes])
    low, high = defaults[quote[given], 1], defaults[quote[given], 2]
    fits = (value[given] >= low) & (value[given] <= high)
    scale[given] = np.where(fits, value[given] / defaults[quote[given], 0], np.nan)
    return scale


def odd_carbon(ledger: pd.DataFrame, scale: Floats) -> Odd:
    """The rows whose measured carbon content `carbon_scale` could not use."""
    return _odd(
        ledger, np.isnan(scale), "carbon_implausible", "carbon_tc_per_tj",
        lambda row: f"{row.carbon_tc_per_tj:g} tC/TJ is no carbon content of {row.stated_item}.",
        "Carbon contents of fuels lie between 10 and 75 tC/TJ; leave the cell blank when none was measured.",
    )  # fmt: skip


def own_factors(ledger: pd.DataFrame) -> tuple[Floats, Odd]:
    """Measured factors, tCO2e per stated unit, nan where there is none or the category has no use for one.

    The location total follows the grid by its very definition, so electricity keeps the published factor.
    """
    value = ledger["measured_tco2e"].to_numpy(np.float64).copy()
    given = ~np.isnan(value)
    if not given.any():
        return value, []
    open_to = [name for name, category in CATEGORIES.items() if category.measured]
    idle = given & ~ledger["category"].isin(open_to).to_numpy()
    value[idle] = np.nan
    faults = _odd(
        ledger, idle, "measured_not_used", "measured_tco2e",
        lambda row: f"{row.category} is not told by a factor of one's own ({row.measured_tco2e:g}); "
        "the published one is used.",
        "Leave the cell blank.", Severity.WARNING,
    )  # fmt: skip
    return value, faults


def _default_carbon(quote: Quote) -> tuple[float, float, float]:
    """Carbon content of a quote's factor, and the bounds of what is plausible for its fuel."""
    for part in quote.factor.parts if quote.factor else ():
        if ".carbon_content" in part.name and part.value:
            return part.value, *(parameter(part.name).bounds or (0.0, np.inf))
    return np.nan, np.inf, -np.inf


def _plausible(ledger: pd.DataFrame, given: Flags, family: str) -> Flags:
    """Whether each measured calorific value lies within the bounds of its fuel; so where none are known."""
    fits = np.ones(len(ledger), bool)
    value = ledger["ncv_gj"].to_numpy(np.float64)
    groups: Any = ledger[given].groupby(["item", "unit"], sort=False).indices
    for (item, unit), rows in groups.items():
        name = f"factors.fuel_{family}.{fuel_of(item)}.ncv"
        if not has(name):
            continue
        known = parameter(name)
        try:
            times = convert(1.0, unit, known.unit.partition("/")[2])
        except UnitMismatch:
            continue
        low, high = known.bounds or (0.0, np.inf)
        at = np.flatnonzero(given)[rows]
        fits[at] = (value[at] >= low * times) & (value[at] <= high * times)
    return fits


def _between(item: str, family: str) -> str:
    name = f"factors.fuel_{family}.{fuel_of(item)}.ncv"
    bounds = parameter(name).bounds if has(name) else None
    return f", which lies between {bounds[0]:g} and {bounds[1]:g} {parameter(name).unit}" if bounds else ""


def _odd(
    ledger: pd.DataFrame,
    at: Flags,
    code: str,
    column: str,
    message: Callable[[Any], str],
    remedy: str,
    severity: Severity = Severity.ERROR,
) -> Odd:
    rows: Any = ledger[at].itertuples() if at.any() else ()
    return [
        (
            Fault(
                code,
                message(row),
                remedy,
                severity,
                layer="activity",
                feature=" ".join(t for t in (row.enterprise_id, row.category, row.stated_item) if t),
                row=int(row.row) if row.row >= 0 else None,
                column=column,
            ),
            int(row.account),
        )
        for row in rows
    ]

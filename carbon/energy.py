"""Electricity and heat over the park's boundary (净购入电力与热力): bought, sold, passed on inside."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from carbon.category import Ask, Category, Quote, look_up, quality, softened
from carbon.line import Factor
from carbon.tables import Floats
from data.errors import UnitMismatch
from data.parameters import HERE
from data.records import Fault
from data.units import convert

GRID = "factors.grid_electricity"
PARK = "factors.ndrc910"
FUEL_COUNTED = "the fuel burned for it is counted in scope 1, with the enterprise that burns it"
NOT_NETTED = f"exports are not netted in the location total; {FUEL_COUNTED}"
INSIDE = "passed on inside the park: counted where it is generated or bought from outside"
NOTHING_BURNED = "no fuel is burned for it"


class Flow(NamedTuple):
    """How an item enters the totals.

    Parameters
    ----------
    location : factor of the location total; `grid` is the one chosen; empty with `why`
    ndrc910 : factor of the zero-carbon park total; empty where the flow stays inside the park
    sign : -1 for what leaves the park, in the zero-carbon park total
    """

    location: str = ""
    ndrc910: str = ""
    sign: int = 1
    why: str = ""


ELECTRICITY_FLOWS: Mapping[str, Flow] = {
    "bought": Flow("grid", f"{PARK}.power"),
    # the location total follows the wires, not the contracts
    "green_traded": Flow("grid", f"{PARK}.power_nonfossil"),
    "green_direct": Flow(f"{GRID}.nonfossil_direct", f"{PARK}.power_nonfossil"),
    "bought_in_park": Flow(why=INSIDE),
    "sold_in_park": Flow(why=INSIDE),
    "own_generated": Flow(why=FUEL_COUNTED),
    "generated": Flow(why=FUEL_COUNTED),
    "own_nonfossil": Flow(why=NOTHING_BURNED),
    "sold": Flow("", f"{PARK}.power", -1, NOT_NETTED),
    "sold_green": Flow("", f"{PARK}.power_nonfossil", -1, NOTHING_BURNED),
}
HEAT_FLOWS: Mapping[str, Flow] = {
    "bought": Flow("factors.heat.bought", f"{PARK}.heat"),
    "bought_nonfossil": Flow("factors.heat.nonfossil", f"{PARK}.heat_nonfossil"),
    "bought_in_park": Flow(why=INSIDE),
    "sold_in_park": Flow(why=INSIDE),
    "own_generated": Flow(why=FUEL_COUNTED),
    "generated": Flow(why=FUEL_COUNTED),
    "sold": Flow("", f"{PARK}.heat", -1, NOT_NETTED),
    "sold_nonfossil": Flow("", f"{PARK}.heat_nonfossil", -1, NOTHING_BURNED),
}


def quote_electricity(item: str, unit: str, ask: Ask) -> Quote:
    """What one stated unit of electricity adds to each total.

    Formula: location: MWh bought x grid factor of that year and place; zero-carbon park:
    (MWh in - MWh out) x 0.8325, and 0 for what is proven non-fossil.

    Source: mee-nbs-2024-12 and its successors; ndrc-2025-910 附件4 二(二)3①
    """
    return _quote(ELECTRICITY_FLOWS[item], unit, "MWh", ask)


def quote_heat(item: str, unit: str, ask: Ask) -> Quote:
    """What one stated unit of heat adds to each total.

    Formula: location: GJ bought x 0.11; zero-carbon park: (GJ in - GJ out) x 0.11, 0 for non-fossil heat.

    Source: gbt-32150-2025; ndrc-2025-910 附件4 二(二)3②
    """
    return _quote(HEAT_FLOWS[item], unit, "GJ", ask)


def grid_factor(ask: Ask) -> tuple[Factor | None, tuple[Fault, ...]]:
    """The chosen average factor of electricity.

    >>> factor, _ = grid_factor(Ask(2023, "410100"))
    >>> factor.value, factor.unit
    (0.5897, 'tCO2/MWh')
    """
    chosen = ask.choices.electricity
    if chosen == "region":
        area = grid_regions().get(ask.region[:2] + "0000")
        if area is None:
            return None, (_no_grid_region(ask.region),)
        return _factor(f"{GRID}.region.{area}", ask)
    return _factor(f"{GRID}.{chosen}", ask)


@cache
def grid_regions() -> Mapping[str, str]:
    """Province -> grid region of the announcements; from memory, for the tables name none.

    >>> grid_regions()["410000"]
    'central'
    """
    with (HERE / "factors" / "grid_regions.csv").open(encoding="utf-8", newline="") as file:
        return {row["province"]: row["grid_region"] for row in csv.DictReader(file)}


def power_used(bought: Floats, own: Floats, nonfossil: Floats, generated: Floats, sold: Floats) -> Floats:
    """Electricity that enterprises consume, MWh, each by what it states.

    Formula: bought + own use - what is sold on; own use is `own_generated` (自发自用) where it is stated,
    else `generated` (发电量, all of it) less what is sold. One that generates sells what it generates first;
    one that does not, and has bought at least what it sells, passes on what it bought.

    Parameters
    ----------
    nonfossil : own non-fossil power that it used itself (own_nonfossil)

    >>> each = np.array([100.0]), np.array([0.0]), np.array([0.0]), np.array([60.0]), np.array([40.0])
    >>> power_used(*each).tolist()
    [120.0]
    """
    itself = np.where(own > 0, own, np.maximum(generated - sold, 0.0))
    over = np.where(generated > 0, np.maximum(sold - generated, 0.0), sold)
    makes = (own > 0) | (nonfossil > 0)
    passed_on = np.where((makes & (generated == 0)) | (bought < over), 0.0, over)
    return np.asarray(bought + itself + nonfossil - passed_on, np.float64)


def _quote(flow: Flow, unit: str, base: str, ask: Ask) -> Quote:
    try:
        times = convert(1.0, unit, base)
    except UnitMismatch:
        return Quote(faults=(_unit_unusable(unit, base),))
    factor, said = _factor(flow.location, ask)
    park, unsaid = _factor(flow.ndrc910, ask)
    return Quote(
        unit=base,
        times=times,
        factor=factor,
        ndrc910=park,
        sign=flow.sign,
        elsewhere=flow.why,
        notation=("NA" if flow.why == NOTHING_BURNED else "IE") if flow.why else "",
        quality=quality(factor, ask) if factor else "",
        faults=said + softened(unsaid),
    )


def _factor(name: str, ask: Ask) -> tuple[Factor | None, tuple[Fault, ...]]:
    if name == "grid":
        return grid_factor(ask)
    dated, said = look_up(name, ask, ask.region) if name else (None, ())
    if dated is None or dated.value is None:
        return None, said
    return Factor(dated.value, dated.unit, (dated,), dated.value), said


def _unit_unusable(unit: str, base: str) -> Fault:
    return Fault(
        code="unit_unusable",
        message=f"An amount is stated in {unit or 'no unit'}, which does not measure energy.",
        remedy=f"State it in {base} or a multiple of it.",
        layer="activity",
        column="unit",
    )


def _no_grid_region(region: str) -> Fault:
    return Fault(
        code="grid_region_unknown",
        message=f"{region} lies in no grid region of the announcements.",
        remedy="Choose electricity=nation, or add the province to data/factors/grid_regions.csv.",
        layer="activity",
    )


ELECTRICITY = Category(
    "electricity", "电力", "scope2", "power", quote_electricity, flows=True, measured=False
)
HEAT = Category("heat", "热力", "scope2", "heat", quote_heat, flows=True)

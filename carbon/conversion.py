"""Conversion of energy (加工转换): carbon of what goes in less carbon of what comes out, as if all burned."""

from __future__ import annotations

from carbon import fuels
from carbon.category import Ask, Category, Quote, quality
from carbon.line import Factor
from data.records import Fault

SIGNS = {"in": 1.0, "out": -1.0}
WHOLE = ("refining", "gas_making")
"""Conversions by name, so that one can be said not to occur; an amount has to name what flows."""


def quote(item: str, unit: str, ask: Ask) -> Quote:
    """What one stated unit that goes into a refinery or gas works, or comes out of it, adds to the balance.

    Formula: E = Σ(input x NCV x CC) x 44/12 / 1000 - Σ(output x NCV x CC) x 44/12 / 1000; oxidation is
    100 %. What comes out has a negative factor, so that amount x factor is its part of the balance.

    Parameters
    ----------
    item : `in.` or `out.` and a fuel, as `in.crude_oil`; one of `WHOLE` has no factor
    unit : as stated

    Source: ndrc-2025-910 附件4 二(二)2
    """
    if item in WHOLE:
        return Quote(faults=(_balance_needed(item),))
    flow, _, fuel = item.partition(".")
    table = fuels.fuel_table(fuel, ask)
    if not table:
        return fuels.quote(fuel, unit, ask)  # says what the family lacks
    times, base, said = fuels.measure(fuel, unit, ask)
    if not base:
        return Quote(faults=said)
    co2, parts, lost = fuels.carbon_factor(fuel, base, ask)
    if lost:
        return Quote(base, times, faults=lost)
    co2 *= SIGNS[flow]
    fossil, biogenic = (0.0, co2) if fuels.grown(table, ask) else (co2, 0.0)
    factor = Factor(fossil, f"tCO2/{base}", parts, fossil, biogenic=biogenic)
    return Quote(base, times, factor, factor, quality=quality(factor, ask), faults=said)


def _balance_needed(item: str) -> Fault:
    return Fault(
        code="conversion_needs_balance",
        message=f"{item} is told by a balance of carbon, and has no factor of its own.",
        remedy="State each fuel that goes in (投入原油) and each that comes out (产出汽油), or NO when the "
        "conversion does not occur.",
        layer="activity",
        column="item",
    )


CONVERSION = Category(name="conversion", label="加工转换", scope="scope1", part="conversion", quote=quote)

"""Captured carbon dioxide (碳捕集): stored or used, beside the total and never netted silently."""

from __future__ import annotations

from carbon.category import Ask, Category, Quote
from carbon.emitted import in_base
from carbon.line import Factor
from data.errors import UnitMismatch
from data.units import convert

AS_MEASURED = "as stated"
BASE = "tCO2"


def quote(item: str, unit: str, _ask: Ask) -> Quote:
    """Captured carbon dioxide counts as itself: a positive number in a scope of its own.

    Formula: tCO2 = tonnes captured and stored, or captured and used

    Parameters
    ----------
    item : `stored` or `used`
    unit : as stated; t of carbon dioxide, written t or tCO2

    >>> quote("stored", "万吨", Ask(2023, "410000")).times
    10000.0
    """
    try:
        times = convert(1.0, unit, "t")  # a mass of carbon dioxide, weighed like any other
    except UnitMismatch:
        times, unusable = in_base(item, unit, BASE)
        if unusable:
            return Quote(faults=unusable)
    return Quote(BASE, times, Factor(1.0, f"tCO2/{BASE}", (), 1.0), quality=AS_MEASURED)


CAPTURE = Category("capture", "碳捕集", "captured", "", quote, measured=False)

"""Scope 3 as reported (范围三): fifteen categories of the GHG Protocol, taken over as stated."""

from __future__ import annotations

from carbon.category import Ask, Category, Quote
from carbon.emitted import in_base
from carbon.line import Factor

BASE = "tCO2e"
STATE_EMISSIONS = (
    "State emissions in tCO2e, as the enterprise reported them: no goods, distances or money, "
    "and no plain t, which might be tonnes of goods."
)


def quote(item: str, unit: str, _ask: Ask) -> Quote:
    """An emission that an enterprise reported counts as itself, and stands beside the total.

    Formula: tCO2e = tCO2e as reported; which gases are in it is not known, and all of it stands as CO2

    Parameters
    ----------
    item : one of the fifteen categories
    unit : as stated; tCO2e or a multiple of it

    >>> quote("business_travel", "kWh", Ask(2023, "410000")).faults[0].code
    'unit_unusable'

    Source: ghgp-scope3-2011
    """
    times, unusable = in_base(item, unit, BASE, STATE_EMISSIONS)
    if unusable:
        return Quote(faults=unusable)
    return Quote(BASE, times, Factor(1.0, f"tCO2e/{BASE}", (), 1.0), quality="as reported")


SCOPE3 = Category("scope3", "范围三", "scope3", "", quote, measured=False)

"""Vehicles and mobile machines (移动源): the fuel they burn on the road; power for them is electricity."""

from __future__ import annotations

from dataclasses import replace

from carbon import fuels
from carbon.category import Ask, Category, Quote
from data.parameters import has
from data.records import Fault

ROAD = "road"


def quote(fuel: str, unit: str, ask: Ask) -> Quote:
    """What one stated unit of a vehicle fuel emits.

    Formula: as `carbon.fuels.quote`; methane and nitrous oxide are those of road transport, which differ
    from those of a boiler by up to a hundred times. Families of carbon dioxide alone count none of either.

    Parameters
    ----------
    fuel : gasoline, diesel, natural_gas, lng or lpg
    unit : as stated; a mass or an energy, for no density of a liquid is known that sources agree on

    Source: ndrc-2025-910 附件4 二(二)1; ipcc-2006 vol. 2 table 3.2.2
    """
    by_road = replace(ask, purpose=ROAD)
    table = fuels.fuel_table(fuel, by_road)
    if table and has(f"{table}.ch4") and not has(f"{table}.ch4.{ROAD}"):
        return Quote(faults=(_no_road_value(fuel, ask),))
    return fuels.quote(fuel, unit, by_road)


def _no_road_value(fuel: str, ask: Ask) -> Fault:
    family = ask.choices.family
    return Fault(
        code="road_factor_missing",
        message=f"The fuel family {family} has CH4 and N2O of {fuel} for boilers only, not for the road.",
        remedy=f"Choose another family, or add {fuel}.ch4.road and {fuel}.n2o.road with their article to "
        f"data/factors/fuel_{family}.yaml.",
        layer="activity",
        column="item",
    )


VEHICLE = Category(name="vehicle", label="移动源", scope="scope1", part="fuel", quote=quote)

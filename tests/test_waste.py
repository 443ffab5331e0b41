"""Waste and waste water: methane apart by origin, biogenic carbon apart, and what cannot be told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbon import names
from carbon.category import Ask
from carbon.choices import Choices
from carbon.waste import burned_carbon, landfill_methane, quote
from data.parameters import parameter

HENAN = Ask(2023, "410100")
ITEMS = sorted(set(names.items()["waste"].values()))
SHARE = st.floats(0.0, 1.0)


@pytest.mark.parametrize("item", ITEMS)
def test_every_item_is_priced_or_says_what_to_do_instead(item: str) -> None:
    said = quote(item, "t", HENAN)
    if said.factor is None:
        [fault] = said.faults
        assert (fault.code, item.startswith("landfill_municipal")) == ("factor_missing", True)
        assert "State the waste by type" in fault.message
        assert "measured_tco2e" in fault.remedy
    else:
        assert said.factor.parts
    assert said.ndrc910 is None  # that method has no place for waste


def test_unsorted_waste_waits_for_its_carbon_content_and_no_value_is_made_up() -> None:
    assert parameter("factors.waste.landfill.degradable.municipal").history() == []


@pytest.mark.parametrize(("gwp", "potential"), [("SAR", 21), ("AR4", 25), ("AR5", 28), ("AR6", 27.0)])
def test_methane_of_waste_has_the_potential_of_non_fossil_methane(gwp: str, potential: float) -> None:
    factor = quote("landfill_food_managed", "t", Ask(2023, "410100", Choices(gwp=gwp))).factor
    assert factor is not None
    assert factor.value == pytest.approx(0.05 * potential)
    assert factor.co2 == 0
    assert [part.name for part in factor.parts][-1] == f"factors.gwp.{gwp.lower()}.ch4_nonfossil"


@pytest.mark.parametrize(
    ("item", "unit", "says"),
    [
        ("wastewater_aerobic", "m3", "COD removed"),
        ("wastewater_nitrogen", "万立方米", "volume x (inflow - outflow)"),
        ("composting", "kWh", "State it in t"),
        ("incineration_municipal", "", "State it in t"),
    ],
)
def test_another_measure_than_mass_names_unit_and_remedy(item: str, unit: str, says: str) -> None:
    [fault] = quote(item, unit, HENAN).faults
    assert fault.code == "unit_unusable"
    assert says in fault.remedy
    assert (unit or "no unit") in fault.message


@pytest.mark.parametrize(
    "item",
    ["landfill_gold_managed", "landfill_food_moon", "landfill_", "wastewater_", "incineration_x", "smoke"],
)
def test_an_item_that_no_table_has_is_a_fault_and_no_crash(item: str) -> None:
    said = quote(item, "t", HENAN)
    assert said.factor is None
    assert [fault.code for fault in said.faults] == ["factor_missing"]


def test_treated_well_the_water_gives_off_nothing_and_that_is_a_number() -> None:
    factor = quote("wastewater_aerobic", "t", HENAN).factor
    assert factor is not None
    assert factor.value == 0


def test_an_aerobic_plant_that_is_said_to_be_without_methane_carries_its_printed_range() -> None:
    assert parameter("factors.waste.wastewater.mcf.aerobic").history()[0].interval == (0.0, 0.1)


@given(SHARE, SHARE, SHARE)
def test_fossil_and_biogenic_carbon_are_all_that_burns(carbon: float, fossil: float, burned: float) -> None:
    co2, biogenic = burned_carbon(carbon, fossil, burned)
    assert co2 + biogenic == pytest.approx(carbon * burned * 44 / 12)
    assert min(co2, biogenic) >= 0


@given(SHARE, SHARE, SHARE, SHARE, SHARE)
def test_a_landfill_gives_off_no_more_methane_than_its_carbon(
    mcf: float, doc: float, decomposed: float, share: float, oxidised: float
) -> None:
    methane = landfill_methane(mcf, doc, decomposed, share, oxidised)
    assert 0 <= methane * 12 / 16 <= doc + 1e-12


def test_a_cover_and_a_shallow_dump_give_off_less() -> None:
    told = {
        site: quote(f"landfill_food_{site}", "t", HENAN).factor
        for site in ("managed", "managed_covered", "unmanaged_deep", "unmanaged_shallow")
    }
    values = [factor.value for factor in told.values() if factor]
    assert values == pytest.approx([1.4, 1.26, 1.12, 0.56])

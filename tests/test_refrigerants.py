"""Fluorinated gases: blends, charges that leak, and gases that are not of the seven."""

from __future__ import annotations

import pytest

from carbon import names
from carbon.category import Ask
from carbon.choices import Choices
from carbon.inventory import inventory
from carbon.refrigerants import quote
from data.parameters import names as parameters
from data.parameters import parameter

HENAN = Ask(2023, "410100")
ITEMS = sorted(set(names.items()["refrigerant"].values()))
BLENDS = sorted({
    name.removeprefix("factors.refrigerants.").partition(".")[0]
    for name in parameters()
    if name.startswith("factors.refrigerants.r")
})


@pytest.mark.parametrize("item", ITEMS)
def test_every_item_is_priced_or_says_why_it_counts_nothing(item: str) -> None:
    said = quote(item, "kg", HENAN)
    assert not said.faults
    if item == "hcfc22":
        assert (said.factor, said.notation) == (None, "NA")
        assert "Montreal" in said.elsewhere
    else:
        assert said.factor is not None
        assert said.factor.co2 == 0
        assert said.ndrc910 is None


@pytest.mark.parametrize("blend", BLENDS)
def test_the_gases_of_a_blend_are_all_of_it(blend: str) -> None:
    parts = [name for name in parameters() if name.startswith(f"factors.refrigerants.{blend}.")]
    assert sum(parameter(name).history()[0].value or 0 for name in parts) == pytest.approx(1.0)


def test_ten_kilograms_of_r410a_equal_the_potential_worked_out_apart() -> None:
    said = quote("r410a", "kg", HENAN)
    assert said.factor is not None
    assert said.factor.value == pytest.approx(1923.5)
    assert 10 * said.times * said.factor.value == pytest.approx(19.235)


def test_a_leak_rate_is_the_middle_of_its_printed_range_and_carries_the_range() -> None:
    rates = [name for name in parameters() if name.startswith("factors.refrigerants.leak.")]
    ranged = [row for name in rates for row in parameter(name).history() if row.interval]
    assert len(ranged) == 8
    for row in ranged:
        assert row.interval is not None
        assert row.value == pytest.approx(sum(row.interval) / 2)


def test_a_charge_emits_its_leak_rate_of_what_the_gas_let_out_emits() -> None:
    whole, leaked = quote("hfc134a", "t", HENAN).factor, quote("chiller_hfc134a", "t", HENAN).factor
    assert whole is not None
    assert leaked is not None
    assert leaked.value == pytest.approx(0.085 * whole.value)
    assert leaked.parts[0].name == "factors.refrigerants.leak.chiller"


def test_a_report_that_gives_no_potential_is_named_with_the_gas() -> None:
    said = quote("nf3", "kg", Ask(2023, "410100", Choices(gwp="SAR")))
    assert said.factor is None
    assert [fault.message for fault in said.faults] == ["SAR gives no warming potential of nf3."]


@pytest.mark.parametrize(("item", "unit"), [("r410a", "GJ"), ("sf6", "m3"), ("hfc32", "")])
def test_another_measure_than_mass_names_unit_and_remedy(item: str, unit: str) -> None:
    [fault] = quote(item, unit, HENAN).faults
    assert fault.code == "unit_unusable"
    assert (unit or "no unit") in fault.message


@pytest.mark.parametrize("item", ["r999", "ammonia", "chiller_water", "_", "x_y_z"])
def test_a_gas_that_no_table_has_is_a_fault_and_no_crash(item: str) -> None:
    said = quote(item, "kg", HENAN)
    assert said.factor is None
    assert said.faults


def test_gases_stand_in_their_own_columns_and_not_in_the_zero_carbon_park_total() -> None:
    import pandas as pd

    frame = pd.DataFrame({
        "zone": "Z",
        "year": 2023,
        "enterprise_id": "E1",
        "category": "含氟气体",
        "item": ["R410A", "六氟化硫", "R22"],
        "amount": [10.0, 2.0, 50.0],
        "unit": "kg",
    })
    lines = inventory(frame, zone="Z", region="410100", year=2023).frame
    assert lines["hfcs_tco2e"].tolist()[:2] == pytest.approx([19.235, 0.0])
    assert lines["sf6_tco2e"].tolist()[:2] == pytest.approx([0.0, 47.0])
    assert lines["notation"].tolist() == ["", "", "NA"]
    assert lines["ndrc910_tco2"].isna().all()
    assert (lines["missing"] == "").all()

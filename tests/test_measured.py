"""Measured values: what a statement measured itself comes before every default, and is refused when wild."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from carbon.choices import Choices
from carbon.inventory import Inventory, inventory

COLUMNS = ["enterprise_id", "category", "item", "amount", "unit"]
BOILER = ("E1", "fuel", "烟煤", 1000.0, "t")


def _made(*rows: tuple[tuple[Any, ...], dict[str, Any]], **choices: Any) -> Inventory:
    said = [dict(zip(COLUMNS, row, strict=True)) | more for row, more in rows]
    frame = pd.DataFrame(said).assign(zone="Z", year=2023)
    return inventory(frame, zone="Z", region="410000", year=2023, choices=Choices(**choices))


def test_a_measured_calorific_value_takes_the_place_of_the_default() -> None:
    made = _made((BOILER, {"ncv_gj": 20.0}))
    # 1000 t x 20 GJ/t x 26.18 tC/TJ x 0.93 x 44/12 / 1000
    assert made.frame["tco2e"][0] == pytest.approx(20_000 * 26.18 * 0.93 * 44 / 12 / 1000)
    assert made.frame["unit"][0] == "GJ"
    assert made.frame["stated_unit"][0] == "t"
    assert made.frame["measured"][0]


def test_a_calorific_value_is_per_the_unit_of_its_row() -> None:
    per_tonne = _made((BOILER, {"ncv_gj": 20.0}))
    per_10k = _made((("E1", "fuel", "烟煤", 0.1, "万吨"), {"ncv_gj": 200_000.0}))
    assert per_10k.location.told["total"] is None or per_10k.location.known["scope1"] == pytest.approx(
        per_tonne.location.known["scope1"]
    )
    assert per_10k.frame["tco2e"][0] == pytest.approx(per_tonne.frame["tco2e"][0])


@pytest.mark.parametrize("wild", [2.0, 9.9, 35.1, 59.0])
def test_a_calorific_value_in_another_unit_is_a_fault_and_leaves_the_line_open(wild: float) -> None:
    made = _made((BOILER, {"ncv_gj": wild}))
    fault = next(each for each in made.faults if each.code == "ncv_implausible")
    assert fault.column == "ncv_gj"
    assert "lies between 10 and 35 GJ/t" in fault.message
    assert made.frame["missing"][0] == "ncv_implausible"
    assert made.totals["location"]["scope1"] is None


def test_a_measured_carbon_content_scales_the_carbon_dioxide() -> None:
    plain, measured = _made((BOILER, {})), _made((BOILER, {"carbon_tc_per_tj": 25.0}))
    assert measured.frame["tco2e"][0] == pytest.approx(plain.frame["tco2e"][0] * 25.0 / 26.18)
    assert measured.frame["co2_t"][0] == pytest.approx(measured.frame["tco2e"][0])
    assert measured.frame["ndrc910_tco2"][0] == pytest.approx(measured.frame["tco2e"][0])


def test_a_carbon_content_leaves_methane_and_nitrous_oxide() -> None:
    plain, measured = (_made((BOILER, more), family="ipcc2006") for more in ({}, {"carbon_tc_per_tj": 26.0}))
    for gas in ("ch4_tco2e", "n2o_tco2e"):
        assert measured.frame[gas][0] == plain.frame[gas][0] > 0
    assert measured.frame["co2_t"][0] == pytest.approx(plain.frame["co2_t"][0] * 26.0 / 25.8)
    total = measured.frame[["co2_t", "ch4_tco2e", "n2o_tco2e"]].sum(axis=1)[0]
    assert measured.frame["tco2e"][0] == pytest.approx(total)


def test_a_carbon_content_in_per_cent_is_a_fault() -> None:
    made = _made((BOILER, {"carbon_tc_per_tj": 0.6}))
    assert made.frame["missing"][0] == "carbon_impossible"
    made = _made((BOILER, {"carbon_tc_per_tj": 15.0}))  # a carbon content of gas
    assert made.frame["missing"][0] == "carbon_implausible"
    assert [each.column for each in made.faults if each.code == "carbon_implausible"] == ["carbon_tc_per_tj"]


def test_a_measured_factor_takes_the_place_of_the_default_in_both_totals() -> None:
    steam = ("E1", "heat", "外购蒸汽", 1000.0, "GJ")
    made = _made((steam, {"measured_tco2e": 0.09, "source": "供热单位实测"}))
    assert made.frame["tco2e"][0] == pytest.approx(90.0)
    assert made.frame["ndrc910_tco2"][0] == pytest.approx(90.0)
    assert made.frame["source"][0] == "measured: 供热单位实测"
    assert made.frame["factor_unit"][0] == "tCO2e/GJ"


def test_grid_power_keeps_the_published_factor_and_says_so() -> None:
    power = ("E1", "electricity", "外购电力", 1000.0, "MWh")
    made = _made((power, {"measured_tco2e": 0.2, "source": "供电公司"}))
    assert made.frame["tco2e"][0] == pytest.approx(589.7)
    assert [each.column for each in made.faults if each.code == "measured_not_used"] == ["measured_tco2e"]


def test_the_equipment_of_a_row_comes_before_that_of_the_choices() -> None:
    kiln = _made((BOILER, {"equipment": "水泥窑"}), family="cn_c")
    asked = _made((BOILER, {}), family="cn_c", equipment="cement_kiln")
    assert kiln.frame["tco2e"][0] == asked.frame["tco2e"][0] == pytest.approx(2193.0, abs=0.1)


def test_the_gases_of_every_line_sum_to_the_line() -> None:
    made = _made((BOILER, {}), (("E1", "electricity", "外购电力", 1000.0, "MWh"), {}), family="ipcc2006")
    gases = made.frame[["co2_t", "ch4_tco2e", "n2o_tco2e", "hfcs_tco2e", "pfcs_tco2e", "sf6_tco2e"]]
    assert gases.sum(axis=1).tolist() == pytest.approx(made.frame["tco2e"].tolist())


def test_a_unit_that_cannot_be_used_is_told_for_every_row_that_has_it() -> None:
    wrong = ("E2", "fuel", "烟煤", 7.0, "kWh")
    made = _made((BOILER, {}), (wrong, {}), ((*wrong[:3], 9.0, "kWh"), {}))
    assert made.location.told["scope1"] is None  # coal is not metered in units of electricity
    wrong = ("E2", "fuel", "烟煤", 7.0, "升")
    made = _made((BOILER, {}), (wrong, {}), ((*wrong[:3], 9.0, "升"), {}))
    told = [each for each in made.faults if each.code == "unit_unusable"]
    assert [each.feature for each in told] == ["E2 fuel 烟煤"] * 2


def test_a_factor_of_ones_own_is_of_the_gases_of_the_default_it_replaces() -> None:
    pfc = ("E1", "process", "aluminium_pfc", 1000.0, "t")
    made = _made((pfc, {"measured_tco2e": 0.2, "source": "实测"}))
    assert made.frame["pfcs_tco2e"][0] == pytest.approx(200.0)
    assert made.frame["co2_t"][0] == 0.0
    assert not made.ndrc910.known.get("process")


def test_a_factor_of_ones_own_for_a_product_without_a_default_counts_in_both_totals() -> None:
    made = _made((("E1", "process", "甲醇", 1000.0, "t"), {"measured_tco2e": 1.5, "source": "核查报告"}))
    assert made.frame["co2_t"][0] == made.frame["ndrc910_tco2"][0] == pytest.approx(1500.0)


@pytest.mark.parametrize(("amount", "unit"), [(1000.0, "t"), (0.1, "万吨")])
def test_biogenic_carbon_dioxide_beside_a_factor_of_ones_own_follows_the_amount_and_not_its_spelling(
    amount: float, unit: str
) -> None:
    wood = ("E1", "fuel", "wood", amount, unit)
    plain = _made((wood, {}), family="ipcc2006")
    own = _made((wood, {"measured_tco2e": 0.01, "source": "实测"}), family="ipcc2006")
    assert plain.frame["biogenic_t"][0] == pytest.approx(1000 * 15.6 * 30.5 * 44 / 12 / 1000)
    assert own.frame["biogenic_t"][0] == pytest.approx(plain.frame["biogenic_t"][0])

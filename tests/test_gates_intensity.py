"""Intensities, growth and the share of non-fossil electricity."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbon.gates.figures import Figures, figures, of_enterprises
from carbon.gates.intensity import change, intensities
from carbon.gates.power import power_shares
from carbon.gates.stated import Stated
from data.errors import ColumnMissing

NOW = Figures(2024, {
    "emissions_total": 90_000.0, "ndrc910_total": 80_000.0, "energy_tce": 400_000.0, "land": 3_000.0,
    "value_added": 450_000.0, "revenue": 1_800_000.0, "energy_above_scale": 300_000.0,
    "emissions_above_scale": 60_000.0, "industrial_value_added_above_scale": 300_000.0,
    "renewable_capacity": 25.0,
})  # fmt: skip
BEFORE = Figures(2023, {**NOW.told, "ndrc910_total": 100_000.0, "land": 2_000.0, "renewable_capacity": 20.0})


def test_intensities_worked_by_hand() -> None:
    told = {one.code: one for one in intensities(NOW, BEFORE)}
    assert {code: one.value for code, one in told.items()} == {
        "emissions_per_tce": 0.2,
        "emissions_per_mu": 30.0,
        "emissions_per_value_added": 0.2,
        "emissions_per_revenue": 0.05,
        "energy_per_industrial_value_added": 1.0,
        "emissions_per_industrial_value_added": 0.2,
        "emissions_growth": -0.2,
        "emissions_total_growth": 0.0,
        "energy_growth": 0.0,
        "renewable_capacity": 25.0,
    }
    assert told["emissions_per_mu"].unit == "tCO2e/mu"
    assert told["emissions_per_mu"].breakdown == {"before": 45.0, "change": pytest.approx(-1 / 3)}
    assert told["renewable_capacity"].breakdown == {"before": 20.0}
    assert all(one.formula and one.inputs for one in told.values())


def test_the_assessment_is_never_scored_for_its_weights_are_not_known() -> None:
    every = intensities(NOW, BEFORE)
    said = [one for one in every if not str(one.articles[0]).startswith("house convention")]
    assert len(said) == 4
    assert all(one.target is None and one.outcome is None for one in said)


def test_a_figure_that_is_lacking_is_named_with_its_year() -> None:
    told = {one.code: one for one in intensities(Figures(2024, {}, {}, {"emissions_total": "heat is open."}))}
    assert all(one.value is None and one.reason for one in told.values())
    assert told["emissions_per_mu"].reason == "2024: heat is open; 2024: nobody has stated 用地面积 (land)"
    assert "2023" in told["emissions_growth"].reason


def test_no_growth_is_told_against_a_year_that_is_not_the_one_before() -> None:
    old = Figures(2021, BEFORE.told)
    told = {one.code: one for one in intensities(NOW, old)}
    assert told["emissions_growth"].value is None
    assert "change" not in told["emissions_per_mu"].breakdown


def test_nothing_is_told_per_unit_of_nothing() -> None:
    told = {one.code: one for one in intensities(Figures(2024, {**NOW.told, "land": 0.0}))}
    assert told["emissions_per_mu"].value is None
    assert "not above zero" in told["emissions_per_mu"].reason
    assert change(5.0, 0.0) is None


@given(st.floats(0.1, 1000))
def test_scaling_every_figure_changes_no_intensity(times: float) -> None:
    scaled = Figures(2024, {name: value * times for name, value in NOW.told.items()})
    for one, other in zip(intensities(NOW), intensities(scaled), strict=True):
        if "/" in one.unit:
            assert other.value == pytest.approx(one.value)


def test_the_zones_own_statement_comes_before_the_sum_over_enterprises() -> None:
    summed = Figures(2024, {"revenue": 1.0, "value_added": 2.0}, {"revenue": "sum over enterprises"})
    whole = figures(
        2024, {"land": 3.0, "energy_tce": None}, reasons={"energy_tce": "open"},
        statistics=Stated({"revenue": 9.0, "water_reuse_rate": 0.5}), enterprises=summed,
    )  # fmt: skip
    assert whole.told == {"revenue": 9.0, "value_added": 2.0, "land": 3.0}
    assert whole.origins["revenue"] == "statistics 2024"
    assert whole.why(["energy_tce"]) == "2024: open"


def _enterprises(**columns: list[object]) -> pd.DataFrame:
    size = len(next(iter(columns.values())))
    return pd.DataFrame({"zone": ["Z"] * size, "year": [2024] * size, **columns})


def test_sums_over_enterprises_take_industry_above_scale_only_and_miss_nothing() -> None:
    rows = _enterprises(
        industry=["C2511", "2614", "5110", "3311"],
        above_scale=[True, True, True, False],
        energy_tce=[100.0, 50.0, None, None],
        value_added_cny10k=[10.0, 20.0, 30.0, 40.0],
        revenue_cny10k=[1.0, 2.0, 3.0, None],
    )
    told = of_enterprises(rows, "Z", 2024)
    assert told.told == {
        "value_added": 100.0, "energy_above_scale": 150.0, "industrial_value_added_above_scale": 30.0,
    }  # fmt: skip
    assert told.reasons["revenue"] == "1 of 4 enterprises have not stated 营业收入"
    unsaid = of_enterprises(rows.assign(above_scale=[True, None, True, False]), "Z", 2024)
    assert "energy_above_scale" in unsaid.reasons
    assert of_enterprises(rows, "Y", 2024).told == {}
    with pytest.raises(ColumnMissing):
        of_enterprises(rows.drop(columns="year"), "Z", 2024)


def _power(*rows: tuple[str, str, float]) -> pd.DataFrame:
    lines = pd.DataFrame(rows, columns=["enterprise_id", "item", "amount"])
    return lines.assign(category="electricity", unit="MWh", quote=0, notation="")


def test_physical_and_certified_shares_stand_apart_and_sum_to_the_whole() -> None:
    whole, physical, traded = power_shares(
        _power(
            ("E", "bought", 500),
            ("E", "green_direct", 200),
            ("F", "own_nonfossil", 100),
            ("F", "green_traded", 200),
        )
    )
    assert (whole.value, physical.value, traded.value) == (0.5, 0.3, 0.2)


def test_power_that_is_resold_inside_the_park_is_consumed_once() -> None:
    resold = _power(
        ("R", "bought", 1000),
        ("R", "sold_in_park", 1000),
        ("Q", "bought_in_park", 1000),
        ("Q", "green_direct", 1000),
    )
    assert power_shares(resold)[0].value == 0.5
    generated = _power(
        ("P", "sold_in_park", 1000), ("Q", "bought_in_park", 1000), ("Q", "green_direct", 1000)
    )
    assert power_shares(generated)[0].value == 0.5
    # 100 MWh of its own and 300 bought are used; what it sells it has generated beside them
    makes = _power(("P", "bought", 300), ("P", "own_nonfossil", 100), ("P", "sold", 200))
    assert power_shares(makes)[0].value == 0.25


def test_an_unknown_statement_or_none_at_all_leaves_the_share_open() -> None:
    open_ = _power(("E", "bought", 500), ("F", "green_direct", float("nan"))).assign(quote=[0, -1])
    assert "1 of 2 statements" in power_shares(open_)[0].reason
    assert power_shares(_power())[0].reason == "No electricity is stated as consumed."
    assert power_shares(_power(("E", "bought", 0.0)))[0].value is None

"""Figures per mu: five areas side by side, and a missing statement that is never zero."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import ColumnMissing, NoSuchCode
from data.records import Input, Result
from geo.benefit import AreaBase, area_bases, by_enterprise, measure, own_land_mu, per_area

PARCELS = pd.DataFrame({
    "area_m2": [20_000.0, 10_000.0],
    "land_class": ["0601", "0701"],
    "class_system": "sandiao",
    "supply": "supplied",
    "built": True,
})
MONEY = ["investment_cny10k", "tax_cny10k", "value_added_cny10k", "revenue_cny10k"]

enterprise = st.fixed_dictionaries({
    "industry": st.sampled_from(["13", "36", "52", "5990", "C26"]),
    **{name: st.floats(0, 1e7) for name in MONEY},
    "land_mu": st.floats(0, 500),
    "leased_in_mu": st.floats(0, 100),
    "leased_out_mu": st.floats(0, 100),
})
enterprises = st.lists(enterprise, min_size=1, max_size=8).map(
    lambda rows: pd.DataFrame(rows).assign(enterprise_id=[f"E{n}" for n in range(len(rows))], year=2024)
)


def figures(frame: pd.DataFrame, zone=None, **more) -> dict[str, Result]:
    return {result.code: result for result in measure(frame, PARCELS, zone or {}, 2024, **more)}


@settings(max_examples=15)
@given(enterprises, st.integers(1, 10_000))
def test_ten_times_the_money_is_ten_times_the_figure(frame, times):
    before, after = figures(frame), figures(frame.assign(**{name: frame[name] * times for name in MONEY}))
    for code, result in before.items():
        if result.value is not None:
            assert after[code].value == pytest.approx(result.value * times, rel=1e-9)


@settings(max_examples=15)
@given(enterprises)
def test_per_hectare_is_fifteen_times_per_mu(frame):
    for result in figures(frame, {"approved_ha": 12.49, "administered_ha": 402.0}).values():
        for key, value in result.breakdown.items():
            if key.startswith("per_mu."):
                per_ha = result.breakdown[key.replace("per_mu", "per_ha")]
                assert per_ha == pytest.approx(15 * value, rel=1e-12)


@settings(max_examples=15)
@given(enterprises)
def test_the_order_of_enterprises_does_not_matter(frame):
    before, after = figures(frame), figures(frame.iloc[::-1])
    for code, result in before.items():
        assert after[code].value == (pytest.approx(result.value) if result.value is not None else None)


def test_one_zone_spreads_32_fold_by_the_choice_of_area():
    # GDP 132.8 亿 of an economic zone by 12.49 km² approved, 402 km² administered: worked by hand
    bases = {
        "approved": AreaBase("approved", "批准面积", 12.49e6),
        "administered": AreaBase("administered", "实际管理面积", 402e6),
    }
    told = per_area("gdp_per_mu", "亩均生产总值", 13_280_000.0, "CNY10k", bases, base="approved")
    assert told.value == pytest.approx(709, abs=0.5)
    assert told.breakdown["per_mu.administered"] == pytest.approx(22.0, abs=0.05)
    assert told.value / told.breakdown["per_mu.administered"] == pytest.approx(32.2, abs=0.05)


def test_every_figure_names_its_area_and_lists_all_five():
    frame = pd.DataFrame([{"enterprise_id": "E1", "industry": "36", "year": 2024, "tax_cny10k": 90.0}])
    told = figures(frame)["tax_per_mu"]
    assert (told.value, told.unit, told.area_base) == (2.0, "CNY10k/mu", "built")
    assert told.formula == "税收 / 已建成城镇建设用地 A"
    areas = {each.name: each.value for each in told.inputs if each.name.startswith("area.")}
    assert areas == {
        "area.approved": None,
        "area.administered": None,
        "area.built": 45.0,
        "area.industrial": 30.0,
        "area.own": None,
    }
    assert next(each for each in told.inputs if each.name == "tax_cny10k").origin == "enterprises 2024"


def test_the_names_of_many_silent_enterprises_are_cut_short():
    frame = pd.DataFrame({"enterprise_id": [f"E{n}" for n in range(9)], "year": 2024, "tax_cny10k": None})
    told = figures(frame)["tax_per_mu"]
    assert "E0, E1, E2, E3, E4 and 4 more" in told.reason
    assert "Supply the missing statements" in told.reason
    assert "partial_sum" not in told.breakdown


def test_a_table_without_the_column_lacks_every_statement():
    told = figures(pd.DataFrame({"enterprise_id": ["E1"], "year": [2024]}))
    assert "revenue_cny10k (营业收入) is not stated by E1" in told["revenue_per_mu"].reason
    assert "industry (GB/T 4754) is not stated by E1" in told["investment_intensity"].reason


def test_storage_and_transport_count_as_logistics_but_shops_do_not():
    frame = pd.DataFrame({
        "enterprise_id": list("abcd"),
        "year": 2024,
        "industry": ["59", "44", "0610", "83"],
        "investment_cny10k": [1.0, 2.0, 4.0, 8.0],
    })
    assert figures(frame)["investment_intensity"].value == pytest.approx(7 / 30)


def test_an_empty_year_is_not_a_year_of_zero():
    told = figures(pd.DataFrame({"enterprise_id": ["E1"], "year": [2023], "tax_cny10k": [1.0]}))
    assert told["tax_per_mu"].value is None
    assert "Take in the year's statements" in told["tax_per_mu"].reason


def test_an_unknown_area_keeps_the_figure_from_being_told():
    parcels = PARCELS.assign(built=[True, None])
    frame = pd.DataFrame({"enterprise_id": ["E1"], "year": [2024], "tax_cny10k": [1.0]})
    told = {r.code: r for r in measure(frame, parcels, {"approved_ha": 3.0}, 2024)}["tax_per_mu"]
    assert told.value is None
    assert "class, built or area of 1 parcel(s) is not known" in told.reason
    assert told.breakdown["per_mu.approved"] == pytest.approx(1 / 45)


def test_an_area_that_is_not_there_is_refused():
    with pytest.raises(NoSuchCode, match="planned"):
        figures(pd.DataFrame({"enterprise_id": ["E1"]}), base="planned")
    with pytest.raises(ColumnMissing, match="area_m2"):
        measure(pd.DataFrame(), PARCELS[["built"]], {}, 2024)


@pytest.mark.parametrize("area", [0, -1.0])
def test_nothing_is_divided_by_an_area_that_is_not_positive(area):
    bases = area_bases({"approved_ha": area}, PARCELS, pd.DataFrame())
    assert bases["approved"].area_m2 is None
    assert "nothing can be divided by it" in bases["approved"].reason


def test_own_land_is_own_and_leased_in_without_leased_out():
    frame = pd.DataFrame({
        "land_mu": [10, 10, None],
        "leased_in_mu": [5, None, 0],
        "leased_out_mu": [3, 0, 0],
    })
    assert own_land_mu(frame).tolist()[0] == 12
    assert own_land_mu(frame).isna().tolist() == [False, True, True]


def test_an_enterprise_without_known_land_has_no_figure():
    frame = pd.DataFrame(
        {
            "enterprise_id": ["E1", "E2", "E3", "E4"],
            "land_mu": [10.0, 0.0, None, 5.0],
            "leased_in_mu": 0.0,
            "leased_out_mu": [0.0, 0.0, 0.0, 10.0],
            "tax_cny10k": [50.0, 50.0, 50.0, 50.0],
        },
        index=[3, 1, 1, 7],
    )
    told = by_enterprise(frame)
    assert told.index.tolist() == [3, 1, 1, 7]
    assert told["tax_per_mu"].tolist()[0] == 5.0
    assert told["tax_per_mu"].isna().tolist() == [False, True, True, True]
    assert told["revenue_per_mu"].isna().all()


def test_emissions_bring_their_inputs_and_reason_along():
    bases = {"built": AreaBase("built", "已建成", 10_000.0)}
    coal = (Input("coal", "煤", 1.0, "t"),)
    whole = Result("emissions_total", "碳排放", 300.0, "tCO2e", inputs=coal, articles=("x",))
    told = per_area("emissions_per_mu", "亩均碳排放", whole, "tCO2e", bases)
    assert (told.value, told.unit, told.articles) == (20.0, "tCO2e/mu", ("x",))
    assert [each.name for each in told.inputs] == ["coal", "area.built"]
    unknown = Result("emissions_total", "碳排放", None, "tCO2e", reason="coal of E1 is not stated.")
    told = per_area("emissions_per_mu", "亩均碳排放", unknown, "tCO2e", bases)
    assert (told.value, told.reason) == (None, "coal of E1 is not stated.")


@pytest.mark.parametrize("amount", [None, float("nan")])
def test_a_bare_amount_that_is_missing_says_so(amount):
    bases = {"built": AreaBase("built", "已建成", 10_000.0)}
    told = per_area("emissions_per_mu", "亩均碳排放", amount, "tCO2e", bases)
    assert (told.value, told.reason) == (None, "The amount of emissions_per_mu is not known.")
    assert "per_mu.built" not in told.breakdown

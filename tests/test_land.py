"""Land indicators: what holds for any parcels, what contradicts, and what is held against a rule."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.codes import system
from data.errors import ColumnMissing, NoSuchCode
from data.parameters import parameter
from data.records import Dated, Outcome, Severity
from geo import land
from geo.land.contradictions import chain
from geo.land.survey import SURVEY, surveyed

DAY = date(2024, 12, 31)
CODES = ["0601", "0508", "0602", "0603", "0701", "0702", "05H1", "08H1", "0810", "1004", "1006", "1109"]
CODES += ["0103", "0301", "1101", "1201", "09"]
SUPPLY = ["supplied", "not_supplied", "ready", "not_developable", "idle"]

parcel = st.fixed_dictionaries({
    "area_m2": st.floats(1.0, 1e6),
    "land_class": st.sampled_from(CODES),
    "supply": st.sampled_from(SUPPLY),
    "built": st.booleans(),
    "floor_area_m2": st.floats(0, 1e6),
    "footprint_m2": st.floats(0, 1e5),
})
parcels = st.lists(parcel, min_size=1, max_size=12).map(
    lambda rows: pd.DataFrame(rows).assign(class_system="sandiao")
)

# each example measures fourteen indicators; the cases in tests/cases hold the corners
few = settings(max_examples=12)


def measured(frame: pd.DataFrame, **more) -> dict[str, object]:
    results = land.measure(frame, more.pop("zone", {}), day=DAY, region="410100", **more)
    return {result.code: result for result in results}


def one(**changed) -> pd.DataFrame:
    row = {
        "area_m2": 10_000.0,
        "land_class": "0601",
        "class_system": "sandiao",
        "supply": "supplied",
        "built": True,
        "floor_area_m2": 5_000.0,
        "footprint_m2": 4_000.0,
    }
    return pd.DataFrame([{**row, **changed}])


@few
@given(parcels)
def test_shares_lie_between_nothing_and_the_whole(frame):
    told = measured(frame)
    for key in ("p1", "p2", "p4"):
        value = told[f"industrial_share.{key}"].value
        assert value is None or 0 <= value <= 1
    for code in ("development_rate", "idle_rate"):
        assert told[code].value is None or 0 <= told[code].value <= 1


@few
@given(parcels, st.floats(0.05, 0.95))
def test_splitting_a_parcel_changes_no_indicator(frame, cut):
    first = frame.iloc[[0]].copy()
    sums = ["area_m2", "floor_area_m2", "footprint_m2"]
    rest = first.copy()
    rest[sums] = first[sums] * (1 - cut)
    first[sums] *= cut
    split = pd.concat([first, rest, frame.iloc[1:]])
    before, after = measured(frame, zone={"population": 100}), measured(split, zone={"population": 100})
    for code, result in before.items():
        assert (result.value is None) == (after[code].value is None)
        if result.value is not None:
            assert after[code].value == pytest.approx(result.value, rel=1e-9)


@few
@given(parcels, st.integers(1, 1000))
def test_the_scale_of_the_map_changes_no_share(frame, times):
    before, after = measured(frame), measured(frame.assign(area_m2=frame["area_m2"] * times))
    for code, result in before.items():
        if "share" in code or code.endswith("rate"):
            same = None if result.value is None else pytest.approx(result.value, rel=1e-9)
            assert after[code].value == same


@few
@given(parcels)
def test_every_missing_value_has_a_reason_and_every_value_has_none(frame):
    for result in measured(frame).values():
        assert (result.value is None) == bool(result.reason)


@few
@given(parcels)
def test_every_parcel_gets_one_survey_category(frame):
    told = surveyed(frame)["survey"]
    assert told.notna().all()
    assert set(told) <= {*SURVEY.values(), "B12", "B21", "B22", "C"}


def test_every_category_of_town_land_has_a_survey_group():
    for name in ("sandiao", "gbt21010_2017", "ydyh_2020", "ydyh_2023", "gb50137"):
        table = system(name).table
        town = table[(table["construction"] == "yes") & table["category"].notna()]
        assert set(town["category"]) <= set(SURVEY)
        open_land = table[(table["construction"] == "no") & table["category"].notna()]
        assert not set(open_land["category"]) & set(SURVEY)


def test_inputs_carry_areas_and_the_breakdown_names_the_classes():
    frame = pd.concat([one(), one(land_class="0701"), one(land_class="0508")])
    told = measured(frame, origin="parcels v3")["industrial_share.p1"]
    assert [(i.name, i.value, i.unit, i.count, i.origin) for i in told.inputs] == [
        ("industrial", 20_000.0, "m2", 2, "parcels v3"),
        ("built", 30_000.0, "m2", 3, "parcels v3"),
    ]
    assert told.breakdown == {
        "industrial_m2.0508": 10_000.0,
        "industrial_m2.0601": 10_000.0,
        "built_m2.0508": 10_000.0,
        "built_m2.0601": 10_000.0,
        "built_m2.0701": 10_000.0,
    }
    assert "A2" in told.formula
    assert "tdt-1029" in told.articles[0]


def test_the_share_is_held_against_the_plan_and_cites_it():
    told = measured(pd.concat([one(area_m2=6_000.0), one(area_m2=4_000.0, land_class="0701")]))
    share = told["industrial_share"]
    assert (share.target, share.outcome) == (0.6, Outcome.MET)
    dated = [article for article in share.articles if isinstance(article, Dated)]
    assert "专栏一" in dated[0].article


def test_a_share_just_below_the_target_is_not_met():
    told = measured(pd.concat([one(area_m2=5_999.0), one(area_m2=4_001.0, land_class="0701")]))
    assert told["industrial_share"].outcome is Outcome.NOT_MET


def test_a_share_that_cannot_be_told_is_neither_met_nor_not_met():
    told = measured(one(land_class="9999"))["industrial_share"]
    assert (told.value, told.target, told.outcome) == (None, 0.6, Outcome.CANNOT_TELL)


def test_before_the_plan_there_was_no_target():
    results = land.measure(one(), {}, day=date(2021, 12, 31), region="410100")
    assert (results[0].target, results[0].outcome) == (None, None)
    outside = land.measure(one(), {}, day=DAY, region="320500")
    assert outside[0].target is None


def test_a_system_without_a_definition_says_which_systems_have_one():
    told = measured(one(class_system="ydyh_2023", land_class="1001"))
    assert "classes of sandiao, gbt21010_2017" in told["industrial_share.p2"].reason
    assert "choose another definition" in told["industrial_share.p2"].reason


def test_an_unknown_definition_is_refused():
    with pytest.raises(NoSuchCode, match="p5"):
        measured(one(), definition="p5")


def test_without_areas_nothing_can_go_on():
    with pytest.raises(ColumnMissing, match="needs the column area_m2"):
        measured(one().drop(columns="area_m2"))


def test_a_layer_of_areas_alone_says_what_it_lacks():
    told = measured(one()[["area_m2"]])
    assert all(result.value is None for result in told.values())
    assert "land_class (地类编码) is not given for 1 parcel (15.0 mu)" in told["industrial_share.p1"].reason
    assert "class_system (地类体系) is not given" in told["industrial_share.p1"].reason
    assert "supply (供应状态) is not given" in told["idle_rate"].reason


def test_a_zone_without_parcels_has_no_values_and_says_why():
    told = measured(one().iloc[:0])
    assert all(result.value is None and result.reason for result in told.values())


def test_an_unknown_area_is_not_nothing():
    told = measured(pd.concat([one(), one(area_m2=None)]))
    assert "area_m2 (面积) is not given for 1 parcel" in told["plot_ratio"].reason


@pytest.mark.parametrize("odd", ["on sale", "", None])
def test_an_unheard_of_supply_state_is_unknown(odd):
    assert measured(one(supply=odd))["supply_rate"].value is None


def test_open_water_without_a_supply_state_is_not_developable():
    frame = pd.concat([one(), one(land_class="1101", supply=None, built=False)])
    assert measured(frame)["development_rate"].value == 1.0


def test_an_indicator_can_be_called_on_columns_alone():
    told = land.idle_rate(
        area_m2=pd.Series([3.0, 1.0]),
        survey=pd.Series(["A2", "B2"]),
        supply=pd.Series(["supplied", "idle"]),
    )
    assert (told.code, told.value) == ("idle_rate", 0.25)


def test_columns_alone_that_are_not_known_say_so():
    told = land.built_rate(
        area_m2=pd.Series([1.0]), survey=pd.Series([None], dtype="str"), supply=pd.Series(["supplied"])
    )
    assert told.value is None
    assert "survey does not say enough for 1 parcel" in told.reason


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        ({"land_class": "0103"}, "built_on_open_land", "not construction land"),
        ({"supply": "not_developable"}, "built_not_developable", "given as not developable"),
        ({"supply": "not_supplied"}, "built_not_supplied", "the built rate A / D may pass 1"),
        ({"land_class": "9999"}, "class_unknown", "its system lacks: 9999"),
    ],
)
def test_parcels_that_contradict_themselves_are_named(changed, code, said):
    frame = pd.concat([one(), one(**changed)]).assign(parcel_id=["P1", "P2"])
    found = {fault.code: fault for fault in land.faults(frame)}
    assert said in found[code].message
    assert found[code].feature == "P2"
    assert found[code].severity is Severity.WARNING
    assert found[code].area_m2 == 10_000.0
    assert "Correct land_class" in found[code].remedy


def test_parcels_in_order_give_no_warning():
    frame = pd.concat([
        one(),
        one(supply="idle", built=False),
        one(land_class="0103", supply="ready", built=False),
    ])
    assert land.faults(frame) == []


def test_a_house_on_a_field_breaks_the_chain_of_rates():
    frame = pd.concat([one(), one(land_class="0103")])
    broken = {fault.code: fault for fault in land.faults(frame)}["chain_broken"]
    assert "= 0.5000, but built / developable is 1.0000" in broken.message


def rates(development: float, supply: float, built: float):
    empty = measured(one())
    values = {"development_rate": development, "supply_rate": supply, "built_rate": built}
    return {code: type(empty[code])(code, "", value, "1") for code, value in values.items()}


def test_the_published_rates_of_the_2020_round_close():
    # 待建地 is 13.84 % of the developable land; the ministry prints 76.92 % built
    assert chain(rates(0.8946, 0.9268, 0.9277), 0.7692) is None


def test_one_rate_of_another_year_breaks_them():
    assert "0.7692" in chain(rates(0.8946, 0.9268, 0.9377), 0.7692).message


@few
@given(parcels)
def test_the_chain_closes_for_parcels_that_do_not_contradict(frame):
    town = frame["land_class"].isin(["0601", "0508", "0701", "1004"])
    frame["built"] &= town
    frame.loc[frame["built"], "supply"] = "supplied"
    assert [fault for fault in land.faults(frame) if fault.code == "chain_broken"] == []


def test_idle_land_rules_stand_with_their_articles():
    fee = parameter("rules.land.idle_land.fee_share").on(DAY, "410100")
    assert (fee.value, fee.article) == (0.2, "mlr-order-53-2012 第十四条")
    assert parameter("rules.land.idle_land.reclaimed_after").on(date(2012, 7, 1)).value == 2

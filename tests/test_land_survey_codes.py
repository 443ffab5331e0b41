"""Survey codes of the evaluation: given codes win, contradictions are named, nothing unknown is guessed."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.records import Severity
from geo import land
from geo.land.contradictions import built_share
from geo.land.stated import supply_after
from geo.land.survey import is_built, is_closed, is_developable, is_housing, is_ready, is_works, surveyed
from geo.land.survey_codes import CODES, CONDITIONS, agrees, spoken
from geo.land.zone_types import INDICATOR_SETS, ZONE_TYPES, indicator_set, zone_kind, zone_type, zone_type_of

DAY = date(2024, 12, 31)


def one(**changed) -> pd.DataFrame:
    row = {
        "parcel_id": "P1",
        "area_m2": 10_000.0,
        "land_class": "0601",
        "class_system": "sandiao",
        "supply": "supplied",
        "built": True,
    }
    return pd.DataFrame([{**row, **changed}])


def faults(*rows: pd.DataFrame) -> dict[str, object]:
    return {fault.code: fault for fault in land.faults(pd.concat(rows, ignore_index=True))}


@pytest.mark.parametrize("odd", ["a2", " A2 ", "Ａ２", "a 2", "A2/", "a2;d21", "D21、A2", "A2+H1"])
def test_case_width_and_blanks_change_no_code(odd):
    assert spoken(odd).known
    assert spoken(odd).condition == "A2"


@pytest.mark.parametrize("odd", ["A7", "A2/A3", "D1/G", "工业", "2A", "/", "A2/X"])
def test_what_is_no_code_or_two_of_one_table_is_not_known(odd):
    assert not spoken(odd).known
    assert surveyed(one(survey_code=odd))["survey"].isna().all()


def test_a_blank_code_says_nothing():
    assert surveyed(one(survey_code="  "))["survey"].tolist() == ["A2"]


@given(st.sampled_from(CONDITIONS), st.sampled_from(["0601", "0701", "0103", "9999", None]))
def test_a_given_condition_is_the_category_whatever_the_class(code, land_class):
    told = surveyed(one(survey_code=code.lower(), land_class=land_class))
    assert told["survey"].tolist() == [code]
    assert is_developable(told["survey"]).item() is not is_closed(told["survey"]).item()


@given(st.sampled_from(CODES), st.sampled_from(["supplied", "not_supplied", "ready", "idle", None]))
def test_a_code_of_supply_always_tells_supply_and_one_of_condition_never(code, stated):
    after = surveyed(one(survey_code=code, supply=stated))["supply"].iloc[0]
    if spoken(code).supply:
        assert isinstance(after, str)
    else:
        assert after == stated or (stated is None and pd.isna(after))


def test_a_coarse_code_is_taken_for_no_more_than_it_says():
    survey, supply = pd.Series(["A", "B"]), pd.Series(["supplied", "supplied"])
    assert is_built(survey).tolist() == [True, False]
    assert is_works(survey).tolist() == [pd.NA, False]
    assert is_housing(survey).tolist() == [pd.NA, False]
    assert is_ready(survey, supply).tolist() == [True, pd.NA]


@pytest.mark.parametrize(
    ("code", "stated", "after"),
    [
        ("D1", "idle", "idle"),
        ("D21", "not_supplied", "supplied"),
        ("G", "supplied", "idle"),
        ("E21", None, "unsupplied"),
        ("E1", "ready", "ready"),
        ("F", "not_developable", "not_developable"),
        ("E1", "supplied", "unsupplied"),
        ("A2", "ready", "ready"),
    ],
)
def test_supply_is_what_the_code_says_and_no_less_than_what_is_stated(code, stated, after):
    assert supply_after(spoken(code), stated) == after


@pytest.mark.parametrize(("code", "kind"), [("H1", "H1"), ("H", "H2"), ("A2", "H2"), ("H2", "H2")])
def test_a_high_tech_code_wins_and_h_alone_leaves_the_class_that_is_stated(code, kind):
    assert surveyed(one(survey_code=code, high_tech="H2"))["high_tech"].tolist() == [kind]


def test_the_categories_of_rural_and_of_waiting_land_are_derived():
    frame = pd.concat([
        one(land_class="0702", supply="not_supplied"),
        one(built=False, supply="ready"),
        one(built=False, supply="not_supplied"),
        one(built=False, supply=None),
        one(supply="not_developable", built=False),
    ])
    assert surveyed(frame)["survey"].tolist() == ["B12", "B21", "B22", "B2", "C"]


def test_a_code_that_says_built_fills_in_where_that_is_not_stated():
    frame = pd.concat([one(survey_code=code, built=None) for code in ("A2", "B21", "C1")])
    assert surveyed(frame)["built"].tolist() == [True, False, pd.NA]


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        (
            {"survey_code": "A2", "land_class": "0701"},
            "survey_code_against_class",
            r"A2 with class 0701 \(1\)",
        ),
        ({"survey_code": "B12"}, "survey_code_against_class", "B12 with class 0601"),
        ({"survey_code": "B21"}, "survey_code_against_built", "B21 with built True"),
        ({"survey_code": "C2", "supply": "ready"}, "survey_code_against_supply", "C2 with supply ready"),
        (
            {"survey_code": "A2/D1", "supply": "ready"},
            "survey_code_against_supply",
            "A2/D1 with supply ready",
        ),
        ({"survey_code": "D1", "tenure": "granted"}, "survey_code_against_tenure", "D1 with tenure granted"),
        ({"survey_code": "E1", "tenure": "granted"}, "survey_code_against_tenure", "E1 with tenure granted"),
        (
            {"survey_code": "H1", "high_tech": "none"},
            "survey_code_against_high_tech",
            "H1 with high_tech none",
        ),
        ({"survey_code": "A9"}, "survey_code_unknown", "none of the evaluation, or two of one table: A9"),
        ({"tenure": "granted", "supply": "ready"}, "tenure_not_supplied", "have a tenure"),
        ({"area_m2": -5.0}, "size_impossible", "area_m2 that is no size: -5"),
        ({"yard_m2": -1.0}, "size_impossible", "yard_m2 that is no size: -1"),
    ],
)
def test_what_contradicts_itself_is_named_with_both_values(changed, code, said):
    fault = faults(one(), one(parcel_id="P2", **changed))[code]
    assert pd.Series([fault.message]).str.contains(said).item(), fault.message
    assert (fault.feature, fault.severity) == ("P2", Severity.WARNING)
    assert fault.remedy


@pytest.mark.parametrize(
    "changed",
    [
        {"survey_code": "A2"},
        {"survey_code": "A2/D21/H1", "tenure": "granted", "high_tech": "H1"},
        {"survey_code": "A3", "land_class": "1004"},
        {"survey_code": "A51", "land_class": "0810"},
        {"survey_code": "B11"},
        {"survey_code": "B21", "built": False, "supply": "idle"},
        {"survey_code": "G", "built": False},
        {"survey_code": "C1", "land_class": "1101", "supply": None, "built": False},
        {"survey_code": "H", "high_tech": "H2"},
    ],
)
def test_codes_that_fit_give_no_warning(changed):
    assert faults(one(**changed)) == {}


def test_a_given_code_replaces_the_warnings_about_what_would_be_derived():
    found = faults(one(survey_code="A2", land_class="0103"))
    assert set(found) == {"survey_code_against_class"}


def test_two_class_systems_in_one_layer_are_named_with_their_land():
    found = faults(one(), one(class_system="ydyh_2023", land_class="1001", area_m2=20_000.0))
    said = found["class_systems_mixed"].message
    assert "sandiao: 1 parcel(s), 15.0 mu; ydyh_2023: 1 parcel(s), 30.0 mu" in said


def test_an_area_below_zero_is_unknown_and_not_subtracted():
    told = land.measure(pd.concat([one(), one(area_m2=-4_000.0)]), {}, day=DAY, region="410100")
    share = next(result for result in told if result.code == "industrial_share.p1")
    assert share.value is None
    assert "area_m2" in share.reason


def test_the_chain_of_rates_closes_for_given_codes_alone():
    frame = pd.concat([
        one(survey_code=code, land_class=None, built=None, supply=None, parcel_id=code)
        for code in ("A2/D21", "A1/D1", "B21/G", "B22/E1", "C1/F")
    ])
    assert built_share(surveyed(frame)) == 0.5
    assert faults(frame) == {}


def test_a_code_against_the_flags_breaks_the_chain():
    found = faults(one(survey_code="A2", built=False), one(parcel_id="P2"))
    assert {"chain_broken", "survey_code_against_built"} <= set(found)


def test_codes_agree_with_themselves():
    alike = [code for code in CODES if (said := spoken(code)).supply and not agrees(said, said.supply)]
    assert alike == []


def test_what_is_derived_once_is_not_derived_again():
    frame = surveyed(one(survey_code="A2/D1", supply="ready"))
    assert surveyed(frame) is frame


@pytest.mark.parametrize(
    ("zone", "kind", "warned"),
    [
        ({"category": "integrated"}, "integrated", ["zone_type_contradicted"]),
        ({"category": "industry_led"}, "industry_led", []),
        ({}, "industry_led", []),
        ({"category": "mixed"}, "industry_led", ["zone_type_unknown"]),
        ({"category": float("nan"), "code": "G411031"}, "industry_led", []),
    ],
)
def test_what_the_office_says_of_the_type_wins(zone, kind, warned):
    told, found = zone_type_of(surveyed(one()), zone, DAY, "410100")
    assert (told, [fault.code for fault in found]) == (kind, warned)


def test_a_bonded_zone_is_industry_led_whatever_its_land():
    homes = surveyed(one(land_class="0701"))
    assert zone_type_of(homes, {"code": "G411031"}, DAY, "410100")[0] == "integrated"
    assert zone_type_of(homes, {"code": "G413033"}, DAY, "410100") == ("industry_led", [])
    _, found = zone_type_of(homes, {"code": "G413033", "category": "integrated"}, DAY, "410100")
    assert "bonded zones are always industry_led" in found[0].message
    assert land.faults(homes, {"code": "G413033", "category": "other"}, day=DAY)[-1].layer == "zones"


def test_before_the_rule_the_land_gives_no_type():
    assert zone_type_of(surveyed(one()), {}, date(2009, 1, 1), "410100") == (None, [])


def test_kinds_are_read_from_the_grammar_and_provincial_zones_are_other():
    codes = ["G411031", "G412001", "G413033", "G416001", "S417009", "X1", None]
    kinds = [zone_kind({"code": code}) for code in codes]
    assert kinds == ["etdz", "htdz", "customs", "other", "other", "other", "other"]


def test_the_direction_part_is_measured_by_development_instead():
    for name in ZONE_TYPES:
        main, direction = indicator_set(name), indicator_set(name, "direction")
        assert main == INDICATOR_SETS[name]
        assert set(main) - set(direction) == ({"supply_rate", "built_rate"} if main else set())


@pytest.mark.parametrize(
    ("works", "homes", "other", "kind"),
    [
        (31, 24, 45, "industry_led"),
        (30, 25, 45, "integrated"),
        (31, 25, 44, "other"),
        (30, 24, 46, "other"),
    ],
)
def test_a_zone_is_evaluated_by_its_works_and_homes(works, homes, other, kind):
    frame = pd.concat([
        one(area_m2=float(works)),
        one(area_m2=float(homes), land_class="0701"),
        one(area_m2=float(other), land_class="1004"),
    ])
    assert zone_type(surveyed(frame), DAY, "410100") == kind


def test_the_type_of_a_zone_with_unknown_land_cannot_be_told():
    assert zone_type(surveyed(one(built=None)), DAY, "410100") is None
    assert zone_type(surveyed(one(built=False)), DAY, "410100") is None

"""Broken input about projects: each thing wrong is named with its row and remedy, and nothing else breaks."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from data.kinds import kind
from geo.projects import admit, control, measure, measures
from geo.projects.admission_rows import list_rows
from geo.projects.control_rows import controls_of

DAY = date(2024, 6, 1)
GOOD = {
    "project_id": "P1", "zone": "G1", "parcel_id": "A1", "land_m2": 10_000.0, "floor_area_m2": 8_000.0,
    "high_floor_area_m2": 3_000.0, "footprint_m2": 3_000.0, "structures_m2": 0.0, "yard_m2": 500.0,
    "admin_land_m2": 500.0, "admin_floor_m2": 500.0, "green_m2": 1_000.0, "actual_investment_cny10k": 4_000.0,
    "actual_tax_cny10k": 100.0, "actual_output_cny10k": 6_000.0,
}  # fmt: skip
CONTROL = {
    "indicator": "investment_intensity", "industry_edition": "gbt4754_2017", "industry": "36",
    "locality": "410000", "since": "2024-01-01", "published": "2023-12-01", "value": 3000.0,
    "unit": "CNY10k/ha", "compare": "at least", "article": "example-1",
}  # fmt: skip
PARCELS = pd.DataFrame({"zone": ["G1"], "parcel_id": ["A1"], "area_m2": [10_010.0]})
OFFICES, MONEY = ["admin_land_share"], ["investment_intensity"]
MEASURED = ["plot_ratio", "building_coefficient", "investment_intensity", "admin_land_share", "green_share"]


def frame(*changes: dict) -> pd.DataFrame:
    return pd.DataFrame([{**GOOD, **change} for change in changes])


def test_good_figures_have_no_fault():
    measured, faults = measures(frame({}), PARCELS)
    assert faults == []
    assert measured.frame.iloc[0].notna().all()


@pytest.mark.parametrize(
    ("change", "code", "column", "lost"),
    [
        ({"high_floor_area_m2": 8_001}, "part_above_whole", "high_floor_area_m2", ["plot_ratio"]),
        ({"footprint_m2": 10_001}, "part_above_whole", "footprint_m2", ["building_coefficient"]),
        ({"yard_m2": 7_001}, "part_above_whole", "footprint_m2", ["building_coefficient"]),
        ({"green_m2": 10_001}, "part_above_whole", "green_m2", ["green_share"]),
        ({"admin_land_m2": 10_001, "admin_floor_m2": None}, "part_above_whole", "admin_land_m2", OFFICES),
        ({"land_m2": 1.0}, "land_too_small", "land_m2", MEASURED),
        ({"land_m2": 15.0}, "land_too_small", "land_m2", MEASURED),
        ({"land_m2": 0.0}, "land_too_small", "land_m2", MEASURED),
        ({"land_m2": -10_000.0}, "figure_negative", "land_m2", MEASURED),
        ({"actual_investment_cny10k": -1.0}, "figure_negative", "actual_investment_cny10k", MONEY),
        ({"actual_investment_cny10k": 4e7}, "money_absurd", "actual_investment_cny10k", MONEY),
        ({"floor_area_m2": float("inf")}, "figure_negative", "floor_area_m2", ["plot_ratio"]),
    ],
)  # fmt: skip
def test_a_figure_that_cannot_be_right_is_named_and_not_used(change, code, column, lost):
    measured, faults = measures(frame({}, change))
    assert [(each.code, each.column, each.feature, each.row) for each in faults] == [(code, column, "P1", 3)]
    assert all(each.remedy for each in faults)
    for name in MEASURED:
        assert measured.frame[name].isna().tolist() == [False, name in lost]
        assert bool(measured.reasons[name][1]) == (name in lost)


@pytest.mark.parametrize(
    ("land", "measured_m2", "code"),
    [
        (1_500.0, 1_000_000.0, "land_in_other_unit"),  # 1 500 mu
        (100.0, 1_000_000.0, "land_in_other_unit"),  # 100 ha
        (10_000.0, 10_499.0, ""),
        (10_000.0, 11_000.0, "land_differs"),
    ],
)
def test_land_is_held_against_its_parcel(land, measured_m2, code):
    others = (
        "footprint_m2",
        "green_m2",
        "admin_land_m2",
        "yard_m2",
        *(name for name in GOOD if "cny" in name),
    )
    projects = frame({"land_m2": land, **dict.fromkeys(others)})
    measured, faults = measures(projects, PARCELS.assign(area_m2=measured_m2))
    assert [each.code for each in faults] == ([code] if code else [])
    assert measured.frame["plot_ratio"].isna().item() == (code == "land_in_other_unit")


def test_money_may_be_refunded_but_not_be_absurd():
    assert measures(frame({"actual_tax_cny10k": -50.0}))[1] == []
    assert [each.code for each in measures(frame({"actual_tax_cny10k": -2e6}))[1]] == ["money_absurd"]


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"indicator": "height"}, "control_unknown", "indicator"),
        ({"compare": "about"}, "control_unknown", "compare"),
        ({"compare": "at most"}, "control_compare", "compare"),
        ({"status": "sure"}, "control_unknown", "status"),
        ({"industry": "99"}, "control_industry", "industry"),
        ({"industry": "汽车"}, "control_industry", "industry"),
        ({"industry": "38", "industry_edition": "gbt4754_2002"}, "control_industry", "industry"),
        ({"industry_edition": None}, "control_industry", "industry_edition"),
        ({"industry_edition": "gbt4754_1994"}, "control_industry", "industry_edition"),
        ({"locality": "419999"}, "control_region", "locality"),
        ({"locality": None}, "control_lacking", "locality"),
        ({"since": None}, "control_lacking", "since"),
        ({"published": None}, "control_lacking", "published"),
        ({"article": " "}, "control_lacking", "article"),
        ({"unit": "t"}, "control_unit", "unit"),
        ({"unit": "?"}, "control_unit", "unit"),
        ({"unit": None}, "control_unit", "unit"),
        ({"value": -1.0}, "control_value", "value"),
        ({"value": 3e7}, "control_value", "value"),
        (
            {"indicator": "green_share", "unit": "1", "compare": "at most", "value": 20.0},
            "control_value",
            "value",
        ),
    ],
)
def test_a_control_row_that_cannot_be_used_is_named_with_its_row(change, code, column):
    rows = pd.DataFrame([CONTROL, {**CONTROL, **change}])
    own, faults = controls_of(rows)
    assert [(each.code, each.column, each.row, each.layer) for each in faults] == [
        (code, column, 3, "controls")
    ]
    assert faults[0].remedy
    assert (
        own["investment_intensity", "at least", "gbt4754_2017", "36", ""].parameter.history()[0].value == 3000
    )


def test_rows_that_contradict_leave_the_control_unknown_and_equal_ones_do_not():
    project = frame({"industry": "36", "industry_edition": "gbt4754_2017", "accepted_on": "2024-03-01"})
    same = pd.DataFrame([CONTROL, {**CONTROL, "value": 200, "unit": "CNY10k/mu"}])
    found, faults = control(project, same, region="410100")
    assert faults == []
    assert next(each for each in found if "investment" in each.rule).outcome == "met"
    for value in (5000, None):
        found, faults = control(
            project, pd.DataFrame([CONTROL, {**CONTROL, "value": value}]), region="410100"
        )
        assert [(each.code, each.row) for each in faults] == [("control_contradicts", 3)]
        finding = next(each for each in found if "investment" in each.rule)
        assert (finding.outcome, finding.limit) == ("cannot_tell", None)
        assert "contradict" in finding.reason


def test_contradicting_rows_keep_a_less_specific_value_from_being_used_instead():
    project = frame({"industry": "36", "industry_edition": "gbt4754_2017", "accepted_on": "2024-03-01"})
    rows = pd.DataFrame([{**CONTROL, "industry": None}, CONTROL, {**CONTROL, "value": 5000}])
    finding = next(each for each in control(project, rows, region="410100")[0] if "investment" in each.rule)
    assert finding.outcome == "cannot_tell"


@pytest.mark.parametrize(
    ("change", "code"),
    [({"industry": "99", "industry_edition": "gbt4754_2017"}, "industry_unknown"),
     ({"industry": "汽车"}, "industry_unknown"),
     ({"industry": "38", "industry_edition": "gbt4754_2002"}, "industry_unknown"),
     ({"industry": "36", "industry_edition": "gbt4754_1994"}, "edition_unknown")],
)  # fmt: skip
def test_an_industry_that_no_edition_holds_is_named(change, code):
    found, faults = control(frame({**change, "accepted_on": "2024-03-01"}), None, region="410100")
    assert [(each.code, each.feature, each.row) for each in faults] == [(code, "P1", 2)]
    assert {each.outcome for each in found if "plot_ratio" in each.rule} <= {"cannot_tell"}


@pytest.mark.parametrize(
    ("change", "code", "kept"),
    [
        ({"treatment": "forbidden"}, "admission_treatment", 0),
        ({"since": None}, "admission_lacking", 0),
        ({"article": ""}, "admission_lacking", 0),
        ({"until": "2024-01-01"}, "admission_days", 0),
        ({"industry": "99"}, "admission_industry", 0),
        ({"industry": "化工"}, "admission_industry", 0),
        ({"industry_edition": None}, "admission_edition", 1),
    ],
)
def test_a_row_of_the_admission_list_that_cannot_be_used_is_named(change, code, kept):
    row = {"zone": "G1", "treatment": "prohibited", "industry_edition": "gbt4754_2017", "industry": "36",
           "since": "2024-01-01", "article": "目录 1"}  # fmt: skip
    rows, faults = list_rows(pd.DataFrame([{**row, "zone": "G2"}, {**row, **change}]), "G1")
    assert [(each.code, each.row) for each in faults] == [(code, 3)]
    assert len(rows) == kept
    if kept:
        project = frame({"industry": "36", "industry_edition": "gbt4754_2017"})
        (finding,), _ = admit(project, pd.DataFrame([{**row, **change}]), day=DAY, zone="G1", region="410100")
        assert "edition" in finding.reason


def test_a_zone_without_a_list_has_no_findings_on_admission():
    assert admit(frame({}), None, day=DAY, zone="G1", region="410100") == ([], [])


@pytest.mark.parametrize("columns", [[], ["project_id"], list(kind("projects").columns)])
def test_no_projects_are_no_fault_and_no_number_is_made_up(columns):
    told = measure(
        pd.DataFrame(columns=columns),
        None,
        None,
        day=DAY,
        region="410100",
        zone={"code": "G1"},
        parcels=PARCELS,
    )
    value = {each.code: each.value for each in told.results}
    assert value["project_count"] == 0
    assert value["controls_met_share"] is value["promises_kept_share"] is value["prohibited_count"] is None
    assert (told.findings, told.faults) == ((), ())
    assert all(each.reason for each in told.results if each.value is None)


def test_a_row_with_nothing_but_an_id_is_answered_with_what_is_lacking():
    told = measure(
        pd.DataFrame({"project_id": ["P1"]}), None, None, day=DAY, region="410100", zone={"code": "G1"}
    )
    assert all(each.outcome == "cannot_tell" and each.reason for each in told.findings)
    assert all(each.value is not None or each.reason for each in told.results)
    assert told.faults == ()


def test_projects_are_placed_by_zone_or_by_parcel_and_counted_once():
    projects = pd.DataFrame({
        "project_id": ["P1", "P2", "P3", "P4", "P5", "P1"],
        "zone": ["G1", "G2", None, None, None, "G1"],
        "parcel_id": [None, "A1", "A1", "B7", None, None],
    })  # fmt: skip
    told = measure(projects, None, None, day=DAY, region="410100", zone={"code": "G1"}, parcels=PARCELS)
    assert told.frame["project_id"].tolist() == ["P1", "P3"]
    assert [(each.code, each.feature, each.row) for each in told.faults] == [
        ("project_nowhere", "P5", 6), ("duplicate_key", "P1", 7)]  # fmt: skip
    told = measure(projects, None, None, day=DAY, region="410100", zone={"code": "G1"})
    assert told.frame["project_id"].tolist() == ["P1", "P3", "P4", "P5"]


def test_the_zone_lends_its_land_grade():
    projects = frame({"industry": "36", "industry_edition": "gbt4754_2017", "accepted_on": "2024-03-01"})
    rows = pd.DataFrame([{**CONTROL, "land_grade": "7"}])
    told = measure(projects, rows, None, day=DAY, region="410100", zone={"code": "G1", "land_grade": "7"})
    assert next(each for each in told.findings if "investment" in each.rule).limit.value == 3000

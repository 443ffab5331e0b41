"""Projects: the office's own control values, properties of all calculators, totals of a zone."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.codes.industries import EDITIONS, division, industries, sections
from data.errors import NoSuchCode
from data.records import Outcome
from geo.projects import CONTENTS, control, measure, measures
from geo.projects.control_rows import Key, controls_of, shipped

DAY = date(2024, 6, 1)
HA = {"project_id": "P1", "land_m2": 10_000.0, "actual_investment_cny10k": 4_000.0}
CAR = {"industry": "3611", "industry_edition": "gbt4754_2017", "accepted_on": "2024-03-01", "land_grade": "7"}


def row(value: float | None, **more) -> dict:
    about = {
        "indicator": "investment_intensity", "locality": "100000", "since": "2024-01-01",
        "published": "2023-12-01", "unit": "CNY10k/ha", "compare": "at least", "article": "example-1",
    }  # fmt: skip
    return {**about, "value": value, **more}


def industry(code: str, edition: str = "gbt4754_2017") -> dict:
    return {"industry": code, "industry_edition": edition}


def held(project: dict, *rows: dict, code: str = "investment_intensity", region: str = "410100"):
    found, faults = control(pd.DataFrame([{**HA, **project}]), pd.DataFrame(rows), region=region)
    assert faults == []
    return next((each for each in found if each.rule.startswith(f"controls.{code}")), None)


@pytest.mark.parametrize(
    ("rows", "limit"),
    [
        ([row(1)], 1),
        ([row(1), row(2, **industry("C"))], 2),
        ([row(1), row(2, **industry("C")), row(3, **industry("36"))], 3),
        ([row(3, **industry("36")), row(4, **industry("361"))], 4),
        ([row(4, **industry("361")), row(5, **industry("3611"))], 5),
        ([row(3, **industry("36")), row(6, **industry("36"), land_grade="7")], 6),
        ([row(5, **industry("3611")), row(6, **industry("36"), land_grade="7")], 5),
        ([row(3, **industry("36")), row(7, **industry("36"), locality="410000")], 7),
        ([row(7, **industry("36"), locality="410000"), row(8, **industry("36"), locality="410100")], 8),
        ([row(3, **industry("36")), row(9, **industry("36"), locality="410200")], 3),
        ([row(3, **industry("36")), row(9, **industry("36", "gbt4754_2002"))], 3),
        ([row(3, **industry("36")), row(9, **industry("37"))], 3),
        ([row(3, **industry("36"), land_grade="07"), row(9, **industry("36"), land_grade="8")], 3),
        ([row(1, locality="410100"), row(3, **industry("36"))], 3),
    ],
)
def test_the_most_specific_row_wins(rows, limit):
    assert held(CAR, *rows).limit.value == limit
    assert held(CAR, *reversed(rows)).limit.value == limit


def test_a_value_per_mu_is_told_per_hectare_and_its_shortfall_in_money():
    finding = held(CAR, row(300, unit="万元/亩"))
    assert (finding.limit.value, finding.measured, finding.outcome) == (4500.0, 4000.0, "not_met")
    assert (finding.shortfall, finding.shortfall_unit) == (500.0, "CNY10k")


@pytest.mark.parametrize(("investment", "outcome"), [(4499.99, "not_met"), (4500, "met"), (4500.01, "met")])
def test_a_limit_is_met_at_itself(investment, outcome):
    finding = held({**CAR, "actual_investment_cny10k": investment}, row(300, unit="CNY10k/mu"))
    assert finding.outcome == outcome


@pytest.mark.parametrize(
    ("day", "limit"), [("2023-12-31", None), ("2024-01-01", 1), ("2024-06-30", 1), ("2024-07-01", None)]
)
def test_a_row_without_value_repeals_from_its_day(day, limit):
    finding = held({**CAR, "accepted_on": day}, row(1), row(None, since="2024-07-01"))
    assert (finding and finding.limit.value) == limit


def test_the_office_speaks_over_the_shipped_value_from_its_first_day_in_that_place():
    coefficient = {"indicator": "building_coefficient", "unit": "%"}
    own, _ = controls_of(pd.DataFrame([row(45, **coefficient), row(50, **coefficient, locality="410100")]))
    rule = own["building_coefficient", "at least", "", "", ""].parameter
    assert rule.on(date(2023, 12, 31), "410200").value == 0.40
    assert rule.on(date(2024, 1, 1), "410200").value == 0.45
    assert rule.on(date(2024, 1, 1), "410100").value == 0.50
    assert rule.on(date(2023, 5, 10)).status == "unverified"


def test_a_value_may_be_limited_from_both_sides():
    project = {**CAR, "floor_area_m2": 12_000, "high_floor_area_m2": 8_000}
    both = [row(0.7, indicator="plot_ratio", unit="1"),
            row(1.8, indicator="plot_ratio", unit="1", compare="at most")]  # fmt: skip
    found, _ = control(pd.DataFrame([{**HA, **project}]), pd.DataFrame(both), region="410100")
    ratios = [(each.outcome.value, each.limit.value, each.shortfall) for each in found if "plot" in each.rule]
    assert ratios == [("met", 0.8, None), ("not_met", 1.8, pytest.approx(2000))]


@pytest.mark.parametrize(
    ("project", "rows", "said"),
    [
        ({"industry": None}, [row(1), row(2, **industry("36"))], "the industry is not given"),
        ({"industry": "36"}, [row(1), row(2, **industry("3611"))], "the industry 36 is coarser than 3611"),
        ({"industry": "C"}, [row(1), row(2, **industry("36"))], "the industry C is coarser than 36"),
        ({"land_grade": None}, [row(1), row(2, land_grade="7")], "land_grade (土地等别) is not given"),
        ({"industry_edition": None}, [row(1), row(2, **industry("36"))],
         "3611 (专用设备制造业) of GB/T 4754-2002: 1 CNY10k/ha; "
         "3611 (汽车制造业) of GB/T 4754-2011: 1 CNY10k/ha; "
         "3611 (汽车制造业) of GB/T 4754-2017: 2 CNY10k/ha"),
    ],
)  # fmt: skip
def test_where_a_more_specific_value_might_hold_it_cannot_be_told(project, rows, said):
    finding = held({**CAR, **project}, *rows)
    assert (finding.outcome, finding.limit, finding.measured) == (Outcome.CANNOT_TELL, None, 4000.0)
    assert said in finding.reason


@pytest.mark.parametrize(
    "project", [{"industry": None}, {"industry_edition": None}, {"land_grade": None}, {"industry": "C"}]
)
def test_what_is_not_asked_for_need_not_be_known(project):
    assert held({**CAR, **project}, row(1)).outcome == "met"


def test_readings_that_agree_are_told():
    both = [row(2, **industry("36", edition)) for edition in EDITIONS]
    assert held({**CAR, "industry_edition": None}, *both).limit.value == 2


def test_the_shipped_table_of_2008_is_whole_and_repealed():
    table = {key.industry: each.parameter for key, each in shipped().items() if key.edition == "gbt4754_2002"}
    assert set(table) == set(industries("gbt4754_2002").query("section == 'C'").index)
    assert {rule.on(date(2023, 5, 10)).value for rule in table.values()} == {0.5, 0.6, 0.7, 0.8, 1.0}
    assert all(rule.history()[-1].value is None for rule in table.values())
    assert all(row.status == "unverified" for each in shipped().values() for row in each.parameter.history())
    assert Key("investment_intensity", "at least") not in shipped()


def test_the_editions_of_industries_are_kept_apart():
    assert [len(industries(edition)) for edition in EDITIONS] == [95, 96, 97]
    assert [list(sections(edition).values()).count("C") for edition in EDITIONS] == [30, 31, 31]
    assert division(pd.Series(["4011", "38"]), "gbt4754_2002")["division"].tolist()[0] == "40"
    assert division(pd.Series(["38"]), "gbt4754_2002")["division"].isna().all()
    with pytest.raises(NoSuchCode, match="editions"):
        industries("gbt4754_1994")


area = st.floats(1, 1e5)
AREAS = ("high_floor_area", "footprint", "structures", "yard", "admin_floor", "green")
MONEY = [f"{who}_{what}_cny10k" for who in ("promised", "actual") for what in ("investment", "tax", "output")]
project = st.fixed_dictionaries({
    "land_m2": st.floats(1e5, 1e6),
    **{f"{name}_m2": area for name in AREAS},
    "floor_area_m2": st.floats(1e5, 1e6),
    **dict.fromkeys(MONEY, st.floats(1, 1e6)),
    "industry": st.sampled_from(["13", "3611", "C26", None]),
    "industry_edition": st.sampled_from([*EDITIONS, None]),
    "accepted_on": st.dates(date(2007, 1, 1), date(2025, 1, 1)),
    "due_on": st.dates(date(2023, 1, 1), date(2025, 1, 1)),
    "stage": st.sampled_from(["signed", "started", "operating", "stopped"]),
})  # fmt: skip
tables = st.lists(project, min_size=1, max_size=6).map(
    lambda rows: pd.DataFrame(rows).assign(project_id=[f"P{n}" for n in range(len(rows))])
)


def everything(projects: pd.DataFrame, **more):
    given = {"day": DAY, "region": "410100", "zone": {"code": "G1"}, **more}
    return measure(projects, None, None, **given)


@settings(max_examples=15)
@given(tables)
def test_ten_times_a_project_has_the_same_ratios_and_ten_times_the_shortfall(projects):
    sizes = projects.select_dtypes("number").columns
    small, large = everything(projects), everything(projects.assign(**{c: projects[c] * 10 for c in sizes}))
    for one, ten in zip(small.findings, large.findings, strict=True):
        if one.unit in ("1", "CNY10k/ha") and one.measured is not None:
            assert ten.measured == pytest.approx(one.measured, rel=1e-9)
        if one.shortfall is not None and one.shortfall > 1 and one.rule != "projects.agreed_start":
            assert ten.shortfall == pytest.approx(10 * one.shortfall, rel=1e-6)


@settings(max_examples=15)
@given(tables, st.randoms())
def test_the_order_of_rows_changes_nothing(projects, chance):
    order = list(range(len(projects)))
    chance.shuffle(order)
    before, after = everything(projects), everything(projects.iloc[order].reset_index(drop=True))
    assert sorted(map(repr, before.findings)) == sorted(map(repr, after.findings))
    for one, other in zip(before.results, after.results, strict=True):
        assert one.value == (None if other.value is None else pytest.approx(other.value, rel=1e-9))


@settings(max_examples=15)
@given(tables)
def test_stages_sum_to_the_whole_and_parts_of_a_zone_to_the_zone(projects):
    value = {each.code: each.value for each in everything(projects).results}
    stages = ("projects_signed", "projects_started", "projects_operating", "projects_stopped")
    assert sum(value[code] for code in stages) == value["project_count"] == len(projects)
    parts = [everything(projects.iloc[:1]), everything(projects.iloc[1:])]
    for code in ("promise_shortfall_cny10k", "promise_shortfall_mu"):
        told = [next(each.value for each in part.results if each.code == code) for part in parts]
        if None not in (*told, value[code]):
            assert value[code] == pytest.approx(sum(told))


@settings(max_examples=15)
@given(tables)
def test_the_plot_ratio_lies_between_once_and_twice_the_floor(projects):
    frame = measures(projects)[0].frame
    plain = projects["floor_area_m2"] / projects["land_m2"]
    assert frame["plot_ratio"].between(plain * (1 - 1e-12), 2 * plain).all()


def test_a_zone_of_two_projects_is_told_in_full():
    """P1 keeps its promise of 1 000; P2 brings 1 500 of 2 000 on 30 mu: 500 and 7.5 mu are lacking."""
    projects = pd.DataFrame({
        "project_id": ["P1", "P2"], "zone": "G1", "land_m2": [10_000, 20_000],
        "stage": ["operating", "started"], "industry": "36", "industry_edition": "gbt4754_2017",
        "promised_investment_cny10k": [1000, 2000], "actual_investment_cny10k": [1200, 1500],
        "due_on": "2024-01-01", "accepted_on": "2022-01-01", "agreed_start_on": "2023-01-01",
        "footprint_m2": [3000, 5000], "structures_m2": 0, "yard_m2": 0, "admin_land_m2": [500, 500],
    })  # fmt: skip
    told = everything(projects)
    value = {each.code: each.value for each in told.results}
    assert [each.code for each in told.results] == [code for code, _, _ in CONTENTS]
    assert value == {
        "project_count": 2, "projects_signed": 0, "projects_started": 1, "projects_operating": 1,
        "projects_stopped": 0, "projects_overdue": 0, "controls_met_share": 0.75, "controls_not_met_count": 1,
        "promises_kept_share": 0.5, "investment_kept_share": 0.9, "tax_kept_share": None,
        "output_kept_share": None,
        "promise_shortfall_cny10k": 500, "promise_shortfall_mu": 7.5, "prohibited_count": None,
        "restricted_count": None,
    }  # fmt: skip
    assert all(each.reason for each in told.results if each.value is None)
    assert told.faults == ()
    assert told.frame["stage"].tolist() == ["operating", "started"]
    started = next(each for each in told.results if each.code == "projects_started")
    assert started.breakdown["land_mu"] == 30


@pytest.mark.parametrize(
    ("day", "outcome", "share"),
    [(date(2025, 6, 29), "cannot_tell", 1.0), (date(2025, 6, 30), "not_met", 0.5)],
)
def test_the_money_of_a_project_under_way_is_held_from_its_due_day_on(day, outcome, share):
    one = {
        "project_id": ["P1"], "zone": ["G1"], "stage": ["started"], "due_on": ["2025-06-30"],
        "accepted_on": ["2024-01-05"], "industry": ["36"], "industry_edition": ["gbt4754_2017"],
        "land_m2": [10_000.0], "floor_area_m2": [9_000.0], "high_floor_area_m2": [0.0],
        "actual_investment_cny10k": [100.0],
    }  # fmt: skip
    row = {
        "indicator": ["investment_intensity"], "locality": ["410100"], "since": ["2023-01-01"],
        "published": ["2023-01-01"], "value": [3000.0], "unit": ["CNY10k/ha"], "compare": ["at least"],
        "article": ["示例 表1"], "status": ["illustration"],
    }  # fmt: skip
    told = measure(pd.DataFrame(one), pd.DataFrame(row), None, day=day, region="410100", zone={"code": "G1"})
    by = {each.label.partition("不")[0]: each for each in told.findings}
    assert by["投资强度"].outcome == outcome
    assert by["容积率"].outcome == "met"
    assert ("due on 2025-06-30" in by["投资强度"].reason) is (outcome == "cannot_tell")
    held = {each.code: each for each in told.results}["controls_met_share"]
    assert (held.breakdown["met"], held.breakdown["met"] + held.breakdown["not_met"]) == (1, 1 / share)

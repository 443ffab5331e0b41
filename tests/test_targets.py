"""Targets of the Henan plan: all fifteen, tracked for the province and each zone, and never by a guess."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import ColumnMissing, RuleFileError
from data.parameters import names, parameter
from data.records import Outcome, Status
from geo.standing import LEAGUE_GOALS, PLAN, targets
from geo.standing.course import compounded, still_required, straight, yearly_growth
from geo.standing.measured import of_zone, sources
from geo.standing.statements import read

COLUMNS = ["zone", "period", "item", "value", "unit"]
DAY = date(2025, 12, 31)
# 专栏一 of the plan, typed from its table: 35 more; yearly growth; numbers of 2025; shares
TABLE = {
    "new_provincial_etdz": ("added", 35),
    "gdp_growth": ("growth", 0.075),
    "fixed_investment_growth": ("growth", 0.10),
    "zones_revenue_over_1000": ("level", 6),
    "zones_revenue_over_500": ("level", 15),
    "industrial_land_share": ("level", 0.60),
    "leading_industry_share": ("level", 0.70),
    "industrial_investment_share": ("level", 0.80),
    "rd_expenditure_growth": ("growth", 0.19),
    "high_tech_enterprises": ("level", 3000),
    "foreign_investment_growth": ("growth", 0.04),
    "out_of_province_funds_growth": ("growth", 0.04),
    "goods_trade_growth": ("growth", 0.084),
    "international_parks": ("level", 5),
    "ftz_linkage_zones": ("level", 7),
}


def tracked(rows, results=(), zones=("A", "B"), year=2024, day=DAY, region="410000", table=PLAN):
    figures = pd.DataFrame(list(rows), columns=COLUMNS)
    told = targets(
        figures, results, pd.DataFrame({"code": list(zones)}), year=year, day=day, region=region, table=table
    )
    return {(each.subject, each.code): each for each in told}


def test_the_fifteen_targets_of_the_plan_are_rules_of_henan_with_their_article():
    found = {name.rpartition(".")[2]: parameter(name) for name in names() if name.startswith(f"{PLAN}.")}
    assert list(found) == list(TABLE)
    for code, rule in found.items():
        goal = rule.on(date(2022, 4, 16), "410100")
        assert (rule.more["kind"], goal.value) == TABLE[code]
        assert (rule.more["base_year"], rule.more["target_year"]) == (2020, 2025)
        assert goal.status is Status.VERIFIED
        assert goal.article.startswith("henan-145-etdz-plan 第二章第四节, 专栏一")


def test_the_share_of_industrial_land_is_the_one_of_the_land_rule():
    rule = parameter("rules.land.industrial_share_min").on(DAY, "410000")
    assert parameter(f"{PLAN}.industrial_land_share").on(DAY, "410000").value == rule.value


def test_a_zone_is_seen_beside_the_targets_that_make_sense_for_one():
    told = tracked([])
    assert {code for subject, code in told if subject == "410000"} == set(TABLE)
    of_one = {code for subject, code in told if subject == "A"}
    assert of_one == {code for code in TABLE if code.endswith(("_growth", "_share"))}


def test_before_the_plan_was_printed_there_is_no_target():
    told = tracked([], day=date(2022, 4, 15))["410000", "gdp_growth"]
    assert (told.goal, told.outcome) == (None, Outcome.CANNOT_TELL)
    assert "first value starts on 2022-04-16" in told.reason
    assert tracked([], day=date(2022, 4, 16))["410000", "gdp_growth"].goal.value == 0.075


def test_another_province_has_no_target_of_this_plan():
    assert "no value for region 320000" in tracked([], region="320000")["320000", "gdp_growth"].reason


def revenues(*values):
    return [(f"Z{n}", "2024", "revenue", value, "亿元") for n, value in enumerate(values)]


def counted(*values, of="zones_revenue_over_1000"):
    zones = [f"Z{n}" for n in range(len(values))]
    return tracked(revenues(*values), zones=zones)["410000", of]


def test_a_zone_at_the_figure_is_not_above_it():
    assert counted(1000, 1000.01, 10_000).value == 2
    assert counted(500, 500.01, 10_000, of="zones_revenue_over_500").value == 2


def test_six_zones_above_are_enough_although_others_are_not_told():
    told = counted(*[1001] * 6, None)
    assert (told.value, told.outcome, told.on_course) == (None, Outcome.MET, Outcome.MET)
    assert "not told for 1 of 7 zones: Z6" in told.reason


def test_five_zones_above_and_one_not_told_may_be_enough_or_not():
    assert counted(*[1001] * 5, None).outcome is Outcome.CANNOT_TELL


def test_four_zones_above_and_one_not_told_are_too_few():
    assert counted(*[1001] * 4, None).outcome is Outcome.NOT_MET


def test_a_count_of_no_zones_cannot_be_told():
    told = tracked([], zones=())["410000", "zones_revenue_over_500"]
    assert (told.value, told.reason) == (None, "No zone is given to count.")


def share(zone, works, built, label="工业用地率(P1)"):
    inputs = [{"name": "industrial", "label": "A2", "value": works, "unit": "m2"}]
    inputs.append({"name": "built", "label": "A", "value": built, "unit": "m2"})
    value = works / built if works is not None else None
    said = {"zone": zone, "year": 2025, "code": "industrial_share", "unit": "1", "reason": "built is missing"}
    return {**said, "label": label, "value": value, "inputs": inputs}


def test_the_share_of_the_province_is_that_of_the_sums_and_not_a_mean():
    told = tracked([], [share("A", 90, 100), share("B", 270, 500)], year=2025)
    whole = told["410000", "industrial_land_share"]
    assert whole.value == 0.6  # 360 of 600; the mean of 0.9 and 0.54 is 0.72
    assert whole.outcome is Outcome.MET
    assert told["B", "industrial_land_share"].outcome is Outcome.NOT_MET


def test_shares_by_different_definitions_are_not_put_together():
    told = tracked([], [share("A", 90, 100), share("B", 270, 500, "P2")], year=2025)
    assert "different definitions: P2, 工业用地率(P1)" in told["410000", "industrial_land_share"].reason


def test_a_share_that_is_not_told_says_what_the_assessment_lacked():
    told = tracked([], [share("A", None, 100)], year=2025)["A", "industrial_land_share"]
    assert told.reason == "industrial_share of A for 2025: built is missing"


def test_a_row_of_the_province_for_one_year_is_not_mixed_with_a_sum_of_the_other():
    rows = [
        ("410000", "2020", "gdp", 500, "亿元"),
        ("A", "2024", "gdp", 60, "亿元"),
        ("B", "2024", "gdp", 40, "亿元"),
    ]
    told = tracked(rows)["410000", "gdp_growth"]
    assert (told.way, told.base_value, told.outcome) == ("sum", None, Outcome.CANNOT_TELL)
    assert "2020年地区生产总值 is not told for 2 of 2 zones: A, B." in told.reason
    assert "Nor does the row of 410000 state 2020, 2024 in full." in told.reason


def test_zones_that_state_in_different_currencies_are_not_summed():
    rows = [("A", "2024", "goods_trade", 5, "亿元"), ("B", "2024", "goods_trade", 5, "万美元")]
    assert (
        "stated in CNY100M and 万美元 by different zones"
        in tracked(rows)["410000", "goods_trade_growth"].reason
    )


def test_why_names_each_figure_with_its_origin():
    told = tracked([("A", "2020", "gdp", 10, "亿元"), ("A", "2024", "gdp", 20, "亿元")])["A", "gdp_growth"]
    assert [(each.name, each.value, each.unit, each.origin) for each in told.inputs] == [
        ("gdp.2020", 10.0, "CNY100M", "statistics A 2020"),
        ("gdp.2024", 20.0, "CNY100M", "statistics A 2024"),
    ]
    shown = json.loads(json.dumps(told.as_json(), ensure_ascii=False))
    assert (shown["goal"], shown["status"], shown["gaps"]) == (0.075, "verified", [2021, 2022, 2023])
    assert "专栏一" in shown["article"]


def test_what_fell_to_nothing_needs_an_amount_and_no_growth_leads_there():
    told = tracked([("A", "2020", "gdp", 10, "亿元"), ("A", "2024", "gdp", 0, "亿元")])["A", "gdp_growth"]
    assert (told.measured, told.required_growth, told.outcome) == (-1.0, None, Outcome.NOT_MET)
    assert told.required_per_year == pytest.approx(10 * 1.075**5)


def test_in_the_base_year_no_growth_can_be_told():
    told = tracked([("A", "2020", "gdp", 10, "亿元")], year=2020)["A", "gdp_growth"]
    assert told.reason == "No year lies between 2020 and 2020."


def league_rows(zone, year, tax):
    area = {"area_mu.built": 1000.0}
    inputs = [{"name": "tax_cny10k", "label": "税收", "value": tax, "unit": "CNY10k"}]
    inputs.append({"name": "area.built", "label": "A", "value": 1000.0, "unit": "mu"})
    said = {"zone": zone, "year": year, "code": "tax_per_mu", "value": tax / 1000, "unit": "CNY10k/mu"}
    return {**said, "label": "亩均税收", "inputs": inputs, "area_base": "built", "breakdown": area}


def test_tax_per_mu_is_to_grow_by_half_from_2020_to_2025():
    results = [league_rows("A", 2020, 10_000), league_rows("B", 2020, 20_000)]
    results += [league_rows("A", 2025, 10_000), league_rows("B", 2025, 35_000)]
    told = tracked([], results, year=2025, table=LEAGUE_GOALS)
    whole = told["410000", "tax_per_mu"]  # 30 000 and 45 000 over 2 000 mu
    assert (whole.base_value, whole.value, whole.measured) == (
        15.0,
        22.5,
        0.5,
    )
    assert (whole.outcome, whole.goal.value) == (Outcome.MET, 0.5)
    assert told["A", "tax_per_mu"].outcome is Outcome.NOT_MET


def test_value_added_per_mu_is_divided_by_the_area_of_the_same_year():
    rows = [
        ("A", year, "value_added_above_scale", value, "亿元") for year, value in (("2020", 4), ("2024", 6))
    ]
    results = [league_rows("A", 2020, 1), league_rows("A", 2024, 1)]
    told = tracked(rows, results, table=LEAGUE_GOALS)["A", "value_added_per_mu"]
    assert (told.base_value, told.value, told.measured) == (40.0, 60.0, 0.5)
    assert told.expected == pytest.approx(40 * 1.35**0.8)
    none = tracked(rows, table=LEAGUE_GOALS)["A", "value_added_per_mu"]
    assert "The area built of A for 2020 is not known: assess it" in none.reason


@settings(max_examples=8)
@given(st.lists(st.integers(1, 10**6), min_size=8, max_size=8), st.integers(-20, 20), st.randoms())
def test_money_in_another_unit_and_rows_in_another_order_change_no_growth(figures, power, random):
    keys = [(zone, year) for zone in "ABCD" for year in ("2020", "2024")]
    rows = [(zone, year, "gdp", value, "亿元") for (zone, year), value in zip(keys, figures, strict=True)]
    scaled = [(*key, value * 2.0**power, unit) for *key, value, unit in rows]
    random.shuffle(scaled)
    before, after = tracked(rows, zones="ABCD"), tracked(scaled, zones="DCBA")
    assert list(before) == list(after)
    for key, told in before.items():
        same = after[key]
        assert (told.measured, told.outcome, told.on_course) == (same.measured, same.outcome, same.on_course)


@given(st.floats(1, 1e6), st.floats(0.01, 3), st.integers(1, 20), st.integers(1, 20))
def test_what_is_still_required_leads_to_the_goal(now, ratio, gone, left):
    goal = now * ratio
    needed = still_required(now, goal, left)
    assert now * (1 + needed) ** left == pytest.approx(max(now, goal), rel=1e-9)
    assert yearly_growth(now, compounded(now, goal, gone, gone + left), gone) == pytest.approx(
        ratio ** (1 / (gone + left)) - 1, rel=1e-6, abs=1e-9
    )
    assert straight(now, goal, gone, gone + left) <= goal * (1 + 1e-12)


def test_a_measure_that_is_none_says_so():
    given_ = sources(read(pd.DataFrame(columns=COLUMNS)), [], ["A"], "410000")
    with pytest.raises(RuleFileError, match="No measure of one zone"):
        of_zone({"mean": "gdp"}, given_, "A", 2024)


def test_zones_without_codes_and_statistics_without_columns_are_told():
    figures = pd.DataFrame(columns=COLUMNS)
    with pytest.raises(ColumnMissing, match="code"):
        targets(figures, [], pd.DataFrame(), year=2024, day=DAY, region="410000")
    with pytest.raises(ColumnMissing, match="unit"):
        targets(figures[COLUMNS[:4]], [], pd.DataFrame({"code": []}), year=2024, day=DAY, region="410000")

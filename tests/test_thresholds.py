"""Thresholds of requests: cases worked by hand for every rule, at its limit and on either side of it."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path

import pytest

from data.errors import RuleFileError
from data.parameters import read_strictly
from data.records import Outcome
from geo.boundary_change.conditions import conditions, hold
from geo.boundary_change.kinds import kinds

MADE = runpy.run_path(str(Path(__file__).with_name("plane_requests.py")))
request, grounds, judged, office = (MADE[name] for name in ("request", "grounds", "judged", "office"))
CASES = read_strictly(Path(__file__).parent / "cases" / "thresholds.yaml")["thresholds"]


def made(case):
    """The request and the grounds of a case."""
    boxes = {name: case[name] for name in ("boundary", "added", "lost") if name in case}
    kind, reasons = case["rule"].split(".")[1], case.get("reasons", ())
    asked = request(kind, day=case["day"], region=case["region"], reasons=reasons, **boxes)
    held_on = grounds(
        level=case.get("level", "provincial"),
        results=case.get("results"),
        statistics=case.get("statistics", ()),
    )
    return asked, held_on


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_a_threshold_is_held_as_hand_and_paper_say(case):
    asked, held_on = made(case)
    held = hold(asked, held_on)
    left_out = {each["rule"]: each["reason"] for each in held.not_held}
    if "not_held" in case:
        assert case["not_held"] in left_out[case["rule"]]
        return
    finding = next(each.finding for each in held.judgements if each.finding.rule == case["rule"])
    outcome, measured, *reason = case["expects"]
    assert finding.outcome == outcome
    assert finding.measured == (None if measured is None else pytest.approx(measured, rel=1e-9))
    assert finding.unit == finding.limit.unit
    assert all(part in finding.reason for part in reason)
    assert bool(finding.reason) == (outcome == "cannot_tell" or bool(reason))
    assert bool(finding.remedy) == (outcome != "met")


def test_every_rule_of_a_threshold_that_has_a_row_has_cases_on_both_sides_of_its_limit():
    ruled = {
        condition.rule
        for kind in kinds()
        for condition in conditions(kind)
        if condition.form == "threshold" and condition.limit_of is condition.parameter
        if condition.parameter.values
    }
    sides = {rule: {c["expects"][0] for c in CASES if c["rule"] == rule and "expects" in c} for rule in ruled}
    lacking = {
        rule for rule, seen in sides.items() if not {"met"} & seen or not {"not_met", "cannot_tell"} & seen
    }
    assert lacking <= {
        "rules.expansion.per_mu_ranking",  # its other side is held for upgrade and adjustment
        "rules.expansion.growth.tax",  # like revenue
        "rules.upgrade.conditions_2011.tax",
        "rules.upgrade.conditions_2011.exports",
        "rules.upgrade.conditions_2011.foreign_investment",
        "rules.removal.last_five.two_years_running",
    }


def test_a_change_is_what_is_after_less_what_was_before(office):
    rule = office("expansion", {"result": "plot_ratio", "at": "change"}, value=0.1, compare="at least")
    told = judged(rule, request("expansion"), grounds(results={"plot_ratio": [1.0, 1.2]})).finding
    assert told.measured == pytest.approx(0.2)
    assert told.outcome is Outcome.MET
    assert [each.name for each in told.inputs] == ["plot_ratio.after", "plot_ratio.before"]


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ([None, 1.2], "no zone before the change"),
        ([1.0, None], "no zone after the change"),
        (["parcels are lacking", "so they are"], "parcels are lacking plot_ratio after"),
    ],
)
def test_a_change_with_one_side_unknown_cannot_be_told(office, pair, said):
    rule = office("expansion", {"result": "plot_ratio", "at": "change"}, value=0.1, compare="at least")
    told = judged(rule, request("expansion"), grounds(results={"plot_ratio": pair})).finding
    assert told.outcome is Outcome.CANNOT_TELL
    assert all(part in told.reason for part in said.split(" plot_ratio after"))


def test_a_result_that_was_not_measured_is_asked_for(office):
    rule = office("expansion", {"result": "plot_ratio"}, compare="at least")
    told = judged(rule, request("expansion"), grounds()).finding
    assert told.outcome is Outcome.CANNOT_TELL
    assert "measured no plot_ratio" in told.reason


@pytest.mark.parametrize(
    ("added", "lost", "expected"),
    [
        ([[100, 0, 200, 100]], [], 0),
        ([[100, 100, 200, 200]], [], 1),  # a corner is no common side
        ([[100.001, 0, 200, 100]], [], 1),
        ([[300, 0, 400, 100], [500, 0, 600, 100]], [], 2),
        ([], [[40, 0, 60, 100]], 0),  # cut in two, and both halves hold land that it had
        ([[0, 100, 100, 200]], [[0, 0, 100, 100]], 1),  # nothing is left to hang on
    ],
)
def test_parts_that_hold_nothing_of_what_the_zone_keeps_are_detached(office, added, lost, expected):
    rule = office("adjustment", {"shape": "detached_parts"})
    told = judged(rule, request("adjustment", added=added, lost=lost), grounds())
    assert told.finding.measured == expected
    assert told.finding.outcome == ("met" if not expected else "not_met")
    assert (told.shape is None) == (not expected)


@pytest.mark.parametrize(
    ("measure", "unit", "limit", "expected"),
    [
        ({"shape": "area", "of": "added"}, "m2", 2000, 2000),
        ({"shape": "area", "of": "added"}, "ha", 0.2, 0.2),
        ({"shape": "area", "of": "added"}, "mu", 3, 3),
        ({"shape": "area", "of": "after"}, "m2", 12000, 12000),
        ({"shape": "parts", "of": "added"}, "1", 1, 1),
        ({"shape": "width_m", "of": "added"}, "m", 20, 20),
        # 4 pi x 2000 / 240^2
        ({"shape": "compactness", "of": "added"}, "1", 0.4363, 0.436332),
    ],
)
def test_a_figure_of_a_shape_is_told_in_the_unit_of_its_limit(office, measure, unit, limit, expected):
    asked = request("expansion", added=[[100, 0, 200, 20]])
    rule = office("expansion", measure, unit=unit, value=limit, compare="at least")
    told = judged(rule, asked, grounds()).finding
    assert told.measured == pytest.approx(expected, rel=1e-3 if "width_m" in measure.values() else 1e-6)
    assert told.unit == unit


@pytest.mark.parametrize("figure", ["width_m", "compactness"])
def test_a_shape_that_is_not_there_has_no_form(office, figure):
    rule = office("removal", {"shape": figure, "of": "added"}, unit="m" if figure == "width_m" else "1")
    told = judged(rule, request("removal"), grounds()).finding
    assert told.outcome is Outcome.CANNOT_TELL
    assert "no such land (added)" in told.reason


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ({}, "exactly one of result, statistic"),
        ({"result": "idle_rate", "rank": "idle_rate"}, "exactly one of"),
        ({"result": "idle_rate", "when": "before"}, "has when"),
        ({"result": "idle_rate", "at": "now"}, "at is 'now'. Write one of before, after, change"),
        ({"shape": "girth"}, "shape is 'girth'. Write one of area"),
        ({"shape": "area", "of": "zone"}, "of is 'zone'. Write one of after"),
        ({"rank": "tax_per_mu", "as": "list"}, "as is 'list'. Write one of place, share, years"),
        ({"growth": "tax", "above": "mean"}, "above is 'mean'"),
        ({"growth": "tax", "years": 0}, "years is 0. Write a whole number"),
        ({"rank": "tax_per_mu", "within": "five"}, "within is 'five'. Write a whole number"),
    ],
)
def test_a_badly_written_measure_is_refused_in_words(office, measure, said):
    rule = office("expansion", measure)
    with pytest.raises(RuleFileError, match=f"{rule}: measure.*{said}"):
        judged(
            rule,
            request("expansion"),
            grounds(results={"idle_rate": [0, 0]}, statistics=[["Z1", "2024", "tax", 1, "亿元"]]),
        )


def test_a_figure_and_a_limit_that_measure_different_things_are_the_fault_of_the_rule(office):
    rule = office("expansion", {"shape": "area"}, unit="CNY10k/mu")
    with pytest.raises(RuleFileError, match="its figure is in m2, its limit in CNY10k/mu"):
        judged(rule, request("expansion"), grounds())


def test_a_rank_that_the_book_makes_counts_where_none_is_stated(office):
    rule = office("upgrade", {"rank": "tax_per_mu"}, value=3)
    made = [["tax_per_mu", 2023, 3, 9], ["tax_per_mu", 2024, 4, 9], ["tax_per_mu", 2024, None, 9]]
    told = judged(rule, request("upgrade", day=date(2023, 12, 31)), grounds(ranks=made)).finding
    assert (told.outcome, told.measured) == (Outcome.MET, 3)
    told = judged(rule, request("upgrade"), grounds(ranks=made)).finding
    assert (told.outcome, told.measured) == (Outcome.NOT_MET, 4)


def test_a_stated_rank_comes_before_one_that_the_book_makes(office):
    rule = office("upgrade", {"rank": "tax_per_mu", "from": "bottom"}, value=3)
    stated = [["Z1", "2024", "tax_per_mu_rank", 8, "1"], ["Z1", "2024", "tax_per_mu_zones", 10, "1"]]
    told = judged(rule, request("upgrade"), grounds(ranks=[["tax_per_mu", 2024, 1, 10]], statistics=stated))
    assert told.finding.measured == 3


def test_growth_alone_is_the_mean_of_the_years(office):
    rule = office("expansion", {"growth": "gdp", "years": 2}, value=0.1, compare="at least", decimals=6)
    rows = [["Z1", "2022", "gdp", 100, "亿元"], ["Z1", "2024", "gdp", 121, "亿元"]]
    told = judged(rule, request("expansion"), grounds(statistics=rows)).finding
    assert (told.outcome, told.measured) == (Outcome.MET, pytest.approx(0.1))
    told = judged(rule, request("expansion"), grounds(statistics=rows[1:])).finding
    assert told.outcome is Outcome.CANNOT_TELL
    assert "for 2022 is not stated" in told.reason

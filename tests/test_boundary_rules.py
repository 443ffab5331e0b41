"""The rule files of the five kinds: cited, true to their grades, and held on either side of a limit."""

from __future__ import annotations

import runpy
from datetime import date, timedelta
from pathlib import Path

import pytest
import shapely

from data.errors import RuleFileError
from data.parameters import names, parameter
from data.records import Outcome, Status
from data.sources import cited
from geo.boundary_change.conditions import conditions, hold
from geo.boundary_change.conditions.condition import Condition
from geo.boundary_change.kinds import kinds

MADE = runpy.run_path(str(Path(__file__).with_name("plane_requests.py")))
request, grounds, judged, office = (MADE[name] for name in ("request", "grounds", "judged", "office"))
GROUPS = ("底线类", "节约集约类", "发展空间类", "程序类")
ALL = [each for kind in kinds() for each in conditions(kind)]
PLACED = [each for each in ALL if each.form in ("overlap", "containment")]
NEXT = [(100, 0, 200, 100)]  # land beside the zone, one hectare


def rows(condition: Condition):
    return condition.limit_of.history()


def day_of(condition: Condition) -> date:
    """A day on which its newest row holds."""
    return max(row.since for row in rows(condition))


def place_of(condition: Condition) -> str:
    return min(row.region for row in rows(condition))


def marked(condition: Condition) -> tuple[str, str]:
    """Name and level of a feature that the condition means."""
    wanted = {
        column: next((word for word in words if not word.startswith("!")), "")
        for column, words in condition.where.items()
    }
    return wanted.get("name", "甲"), wanted.get("level", "")


def asked_of(condition: Condition, **said):
    kind = condition.rule.split(".")[1]
    bounds = [] if condition.of == "after" else [(0, 0, 100, 100)]
    return request(
        kind, day=day_of(condition), region=place_of(condition), boundary=bounds, added=NEXT, **said
    )


@pytest.mark.parametrize("condition", ALL, ids=lambda each: each.rule)
def test_a_condition_says_what_a_person_needs(condition):
    assert condition.parameter.label
    assert condition.parameter.meaning
    assert condition.remedy
    assert condition.group in GROUPS
    assert condition.order < 1000
    assert not (condition.hard and condition.open)


def test_every_rule_of_a_kind_is_a_condition_and_every_form_is_in_use():
    ruled = {name for kind in kinds() for name in names() if name.startswith(f"rules.{kind}.")}
    assert {each.rule for each in ALL} == ruled
    assert {each.form for each in ALL} == {"overlap", "containment", "distance", "balance", "threshold"}
    for kind in kinds():
        orders = [each.order for each in conditions(kind)]
        assert len(orders) == len(set(orders)), kind


def test_every_row_cites_a_document_of_the_list_and_is_verified_only_where_its_text_was_read():
    for condition in ALL:
        for row in rows(condition):
            document = cited(row.article)
            assert document is not None, row
            assert document.grade != "M", row
            if row.status is Status.VERIFIED:
                assert document.grade == "V", row
            assert row.status is not Status.ILLUSTRATION, row


def test_the_house_says_nothing_that_no_text_says_without_leaving_it_open():
    own = [each for each in ALL if any("house-convention" in row.article for row in rows(each))]
    assert {each.rule for each in own} == {
        *("rules.expansion.other_zone", "rules.adjustment.constraints.other_zone"),
        *("rules.recognition.constraints.other_zone", "rules.adjustment.balance.area"),
    }
    assert all(row.status is Status.UNVERIFIED for each in own for row in rows(each))


def test_henan_has_no_limit_that_nobody_has_read():
    """Its own thresholds of expansion, adjustment and upgrade were not obtained: no row stands for them."""
    of_henan = {
        row.name: row.article.split()[0] for each in ALL for row in rows(each) if row.region == "410000"
    }
    assert of_henan == {
        "rules.expansion.control_unit": "henan-2020-37",
        "rules.expansion.yellow_river_flats": "yellow-river-law-2022",
        "rules.expansion.chemical_parks.yellow_river": "yellow-river-law-2022",
        "rules.land.industrial_share_min": "henan-145-etdz-plan",
    }


def test_a_number_stands_once():
    own = [each for each in ALL if each.parameter.values]
    for each in ALL:
        if "like" in parameter(each.rule).more and not each.parameter.values:
            assert each.limit_of is not each.parameter
    assert len({each.rule for each in own}) == len(own)
    assert not [each.rule for each in own if each.rule.startswith("rules.adjustment.constraints")]


def test_the_seven_situations_of_the_urban_boundary_may_be_declared():
    (rule,) = [each for each in ALL if each.rule == "rules.expansion.urban_boundary"]
    assert list(rule.reasons) == [f"situation_{number}" for number in range(1, 8)]
    told = judged(rule.rule, asked_of(rule, reasons=["situation_2"]), grounds()).finding
    assert told.outcome is Outcome.CANNOT_TELL
    assert "灾害预防" in told.reason
    told = judged(rule.rule, asked_of(rule, reasons=["situation_9"]), grounds()).finding
    assert told.outcome is Outcome.NOT_MET


@pytest.mark.parametrize("condition", PLACED, ids=lambda each: each.rule)
@pytest.mark.parametrize(
    ("width_m", "met"),
    # the land is 100 m high: nothing, 0.004 m² and 0.006 m² of it, of which two decimals make 0.00 and 0.01
    [(0, True), (0.00004, True), (0.00006, False), (50, False)],
)
def test_land_is_held_against_a_layer_just_below_and_just_above_the_limit(condition, width_m, met):
    name, level = marked(condition)
    inside = (
        (100 - 50, 0, 100 + width_m, 100) if condition.form == "overlap" else (100, 0, 200 - width_m, 100)
    )
    features = [(condition.role, inside, name, level)]
    told = judged(condition.rule, asked_of(condition), grounds(features=features))
    assert told.finding.measured == pytest.approx(100 * width_m, abs=1e-6)
    beyond = Outcome.CANNOT_TELL if condition.open else Outcome.NOT_MET
    assert told.finding.outcome is (Outcome.MET if met else beyond)
    assert (told.shape is None) == met
    if not met:
        assert told.shape.area == pytest.approx(100 * width_m, abs=1e-6)
        assert told.finding.reason == (f"{condition.open} To be verified." if condition.open else "")


@pytest.mark.parametrize("condition", PLACED, ids=lambda each: each.rule)
def test_a_declared_reason_that_a_rule_knows_makes_it_one_to_be_verified(condition):
    name, level = marked(condition)
    features = [(condition.role, (150, 0, 180, 100), name, level)]
    for code in condition.reasons:
        told = judged(condition.rule, asked_of(condition, reasons=[code]), grounds(features=features)).finding
        assert told.outcome is Outcome.CANNOT_TELL
        assert condition.reasons[code] in told.reason


@pytest.mark.parametrize("condition", [each for each in ALL if rows(each)], ids=lambda each: each.rule)
def test_a_rule_holds_from_its_first_day_and_not_the_day_before(condition):
    first = min(rows(condition), key=lambda row: row.since)
    zone = next(iter(condition.applies.get("level", ("provincial",))))
    kind = condition.rule.split(".")[1]
    for day, held in ((first.since - timedelta(days=1), False), (first.since, True)):
        told = hold(request(kind, day=day, region=first.region), grounds(level=zone))
        left_out = {each["rule"] for each in told.not_held}
        assert (condition.rule not in left_out) is held


def test_a_rule_of_one_province_is_not_held_in_another():
    told = hold(request("expansion", region="110000"), grounds())
    left_out = {each["rule"]: each["reason"] for each in told.not_held}
    for name in ("control_unit", "room.total_area", "growth.revenue", "per_mu_ranking", "yellow_river_flats"):
        assert "110000" in left_out[f"rules.expansion.{name}"]
    told = hold(request("expansion", region="410100"), grounds())
    held = {each.finding.rule for each in told.judgements}
    assert {"rules.expansion.control_unit", "rules.expansion.yellow_river_flats"} <= held


def test_heritage_and_the_belt_around_it_are_two_things():
    features = [
        ("heritage", (110, 0, 120, 100), "甲墓", "保护范围"),
        ("heritage", (150, 0, 180, 100), "甲墓", "建设控制地带"),
    ]
    asked = request("expansion", added=NEXT)
    told = {
        name: judged(f"rules.expansion.heritage.{name}", asked, grounds(features=features)).finding
        for name in ("protected_range", "control_belt")
    }
    assert (told["protected_range"].outcome, told["protected_range"].measured) == (Outcome.NOT_MET, 1000)
    assert (told["control_belt"].outcome, told["control_belt"].measured) == (Outcome.CANNOT_TELL, 3000)


@pytest.mark.parametrize(("metres", "outcome"), [(1000.2, "met"), (999.8, "cannot_tell"), (0, "cannot_tell")])
def test_a_chemical_park_keeps_a_kilometre_from_the_yangtze(metres, outcome):
    features = [("water", (200 + metres, 0, 9000, 100), "汉江", "长江支流")]
    told = judged(
        "rules.expansion.chemical_parks.yangtze", request("expansion", added=NEXT), grounds(features=features)
    )
    assert told.finding.outcome == outcome
    assert told.finding.measured == pytest.approx(metres, abs=0.1)


def test_a_new_zone_is_held_as_a_whole_and_an_expansion_by_what_it_adds():
    features = [("basic_farmland", (10, 0, 20, 100), "甲", "")]  # in what the zone has, or would have
    grown = judged(
        "rules.expansion.basic_farmland", request("expansion", added=NEXT), grounds(features=features)
    )
    assert grown.finding.outcome is Outcome.MET
    new = request("recognition", boundary=[], added=[(0, 0, 200, 100)])
    told = judged("rules.recognition.constraints.basic_farmland", new, grounds(features=features))
    assert (told.finding.outcome, told.finding.measured) == (Outcome.NOT_MET, 1000)
    assert told.shape.equals(shapely.box(10, 0, 20, 100))
    assert told.finding.limit.name == "rules.expansion.basic_farmland"


def test_an_office_adds_a_condition_by_a_file_alone(office):
    before = {each.rule for each in conditions("expansion")}
    rule = office("expansion", role="water", form="overlap", unit="m2", hard=True, remedy="避让水域")
    assert {each.rule for each in conditions("expansion")} - before == {rule}
    features = [("water", (150, 0, 160, 100), "甲", "")]
    told = judged(rule, request("expansion", added=NEXT), grounds(features=features))
    assert (told.finding.outcome, told.finding.measured, told.hard) == (Outcome.NOT_MET, 1000, True)


def test_an_office_gives_a_limit_to_a_rule_that_had_none(office):
    like = "rules.expansion.intensive_use.supply_rate"
    rule = office("expansion", form=None, like=like, unit="1", compare="at least", values={"410000": 0.9})
    told = judged(rule, request("expansion"), grounds(results={"supply_rate": [0.9, 0.5]})).finding
    assert (told.outcome, told.limit.value, told.limit.region) == (Outcome.MET, 0.9, "410000")
    assert told.remedy == ""


def test_rules_that_are_like_each_other_in_a_circle_are_refused(office):
    office("removal", form=None, like="rules.removal.tried")
    with pytest.raises(RuleFileError, match=r"rules.removal.tried is like itself: .* -> rules.removal.tried"):
        conditions("removal")


def test_a_rule_without_values_is_asked_where_its_number_stands():
    like = parameter("rules.adjustment.constraints.basic_farmland")
    assert like.on(date(2026, 6, 1)).name == "rules.expansion.basic_farmland"
    assert like.history() == parameter("rules.expansion.basic_farmland").history()
    goal = parameter("rules.adjustment.land_use.industrial_share_after")
    assert goal.on(date(2026, 6, 1), "410100").name == "rules.land.industrial_share_min"


def test_numbers_that_are_looked_for_in_a_circle_are_refused(office):
    rule = office("removal", form=None, like="rules.removal.tried", values={})
    with pytest.raises(RuleFileError, match="no number stands anywhere"):
        parameter(rule).on(date(2026, 6, 1))

"""What conditions say where layers lack or reasons are declared, and which rules hold on which day."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from data.errors import RuleFileError
from data.records import Outcome
from geo.boundary_change.conditions import Constraints, Grounds, conditions, hold, in_force
from geo.boundary_change.request import Request

MADE = runpy.run_path(str(Path(__file__).with_name("squares.py")))
approx, condition, constraints, judged, request, office_rules = (
    MADE[name] for name in ("approx", "condition", "constraints", "judged", "request", "office_rules")
)
SQUARE, FARM = (0, 0, 100, 100), {"box": (90, 90, 200, 200)}
FORMS = ("overlap", "containment", "distance")


@pytest.mark.parametrize("form", FORMS)
def test_without_a_layer_of_the_role_nothing_can_be_told(form):
    got = judged(condition(form), request([SQUARE]), constraints([FARM], reach={}))
    assert got.finding.outcome is Outcome.CANNOT_TELL
    assert got.finding.measured is None
    assert "no layer of the role 永久基本农田 (basic_farmland)" in got.finding.reason
    assert got.shape is None


@pytest.mark.parametrize("form", FORMS)
def test_a_layer_that_ends_too_far_away_tells_nothing(form):
    near = constraints([], reach={"basic_farmland": (0.2, 0.0, 0.3, 0.1)})
    got = judged(condition(form), request([SQUARE]), near)
    assert got.finding.outcome is Outcome.CANNOT_TELL
    # 0.2 degrees of longitude at the equator are 22.3 km
    assert "23 km beyond what the layer covers, and no more than 10 km" in got.finding.reason


def test_a_layer_that_ends_near_by_is_taken_to_cover_the_place():
    near = constraints([], reach={"basic_farmland": (0.08, 0.0, 0.3, 0.1)})  # 8.9 km
    assert judged(condition("overlap"), request([SQUARE]), near).finding.outcome is Outcome.MET


def test_how_far_a_layer_reaches_can_be_set_by_an_office(tmp_path):
    near = constraints([], reach={"basic_farmland": (0.08, 0.0, 0.3, 0.1)})
    text = """
label: 外延
meaning: own
status: illustration
unit: m
compare: at most
values: {"410000": {2020-01-01: {value: 500, article: "own §1", published: 2020-01-01}}}
"""
    with office_rules(tmp_path, {"requests/layer_reach_m.yaml": text}):
        got = judged(condition("overlap"), request([SQUARE]), near)
    assert "no more than 0.5 km" in got.finding.reason


@pytest.mark.parametrize("form", FORMS)
def test_a_request_that_adds_nothing_touches_nothing(form):
    got = judged(condition(form, 50), request([], boundary=[SQUARE]), constraints([FARM]))
    assert got.finding.outcome is Outcome.MET
    assert got.finding.measured == (None if form == "distance" else 0)
    assert "no such land (added)" in got.finding.reason


def test_a_declared_reason_that_the_rule_knows_is_to_be_verified():
    tried = condition("overlap", reasons={"state_project": "国家重大项目"}, remedy="扣除")
    told = [
        judged(tried, request([SQUARE], reasons=said), constraints([FARM])).finding
        for said in ([], ["other"], ["state_project", "other"])
    ]
    assert [each.outcome for each in told] == ["not_met", "not_met", "cannot_tell"]
    assert told[2].reason == "declared: state_project (国家重大项目). To be verified."
    assert told[2].measured == approx(100)
    assert told[2].remedy == "扣除"


def test_a_rule_that_leaves_it_open_never_says_not_met():
    got = judged(condition("overlap", open="须逐块核对"), request([SQUARE]), constraints([FARM]))
    assert (got.finding.outcome, got.finding.reason) == ("cannot_tell", "须逐块核对 To be verified.")
    assert got.shape.area == approx(100)
    met = judged(condition("overlap", open="须逐块核对"), request([SQUARE]), constraints([]))
    assert (met.finding.outcome, met.finding.reason, met.finding.remedy) == ("met", "", "")


def test_each_shape_of_a_request_can_be_held():
    asked = request([(100, 0, 200, 100)], boundary=[SQUARE], lost=[(0, 0, 50, 100)])
    features = constraints([{"box": (-10, -10, 300, 10)}])
    of = {"boundary": 1000, "added": 1000, "lost": 500, "after": 1500, "asked": 1000, "gives_up": 500}
    for name, area in of.items():
        got = judged(condition("overlap", of=name), asked, features)
        assert got.finding.measured == approx(area), name
        assert {each.name: each.value for each in got.finding.inputs}["share"] == approx(0.1)


def test_a_distance_tells_the_land_that_is_too_near():
    got = judged(condition("distance", 30), request([SQUARE]), constraints([{"box": (120, -500, 200, 500)}]))
    assert got.shape.area == pytest.approx(1000, rel=1e-4)
    assert got.finding.area_m2 == pytest.approx(1000, rel=1e-4)
    assert got.shape.bounds == pytest.approx((90, 0, 100, 100), abs=1e-3)


def test_the_finding_says_what_went_into_it():
    tried = condition("overlap", hard=True, group="底线类")
    got = judged(tried, request([SQUARE]), constraints([FARM, {"box": (0, 0, 10, 20), "name": "乙"}]))
    finding = got.finding
    assert (finding.rule, finding.label, finding.kind, finding.subject) == (
        *("rules.expansion.tried", "试", "request", "Z1"),
    )
    assert (got.group, got.hard, got.layers) == ("底线类", True, ("constraints v1",))
    assert finding.limit.article == "example §1"
    assert {each.name: each.value for each in finding.inputs} == {
        "area.added": approx(10_000),
        "features": 2,
        "share": approx(0.03),
    }
    assert got.shape.area == finding.area_m2 == approx(300)


def test_a_condition_may_mean_features_by_a_column_of_the_supplier():
    features = constraints([{"box": (0, 0, 10, 10)}, {"box": (20, 0, 40, 10)}, {"box": (50, 0, 90, 10)}])
    features.frame["extra"] = ['{"GHFQDM": "210"}', '{"GHFQDM": "310", "n": 1}', None]
    told = [
        judged(condition("overlap", 500, where={"GHFQDM": words}), request([SQUARE]), features).finding
        for words in (("210",), ("310",), ("!210",))
    ]
    assert [each.measured for each in told] == [approx(100), approx(200), approx(600)]
    # the third feature of 400 m² says nothing: with it 500 is met, and 600 is not
    assert [each.outcome for each in told] == ["met", "cannot_tell", "not_met"]


def test_features_are_read_as_far_as_the_largest_limit_in_metres():
    assert condition("distance", 1.5, unit="km").farthest == 1500
    assert condition("distance", 1.5).farthest == 1.5
    assert condition("overlap", 1.5).farthest == 0


def test_many_names_are_told_as_the_largest_and_how_many_more():
    strips = [{"box": (i, 0, i + 1, 100 - i), "name": f"N{i:02d}"} for i in range(60)]
    against = judged(condition("overlap"), request([SQUARE]), constraints(strips)).against
    assert len(against) == 51
    assert against[0] == "N00 (100.00 m²)"
    # the last ten are 41 to 50 m high
    assert against[-1] == "… 10 more (455.00 m²)"


RULE = """
label: 不占试验用地
meaning: own
unit: m2
compare: at most
decimals: 2
status: illustration
more: {form: overlap, role: water, group: 底线类, order: 1}
values:
  "410000":
    2022-01-01: {value: 500, article: "own §1", published: 2021-12-01}
    2025-07-01: {value: 100, article: "own §2", published: 2025-06-01}
    2026-01-01: {value: null, article: "own §3", published: 2025-12-01}
"""


@pytest.mark.parametrize(
    ("day", "outcome", "article"),
    [
        (date(2021, 12, 31), None, "2022-01-01"),
        (date(2022, 1, 1), "met", "own §1"),
        (date(2025, 6, 30), "met", "own §1"),
        (date(2025, 7, 1), "not_met", "own §2"),
        (date(2025, 12, 31), "not_met", "own §2"),
        (date(2026, 1, 1), None, "own §3"),
    ],
)
def test_a_rule_folder_alone_adds_a_condition_that_changes_on_its_day(tmp_path, day, outcome, article):
    near = constraints([{"box": (0, 0, 10, 20), "role": "water"}])
    with office_rules(tmp_path, {"trial/water.yaml": RULE}):
        held = hold(request([SQUARE], kind="trial", day=day), Grounds({}, near))
    if outcome is None:
        assert not held.judgements
        (left_out,) = held.not_held
        assert left_out["rule"] == "rules.trial.water"
        assert article in left_out["reason"]
    else:
        (got,) = held.judgements
        assert (got.finding.outcome, got.finding.limit.article) == (outcome, article)
        assert got.finding.measured == approx(200)


def test_an_office_rule_takes_the_place_of_ours_and_is_forgotten_with_its_folder(tmp_path):
    ours = [each.rule for each in conditions("expansion")]
    mine = RULE.replace("role: water", "role: heritage")
    with office_rules(tmp_path, {"expansion/water.yaml": mine}):
        (water,) = [each for each in conditions("expansion") if each.rule == "rules.expansion.water"]
        assert water.role == "heritage"
    assert [each.rule for each in conditions("expansion")] == ours
    (water,) = [each for each in conditions("expansion") if each.rule == "rules.expansion.water"]
    assert water.role == "water"


def test_a_rule_without_a_value_in_this_place_is_named_as_not_held(tmp_path):
    with office_rules(tmp_path, {"trial/water.yaml": RULE}):
        found = in_force("trial", date(2024, 1, 1), "110000", {})
    assert not found.limits
    assert "110000" in found.not_held[0]["reason"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("{form: overlaps, role: water}", "form is 'overlaps'.*overlap, containment, distance"),
        ("{form: overlap}", "names no role"),
        ("{form: overlap, role: watr}", "no code 'watr'.*Near it: water"),
        ("{form: overlap, role: water, of: aded}", "of is 'aded'.*added"),
        ("{form: overlap, role: water, group: 底线}", "group is '底线'.*底线类"),
        ("{form: overlap, role: water, hard: 1}", "hard is 1.*true or false"),
        ("{form: overlap, role: water, order: first}", "order is 'first'.*whole number"),
        ("{form: overlap, role: water, reasons: [a]}", r"reasons is \['a'\]"),
        ("{form: overlap, role: water, where: {level: 一}}", "where is .*Write a column and a list"),
        ("{form: overlap, role: water, where: {level: []}}", "where is "),
        ("{form: overlap, role: water, unmarked: counts}", "unmarked is 'counts'.*left out"),
        ("{form: overlap, role: water, limits: 1}", "more has limits"),
        ("{form: overlap, role: water, limit: rules.no.such}", "limit is 'rules.no.such'"),
        ("{form: overlap, role: water, measure: {result: x}}", "has measure"),
        ("{form: distance, role: water}", "distance of role water in m2"),
        ("{form: threshold, role: water, measure: {result: x}}", "form threshold has role"),
        ("{form: threshold, hard: true, measure: {result: x}}", "form threshold has hard"),
    ],
)
def test_a_condition_that_is_badly_written_is_refused_with_its_file(tmp_path, more, said):
    text = RULE.replace("{form: overlap, role: water, group: 底线类, order: 1}", more)
    with (
        office_rules(tmp_path, {"trial/water.yaml": text}),
        pytest.raises(RuleFileError, match=f"trial/water.yaml, rules.trial.water: .*{said}"),
    ):
        conditions("trial")


def test_features_are_moved_to_the_plane_and_mended_and_those_that_are_no_polygons_are_left_out():
    bow = shapely.Polygon([(113.0, 34.0), (113.01, 34.01), (113.01, 34.0), (113.0, 34.01)])
    near = gpd.GeoDataFrame(
        {
            "role": "water",
            "name": ["结", "线", "密"],
            "level": None,
            "restricted": [False, False, True],
            "version": "constraints v1",
        },
        geometry=[bow, shapely.LineString([(113, 34), (114, 34)]), bow],
        crs=4490,
    )
    asked = Request.of(
        "expansion",
        zone="Z1",
        day=date(2026, 1, 1),
        region="410000",
        asked=[shapely.box(113, 34, 113.01, 34.01)],
    )
    made = Constraints.of(near, asked, {"water": (112, 33, 114, 35)})
    assert made.frame["name"].tolist() == ["结", "密"]
    assert shapely.is_valid(made.shapes).all()
    assert [(fault.code, fault.feature) for fault in made.faults] == [
        ("constraint_mended", "结"),
        ("constraint_no_polygon", "线"),
    ]
    # two triangles of a quarter of the square each
    assert made.shapes[0].area == pytest.approx(asked.added.area / 2, rel=1e-6)


def test_only_features_that_a_role_is_looked_for_as_far_as_they_lie_are_moved():
    at = [113.0, 113.015, 113.03, 113.2]
    near = gpd.GeoDataFrame(
        {
            "role": ["water", "heritage", "water", "water"],
            "name": list("abcd"),
            "level": None,
            "restricted": False,
        },
        geometry=[shapely.box(west, 34, west + 0.001, 34.001) for west in at],
        crs=4490,
    )
    asked = Request.of(
        "expansion",
        zone="Z1",
        day=date(2026, 1, 1),
        region="410000",
        asked=[shapely.box(113, 34, 113.01, 34.01)],
    )
    # 0.005, 0.02 and 0.19 degrees away: 0.5, 1.8 and 17.5 km
    made = Constraints.of(near, asked, {}, {"water": 2000.0})
    assert made.frame["name"].tolist() == ["a", "c"]
    assert Constraints.of(near, asked, {}).frame["name"].tolist() == list("abcd")
    assert Constraints.of(near.iloc[:0], asked, {}, {}).shapes.tolist() == []

"""Classified features in a condition: yes or no and a coarse area; never a name, a place, a silent pass."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest
import shapely

from data.records import Outcome
from geo.boundary_change.trimming import trimmed

MADE = runpy.run_path(str(Path(__file__).with_name("squares.py")))
condition, constraints, judged, request, OPEN = (
    MADE[name] for name in ("condition", "constraints", "judged", "request", "OPEN")
)
ROLE = "basic_farmland"
# a request of 1 km, so that it is larger than the steps in which classified land is told
LAND = (0, 0, 1000, 1000)
SECRET = {"box": (333.25, 444.75, 2000, 2000), "name": "某某仓库", "restricted": True, "level": "绝密"}
FARM = {"box": (-10, -10, 100, 1010), "name": "农田"}
FORMS = ("overlap", "containment", "distance")


def said(judgement):
    """All that a judgement says, in words and numbers."""
    shape = "" if judgement.shape is None else shapely.to_wkt(judgement.shape, 3)
    told = json.dumps(judgement.finding.as_json(), ensure_ascii=False, default=str)
    return f"{judgement!r} {told} {shape} {judgement.against}"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("told", [OPEN, None], ids=["told in steps", "not told"])
@pytest.mark.parametrize("features", [[SECRET], [SECRET, FARM]], ids=["alone", "beside an open one"])
def test_names_and_places_of_classified_features_are_never_told(form, told, features):
    got = judged(condition(form, 100.0, hard=True), request([LAND]), constraints(features), told, [ROLE])
    for word in ("某某仓库", "绝密", "333.25", "444.75", "666.75", "555.25"):
        assert word not in said(got)


def test_an_overlap_with_classified_land_is_told_in_steps_without_a_place():
    got = judged(condition("overlap"), request([LAND]), constraints([SECRET]), OPEN, [ROLE])
    # 666.75 m x 555.25 m are 37.02 ha
    assert got.finding.measured == OPEN.area(666.75 * 555.25)
    assert got.finding.measured % OPEN.area_step_m2 == 0
    assert got.finding.outcome is not Outcome.MET
    assert got.withheld
    assert got.shape is None
    assert got.against == ()
    assert got.layers == ()


def test_the_open_part_of_an_overlap_is_shown_and_the_classified_part_is_not():
    got = judged(condition("overlap"), request([LAND]), constraints([SECRET, FARM]), OPEN, [ROLE])
    assert got.withheld
    assert got.finding.outcome is Outcome.NOT_MET
    assert got.shape.equals(shapely.box(0, 0, 100, 1000))
    assert got.against == ("农田 (100000.00 m²)",)


@pytest.mark.parametrize(("form", "limit"), [("overlap", 1e9), ("containment", 0.0), ("distance", 1.0)])
@pytest.mark.parametrize(
    "box", [(333.25, 444.75, 2000, 2000), (5000, 5000, 6000, 6000)], ids=["here", "elsewhere"]
)
def test_what_is_not_answered_for_cannot_be_told_wherever_it_lies(form, limit, box):
    asked, held = request([LAND]), condition(form, limit)
    got = judged(held, asked, constraints([{**SECRET, "box": box}]), None, [ROLE])
    assert got.finding.outcome is Outcome.CANNOT_TELL
    assert "classified layers of this role" in got.finding.reason
    none_near = judged(held, asked, constraints([], {ROLE: (-5, -5, 5, 5)}), None, [ROLE])
    assert said(got) == said(none_near)


def test_land_that_open_features_hold_is_inside_whatever_else_there_is():
    whole = {"box": (-10, -10, 1010, 1010), "name": "边界"}
    got = judged(condition("containment"), request([LAND]), constraints([SECRET, whole]), None, [ROLE])
    assert got.finding.outcome is Outcome.MET


def test_open_land_decides_though_classified_land_is_not_answered_for():
    got = judged(condition("overlap"), request([LAND]), constraints([SECRET, FARM]), None, [ROLE])
    assert (got.finding.outcome, got.finding.measured) == (Outcome.NOT_MET, 100_000)
    assert not got.withheld


def test_outside_of_classified_land_no_place_is_told_and_none_is_trimmed():
    asked = request([LAND])
    got = judged(condition("containment", hard=True), asked, constraints([SECRET]), OPEN, [ROLE])
    assert got.withheld
    assert got.shape is None
    assert trimmed(asked, [got]) is None


def test_a_distance_from_classified_land_is_told_in_steps():
    far = {**SECRET, "box": (2234.5, 0, 3000, 100)}
    got = judged(condition("distance", 5000.0), request([LAND]), constraints([far]), OPEN, [ROLE])
    assert got.withheld
    assert got.finding.measured % OPEN.distance_step_m == 0
    assert got.finding.measured <= 1234.5
    assert got.against == ()
    assert got.shape is None


def test_strips_of_classified_land_are_not_told_apart_by_their_width():
    thin = {**SECRET, "box": (999.95, 0, 2000, 1000)}
    got = judged(condition("overlap"), request([LAND]), constraints([thin]), OPEN, [ROLE])
    assert "narrower" not in got.finding.reason
    assert not {"strips", "strips_width"} & {each.name for each in got.finding.inputs}

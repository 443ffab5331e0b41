"""Projects against cases worked by hand: measures, controls, promises, stages, admission."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data.parameters import read_strictly
from data.records import Outcome
from data.units import m2_to_mu
from geo.projects import admit, control, late_starts, measure, measures, stages
from geo.projects.stages import overdue

CASES = read_strictly(Path(__file__).parent / "cases" / "projects.yaml")
DAY = date(2024, 6, 1)


def one(project: dict) -> pd.DataFrame:
    return pd.DataFrame([{"project_id": "P1", **project}])


def told(cases: str):
    return pytest.mark.parametrize("case", CASES[cases], ids=lambda case: case["about"])


@told("measures")
def test_a_measure_is_what_hand_and_paper_say(case):
    measured, faults = measures(one(case["project"]))
    for code, expected in case["expected"].items():
        value = measured.frame[code].item()
        if expected is None:
            assert pd.isna(value)
            assert measured.reasons[code][0].startswith(("容积率", "建筑系数", "行政办公", "绿地率"))
        else:
            assert value == (pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else expected)
    for code, part in case.get("reason", {}).items():
        assert part in measured.reasons[code][0]
    assert faults == []


@told("controls")
def test_a_project_is_held_against_the_value_of_its_day(case):
    code, outcome, value, limit, short, unit = case["expected"]
    found, faults = control(one(case["project"]), None, region="410100")
    finding = next(each for each in found if f".{code}" in each.rule)
    assert finding.outcome == outcome
    assert finding.measured == pytest.approx(value, rel=1e-12)
    assert (finding.limit.value if finding.limit else None) == limit
    assert finding.shortfall == (None if short is None else pytest.approx(short, rel=1e-9))
    assert finding.shortfall_unit == unit
    assert case.get("reason", "") in finding.reason
    assert bool(finding.reason) == (outcome == "cannot_tell")
    assert bool(finding.remedy) == (outcome != "met")
    assert faults == []


@told("no_control")
def test_where_no_value_is_in_force_nothing_is_found(case):
    stated = {name: case[name] for name in ("industry", "industry_edition", "accepted_on")}
    found, faults = control(one({**stated, "land_m2": 10_000}), None, region="410100")
    assert not [each for each in found if f".{case['measure']}" in each.rule]
    assert faults == []


@told("promises")
def test_a_promise_is_held_by_its_day(case):
    code, outcome, short, unit, mu = case["expected"]
    about = measure(one(case["project"]), None, None, day=case["day"], region="410100", zone={"code": "G1"})
    finding = next(each for each in about.findings if each.rule == f"projects.promise.{code}")
    assert finding.outcome == outcome
    assert finding.shortfall == (None if short is None else pytest.approx(short))
    assert finding.shortfall_unit == unit
    assert (finding.area_m2 and m2_to_mu(finding.area_m2)) == (None if mu is None else pytest.approx(mu))
    assert case.get("reason", "") in finding.reason
    assert bool(finding.reason) == (outcome == "cannot_tell")


@told("stages")
def test_a_stage_is_that_of_the_day(case):
    stage, begun, late, fault = case["expected"]
    projects = one(case["project"])
    staged, faults = stages(projects, day=DAY)
    assert staged.stage == [stage]
    assert staged.begun == [begun]
    assert overdue(projects, staged, day=DAY) == [late]
    assert [each.code for each in faults] == ([fault] if fault else [])
    found = late_starts(projects, staged, day=DAY)
    assert [each.outcome is Outcome.NOT_MET for each in found] == ([bool(late)] if found else [])


@told("admission")
def test_a_project_is_admitted_by_the_list_of_its_day(case):
    columns = [
        "treatment",
        "industry_edition",
        "industry",
        "process",
        "since",
        "until",
        "condition",
        "article",
    ]
    rows = pd.DataFrame(case["list"], columns=columns).assign(zone="G1")
    (finding,), faults = admit(one(case["project"]), rows, day=DAY, zone="G1", region="410100")
    outcome, article = case["expected"]
    assert finding.outcome == outcome
    assert (finding.limit.article if finding.limit else None) == article
    assert case.get("reason", "") in finding.reason
    assert bool(finding.reason) == (outcome == "cannot_tell")
    assert faults == []

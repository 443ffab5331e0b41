"""What all conditions of a request come to: never more than they tell, and never a permission."""

from __future__ import annotations

import itertools
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from data.records import Fault, Outcome, Severity, Status
from geo.boundary_change.verdict import verdict

MADE = runpy.run_path(str(Path(__file__).with_name("squares.py")))
condition, constraints, judged, request = (
    MADE[name] for name in ("condition", "constraints", "judged", "request")
)
SQUARE, FARM = [(0, 0, 100, 100)], [{"box": (90, 90, 200, 200)}]


def told(outcome, status=Status.VERIFIED, label="试"):
    """A judgement of an outcome that rests on a rule of a status."""
    features = {
        "met": constraints([]),
        "not_met": constraints(FARM),
        "cannot_tell": constraints([], reach={}),
    }
    made = judged(condition("overlap"), request(SQUARE), features[outcome])
    limit = replace(made.finding.limit, status=status)
    return replace(made, finding=replace(made.finding, limit=limit, label=label, rule=f"rules.{label}"))


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([], "cannot_tell"),
        (["met"], "met"),
        (["met", "cannot_tell"], "cannot_tell"),
        (["met", "cannot_tell", "not_met"], "not_met"),
        (["cannot_tell", "cannot_tell"], "cannot_tell"),
        (["not_met"], "not_met"),
    ],
)
def test_one_that_is_not_met_decides_then_one_that_cannot_be_told(outcomes, expected):
    for order in itertools.permutations(outcomes):
        assert verdict([told(each) for each in order]).outcome == expected


def test_the_sentence_counts_in_both_languages():
    said = verdict([told("met"), told("met"), told("cannot_tell")])
    assert said.wording == (
        "Cannot tell: 2 met, 0 not met, 1 cannot tell of 3. To be verified by the authority."
    )
    assert said.wording_zh == (
        "无法判断，待核实（符合 2 项，不符合 0 项，待核实 1 项）。本结果供核查参考，以主管部门核实为准。"
    )


def test_rules_that_are_not_verified_are_named():
    said = verdict([
        told("met", Status.UNVERIFIED, "甲"),
        told("met", Status.ILLUSTRATION, "乙"),
        told("met", Status.VERIFIED, "丙"),
    ])
    assert said.unverified == ("rules.甲", "rules.乙")
    assert "2 rest on rules not verified against their source: 甲、乙. " in said.wording
    assert "2 项所依据的规则尚未与原文核对：甲、乙。" in said.wording_zh


def test_many_unverified_rules_are_named_in_part():
    said = verdict([told("met", Status.UNVERIFIED, f"规{k}") for k in range(8)])
    assert len(said.unverified) == 8
    assert (
        "8 rest on rules not verified against their source: 规0、规1、规2、规3、规4、规5 and 2 more."
        in said.wording
    )
    assert "规5等 8 项。" in said.wording_zh


def test_errors_in_the_geometry_leave_nothing_met_and_warnings_change_nothing():
    warning = Fault("odd", "odd.", "Look.", Severity.WARNING)
    error = Fault("bad", "bad.", "Mend.", Severity.ERROR)
    assert verdict([told("met")], [warning]).outcome is Outcome.MET
    said = verdict([told("met")], [warning, error])
    assert said.outcome is Outcome.CANNOT_TELL
    assert "1 errors in the geometry or the layers" in said.wording
    assert "图形或图层有 1 处错误" in said.wording_zh
    assert verdict([told("not_met")], [error]).outcome is Outcome.NOT_MET


def test_conditions_without_a_limit_here_are_counted():
    said = verdict([told("met")], not_held=[{"rule": "a"}, {"rule": "b"}])
    assert said.outcome is Outcome.MET
    assert "2 more were not held: " in said.wording
    assert "另有 2 项条件" in said.wording_zh


def test_no_verdict_ever_says_that_something_is_approved():
    for outcomes in itertools.product(["met", "not_met", "cannot_tell"], repeat=2):
        said = verdict([told(each) for each in outcomes])
        assert "To be verified by the authority." in said.wording
        for word in ("approve", "批准", "同意", "许可", "可以"):
            assert word not in said.wording + said.wording_zh

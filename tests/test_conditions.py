"""Conditions held against a place, worked by hand on squares: at their limit, just below and just above."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

MADE = runpy.run_path(str(Path(__file__).with_name("squares.py")))
approx, condition, constraints, judged, request = (
    MADE[name] for name in ("approx", "condition", "constraints", "judged", "request")
)

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "conditions.yaml").read_text("utf-8"))
SQUARE = (0, 0, 100, 100)
SAYS = ("limit", "where", "unmarked", "compare", "unit")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_a_condition_holds_as_worked_by_hand(case: dict[str, Any]) -> None:
    said = {key: case[key] for key in SAYS if key in case}
    said["where"] = {column: tuple(words) for column, words in said.get("where", {}).items()}
    tried = condition(case["form"], **said)

    got = judged(tried, request([SQUARE]), constraints(case["features"]))

    assert got.finding.outcome == case["outcome"]
    assert got.finding.measured == (None if case["measured"] is None else approx(case["measured"]))
    assert got.finding.unit == tried.parameter.unit
    assert case.get("reason", "") in got.finding.reason
    if "against" in case:
        assert list(got.against) == case["against"]
    inputs = {each.name: each.value for each in got.finding.inputs}
    assert inputs["area.added"] == approx(10_000)
    strips = case.get("strips", {})
    assert inputs.get("strips") == (approx(strips["area"]) if strips else None)
    assert inputs.get("strips_width") == (pytest.approx(strips["width"], abs=1e-3) if strips else None)

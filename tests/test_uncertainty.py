"""Uncertainty of a sum: cases worked by hand by both approaches, what is left out, what cannot be told."""

from __future__ import annotations

import json
import runpy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from carbon.inventory import inventory
from carbon.uncertainty import Method, by, intervals, propagate, uncertainty
from data.errors import ColumnMissing
from data.records import Status

MADE = runpy.run_path(str(Path(__file__).with_name("made_lines.py")))
ASK, made, told = (MADE[name] for name in ("ASK", "made", "told"))

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "uncertainty.yaml").read_text("utf-8"))
DRAWN = Method(approach=2)
PAIR = [
    {"tco2e": 100.0, "amount": 5, "factor": "A", "half": 10},
    {"tco2e": 50.0, "amount": 5, "factor": "B", "half": 10},
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_errors_propagate_as_worked_by_hand(case: dict[str, Any]) -> None:
    found = uncertainty(*made(case["lines"]), ASK)
    total = sum(line["tco2e"] for line in case["lines"])
    assert found.tco2e == pytest.approx(total)
    assert found.half_width == pytest.approx(case["expected"], abs=5e-7)
    assert found.low == pytest.approx(total - abs(total) * case["expected"], rel=1e-5)
    assert found.high == pytest.approx(total + abs(total) * case["expected"], rel=1e-5)
    assert not found.reason


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_ten_thousand_draws_come_within_a_hundredth_of_the_hand_worked(case: dict[str, Any]) -> None:
    found = uncertainty(*made(case["lines"]), ASK, DRAWN)
    assert found.sd is not None
    assert found.tco2e is not None
    # the sink's error is wide, and so lognormal: it keeps the standard deviation, and its ends move
    wide = 1.959964 * found.sd / abs(found.tco2e)
    assert wide == pytest.approx(case["expected"], rel=0.01, abs=1e-12)
    assert found.half_width == pytest.approx(case["expected"], rel=0.02, abs=1e-12)
    assert found.agrees
    assert found.draws == 10_000


def test_the_answer_is_of_what_is_known_and_says_how_much_is_not() -> None:
    lines, quotes = made(PAIR)
    lines.loc[1, ["tco2e", "missing"]] = [np.nan, "factor_missing"]
    found = uncertainty(lines, quotes, ASK)
    assert (found.tco2e, found.lines, found.left_out) == (100.0, 1, 1)
    assert found.half_width == pytest.approx(0.111803, abs=1e-6)
    assert "1 lines are not known" in found.reason
    lines.loc[1, ["missing", "notation"]] = ["", "IE"]
    assert uncertainty(lines, quotes, ASK).left_out == 0


def test_no_line_no_sum_and_no_default_are_told_with_a_reason() -> None:
    lines, quotes = made(PAIR)
    nothing = uncertainty(lines[:0], quotes, ASK, DRAWN)
    assert (nothing.tco2e, nothing.low, nothing.half_width) == (None, None, None)
    assert "None of the 0 lines" in nothing.reason
    lines["tco2e"] = [100.0, -100.0]
    zero = uncertainty(lines, quotes, ASK)
    assert zero.half_width is None
    assert zero.high == pytest.approx(100 * 2**0.5 * 0.111803, rel=1e-5)
    assert "sum to zero" in zero.reason
    lines["uncertainty_pct"] = np.nan
    early = uncertainty(lines, quotes, replace(ASK, known_on=date(1995, 1, 1)))
    assert early.half_width is None
    assert "known by 1995-01-01" in early.reason


def test_the_zone_as_a_sink_keeps_low_below_high() -> None:
    rows = [{"tco2e": -100.0, "amount": 20, "factor": "A", "half": 10}]
    for method in (Method(), DRAWN):
        found = uncertainty(*made(rows), ASK, method)
        assert found.low is not None
        assert found.high is not None
        assert found.low < -100 < found.high < 0


def test_a_row_in_two_parts_and_another_order_of_rows_change_nothing() -> None:
    lines, quotes = made([*PAIR, {"tco2e": 20.0, "amount": 60, "factor": "A", "half": 10}])
    split = pd.concat([lines.assign(tco2e=lines["tco2e"] * share) for share in (0.3, 0.7)])
    for method in (Method(), DRAWN):
        whole = uncertainty(lines, quotes, ASK, method)
        for other in (lines[::-1], split.sample(frac=1, random_state=1)):
            found = uncertainty(other.reset_index(drop=True), quotes, ASK, method)
            assert (found.low, found.high) == pytest.approx((whole.low, whole.high), rel=1e-9)
            assert [c["share"] for c in found.contributions] == pytest.approx([
                c["share"] for c in whole.contributions
            ])


def test_the_same_enterprise_with_another_supplier_is_another_meter() -> None:
    lines, quotes = made([PAIR[0], PAIR[0]])
    lines["enterprise_id"] = "E"
    assert intervals(lines, quotes, ASK).meters == 1
    lines["supplier_id"] = ["", "S"]
    assert intervals(lines, quotes, ASK).meters == 2


def test_approach_and_draws_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="choose approach 1 or 2"):
        Method(approach=3)
    with pytest.raises(ValueError, match="100 draws or more"):
        Method(draws=10)


def test_a_frame_that_cannot_tell_lines_apart_is_refused() -> None:
    lines, quotes = made(PAIR)
    with pytest.raises(ColumnMissing, match="supplier_id"):
        uncertainty(lines.drop(columns="supplier_id"), quotes, ASK)


def test_each_part_has_a_half_width_of_its_own() -> None:
    rows = [*PAIR, {"tco2e": 50.0, "amount": 5, "factor": "A", "half": 10}]
    lines, quotes = made(rows)
    lines["scope"] = ["scope1", "scope2", "scope1"]
    parts = by(intervals(lines, quotes, ASK), lines["scope"])
    assert parts.loc["scope1", "half_width"] == pytest.approx(0.106719, abs=1e-6)
    assert parts.loc["scope2", "half_width"] == pytest.approx(0.111803, abs=1e-6)
    assert parts["lines"].tolist() == [2, 1]
    nameless = by(intervals(lines, quotes, ASK), lines["scope"].where(lines["scope"] == "scope1"))
    assert nameless.index.tolist() == ["", "scope1"]
    alone = propagate(told([rows[0], rows[2]]))
    assert parts.loc["scope1", "half_width_t"] == pytest.approx(alone.half_width_t)


def test_an_inventory_of_statements_is_told_with_the_defaults_it_rests_on() -> None:
    rows = [
        ("E1", "fuel", "烟煤", "t", 1000.0, "", ""),
        ("E2", "fuel", "烟煤", "t", 500.0, "估算", ""),
        ("E1", "electricity", "外购电力", "MWh", 4000.0, "", "H"),
        ("E3", "heat", "热力", "GJ", 900.0, "", ""),
    ]
    names = ["enterprise_id", "category", "item", "unit", "amount", "source", "quality"]
    activity = pd.DataFrame(rows, columns=names).assign(
        zone="Z", year=2023, supplier_id=None, notation=None, explanation=None
    )
    one = inventory(activity, zone="Z", region="410000", year=2023)
    for of in ("tco2e", "ndrc910_tco2"):
        for method in (Method(), DRAWN):
            found = uncertainty(one.frame, one.quotes, ASK, method, of)
            assert found.low is not None
            assert found.high is not None
            assert found.tco2e is not None
            assert 0 < found.low < found.tco2e < found.high
            assert json.loads(json.dumps(found.as_json()))["lines"] == 4
    used = {row.half_width.name.removeprefix("factors.uncertainty."): row for row in found.defaults}
    assert used["factor.coal_by_mass"].lines == 2
    assert used["factor.fixed"].lines == 2
    assert used["activity.fuel_estimated"].lines == 1
    assert used["activity.high"].lines == 1
    assert all(row.half_width.status is Status.UNVERIFIED for row in found.defaults)

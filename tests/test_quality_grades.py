"""Grades of data quality: the worse of amount and factor counts, and no source is no grade."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon.choices import Choices
from carbon.inventory import Inventory, inventory
from carbon.quality import GRADES, grades, quality, source_grade

COLUMNS = ["enterprise_id", "category", "item", "amount", "unit", "source"]


def _made(rows: list[Any], year: int = 2023, family: str = "cn_a", **columns: Any) -> Inventory:
    stated = pd.DataFrame(rows, columns=COLUMNS).assign(
        zone="Z", year=year, supplier_id=None, notation=None, explanation=None, **columns
    )
    return inventory(stated, zone="Z", region="410000", year=year, choices=Choices(family=family))


def _grades(made: Inventory) -> list[tuple[str, str, str]]:
    return list(grades(made.frame, made.quotes).itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("words", "grade"),
    [
        ("计量表", "H"),
        ("购销发票", "H"),
        ("地磅过磅单", "H"),
        ("meter reading", "H"),
        ("统计报表 P201", "M"),
        ("能源台账", "M"),
        ("估算", "L"),
        ("按电表读数估算", "L"),
        ("年报与发票", "M"),
        ("estimated", "L"),
        ("parameter", ""),
        ("", ""),
        ("问过老王", ""),
    ],
)
def test_the_worst_word_of_a_source_counts_and_an_unknown_one_is_no_grade(words: str, grade: str) -> None:
    assert source_grade(words) == grade


def test_amount_and_factor_are_rated_apart_and_the_worse_is_the_grade_of_the_line() -> None:
    made = _made([
        ("E", "fuel", "烟煤", 1.0, "t", "地磅"),  # H, Chinese default: M
        ("E", "fuel", "烟煤", 2.0, "t", "估算"),
        ("E", "fuel", "烟煤", 3.0, "t", ""),  # nobody vouches for it
        ("E", "electricity", "own_nonfossil", 3.0, "MWh", "电表"),  # no factor: nothing emitted
        ("E", "fuel", "烟煤", None, "t", "电表"),  # not told
    ])
    assert _grades(made) == [
        ("H", "M", "M"),
        ("L", "M", "L"),
        ("", "M", ""),
        ("H", "", ""),
        ("", "", ""),
    ]


def test_a_default_of_the_ipcc_and_a_factor_of_another_year_are_low() -> None:
    assert _grades(_made([("E", "fuel", "烟煤", 1.0, "t", "地磅")], family="ipcc2006")) == [("H", "L", "L")]
    assert _grades(_made([("E", "electricity", "bought", 1.0, "MWh", "电表")])) == [("H", "M", "M")]
    late = _made([("E", "electricity", "bought", 1.0, "MWh", "电表")], year=2025)
    assert _grades(late) == [("H", "L", "L")]


def test_a_line_without_a_source_is_low_where_its_factor_is() -> None:
    assert _grades(_made([("E", "fuel", "烟煤", 1.0, "t", "")], family="ipcc2006")) == [("", "L", "L")]


def test_a_grade_that_is_stated_goes_before_the_words_and_another_letter_does_not() -> None:
    frame = _made([("E", "fuel", "烟煤", 1.0, "t", "估算")] * 3)
    told = frame.frame.assign(stated_quality=["h", "X", ""])
    assert grades(told, frame.quotes)["activity_grade"].tolist() == ["H", "L", "L"]


def test_a_measured_factor_is_high() -> None:
    made = _made([("E", "fuel", "烟煤", 1.0, "t", "地磅")])
    told = grades(made.frame.assign(measured=True), made.quotes)
    assert told.iloc[0].tolist() == ["H", "H", "H"]


def test_the_shares_by_grade_add_up_to_one_and_name_what_is_not_graded() -> None:
    made = _made([
        ("E", "electricity", "bought", 60.0, "MWh", "电表"),
        ("E", "electricity", "bought", 30.0, "MWh", "估算"),
        ("E", "electricity", "bought", 10.0, "MWh", ""),
    ])
    told = quality(made.frame, made.quotes)
    assert told.value == pytest.approx(0.6)
    assert told.breakdown == pytest.approx({"H": 0, "M": 0.6, "L": 0.3, "not_graded": 0.1})
    assert [(entry.name, entry.count) for entry in told.inputs] == [
        ("H", 0),
        ("M", 1),
        ("L", 1),
        ("not_graded", 1),
    ]
    assert sum(entry.value or 0 for entry in told.inputs) == pytest.approx(58.97)


def test_an_empty_park_has_no_share_and_says_why() -> None:
    made = _made([])
    told = quality(made.frame, made.quotes)
    assert told.value is None
    assert told.reason
    assert _grades(made) == []


ROWS = st.lists(
    st.tuples(st.sampled_from(["电表", "统计报表", "估算", "", "?"]), st.floats(0.1, 1e6)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=15)
@given(ROWS, st.randoms(use_true_random=False), st.floats(0.1, 0.9))
def test_order_and_splitting_of_rows_change_no_share(rows: list[Any], chance: Any, part: float) -> None:
    def told(amounts: list[Any]) -> Any:
        made = _made([("E", "electricity", "bought", a, "MWh", s) for s, a in amounts])
        return quality(made.frame, made.quotes).breakdown

    whole = told(rows)
    assert sum(whole.values()) == pytest.approx(1)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert told(shuffled) == pytest.approx(whole)
    assert told([(s, a * p) for s, a in rows for p in (part, 1 - part)]) == pytest.approx(whole)
    assert set(whole) == {*GRADES, "not_graded"}

"""Statements of energy: what is read, what is doubted, and in which words."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon.ledger import Ledger, read_ledger
from data.errors import ColumnMissing
from data.records import Fault, Severity

FUEL: dict[str, Any] = {"category": "fuel", "item": "diesel", "amount": 1.0, "unit": "t"}
POWER: dict[str, Any] = {"category": "electricity", "item": "bought", "amount": 1.0, "unit": "MWh"}
HEAT: dict[str, Any] = {"category": "heat", "item": "bought", "amount": 1.0, "unit": "GJ"}
REST: dict[str, Any] = {
    "zone": "Z",
    "enterprise_id": "E1",
    "year": 2023,
    "supplier_id": None,
    "notation": None,
    "explanation": None,
}


def _ledger(*rows: dict[str, Any]) -> Ledger:
    return read_ledger(pd.DataFrame([REST | row for row in rows]), zone="Z", year=2023, first_row=2)


def _errors(ledger: Ledger) -> list[Fault]:
    return [fault for fault in ledger.faults if fault.severity is Severity.ERROR]


def test_a_good_ledger_has_no_faults_and_keeps_every_row() -> None:
    ledger = _ledger(FUEL, POWER, HEAT)
    assert {fault.code for fault in ledger.faults} <= {"category_not_stated"}
    assert ledger.lines["item"].tolist() == ["diesel", "bought", "bought"]


@pytest.mark.parametrize(
    ("category", "item", "ours"),
    [
        ("燃料", "烟煤", ("fuel", "bituminous_coal")),
        (" Fuel ", "Diesel Oil", ("fuel", "diesel")),
        ("电力", "外购电力", ("electricity", "bought")),
        ("ＨＥＡＴ", "蒸汽", ("heat", "bought")),
        ("electricity", "上网电量", ("electricity", "sold")),
    ],
)
def test_names_are_read_in_both_languages(category: str, item: str, ours: tuple[str, str]) -> None:
    lines = _ledger(FUEL | {"category": category, "item": item}).lines
    assert (lines["category"][0], lines["item"][0]) == ours


@pytest.mark.parametrize(
    ("row", "code", "says", "remedy"),
    [
        (FUEL | {"category": "风"}, "category_unknown", "风 is no category", "Write one of fuel 燃料"),
        (FUEL | {"item": "无烟"}, "item_unknown", "无烟 is no item of fuel", "Near it: 无烟煤"),
        (FUEL | {"notation": "XX"}, "notation_unknown", "XX is no notation", "Write NE, NO, IE, C or NA"),
        (FUEL | {"amount": "many"}, "amount_not_a_number", "'many'", "Write a number"),
        (
            FUEL | {"notation": "IE", "explanation": "x"},
            "amount_and_notation",
            "says that there is none",
            "Keep one",
        ),
        (FUEL | {"amount": None}, "amount_blank", "no notation that says why", "0 when it is zero"),
        (
            FUEL | {"amount": None, "notation": "NE"},
            "notation_unexplained",
            "NE stands without",
            "Say in the expl",
        ),
        (FUEL | {"amount": -1.0}, "amount_impossible", "-1 t", "positive number"),
        (FUEL | {"amount": float("inf")}, "amount_impossible", "inf t", "positive number"),
        (POWER | {"item": "区内购电"}, "supplier_missing", "nobody is named", "Write the supplier's id"),
        (POWER | {"supplier_id": "E1"}, "supplier_is_buyer", "from itself", "own_generated"),
        (
            POWER | {"supplier_id": "E9"},
            "supplier_silent",
            "E9 supplied electricity",
            "leave supplier_id blank",
        ),
    ],
)
def test_each_fault_names_its_row_and_what_to_do(
    row: dict[str, Any], code: str, says: str, remedy: str
) -> None:
    ledger = _ledger(FUEL, POWER, HEAT, row)
    [fault] = _errors(ledger)
    assert (fault.code, fault.row) == (code, 5)
    assert says in fault.message
    assert remedy in fault.remedy
    assert ledger.lines["problem"].tolist() == ["", "", "", code]


def test_all_faults_are_listed_in_one_run() -> None:
    rows = [FUEL | {"amount": None}, POWER | {"amount": -2.0}, HEAT | {"item": "风"}]
    assert {fault.row for fault in _errors(_ledger(*rows))} == {2, 3, 4}


def test_a_row_with_two_faults_has_both_listed_and_keeps_the_first() -> None:
    ledger = _ledger(FUEL | {"item": "风", "amount": None}, POWER, HEAT)
    assert [fault.code for fault in _errors(ledger)] == ["item_unknown", "amount_blank"]
    assert ledger.lines["problem"][0] == "item_unknown"


def test_zero_is_an_amount_and_blank_is_not() -> None:
    zero, blank = _ledger(FUEL | {"amount": 0.0}), _ledger(FUEL | {"amount": None})
    assert not _errors(zero)
    assert [fault.code for fault in _errors(blank)] == ["amount_blank"]


@pytest.mark.parametrize("key", ["NE", "no", "IE", "C", "NA", "未发生"])
def test_a_notation_with_an_explanation_stands_for_an_amount(key: str) -> None:
    ledger = _ledger(FUEL | {"amount": None, "notation": key, "explanation": "记录遗失"})
    assert not _errors(ledger)
    assert ledger.lines["notation"][0] in {"NE", "NO", "IE", "C", "NA"}


def test_power_from_a_neighbour_is_a_flow_inside_the_park() -> None:
    ledger = _ledger(FUEL | {"enterprise_id": "P"}, POWER | {"supplier_id": "P"}, POWER)
    assert ledger.lines["item"].tolist() == ["diesel", "bought_in_park", "bought"]


def test_the_zone_itself_may_supply() -> None:
    ledger = _ledger(POWER | {"enterprise_id": None}, POWER | {"supplier_id": "Z", "amount": 2.0})
    assert not _errors(ledger)


def test_a_row_that_stands_there_twice_is_counted_and_doubted() -> None:
    ledger = _ledger(FUEL, FUEL, POWER, HEAT)
    [fault] = [fault for fault in ledger.faults if fault.code != "category_not_stated"]
    assert (fault.code, fault.severity, fault.row) == ("stated_twice", Severity.WARNING, 3)
    assert len(ledger.lines) == 4


def test_a_category_nobody_states_is_named() -> None:
    named = [fault.feature for fault in _ledger(FUEL).faults if fault.code == "category_not_stated"]
    assert {"electricity", "heat"} <= set(named)
    assert "fuel" not in named


def test_other_zones_and_years_are_left_alone() -> None:
    ledger = _ledger(FUEL, FUEL | {"zone": "Y"}, FUEL | {"year": 2022}, POWER | {"zone": " Z "}, HEAT)
    assert len(ledger.lines) == 3


def test_nothing_stated_is_an_error_that_says_so() -> None:
    [fault] = read_ledger(pd.DataFrame([REST | FUEL]), zone="Q", year=2023).faults
    assert fault.message == "Nobody in Q has stated anything for 2023."
    assert fault.row is None


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ColumnMissing, match="needs the column unit"):
        read_ledger(pd.DataFrame([REST | FUEL]).drop(columns="unit"), zone="Z", year=2023)


def test_the_version_of_the_layer_is_kept_for_the_result() -> None:
    assert _ledger(FUEL | {"version": 4}, POWER | {"version": 3}).versions == ("activity v3", "activity v4")
    assert _ledger(FUEL | {"version": "activity v4"}).versions == ("activity v4",)


def test_a_table_glued_from_several_keeps_its_rows_apart() -> None:
    frame = pd.DataFrame([REST | FUEL])
    glued = pd.concat([frame, frame.assign(amount=None)])  # both rows have the index 0
    assert read_ledger(glued, zone="Z", year=2023).lines["problem"].tolist() == ["", "amount_blank"]


CELL = st.one_of(
    st.none(), st.text(max_size=6), st.sampled_from(["fuel", "电力", "烟煤", "t", "GJ", "NE", "E1", "P"])
)


@settings(max_examples=25)
@given(
    st.lists(
        st.fixed_dictionaries({
            **dict.fromkeys(
                ["enterprise_id", "category", "item", "supplier_id", "notation", "explanation"], CELL
            ),
            "unit": CELL,
            "amount": st.one_of(st.none(), st.floats(), st.text(max_size=3)),
        }),
        max_size=6,
    )
)
def test_whatever_stands_in_the_cells_every_row_comes_out_told_or_with_its_problem(
    rows: list[dict[str, Any]],
) -> None:
    frame = pd.DataFrame([{"zone": "Z", "year": 2023} | row for row in rows], columns=[*REST, *FUEL])
    ledger = read_ledger(frame, zone="Z", year=2023)
    assert len(ledger.lines) == len(rows)
    told = ledger.lines["problem"] == ""
    priced = ledger.lines["notation"] == ""
    assert ledger.lines.loc[told & priced, "amount"].between(0, 1e15).all()

"""Netting against cases worked by hand (tests/cases/netting.yaml), and what keeps it from being told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from carbon.category import Ask
from carbon.choices import Choices
from carbon.inventory import inventory
from carbon.netting import Netting, netting
from data.parameters import NoDuplicates
from data.records import Outcome, Severity

CASES = yaml.load((Path(__file__).parent / "cases" / "netting.yaml").read_text("utf-8"), NoDuplicates)
COLUMNS = ["enterprise_id", "category", "item", "amount", "unit", "supplier_id"]


def _netted(rows: list[Any], region: str = "410100", known_on: date = date.max, **chosen: Any) -> Netting:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    key = frame["amount"].map(lambda amount: amount if isinstance(amount, str) else "")
    frame["amount"] = pd.to_numeric(frame["amount"], errors="coerce")
    stated = frame.assign(zone="Z", year=2023, notation=key, explanation=key.map(lambda k: "so" if k else ""))
    choices = Choices(**chosen)
    made = inventory(stated, zone="Z", region=region, year=2023, choices=choices, known_on=known_on)
    return netting(made.frame, made.quotes, Ask(2023, region, choices, known_on), "Z")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"][:60])
def test_a_park_worked_by_hand_comes_out(case: dict[str, Any]) -> None:
    told = _netted(case["statements"])
    sums = {
        "enterprises": told.enterprises_tco2e,
        "internal": told.internal_tco2e,
        "park": told.park_tco2e,
        "gap": told.gap_tco2e,
    }
    for name, value in case["sums"].items():
        assert sums[name] == pytest.approx(value, abs=1e-4), name
    assert told.holds == case["holds"]
    assert sorted(fault.code for fault in told.faults) == sorted(case["faults"])
    each = told.enterprises.set_index("enterprise_id")["total_tco2e"]
    for name, value in case.get("enterprises", {}).items():
        assert each[name] == pytest.approx(value, abs=1e-4), name
    if "exports" in case:
        [line] = told.exports.to_dict("records")
        columns = {"credit": "ndrc910_tco2", "own": "own_tco2", "excess": "excess_tco2"}
        found = {name: line[column] for name, column in columns.items()}
        assert found == pytest.approx(case["exports"], abs=1e-3)
        assert line["location_tco2e"] == 0
    messages = " ".join(f"{fault.message} {fault.remedy}" for fault in told.faults)
    for words in case.get("says", ()):
        assert words in messages


def test_the_document_is_plain_and_names_what_it_rests_on() -> None:
    said = json.loads(json.dumps(_netted(CASES[1]["statements"]).as_json(), allow_nan=False))
    assert said["holds"] == "not_met"
    assert said["reason"] == "P does not agree with its buyers on electricity."
    assert {flow["buyer_id"] for flow in said["flows"]} == {"A", "B"}
    assert sum(flow["gap_tco2e"] for flow in said["flows"]) == pytest.approx(said["gap_tco2e"])
    assert {row["status"] for row in said["limits"]} == {"illustration"}
    assert {row["name"] for row in said["factors"]} == {
        "factors.grid_electricity.province",
        "factors.heat.bought",
    }


def test_the_factor_of_the_buyers_follows_the_choice_of_the_inventory() -> None:
    rows = CASES[1]["statements"]
    assert _netted(rows, electricity="nation").gap_tco2e == pytest.approx(5000 * 0.5306)
    assert _netted(rows, electricity="region").gap_tco2e == pytest.approx(5000 * 0.5271)


def test_where_no_factor_is_published_the_sums_cannot_be_told_and_a_broken_flow_still_is() -> None:
    good = _netted(
        [
            ("P", "电力", "区内售电", 10, "MWh", ""),
            ("A", "电力", "外购电力", 10, "MWh", "P"),
            ("P", "电力", "光伏自发自用", 10, "MWh", ""),
        ],
        "540100",
    )
    assert good.holds is Outcome.CANNOT_TELL
    assert "no factor for electricity" in good.reason
    assert good.gap_tco2e is None
    broken = _netted(CASES[1]["statements"], "540100")
    assert broken.holds is Outcome.NOT_MET
    [fault] = [fault for fault in broken.faults if fault.code == "flow_disagrees"]
    assert "5000 MWh more than the supplier" in fault.message
    json.dumps(broken.as_json(), allow_nan=False)


def test_a_statement_that_is_not_told_leaves_its_flow_open_and_no_other() -> None:
    told = _netted([*CASES[0]["statements"][:7], ("C", "热力", "蒸汽", None, "GJ", "P")])
    assert told.holds is Outcome.CANNOT_TELL
    assert told.reason == "P has flows that are not told: heat."
    assert told.supplies.set_index("carrier")["outcome"].to_dict() == {
        "electricity": "met",
        "heat": "cannot_tell",
    }
    assert told.enterprises.set_index("enterprise_id")["open"].to_dict() == {
        **dict.fromkeys("ABP", 0),
        "C": 1,
    }


def test_a_purchase_without_a_supplier_names_nobody_and_cannot_be_told() -> None:
    told = _netted([("A", "电力", "区内购电", 10, "MWh", "")])
    assert told.holds is Outcome.CANNOT_TELL
    assert told.reason.startswith("A supplier not named")


def test_a_park_without_any_flow_holds_and_an_empty_one_too() -> None:
    told = _netted([("A", "电力", "外购电力", 10, "MWh", "")])
    assert told.holds is Outcome.MET
    assert (told.enterprises_tco2e, told.internal_tco2e) == (pytest.approx(5.897), 0)
    empty = _netted([])
    assert empty.holds is Outcome.MET
    assert empty.park_tco2e == 0


def test_a_plant_that_burns_refuse_is_not_accused_of_sending_out_more_than_it_took_in() -> None:
    told = _netted([
        ("P", "废弃物与废水", "生活垃圾", 1000, "t", ""),
        ("P", "热力", "区内供热", 1000, "GJ", ""),
        ("A", "热力", "蒸汽", 1000, "GJ", "P"),
    ])
    assert "sold_more_than_energy" not in {fault.code for fault in told.faults}
    [state] = told.balance["outcome"]
    assert state == "cannot_tell"


def test_energy_that_does_not_close_is_an_error_and_a_disagreement_a_warning() -> None:
    told = [fault for at in (1, 5) for fault in _netted(CASES[at]["statements"]).faults]
    assert {fault.code: fault.severity for fault in told} == {
        "flow_disagrees": Severity.WARNING,
        "sold_more_than_energy": Severity.ERROR,
        "sold_more_than_made": Severity.WARNING,
    }


def test_the_zone_itself_may_buy_from_a_plant() -> None:
    told = _netted([
        ("P", "燃料", "天然气", 10, "万Nm3", ""),
        ("P", "热力", "区内供热", 1000, "GJ", ""),
        ("", "热力", "蒸汽", 1000, "GJ", "P"),
    ])
    assert told.holds is Outcome.MET
    assert told.flows["buyer_id"].tolist() == ["Z"]
    assert told.enterprises.set_index("enterprise_id").loc["Z", "inside_tco2e"] == pytest.approx(110)

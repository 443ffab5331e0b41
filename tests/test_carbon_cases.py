"""The inventory against cases worked by hand (tests/cases/carbon.yaml)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from carbon.choices import Choices
from carbon.inventory import inventory
from data.parameters import NoDuplicates

CASES = yaml.load((Path(__file__).parent / "cases" / "carbon.yaml").read_text("utf-8"), NoDuplicates)
COLUMNS = ["enterprise_id", "category", "item", "amount", "unit", "supplier_id"]


def _activity(statements: list[list[Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(statements, columns=COLUMNS)
    key = frame["amount"].map(lambda amount: amount if isinstance(amount, str) else "")
    frame["amount"] = pd.to_numeric(frame["amount"], errors="coerce")
    return frame.assign(
        zone="Z", year=2023, notation=key, explanation=key.map(lambda k: "as stated" if k else "")
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"][:60])
def test_a_case_worked_by_hand_comes_out(case: dict[str, Any]) -> None:
    made = inventory(
        _activity(case["statements"]),
        zone="Z",
        region="410100",
        year=2023,
        choices=Choices(**case.get("choices", {})),
    )
    within = case.get("tolerance", 0.0001)
    for told, expected in (
        (made.totals["location"], case["location"]),
        (made.totals["ndrc910"], case.get("ndrc910", {})),
        (made.location.known, case.get("known", {})),
    ):
        for name, value in expected.items():
            if value is None:
                assert told[name] is None, name
            else:
                assert told[name] == pytest.approx(value, abs=within), name

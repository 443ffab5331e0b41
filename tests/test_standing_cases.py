"""How zones stand, against cases worked by hand in tests/cases/standing.yaml."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from geo.standing import idle_land, league, targets

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "standing.yaml").read_text("utf-8"))
STATISTICS = ["zone", "period", "item", "value", "unit"]
DAY = date(2026, 6, 30)


def cases(of: str) -> list[Any]:
    return [pytest.param(case, id=case["about"]) for case in CASES if case["of"] == of]


def same(found: Any, wanted: Any) -> bool:
    if wanted is None:
        return bool(pd.isna(found))
    if isinstance(wanted, bool) or not isinstance(wanted, int | float):
        return found == wanted
    return found == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("case", cases("target"))
def test_target_case(case):
    figures = pd.DataFrame(case["figures"], columns=STATISTICS)
    zones = pd.DataFrame({"code": ["A", "B"]})
    told = targets(figures, [], zones, year=case["year"], day=DAY, region="410000")
    subject = case.get("subject", "410000")
    one = next(each for each in told if (each.subject, each.code) == (subject, case["target"]))
    shown = one.as_json()
    for name, wanted in case["expected"].items():
        assert same(shown[name], wanted), (name, shown[name], one.reason)
    assert re.search(case.get("reason", ""), one.reason), one.reason
    assert bool(one.reason) == ("reason" in case)


def book_of(
    case: dict[str, Any], year: int = 2024
) -> tuple[pd.DataFrame, list[dict[str, Any]], pd.DataFrame]:
    """Zones, results and statistics: each zone has 10 000 mu built, so 1 亿元 is 1 万元 per mu."""
    zones, results, figures = [], [], []
    for code, said in case["zones"].items():
        purpose = said.get("purpose", "advanced_manufacturing")
        zones.append({"code": code, "name": f"{code}区", "level": said["level"], "purpose": purpose})
        area = {"area_mu.built": 10_000.0}
        row = {"zone": code, "year": year, "reason": ""}
        results.append({
            **row,
            "code": "tax_per_mu",
            "value": said["tax"],
            "unit": "CNY10k/mu",
            "breakdown": area,
        })
        results.append({**row, "code": "plot_ratio", "value": said["plot_ratio"], "unit": "1"})
        stated = {"revenue": "revenue", "value_added_above_scale": "added", "fixed_investment": "invested"}
        figures += [(code, str(year), item, said[name], "亿元") for item, name in stated.items()]
    return pd.DataFrame(zones), results, pd.DataFrame(figures, columns=STATISTICS)


@pytest.mark.parametrize("case", cases("league"))
def test_league_case(case):
    told = league(*book_of(case), year=2024, day=DAY, region="410000").rows.set_index("zone")
    for code, wanted in case["expected"].items():
        for name, value in wanted.items():
            assert same(told.loc[code, name], value), (code, name, told.loc[code, name])


@pytest.mark.parametrize("case", cases("idle"))
def test_idle_case(case):
    projects = pd.DataFrame([{"project_id": "P1", "parcel_id": "L1", **case["project"]}])
    parcels = pd.DataFrame({"parcel_id": ["L1"], "supply": [None], "area_m2": [20_000.0]})
    told = idle_land(projects, parcels, day=case["day"], region="410000")
    row = told.table.iloc[0]
    for name, wanted in case["expected"].items():
        found = row[name].date() if isinstance(wanted, date) else row[name]
        assert same(found, wanted), (name, found, row["reason"])
    assert re.search(case.get("reason", ""), row["reason"]), row["reason"]
    assert bool(row["reason"]) == (case["expected"]["idle"] is None)
    outcome = {True: "not_met", False: "met", None: "cannot_tell"}[case["expected"]["idle"]]
    assert told.findings[0].outcome == outcome
    assert row["mu"] == 30.0


def test_every_case_says_who_worked_it():
    assert all(case["worked_by"] and case["about"] for case in CASES)

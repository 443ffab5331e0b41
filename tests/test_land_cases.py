"""Land and benefit indicators against cases worked by hand, in tests/cases."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from geo import benefit, land

CASES = Path(__file__).parent / "cases"
PARCEL = ["area_m2", "land_class", "supply", "built", "floor_area_m2", "footprint_m2"]
# files of geo/land that hold no indicator: what indicators stand on, and what stands on them
BESIDE_INDICATORS = {
    *(
        "__init__",
        "contents",
        "indicator",
        "survey",
        "survey_codes",
        "stated",
        "contradictions",
        "zone_types",
    ),
    *("evaluation", "evaluation_table", "potentials", "supply_years", "share_parcels", "share_target"),
}


def cases(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((CASES / name).read_text("utf-8"))


def parcels_of(case: dict[str, Any]) -> pd.DataFrame:
    columns = [*PARCEL, *case.get("more", [])]
    rows = [dict(zip(columns, row, strict=False)) for row in case["parcels"]]
    return pd.DataFrame(rows, columns=columns).assign(class_system=case["system"])


def compare(result, case) -> None:
    if "reason" in case:
        assert result.value is None
        assert re.search(case["reason"], result.reason), result.reason
        return
    assert result.value == pytest.approx(case["expected"], abs=case.get("tolerance", 1e-6)), result.reason
    assert result.reason == ""
    assert case.get("label", "") in result.label


@pytest.mark.parametrize("case", cases("land.yaml"), ids=lambda case: case["about"])
def test_land_case(case):
    settings = dict(case.get("settings", {}))
    zone = {"population": settings.pop("population", None)}
    results = land.measure(parcels_of(case), zone, day=date(2024, 12, 31), region="410100", **settings)
    compare({result.code: result for result in results}[case["indicator"]], case)


@pytest.mark.parametrize("case", cases("benefit.yaml"), ids=lambda case: case["about"])
def test_benefit_case(case):
    results = benefit.measure(
        pd.DataFrame(case["enterprises"]),
        parcels_of(case),
        case.get("zone", {}),
        2024,
        **case.get("settings", {}),
    )
    result = {result.code: result for result in results}[case["indicator"]]
    compare(result, case)
    for key, value in case.get("beside", {}).items():
        assert result.breakdown[key] == pytest.approx(value), key
    assert result.area_base == case.get("base", "built")


def test_every_land_file_is_listed_and_every_indicator_has_a_case():
    files = {path.stem for path in Path(land.__file__).parent.glob("*.py")}
    listed = {each.formula.__module__.split(".")[-1] for each in land.INDICATORS}
    assert files - BESIDE_INDICATORS == listed
    worked = {case["indicator"] for case in cases("land.yaml") if "expected" in case}
    assert {each.code for each in land.INDICATORS} == worked


def test_every_figure_per_mu_has_a_case():
    worked = {case["indicator"] for case in cases("benefit.yaml") if "expected" in case}
    assert {figure.code for figure in benefit.FIGURES} == worked


@pytest.mark.parametrize("name", ["land.yaml", "benefit.yaml"])
def test_every_case_says_who_worked_it(name):
    assert all(case["worked_by"] and case["about"] for case in cases(name))

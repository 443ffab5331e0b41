"""What differs between two checks, and between two variants: named, labelled, with both values."""

from __future__ import annotations

import copy
import runpy
from pathlib import Path

import pytest
import shapely

from api.requests.changes import changes, side_by_side
from api.requests.geometry import plain

MADE = runpy.run_path(str(Path(__file__).with_name("request_document.py")))
LAND = runpy.run_path(str(Path(__file__).with_name("filed_requests.py")))


@pytest.fixture
def document():
    """A document without conflicts."""
    return copy.deepcopy(MADE["document"]([MADE["finding"](at) for at in range(4)]))


def of(rows):
    return {row["what"]: (row["before"], row["after"], row["unit"]) for row in rows}


def test_a_document_differs_in_nothing_from_itself(document):
    assert changes(document, copy.deepcopy(document)) == []


def test_each_thing_that_changed_is_named_with_both_values(document):
    later = copy.deepcopy(document)
    later["verdict"] = "not_met"
    rule = later["findings"][0]["rule"]
    later["findings"][0] |= {"outcome": "not_met", "measured": 120.0, "status": "unverified"}
    later["area"]["added"] = {"m2": 10_000.0, "ha": 1.0, "mu": 15.0}
    later["layers"] = ["constraints v4", *later["layers"][:1]]
    told = of(changes(document, later))
    assert told["verdict"] == ("met", "not_met", "")
    assert told[f"{rule}.outcome"] == ("met", "not_met", "")
    assert told[f"{rule}.measured"] == (0.0, 120.0, "m2")
    assert told[f"{rule}.status"] == ("verified", "unverified", "")
    assert told["area.added"][1:] == (1.0, "ha")
    assert "constraints v4" in told["layers"][1]
    assert "constraints v4" not in told["layers"][0]


def test_a_rule_that_came_or_went_is_told_on_its_side(document):
    later = copy.deepcopy(document)
    gone = later["findings"].pop(0)
    new = {**gone, "rule": "rules.expansion.new", "label": "新条件", "outcome": "not_met"}
    later["findings"].append(new)
    told = of(changes(document, later))
    assert told[f"{gone['rule']}.outcome"] == ("met", None, "")
    assert told["rules.expansion.new.outcome"] == (None, "not_met", "")


def test_an_indicator_that_became_known_is_told(document):
    row = MADE["row"]("tax_per_mu", "亩均税收", "CNY10k/mu", None, 3.0, "nobody has stated it")
    document["indicators"]["rows"] = [row]
    later = copy.deepcopy(document)
    later["indicators"]["rows"] = [{**row, "before": 2.0}]
    told = of(changes(document, later))
    assert told == {"indicator.tax_per_mu.before": (None, 2.0, "CNY10k/mu")}


def test_two_variants_share_land_and_each_has_its_own(document):
    square = LAND["square"]
    one, other = copy.deepcopy(document), copy.deepcopy(document)
    one["geometry"] = plain(square(0, 0, 200, 1000))
    other["geometry"] = plain(square(100, 0, 400, 1000))
    land = side_by_side(one, other)["land"]
    # 1 ha is 10 m of a square kilometre: 100, 100 and 200 m of 1000 m height
    sizes = {name: part["ha"] for name, part in land.items()}
    assert sizes == pytest.approx({"common": 10.0, "only_one": 10.0, "only_other": 20.0}, rel=1e-3)
    shape = shapely.geometry.shape(land["only_other"]["geometry"])
    assert shape.bounds == pytest.approx(square(200, 0, 400, 1000).bounds, abs=1e-7)


def test_a_variant_without_land_of_its_own_shares_none(document):
    one, other = copy.deepcopy(document), copy.deepcopy(document)
    other["geometry"] = None
    land = side_by_side(one, other)["land"]
    assert land["common"] == {"m2": 0.0, "ha": 0.0, "mu": 0.0, "geometry": None}
    assert land["only_other"]["geometry"] is None
    assert land["only_one"]["ha"] > 0
    both = side_by_side(other, other)["land"]
    assert all(part["m2"] == 0 for part in both.values())

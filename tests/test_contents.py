"""Every result says what it is: the table of contents, the collection, and the chain behind each number."""

from __future__ import annotations

import re
import shutil

import pytest

from api.collections import collections
from api.contents import contents
from data.parameters import names

NINE = [f"G41{number}" for number in (1031, *range(1162, 1170))]
COVERED = "G411164"
# results that come from a layer of their own name it, beside boundary, parcels, statements and activity
TABLES = ("controls.", "admissions.", "rules.benefit.", "rules.land.evaluation.")
RESTS_ON = {
    "project_count": ("projects", "controls", "admissions"),
    "idle_area_mu": ("projects",),
    "supply_years_left": ("constraints",),
    "benefit_gini_tax_per_mu": ("objections",),
}


@pytest.fixture(scope="module")
def kept(book):
    """Every result of 2024, of both families."""
    return book.results(year=2024)


def test_the_contents_are_what_an_assessment_gives_in_its_order(kept):
    told = [each.code for each in contents()]
    assert len(set(told)) == len(told)
    for zone in NINE:
        assert [r["code"] for r in kept if r["zone"] == zone and r["family"] == "assess"] == told


def test_each_of_the_contents_has_the_label_and_unit_that_an_assessment_gives_it(kept):
    listed = {each.code: each for each in contents()}
    assert all(each.value is None and each.label and each.unit for each in listed.values())
    for row in kept:
        if row["family"] == "assess":
            assert row["unit"] == listed[row["code"]].unit
            # a label names the choice that was made as well
            assert row["label"].startswith(listed[row["code"]].label.partition("(")[0])


def test_the_collection_of_indicators_has_every_code_and_its_features_every_value(client, kept):
    columns = collections()["indicators"].columns
    assert [name for name, column in columns.items() if column.unit] == [each.code for each in contents()]
    for feature in client.get("/collections/indicators/items?year=2024").json()["features"]:
        zone = feature["properties"]["code"]
        values = {r["code"]: r["value"] for r in kept if r["zone"] == zone and r["family"] == "assess"}
        assert {code: feature["properties"][code] for code in values} == pytest.approx(values)


def test_every_number_of_the_year_has_formula_inputs_and_articles_and_every_gap_a_reason(kept):
    assert {row["family"] for row in kept} == {"assess", "cover"}
    for row in kept:
        told = (row["zone"], row["code"])
        if row["value"] is None:
            assert row["reason"], told
        else:
            assert not row["reason"], told
            assert row["formula"], told
            assert row["inputs"], told
            assert row["articles"], told
            assert all(each["value"] is not None for each in row["inputs"]), told
        assert row["layer_versions"], told
        assert (row["outcome"] == "cannot_tell") == (row["value"] is None and row["outcome"] is not None)


def test_every_dated_article_says_how_far_it_was_checked_and_stands_in_a_file(kept):
    dated = [each for row in kept for each in row["articles"] if not isinstance(each, str)]
    assert {each["status"] for each in dated} == {"verified", "unverified", "illustration"}
    known = set(names())
    ours = [each for each in dated if each["name"] in known]
    assert ours
    for each in dated:
        assert each["article"]
        assert each["published"]
        # a row of a table, as an evaluation or the control values that were taken in, is named by the table
        assert each["name"] in known or each["name"].startswith(TABLES), each["name"]


@pytest.mark.parametrize(("code", "kinds"), RESTS_ON.items())
def test_a_result_names_the_version_of_each_layer_it_comes_from(client, kept, code, kinds):
    for zone in NINE:
        row = next(r for r in kept if r["zone"] == zone and r["code"] == code)
        named = {version.partition(" ")[0] for version in row["layer_versions"]}
        if row["value"] is not None and code != "benefit_gini_tax_per_mu":
            assert set(kinds) <= named
    told = client.get(f"/zones/G411165/why/{code}?year=2024").json()
    hashes = {each["name"].partition(" ")[0]: each["sha256"] for each in told["versions"]}
    assert all(re.fullmatch("[0-9a-f]{64}", hashes[kind]) for kind in kinds)


def test_why_answers_for_each_result_as_a_document(client):
    told = client.get(f"/zones/{COVERED}/indicators?year=2024").json()
    for each in told["results"]:
        answer = client.get(f"/zones/{COVERED}/why/{each['code']}?year=2024")
        assert answer.status_code == 200, each["code"]
        said = answer.json()
        assert {name: said[name] for name in each} == each


@pytest.mark.parametrize(
    "code", ["industrial_share", "project_count", "idle_area_mu", "benefit_gini_tax_per_mu"]
)
def test_the_page_of_why_shows_inputs_articles_and_the_status_of_each(client, code):
    told = client.get(f"/zones/{COVERED}/why/{code}?year=2024").json()
    page = client.get(f"/zones/{COVERED}/why/{code}?year=2024&f=html").text
    for each in told["inputs"]:
        assert each["label"] in page
    words = {"verified": "已核对", "unverified": "未核对", "illustration": "示例"}
    for each in told["articles"]:
        if not isinstance(each, str):
            assert f'<span class="status {each["status"]}">{words[each["status"]]}</span>' in page


def test_the_command_asked_why_prints_formula_input_article_and_status_of_each_number(
    mutan, demo_book, tmp_path
):
    copy = shutil.copy(demo_book.book, tmp_path / "book.gpkg")
    told = mutan("assess", COVERED, "--year", "2024", "--book", copy, "--why")
    assert told.status == 0
    blocks = re.split(r"^  (?=[a-z_0-9.]+ +\S)", told.out, flags=re.MULTILINE)[1:]
    assert [block.split()[0] for block in blocks] == [each.code for each in contents()]
    for block in blocks:
        if "      cannot tell: " not in block:
            assert "      formula  " in block
            assert "      input    " in block
            assert "      article  " in block
    assert re.search(r"article  rules\.land\.industrial_share_min = 0\.6 .*\(verified\)", told.out)
    assert "(unverified)" in told.out

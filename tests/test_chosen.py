"""Choices of an assessment: the same over every door, named in the result, refused with the list."""

from __future__ import annotations

import json
import shutil

import pytest

from api.assess import assess
from api.chosen import ABOUT, FLAGS, NAMES, Chosen, NoSuchChoice
from data.book import open_book
from geo.benefit import BASES

ZONE, BELOW = "G411164", "G411168"
CHOICES = {
    "definition": "p1",
    "base": "approved",
    "evaluation": "illustration",
    "scheme": "generic_abcd",
}


@pytest.fixture
def copy(demo_book, tmp_path):
    """A copy of the demo's book, to be written to."""
    return shutil.copy(demo_book.book, tmp_path / "book.gpkg")


def words(choices):
    return [word for name, value in choices.items() for word in (f"--{name}", value)]


def query(choices):
    return "".join(f"&{name}={value}" for name, value in choices.items())


def by_code(told):
    return {each["code"]: each for each in told["results"]}


def test_the_command_and_the_service_give_equal_numbers_for_the_same_choices(mutan, client, copy):
    said = mutan("assess", ZONE, "--year", "2024", "--book", copy, "--json", *words(CHOICES))
    assert said.status == 0, said.err
    told = json.loads(said.out)
    over_http = client.get(f"/zones/{ZONE}/indicators?year=2024{query(CHOICES)}").json()
    assert told == over_http
    assert by_code(told)["industrial_share"]["formula"].startswith("P1")
    why = client.get(f"/zones/{ZONE}/why/industrial_share?year=2024{query(CHOICES)}").json()
    assert {name: why[name] for name in ("value", "label", "inputs", "articles")} == {
        name: by_code(told)["industrial_share"][name] for name in ("value", "label", "inputs", "articles")
    }


def test_what_was_chosen_is_kept_in_label_area_formula_and_articles(mutan, client, copy):
    before = by_code(client.get(f"/zones/{ZONE}/indicators?year=2024").json())
    mutan("assess", ZONE, "--year", "2024", "--book", copy, *words(CHOICES))
    with open_book(copy) as held:
        kept = {row["code"]: row for row in held.results(ZONE, 2024, "assess")}
    assert "P1" in kept["industrial_share"]["label"]
    assert "P2" in before["industrial_share"]["label"]
    assert kept["industrial_share"]["value"] == kept["industrial_share.p1"]["value"]
    assert kept["tax_per_mu"]["area_base"] != before["tax_per_mu"]["area_base"]
    assert kept["tax_per_mu"]["value"] != before["tax_per_mu"]["value"]
    scheme = kept["benefit_lowest_class_share"]["articles"][0]
    assert (scheme["name"], scheme["status"]) == ("rules.benefit.generic_abcd", "illustration")
    names = [each["name"] for each in kept["intensity_score"]["articles"] if not isinstance(each, str)]
    assert any(name.startswith("rules.land.evaluation.illustration.") for name in names)


def test_left_out_each_choice_is_its_documented_default(book):
    assert Chosen() == Chosen("auto", False, "built", "", "") == Chosen.of({"year": "2024", "f": "json"})
    told = assess(book, ZONE, 2024)
    same = assess(book, ZONE, 2024, chosen=Chosen("p2", False, "built", "", "henan_2019"))
    assert told.results == same.results
    score = told.result("intensity_score")
    assert score.value is None
    assert "illustration" in score.reason


@pytest.mark.parametrize("definition", ["p1", "p2", "p3", "p4"])
@pytest.mark.parametrize("zone", [BELOW, "G411167"])
def test_the_definition_that_is_held_is_the_one_that_was_chosen(book, zone, definition):
    told = assess(book, zone, 2024, chosen=Chosen(definition=definition))
    held, own = told.result("industrial_share"), told.result(f"industrial_share.{definition}")
    assert held.value == own.value
    assert definition.upper() in held.label
    assert held.target == 0.6
    assert (held.outcome == "cannot_tell") == (held.value is None) == bool(held.reason)


def test_each_area_to_divide_by_gives_a_number_of_its_own_and_names_it(book):
    told = {base: assess(book, ZONE, 2024, chosen=Chosen(base=base)).result("tax_per_mu") for base in BASES}
    known = {base: each for base, each in told.items() if each.value is not None}
    assert {"built", "approved"} <= set(known)
    assert len({each.area_base for each in known.values()}) == len(known)
    for base, each in known.items():
        figures = {one.name: one.value for one in each.inputs}
        assert each.value == pytest.approx(figures["tax_cny10k"] / figures[f"area.{base}"])
        assert each.area_base == base
    assert all(each.reason for base, each in told.items() if base not in known)


def test_a_flag_is_read_in_either_language_and_nothing_else_is_one():
    assert {word for word, value in FLAGS.items() if value} == {"true", "1", "是", "yes"}
    assert Chosen.of({"vacant": "是"}).vacant
    assert not Chosen.of({"vacant": "False"}).vacant
    with pytest.raises(NoSuchChoice, match="vacant='maybe' is not offered"):
        Chosen.of({"vacant": "maybe"})


LISTED = {
    "definition": "auto, p1, p2, p3, p4",
    "base": ", ".join(BASES),
    "evaluation": "illustration",
    "scheme": "generic_abcd, henan_2019, huangyan_2022",
}


@pytest.mark.parametrize(("name", "there"), LISTED.items())
def test_a_choice_that_is_not_offered_is_refused_with_all_that_are(mutan, client, copy, name, there):
    said = mutan("assess", ZONE, "--year", "2024", "--book", copy, f"--{name}", "ours")
    assert (said.status, said.out) == (1, "")
    assert f"{name}='ours' is not offered. Choose one of: {there}." in said.err
    answer = client.get(f"/zones/{ZONE}/indicators?year=2024&{name}=ours")
    assert answer.status_code == 404
    assert there in answer.json()["detail"]


def test_every_choice_is_described_and_declared(client):
    assert set(ABOUT) == set(NAMES)
    paths = client.get("/api").json()["paths"]
    for path in ("/zones/{code}/indicators", "/zones/{code}/why/{result}"):
        assert set(NAMES) <= {each["name"] for each in paths[path]["get"]["parameters"]}
    # the texts that list what is offered list all of it
    assert all(base in ABOUT["base"] for base in BASES)
    assert all(each in ABOUT["definition"] for each in ("p1", "p2", "p3", "p4", "auto"))

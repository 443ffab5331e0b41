"""What the description says of emissions is what the service does: paths, parameters, media types."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.inventories.wishes import ABOUT, offered
from api.listings import LISTINGS
from api.openapi import description

ZONE = "G990001"
MADE = "/zones/{code}/inventory"
LAID = "/zones/{code}/emissions"
PATHS = (MADE, f"{MADE}.xlsx", LAID, f"{LAID}/years", f"{LAID}.tif")
WHY = "/zones/{code}/why/{result}"
USUAL = {
    "known_on": "2026-06-30", "year": "2024", "draws": "100", "seed": "7", "vintage": "2022", "why": "true",
    "lines": "false", "years": "2023-2024", "cell": "500", "crs": "EPSG:4526",
}  # fmt: skip


@pytest.fixture(scope="module")
def client(small_book):
    with TestClient(create_app(str(small_book)), raise_server_exceptions=False) as made:
        yield made


def asked_of(path: str) -> dict[str, dict]:
    """The parameters in the query of a path, by name."""
    declared = description("")["paths"][path]["get"]["parameters"]
    return {each["name"]: each["schema"] for each in declared if each["in"] == "query"}


def forms_of(path: str) -> set[str]:
    """The media types a path declares for what it answers."""
    return set(description("")["paths"][path]["get"]["responses"]["200"]["content"])


def placed(path: str) -> str:
    """A path of the small book."""
    return path.replace("{code}", ZONE).replace("{result}", "ndrc910_power")


def a_word_of(name: str, schema: dict) -> str:
    """What a person might write for a parameter: the last that is offered, or something usual."""
    return str(schema["enum"][-1]) if "enum" in schema else USUAL[name]


@pytest.mark.parametrize("path", PATHS)
def test_each_parameter_that_is_declared_is_taken_and_any_other_is_refused(client, path):
    for name, schema in asked_of(path).items():
        words = {"year": "2024", "draws": "100", name: a_word_of(name, schema)}
        asked = {key: word for key, word in words.items() if key in asked_of(path)}
        answer = client.get(placed(path), params=asked)
        assert answer.status_code == 200, (name, answer.text)
    refused = client.get(placed(path), params={"colour": "red"})
    assert refused.status_code == 400
    known = refused.json()["detail"].partition("It knows: ")[2]
    assert set(asked_of(path)) <= set(re.findall(r"\w+", known))


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_comes_in_the_media_type_that_is_declared_first(client, path):
    told = description("")["paths"][path]["get"]["responses"]["200"]["content"]
    answer = client.get(placed(path), params={"year": "2024"})
    assert answer.headers["content-type"].partition("; charset")[0] == next(iter(told))


def test_the_inventory_comes_in_each_form_that_is_declared(client):
    came = {
        client.get(placed(MADE), params={"year": "2024", "f": form}).headers["content-type"]
        for form in asked_of(MADE)["f"]["enum"]
    }
    assert {each.partition("; charset")[0] for each in came} == forms_of(MADE)


@pytest.mark.parametrize("path", [MADE, f"{MADE}.xlsx", WHY])
def test_every_choice_is_a_parameter_with_what_is_offered_of_it(path):
    asked = asked_of(path)
    assert set(ABOUT) <= set(asked)
    assert {name: tuple(asked[name]["enum"]) for name in offered()} == offered()


def test_no_parameter_stands_twice_on_a_path():
    for path, told in description("")["paths"].items():
        for method in told.values():
            named = [(each["in"], each["name"]) for each in method["parameters"]]
            assert len(set(named)) == len(named), path


def test_a_figure_of_the_inventory_answers_why_under_a_choice(client):
    answer = client.get(placed(WHY), params={"year": "2024", "gwp": "AR6"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["code"] == "ndrc910_power"


@pytest.mark.parametrize("name", ["gates", "path", "measures"])
def test_the_listings_of_carbon_declare_the_options_they_take(name):
    assert set(LISTINGS[name].options) < set(asked_of(f"/zones/{{code}}/{name}"))


@pytest.mark.parametrize("page", ["/?f=html", f"/zones/{ZONE}/indicators?year=2024&f=html"])
def test_a_page_leads_to_the_inventory_as_a_page(client, page):
    links = re.findall(rf'href="[^"]*(/zones/{ZONE}/inventory\?[^"]*)"', client.get(page).text)
    assert links
    for link in links:
        answer = client.get(link.replace("&amp;", "&"), headers={"accept": "*/*"})
        assert answer.headers["content-type"].startswith("text/html"), link

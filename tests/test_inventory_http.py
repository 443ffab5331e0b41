"""The inventory over HTTP: document, page and workbook, kept and refused as a service does it."""

from __future__ import annotations

import json
import runpy
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import openpyxl
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli.entry import program

park = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("inventory_park.py"))))
PLACE = f"/zones/{park.ZONE}/inventory"
YEAR = str(park.YEAR)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PROBLEM = "application/problem+json"


def run(*words):
    told = CliRunner().invoke(program(), [str(word) for word in words])
    return SimpleNamespace(status=told.exit_code, out=told.stdout, err=told.stderr)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return park.book_of(tmp_path_factory.mktemp("park"), run)


@pytest.fixture(scope="module")
def service(address):
    with TestClient(create_app(str(address)), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture(scope="module")
def asked(service):
    def get(place=PLACE, **words):
        return service.get(place, params={"year": YEAR, **words})

    return get


def test_the_document_is_that_of_the_command_line(asked, address):
    told = asked(f="json")
    assert (told.status_code, told.headers["content-type"]) == (200, "application/json")
    document = told.json()
    links = document.pop("links")
    said = json.loads(run("inventory", park.ZONE, "--year", YEAR, "--book", address, "--json").out)
    assert document == said
    assert document["totals"]["location"]["total"] == pytest.approx(park.TOTAL, rel=1e-12)
    assert [link["title"] for link in links] == ["JSON", "网页", "工作簿"]


def test_choices_mean_the_same_on_both_doors(asked, address):
    words = {"gwp": "AR6", "vintage": "2022", "approach": "1"}
    options = [part for name, value in words.items() for part in (f"--{name}", value)]
    said = run("inventory", park.ZONE, "--year", YEAR, "--book", address, "--json", *options)
    document = asked(**words).json()
    document.pop("links")
    assert document == json.loads(said.out)
    assert document["totals"]["location"]["scope2"] == pytest.approx(6_100 * 0.6058)


def test_a_browser_gets_a_page_and_a_program_the_document(service, asked):
    html = service.get(PLACE, params={"year": YEAR}, headers={"Accept": "text/html,*/*;q=0.8"})
    assert html.headers["content-type"].startswith("text/html")
    assert asked().headers["content-type"] == "application/json"
    assert asked(f="html").headers["content-type"].startswith("text/html")


def test_the_page_shows_names_as_text_and_both_totals(asked):
    text = asked(f="html").text
    assert "示例区<b>" not in text
    assert "热电厂<i>" not in text
    assert "热电厂&lt;i&gt;" in text
    assert "36,616" in text
    assert "28,691" in text or "28,692" in text


@pytest.mark.parametrize("place", [f"{PLACE}?f=xlsx&year={YEAR}", f"{PLACE}.xlsx?year={YEAR}"])
def test_the_workbook_comes_as_a_file_with_a_name(service, place):
    told = service.get(place)
    assert told.status_code == 200
    assert told.headers["content-type"] == SHEET
    named = told.headers["content-disposition"]
    assert named.startswith("attachment;")
    assert f"inventory-{park.ZONE}-{YEAR}.xlsx" in named
    sheet = openpyxl.load_workbook(BytesIO(told.content))["汇总"]
    assert any(cell.value == pytest.approx(park.TOTAL) for row in sheet for cell in row
               if isinstance(cell.value, float))  # fmt: skip


@pytest.mark.parametrize("form", ["json", "html", "xlsx"])
def test_what_has_not_changed_is_not_sent_again(service, form):
    first = service.get(PLACE, params={"year": YEAR, "f": form})
    again = service.get(
        PLACE, params={"year": YEAR, "f": form}, headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_an_etag_is_of_one_choice(service):
    first = service.get(PLACE, params={"year": YEAR})
    other = service.get(PLACE, params={"year": YEAR, "gwp": "AR6"})
    assert first.json()["totals"] != other.json()["totals"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"family": "x"}, "cn_a"), ({"known_on": "soon"}, "2025-06-30"), ({"draws": "1"}, "100"),
        ({"gwp": "AR7"}, "AR6"), ({"year": "1066"}, "1990"), ({"year": "x"}, "year"), ({"f": "pdf"}, "xlsx"),
        ({"unknown": "1"}, "unknown"), ({"why": "perhaps"}, "true"), ({"lines": "some"}, "true"),
        ({"seed": "-1"}, "seed"), ({"vintage": "new"}, "exact"), ({"Family": "cn_a"}, "family"),
    ],
)  # fmt: skip
def test_a_wrong_choice_is_a_problem_that_says_what_there_is(asked, words, said):
    told = asked(**words)
    assert told.status_code == 400
    assert told.headers["content-type"] == PROBLEM
    problem = told.json()
    assert problem["title"]
    assert said in problem["detail"]


def test_a_parameter_that_stands_there_twice_is_refused(service):
    assert service.get(f"{PLACE}?year={YEAR}&gwp=AR5&gwp=AR6").status_code == 400


def test_an_unknown_zone_is_not_found(service):
    for name in ("G000000", "../x", "<b>"):
        told = service.get(f"/zones/{quote(name, safe='')}/inventory", params={"year": YEAR})
        assert told.status_code == 404, name
        assert told.headers["content-type"] == PROBLEM
        assert "<b>" not in told.text or told.headers["content-type"] == PROBLEM


def test_a_year_before_the_zone_is_a_problem_that_says_since_when_it_is(asked):
    told = asked(year="2010")
    assert told.status_code in (400, 404)
    assert "2023-01-01" in told.json()["detail"]


def test_lines_are_left_out_and_reasons_put_in_on_request(asked):
    short, whole = asked(lines="false").json(), asked(why="true").json()
    assert "lines" not in short
    assert short["totals"] == whole["totals"]
    assert [line["why"]["statement"]["row"] for line in whole["lines"]] == [
        number + 2 for number in range(len(park.ROWS))
    ]


def test_every_figure_of_the_document_answers_why(asked):
    for result in asked(lines="false").json()["results"]:
        told = asked(f"/zones/{park.ZONE}/why/{result['code']}")
        assert told.status_code == 200, result["code"]
        why = told.json()
        assert why["value"] == (result["value"] and pytest.approx(result["value"], rel=1e-12)), result["code"]
        assert why["formula"]
        assert why["inputs"] or why["lines"] or why["reason"] or not why["value"], result["code"]
        for line in why["lines"]:
            assert line["statement"]["file"] == "能源.xlsx"
            assert line["statement"]["row"] >= 2
            assert line["formula"]


def test_why_follows_the_choices(asked):
    why = asked(f"/zones/{park.ZONE}/why/emissions_scope2", vintage="2022").json()
    assert why["value"] == pytest.approx(6_100 * 0.6058)
    assert "x 0.6058 " in why["lines"][0]["formula"]
    assert asked(f"/zones/{park.ZONE}/why/emissions_scope2", vintage="never").status_code == 400


def test_why_of_what_is_no_figure_is_not_found_and_names_those_near(asked):
    told = asked(f"/zones/{park.ZONE}/why/emissions_totl")
    assert told.status_code == 404
    assert "emissions_total" in told.json()["detail"]


def test_why_as_a_page_names_file_and_row(service):
    text = service.get(f"/zones/{park.ZONE}/why/ndrc910_fuel", params={"year": YEAR, "f": "html"}).text
    assert "能源.xlsx 第 2 行" in text
    assert "<i>" not in text.replace("<i></i>", "")


def test_without_a_year_and_an_assessment_a_year_is_asked_for(service):
    told = service.get(PLACE)
    assert (told.status_code, told.headers["content-type"]) == (400, PROBLEM)
    assert "year" in told.json()["detail"]


def test_without_a_year_the_newest_that_was_assessed_is_told(client):
    told = client.get("/zones/G411031/inventory", params={"lines": "false", "approach": "1"})
    assert told.json()["year"] == 2024

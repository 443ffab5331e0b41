"""Listings as a program and a browser meet them: every form, the same rows, and refusals that help."""

from __future__ import annotations

import csv
import html
import io
import re
import shutil
from datetime import UTC, datetime

import openpyxl
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.chinese import chinese
from api.listings import FORMS, LISTINGS, of_a_zone
from api.listings.listing import WORDS, is_said
from data.book import open_book
from data.records import Source

# the zone with a raster, and one without; the raster is kept for the first alone
ZONE, OTHER = "G411164", "G411165"
PATHS = {name: f"/zones/{ZONE}/{name}" if kind.zoned else f"/{name}" for name, kind in LISTINGS.items()}
PLACELESS = {"spread", "monthly", "gates", "path"}
PLACED = sorted(set(LISTINGS) - PLACELESS)
NASTY = ['=HYPERLINK("http://x","甲")', '<img src=x onerror="alert(1)">{{7*7}}', "@SUM(1)*cmd|' /C calc'!A0"]
MOMENT = datetime(2025, 3, 1, tzinfo=UTC)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def told(client, name, more=""):
    answer = client.get(f"{PATHS[name]}?year=2024{more}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def file_of(client, name, form):
    return client.get(f"{PATHS[name]}?year=2024&f={form}")


def in_words(row):
    """What a file shows of a row: codes in words, sentences in Chinese, nothing for what is missing."""
    worded = {name: chinese(value) if is_said(name) and value else value for name, value in row.items()}
    return [WORDS.get(name, {}).get(value, value) for name, value in worded.items()]


def problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()["detail"]


@pytest.mark.parametrize("name", LISTINGS)
def test_a_listing_is_a_document_with_its_columns_rows_and_all_it_rests_on(client, name):
    said = told(client, name)
    assert said["rows"]
    assert (said["listing"], said["year"]) == (name, 2024)
    assert said.get("zone") == (ZONE if LISTINGS[name].zoned else None)
    names = [each["name"] for each in said["columns"]]
    assert all(list(row) == names for row in said["rows"])
    assert all(each["value"] is not None or each["reason"] for each in said["results"])
    assert all(each["formula"] and each["articles"] for each in said["results"])
    assert {"articles", "notes", "faults", "links", "options"} <= set(said)


@pytest.mark.parametrize("name", LISTINGS)
def test_every_form_that_a_listing_links_to_answers_with_its_media_type(client, name):
    links = told(client, name)["links"]
    assert [each["title"] for each in links] == [f for f in FORMS if f != "geojson" or name in PLACED]
    for each in links:
        answer = client.get(each["href"])
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(each["type"])


@pytest.mark.parametrize("name", LISTINGS)
def test_the_rows_of_the_csv_are_those_of_the_document(client, name):
    said, answer = told(client, name), file_of(client, name, "csv")
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert [each["label"] for each in said["columns"]] == [re.sub(r"\([^()]*\)$", "", cell) for cell in head]
    assert len(rows) == len(said["rows"])
    for cells, row in zip(rows, said["rows"], strict=True):
        for cell, value in zip(cells, in_words(row), strict=True):
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                assert float(cell) == value
            else:
                assert cell == (value or "")
    assert 'filename="' + name in answer.headers["content-disposition"]


@pytest.mark.parametrize("name", LISTINGS)
def test_the_rows_of_the_workbook_are_those_of_the_document(client, name):
    said, answer = told(client, name), file_of(client, name, "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    title, _, *rows = sheet.iter_rows(values_only=True)
    assert title[0] == f"{said['title']} 2024 年"
    assert len(rows) == len(said["rows"])
    for cells, row in zip(rows, said["rows"], strict=True):
        for cell, value in zip(cells, in_words(row), strict=True):
            # Excel keeps sixteen digits of a number
            near = isinstance(value, float)
            cell = cell.date().isoformat() if isinstance(cell, datetime) else cell
            assert (cell or None) == (pytest.approx(value, rel=2e-15) if near and value else value or None)


@pytest.mark.parametrize("name", PLACED)
def test_the_features_are_the_rows_on_what_they_name(client, name):
    said, answer = told(client, name), file_of(client, name, "geojson")
    features = answer.json()["features"]
    assert [each["properties"] for each in features] == said["rows"]
    kinds = {each["geometry"]["type"] for each in features if each["geometry"]}
    assert kinds <= {"Polygon", "MultiPolygon"}
    missing = [each["properties"] for each in features if each["geometry"] is None]
    # the province as a whole has no boundary in the book; a project or an enterprise may hold no parcel
    if name in ("standing", "share", "cover"):
        assert missing == []
    if name == "targets":
        assert {row["subject"] for row in missing} == {"410000"}


@pytest.mark.parametrize("name", LISTINGS)
def test_the_page_shows_title_rows_forms_and_grounds(client, name):
    said = told(client, name)
    answer = client.get(f"{PATHS[name]}?year=2024", headers={"accept": BROWSER})
    text = html.unescape(answer.text)
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert text.count("<tr>") >= min(len(said["rows"]), 500)
    for each in (said["title"], client.get("/").json()["notice"], *map(chinese, said["notes"])):
        assert each in text
    for each in said["articles"]:
        assert (each if isinstance(each, str) else each["article"]) in text
    for each in said["results"]:
        assert each["code"] in text


@pytest.mark.parametrize("name", sorted(PLACELESS))
def test_rows_without_a_place_are_no_features(client, name):
    assert "have no place" in problem(client.get(f"{PATHS[name]}?year=2024&f=geojson"), 400)


@pytest.mark.parametrize("name", ["grades", "projects", "standing", "targets"])
def test_asked_why_each_row_carries_its_chain(client, name):
    more = "&enterprise=040045" if name == "grades" else ""
    plain, why = told(client, name, more), told(client, name, f"{more}&why=true")
    assert all("why" not in row for row in plain["rows"])
    assert all(row["why"] for row in why["rows"])
    assert [{k: v for k, v in row.items() if k != "why"} for row in why["rows"]] == plain["rows"]


@pytest.mark.parametrize("form", FORMS)
def test_a_listing_is_not_sent_again_until_the_book_changes(client, form):
    path = f"{PATHS['share']}?year=2024&f={form}"
    tag = client.get(path).headers["etag"]
    again = client.get(path, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"{path}&definition=p1", headers={"if-none-match": tag})
    assert other.status_code == 200


def test_every_listing_and_all_its_options_are_described(client):
    paths = client.get("/api").json()["paths"]
    for kind in LISTINGS.values():
        path = f"/zones/{{code}}/{kind.name}" if kind.zoned else f"/{kind.name}"
        declared = {each["name"]: each for each in paths[path]["get"]["parameters"]}
        assert set(declared) == {"year", "f", "why", *kind.options, *(["code"] if kind.zoned else [])}
        assert declared["f"]["schema"]["enum"] == list(FORMS)
    assert {"unit", "decimals"} <= {
        each["name"] for each in paths["/zones/{code}/report.xlsx"]["get"]["parameters"]
    }


def test_every_path_of_the_description_answers_over_a_whole_book(client):
    """The demo has what each path is about; only no request has been filed in it."""
    fill = {
        "code": ZONE,
        "result": "project_count",
        "featureId": "1",
        "id": "1990-0001",
        "other": "1990-0002",
    }
    described = client.get("/api").json()["paths"]
    for path in (each for each, doors in described.items() if "get" in doors):
        name = "land.industrial_share_min" if path.startswith("/rules") else "grid_electricity.nation"
        query = "?region=410000" if path.startswith("/rules/") else ""
        if path.startswith(("/collections/indicators/items/", "/collections/emissions/items/")):
            path = path.replace("{featureId}", f"{ZONE}-2024")
        for mark, value in {**fill, "name": name}.items():
            path = path.replace("{" + mark + "}", value)
        filed = path == "/collections/requests/items/1" or "1990-0001" in path
        expected = 404 if filed else 200
        assert client.get(path + query).status_code == expected, path


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/zones/G1/share?year=2024", "no zone 'G1'.*G411031"),
        (f"/zones/{ZONE}/share?year=1999", "No boundary of G411164.*2020-01-01 to now"),
        (f"/zones/{ZONE}/share?definition=p9", "definition='p9' is not offered.*auto, p1, p2, p3, p4"),
        (f"/zones/{ZONE}/grades?scheme=ours", "scheme='ours'.*generic_abcd, henan_2019, huangyan_2022"),
        (f"/zones/{ZONE}/exits?scheme=ours", "scheme='ours'.*henan_2019"),
        (f"/zones/{ZONE}/grades?enterprise=040999", "no enterprise '040999'.*0400"),
        (f"/zones/{ZONE}/grades?year=2019", "No boundary of G411164"),
        (f"/zones/{ZONE}/spread?measure=beauty", "measure='beauty'.*tax_per_mu"),
        (f"/zones/{ZONE}/spread?by=town", "by='town'.*zone, division"),
        (f"/zones/{ZONE}/monthly?item=beauty", "item='beauty'.*budget_revenue"),
        (f"/zones/{OTHER}/cover?year=2024", "mutan cover book RASTER.*G411165 in 2024"),
        (f"/zones/{ZONE}/beauty", f"Nothing is at /zones/{ZONE}/beauty"),
        (f"/zones/{ZONE}/standing", f"Nothing is at /zones/{ZONE}/standing"),
        ("/standing?by=beauty", "by='beauty'.*industrial_share.*project_count"),
        ("/standing?league=other", "no parameter other"),
        ("/standing?year=2020", "no value.*first value starts on 2023"),
        ("/targets?zone=G1", "no zone 'G1'"),
        (
            f"/zones/{ZONE}/indicators?base=moon",
            "base='moon'.*approved, administered, built, industrial, own",
        ),
        (f"/zones/{ZONE}/why/tax_per_mu?evaluation=ours", "evaluation='ours'.*illustration"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(client, path, words):
    detail = problem(client.get(path), 404)
    assert re.search(words, detail), detail


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (f"/zones/{ZONE}/share?definitoin=p1", "Did you mean definition"),
        (f"/zones/{ZONE}/share?vacant=perhaps", "vacant='perhaps'"),
        (f"/zones/{ZONE}/projects?why=perhaps", "why='perhaps'"),
        (f"/zones/{ZONE}/share?year=24", "year='24' is no year from 1990 to 2100"),
        (f"/zones/{ZONE}/share?year=2024&year=2023", "stands there twice"),
        (f"/zones/{ZONE}/share?f=pdf", "json, html, csv, xlsx, geojson"),
        (f"/zones/{ZONE}/projects?scheme=henan_2019", "knows no parameter 'scheme'"),
        (f"/zones/{ZONE}/report.xlsx?unit=acre", "unit='acre'.*ha, mu, m2"),
        (f"/zones/{ZONE}/report.xlsx?decimals=9", "whole number from 0 to 8"),
        (f"/zones/{ZONE}/report.xlsx?f=pdf", "'f'"),
    ],
)
def test_what_cannot_be_read_is_a_400_that_helps(client, path, words):
    detail = problem(client.get(path), 400)
    assert re.search(words, detail), detail


def test_without_a_year_the_newest_that_was_assessed_is_told_and_a_bare_book_asks_for_one(
    client, small_book, tmp_path
):
    assert client.get("/standing").json()["year"] == 2024
    copy = tmp_path / "bare.gpkg"
    shutil.copy(small_book, copy)
    with open_book(copy, write=True) as book:
        book.store_many("G990001", {2024: []}, MOMENT)
    with TestClient(create_app(str(copy))) as bare:
        detail = problem(bare.get("/targets"), 400)
        assert "year=2024" in detail
        assert bare.get("/targets?year=2024").status_code == 200


def test_names_with_markup_and_formulas_stay_names_in_every_form(hostile):
    named = [row["name"] for row in hostile.get("/zones/G990001/grades?year=2024").json()["rows"]]
    assert named == NASTY
    page = hostile.get("/zones/G990001/grades?year=2024&f=html").text
    assert "<img" not in page
    assert all(each in html.unescape(page) for each in NASTY)
    text = hostile.get("/zones/G990001/grades?year=2024&f=csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert [row[1] for row in rows] == [f"'{NASTY[0]}", NASTY[1], f"'{NASTY[2]}"]
    book = openpyxl.load_workbook(io.BytesIO(hostile.get("/zones/G990001/grades?year=2024&f=xlsx").content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert set(NASTY) <= {cell.value for cell in cells}
    assert not any(cell.hyperlink for cell in cells)


def test_only_listings_of_a_zone_are_offered_on_its_page(client):
    page = client.get(f"/zones/{ZONE}/indicators?year=2024&f=html").text
    for kind in of_a_zone():
        assert f"/zones/{ZONE}/{kind.name}?year=2024" in page


@pytest.fixture(scope="module")
def hostile(small_book, tmp_path_factory):
    """The small book with names that a browser or a spreadsheet might obey."""
    copy = tmp_path_factory.mktemp("hostile") / "book.gpkg"
    shutil.copy(small_book, copy)
    with open_book(copy, write=True) as book:
        firms = book.read("enterprises").drop(columns=["version", "extra"], errors="ignore")
        firms = firms[(firms["zone"] == "G990001") & (firms["year"] == 2024)].reset_index(drop=True)
        firms["name"] = NASTY
        book.ingest("enterprises", firms, Source("x.xlsx", "0" * 64, "made"), who="test", when=MOMENT)
    with TestClient(create_app(str(copy)), raise_server_exceptions=False) as made:
        yield made

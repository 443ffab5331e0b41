"""What the service refuses, guards and sends only once."""

from __future__ import annotations

import re
import runpy
import shutil
from pathlib import Path

import orjson
import pytest
from starlette.testclient import TestClient

from api.app import app, create_app
from api.errors import STATUS
from data import errors
from data.records import Fault

SHARED = runpy.run_path(str(Path(__file__).with_name("service_asked.py")))
client, problem = (SHARED[name] for name in ("client", "problem"))


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/nowhere", "Nothing is at /nowhere"),
        ("/collections/roads", "no collection 'roads'"),
        ("/collections/parcels/items/999", "no feature of parcels '999'"),
        ("/collections/parcels/items/one", "no feature of parcels 'one'"),
        ("/zones/G1/indicators?year=2024", "no zone 'G1'.*G990001"),
        ("/zones/G990001/indicators?year=2019", "No boundary of G990001.*2020-01-01 to 2023-01-01"),
        ("/zones/G990001/why/beauty?year=2024", "no result 'beauty'"),
        ("/maps/G990002?year=2021", "No boundary of G990002"),
        ("/maps/?year=2024&indicator=beauty", "no indicator 'beauty'"),
        ("/rules/land.industrial_share", "Near it: .*industrial_share_min"),
        ("/assets/nothing.js", "no front-end file nothing.js"),
        ("/assets/..%2F..%2Fpyproject.toml", "no front-end file"),
        ("/assets/%2Fetc%2Fpasswd", "no front-end file"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(client, path, words):
    detail = problem(client.get(path), 404)
    assert re.search(words, detail), detail


@pytest.mark.parametrize(
    "path",
    [
        "/rules/land.industrial_share_min?on=yesterday",
        "/rules/land.industrial_share_min?region=Henan",
        "/zones/G990001/indicators?year=20240",
        "/zones/G990001/indicators?jahr=2024",
        "/maps/?year=1066",
        "/?x=1",
        "/?f=xml",
    ],
)
def test_what_cannot_be_read_is_a_400_that_names_the_parameter(client, path):
    name = path.partition("?")[2].partition("=")[0]
    assert name in problem(client.get(path), 400)


def test_other_verbs_are_405_and_head_is_get_without_the_body(client):
    answer = client.post("/collections")
    problem(answer, 405)
    assert answer.headers["allow"] == "GET"
    head = client.head("/collections/zones/items")
    assert head.status_code == 200
    assert head.content == b""
    assert int(head.headers["content-length"]) > 100


def test_data_that_is_refused_lists_every_fault(client, monkeypatch):
    odd = Fault("odd", "An area is below zero.", "Correct it.", row=3)
    fault = errors.FaultsFound([odd], "Not taken.")

    def refuse(*_, **__):
        raise fault

    monkeypatch.setattr("api.routes.items.find", refuse)
    answer = client.get("/collections/zones/items")
    assert problem(answer, 422) == "Not taken."
    assert answer.json()["faults"] == [odd.as_json()]


def test_what_nobody_foresaw_tells_nothing_of_the_inside(client, monkeypatch):
    def break_down(*_):
        raise RuntimeError("secret place")

    monkeypatch.setattr("api.routes.items.find", break_down)
    answer = client.get("/collections/zones/items")
    problem(answer, 500)
    assert "secret" not in answer.text


def test_every_fault_of_the_tree_has_a_status():
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.MutanError)
    ]
    assert all(any(above in STATUS for above in kind.__mro__) for kind in kinds)


def test_without_a_book_it_cannot_serve_and_only_the_log_says_where_it_should_be(tmp_path, caplog):
    with TestClient(create_app(str(tmp_path / "none.gpkg"))) as client:
        answer = client.get("/health")
        assert problem(answer, 503) == "There is no book at that address. The log of the service says more."
    assert str(tmp_path) not in answer.text
    assert f"mutan new {tmp_path}" in caplog.text


def test_the_module_has_an_app_that_reads_the_settings_when_asked(small_book, monkeypatch):
    from api.settings import settings

    settings.cache_clear()
    monkeypatch.setenv("MUTAN_BOOK", str(small_book))
    with TestClient(app) as client:
        assert client.get("/health").status_code == 200
    settings.cache_clear()


def test_an_answer_is_not_sent_again_until_the_book_changes(small_book, tmp_path):
    from data.book import open_book

    copy = tmp_path / "copy.gpkg"
    shutil.copy(small_book, copy)
    with TestClient(create_app(str(copy))) as client:
        first = client.get("/")
        tag = first.headers["etag"]
        again = client.get("/", headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert client.get("/", headers={"if-none-match": '"other"'}).status_code == 200
        assert client.get("/?f=html").headers["etag"] != tag
        book = open_book(copy, write=True)
        book.note("notice", "changed")
        book.close()
        changed = client.get("/", headers={"if-none-match": tag})
        assert changed.status_code == 200
        assert changed.json()["notice"] == "changed"


def test_pages_are_guarded_and_show_names_as_they_are_written(client):
    answer = client.get("/?f=html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "&lt;b&gt;示例&lt;/b&gt;乙区{{7*7}}" in answer.text
    assert "<b>示例</b>" not in answer.text
    assert "示例数据，均为虚构" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/?f=html",
        "/collections?f=html",
        "/collections/parcels?f=html",
        "/collections/parcels/items?f=html",
        "/collections/parcels/items/1?f=html",
        "/zones/G990001/indicators?f=html",
        "/zones/G990001/why/industrial_share?f=html",
        "/zones/G990001/history?f=html",
        "/rules?f=html",
        "/rules/land.industrial_share_min?f=html",
        "/factors?f=html",
        "/api.html",
        "/maps/",
        "/maps/G990001",
    ],
)
def test_every_page_carries_the_notice_and_no_foreign_address(client, path):
    text = client.get(path).text
    assert "示例数据，均为虚构" in text
    for mark in ('src="http', 'href="http'):
        foreign = [each for each in text.split(mark)[1:] if not each.startswith("://testserver")]
        assert not foreign, foreign[0][:80]


def test_assets_are_kept_for_ever_under_their_version(client):
    page = client.get("/maps/").text
    address = page.split('src="', 1)[1].split('"', 1)[0]
    answer = client.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert client.get(address.partition("?")[0]).headers["cache-control"] == "no-cache"


def test_a_page_for_a_file_stands_alone(small_book):
    from api.pages import province_html, zone_html
    from data.book import open_book

    book = open_book(small_book)
    for page in (province_html(book, 2024, "industrial_share"), zone_html(book, "G990001", 2024)):
        assert "/assets" not in page
        assert 'src="' not in page
        assert "示例数据" in page
        assert "示例涉密区" not in page
    book.close()


def test_answers_are_squeezed_for_those_who_ask(client):
    plain = client.get("/collections/parcels/items", headers={"accept-encoding": "identity"})
    squeezed = client.get("/collections/parcels/items", headers={"accept-encoding": "gzip"})
    assert squeezed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert orjson.loads(squeezed.content)["features"] == orjson.loads(plain.content)["features"]

"""The service as a program meets it: documents, zones, rules, maps, faults, validators."""

from __future__ import annotations

import re
import shutil

import orjson
import pytest
from starlette.testclient import TestClient

from api.app import app, create_app
from api.collections import collections
from api.errors import STATUS
from data import errors
from data.records import Fault

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
# what the small book has not: a request, a raster held against a ledger, a zone of a province with leagues
NOTHING = {
    "/collections/requests/items/1": "no feature of requests '1'",
    "/zones/G990001/cover": "mutan cover book RASTER",
    "/standing": "no value for region 100000",
}
NAMES = ("zones", "parcels", "enterprises", "constraints", "requests", "indicators", "emissions")


@pytest.fixture(scope="module")
def client(small_book):
    with TestClient(create_app(str(small_book)), raise_server_exceptions=False) as made:
        yield made


def problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    return told["detail"]


def test_the_landing_page_leads_everywhere_and_says_that_the_data_is_made_up(client):
    told = client.get("/").json()
    assert told["notice"] == "示例数据，均为虚构"
    rels = {each["rel"] for each in told["links"]}
    assert {"self", "alternate", "service-desc", "service-doc", "conformance", "data"} <= rels
    for each in told["links"]:
        assert client.get(each["href"]).status_code == 200, each


def test_a_browser_gets_pages_and_a_program_json(client):
    assert client.get("/", headers={"accept": BROWSER}).headers["content-type"].startswith("text/html")
    assert client.get("/", headers={"accept": "*/*"}).headers["content-type"] == "application/json"
    assert client.get("/?f=json", headers={"accept": BROWSER}).json()["title"]
    assert client.get("/collections?f=html").headers["content-type"].startswith("text/html")


def test_only_what_is_met_is_declared(client):
    declared = client.get("/conformance").json()["conformsTo"]
    assert {uri.rsplit("/", 1)[1] for uri in declared} == {"core", "geojson", "html", "oas30"}


def test_the_collections_are_those_of_the_contract(client):
    told = client.get("/collections").json()["collections"]
    assert [each["id"] for each in told] == list(NAMES) == list(collections())
    for each in told:
        assert each["storageCrs"] in each["crs"]
        for link in each["links"]:
            assert client.get(link["href"]).status_code == 200, link


def test_an_extent_is_that_of_the_features(client):
    told = client.get("/collections/parcels").json()
    assert told["extent"]["spatial"]["bbox"][0] == pytest.approx([113.60, 34.70, 113.86, 34.75])


@pytest.mark.parametrize("name", NAMES)
def test_every_property_of_a_feature_is_in_its_schema(client, name):
    schema = client.get(f"/collections/{name}/schema").json()
    assert schema["type"] == "object"
    for feature in client.get(f"/collections/{name}/items").json()["features"]:
        assert set(feature["properties"]) <= set(schema["properties"])


def test_the_description_is_openapi_3_0_and_every_path_in_it_answers(client):
    answer = client.get("/api")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    told = answer.json()
    assert told["openapi"] == "3.0.3"
    fill = {"code": "G990001", "result": "tax_per_mu", "featureId": "1"}
    for path in told["paths"]:
        name = "land.industrial_share_min" if path.startswith("/rules") else "grid_electricity.nation"
        query = "?region=410000" if path.startswith("/rules/") else ""
        for mark, value in {**fill, "name": name}.items():
            path = path.replace("{" + mark + "}", value)
        if path.startswith(("/collections/indicators/items/", "/collections/emissions/items/")):
            path = path[:-1] + "G990001-2024"
        answer = client.get(path + query)
        if path in NOTHING:
            assert NOTHING[path] in problem(answer, 404)
        else:
            assert answer.status_code == 200, (path, answer.text)


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_that_items_take_is_declared_on_their_own_path(client, name):
    declared = client.get("/api").json()["paths"][f"/collections/{name}/items"]["get"]["parameters"]
    assert {each["name"] for each in declared} == collections()[name].parameters
    assert len({each["name"] for each in declared}) == len(declared)


def test_health_names_the_newest_version_of_each_layer(client):
    told = client.get("/health").json()
    assert told["status"] == "ok"
    assert told["layers"]["parcels"] == {
        "version": "parcels v3", "rows": 60, "when": told["layers"]["parcels"]["when"]
    }  # fmt: skip


def test_the_results_of_a_zone_have_the_shape_of_the_contract(client):
    told = client.get("/zones/G990001/indicators?year=2024").json()
    assert (told["zone"], told["name"], told["year"]) == ("G990001", "示例甲区", 2024)
    codes = {each["code"] for each in told["results"]}
    assert codes == {n for n, c in collections()["indicators"].columns.items() if c.unit}
    keys = {"code", "label", "value", "unit", "target", "outcome", "inputs", "articles", "layer_versions"}
    assert all(keys <= set(each) for each in told["results"])


def test_what_was_kept_says_that_its_faults_were_not_and_live_measures_anew(client):
    kept = client.get("/zones/G990001/indicators?year=2024").json()
    assert [fault["code"] for fault in kept["faults"]] == ["faults_not_kept"]
    live = client.get("/zones/G990001/indicators?year=2024&live=true").json()
    assert live["results"] == kept["results"]
    assert "faults_not_kept" not in {fault["code"] for fault in live["faults"]}


def test_a_zone_that_was_not_assessed_is_measured_when_asked(client):
    told = client.get("/zones/G990002/indicators?year=2024").json()
    share = next(each for each in told["results"] if each["code"] == "industrial_share")
    assert share["value"] == pytest.approx(2 / 3, abs=1e-3)


def test_the_inventory_is_that_of_the_contract(client):
    told = client.get("/zones/G990001/inventory?year=2024").json()
    assert {"zone", "year", "totals", "uncertainty", "choices", "lines", "faults"} <= set(told)
    assert [line["amount"] for line in told["lines"] if line["category"] == "electricity"] == [1000.0]


def test_why_gives_the_chain_down_to_the_hash_of_the_file_and_the_features(client):
    told = client.get("/zones/G990001/why/industrial_share?year=2024").json()
    assert told["formula"]
    assert told["inputs"]
    assert told["articles"]
    parcels = next(each for each in told["versions"] if each["name"] == "parcels v3")
    assert parcels["source"] == "parcels.gpkg"
    assert len(parcels["sha256"]) == 64
    behind = next(each for each in told["features"] if "/parcels/" in each["href"])
    assert client.get(behind["href"].replace("f=html", "count=true")).json()["numberMatched"] == 30


def test_the_history_tells_each_period_of_a_boundary_with_its_area(client):
    periods = client.get("/zones/G990001/history").json()["periods"]
    assert [(each["valid_from"], each["valid_to"]) for each in periods] == [
        ("2020-01-01", "2023-01-01"),
        ("2023-01-01", None),
    ]
    # four columns of parcels, then six
    assert periods[0]["area_m2"] / periods[1]["area_m2"] == pytest.approx(4 / 6)


def test_a_rule_tells_its_value_on_a_day_in_a_place(client):
    told = client.get("/rules/land.industrial_share_min?on=2024-12-31&region=410100").json()
    assert told["value"] == 0.6
    assert told["article"]
    assert "land.industrial_share_min" in {each["name"] for each in client.get("/rules").json()["rules"]}
    detail = problem(client.get("/rules/land.industrial_share_min?on=2001-01-01&region=410000"), 404)
    assert "first value starts on 2022-04-16" in detail


def test_a_factor_is_told_as_it_was_known_on_a_day(client):
    address = "/factors/grid_electricity.nation?on=2022-12-31&known_on="
    assert client.get(f"{address}2024-06-01").json()["value"] == 0.5568
    assert client.get(f"{address}2025-06-01").json()["value"] == 0.5366


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

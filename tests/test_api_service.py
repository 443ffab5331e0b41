"""The service as a program meets it: documents, zones, rules, maps, faults, validators."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from api.collections import collections

SHARED = runpy.run_path(str(Path(__file__).with_name("service_asked.py")))
client, problem = (SHARED[name] for name in ("client", "problem"))

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


# what the small book has not: a request, a raster held against a ledger, a zone of a province with leagues
NOTHING = {
    "/collections/requests/items/1": "no feature of requests '1'",
    "/zones/G990001/cover": "mutan cover book RASTER",
    "/standing": "no value for region 100000",
}
REQUEST = "/requests/2026-0001"
NOTHING |= dict.fromkeys(
    (
        REQUEST,
        f"{REQUEST}/compare/2026-0002",
        *(f"{REQUEST}/report{end}" for end in ("", ".pdf", ".xlsx", ".geojson")),
        f"/maps{REQUEST}",
    ),
    "no request '2026-0001'",
)

NAMES = ("zones", "parcels", "enterprises", "constraints", "requests", "indicators", "emissions")


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
    fill |= {"id": "2026-0001", "other": "2026-0002"}
    for path in (path for path, said in told["paths"].items() if "get" in said):
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

"""Features over HTTP: which ones, in which order, with which geometry; and those that never leave."""

from __future__ import annotations

import csv
import io
import json
import re

import numpy as np
import orjson
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box, shape
from starlette.testclient import TestClient

from api.app import create_app
from api.geojson import geometries


@pytest.fixture(scope="module")
def client(small_book):
    with TestClient(create_app(str(small_book))) as made:
        yield made


def items(client, name, query=""):
    answer = client.get(f"/collections/{name}/items?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    return answer.json()


def values(told, name):
    return [each["properties"][name] for each in told["features"]]


def test_a_page_says_how_many_it_returns_and_counts_all_only_when_asked(client):
    told = items(client, "parcels", "limit=10")
    assert told["numberReturned"] == len(told["features"]) == 10
    assert "numberMatched" not in told
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told["timeStamp"])
    assert items(client, "parcels", "limit=10&count=true")["numberMatched"] == 60


@pytest.mark.parametrize("limit", [7, 20, 60])
def test_following_next_gives_every_feature_once_in_one_order(client, limit):
    seen, address = [], f"/collections/parcels/items?limit={limit}&zone=G990001"
    while address:
        told = client.get(address).json()
        seen += [each["id"] for each in told["features"]]
        address = next((link["href"] for link in told["links"] if link["rel"] == "next"), None)
    assert seen == sorted(set(seen))
    assert len(seen) == 30


def test_the_second_page_leads_back_to_the_first(client):
    told = items(client, "parcels", "limit=20&offset=20")
    back = next(link["href"] for link in told["links"] if link["rel"] == "prev")
    assert client.get(back).json()["features"] == items(client, "parcels", "limit=20")["features"]


def test_a_box_gives_what_it_meets(client):
    # one cell wide, inside the second row and the fourth column of the second zone
    assert values(items(client, "parcels", "bbox=113.831,34.711,113.839,34.719"), "parcel_id") == ["2-009"]
    assert items(client, "parcels", "bbox=113.831,34.711,0,113.839,34.719,9")["numberReturned"] == 1
    assert items(client, "parcels", "bbox=100,30,101,31")["features"] == []
    assert items(client, "zones", "bbox=113.7,34,-113,35")["numberReturned"] == 1


def test_a_box_is_met_as_shapely_says(client):
    every = items(client, "parcels", "limit=100")["features"]
    window = box(113.615, 34.705, 113.845, 34.725)
    near = items(client, "parcels", "limit=100&bbox=113.615,34.705,113.845,34.725")["features"]
    assert [f["id"] for f in near] == [f["id"] for f in every if shape(f["geometry"]).intersects(window)]


def test_the_year_chooses_the_boundary_in_force_at_its_end(client):
    assert values(items(client, "zones", "year=2021"), "code") == ["G990001"]
    assert sorted(values(items(client, "zones", "year=2024"), "code")) == ["G990001", "G990002"]
    assert items(client, "zones", "year=2019")["features"] == []
    assert items(client, "parcels", "year=2022")["features"] == []


@pytest.mark.parametrize(
    ("time", "count"),
    [
        ("2021-06-01", 1),
        ("2022-12-31T23:59:59Z", 1),
        ("2023-01-01", 2),
        ("2022-12-31/2023-01-01", 3),
        ("../2021-01-01", 1),
        ("2023-01-01/..", 2),
        ("../2019-12-31", 0),
        ("../..", 2),
    ],
)
def test_a_time_chooses_what_was_in_force_within_it(client, time, count):
    assert items(client, "zones", f"datetime={time}&count=true")["numberMatched"] == count


def test_statements_are_chosen_by_their_year(client):
    assert values(items(client, "enterprises", "year=2023"), "enterprise_id") == ["E1"]
    assert items(client, "enterprises", "count=true")["numberMatched"] == 5
    assert values(items(client, "enterprises", "datetime=2023-05-01/2023-12-31"), "year") == [2023]


def test_columns_are_demanded_by_value(client):
    told = items(client, "parcels", "land_class=0701&zone=G990002&limit=100")
    assert set(values(told, "land_class")) == {"0701"}
    assert len(told["features"]) == 10
    assert items(client, "parcels", "built=false&limit=100")["numberReturned"] == 12
    assert items(client, "parcels", "parcel_id=1-005&built=true")["numberReturned"] == 0


def test_only_the_properties_asked_for_are_given(client):
    told = items(client, "parcels", "properties=parcel_id,version&limit=1")
    assert told["features"][0]["properties"] == {"parcel_id": "1-000", "version": "parcels v3"}


def test_outlines_run_against_the_clock_and_holes_with_it(client):
    shapes = [shape(each["geometry"]) for each in items(client, "parcels", "limit=3")["features"]]
    assert [each.geom_type for each in shapes] == ["Polygon", "MultiPolygon", "Polygon"]
    for each in shapes:
        for part in shapely.get_parts(each):
            assert part.exterior.is_ccw
            assert not any(hole.is_ccw for hole in part.interiors)
    assert len(shapes[0].interiors) == 1


def test_an_enterprise_stands_on_its_parcels_of_that_year(client):
    told = items(client, "enterprises", "year=2024")["features"]
    places = {each["properties"]["enterprise_id"]: each["geometry"] for each in told}
    parcels = items(client, "parcels", "limit=3")["features"]
    for parcel in parcels:
        own = parcel["properties"]["enterprise_id"]
        assert shape(places[own]).within(shape(parcel["geometry"]))
    assert places["E9"] is None
    # the parcels are known from 2023 on only
    assert items(client, "enterprises", "year=2023")["features"][0]["geometry"] is not None
    assert values(items(client, "enterprises", "bbox=113.62,34.70,113.63,34.71"), "enterprise_id") == ["E3"]


EVERY_WAY = [
    "limit=100",
    "bbox=113,34,114,35",
    "count=true",
    "datetime=2020-01-01/..",
    "f=csv",
    "f=html",
    "restricted=true",
    "kind=restricted_area",
]


@pytest.mark.parametrize("query", EVERY_WAY)
def test_what_is_classified_never_leaves(client, query):
    answer = client.get(f"/collections/constraints/items?{query}")
    assert answer.status_code == 200
    for secret in ("示例涉密区", 'restricted_area"', "113.51", "34.51"):
        assert secret not in answer.text.replace(f"{query}", "")
    if "json" in answer.headers["content-type"]:
        assert answer.json().get("numberMatched", 1) == 1


def test_what_is_classified_has_neither_address_nor_extent(client):
    assert client.get("/collections/constraints/items/1").json()["properties"]["name"] == "示例农田"
    assert client.get("/collections/constraints/items/2").status_code == 404
    extent = client.get("/collections/constraints").json()["extent"]["spatial"]["bbox"][0]
    assert extent == pytest.approx([113.61, 34.69, 113.62, 34.70])


def test_zones_carry_the_results_of_a_year_and_none_where_none_were_kept(client):
    told = items(client, "indicators", "year=2024")
    assert [each["id"] for each in told["features"]] == ["G990001-2024"]
    assert told["features"][0]["properties"]["industrial_share"] == pytest.approx(0.6653, abs=1e-4)
    assert items(client, "indicators", "year=2020")["features"] == []
    assert items(client, "indicators", "zone=G990002")["features"] == []
    assert items(client, "indicators", "bbox=113.8,34.7,113.9,34.8")["features"] == []
    emissions = items(client, "emissions")["features"][0]["properties"]
    assert "emissions_total" in emissions
    assert "industrial_share" not in emissions


def test_one_feature_is_found_by_its_id_and_a_zone_by_its_code(client):
    told = client.get("/collections/zones/items/G990001").json()
    assert told["properties"]["code"] == "G990001"
    assert client.get(f"/collections/zones/items/{told['id']}").json()["geometry"] == told["geometry"]
    assert {"self", "alternate", "collection"} == {link["rel"] for link in told["links"]}
    assert client.get("/collections/indicators/items/G990001-2024").status_code == 200


def test_csv_opens_as_it_is_and_holds_the_same_rows(client):
    answer = client.get("/collections/parcels/items?f=csv&limit=5&zone=G990002")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["parcel_id"] for row in rows] == [f"2-00{n}" for n in range(5)]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("colour=red", "knows no parameter 'colour'.*bbox"),
        ("land_clas=0601", "Did you mean land_class"),
        ("bbox=1,2,3", "west,south,east,north"),
        ("bbox=1,2,3,x", "west,south,east,north"),
        ("bbox=1,2,3,nan", "west,south,east,north"),
        ("bbox=1,9,3,2", "south 9.0 above its north 2.0"),
        ("limit=0", "limit='0'"),
        ("limit=-1", "limit='-1'"),
        ("limit=ten", "limit='ten'"),
        ("offset=99999999999", "above 1000000000"),
        ("year=24", "year='24'"),
        ("year=2024&datetime=2024-01-01", "Give one of them"),
        ("datetime=soon", "no time"),
        ("datetime=2024-01-01/2023-01-01", "ends before it begins"),
        ("datetime=2024-01-01/2024-02-01/2024-03-01", "no time"),
        ("properties=colour", "no property 'colour'"),
        ("built=perhaps", "neither true nor false"),
        ("limit=1&limit=2", "twice"),
        ("f=gml", "f=gml"),
        ("bbox-crs=4326", "bbox-crs"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_remedy(client, query, words):
    answer = client.get(f"/collections/parcels/items?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert re.search(words, answer.json()["detail"]), answer.json()["detail"]


def test_a_limit_above_the_most_is_the_most(client):
    assert items(client, "parcels", "limit=1000000")["numberReturned"] == 60


coordinate = st.floats(-170, 170, allow_nan=False).map(lambda x: round(x, 9))


@given(st.lists(st.tuples(coordinate, st.floats(-80, 80, allow_nan=False), st.booleans()), max_size=6))
def test_what_is_written_is_what_was_read_to_a_ten_millionth_of_a_degree(places):
    shapes = [box(x, y, x + 0.5, y + 0.25, ccw=turn) for x, y, turn in places]
    written = [json.loads(orjson.dumps(each)) for each in geometries([shapely.to_wkb(s) for s in shapes])]
    for told, was in zip(written, shapes, strict=True):
        assert np.abs(np.sort(shape(told).bounds) - np.sort(was.bounds)).max() <= 0.5001e-7
        assert shape(told).exterior.is_ccw


def test_nothing_and_holes_and_pieces_stand_where_they_stood():
    ring = box(100, 30, 101, 31).difference(box(100.4, 30.4, 100.6, 30.6))
    two = shapely.MultiPolygon([ring, box(102, 30, 103, 31)])
    blobs = [None, shapely.to_wkb(ring), shapely.to_wkb(two), None, shapely.to_wkb(box(5, 6, 7, 8))]
    told = [None if each is None else shape(json.loads(orjson.dumps(each))) for each in geometries(blobs)]
    assert told[0] is None
    assert told[3] is None
    assert told[1].equals(ring)
    assert told[2].equals(two)
    assert told[4].equals(box(5, 6, 7, 8))
    assert geometries([]) == []
    assert geometries([None]) == [None]

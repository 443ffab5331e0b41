"""Requests over HTTP: filed, refused with their faults, looked up, compared, stepped with a token."""

from __future__ import annotations

import json
import runpy
import sqlite3
from pathlib import Path

import pytest
from shapely.geometry import Polygon, box

SHARED = runpy.run_path(str(Path(__file__).with_name("requests_sent.py")))
BROWSER, EAST, FARMLAND, NASTY, OFFICE, SAID = (
    SHARED[name] for name in ("BROWSER", "EAST", "FARMLAND", "NASTY", "OFFICE", "SAID")
)
book_path, client, filed, geojson, office, part = (
    SHARED[name] for name in ("book_path", "client", "filed", "geojson", "office", "part")
)

NO_FILE = (  # what a browser sends where no file was chosen
    b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\nexpansion\r\n'
    b'--x\r\nContent-Disposition: form-data; name="zone"\r\n\r\nG990001\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n\r\n--x--\r\n"
)


def problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()["detail"]


def test_a_request_is_filed_and_stands_at_its_address(client):
    answer = client.post("/requests", data={**SAID, "who": "规划科", "name": "东扩"}, files=part())
    assert answer.status_code == 201, answer.text
    told = answer.json()
    number = told["request"]["id"]
    assert answer.headers["location"].endswith(f"/requests/{number}")
    assert (told["request"]["who"], told["request"]["name"]) == ("规划科", "东扩")
    kept = client.get(f"/requests/{number}").json()
    assert (kept["id"], kept["state"], kept["verdict"]) == (number, "checked", told["verdict"])
    assert [step["what"] for step in kept["steps"]] == ["drafted", "checked"]
    assert [row["id"] for row in client.get("/requests").json()["requests"]] == [number]
    assert client.get("/requests?zone=G990002").json()["requests"] == []


def test_a_geojson_body_gives_what_a_form_gives(client):
    form = client.post("/requests", data={**SAID, "keep": "false"}, files=part(name="request.geojson"))
    body = client.post(
        "/requests",
        params={**SAID, "keep": "false"},
        content=geojson(EAST),
        headers={"content-type": "application/geo+json"},
    )
    assert form.status_code == body.status_code == 200, body.text
    assert _but_for_the_time(form.json()) == _but_for_the_time(body.json())
    assert client.get("/requests").json()["requests"] == []


def test_http_and_the_command_line_give_the_same_document(client, book_path, tmp_path, mutan):
    file = tmp_path / "扩区.geojson"
    file.write_bytes(geojson(FARMLAND))
    words = [
        word
        for pair in {"--kind": "expansion", "--zone": "G990001", "--day": "2025-06-30"}.items()
        for word in pair
    ]
    said = mutan("request", file, *words, "--book", book_path, "--json")
    answer = client.post("/requests", data=SAID, files=part(file.read_bytes(), file.name))
    assert _but_for_the_time(json.loads(said.out)) == _but_for_the_time(answer.json())
    assert answer.json()["verdict"] == "not_met"


def _but_for_the_time(told):
    told["request"] = {n: v for n, v in told["request"].items() if n not in ("id", "who", "when")}
    return told


def test_a_file_with_faults_is_refused_with_all_of_them_and_their_lines(client):
    bow_tie = Polygon([(113.66, 34.71), (113.67, 34.72), (113.67, 34.71), (113.66, 34.72)])
    answer = client.post("/requests", data=SAID, files=part(geojson(bow_tie)))
    assert problem(answer, 422)
    faults = answer.json()["faults"]
    assert faults[0]["code"] == "self_crossing"
    assert faults[0]["message"]
    assert faults[0]["remedy"]
    assert faults[0]["file"] == "扩区.geojson"
    assert "/tmp" not in answer.text
    assert client.get("/requests").json()["requests"] == []


def test_a_browser_gets_the_faults_beside_the_form_with_what_stood_in_it(client):
    bow_tie = Polygon([(113.66, 34.71), (113.67, 34.72), (113.67, 34.71), (113.66, 34.72)])
    answer = client.post(
        "/requests",
        data={**SAID, "name": NASTY, "snap": "0.3"},
        files=part(geojson(bow_tie)),
        headers=BROWSER,
    )
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert "self_crossing" in answer.text
    assert 'value="0.3"' in answer.text
    assert "<img" not in answer.text


def test_a_browser_is_led_to_the_page_of_what_it_has_filed(client):
    answer = client.post("/requests", data=SAID, files=part(), headers=BROWSER, follow_redirects=False)
    assert answer.status_code == 303
    page = client.get(answer.headers["location"], headers=BROWSER)
    assert "逐条核查" in page.text
    assert "<svg" in page.text
    only = client.post("/requests", data={**SAID, "keep": "false"}, files=part(), headers=BROWSER)
    assert only.status_code == 200
    assert "只核查，未入库" in only.text


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"zone": ""}, 400, "The field zone is lacking"),
        ({"kind": ""}, 400, "The field kind is lacking"),
        ({"day": "30.6.2025"}, 400, "is no day"),
        ({"snap": "breit"}, 400, "is no number of metres"),
        ({"snap": "11"}, 422, "0 to 10 metres"),
        ({"keep": "maybe"}, 400, "neither true nor false"),
        ({"colour": "red"}, 400, "colour"),
        ({"zone": "G0"}, 422, "no zone 'G0'"),
        ({"kind": "growth"}, 422, "growth"),
        ({"crs": "EPSG:1"}, 422, "EPSG:1"),
        ({"variant_of": "2020-0001"}, 422, "2020-0001"),
    ],
)
def test_a_field_that_is_wrong_is_named(client, said, status, words):
    answer = client.post("/requests", data={**SAID, **said}, files=part())
    assert words in problem(answer, status)
    assert client.get("/requests").json()["requests"] == []


def test_what_is_no_request_at_all_is_refused(client):
    nothing = {"content-type": "multipart/form-data; boundary=x"}
    assert "needs 申请范围" in problem(client.post("/requests", content=NO_FILE, headers=nothing), 422)
    plain = client.post("/requests", content=b"x", headers={"content-type": "text/plain"})
    assert "text/plain" in problem(plain, 400)
    many = {**SAID, **{f"field{n}": "x" for n in range(60)}}
    problem(client.post("/requests", data=many, files=part()), 400)
    twice = [("file", ("a.geojson", geojson(EAST))), ("file", ("b.geojson", geojson(EAST)))]
    assert "twice" in problem(client.post("/requests", data=SAID, files=twice), 400)
    other = {"picture": ("a.png", b"x")}
    assert "picture" in problem(client.post("/requests", data=SAID, files=other), 400)


def test_a_body_that_is_too_large_is_refused_before_and_while_it_is_read(client, monkeypatch):
    told = {"content-type": "application/geo+json", "content-length": str(1 << 40)}
    assert "most that are taken" in problem(client.post("/requests", params=SAID, headers=told), 413)
    monkeypatch.setattr("api.requests.uploads.MOST_BODY", 1 << 16)
    large = part(geojson(EAST) + b" " * (1 << 17))
    assert "65536" in problem(client.post("/requests", data=SAID, files=large), 413)
    monkeypatch.setattr("api.requests.uploads.MOST_BYTES", 1 << 10)
    small = part(geojson(EAST) + b" " * (1 << 11))
    assert problem(client.post("/requests", data=SAID, files=small), 413)


@pytest.mark.parametrize("name", ["../../etc/扩区.geojson", "..\\..\\扩区.geojson", "/abs/扩区.geojson"])
def test_a_hostile_file_name_leads_nowhere(client, name):
    answer = client.post("/requests", data=SAID, files=part(name=name))
    assert answer.status_code == 201, answer.text
    assert answer.json()["request"]["file"] == "扩区.geojson"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://example.org"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_page_of_another_site_can_send_nothing(client, office, headers):
    assert "another site" in problem(client.post("/requests", data=SAID, files=part(), headers=headers), 403)
    step = {"what": "submitted", "who": "规划科"}
    problem(client.post("/requests/2026-0001/steps", json=step, headers={**headers, **OFFICE}), 403)
    problem(client.post("/requests/2026-0001/checks", headers=headers), 403)
    ours = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    assert client.post("/requests", data=SAID, files=part(), headers=ours).status_code == 201


def test_filing_can_be_closed_and_checking_stays_open(client, monkeypatch):
    number = filed(client)
    monkeypatch.setenv("MUTAN_FILING", "false")
    __import__("api.settings").settings.settings.cache_clear()
    assert "keep=false" in problem(client.post("/requests", data=SAID, files=part()), 403)
    assert "MUTAN_FILING" in problem(client.post(f"/requests/{number}/checks"), 403)
    checked = client.post("/requests", data={**SAID, "keep": "false"}, files=part())
    assert checked.status_code == 200
    page = client.get("/requests", headers=BROWSER).text
    assert "核查并入库" not in page
    assert "只核查，不入库" in page


def test_a_request_is_checked_again_by_a_program_and_by_a_form(client):
    number = filed(client)
    told = client.post(f"/requests/{number}/checks?who=乙")
    assert told.status_code == 200, told.text
    assert told.json()["changes"] == []
    sent = client.post(
        f"/requests/{number}/checks", data={"who": "丙"}, headers=BROWSER, follow_redirects=False
    )
    assert sent.status_code == 303
    assert [each["who"] for each in client.get(f"/requests/{number}").json()["checks"]][1:] == ["乙", "丙"]
    problem(client.post("/requests/2020-0001/checks"), 404)


def test_two_variants_stand_side_by_side(client):
    one = filed(client)
    other = filed(client, box(113.66, 34.71, 113.675, 34.72), variant_of=one)
    told = client.get(f"/requests/{one}/compare/{other}").json()
    assert told["land"]["common"]["m2"] == pytest.approx(told["one"]["area"]["asked"]["m2"], rel=1e-4)
    assert told["land"]["only_one"]["m2"] < 20  # a long straight side bends otherwise than two short ones
    page = client.get(f"/requests/{one}/compare/{other}", headers=BROWSER)
    assert page.status_code == 200
    assert f"只在 {other}" in page.text
    assert client.get(f"/requests/{one}").json()["variants"] == [other]
    problem(client.get(f"/requests/{one}/compare/2020-0001"), 404)


def test_reasons_come_ticked_one_by_one_or_with_commas(client):
    ticked = {**SAID, "keep": "false", "reason": ["state_project", "situation_1"]}
    listed = {**SAID, "keep": "false", "reason": "state_project,situation_1"}
    for said in (ticked, listed):
        told = client.post("/requests", data=said, files=part(geojson(FARMLAND))).json()
        assert told["request"]["reasons"] == ["state_project", "situation_1"]
        farmland = next(each for each in told["findings"] if each["rule"].endswith(".basic_farmland"))
        assert farmland["outcome"] == "cannot_tell"


def test_while_another_writes_the_answer_is_503(client, book_path, monkeypatch):
    monkeypatch.setattr("data.book.connecting.PATIENCE_S", 0.2)
    other = sqlite3.connect(book_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = client.post("/requests", data=SAID, files=part())
    finally:
        other.rollback()
        other.close()
    assert "Another writer" in problem(answer, 503)


def test_what_is_not_there_or_not_made_is_told(client):
    problem(client.get("/requests/2020-0001"), 404)
    number = filed(client)
    problem(client.get(f"/requests/{number}/report.docx"), 400)
    problem(client.get("/requests?colour=red"), 400)
    problem(client.get(f"/requests/{number}?f=csv"), 400)
    problem(client.delete(f"/requests/{number}"), 405)


def test_names_are_shown_as_they_are_written(client):
    number = filed(client, name=NASTY, who=NASTY)
    for path in ("/requests", f"/requests/{number}", f"/requests/{number}/compare/{number}"):
        page = client.get(path, headers=BROWSER)
        assert page.status_code == 200, path
        assert "<img" not in page.text
        assert "{{7*7}}" in page.text

"""The life of a request: which step may follow which, what makes a check stale, what a decision does."""

from __future__ import annotations

import runpy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from api.requests import life
from api.requests.filing import again, compared, told_of
from data.book import Ask, Book, open_book
from data.errors import StepNotAllowed

made = runpy.run_path(str(Path(__file__).with_name("filed_requests.py")))
asked, drawn, make, square, take = (made[name] for name in ("asked", "drawn", "make", "square", "take"))
ZONE, OTHER, DAY, WHEN = (made[name] for name in ("ZONE", "OTHER", "DAY", "WHEN"))
SINCE = date(2026, 9, 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    farmland = [("basic_farmland", square(1200, 0, 1300, 1000), False)]
    return make(tmp_path / "mutan.gpkg", farmland)


@pytest.fixture
def number(path: Path, tmp_path: Path) -> str:
    """A request of 500 m by 1 km on the east side of the zone, checked."""
    return asked(path, drawn(tmp_path, square(1000, 0, 1500, 1000)))["request"]["id"]


@pytest.fixture
def book(path: Path, number: str):
    with open_book(path, write=True) as opened:
        yield opened


def step(book: Book, number: str, what: str) -> None:
    life.step(book, number, what, who="乙", when=WHEN + timedelta(days=1))


def decide(book: Book, number: str, what: str = "adopted", since: date = SINCE, **said: Any) -> None:
    said = {"paper": "豫政文〔2026〕9号", "who": "丙", "when": WHEN + timedelta(days=2), **said}
    life.decide(book, number, what, since=since, **said)


def on(book: Book, day: date, code: str = ZONE) -> Any:
    return book.read("zones", Ask(zone=code, on=day))


def test_a_request_that_is_adopted_becomes_the_boundary_from_its_day_on(book: Book, number: str):
    step(book, number, "submitted")
    decide(book, number, approved_ha=150.0)
    before, after = on(book, date(2026, 8, 31)).iloc[0], on(book, SINCE).iloc[0]
    assert before["area_m2"] == pytest.approx(1e6, rel=1e-3)
    assert after["area_m2"] / before["area_m2"] == pytest.approx(1.5, rel=1e-6)
    # the corners of the zone and of the file, each to the last digit; the shared side is gone
    corners = shapely.get_coordinates([square(0, 0, 1000, 1000), square(1000, 0, 1500, 1000)])
    assert {tuple(point) for point in shapely.get_coordinates(after.geometry)} <= set(map(tuple, corners))
    assert shapely.symmetric_difference(after.geometry, square(0, 0, 1500, 1000)).area < 1e-15
    assert (after["approved_ha"], after["city"], after["level"]) == (150.0, "郑州市", "provincial")
    version = book.versions("zones")[-1]
    assert version.note.startswith("豫政文〔2026〕9号; ")
    assert version.source.path == f"request {number}: asked.geojson"
    last = book.request_steps(number)[-1]
    assert (last.what, last.paper, last.version, last.who) == (
        "adopted",
        "豫政文〔2026〕9号",
        version.name,
        "丙",
    )
    assert f"request {number}: adopted, 豫政文〔2026〕9号, {version.name}" in book.journal()[-1]["what"]
    assert [part.valid_from for part in book.parts("zones", ZONE)] == [date(2020, 1, 1), SINCE]


def test_what_was_stated_of_the_old_boundary_is_unknown_of_the_new_one(book: Book, number: str):
    step(book, number, "submitted")
    decide(book, number)
    after = on(book, SINCE)
    assert after[["approved_ha", "population", "administered_ha"]].isna().all(axis=None)
    assert on(book, DAY)["approved_ha"].tolist() == [100.0]


def test_a_refused_request_moves_nothing(book: Book, number: str):
    step(book, number, "submitted")
    decide(book, number, "refused")
    assert len(book.parts("zones", ZONE)) == 1
    assert book.request(number).state == "refused"


@pytest.mark.parametrize(
    ("steps", "wrong", "known"),
    [
        ([], "returned", "submitted, withdrawn"),
        ([], "adopted", "submitted, withdrawn"),
        (["submitted"], "submitted", "returned, adopted, refused, withdrawn"),
        (["submitted", "returned"], "adopted", "submitted, withdrawn"),
        (["withdrawn"], "submitted", "nothing more; file a new request"),
    ],
)
def test_a_step_that_may_not_follow_is_refused_with_those_that_may(
    steps: list[str], wrong: str, known: str, book: Book, number: str
):
    for what in steps:
        step(book, number, what)
    before = len(book.journal())
    with pytest.raises(StepNotAllowed, match=known):
        decide(book, number, wrong) if wrong == "adopted" else step(book, number, wrong)
    assert len(book.journal()) == before


def test_a_decision_names_its_paper(book: Book, number: str):
    step(book, number, "submitted")
    with pytest.raises(StepNotAllowed, match="Name the paper"):
        decide(book, number, paper="  ")


def test_submitting_needs_a_check_of_the_layers_as_they_are(book: Book, number: str):
    kinds = {"kind": ["basic_farmland"], "name": ["新"], "level": None, "restricted": [False]}
    take(book, "constraints", kinds, [square(1400, 0, 1500, 1000)], valid_from=date(2026, 1, 1))
    assert told_of(book, number)["stale"] == ["constraints"]
    with pytest.raises(StepNotAllowed, match=f"have changed: constraints. .*mutan requests recheck {number}"):
        step(book, number, "submitted")
    told = again(book, number, who="乙", when=WHEN + timedelta(days=1))
    rows = {row["what"]: (row["before"], row["after"]) for row in told["changes"]}
    assert "layers" in rows
    assert not any(what.startswith(("area.", "verdict")) for what in rows)
    step(book, number, "submitted")
    assert book.request(number).state == "submitted"


def test_what_comes_in_while_a_request_is_checked_makes_that_check_stale(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from api.requests import checking

    said = {"kind": ["water"], "name": ["河"], "level": None, "restricted": [False]}
    really = checking.trimmed

    def meanwhile(*given: Any) -> Any:
        with open_book(path, write=True) as other:
            take(other, "constraints", said, [square(1100, 0, 1200, 100)])
        return really(*given)

    monkeypatch.setattr(checking, "trimmed", meanwhile)
    number = asked(path, drawn(tmp_path, square(1000, 0, 1500, 1000)))["request"]["id"]
    with open_book(path, write=True) as book:
        assert "constraints" in told_of(book, number)["stale"]
        with pytest.raises(StepNotAllowed, match="Check it again"):
            step(book, number, "submitted")


def test_a_change_of_a_zone_far_away_leaves_a_check_good(book: Book, number: str):
    zones = {"code": [OTHER], "name": ["示例乙区"], "level": "provincial", "city": "郑州市"}
    take(book, "zones", zones, [square(0, -9000, 1000, -8000)], valid_from=date(2021, 1, 1))
    assert told_of(book, number)["stale"] == ["zones"]  # it lay within 2 km until now
    again(book, number, who="乙", when=WHEN)
    take(book, "zones", zones, [square(0, -9000, 1000, -8001)], valid_from=date(2022, 1, 1))
    assert told_of(book, number)["stale"] == []


def test_a_rule_that_changes_is_named(book: Book, number: str, tmp_path: Path):
    squares = runpy.run_path(str(Path(__file__).with_name("squares.py")))
    rules = Path(__file__).parents[1] / "data" / "rules" / "expansion" / "basic_farmland.yaml"
    text = rules.read_text("utf-8").replace(
        '{value: 0, article: "land-law-2019', '{value: 5, article: "land-law-2019'
    )
    with squares["office_rules"](tmp_path, {"expansion/basic_farmland.yaml": text}):
        assert told_of(book, number)["stale"] == ["rules.expansion.basic_farmland"]
        told = again(book, number, who="乙", when=WHEN)
        limits = [row for row in told["changes"] if row["what"] == "rules.expansion.basic_farmland.limit"]
        assert [(row["before"], row["after"]) for row in limits] == [(0, 5)]
        assert told_of(book, number)["stale"] == []
    assert told_of(book, number)["stale"] == ["rules.expansion.basic_farmland"]


def test_a_boundary_that_has_moved_since_the_check_is_not_written_over(
    book: Book, number: str, path: Path, tmp_path: Path
):
    """Two requests of one zone: the second would take back what the first has brought."""
    south = asked(path, drawn(tmp_path, square(0, -500, 1000, 0), name="south"))["request"]["id"]
    for each in (number, south):
        step(book, each, "submitted")
    decide(book, number)
    with pytest.raises(StepNotAllowed, match=f"(?s)zones v1.*zones v3.*variant of {south}"):
        decide(book, south, since=date(2026, 10, 1))
    file = drawn(tmp_path, square(0, -500, 1000, 0), name="again")
    again_filed = asked(path, file, day=date(2026, 10, 1), variant_of=south)["request"]["id"]
    step(book, again_filed, "submitted")
    decide(book, again_filed, since=date(2026, 10, 1))
    assert on(book, date(2026, 10, 1))["area_m2"].iloc[0] == pytest.approx(2e6, rel=1e-3)
    assert told_of(book, south)["variants"] == [again_filed]


def test_an_adjustment_gives_up_what_its_second_file_says(path: Path, tmp_path: Path):
    gives = drawn(tmp_path, square(0, 0, 300, 1000), name="gives")
    file = drawn(tmp_path, square(1000, 0, 1300, 1000), name="takes")
    told = asked(path, file, gives_up=gives, kind="adjustment")
    number = told["request"]["id"]
    with open_book(path, write=True) as book:
        assert set(book.request_files(number)) == {"asked", "gives_up"}
        step(book, number, "submitted")
        decide(book, number)
        after = on(book, SINCE)
        assert after["area_m2"].iloc[0] == pytest.approx(told["area"]["after"]["m2"], rel=1e-6)
        assert shapely.get_num_coordinates(after.geometry.iloc[0]) < 12
        whole = square(300, 0, 1300, 1000)
        # sides are straight on the map sheet, a centimetre off the parallel
        assert shapely.hausdorff_distance(after.geometry.iloc[0], whole) < 2e-7


def test_a_removal_ends_the_zone_and_an_upgrade_changes_its_level(path: Path):
    up = asked(path, None, kind="upgrade")["request"]["id"]
    away = asked(path, None, kind="removal", zone=OTHER)["request"]["id"]
    with open_book(path, write=True) as book:
        for number in (up, away):
            step(book, number, "submitted")
            decide(book, number)
        after = on(book, SINCE).iloc[0]
        assert (after["level"], after["approved_ha"], after["population"]) == ("national", 100.0, 5.0)
        assert after.geometry.equals(on(book, DAY).iloc[0].geometry)
        assert len(on(book, SINCE, OTHER)) == 0
        assert len(on(book, date(2026, 8, 31), OTHER)) == 1


def test_a_recognition_begins_a_zone(path: Path, tmp_path: Path):
    file = drawn(tmp_path, square(5000, 5000, 6000, 6000))
    said = {"kind": "recognition", "zone": "G990009", "name": "示例新区"}
    number, second = (asked(path, file, **said)["request"]["id"] for _ in range(2))
    with open_book(path, write=True) as book:
        for each in (number, second):
            step(book, each, "submitted")
        decide(book, number, approved_ha=100.0)
        (row,) = on(book, SINCE, "G990009").to_dict("records")
        assert (row["name"], row["approved_ha"]) == ("示例新区", 100.0)
        assert len(on(book, date(2026, 8, 31), "G990009")) == 0
        with pytest.raises(StepNotAllowed, match="no boundary, and on 2026-09-01 a boundary"):
            decide(book, second)


def test_two_variants_side_by_side(path: Path, tmp_path: Path, number: str):
    file = drawn(tmp_path, square(1400, 0, 1600, 1000), name="other")
    other = asked(path, file, variant_of=number)["request"]["id"]
    with open_book(path) as book:
        told = compared(book, number, other)
    areas = {name: round(land["ha"]) for name, land in told["land"].items()}
    assert areas == {"common": 10, "only_one": 40, "only_other": 10}
    (row,) = [row for row in told["findings"] if row["rule"] == "rules.expansion.basic_farmland"]
    assert (row["one"]["outcome"], row["other"]["outcome"]) == ("not_met", "met")
    assert row["one"]["measured"] == pytest.approx(1e5, rel=1e-2)

"""Classified layers in a whole check: what the document tells of them, and what it cannot tell."""

from __future__ import annotations

import json
import runpy
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from api.requests.batch import Job, batch
from api.requests.classified import classified_in
from api.requests.filing import again
from api.requests.layers import reach_of
from api.requests.wishes import Wishes
from data.book import open_book
from geo.boundary_change.blurring import Grid, blurred
from geo.boundary_change.probing import Settings

made = runpy.run_path(str(Path(__file__).with_name("filed_requests.py")))
asked, drawn, make, square = (made[name] for name in ("asked", "drawn", "make", "square"))
ZONE, DAY, WHEN = (made[name] for name in ("ZONE", "DAY", "WHEN"))
RULE = "rules.expansion.basic_farmland"
SECRET = square(1503.3, 107.7, 2111.1, 711.9)
FAR = ("basic_farmland", square(-20_000, -20_000, -19_000, -19_000), False)
GRID = Settings.on(DAY).grid


def held(told: Mapping[str, Any], rule: str = RULE) -> Mapping[str, Any]:
    return next(each for each in told["findings"] if each["rule"] == rule)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make(tmp_path / "mutan.gpkg", [("basic_farmland", SECRET, True), FAR])


@pytest.mark.parametrize(
    ("east", "outcome", "least_m2"),
    [(1300, "met", 0), (1520, "cannot_tell", 0), (1800, "not_met", 180_000), (2500, "not_met", 367_000)],
)
def test_yes_or_no_and_an_area_in_steps_and_nothing_else(
    east: float, outcome: str, least_m2: float, path: Path, tmp_path: Path
):
    told = asked(path, drawn(tmp_path, square(1000, 0, east, 1000)))
    finding = held(told)
    assert (finding["outcome"], finding["withheld"]) == (outcome, outcome != "met")
    assert finding["measured"] % 10_000 == 0
    assert finding["measured"] >= least_m2
    assert ("it is no more than that" in (finding["reason"] or "")) is (outcome != "met")
    assert (finding["geometry"], finding["against"], told["trimmed"]) == (None, [], None)
    corners = {f"{value:.4f}" for value in shapely.get_coordinates(SECRET).ravel()}
    text = json.dumps(told, ensure_ascii=False, default=str)
    assert "示例0" not in text  # the name of the feature
    assert not any(corner in text for corner in corners - {"34.5010"})


def test_two_classified_areas_in_the_same_cells_give_the_same_documents(tmp_path: Path):
    """The wall itself: no request whatever tells an area from dots in the middle of the cells it touches."""
    box = (112.9, 34.4, 113.2, 34.6)
    blur = blurred(np.array([SECRET]), box, GRID)[0]
    cells = GRID.boxes(
        *GRID.cells(tuple(blur.bounds[:2] - np.array(1e-6)) + tuple(blur.bounds[2:] + np.array(1e-6)))
    )
    inside = cells[shapely.within(shapely.centroid(cells), blur)]
    dots = shapely.multipolygons(shapely.buffer(shapely.centroid(inside), 1e-5))
    assert blurred(np.array([dots]), box, GRID)[0].equals(blur)
    books = [
        make(tmp_path / f"{n}.gpkg", [("basic_farmland", each, True), FAR])
        for n, each in enumerate((SECRET, dots))
    ]
    shapes = [
        *(square(1000, 0, east, 1000) for east in (1450, 1505, 1570, 1900)),
        square(1600, -500, 1750, 1500),
        square(1700, 200, 1900, 400),
        shapely.Point(113.0175, 34.5035).buffer(0.002),
    ]
    for number, shape in enumerate(shapes):
        file = drawn(tmp_path, shape, name=f"n{number}")
        both = [asked(book, file, keep=False, after=timedelta(hours=number)) for book in books]
        assert held(both[0]) == held(both[1])
        assert both[0]["verdict"] == both[1]["verdict"]
        assert [fault["code"] for fault in both[0]["faults"]] == [
            fault["code"] for fault in both[1]["faults"]
        ]


def test_a_request_that_is_refused_goes_on_with_the_rest(path: Path, tmp_path: Path):
    asked(path, drawn(tmp_path, square(1000, 0, 1800, 1000)), keep=False)
    told = asked(path, drawn(tmp_path, square(1000, 0, 1804, 1000)), keep=False, who="乙")
    finding = held(told)
    assert (finding["outcome"], finding["measured"], finding["withheld"]) == ("cannot_tell", 0.0, False)
    assert "piece of less than 1 ha" in finding["reason"]
    assert told["area"]["asked"]["ha"] == pytest.approx(80.4, rel=1e-3)
    with open_book(path) as book:
        (line,) = [line for line in book.journal() if "classified" in line["what"]]
        assert (line["who"], line["what"][:32]) == ("乙", "classified layers: not told. An ")


def test_far_from_classified_land_the_refusal_is_the_same(path: Path, tmp_path: Path):
    """A refusal follows from the shape alone, so it tells nothing of the place."""
    tiny = [square(x, y, x + 30, y + 300) for x, y in ((1600, 300), (1000, 5000), (-9000, -9000))]
    told = [held(asked(path, drawn(tmp_path, shape), keep=False)) for shape in tiny]
    assert len({(each["outcome"], each["measured"], each["reason"]) for each in told}) == 1
    assert told[0]["outcome"] == "cannot_tell"


def test_the_same_request_again_is_answered_alike_and_counted_once(path: Path, tmp_path: Path):
    file = drawn(tmp_path, square(1000, 0, 1800, 1000))
    told = [asked(path, file, who=who, keep=False) for who in ("甲", "乙", "丙")]
    assert len({json.dumps(held(each), sort_keys=True) for each in told}) == 1
    number = asked(path, file)["request"]["id"]
    with open_book(path, write=True) as book:
        assert len(book.looks(WHEN)) == 1
        (near,) = book.looks(WHEN)[0].near
        assert book.read("constraints").loc[near, "restricted"]
        recheck = again(book, number, who="丁", when=WHEN + timedelta(days=100))
        assert held(recheck)["outcome"] == "not_met"
        assert len(book.looks(WHEN)) == 1


def test_the_days_budget_is_one_for_all_zones_kinds_and_doors(path: Path, tmp_path: Path):
    # all within 10 km of what the layer covers: three rows of seven
    corners = [(3000 * (at % 7), 5000 + 3000 * (at // 7)) for at in range(21)]
    files = [drawn(tmp_path, square(x, y, x + 500, y + 500), name=f"f{x}_{y}") for x, y in corners]
    told = []
    for at, file in enumerate(files):
        # another zone each time, or another day: both are shapes that somebody asks about
        said = {"zone": made["OTHER"]} if at % 2 else {"day": date(2025, 1, 1)}
        told.append(held(asked(path, file, keep=False, after=timedelta(minutes=at), **said)))
    assert "20 different questions were answered for 甲 within a day" in told[-1]["reason"]
    assert [each["outcome"] for each in told] == ["met"] * 20 + ["cannot_tell"]


def test_in_a_batch_classified_layers_are_not_answered_for(path: Path, tmp_path: Path):
    wishes = Wishes("expansion", ZONE, DAY, indicators="none")
    jobs = [
        Job(drawn(tmp_path, square(1000, 0, east, 1000), name=f"b{east}"), wishes)
        for east in (1300, 1800, 2500)
    ]
    with open_book(path) as book:
        rows = list(batch(book, jobs, who="甲", when=WHEN))
        assert book.looks(WHEN) == []
    assert all(RULE in row.cannot_tell for row in rows)


def test_a_book_that_cannot_be_written_tells_nothing_of_classified_layers(path: Path, tmp_path: Path):
    from api.requests.checking import check

    file = drawn(tmp_path, square(1000, 0, 1800, 1000))
    with open_book(path) as book:
        checked = check(book, file, Wishes("expansion", ZONE, DAY, indicators="none"), who="甲", when=WHEN)
    (finding,) = [each.finding for each in checked.judgements if each.finding.rule == RULE]
    assert finding.outcome == "cannot_tell"
    assert "could not be counted" in finding.reason


def test_how_far_a_layer_with_classified_features_reaches_is_told_roughly(tmp_path: Path):
    """Requests farther and farther off would else find the box of the classified land."""
    boxes = []
    for number, shape in enumerate((square(0, 0, 500, 500), square(3, 3, 517, 489))):
        path = make(tmp_path / f"r{number}.gpkg", [("basic_farmland", shape, True)])
        with open_book(path) as book:
            boxes.append(reach_of(book, DAY, {}, classified_in(book, DAY))["basic_farmland"])
    assert boxes[0] == boxes[1]
    assert boxes[0] == (113.0, 34.5, 113.1, 34.6)


def test_a_role_that_is_given_finds_the_same_cells(path: Path, tmp_path: Path):
    """Calling a classified layer another role, so that other conditions are held on it, tells no more."""
    file = drawn(tmp_path, square(1000, 0, 1520, 1000))
    told = asked(path, file, keep=False, roles={"basic_farmland": "ecological_red_line"})
    finding = held(told, "rules.expansion.ecological_red_line")
    assert (finding["outcome"], finding["measured"] % 10_000) == ("cannot_tell", 0)
    assert Grid.of(100.0) == GRID

"""Several years of several zones at once: the same as one by one, whatever the order or the workers."""

from __future__ import annotations

import importlib
import json
import multiprocessing
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point, box

from api import workers
from api.assess import assess, assess_and_store, assess_and_store_years, assess_many, assess_years
from api.zone_tables import Ground, grounds_of, parcels_of, zone_on
from data.book import open_book
from data.book.interface import Ask
from data.errors import LayerUnusable, MutanError, NoSuchCode, NotHere, NothingInForce, NoValueOnDay
from data.records import Source
from geo.areas import ellipsoidal_area_m2
from geo.land import hold, unheld
from geo.land.supply_years import reserve_of, years_left

FIRST, SECOND, WEST = "G990001", "G990002", 113.60  # of the small book
WHEN = datetime(2025, 3, 1, tzinfo=UTC)
YEARS = (2021, 2022, 2023, 2024)


@pytest.fixture(scope="module")
def made(small_book, tmp_path_factory):
    """The small book, whose first zone has another boundary until 2022, with two loose parcels in 2024."""
    path = tmp_path_factory.mktemp("years") / "years.gpkg"
    shutil.copy(small_book, path)
    x, y = WEST, 34.70
    rows = {"land_class": "0601", "class_system": "sandiao", "supply": "supplied", "built": True}
    shapes = [box(x + 0.055, y, x + 0.065, y + 0.01), box(x - 0.4, y, x - 0.39, y + 0.01)]
    loose = gpd.GeoDataFrame({"parcel_id": ["L1", "L2"], **rows}, geometry=shapes, crs=4490)
    loose["area_m2"] = ellipsoidal_area_m2(loose.geometry, 4490)
    with open_book(path, write=True) as book:
        source = Source("loose.gpkg", "a" * 64, "made")
        book.ingest("parcels", loose, source, who="test", when=WHEN, valid_from=date(2024, 1, 1))
    return path


def said(assessment) -> str:
    """All that an assessment says, the inventory too, to the last digit."""
    lines = None if assessment.inventory is None else assessment.inventory.as_json()
    return json.dumps([assessment.as_json(), lines], default=str)


@pytest.fixture(scope="module")
def one_by_one(made):
    with open_book(made) as book:
        told = {}
        for code in (FIRST, SECOND):
            for year in YEARS:
                try:
                    told[code, year] = said(assess(book, code, year))
                except NothingInForce as silent:
                    told[code, year] = silent
        return told


def test_many_years_say_what_each_year_says_alone(made, one_by_one):
    with open_book(made) as book:
        told = list(assess_many(book, [FIRST, SECOND], YEARS))
    assert [(each.zone, each.year) for each in told] == [(c, y) for c in (FIRST, SECOND) for y in YEARS]
    for each in told:
        alone = one_by_one[each.zone, each.year]
        assert each.skipped if isinstance(alone, NothingInForce) else said(each) == alone


def test_the_boundary_of_each_year_is_the_one_that_is_measured(made):
    with open_book(made) as book:
        before, after = assess_years(book, FIRST, [2022, 2024])
    assert "zones v1" in before.results[0].layer_versions
    assert "zones v2" in after.results[0].layer_versions
    assert before.result("development_rate").value is None  # no parcels were known then
    assert after.result("development_rate").value is not None


def test_years_come_in_the_order_in_which_they_were_asked_for(made):
    with open_book(made) as book:
        assert [each.year for each in assess_years(book, FIRST, [2024, 2021, 2023])] == [2024, 2021, 2023]


def test_years_with_the_same_versions_share_one_ground(made):
    with open_book(made) as book:
        found = grounds_of(book, FIRST, [date(year, 12, 31) for year in (2021, 2022, 2023, 2024)])
    first, second, third, fourth = found.values()
    assert first is second  # the small boundary
    assert len({id(each) for each in (second, third, fourth)}) == 3  # a new boundary; then loose parcels


def test_a_year_without_a_boundary_is_skipped_and_says_which_there_are(made, one_by_one):
    with open_book(made) as book:
        (skipped, whole) = assess_years(book, SECOND, [2022, 2023])
    assert skipped.skipped
    assert not skipped.results
    assert skipped.name == whole.name
    (fault,) = skipped.faults
    assert fault.code == "nothing_in_force"
    assert f"{fault.message} {fault.remedy}" == str(one_by_one[SECOND, 2022])
    assert "2023-01-01 to now" in fault.message
    with pytest.raises(NothingInForce, match="2022-12-31"):
        skipped.or_raise()


def test_a_zone_that_the_book_does_not_know_stops_it_with_what_is_there(made):
    with open_book(made) as book, pytest.raises(NotHere, match=FIRST):
        list(assess_many(book, ["G990009"], YEARS))


def test_no_zones_or_no_years_give_nothing(made):
    with open_book(made) as book:
        assert list(assess_many(book, [], YEARS)) == []
        assert list(assess_many(book, [FIRST], [])) == []


def test_a_loose_parcel_on_the_zone_counts_with_the_part_inside_and_a_far_one_does_not(made):
    day = date(2024, 12, 31)
    with open_book(made) as book:
        zone = zone_on(book, FIRST, day)
        parcels, faults = parcels_of(book, zone, day)
        stored = book.read("parcels", Ask(zone="", on=day)).set_index("parcel_id")["area_m2"]
    assert "L2" not in set(parcels["parcel_id"])
    (loose,) = parcels[parcels["parcel_id"] == "L1"].to_dict("records")
    assert loose["share"] == pytest.approx(0.5, abs=1e-3)
    assert loose["area_m2"] == pytest.approx(stored["L1"] * loose["share"])
    assert not [fault for fault in faults if fault.feature in {"L1", "L2"}]  # they name no zone to stray from


def test_land_measured_once_is_held_against_the_rule_of_each_year(made):
    with open_book(made) as book:
        ground = grounds_of(book, FIRST, [date(2024, 12, 31)])[date(2024, 12, 31)]
        old, new = assess_years(book, FIRST, [2021, 2024])
    assert isinstance(ground, Ground)
    bare = {each.code: each for each in unheld(ground.survey, ground.zone)}
    assert all(each.outcome is None and each.target is None for each in bare.values())
    held = hold(bare["industrial_share"], date(2024, 12, 31), "410100")
    assert new.result("industrial_share").outcome == held.outcome is not None
    assert old.result("industrial_share").target is None  # the plan was published in 2022


def test_several_years_are_kept_as_one_by_one(made, tmp_path):
    apart, together = tmp_path / "apart.gpkg", tmp_path / "together.gpkg"
    kept = []
    for path in (apart, together):
        shutil.copy(made, path)
        with open_book(path, write=True) as book:
            if path is apart:
                for year in (2023, 2024):
                    list(assess_and_store(book, [FIRST, SECOND], year, WHEN))
            else:
                list(assess_and_store_years(book, [FIRST, SECOND], (2023, 2024), WHEN))
            kept.append(book.results())
            assert book.journal()[-4]["what"].endswith(f"for {FIRST} 2023")
    assert kept[0] == kept[1]


def test_a_skipped_year_leaves_what_the_book_has_of_it(made, tmp_path):
    path = tmp_path / "kept.gpkg"
    shutil.copy(made, path)
    with open_book(path, write=True) as book:
        (whole,) = assess_years(book, SECOND, [2023])
        book.store_results(SECOND, 2022, whole.results, WHEN)
        list(assess_and_store_years(book, [SECOND], (2022, 2023), WHEN))
        assert len(book.results(SECOND, 2022)) == len(whole.results)


def test_workers_say_what_one_process_says_in_the_same_order(made, one_by_one, monkeypatch):
    monkeypatch.setattr("api.assess.WORTH_WORKERS", 1)
    with open_book(made) as book:
        told = list(assess_many(book, [SECOND, FIRST], YEARS, workers=2))
    assert [(each.zone, each.year) for each in told] == [(c, y) for c in (SECOND, FIRST) for y in YEARS]
    for each in told:
        alone = one_by_one[each.zone, each.year]
        assert each.skipped if isinstance(alone, NothingInForce) else said(each) == alone


def test_a_fault_of_a_worker_comes_through_as_it_was_raised(made, monkeypatch):
    monkeypatch.setattr("api.assess.WORTH_WORKERS", 1)
    with open_book(made) as book, pytest.raises(NotHere) as raised:
        list(assess_many(book, [FIRST, "G990009"], YEARS, workers=2))
    with open_book(made) as book, pytest.raises(NotHere) as alone:
        list(assess_many(book, ["G990009"], YEARS))
    assert str(raised.value) == str(alone.value)
    assert vars(raised.value) == vars(alone.value)


@pytest.mark.parametrize(
    "fault",
    [
        NoValueOnDay("rules.x", "410000", date(2020, 1, 1), [date(2021, 1, 1)]),
        NoSuchCode("9", "The list", ["1", "2"]),
        LayerUnusable("a layer"),
    ],
)
def test_a_fault_is_the_same_after_its_way_between_processes(fault):
    again = workers.Carried(type(fault), fault.args, dict(vars(fault))).again()
    assert type(again) is type(fault)
    assert str(again) == str(fault)
    assert vars(again) == vars(fault)


def test_few_zones_are_not_worth_other_processes(made, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("processes were started")

    monkeypatch.setattr("api.assess.spread", refuse)
    with open_book(made) as book:
        assert len(list(assess_many(book, [FIRST, SECOND], [2024], workers=2))) == 2


def test_a_worker_that_dies_is_told_in_words(made, tmp_path, monkeypatch):
    (tmp_path / "dying.py").write_text("import os\ndef work(book, code):\n    os._exit(9)\n")
    monkeypatch.syspath_prepend(tmp_path)
    work = importlib.import_module("dying").work
    with pytest.raises(MutanError, match="--workers 1"):
        list(workers.spread(str(made), work, [FIRST, SECOND], 2))


def test_statements_of_other_years_and_zones_do_not_come_in(made):
    with open_book(made) as book:
        firms = book.read("enterprises", Ask(zone=FIRST))
        for each in assess_years(book, FIRST, [2023, 2024]):
            count = int((pd.to_numeric(firms["year"]) == each.year).sum())
            (tax,) = [i for i in each.result("tax_per_mu").inputs if i.name == "tax_cny10k"]
            assert tax.count == count


@pytest.mark.parametrize("year", [2016, 2020, 2024])
def test_what_parcels_without_overlap_take_of_the_plan_sums_to_what_erasing_them_leaves(year):
    x, y = (np.linspace(start, start + 0.01, 11) for start in (113.6, 34.7))
    shapes = [box(x[n % 10], y[n // 10], x[n % 10 + 1], y[n // 10 + 1]) for n in range(100)]
    states = ["supplied", "idle", "not_supplied", "supplied"] * 25
    fabric = gpd.GeoDataFrame({"supply": states}, geometry=shapes, crs=4490)
    fabric["supplied_on"] = pd.to_datetime([f"{2012 + n % 12}-05-01" for n in range(100)])
    ring = Point(113.605, 34.705).buffer(0.0052)
    plan, proved = [Point(113.604, 34.704).buffer(0.0043)], [box(113.6035, 34.7015, 113.6065, 34.7045)]
    tidy = reserve_of(ring, plan, fabric, evidence=proved)
    assert tidy.taken
    summed, erased = years_left(tidy, year), years_left(replace(tidy, taken=()), year)
    assert summed.value == pytest.approx(erased.value, rel=1e-9)
    assert summed.breakdown == pytest.approx(erased.breakdown, rel=1e-9)


def test_whoever_stops_listening_ends_the_workers(made, monkeypatch):
    monkeypatch.setattr("api.assess.WORTH_WORKERS", 1)
    with open_book(made) as book:
        told = iter(assess_many(book, [FIRST, SECOND] * 4, [2024], workers=2))
        assert next(told).zone == FIRST
        assert multiprocessing.active_children()
        told.close()
    assert not multiprocessing.active_children()

"""Measures and pledges of the made-up sample, followed from its statements to a plan."""

from __future__ import annotations

import json
from datetime import date

import pytest

from carbon.inventory import Inventory, inventories
from carbon.path.abatement import RATE, abatements
from carbon.path.course import course
from carbon.path.followed import Seen, follow
from carbon.path.measures import read_measures, reduction
from carbon.path.plan import overlaps, plan
from carbon.path.pledges import read_pledges
from data.errors import NoSuchCode
from data.kinds import kind
from data.parameters import parameter
from data.sample.land import to_kind
from data.sample.making import make_zone
from data.sample.oddities import Made
from data.sample.reductions import SHARED, UNKNOWN, mean_to_save, pledge

YEARS = range(2021, 2025)


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return [make_zone(410000, 5), make_zone(410000, 6)]


@pytest.fixture(scope="module")
def told(made: list[Made]) -> dict[int, Inventory]:
    return inventories(made[1].activity, zone=SHARED, regions=dict.fromkeys(YEARS, "411000"))


def test_the_rows_fill_their_kinds_and_their_keys_are_unique(made: list[Made]) -> None:
    for name, rows in (("measures", mean_to_save(made)), ("pledges", pledge(made))):
        table = to_kind(name, rows)
        assert not table.duplicated(list(kind(name).key)).any()
        assert set(rows) <= set(kind(name).columns)
        for column in kind(name).columns.values():
            assert not column.required or table[column.name].notna().all()


def test_in_one_zone_a_measure_without_a_figure_keeps_the_sum_open(made: list[Made]) -> None:
    measures = read_measures(to_kind("measures", mean_to_save(made)), UNKNOWN)
    assert [fault.code for fault in measures.faults] == ["measure_without_reduction"]
    assert reduction(measures, 2024).total == pytest.approx(reduction(measures, 2024).known)
    assert reduction(measures, 2025).total is None
    assert abatements(measures, 0.06)[-1].cost is None


def test_a_pledge_of_nothing_is_a_fault_and_no_target(made: list[Made]) -> None:
    read, faults = read_pledges(to_kind("pledges", pledge(made)), UNKNOWN)
    assert len(faults) == 1
    assert {each.indicator for each in read} == {"emissions_total", "emissions_per_value_added"}


def test_in_another_two_measures_are_to_save_more_than_there_is(
    made: list[Made], told: dict[int, Inventory]
) -> None:
    measures = read_measures(to_kind("measures", mean_to_save(made)), SHARED)
    assert [fault.code for fault in overlaps(measures, told[2024].frame, 2024)] == ["measures_overlap"]


def test_the_whole_path_of_a_zone_lists_every_fault_and_can_be_written_out(
    made: list[Made], told: dict[int, Inventory]
) -> None:
    tables = to_kind("pledges", pledge(made)), to_kind("measures", mean_to_save(made))
    values = {year: one.location.told["total"] for year, one in told.items()}
    ids = set(made[1].years["enterprise_id"])
    seen = Seen({"emissions_total": values}, {}, told[2024].frame, 2024, ids)
    whole = follow(tables, SHARED, seen, parameter(RATE).on(date(2024, 12, 31)))
    # nobody has told the value added, so the second pledge has no base
    assert [fault.code for fault in whole.faults] == ["pledge_without_base", "measures_overlap"]
    written = json.loads(json.dumps(whole.as_json()))
    assert [len(one["years"]) for one in written["pledges"]] == [10, 10]
    assert written["discount_rate"]["status"] == "illustration"
    assert written["pledges"][0]["years"][0]["outcome"] == "met"
    with pytest.raises(NoSuchCode, match="straigth"):
        follow(tables, SHARED, seen, 0.06, "straigth")


def test_the_plan_of_a_zone_falls_short_of_its_pledge(made: list[Made], told: dict[int, Inventory]) -> None:
    pledges, faults = read_pledges(to_kind("pledges", pledge(made)), SHARED)
    assert not faults
    values = {year: one.location.told["total"] for year, one in told.items()}
    stands = course(pledges[0], values)
    assert stands.target == pytest.approx(0.82 * (values[2021] or 0))
    ahead = plan(stands, read_measures(to_kind("measures", mean_to_save(made)), SHARED))
    assert [year.year for year in ahead.years] == list(range(2025, 2031))
    assert all((year.shortfall or 0) > 0 for year in ahead.years)

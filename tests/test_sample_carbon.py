"""The carbon part of the sample: what stands beside energy, each story worked out again from the frames."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from carbon.category import Ask
from carbon.completeness import Park, completeness, jumps, outliers
from carbon.gates.stated import ITEMS, stated
from carbon.inventory import Inventory, inventories
from carbon.netting import netting
from data.sample import Sample, write
from data.sample.plan import PLANS

NINE = [plan.code for plan in PLANS]
YEARS = range(2021, 2025)  # of the year before there is no grid factor


@pytest.fixture(scope="module")
def table(sample: Sample) -> pd.DataFrame:
    return sample.frame("activity")


@pytest.fixture(scope="module")
def told(table: pd.DataFrame) -> dict[str, dict[int, Inventory]]:
    regions = dict.fromkeys(YEARS, "411000")
    return {zone: inventories(table, zone=zone, regions=regions) for zone in NINE}


def test_no_statement_has_a_fault_that_keeps_it_from_being_told(
    told: dict[str, dict[int, Inventory]],
) -> None:
    for of_year in told.values():
        for one in of_year.values():
            assert not [fault for fault in one.faults if fault.severity == "error"]


def test_both_totals_are_told_but_for_one_zone_and_one_year(told: dict[str, dict[int, Inventory]]) -> None:
    open_ = {
        (zone, year)
        for zone, of_year in told.items()
        for year, one in of_year.items()
        if one.location.told["total"] is None or one.ndrc910.told["total"] is None
    }
    assert open_ == {("G411164", year) for year in YEARS} | {("G411167", 2023)}


def test_every_category_and_scope_is_seen_somewhere(told: dict[str, dict[int, Inventory]]) -> None:
    frame = pd.concat([one.frame for of_year in told.values() for one in of_year.values()])
    emitting = frame[frame["tco2e"].fillna(0).ne(0)]
    assert set(emitting["category"]) == {
        *("fuel", "vehicle", "electricity", "heat", "process", "waste", "refrigerant"),
        *("scope3", "capture", "land"),
    }
    for gas in ("ch4_tco2e", "n2o_tco2e", "hfcs_tco2e", "pfcs_tco2e", "sf6_tco2e", "nf3_tco2e", "biogenic_t"):
        assert frame[gas].sum() > 0, gas
    assert {"green_direct", "green_traded", "own_nonfossil", "sold_green"} <= set(frame["item"])
    assert frame["measured"].any()


def test_amounts_say_where_they_come_from(table: pd.DataFrame) -> None:
    stated_rows = table[table["amount"].notna()]
    assert 0.9 < stated_rows["source"].ne("").mean() < 1
    assert {"计量表", "购销发票", "估算"} <= set(stated_rows["source"])
    assert 0.02 < stated_rows["uncertainty_pct"].notna().mean() < 0.4
    assert set(table["quality"]) == {"", "H", "M", "L"}
    assert not table.loc[table["amount"].isna(), "source"].ne("").any()
    assert table.loc[table["measured_tco2e"].notna(), "source"].str.contains("示例").all()


@pytest.mark.parametrize(
    ("code", "items"),
    [
        ("clinker", ["硅酸盐水泥熟料"]),
        ("carbide_slag", ["电石渣"]),
        ("aluminium", ["原铝阳极消耗"]),
        ("captured", ["捕集利用二氧化碳"]),
        ("green_direct", ["绿电直供"]),
        ("sold_green", ["外送绿电"]),
        ("biomass", ["生物质成型燃料"]),
        ("scope3", ["外购商品和服务", "上游运输和配送", "商务旅行"]),
    ],
)
def test_sums_of_the_stories_are_those_of_the_table(
    sample: Sample, table: pd.DataFrame, code: str, items: list[str]
) -> None:
    story = sample.story(code)
    mine = table[table["item"].isin(items) & (table["year"] == 2024)]
    assert set(mine["zone"]) == {story.zone}
    assert set(mine["enterprise_id"]) == set(story.ids)
    (number,) = story.numbers.values()
    assert number == pytest.approx(mine["amount"].sum(), abs=0.01)


def test_the_deduction_is_smaller_than_its_clinker(sample: Sample) -> None:
    clinker, slag = sample.story("clinker"), sample.story("carbide_slag")
    assert slag.ids == clinker.ids
    assert 0 < slag.numbers["slag_t"] * 0.48 < 0.1 * clinker.numbers["clinker_t"] * 0.535


def test_power_is_enough_for_the_aluminium(sample: Sample, table: pd.DataFrame) -> None:
    story = sample.story("aluminium")
    mine = table[table["enterprise_id"].isin(story.ids) & (table["year"] == 2024)]
    mwh = mine.loc[mine["category"] == "electricity", "amount"].sum() * 10
    assert 13.0 * story.numbers["aluminium_t"] < mwh


def test_the_plant_and_its_neighbours_differ_in_one_year_alone(
    sample: Sample, told: dict[str, dict[int, Inventory]]
) -> None:
    story = sample.story("flow_disagrees")
    for year, one in told[story.zone].items():
        ask = Ask(year, "411000")
        codes = {fault.code for fault in netting(one.frame, one.quotes, ask, story.zone).faults}
        assert ("flow_disagrees" in codes) is (year == story.numbers["year"])
    assert story.numbers["sold_gj"] == pytest.approx(0.97 * story.numbers["bought_gj"], abs=0.01)


def test_a_change_of_fuel_is_a_jump(sample: Sample, told: dict[str, dict[int, Inventory]]) -> None:
    story = sample.story("fuel_jump")
    frames = {year: one.frame for year, one in told[story.zone].items()}
    found, _ = jumps(frames, Ask(2024, "411000"))
    mine = found[found["enterprise_id"].isin(story.ids)].set_index("category")
    assert set(mine["year"]) == {story.numbers["year"]}
    assert mine.loc["heat", "after_tco2e"] == 0
    assert mine.loc["fuel", "ratio"] > 2
    assert story.numbers["after_10k_nm3"] > 2 * story.numbers["before_10k_nm3"]


def test_one_machine_works_stands_out_by_what_it_burns(
    sample: Sample, told: dict[str, dict[int, Inventory]]
) -> None:
    story = sample.story("intensity_outlier")
    found, _ = outliers(park(sample, told, story.zone))
    (firm,) = story.ids
    mine = found.set_index("enterprise_id").loc[firm]
    assert mine["outlier"]
    assert mine["score"] == found["score"].max()
    assert mine["intensity"] / mine["median"] > 5


def test_a_missing_category_and_forgotten_rows_are_gaps(
    sample: Sample, told: dict[str, dict[int, Inventory]]
) -> None:
    waste, process = sample.story("category_missing"), sample.story("process_forgotten")
    gaps = completeness(park(sample, told, waste.zone)).gaps
    assert waste.zone in set(gaps.loc[gaps["expectation"] == "zone.waste", "enterprise_id"])
    gaps = completeness(park(sample, told, process.zone)).gaps
    assert set(gaps.loc[gaps["expectation"] == "26.process", "enterprise_id"]) == set(process.ids)
    assert len(process.ids) == process.numbers["enterprises"] == 3


def park(sample: Sample, told: dict[str, dict[int, Inventory]], zone: str) -> Park:
    one = told[zone][2024]
    return Park(zone, Ask(2024, "411000"), one.frame, one.quotes, sample.frame("enterprises"))


def test_one_zone_states_every_figure_that_the_gates_ask_for(sample: Sample) -> None:
    statistics = sample.frame("statistics")
    read = stated(statistics, "G411163", 2024)
    assert not read.faults
    asked = {name for name in ITEMS if name not in ("waste_energy_use_rate", "value_added")}
    assert asked <= set(read.told)
    assert all(not stated(statistics, zone, 2024).faults for zone in NINE)
    assert stated(statistics, "G411165", 2024).get("clean_energy_share") is None


def test_the_sheet_of_an_office_is_written_as_its_map_expects(sample: Sample, tmp_path: Path) -> None:
    write(tmp_path, replace(sample, layers=(), covers=()))
    (sheet,) = sample.sheets
    rows = CalamineWorkbook.from_path(tmp_path / f"{sheet.name}.xlsx").get_sheet_by_index(0).to_python()
    assert "示例" in rows[0][0]
    assert "2025年" in rows[0][0]
    assert "虚构" in rows[1][0]
    assert rows[2] == list(sheet.frame.columns)
    assert rows[3][0] == sheet.frame["企业编号"].iloc[0]
    assert len(rows) == len(sheet.frame) + 3
    assert sheet.supplier in (tmp_path / "示例_说明.txt").read_text("utf-8")

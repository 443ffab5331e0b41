"""Factors of electricity: by data year, by day of publication, by place, and by choice of vintage."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from carbon.category import Ask, look_up
from carbon.choices import Choices
from carbon.energy import grid_factor, grid_regions, quote_electricity
from data import parameters
from data.errors import NoSuchCode, NoValueOnDay
from data.parameters import parameter
from data.records import Severity

HENAN = "410000"
DECEMBER = date(2023, 12, 31)
PROVINCE = "factors.grid_electricity.province"


@pytest.mark.parametrize(
    ("year", "known_on", "expected"),
    [
        (2021, date.max, 0.6369),
        (2022, date.max, 0.6058),
        (2023, date.max, 0.5897),
        (2022, date(2024, 12, 25), 0.6369),  # that of 2022 was not out yet
        (2022, date(2024, 12, 26), 0.6058),  # the very day it came out
        (2023, date(2025, 12, 30), 0.6058),
        (2026, date.max, 0.5897),
    ],
)
def test_the_grid_factor_is_that_of_the_data_year_as_it_was_known(
    year: int, known_on: date, expected: float
) -> None:
    factor, said = grid_factor(Ask(year, "410100", known_on=known_on))
    assert factor is not None
    assert factor.value == expected
    own = factor.parts[0].since.year == year
    assert [fault.code for fault in said] == ([] if own else ["factor_of_another_year"])
    assert all(str(year) in f.message and str(factor.parts[0].since.year) in f.message for f in said)
    assert all(fault.severity is Severity.WARNING for fault in said)


def test_a_year_before_every_factor_says_which_there_are() -> None:
    factor, [said] = grid_factor(Ask(2020, HENAN))
    assert factor is None
    assert "from 2021 (published 2024-04-12)" in said.message
    assert "add the value with its article" in said.remedy


@pytest.mark.parametrize("region", ["540000", "710000", "810000", "820000"])
def test_a_province_without_a_factor_does_not_take_the_nations(region: str) -> None:
    with pytest.raises(NoValueOnDay, match="has no value for region"):
        parameter("factors.grid_electricity.province").on(DECEMBER, region)
    factor, [said] = grid_factor(Ask(2023, region))
    assert factor is None
    assert "none for that place" in said.message
    factor, [said] = grid_factor(Ask(2023, region, Choices(electricity="region")))
    assert factor is None
    assert "Choose electricity=nation" in said.remedy


def test_every_province_with_a_factor_lies_in_a_grid_region_that_has_one() -> None:
    provinces = parameter("factors.grid_electricity.province").values
    assert set(grid_regions()) == set(provinces)
    for area in set(grid_regions().values()):
        assert parameter(f"factors.grid_electricity.region.{area}").on(DECEMBER).value


@pytest.mark.real
def test_the_provinces_of_2023_equal_a_transcription_by_others(real: Path) -> None:
    known = {name: code for code, name in _provinces().items()}
    path = real / "emissions" / "china_grid_factor_2023_by_province.csv"
    compared = 0
    for row in csv.DictReader(path.read_text("utf-8-sig").splitlines()):
        code = next((code for name, code in known.items() if row["province"].startswith(name)), None)
        if code is None:
            continue
        told = parameter("factors.grid_electricity.province").on(DECEMBER, code)
        assert told.value == float(row["grid_factor_2023_kgco2_kwh"]), row["province"]
        compared += 1
    assert compared == 30


def _provinces() -> dict[str, str]:
    with (parameters.HERE / "factors" / "grid_regions.csv").open(encoding="utf-8") as file:
        return {row["province"]: row["name"] for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("electricity", "tonnes"), [("province", 58_970), ("nation", 53_060), ("fossil", 82_730)]
)
def test_100_gwh_of_henan_under_three_rules_of_the_location_total(electricity: str, tonnes: float) -> None:
    told = quote_electricity("bought", "亿kWh", Ask(2023, "410100", Choices(electricity=electricity)))
    assert told.factor is not None
    assert told.times * told.factor.value == pytest.approx(tonnes, abs=1e-6)


def test_100_gwh_of_henan_under_the_rule_of_the_zero_carbon_park() -> None:
    told = quote_electricity("bought", "亿kWh", Ask(2023, "410100"))
    assert told.ndrc910 is not None
    assert told.times * told.ndrc910.value == pytest.approx(83_250, abs=1e-6)


def test_the_series_has_thirty_provinces_seven_regions_and_the_nation_for_three_years() -> None:
    table = parameter(PROVINCE)
    assert len(table.values) == 30
    series = [
        table,
        parameter("factors.grid_electricity.nation"),
        parameter("factors.grid_electricity.fossil"),
    ]
    series += [parameter(name) for name in parameters.names() if ".grid_electricity.region." in name]
    assert len(series) == 10
    for each in series:
        for rows in each.values.values():
            assert [day.year for day in rows] == [2021, 2022, 2023], each.name
    days = {(row.since.year, row.published) for row in table.history()}
    assert days == {(2021, date(2024, 4, 12)), (2022, date(2024, 12, 26)), (2023, date(2025, 12, 31))}


def test_every_row_of_the_series_says_whom_it_serves_and_0_8325_that_the_park_method_repeats_it() -> None:
    for name in parameters.names():
        if ".grid_electricity." in name and not name.endswith("nonfossil_direct"):
            assert all(row.used_by for row in parameter(name).history()), name
    users = {row.value: row.used_by for row in parameter("factors.grid_electricity.fossil").history()}
    assert "ndrc-2025-910" in users[0.8325]
    assert all("ndrc-2025-910" not in by for value, by in users.items() if value != 0.8325)


def test_factors_of_the_carbon_market_stand_outside_the_series() -> None:
    market = {row.value for row in parameter("factors.grid_electricity.ets").history()}
    assert market == {0.581, 0.5703}
    for name in parameters.names():
        if ".grid_electricity." in name and not name.endswith(".ets"):
            assert not market & {row.value for row in parameter(name).history()}, name


def test_what_stands_in_names_both_years_and_every_vintage_there_is() -> None:
    found, [said] = look_up(PROVINCE, Ask(2023, HENAN, known_on=date(2025, 6, 30)), HENAN)
    assert found is not None
    assert found.value == 0.6058
    assert said.severity is Severity.WARNING
    assert "no value of 2023 published by 2025-06-30; that of 2022 (0.6058 tCO2/MWh)" in said.message
    assert "from 2021 (published 2024-04-12), from 2022 (published 2024-12-26)" in said.message
    assert "from 2023 (published 2025-12-31)" in said.message


def test_the_parameter_itself_recomputes_an_old_report() -> None:
    then = parameter(PROVINCE).on(DECEMBER, "410100", date(2025, 6, 30))
    now = parameter(PROVINCE).on(DECEMBER, "410100")
    assert (then.since.year, then.value) == (2022, 0.6058)
    assert (now.since.year, now.value) == (2023, 0.5897)


def test_exact_vintage_refuses_to_carry_a_year_forward() -> None:
    told, said = grid_factor(Ask(2023, HENAN, Choices(vintage="exact")))
    assert told is not None
    assert (told.value, said) == (0.5897, ())
    told, [fault] = grid_factor(Ask(2024, HENAN, Choices(vintage="exact")))
    assert told is None
    assert fault.severity is Severity.ERROR
    assert "has no value for 410000 in 2024" in fault.message
    assert "from 2023 (published 2025-12-31)" in fault.message
    assert "Choose another vintage" in fault.remedy


@pytest.mark.parametrize(("vintage", "expected"), [("2021", 0.6369), ("2022", 0.6058), ("2023", 0.5897)])
@pytest.mark.parametrize("year", [2020, 2023, 2026])
def test_a_chosen_vintage_is_that_of_its_data_year_in_every_accounting_year(
    year: int, vintage: str, expected: float
) -> None:
    told, said = grid_factor(Ask(year, HENAN, Choices(vintage=vintage)))
    assert told is not None
    assert (told.value, said) == (expected, ())


def test_a_chosen_vintage_that_does_not_exist_or_was_not_known_is_an_error() -> None:
    asks = [Ask(2023, HENAN, Choices(vintage="2020")), Ask(2023, HENAN, Choices(vintage="2024"))]
    asks.append(Ask(2023, HENAN, Choices(vintage="2023"), known_on=date(2025, 6, 30)))
    for ask in asks:
        told, [fault] = grid_factor(ask)
        assert told is None
        assert fault.code == "factor_missing"
        assert f"in {ask.choices.vintage}" in fault.message
        assert "from 2021 (published 2024-04-12)" in fault.message
    with pytest.raises(NoSuchCode, match="vintages"):
        Choices(vintage="latest")


def test_a_vintage_leaves_tables_without_data_years_alone() -> None:
    heat, said = look_up("factors.heat.bought", Ask(2023, HENAN, Choices(vintage="exact")), HENAN)
    assert heat is not None
    assert (heat.value, said) == (0.11, ())

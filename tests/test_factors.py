"""The factor tables: their values, their days, their units, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from carbon import CATEGORIES, names
from carbon.category import Ask, Quote, look_up
from carbon.choices import Choices, families
from carbon.conversion import WHOLE
from carbon.fuels import fuel_factor
from carbon.line import Amount, Factor, line
from data import parameters
from data.dated_rows import check_row
from data.errors import NoSuchCode, RuleFileError, UnitMismatch
from data.parameters import Parameter, has, parameter, read_strictly
from data.records import Status

HENAN = "410000"
DECEMBER = date(2023, 12, 31)
EFDB_AMMONIA = {213981: 29.7, 213982: 30.2, 213983: 36.0, 213984: 37.5, 213985: 42.5}
"""Rows of the emission factor database that hold GJ of fuel as if they were tCO2 per tonne of ammonia"""


def _tables() -> list[Parameter]:
    return [parameter(name) for name in parameters.names() if name.startswith("factors.")]


def test_every_table_states_bounds_a_unit_and_an_article_and_none_claims_to_be_verified() -> None:
    for table in _tables():
        assert table.bounds is not None, table.name
        for row in table.history():
            assert row.article, table.name
            assert row.unit, table.name
            assert row.status is Status.UNVERIFIED, table.name


def test_every_article_names_a_source_that_is_listed() -> None:
    listed = read_strictly(parameters.HERE / "sources.yaml")
    rows = [row for table in _tables() for row in table.history()]
    assert {row.article.split()[0] for row in rows} <= set(listed)
    assert {source for row in rows for source in row.used_by} <= set(listed)
    after = {row.superseded_by for row in rows} - {""}
    assert after <= set(listed) | set(parameters.names())


def test_a_value_a_thousand_times_off_lies_outside_the_bounds_of_its_table() -> None:
    for table in _tables():
        assert table.bounds is not None
        low, high = table.bounds
        for value in (row.value for row in table.history() if row.value):
            assert not low <= value * 1000 <= high, table.name
            assert not low <= value / 1000 <= high, table.name


def _ammonia() -> list[Parameter]:
    return [parameter(name) for name in parameters.names() if name.startswith("factors.process.ammonia")]


@pytest.mark.parametrize("value", EFDB_AMMONIA.values())
def test_energy_mistaken_for_an_emission_factor_is_refused_in_words(
    value: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = _ammonia()
    (tmp_path / "factors").mkdir()
    written = tmp_path / "factors" / "ammonia.yaml"
    monkeypatch.setattr(parameters, "_roots", (tmp_path,))
    assert tables
    for table in tables:
        assert table.bounds is not None
        assert table.unit == "tCO2/t"
        written.write_text(
            f"label: 合成氨\nunit: tCO2/t\nbounds: {list(table.bounds)}\nvalues:\n"
            f'  "100000":\n    2006-01-01: {{value: {value}, article: "efdb", published: 2006-12-31}}\n',
            "utf-8",
        )
        with pytest.raises(RuleFileError, match=rf"{value} tCO2/t lies outside.*Check unit and source"):
            parameter("factors.ammonia")


@pytest.mark.real
def test_the_wrong_rows_of_ammonia_stand_in_the_database_as_we_refuse_them(real: Path) -> None:
    path = real / "emissions" / "ipcc_efdb_output.xlsx"
    table = pd.read_excel(path, engine="calamine", usecols=["EF ID", "Value", "Unit", "Description"])
    rows = table[table["EF ID"].isin(EFDB_AMMONIA)]
    assert {
        int(row): float(value) for row, value in zip(rows["EF ID"], rows["Value"], strict=True)
    } == EFDB_AMMONIA
    assert set(rows["Unit"].str.strip()) == {"Tonne CO2/tonne NH3 produced"}
    for each in _ammonia():
        for number, value in EFDB_AMMONIA.items():
            with pytest.raises(RuleFileError, match="Check unit and source"):
                check_row(each, f"efdb {number}", date(2006, 1, 1), _row(value=value))


def _row(**said: Any) -> dict[str, Any]:
    return {"value": 0.11, "article": "gbt-32150-2025", "published": date(2025, 12, 31)} | said


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ({"interval": [0.1]}, "lower and the upper bound"),
        ({"interval": [0.12, 0.15]}, "around the value 0.11"),
        ({"interval": "0.1-0.2"}, "lower and the upper bound"),
        ({"value": None, "interval": [0.1, 0.2]}, "around the value None"),
        ({"used_by": "ndrc-2025-910"}, "used_by is a list"),
        ({"used_by": [910]}, "used_by is a list"),
        ({"superseded_by": ["gbt-32150-2025"]}, "superseded_by is one id"),
        ({"usedby": []}, "at most"),
    ],
)
def test_what_stands_beside_a_value_is_read_strictly(said: dict[str, Any], remedy: str) -> None:
    heat = parameter("factors.heat.bought")
    with pytest.raises(RuleFileError, match=remedy):
        check_row(heat, "heat.yaml", date(2025, 1, 1), _row(**said))
    check_row(heat, "heat.yaml", date(2025, 1, 1), _row(interval=[0.1, 0.12], used_by=["ndrc-2025-910"]))


def test_bounds_users_and_successors_are_told_with_the_value() -> None:
    ncv = parameter("factors.fuel_ipcc2006.anthracite.ncv").on(DECEMBER)
    assert ncv.interval == (21.6, 32.2)
    assert ncv.as_json()["interval"] == [21.6, 32.2]
    old, new = parameter("factors.heat.bought").history()
    assert (old.superseded_by, new.superseded_by) == ("gbt-32150-2025", "")
    fossil = parameter("factors.grid_electricity.fossil").on(date(2022, 12, 31))
    assert fossil.as_json()["used_by"] == ["unified-carbon-accounting-2022", "ndrc-2025-910"]
    assert ncv.as_json()["used_by"] == []


def test_the_command_shows_what_stands_beside_a_value(mutan: Callable[..., Any]) -> None:
    assert "95 %: 21.6 to 32.2 GJ/t" in mutan("factor", "fuel_ipcc2006.anthracite.ncv").out
    assert "superseded by gbt-32150-2025" in mutan("factor", "heat.bought", "--on", "2020-01-01").out
    said = mutan("factor", "grid_electricity.fossil", "--on", "2022-12-31").out
    assert "used by unified-carbon-accounting-2022, ndrc-2025-910" in said


def test_a_default_for_heat_was_known_before_the_standard_of_2025() -> None:
    old, _ = look_up("factors.heat.bought", Ask(2023, HENAN, known_on=date(2020, 1, 1)))
    new, _ = look_up("factors.heat.bought", Ask(2025, HENAN))
    assert old is not None
    assert new is not None
    assert (old.value, new.value) == (0.11, 0.11)
    assert (old.article.split()[0], new.article.split()[0]) == ("ndrc-2015-guides-3", "gbt-32150-2025")


@pytest.mark.parametrize(
    ("report", "fossil", "other", "n2o"),
    [("sar", 21, 21, 310), ("ar4", 25, 25, 298), ("ar5", 28, 28, 265), ("ar6", 29.8, 27.0, 273)],
)
def test_warming_potentials_keep_methane_of_fossil_origin_apart(
    report: str, fossil: float, other: float, n2o: float
) -> None:
    told = [
        parameter(f"factors.gwp.{report}.{gas}").on(DECEMBER).value
        for gas in ("ch4_fossil", "ch4_nonfossil", "n2o")
    ]
    assert told == [fossil, other, n2o]


# SAR, AR4, AR5, AR6
@pytest.mark.parametrize(
    ("gas", "values"),
    [
        ("hfc23", [11700, 14800, 12400, 14600]),
        ("hfc32", [650, 675, 677, 771]),
        ("hfc125", [2800, 3500, 3170, 3740]),
        ("hfc134a", [1300, 1430, 1300, 1530]),
        ("hfc143a", [3800, 4470, 4800, 5810]),
        ("hfc152a", [140, 124, 138, 164]),
        ("hfc227ea", [2900, 3220, 3350, 3600]),
        ("hfc236fa", [6300, 9810, 8060, 8690]),
        ("hfc245fa", [None, 1030, 858, 962]),
        ("cf4", [6500, 7390, 6630, 7380]),
        ("c2f6", [9200, 12200, 11100, 12400]),
        ("sf6", [23900, 22800, 23500, 25200]),
        ("nf3", [None, 17200, 16100, 17400]),
        ("hcfc22", [1500, 1810, 1760, 1960]),
    ],
)
def test_each_gas_has_the_potential_of_each_report_and_none_where_the_report_is_silent(
    gas: str, values: list[float | None]
) -> None:
    for report, value in zip(("sar", "ar4", "ar5", "ar6"), values, strict=True):
        name = f"factors.gwp.{report}.{gas}"
        assert has(name) == (value is not None)
        if value is not None:
            told = parameter(name).on(DECEMBER)
            assert told.value == value
            assert told.article.startswith(f"ipcc-{report}")


def test_a_line_keeps_amount_and_factor_and_refuses_another_unit() -> None:
    factor, _ = fuel_factor("diesel", "t", Ask(2023, HENAN))
    assert factor is not None
    made = line(Amount(2.0, "t"), factor, scope="scope1", category="fuel", item="diesel", enterprise_id="E1")
    assert made.tco2e == 2.0 * factor.value
    assert [part.name.rpartition(".")[2] for part in made.factors] == ["ncv", "carbon_content", "oxidation"]
    assert made.quality == "unverified default"
    assert "factors" not in made.as_json()
    with pytest.raises(UnitMismatch, match="Convert the amount first, with data/units"):
        line(Amount(2.0, "kg"), factor, scope="scope1", category="fuel", item="diesel")


def test_a_factor_written_per_kwh_is_never_multiplied_with_mwh() -> None:
    with pytest.raises(UnitMismatch, match="Write it in tCO2/MWh"):
        Quote(unit="MWh", factor=Factor(0.59, "kgCO2/kWh", (), 0.59))


@pytest.mark.parametrize(
    ("choice", "near"),
    [({"family": "cn_d"}, "cn_a"), ({"equipment": "boiler"}, "industrial_boiler"), ({"gwp": "ar5"}, "AR5")],
)
def test_a_choice_that_does_not_exist_names_those_that_do(choice: dict[str, Any], near: str) -> None:
    with pytest.raises(NoSuchCode, match=near):
        Choices(**choice)


def test_choices_carry_the_grounds_of_the_defaults_only_while_they_are_defaults() -> None:
    assert set(Choices().as_json()["grounds"]) == {
        *("family", "equipment", "electricity", "gwp", "vintage", "captured")
    }
    assert "family" not in Choices(family="cn_b").as_json()["grounds"]
    assert families() == ("cn_a", "cn_b", "cn_c", "cn_province_2025", "ipcc2006", "nefdb2")


BURNED = {"fuel", "vehicle", "conversion", "electricity", "heat"}


@pytest.mark.parametrize("category", sorted(BURNED))
def test_every_name_of_energy_in_the_list_of_names_leads_to_something_that_is_priced(category: str) -> None:
    quote = CATEGORIES[category].quote
    asks = [Ask(2023, HENAN, Choices(family=family)) for family in families()]
    for item in set(names.items()[category].values()) - set(WHOLE):
        units = ["10^4 Nm3", "t", "GJ"] if category in ("fuel", "vehicle", "conversion") else ["GJ"]
        quotes = [quote(item, unit, ask) for ask in asks for unit in units]
        assert any(q.factor or q.elsewhere for q in quotes), (category, item)

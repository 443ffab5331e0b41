"""The factor tables: their values, their days, their units, and what they refuse."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from carbon import CATEGORIES, names
from carbon.category import Ask, Quote, look_up
from carbon.choices import Choices, families
from carbon.energy import grid_factor, grid_regions
from carbon.fuels import co2e, fuel_factor
from carbon.line import Amount, Factor, line
from data import parameters
from data.errors import NoSuchCode, NoValueOnDay, RuleFileError, UnitMismatch
from data.parameters import Parameter, parameter, read_strictly
from data.records import Severity, Status

CASES = Path(__file__).parent / "cases"
EXPECTED = yaml.safe_load((CASES / "fuel_factors.yaml").read_text("utf-8"))
HENAN = "410000"
DECEMBER = date(2023, 12, 31)


def _tables() -> list[Parameter]:
    return [parameter(name) for name in parameters.names() if name.startswith("factors.")]


def _expected() -> Iterator[tuple[str, Choices, float]]:
    for fuel, (a, b, c) in EXPECTED.items():
        for family, value in (("cn_a", a), ("cn_b", b)):
            if value is not None:
                yield fuel, Choices(family=family), value
        for equipment, value in (c if isinstance(c, dict) else {"industrial_boiler": c}).items():
            if value is not None:
                yield fuel, Choices(family="cn_c", equipment=equipment), value


@pytest.mark.parametrize(("fuel", "choices", "expected"), list(_expected()))
def test_a_fuel_emits_what_was_worked_out_apart(fuel: str, choices: Choices, expected: float) -> None:
    per = parameter(f"factors.fuel_{choices.family}.{fuel}.ncv").unit.partition("/")[2]
    factor, said = fuel_factor(fuel, per, Ask(2023, HENAN, choices))
    assert factor is not None
    assert factor.value == pytest.approx(expected, abs=0.000051)
    assert not said


@pytest.mark.parametrize(
    ("fuel", "kg_per_tj"),
    [
        ("anthracite", 98300),
        ("bituminous_coal", 94600),
        ("diesel", 74100),
        ("natural_gas", 56100),
        ("coke", 107000),
    ],
)
def test_ipcc_carbon_contents_agree_with_the_printed_factors_of_carbon_dioxide(
    fuel: str, kg_per_tj: int
) -> None:
    factor, _ = fuel_factor(fuel, "GJ", Ask(2023, HENAN, Choices(family="ipcc2006")))
    assert factor is not None
    assert factor.co2 * 1e6 == pytest.approx(kg_per_tj, rel=0.006)


def test_bituminous_coal_spreads_by_a_quarter_between_family_and_equipment() -> None:
    ask = [
        Ask(2023, HENAN, Choices(family="cn_b")),
        Ask(2023, HENAN, Choices(family="cn_c", equipment="cement_kiln")),
    ]
    low, high = [
        factor.value for factor, _ in (fuel_factor("bituminous_coal", "t", a) for a in ask) if factor
    ]
    assert high / low - 1 == pytest.approx(0.255, abs=0.001)


def test_natural_gas_of_100_m3_in_three_gases_gives_the_oracle() -> None:
    assert 100 * co2e(2.244, 2e-4, 4e-6, (28, 265)) == pytest.approx(225.066, abs=1e-9)


def test_every_table_states_bounds_a_unit_and_an_article_and_none_claims_to_be_verified() -> None:
    for table in _tables():
        assert table.bounds is not None, table.name
        for row in table.history():
            assert row.article, table.name
            assert row.unit, table.name
            assert row.status is Status.UNVERIFIED, table.name


def test_every_article_names_a_source_that_is_listed() -> None:
    listed = read_strictly(parameters.HERE / "sources.yaml")
    cited = {row.article.split()[0] for table in _tables() for row in table.history()}
    assert cited <= set(listed)


def test_a_value_a_thousand_times_off_lies_outside_the_bounds_of_its_table() -> None:
    for table in _tables():
        assert table.bounds is not None
        low, high = table.bounds
        for value in (row.value for row in table.history() if row.value):
            assert not low <= value * 1000 <= high, table.name
            assert not low <= value / 1000 <= high, table.name


def test_each_property_of_a_fuel_has_the_unit_that_the_formula_reads() -> None:
    units = {"carbon_content": "tC/TJ", "oxidation": "1", "ch4": "kgCH4/TJ", "n2o": "kgN2O/TJ"}
    fuels = set(names.items()["fuel"].values())
    for table in _tables():
        family, _, item = table.name.removeprefix("factors.").partition(".")
        if family.startswith("fuel_"):
            fuel, quantity, *_ = item.split(".")
            assert fuel in fuels
            assert table.unit == units.get(quantity, table.unit)
            if quantity == "ncv":
                assert table.unit in {"GJ/t", "GJ/10^4 Nm3"}


def test_energy_mistaken_for_an_emission_factor_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 29.7 is GJ of fuel per tonne of ammonia, and stands in a public database as tCO2 per tonne
    (tmp_path / "factors").mkdir()
    (tmp_path / "factors" / "ammonia.yaml").write_text(
        'label: 合成氨\nunit: tCO2/t\nbounds: [1, 5]\nvalues:\n  "100000":\n'
        '    2006-01-01: {value: 29.7, article: "efdb 213981", published: 2006-12-31}\n',
        "utf-8",
    )
    monkeypatch.setattr(parameters, "_roots", (tmp_path,))
    with pytest.raises(RuleFileError, match=r"29\.7 tCO2/t lies outside.*Check unit and source"):
        parameter("factors.ammonia")


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
    assert families() == ("cn_a", "cn_b", "cn_c", "ipcc2006")


def test_every_name_in_the_list_of_names_leads_to_something_that_is_priced() -> None:
    for category, known in names.items().items():
        quote = CATEGORIES[category].quote
        assert quote is not None
        for item in set(known.values()):
            units = ["10^4 Nm3", "t"] if category == "fuel" else ["GJ"]
            quotes = [
                quote(item, unit, Ask(2023, HENAN, Choices(family=f))) for f in families() for unit in units
            ]
            assert any(q.factor or q.elsewhere for q in quotes), (category, item)


@pytest.mark.real
def test_worked_rows_of_another_program_follow_from_activity_factor_and_warming(real: Path) -> None:
    gwp = [parameter(f"factors.gwp.ar5.{gas}").on(DECEMBER).value or 0 for gas in ("ch4_fossil", "n2o")]
    with (real / "emissions" / "worked_stationary_energy_v1.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 56
    for row in rows:
        gases = [float(row[f"{gas}_global_api"]) for gas in ("co2", "ch4", "n2o")]
        tonnes = float(row["total_fuel_value"]) * co2e(*gases, (gwp[0], gwp[1])) / 1000
        assert tonnes == pytest.approx(float(row["Final_emissions_CO2e_manually_tonnes"]), abs=0.01)


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

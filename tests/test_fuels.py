"""Fuels: what was worked out apart, other gases by sector, biomass, raw material, and what is refused."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from carbon import names
from carbon.category import Ask
from carbon.choices import Choices, families
from carbon.emitted import emitted
from carbon.fuels import fuel_factor, quote
from data import parameters
from data.parameters import parameter

CASES = Path(__file__).parent / "cases"
WORKED = yaml.safe_load((CASES / "fuel_factors.yaml").read_text("utf-8"))
HENAN = "410000"
IPCC = Choices(family="ipcc2006")
# Rows of the worked table whose factors per kilogram rest on the calorific values of IPCC 2006
BY_MASS = {
    "anthracite": "anthracite",
    "sub-bituminous-coal": "sub_bituminous_coal",
    "lignite": "lignite",
    "charcoal": "charcoal",
    "bitumen": "bitumen",
    "firewood": "wood",
    "other-primary-solid-biomass": "solid_biomass",
}
SECTOR = {"1": "residential", "2": "commercial", "3": "final", "4": "power", "6": "residential"}
GJ_PER_M3 = 0.04  # of the natural gas in that table: 2.244 / 56.1


def _chinese() -> Iterator[tuple[str, Choices, float]]:
    for fuel, (a, b, c) in WORKED["chinese"].items():
        for family, value in (("cn_a", a), ("cn_b", b)):
            if value is not None:
                yield fuel, Choices(family=family), value
        for equipment, value in (c if isinstance(c, dict) else {"industrial_boiler": c}).items():
            if value is not None:
                yield fuel, Choices(family="cn_c", equipment=equipment), value
    for fuel, value in WORKED["province_2025"].items():
        yield fuel, Choices(family="cn_province_2025"), value
    yield "natural_gas", Choices(family="nefdb2"), 21.54


@pytest.mark.parametrize(("fuel", "choices", "expected"), list(_chinese()))
def test_a_fuel_emits_what_was_worked_out_apart(fuel: str, choices: Choices, expected: float) -> None:
    per = parameter(f"factors.fuel_{choices.family}.{fuel}.ncv").unit.partition("/")[2]
    factor, said = fuel_factor(fuel, per, Ask(2023, HENAN, choices))
    assert factor is not None
    assert factor.value == pytest.approx(expected, abs=0.003 if choices.family == "nefdb2" else 0.000051)
    assert (said, factor.others, factor.biogenic) == ((), (), 0.0)


def test_the_three_families_hold_every_row_that_was_worked_out() -> None:
    counts = dict.fromkeys(("cn_a", "cn_b", "cn_c"), 0)
    for fuel, row in WORKED["chinese"].items():
        for family, value in zip(counts, row, strict=True):
            counts[family] += value is not None
            assert parameters.has(f"factors.fuel_{family}.{fuel}.ncv") == (value is not None), (family, fuel)
    assert counts == {"cn_a": 27, "cn_b": 22, "cn_c": 20}


@pytest.mark.parametrize(("fuel", "printed"), WORKED["ipcc2006"].items())
def test_each_of_54_fuels_emits_by_sector_what_ipcc_2006_prints(fuel: str, printed: list[float]) -> None:
    co2, *gases = printed
    gwp = {"CH4": 28e-6, "N2O": 265e-6}
    for purpose, at in (("power", 0), ("heat", 0), ("final", 2), ("", 2), ("residential", 4)):
        factor, _ = fuel_factor(fuel, "GJ", Ask(2023, HENAN, IPCC, purpose=purpose))
        assert factor is not None
        assert (factor.co2 + factor.biogenic) * 1e6 == pytest.approx(co2, rel=0.006)
        told = {gas: tonnes / gwp[gas] for gas, tonnes in factor.others}
        assert told == pytest.approx({"CH4": gases[at], "N2O": gases[at + 1]})
        assert factor.value == pytest.approx(factor.co2 + sum(each for _, each in factor.others))


def test_there_are_54_fuels_of_ipcc_and_ten_have_printed_bounds() -> None:
    assert len(WORKED["ipcc2006"]) == 54
    for quantity in ("ncv", "carbon_content"):
        tables = [parameter(f"factors.fuel_ipcc2006.{fuel}.{quantity}") for fuel in WORKED["ipcc2006"]
                  if parameters.has(f"factors.fuel_ipcc2006.{fuel}.{quantity}")]  # fmt: skip
        bounds = {each.name.split(".")[2]: each.history()[0].interval for each in tables}
        assert len([fuel for fuel, interval in bounds.items() if interval]) == 10
    ncv = parameter("factors.fuel_ipcc2006.natural_gas.ncv").history()[0]
    carbon = parameter("factors.fuel_ipcc2006.natural_gas.carbon_content").history()[0]
    assert ncv.interval == (46.5, 50.4)
    assert carbon.interval is not None
    assert [end * 44 / 12 * 1000 for end in carbon.interval] == pytest.approx([54300, 58300], abs=0.5)


def test_bituminous_coal_spreads_by_a_quarter_between_family_and_equipment() -> None:
    ask = [
        Ask(2023, HENAN, Choices(family="cn_b")),
        Ask(2023, HENAN, Choices(family="cn_c", equipment="cement_kiln")),
    ]
    low, high = [
        factor.value for factor, _ in (fuel_factor("bituminous_coal", "t", a) for a in ask) if factor
    ]
    assert high / low - 1 == pytest.approx(0.255, abs=0.001)


def test_100_m3_of_natural_gas_in_a_home_give_the_oracle() -> None:
    told = quote("natural_gas", "GJ", Ask(2023, HENAN, IPCC, purpose="residential"))
    assert told.factor is not None
    assert 100 * GJ_PER_M3 * told.factor.value * 1000 == pytest.approx(225.066, abs=1e-9)


@pytest.mark.parametrize(("gwp", "methane"), [("SAR", 21), ("AR4", 25), ("AR5", 28), ("AR6", 27.0)])
def test_biogas_has_its_carbon_dioxide_apart_and_methane_that_is_not_fossil(gwp: str, methane: float) -> None:
    told = quote("biogas", "t", Ask(2023, HENAN, Choices(family="ipcc2006", gwp=gwp)))
    assert told.factor is not None
    assert told.ndrc910 is not None
    assert told.factor.co2 == told.ndrc910.co2 == 0
    assert told.factor.biogenic == pytest.approx(50.4 * 14.9 * 44 / 12 / 1000)
    assert dict(told.factor.others)["CH4"] == pytest.approx(50.4e-6 * methane)
    assert f"factors.gwp.{gwp.lower()}.ch4_nonfossil" in [part.name for part in told.factor.parts]


def test_exactly_eleven_fuels_of_ipcc_have_grown() -> None:
    grown = {
        fuel for fuel in WORKED["ipcc2006"]
        if (factor := fuel_factor(fuel, "GJ", Ask(2023, HENAN, IPCC))[0]) and factor.biogenic
    }  # fmt: skip
    assert grown == {
        *("wood", "black_liquor", "solid_biomass", "charcoal", "biogasoline", "biodiesel", "liquid_biofuel"),
        *("landfill_gas", "sludge_gas", "biogas", "municipal_waste_biomass"),
    }


def test_a_fuel_used_as_raw_material_adds_nothing_to_either_total_and_says_why() -> None:
    told = quote("natural_gas", "万Nm3", Ask(2023, HENAN, purpose="feedstock"))
    assert (told.factor, told.ndrc910, told.notation, told.faults) == (None, None, "NA", ())
    assert "raw material" in told.elsewhere
    assert "counted with the process" in told.elsewhere
    wrong = quote("anthracite", "kWh2", Ask(2023, HENAN, purpose="feedstock"))
    assert [fault.code for fault in wrong.faults] == ["unit_unusable"]


@pytest.mark.parametrize("purpose", ["", "final", "power", "heat", "recovered"])
def test_a_family_of_carbon_dioxide_alone_knows_no_sector(purpose: str) -> None:
    factor, _ = fuel_factor("diesel", "t", Ask(2023, HENAN, purpose=purpose))
    assert factor is not None
    assert factor.value == pytest.approx(3.1451, abs=5e-5)
    assert factor.unit == "tCO2/t"


def test_a_waste_without_calorific_value_is_told_by_its_energy_only() -> None:
    told = quote("industrial_waste", "TJ", Ask(2023, HENAN, IPCC))
    assert told.factor is not None
    assert told.times * told.factor.co2 == pytest.approx(143, rel=0.001)
    [fault] = quote("industrial_waste", "t", Ask(2023, HENAN, IPCC)).faults
    assert (fault.code, fault.remedy) == ("unit_unusable", "State it in GJ or a multiple of it.")


def test_a_fuel_that_a_family_lacks_names_the_families_that_have_it() -> None:
    [fault] = quote("carbide_furnace_gas", "万Nm3", Ask(2023, HENAN, Choices(family="cn_c"))).faults
    assert fault.code == "fuel_not_in_family"
    assert "Families that have: cn_a." in fault.message
    [fault] = quote("diesel", "t", Ask(2023, HENAN, Choices(family="nefdb2"))).faults
    assert fault.code == "fuel_not_in_family"  # the database is known for diesel of vehicles only
    assert "nefdb2" not in fault.message.partition("Families")[2]


def test_each_property_of_a_fuel_has_the_unit_that_the_formula_reads() -> None:
    units = {"carbon_content": "tC/TJ", "oxidation": "1", "ch4": "kgCH4/TJ", "n2o": "kgN2O/TJ"}
    fuels = set(names.items()["fuel"].values())
    tables = [parameter(name) for name in parameters.names() if name.startswith("factors.fuel_")]
    assert {each.name.split(".")[1].removeprefix("fuel_") for each in tables} == set(families())
    for table in tables:
        fuel, quantity, *_ = table.name.split(".")[2:]
        assert fuel in fuels
        assert table.unit == units.get(quantity, table.unit)
        if quantity == "ncv":
            assert table.unit in {"GJ/t", "GJ/10^4 Nm3"}


def test_every_fuel_has_a_chinese_name() -> None:
    chinese: dict[str, list[str]] = {}
    for name, item in names.items()["fuel"].items():
        chinese.setdefault(item, []).extend([] if name.isascii() else [name])
    assert not [fuel for fuel, known in chinese.items() if not known]


def _worked(real: Path) -> list[dict[str, str]]:
    with (real / "emissions" / "worked_stationary_energy_v1.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 56
    return rows


@pytest.mark.real
def test_56_worked_rows_of_another_program_follow_gas_by_gas(real: Path) -> None:
    for row in _worked(real):
        gases = {"co2": "co2", "ch4": "ch4_fossil", "n2o": "n2o"}
        tonnes = {ours: float(row[f"{gas}_global_api"]) / 1000 for gas, ours in gases.items()}
        factor, _ = emitted(row["total_fuel_units"], tonnes, (), Ask(2023, HENAN, Choices(gwp="AR5")))
        assert factor is not None
        told = float(row["total_fuel_value"]) * factor.value
        assert told == pytest.approx(float(row["Final_emissions_CO2e_manually_tonnes"]), abs=0.01)


@pytest.mark.real
def test_worked_rows_by_mass_and_of_natural_gas_follow_from_our_own_table(real: Path) -> None:
    followed = 0
    for row in _worked(real):
        fuel, unit = row["fuel_type"].removeprefix("fuel-type-"), row["total_fuel_units"]
        ours, per, times = (BY_MASS.get(fuel), "t", 1e-3) if unit == "kg" else (None, "", 0.0)
        if fuel == "natural-gas":
            ours, per, times = "natural_gas", "GJ", GJ_PER_M3
        if ours is None or fuel == "peat":
            continue
        factor, _ = fuel_factor(ours, per, Ask(2023, HENAN, IPCC, purpose=SECTOR[row["subsector"][2]]))
        assert factor is not None
        told = float(row["total_fuel_value"]) * times * (factor.value + factor.biogenic)
        assert told == pytest.approx(float(row["Final_emissions_CO2e_manually_tonnes"]), abs=0.01), row
        followed += 1
    assert followed == 19

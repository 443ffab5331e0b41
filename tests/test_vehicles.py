"""Vehicles: carbon dioxide of the chosen family, other gases of the road, and what is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from carbon import fuels
from carbon.category import Ask
from carbon.choices import Choices
from carbon.vehicles import quote
from data import parameters

HENAN = "410000"
IPCC = Choices(family="ipcc2006")


# worked by hand: CH4 x 28 + N2O x 265 in kg/TJ, AR5
@pytest.mark.parametrize(
    ("fuel", "co2", "others"),
    [
        ("gasoline", 69.3, 33 * 28 + 3.2 * 265),
        ("diesel", 20.2 * 44 / 12, 3.9 * 28 + 3.9 * 265),
        ("natural_gas", 56.1, 92 * 28 + 3 * 265),
        ("lpg", 17.2 * 44 / 12, 62 * 28 + 0.2 * 265),
    ],
)
def test_a_terajoule_on_the_road_emits_what_ipcc_prints_for_road_transport(
    fuel: str, co2: float, others: float
) -> None:
    told = quote(fuel, "TJ", Ask(2023, HENAN, IPCC))
    assert told.factor is not None
    assert told.times * told.factor.co2 == pytest.approx(co2)
    assert told.times * sum(each for _, each in told.factor.others) == pytest.approx(others / 1000)
    articles = [part.article for part in told.factor.parts]
    assert articles.count("ipcc-2006 vol. 2 table 3.2.2") == 2


def test_the_same_tonne_of_diesel_has_more_nitrous_oxide_on_the_road_than_in_a_boiler() -> None:
    ask = Ask(2023, HENAN, IPCC)
    road, boiler = quote("diesel", "t", ask).factor, fuels.quote("diesel", "t", ask).factor
    assert road is not None
    assert boiler is not None
    assert road.co2 == boiler.co2
    assert dict(road.others)["N2O"] / dict(boiler.others)["N2O"] == pytest.approx(3.9 / 0.6)


@pytest.mark.parametrize("purpose", ["", "final", "power", "feedstock"])
def test_a_vehicle_burns_on_the_road_whatever_the_purpose_says(purpose: str) -> None:
    ask = Ask(2023, HENAN, IPCC)
    assert quote("diesel", "t", Ask(2023, HENAN, IPCC, purpose=purpose)) == quote("diesel", "t", ask)


@pytest.mark.parametrize("family", ["cn_a", "cn_b", "cn_c"])
@pytest.mark.parametrize("fuel", ["gasoline", "diesel", "lng", "lpg"])
def test_a_family_of_carbon_dioxide_alone_counts_the_same_as_for_fuel(fuel: str, family: str) -> None:
    ask = Ask(2023, HENAN, Choices(family=family))
    told = quote(fuel, "t", ask)
    assert told == fuels.quote(fuel, "t", ask)
    assert told.factor is not None
    assert told.factor.others == ()


def test_the_national_database_has_diesel_of_vehicles() -> None:
    told = quote("diesel", "t", Ask(2026, HENAN, Choices(family="nefdb2")))
    assert told.factor is not None
    assert told.factor.value == pytest.approx(3.171, abs=5e-4)  # as printed


def test_litres_are_refused_for_no_density_is_agreed_on() -> None:
    [fault] = quote("diesel", "L", Ask(2023, HENAN)).faults
    assert fault.code == "unit_unusable"
    assert "State it in t" in fault.remedy


def test_a_family_with_gases_of_boilers_only_does_not_lend_them_to_the_road(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "factors").mkdir()
    rows = [
        f'  diesel.{name}: {{unit: "{unit}", values: {{"100000": {{1990-01-01: {{value: {value}, '
        'article: "office", published: 2020-01-01}}}}'
        for name, unit, value in (
            ("ncv", "GJ/t", 43), ("carbon_content", "tC/TJ", 20.2), ("oxidation", "1", 1),
            ("ch4", "kgCH4/TJ", 3), ("n2o", "kgN2O/TJ", 0.6),
        )
    ]  # fmt: skip
    text = "\n".join(["label: 本单位", 'unit: "1"', "values: {}", "items:", *rows])
    (tmp_path / "factors" / "fuel_office.yaml").write_text(text, "utf-8")
    monkeypatch.setattr(parameters, "_roots", (parameters.HERE, tmp_path))
    ask = Ask(2023, HENAN, Choices(family="office"))
    boiler = fuels.quote("diesel", "t", ask).factor
    assert boiler is not None
    assert len(boiler.others) == 2
    [fault] = quote("diesel", "t", ask).faults
    assert fault.code == "road_factor_missing"
    assert "diesel.ch4.road" in fault.remedy

"""Land-use change: two kinds of method, changes of a boundary, and what a method cannot tell."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon import names
from carbon.category import Ask
from carbon.choices import Choices, land_methods
from carbon.inventory import inventory
from carbon.land_carbon import USES, converted, is_stock, quote
from data.errors import NoSuchCode
from data.parameters import parameter

ITEMS = sorted(set(names.items()["land"].values()))
CHANGES = [item for item in ITEMS if "_to_" in item]


def _ask(method: str) -> Ask:
    return Ask(2023, "410100", Choices(land=method))


def _changes(*rows: tuple[str | None, str, float | None]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["from_use", "to_use", "area_ha"])


def test_there_are_yearly_fluxes_and_stocks() -> None:
    assert {method: is_stock(method) for method in land_methods()} == {
        "bosten_2024": True,
        "guangdong_2018": False,
        "heigit": True,
        "s41598_2025": True,
    }


@pytest.mark.parametrize("method", ["bosten_2024", "guangdong_2018", "heigit", "s41598_2025"])
@pytest.mark.parametrize("item", ITEMS)
def test_every_item_is_priced_or_says_why_not(item: str, method: str) -> None:
    said = quote(item, "ha", _ask(method))
    if said.factor is None and not said.elsewhere:
        [fault] = said.faults
        assert fault.code == "land_not_in_method"
        assert method in fault.message
        assert "Choose another method" in fault.remedy


def test_every_change_can_be_told_by_some_method() -> None:
    for change in CHANGES:
        told = [quote(change, "ha", _ask(method)).factor for method in land_methods()]
        unknown = {"wetland_to_water", "water_to_wetland", "wetland_to_settlement", "settlement_to_wetland"}
        assert any(told) or change in unknown, change


@pytest.mark.parametrize(
    ("use", "sink"),
    [("forest", 3.9), ("wetland", 0.6), ("grassland", 0.2), ("cropland", -0.1), ("settlement", -0.6)],
)
def test_a_sink_of_the_paper_stands_with_its_sign_turned(use: str, sink: float) -> None:
    assert parameter(f"factors.land_guangdong_2018.{use}").history()[0].value == -sink


def test_land_that_stays_has_no_emission_by_stocks_and_says_so() -> None:
    said = quote("forest", "ha", _ask("heigit"))
    assert (said.factor, said.notation, said.faults) == (None, "NA", ())
    assert "stays" in said.elsewhere


@pytest.mark.parametrize("method", ["bosten_2024", "heigit", "s41598_2025"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_and_its_way_back_cancel_out_by_stocks(change: str, method: str) -> None:
    before, _, after = change.partition("_to_")
    there = quote(change, "ha", _ask(method)).factor
    back = quote(f"{after}_to_{before}", "ha", _ask(method)).factor
    assert (there is None) == (back is None)
    if there and back:
        assert there.value == pytest.approx(-back.value)


@pytest.mark.parametrize(("unit", "times"), [("亩", 1 / 15), ("公顷", 1.0), ("m2", 1e-4), ("km**2", 100.0)])
def test_areas_come_in_the_units_of_statements(unit: str, times: float) -> None:
    assert quote("forest", unit, _ask("guangdong_2018")).times == pytest.approx(times)


def test_land_by_weight_is_a_fault() -> None:
    [fault] = quote("forest", "t", _ask("guangdong_2018")).faults
    assert (fault.code, "per ha" in fault.message) == ("unit_unusable", True)


def test_changes_of_a_boundary_are_told_row_by_row_with_method_and_source() -> None:
    made = converted(
        _changes(("woodland", "industrial", 2.0), ("farmland", "housing", 3.0), ("forest", "woodland", 9.0)),
        "heigit",
        2023,
        "410100",
    )
    assert made["tco2e"].tolist() == pytest.approx([2 * 156 * 44 / 12, 3 * 35 * 44 / 12, 0.0])
    assert set(made["method"]) == {"heigit"}
    assert made["source"][0] == "heigit-lulc-change stocks"
    assert (made["missing"] == "").all()


def test_what_cannot_be_told_of_a_change_has_its_reason_and_is_never_zero() -> None:
    made = converted(
        _changes(("forest", "settlement", None), ("moon", "settlement", 1.0), (None, "forest", 1.0),
                 ("cropland", "settlement", 1.0), ("forest", "settlement", -1.0)),
        "guangdong_2018",
        2023,
        "410100",
    )  # fmt: skip
    assert made["tco2e"].isna().all()
    assert made["missing"].str.contains("area|no use|no value for cropland_to_settlement").all()
    assert "moon is no use" in made["missing"][1]


def test_a_method_published_later_cannot_be_known() -> None:
    made = converted(_changes(("forest", "water", 1.0)), "s41598_2025", 2023, "410100", date(2025, 1, 1))
    assert made["tco2e"].isna().all()
    assert "published by 2025-01-01" in made["missing"][0]


def test_a_method_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(NoSuchCode, match="heigit"):
        converted(_changes(("forest", "water", 1.0)), "heigt", 2023, "410100")


def test_no_changes_are_an_empty_table_with_all_its_columns() -> None:
    made = converted(_changes(), "heigit", 2023, "410100")
    assert list(made.columns) == ["factor", "tco2e", "method", "source", "missing"]
    assert made.empty


def test_land_stands_on_its_own_line_and_in_neither_total() -> None:
    rows = [
        ("land", "林地转建设用地", 30.0, "亩"),
        ("fuel", "柴油", 0.0, "t"),
        ("electricity", "bought", 0.0, "MWh"),
    ]
    frame = pd.DataFrame(rows, columns=["category", "item", "amount", "unit"])
    frame = frame.assign(zone="Z", year=2023, enterprise_id="", supplier_id="")
    made = inventory(frame, zone="Z", region="410100", year=2023)
    assert made.location.known["land"] == pytest.approx(97.4)
    assert made.location.known["total"] == 0
    assert "land" not in made.ndrc910.known


USE = st.sampled_from(sorted(USES))
ROWS = st.lists(st.tuples(USE, USE, st.floats(0.0, 1e5)), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None)
@given(ROWS, st.floats(0.0, 1.0))
def test_splitting_a_piece_of_land_or_turning_the_rows_changes_no_sum(
    rows: list[tuple[str, str, float]], share: float
) -> None:
    whole = converted(_changes(*rows), "heigit", 2023, "410100")["tco2e"]
    parts = _changes(*((a, b, area * part) for a, b, area in rows for part in (share, 1 - share)))
    split = converted(parts, "heigit", 2023, "410100")["tco2e"]
    turned = converted(_changes(*rows[::-1]), "heigit", 2023, "410100")["tco2e"]
    within = 1e-9 * (1 + whole.abs().sum())
    assert split.sum() == pytest.approx(whole.sum(), abs=within)
    assert turned.sum() == pytest.approx(whole.sum(), abs=within)

"""Industrial processes: what has a factor, what has none, and what must not be counted twice."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon import names
from carbon.category import Ask
from carbon.choices import Choices
from carbon.inventory import Inventory, inventory
from carbon.process import quote, unmatched_deductions
from data import parameters
from data.errors import RuleFileError
from data.parameters import parameter
from data.records import Severity

HENAN = Ask(2023, "410100")
ITEMS = sorted(set(names.items()["process"].values()))
AMMONIA = (
    "label: 合成氨\nunit: tCO2/t\nvalues: {{}}\nitems:\n  ammonia_natural_gas.co2:\n    bounds: {bounds}\n"
    '    values:\n      "100000":\n        1990-01-01: {{value: {value}, article: "efdb {efid}", '
    "published: 2006-12-31}}\n"
)


def _park(rows: Iterable[tuple[Any, ...]]) -> Inventory:
    columns = ["enterprise_id", "category", "item", "amount", "unit"]
    frame = pd.DataFrame(list(rows), columns=columns).assign(zone="Z", year=2023, supplier_id="")
    return inventory(frame, zone="Z", region="410100", year=2023)


@pytest.mark.parametrize("item", ITEMS)
def test_every_item_is_priced_or_says_what_to_do_instead(item: str) -> None:
    said = quote(item, "t", HENAN)
    if said.factor is None:
        [fault] = said.faults
        assert fault.code == "factor_missing"
        assert "measured_tco2e" in fault.remedy
        assert "source" in fault.remedy
    else:
        assert said.factor.parts
        assert said.quality == "default, unverified"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("甲醇", "No factor is known for 甲醇"),
        ("合成氨", "State instead ammonia_natural_gas"),
        ("粗钢", "steel_bof"),
        ("纯碱", "soda_ash_natural"),
        ("硝酸", "nitric_acid_high_pressure"),
        ("镍铁", "No factor is known for 镍铁"),
    ],
)
def test_a_product_of_which_no_factor_is_known_is_asked_for_ones_own(name: str, says: str) -> None:
    [fault] = quote(names.items()["process"][name], "t", HENAN).faults
    assert says in fault.message
    assert fault.severity is Severity.ERROR


@pytest.mark.parametrize("unit", ["kWh", "GJ", "万Nm3", "", "?", "亩"])
def test_lime_in_another_measure_than_mass_names_unit_and_remedy(unit: str) -> None:
    [fault] = quote("lime", unit, HENAN).faults
    assert (fault.code, fault.column) == ("unit_unusable", "unit")
    assert (unit or "no unit") in fault.message
    assert "State it in t" in fault.remedy


def test_all_products_of_annex_4_have_an_item_in_chinese() -> None:
    known = names.items()["process"]
    for product in (
        *("硅酸盐水泥熟料", "白色硅酸盐水泥熟料", "硫(铁)铝酸盐水泥熟料", "铝酸盐水泥熟料", "石灰"),
        *("煤制合成氨", "煤气制合成氨", "天然气制合成氨", "油制合成氨", "煤制甲醇", "煤气制甲醇"),
        *("天然气制甲醇", "原铝", "粗钢", "75硅铁", "硅锰", "锰铁", "镍铁", "铬铁", "工业硅", "电石"),
    ):
        product = {"煤气制甲醇": "焦炉煤气制甲醇"}.get(product, product)
        assert names.fold(product) in known, product


def test_the_zero_carbon_park_total_takes_the_carbon_dioxide_alone() -> None:
    silicon = quote("ferrosilicon_75", "t", HENAN)
    assert silicon.factor is not None
    assert silicon.ndrc910 is not None
    assert (silicon.factor.value, silicon.ndrc910.value) == (pytest.approx(4.028), 4.0)
    assert [part.name for part in silicon.ndrc910.parts] == ["factors.process.ferrosilicon_75.co2"]
    assert quote("aluminium_pfc", "t", HENAN).ndrc910 is None


def test_other_warming_potentials_change_the_gases_and_not_the_carbon_dioxide() -> None:
    told = [quote("aluminium", "t", Ask(2023, "410100", Choices(gwp=gwp))).factor for gwp in ("AR5", "AR6")]
    assert [factor.co2 for factor in told if factor] == [1.6, 1.6]
    values = [factor.value for factor in told if factor]
    assert values == pytest.approx([1.6 + 0.1326 + 0.01221, 1.6 + 0.1476 + 0.01364])


@pytest.mark.parametrize("item", ["pig_iron_blast_furnace", "ferrosilicon_75", "calcium_carbide", "lead"])
def test_a_factor_that_holds_its_reducing_agent_warns_of_counting_it_twice(item: str) -> None:
    [fault] = quote(item, "t", HENAN).faults
    assert fault.code == "counted_twice_if_stated"
    assert fault.severity is Severity.WARNING
    assert "用作原料" in fault.remedy


def test_a_year_before_its_guide_was_out_knows_no_factor_of_it() -> None:
    known_then = Ask(2023, "410100", known_on=pd.Timestamp(2024, 6, 1).date())
    assert quote("clinker_portland", "t", known_then).factor is None
    assert quote("clinker", "t", known_then).factor is not None


@pytest.mark.parametrize("item", ITEMS)
def test_a_factor_ten_times_off_lies_outside_its_bounds(item: str) -> None:
    said = quote(item, "t", HENAN)
    for part in said.factor.parts if said.factor else ():
        if part.name.startswith("factors.gwp") or not part.value:
            continue
        low, high = parameter(part.name).bounds or (0.0, 0.0)
        assert low <= part.value <= high
        assert not low <= part.value * 10 <= high, part.name
        assert not low <= part.value / 10 <= high, part.name


@pytest.mark.parametrize(
    ("efid", "value"), [(213981, 29.7), (213982, 30.2), (213983, 36.0), (213984, 37.5), (213985, 42.5)]
)
def test_fuel_of_ammonia_that_poses_as_a_factor_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, efid: int, value: float
) -> None:
    bounds = list(parameter("factors.process.ammonia_natural_gas.co2").bounds or ())
    (tmp_path / "factors").mkdir()
    table = AMMONIA.format(bounds=bounds, value=value, efid=efid)
    (tmp_path / "factors" / "process.yaml").write_text(table, "utf-8")
    monkeypatch.setattr(parameters, "_roots", (tmp_path,))
    parameter.cache_clear()
    try:
        with pytest.raises(RuleFileError, match=rf"{value} tCO2/t lies outside the plausible 1 to 4"):
            parameter("factors.process.ammonia_natural_gas.co2")
    finally:
        parameter.cache_clear()


@pytest.mark.real
def test_of_the_ammonia_rows_of_the_public_database_only_the_first_is_plausible(real: Path) -> None:
    import openpyxl

    low, high = parameter("factors.process.ammonia_natural_gas.co2").bounds or (0.0, 0.0)
    book = openpyxl.load_workbook(real / "emissions" / "ipcc_efdb_output.xlsx", read_only=True)
    asked = {str(each) for each in range(213980, 213986)}
    rows = {row[0]: float(row[14]) for row in book.worksheets[0].values if str(row[0]) in asked}
    book.close()
    assert len(rows) == 6
    assert [efid for efid, value in rows.items() if low <= value <= high] == ["213980"]
    assert rows["213980"] == parameter("factors.process.ammonia_natural_gas.co2").history()[0].value


def test_ones_own_factor_takes_the_place_of_one_that_is_not_known() -> None:
    frame = pd.DataFrame({
        "zone": ["Z"],
        "year": [2023],
        "enterprise_id": ["E1"],
        "category": ["process"],
        "item": ["甲醇"],
        "amount": [1000.0],
        "unit": ["吨"],
        "source": ["2023年核查报告"],
        "measured_tco2e": [2.5],
    })
    made = inventory(frame, zone="Z", region="410100", year=2023)
    assert made.frame["tco2e"].tolist() == [2500.0]
    assert made.frame["ndrc910_tco2"].tolist() == [2500.0]


def test_a_deduction_without_clinker_of_the_same_enterprise_is_a_fault() -> None:
    made = _park([
        *(("E1", "process", "硅酸盐熟料", 1000.0, "t"), ("E1", "process", "电石渣", 100.0, "t")),
        *(("E2", "process", "粉煤灰", 100.0, "t"), ("E3", "process", "铝酸盐熟料", 10.0, "t")),
        ("E3", "process", "熟石灰", 10.0, "t"),
    ])
    first, second = unmatched_deductions(made.frame)
    assert (first.feature, second.feature) == ("E2", "E3")
    assert "5.5 t" in first.message
    assert "its clinker emits 2.92 t" in second.message


def test_no_deduction_is_no_fault() -> None:
    assert unmatched_deductions(_park([("E1", "process", "石灰", 1.0, "t")]).frame) == ()


AMOUNTS = st.lists(
    st.tuples(st.sampled_from([i for i in ITEMS if quote(i, "t", HENAN).factor]), st.floats(0.0, 1e7)),
    min_size=1,
    max_size=6,
    unique_by=lambda each: each[0],
)


@settings(max_examples=20, deadline=None)
@given(AMOUNTS, st.floats(0.1, 0.9))
def test_doubling_doubles_and_splitting_or_turning_rows_changes_nothing(
    rows: list[tuple[str, float]], share: float
) -> None:
    whole = _park(("E1", "process", item, amount, "t") for item, amount in rows)
    twice = _park(("E1", "process", item, amount * 2, "t") for item, amount in rows)
    turned = _park(("E1", "process", item, amount, "t") for item, amount in rows[::-1])
    split = _park(
        (firm, "process", item, amount * part, "t")
        for item, amount in rows
        for firm, part in (("E1", share), ("E2", 1 - share))
    )
    told = whole.location.known["scope1"]
    scale = whole.frame["tco2e"].abs().sum()
    assert twice.location.known["scope1"] == pytest.approx(2 * told, abs=1e-9 * scale)
    assert turned.location.known["scope1"] == pytest.approx(told, abs=1e-9 * scale)
    assert split.location.known["scope1"] == pytest.approx(told, abs=1e-9 * scale)
    assert split.ndrc910.known["process"] == pytest.approx(whole.ndrc910.known["process"], abs=1e-9 * scale)

"""Netting and totals against figures from outside: annex 4 of the zero-carbon parks, CEADs Henan 2019."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from carbon.category import Ask
from carbon.inventory import inventory
from carbon.netting import netting
from data.records import Outcome


def test_annex_4_nets_what_goes_out_and_the_location_total_does_not() -> None:
    """policy.md 5.2: 33,300 t of power, 16,500 t of heat, 49,800 t together."""
    rows = [
        ("E1", "electricity", "green_direct", 50.0, "GWh"),
        ("E1", "electricity", "green_traded", 20.0, "GWh"),
        ("E2", "electricity", "bought", 50.0, "GWh"),
        ("P", "electricity", "sold", 10.0, "GWh"),
        ("E2", "heat", "bought", 200_000.0, "GJ"),
        ("P", "heat", "sold", 50_000.0, "GJ"),
        ("P", "fuel", "natural_gas", 400.0, "万Nm3"),
    ]
    stated = pd.DataFrame(rows, columns=["enterprise_id", "category", "item", "amount", "unit"]).assign(
        zone="Z", year=2023, supplier_id=None, notation=None, explanation=None
    )
    made = inventory(stated, zone="Z", region="410000", year=2023)
    assert made.ndrc910.told["power"] == pytest.approx(33_300)
    assert made.ndrc910.told["heat"] == pytest.approx(16_500)
    assert made.ndrc910.known["power"] + made.ndrc910.known["heat"] == pytest.approx(49_800)

    told = netting(made.frame, made.quotes, Ask(2023, "410000"), "Z")
    sent = told.exports.set_index("carrier")
    assert sent["ndrc910_tco2"].to_dict() == pytest.approx({"electricity": -8_325, "heat": -5_500})
    assert sent["location_tco2e"].to_dict() == {"electricity": 0, "heat": 0}
    # 400 x 21.62188809 = 8648.755 t over 36 000 GJ of power and 50 000 GJ of heat
    assert sent["own_tco2"].to_dict() == pytest.approx({"electricity": 3620.409, "heat": 5028.346}, abs=1e-3)
    assert [fault.code for fault in told.faults] == ["export_credit_above_own"] * 2
    assert told.holds is Outcome.MET


def test_green_power_sent_out_earns_no_credit() -> None:
    stated = pd.DataFrame({
        "enterprise_id": ["P", "P"],
        "category": "electricity",
        "item": ["own_nonfossil", "sold_green"],
        "amount": [15.0, 10.0],
        "unit": "MWh",
    }).assign(zone="Z", year=2023, supplier_id=None, notation=None, explanation=None)
    made = inventory(stated, zone="Z", region="410000", year=2023)
    told = netting(made.frame, made.quotes, Ask(2023, "410000"), "Z")
    [line] = told.exports.to_dict("records")
    assert (line["ndrc910_tco2"], line["own_tco2"]) == (0, 0)
    assert told.faults == ()


@pytest.mark.real
def test_rows_and_columns_of_henan_2019_close_and_so_do_our_sums_over_its_sectors(
    real: Path,
) -> None:
    sheet = pd.read_excel(
        real / "emissions" / "ceads_30_provinces_2019.xlsx",
        sheet_name="Henan2019",
        engine="openpyxl",
        index_col=0,
    )
    henan = sheet[sheet.index.notna() & (sheet.index != "unit")].astype(float)
    assert henan.shape == (48, 22)  # 47 sectors and their total by 21 sources and theirs
    fuels = [name for name in henan if name != "Scope_1_Total"]
    sectors = henan.drop(index="TotalEmissions")
    total = henan.loc["TotalEmissions"]
    np.testing.assert_allclose(sectors.sum(), total, atol=1e-9)
    np.testing.assert_allclose(henan[fuels].sum(axis=1), henan["Scope_1_Total"], atol=1e-9)
    assert total["Scope_1_Total"] == pytest.approx(460.6308192655039, abs=1e-9)
    assert total[["Raw_Coal", "Coke", "Diesel_Oil", "Natural_Gas", "Process"]].tolist() == pytest.approx(
        [259.4373, 38.7497, 31.1659, 21.7326, 30.4130], abs=1e-4
    )
    lines = sectors[fuels].melt(ignore_index=False, var_name="item", value_name="tco2e").reset_index()
    lines = lines.rename(columns={lines.columns[0]: "enterprise_id"})
    frame = lines.assign(
        tco2e=lines["tco2e"] * 1e6,
        scope="scope1",
        part="fuel",
        category=np.where(lines["item"] == "Process", "process", "fuel"),
        **dict.fromkeys(("stated_item", "supplier_id", "notation", "missing", "ndrc910_missing"), ""),
        **dict.fromkeys(("amount", "factor", "ndrc910_tco2"), np.nan),
        quote=-1,
    )
    told = netting(frame, (), Ask(2023, "410000"), "410000")
    each = told.enterprises.set_index("enterprise_id")["total_tco2e"] / 1e6
    np.testing.assert_allclose(each[sectors.index], sectors["Scope_1_Total"], atol=1e-9)
    assert told.park_tco2e == pytest.approx(460_630_819.2655, abs=1e-3)
    assert told.gap_tco2e == pytest.approx(0, abs=1e-6)

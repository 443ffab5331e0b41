"""Inventories of several zones at once: each is what it is by itself, whatever was read beside it."""

from __future__ import annotations

import pandas as pd
import pytest

from api.inventories.many import totals_of
from api.inventories.wishes import Wishes
from api.zone_tables import region_of, statements_of, zone_codes, zone_on
from carbon.inventory import inventories_of_zones, inventory

YEAR = 2024
POWER = {"year": 2024, "category": "electricity", "item": "外购电力", "unit": "MWh"}


def _rows(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([POWER | row for row in rows])


def test_statements_of_another_zone_change_nothing() -> None:
    rows = _rows(
        {"zone": "A", "enterprise_id": "E1", "amount": 10.0},
        {"zone": "B", "enterprise_id": "E1", "amount": 10.0},
        {"zone": "A", "enterprise_id": "E2", "amount": 5.0, "supplier_id": "E3", "item": "区内购电"},
        {"zone": "B", "enterprise_id": "E3", "amount": 5.0, "item": "区内售电"},
    )
    told = inventories_of_zones(rows, regions={"A": "410000", "B": "320000"}, year=YEAR)
    for zone, region in (("A", "410000"), ("B", "320000")):
        alone = inventory(rows, zone=zone, region=region, year=YEAR)
        pd.testing.assert_frame_equal(told[zone].frame, alone.frame)
        assert told[zone].faults == alone.faults
        assert told[zone].totals == alone.totals
    # the supplier states something, but in another zone
    assert "supplier_silent" in {fault.code for fault in told["A"].faults}
    assert "stated_twice" not in {fault.code for fault in told["A"].faults}


def test_every_zone_of_the_book_is_told_as_by_itself_also_by_several_processes(book, monkeypatch) -> None:
    codes = zone_codes(book)
    monkeypatch.setattr("api.inventories.many.TOGETHER", 4)  # several passes, so several processes
    told = list(totals_of(book, codes, YEAR, Wishes()))
    assert [each["zone"] for each in told] == codes
    for each in told:
        rows = statements_of(book, "activity", each["zone"], [YEAR])
        region = region_of(zone_on(book, each["zone"], pd.Timestamp(YEAR, 12, 31).date()))
        alone = inventory(rows, zone=each["zone"], region=region, year=YEAR)
        for total, parts in each["totals"].items():
            for name, value in parts.items():
                expected = alone.totals[total][name]
                assert (value is None) == (expected is None)
                assert (value or 0.0) == pytest.approx(expected or 0.0, rel=1e-12)
        assert (each["lines"], each["faults"]) == (len(alone.frame), len(alone.faults))

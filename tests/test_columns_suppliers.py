"""Suppliers of columns: their names to ours, suggested and never applied silently."""

from __future__ import annotations

import runpy
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from data.codes.classes import classify
from data.columns import recognise, supplier, suppliers
from data.columns.suppliers import read_supplier
from data.errors import ColumnMissing, NoSuchCode, RuleFileError
from data.records import Status

SHARED = runpy.run_path(str(Path(__file__).with_name("fitting.py")))
fitted, errors = (SHARED[name] for name in ("fitted", "errors"))


def dltb(**columns):
    return {
        "BSM": ["410000211000000001"],
        "TBBH": ["1"],
        "DLBM": ["0601"],
        "DLMC": ["工业用地"],
        "TBMJ": [1234.56],
        **columns,
    }


def test_every_supplier_file_is_well_written():
    assert {"guotu_dltb", "guotu_kfyq", "euluc", "cambridge_parcels"} <= set(suppliers())
    for one in suppliers().values():
        assert one.source
        assert one.label
        assert one.recognised_by or one.status is Status.ILLUSTRATION


def test_the_land_survey_becomes_parcels():
    table = fitted("parcels", dltb(), supplier="guotu_dltb")
    row = table.frame.iloc[0]
    assert row["parcel_id"] == "410000211000000001"
    assert row["land_class"] == "0601"
    assert row["class_system"] == "sandiao"
    assert row["declared_area_m2"] == 1234.56
    assert row["TBBH"] == "1"
    assert errors(table) == []


def test_a_supplier_is_suggested_and_never_applied_silently():
    assert recognise(list(dltb()), "parcels") == ["guotu_dltb"]
    assert recognise(["a", "b"], "parcels") == []
    with pytest.raises(ColumnMissing, match=r"look like those of the supplier guotu_dltb: name it"):
        fitted("parcels", dltb())
    table = fitted("parcels", dltb(), rename={"BSM": "parcel_id", "DLBM": "land_class"})
    assert "class_system" not in table.frame
    assert "supplier_likely" in [f.code for f in table.faults]


def test_the_two_extents_of_a_zone_go_where_they_belong_though_names_are_cut():
    rows = {
        "BSM": ["1", "2", "3"],
        "KFYQMC": ["甲区"] * 3,
        "KFYQXZ": ["依法审批范围", "实际管理范围", "不详"],
        "KFYQTZ": ["工业主导型", "产城融合型", None],
        "KFYQMJ": [2_000_000.0, 3_000_000.0, 4_000_000.0],
        "KFYQYGYTDM": [1.0, 2.0, 3.0],
    }
    assert recognise(list(rows), "zones") == ["guotu_kfyq"]
    frame = fitted("zones", rows, supplier="guotu_kfyq").frame
    assert frame["approved_ha"].fillna(-1).tolist() == [200.0, -1, -1]
    assert frame["administered_ha"].fillna(-1).tolist() == [-1, 300.0, -1]
    assert frame["category"].tolist()[:2] == ["industry_led", "integrated"]
    assert frame["KFYQYGYTDM"].tolist() == [1.0, 2.0, 3.0]


def test_an_unknown_class_stays_unknown_and_is_never_guessed():
    table = fitted("parcels", {"Class": [3, 10, 4], "area_m2": [1.0, 2.0, 3.0]}, supplier="euluc")
    assert table.frame["land_class"].tolist() == ["1001", "1401", "4"]
    assert table.frame["class_system"].tolist() == ["ydyh_2023", "ydyh_2023", "other"]
    assert table.frame["parcel_id"].tolist() == ["1", "2", "3"]
    assert errors(table) == []


def test_a_supplier_of_another_kind_or_name_is_refused():
    with pytest.raises(NoSuchCode, match="guotu_dltb"):
        fitted("parcels", dltb(), supplier="guotu_dtlb")
    with pytest.raises(NoSuchCode, match="for parcels"):
        fitted("parcels", dltb(), supplier="guotu_kfyq")


GOOD = "label: x\nkind: parcels\nsource: x\nstatus: unverified\nrecognised_by: [A]\ncolumns: {A: parcel_id}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD + "wrong: 1\n", "keys are those of Supplier"),
        (GOOD.replace("parcels", "plots"), "no kind 'plots'"),
        (GOOD.replace("parcel_id", "parcel"), "no column parcel"),
        (GOOD.replace("unverified", "sure"), "sure"),
        (GOOD + "codes: {land_class: {map: {0: '07'}}}\n", "quote the code"),
        (GOOD + "label: y\n", "stands there twice"),
    ],
)
def test_a_badly_written_supplier_file_says_what_is_wrong(tmp_path, text, words):
    (tmp_path / "some.yaml").write_text(text, "utf-8")
    with pytest.raises(RuleFileError, match=words):
        read_supplier(tmp_path / "some.yaml")


def test_codes_of_a_supplier_are_codes_of_the_system_it_names():
    codes = pd.Series(list(supplier("euluc").codes["land_class"].map.values()))
    known = classify(codes, pd.Series([supplier("euluc").fixed["class_system"]] * len(codes)))
    assert known["category"].notna().all()
    unknown = classify(pd.Series(["4"]), pd.Series(["other"]))
    assert unknown["category"].isna().all()


@pytest.mark.real
def test_the_real_land_use_layer_of_a_zone_fits(real):
    frame = gpd.read_file(real / "zone_wuxi_xinwu" / "xinwu_land_use.gpkg")
    table = fitted("parcels", frame, supplier="euluc", first_row=1)
    counts = table.frame.groupby("class_system").size()
    assert counts.to_dict() == {"other": 146, "ydyh_2023": 1887}
    assert table.frame.loc[table.frame["land_class"] == "1001"].shape[0] == 435
    assert errors(table) == []


@pytest.mark.real
def test_the_real_parcels_name_the_lots_drawn_twice(real):
    frame = gpd.read_file(real / "parcels_cambridge" / "ASSESSING_ParcelsFY2013.topojson")
    table = fitted("parcels", pd.DataFrame(frame.drop(columns="geometry")), supplier="cambridge_parcels")
    assert len(table.frame) == 13_159
    again = [f for f in table.faults if f.code == "duplicate_key"]
    assert again
    assert table.frame["parcel_id"].dropna().duplicated().sum() >= np.int64(len(again))

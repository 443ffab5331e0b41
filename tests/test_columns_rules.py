"""Rules of cells and rows: bounds, required cells, keys, notations; faults listed all at once."""

from __future__ import annotations

import runpy
from pathlib import Path

import geopandas as gpd
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from data.columns import fit
from data.kinds import kind, kinds

SHARED = runpy.run_path(str(Path(__file__).with_name("fitting.py")))
fitted, errors, enterprise, project = (SHARED[name] for name in ("fitted", "errors", "enterprise", "project"))


def test_bounds_are_held_with_the_value():
    table = fitted("enterprises", enterprise(year=[1890], employees=[-3], tax_cny10k=[-5]))
    assert errors(table) == [("out_of_bounds", 2, "year"), ("out_of_bounds", 2, "employees")]
    assert "'-3' is out of bounds: at least 0 人" in table.faults[1].message


def test_an_empty_required_cell_is_a_fault_once():
    rows = {
        "enterprise_id": ["1", " ", None],
        "name": list("甲乙丙"),
        "zone": ["G1"] * 3,
        "year": ["2024", "x", None],
    }
    assert errors(fitted("enterprises", rows)) == [
        ("not_a_number", 3, "year"),
        ("required_empty", 3, "enterprise_id"),
        ("required_empty", 4, "enterprise_id"),
        ("required_empty", 4, "year"),
    ]


def test_equal_keys_are_one_fault_that_lists_the_rows():
    rows = {
        "enterprise_id": ["1", "2", "1", "1"],
        "name": list("abcd"),
        "zone": ["G1"] * 4,
        "year": [2024, 2024, 2024, 2023],
    }
    table = fitted("enterprises", rows)
    assert errors(table) == [("duplicate_key", 4, "")]
    assert "Rows 2, 4 have the same key: enterprise_id 1, year 2024" in table.faults[0].message


def test_several_rows_of_one_zone_are_its_parts():
    table = fitted("zones", {"code": ["G1", "G1"], "name": ["区", "区"]})
    assert [(f.code, f.severity.value) for f in table.faults] == [("duplicate_key", "warning")]


def activity(**columns):
    count = len(next(iter(columns.values())))
    return {
        "zone": ["G1"] * count,
        "year": [2024] * count,
        "category": ["fuel"] * count,
        "item": [f"煤{i}" for i in range(count)],
        "unit": ["t"] * count,
        **columns,
    }


def test_an_amount_or_a_notation_with_its_reason_never_both_never_neither():
    table = fitted(
        "activity",
        activity(
            amount=[0, 5, None, None, None, 3],
            notation=[None, None, "NO", "未估算", None, "NE"],
            explanation=[None, None, "没有", None, "未知", "x"],
        ),
    )
    assert errors(table) == [
        ("amount_missing", 6, "amount"),
        ("amount_and_notation", 7, "amount"),
        ("notation_unexplained", 5, "notation"),
    ]
    assert table.frame["amount"].tolist()[:2] == [0.0, 5.0]
    assert table.frame["notation"].tolist()[2:4] == ["NO", "NE"]
    assert "never 0 for unknown" in table.faults[0].remedy


def test_a_file_without_an_amount_column_lacks_every_amount():
    assert errors(fitted("activity", activity(amount=[None]))) == [("amount_missing", 2, "amount")]
    assert errors(fitted("activity", activity(category=["fuel"]))) == [("amount_missing", 2, "amount")]


def test_a_bad_amount_is_named_once():
    table = fitted("activity", activity(amount=["约5"]))
    assert errors(table) == [("not_a_number", 2, "amount")]


def test_rows_are_told_by_the_index_that_the_reader_left():
    frame = pd.DataFrame(project(actual_tax_cny10k=["1", "x"]), index=[0, 7])
    assert errors(fitted("projects", frame, first_row=5)) == [("not_a_number", 12, "actual_tax_cny10k")]


def test_faults_of_the_reader_stay_and_come_first():
    first = fitted("projects", project(actual_tax_cny10k=["x"]))
    again = fit(first, kind("projects"))
    assert again.faults[: len(first.faults)] == first.faults


def test_many_bad_cells_are_listed_up_to_a_thousand_and_the_rest_counted():
    table = fitted("projects", project(actual_tax_cny10k=["x"] * 2500))
    assert len(table.faults) == 1001
    assert "1,500 more cells" in table.faults[-1].message


def test_geometry_and_its_crs_stay():
    frame = gpd.GeoDataFrame({"地块编号": ["1"], "地类编码": ["0601"]}, geometry=[box(0, 0, 1, 1)], crs=4526)
    table = fitted("parcels", frame)
    assert isinstance(table.frame, gpd.GeoDataFrame)
    assert table.frame.crs.to_epsg() == 4526
    assert table.frame["land_class"].tolist() == ["0601"]
    assert table.faults == ()


def test_the_given_table_is_left_as_it_was():
    frame = pd.DataFrame(enterprise(**{"税收(亿元)": ["1"]}))
    before = frame.copy()
    fitted("enterprises", frame)
    pd.testing.assert_frame_equal(frame, before)


cell = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.floats(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.dates(),
    st.datetimes(),
)


@given(st.sampled_from(sorted(kinds())), st.data())
def test_any_cells_give_a_table_with_faults_and_never_an_exception(name, data):
    one = kind(name)
    count = data.draw(st.integers(0, 3))
    rows = {
        column: pd.Series(data.draw(st.lists(cell, min_size=count, max_size=count)), dtype=object)
        for column in one.columns
    }
    table = fitted(name, pd.DataFrame(rows))
    assert len(table.frame) == count
    assert list(table.frame.columns) == list(one.columns)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_numbers_as_text_and_as_numbers_are_the_same(values):
    texts = fitted("projects", project(actual_tax_cny10k=[repr(v) for v in values])).frame
    assert texts["actual_tax_cny10k"].tolist() == values

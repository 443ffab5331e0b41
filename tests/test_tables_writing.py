"""Tables written: what reads back, what is guarded, what stays of an old file."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import FileTooLarge, FileUnusable
from data.formats.tables import read_table, write_csv, write_xlsx

plain = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff"), min_size=1, max_size=8
).filter(lambda text: text.strip())


@settings(max_examples=40)
@given(st.lists(st.tuples(plain, st.floats(allow_nan=False, allow_infinity=False)), min_size=1, max_size=6))
def test_what_is_written_as_csv_reads_back_the_same(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    frame = pd.DataFrame({"编号": [f"k{i}" for i in range(len(rows))]})
    frame["名称"], frame["税收"] = [row[0] for row in rows], [row[1] for row in rows]
    write_csv(frame, path)
    back = read_table(path).frame
    assert back["名称"].tolist() == frame["名称"].tolist()
    assert [float(cell) for cell in back["税收"]] == frame["税收"].tolist()


def test_a_formula_in_the_data_is_guarded_in_csv_and_a_negative_number_is_not(tmp_path):
    frame = pd.DataFrame({"name": ["=1+1", "@x", "+86 138", "-5", "a-b"], "tax": [-1.5, 2, 3, 4, 5]})
    write_csv(frame, tmp_path / "a.csv")
    written = (tmp_path / "a.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert "'=1+1,-1.5\r\n'@x,2.0\r\n'+86 138,3.0\r\n-5,4.0" in written.decode("utf-8-sig")
    assert read_table(tmp_path / "a.csv").frame["name"].tolist() == frame["name"].tolist()


def test_a_workbook_written_reads_back_and_holds_no_formula(tmp_path):
    frame = pd.DataFrame({
        "编码": ["0601", None, "=1+1"],
        "面积": [1.25, float("nan"), -3],
        "建成": pd.array([True, None, False], dtype="boolean"),
        "投产日期": pd.to_datetime(["2024-06-01", None, "2020-02-29"]),
        "年份": pd.array([2024, None, 2020], dtype="Int64"),
        "网址": ["http://a.b", "mailto:x", "x"],
    })
    write_xlsx(frame, tmp_path / "a.xlsx", title="企业表")
    table = read_table(tmp_path / "a.xlsx")
    assert table.frame["编码"].fillna("").tolist() == ["0601", "", "=1+1"]
    assert table.frame["面积"].tolist()[::2] == [1.25, -3.0]
    assert table.frame["建成"].tolist() == [True, None, False]
    assert table.frame["投产日期"].tolist()[0] in (date(2024, 6, 1), datetime(2024, 6, 1))
    assert table.first_row == 3
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet.freeze_panes == "A3"
    assert sheet["A5"].data_type in ("s", "inlineStr")
    assert sheet["F3"].hyperlink is None
    assert sheet["A2"].value == "编码"
    assert sheet.column_dimensions["D"].width >= 10


def test_geometry_is_left_out_of_tables(tmp_path):
    geopandas = pytest.importorskip("geopandas")
    frame = geopandas.GeoDataFrame({"a": [1, 2]}, geometry=geopandas.points_from_xy([0, 1], [0, 1]))
    write_csv(frame, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text("utf-8-sig").split() == ["a", "1", "2"]
    write_xlsx(frame, tmp_path / "a.xlsx")
    assert read_table(tmp_path / "a.xlsx").frame.columns.tolist() == ["a"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"old")
    with pytest.raises(FileTooLarge, match=r"holds 32,767.*Write \.csv"):
        write_xlsx(pd.DataFrame({"a": ["x" * 40_000]}), tmp_path / "a.xlsx")
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]
    assert (tmp_path / "a.xlsx").read_bytes() == b"old"
    with pytest.raises(FileUnusable, match="Check folder"):
        write_csv(pd.DataFrame({"a": [1]}), tmp_path / "none" / "a.csv")
    with pytest.raises(FileTooLarge, match=r"a sheet holds 1,048,576.*parquet"):
        write_xlsx(pd.DataFrame({"a": np.zeros(1_048_577)}), tmp_path / "b.xlsx")

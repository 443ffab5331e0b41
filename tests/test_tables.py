"""Workbooks as tables: headers, rows as a person sees them, what is refused."""

from __future__ import annotations

import io
import runpy
import struct
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from data.errors import FileBroken, FileTooLarge, FileUnusable, MutanError
from data.formats import extents, zipped
from data.formats.tables import read_table
from data.records import Severity

SHARED = runpy.run_path(str(Path(__file__).with_name("written_tables.py")))
book, codes, rows_seen = (SHARED[name] for name in ("book", "codes", "rows_seen"))


def test_a_text_code_keeps_its_zeros_and_a_number_stays_a_number(tmp_path):
    path = book(tmp_path / "a.xlsx", [["地类编码", "面积"], ["0601", 601], ["07", 2.5]])
    table = read_table(path)
    assert table.frame["地类编码"].tolist() == ["0601", "07"]
    assert table.frame["面积"].tolist() == [601.0, 2.5]
    assert table.first_row == 2
    assert table.source.format == "xlsx"
    assert table.source.layer == "Sheet1"
    assert len(table.source.sha256) == 64


def test_merged_headers_titles_and_units_become_one_name_per_column(tmp_path):
    rows = [
        ["某区企业表", None, None, None],
        ["单位：万元", None, None, None],
        ["企业名称", "税收", None, "从业人数"],
        [None, "2022年", "2023年", None],
        ["甲", 1, 2, 30],
    ]
    path = book(tmp_path / "a.xlsx", rows, ["A1:D1", "A3:A4", "B3:C3", "D3:D4"])
    table = read_table(path)
    assert list(table.frame.columns) == ["企业名称", "税收/2022年", "税收/2023年", "从业人数"]
    assert table.frame.attrs["units"] == ("万元",)
    assert rows_seen(table) == [5]


def test_rows_are_counted_as_a_person_sees_them_though_some_are_left_out(tmp_path):
    rows = [
        ["名称", "面积"],
        ["甲", 1],
        [None, None],
        ["小计", 1],
        ["乙", 2],
        ["合 计", 3],
        ["注：估算", None],
    ]
    table = read_table(book(tmp_path / "a.xlsx", rows))
    assert table.frame["名称"].tolist() == ["甲", "乙"]
    assert rows_seen(table) == [2, 5]
    assert [(f.code, f.row) for f in table.faults] == [("total_row", 4), ("total_row", 6), ("footer", 7)]
    assert all(fault.severity is Severity.WARNING for fault in table.faults)


def test_a_text_merged_over_rows_holds_for_each_and_a_number_counts_once(tmp_path):
    rows = [["市", "县", "面积"], ["郑州", "中牟", 5], [None, "新郑", None], ["洛阳", "偃师", 1]]
    table = read_table(book(tmp_path / "a.xlsx", rows, ["A2:A3", "C2:C3"]))
    assert table.frame["市"].tolist() == ["郑州", "郑州", "洛阳"]
    assert table.frame["面积"].isna().tolist() == [False, True, False]
    assert [(f.code, f.row) for f in table.faults] == [("merged_number", 2)]


def test_error_cells_and_formulas_never_computed_are_named_by_their_cell(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as made:
        sheet = made.add_worksheet("表")
        sheet.write_row(0, 0, ["名称", "面积", "税收"])
        sheet.write_row(1, 0, ["甲", 1, 2])
        sheet.write_formula(6, 2, "=A99", None, "#REF!")
        sheet.write_formula(5, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(4, 1, "=2+2", None, 4)
        sheet.write_row(5, 0, ["乙"])
        sheet.write_row(6, 0, ["丙"])
    table = read_table(tmp_path / "a.xlsx")
    errors = [(f.row, f.column, f.message) for f in table.faults if f.code == "error_cell"]
    assert [(row, column) for row, column, _ in errors] == [(6, "B"), (7, "C")]
    assert "C7" in errors[1][2]
    assert "#REF!" in errors[1][2]
    assert table.frame["面积"].tolist()[:2] == [1.0, 4.0]

    path = book(tmp_path / "b.xlsx", [["a", "b"], ["x", "=1+1"]])
    faults = read_table(path).faults
    assert [(f.code, f.row, f.column) for f in faults] == [("formula_without_value", 2, "B")]
    assert "B2" in faults[0].message
    assert "let it compute" in faults[0].remedy


def test_days_and_truths_come_as_they_are(tmp_path):
    table = read_table(book(tmp_path / "a.xlsx", [["a", "b"], [date(2024, 6, 1), True]]))
    assert table.frame["a"].tolist() == [date(2024, 6, 1)]
    assert table.frame["b"].tolist() == [True]


def test_the_first_sheet_with_data_is_read_and_the_others_are_named(tmp_path):
    made = openpyxl.Workbook()
    made.active.title = "填表说明"
    made.active.append(["请", "读"])
    made.create_sheet("企业").append(["a", "b"])
    made.create_sheet("地块").append(["c", "d"])
    made.save(tmp_path / "a.xlsx")
    table = read_table(tmp_path / "a.xlsx")
    assert table.source.layer == "企业"
    assert codes(table) == ["other_sheets"]
    assert "地块" in table.faults[0].message
    assert list(read_table(tmp_path / "a.xlsx", sheet="地块").frame.columns) == ["c", "d"]
    with pytest.raises(FileBroken, match=r"no sheet '楼'.*企业.*Name one"):
        read_table(tmp_path / "a.xlsx", sheet="楼")


def test_columns_without_a_name_or_with_the_same_name_stay_apart(tmp_path):
    table = read_table(book(tmp_path / "a.xlsx", [["a", "b", "a", None, None], ["1", "2", "3", "4", None]]))
    assert list(table.frame.columns) == ["a", "b", "a_2", "column_D"]
    assert codes(table) == ["column_name"] * 2


def test_a_table_that_begins_far_from_the_corner_is_found(tmp_path):
    made = openpyxl.Workbook()
    made.active["C4"], made.active["D4"] = "名称", "面积"
    made.active["C5"], made.active["D5"] = "甲", 3
    made.save(tmp_path / "a.xlsx")
    table = read_table(tmp_path / "a.xlsx")
    assert table.frame.to_dict("list") == {"名称": ["甲"], "面积": [3.0]}
    assert rows_seen(table) == [5]


def test_an_empty_workbook_says_so(tmp_path):
    with pytest.raises(FileBroken, match=r"is empty.*Fill in a sheet"):
        read_table(book(tmp_path / "a.xlsx", []))


def test_a_workbook_cut_short_says_so(tmp_path):
    whole = book(tmp_path / "a.xlsx", [["a", "b"], [1, 2]]).read_bytes()
    for length in (10, 200, len(whole) // 2, len(whole) - 10):
        (tmp_path / "b.xlsx").write_bytes(whole[:length])
        with pytest.raises(FileBroken, match=r"save it anew|Export it anew"):
            read_table(tmp_path / "b.xlsx")


def test_a_damaged_workbook_never_ends_in_another_exception(tmp_path):
    whole = bytearray(book(tmp_path / "a.xlsx", [["a", "b"], ["x", 2]]).read_bytes())
    rng = np.random.default_rng(7)
    for _ in range(60):
        broken = bytearray(whole)
        for at in rng.integers(0, len(broken), 8):
            broken[at] = rng.integers(0, 256)
        (tmp_path / "b.xlsx").write_bytes(broken)
        with suppress(MutanError):
            read_table(tmp_path / "b.xlsx")


def test_a_zip_that_is_no_workbook_says_so(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as made:
        made.writestr("readme.txt", "x")
    with pytest.raises(FileBroken, match=r"[sS]ave it anew"):
        read_table(tmp_path / "a.xlsx")


def test_a_zip_bomb_is_refused_before_anything_opens_it(tmp_path, monkeypatch):
    monkeypatch.setattr(zipped, "UNZIPPED_MOST", 1_000_000)
    path = book(tmp_path / "a.xlsx", [["a", "b"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/media/image1.bin", b"\0" * 2_000_000)
    assert path.stat().st_size < 20_000
    with pytest.raises(FileTooLarge, match=r"more than 1,000,000 bytes.*Split it"):
        read_table(path)


def test_one_cell_in_the_last_corner_is_refused_before_memory_is_asked_for(tmp_path):
    made = openpyxl.Workbook()
    made.active["A1"], made.active["XFD1048576"] = "a", 1
    made.save(tmp_path / "a.xlsx")
    with pytest.raises(FileTooLarge, match=r"column 16384 and row 1,048,576.*Delete"):
        read_table(tmp_path / "a.xlsx")


def test_one_long_text_named_by_every_cell_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(zipped, "UNZIPPED_MOST", 200_000)
    with __import__("xlsxwriter").Workbook(str(tmp_path / "a.xlsx")) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        for i in range(1, 40):
            sheet.write_row(i, 0, ["x" * 30_000, "y"])
    with pytest.raises(FileTooLarge, match=r"bytes of text.*CSV"):
        read_table(tmp_path / "a.xlsx")


def ods(rows: str) -> bytes:
    opened = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    )
    held = io.BytesIO()
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", kind)
        made.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
        made.writestr(
            "content.xml",
            f'{opened}<table:table table:name="表">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return held.getvalue()


ODS_TEXT = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'


def test_an_ods_is_read_and_its_blank_repetitions_cost_nothing(tmp_path):
    rows = (
        f"<table:table-row>{ODS_TEXT.format('名称')}{ODS_TEXT.format('编码')}</table:table-row>"
        f"<table:table-row>{ODS_TEXT.format('甲')}{ODS_TEXT.format('0601')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    (tmp_path / "a.ods").write_bytes(ods(rows))
    table = read_table(tmp_path / "a.ods")
    assert table.frame.to_dict("list") == {"名称": ["甲"], "编码": ["0601"]}
    assert codes(table) == ["errors_unseen"]


def test_an_ods_that_repeats_a_filled_cell_without_end_is_refused(tmp_path):
    cell = (
        '<table:table-cell table:number-columns-repeated="1000" office:value-type="float" office:value="1"/>'
    )
    row = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    (tmp_path / "a.ods").write_bytes(ods(row))
    with pytest.raises(FileTooLarge, match=r"column 1000 and row 1,000,000"):
        read_table(tmp_path / "a.ods")


def test_the_reach_of_a_binary_sheet_is_told_from_its_records():
    row = bytes([0, 8]) + struct.pack("<II", 1_048_575, 0)
    cell = bytes([5, 16]) + struct.pack("<IId", 16_383, 0, 1.0)
    assert extents._reach(row + cell) == (16_384, 1_048_576)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BIFF = bytes.fromhex("09081000000605009600cc0741000000060000008600") + b"\0\0"  # BOF, WRITEPROT


@pytest.mark.parametrize(
    "content",
    [
        OLE + b"\0" * 504 + BIFF + b"\x2f\0\x36\0" + b"\x01" * 54,
        OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600,
    ],
    ids=["xls", "xlsx"],
)
def test_a_workbook_behind_a_password_says_what_to_do(tmp_path, content):
    (tmp_path / "a.xls").write_bytes(content)
    with pytest.raises(FileBroken, match=r"protected by a password.*save a copy without one"):
        read_table(tmp_path / "a.xls")


def test_bytes_that_only_begin_like_an_xls_are_no_traceback(tmp_path):
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(FileBroken, match=r"save it anew as \.xlsx"):
        read_table(tmp_path / "a.xls")


def test_a_web_page_named_xls_says_so_and_tabs_named_xls_are_read(tmp_path):
    (tmp_path / "a.xls").write_text("<html><table><tr><td>1</td></tr></table></html>", "utf-8")
    with pytest.raises(FileBroken, match=r"web page.*save it as \.xlsx"):
        read_table(tmp_path / "a.xls")
    (tmp_path / "b.xls").write_bytes("名称\t面积\n甲\t3\n".encode("gb18030"))
    assert read_table(tmp_path / "b.xls").frame.to_dict("list") == {"名称": ["甲"], "面积": ["3"]}


def test_a_sheet_without_a_header_says_how_to_begin_it(tmp_path):
    with pytest.raises(FileBroken, match=r"no header row.*names each column"):
        read_table(book(tmp_path / "a.xlsx", [[1, 2, 3], [4, 5, 6]]))


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(FileUnusable, match="Check the name"):
        read_table(tmp_path / "none.xlsx")

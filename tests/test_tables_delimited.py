"""Delimited text as tables: encoding, delimiter, rows that are not whole."""

from __future__ import annotations

import runpy
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import FileBroken, MutanError
from data.formats.tables import read_table

SHARED = runpy.run_path(str(Path(__file__).with_name("written_tables.py")))
codes, rows_seen = (SHARED[name] for name in ("codes", "rows_seen"))


TEXT = "企业编号,企业名称,税收\n007,郑州经济技术开发区制造有限公司,1.5\n008,洛阳重工,\n"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(tmp_path, encoding, told):
    (tmp_path / "a.csv").write_bytes(TEXT.encode(encoding))
    table = read_table(tmp_path / "a.csv")
    assert table.source.encoding == told
    assert table.frame["企业编号"].tolist() == ["007", "008"]
    assert table.frame["企业名称"].tolist()[1] == "洛阳重工"
    assert table.frame["税收"].isna().tolist() == [False, True]
    assert table.faults == ()


def test_big5_is_told_from_gbk(tmp_path):
    text = "編號,名稱,稅收\n007,經濟技術開發區製造有限公司,1.5\n"
    (tmp_path / "a.csv").write_bytes(text.encode("big5"))
    table = read_table(tmp_path / "a.csv")
    assert table.source.encoding == "big5"
    assert table.frame["名稱"].tolist() == ["經濟技術開發區製造有限公司"]


def test_a_named_encoding_wins_and_a_wrong_one_names_the_line(tmp_path):
    (tmp_path / "a.csv").write_bytes(TEXT.encode("gbk"))
    assert read_table(tmp_path / "a.csv", encoding="gbk").source.encoding == "gbk"
    with pytest.raises(FileBroken, match=r"not in utf-8: line 1.*Name its encoding"):
        read_table(tmp_path / "a.csv", encoding="utf-8")
    with pytest.raises(FileBroken, match=r"no encoding 'utf-9'.*gb18030"):
        read_table(tmp_path / "a.csv", encoding="utf-9")


def test_bytes_of_no_likely_encoding_are_refused_not_guessed(tmp_path):
    (tmp_path / "a.csv").write_bytes(TEXT.encode() + b"\xff\xff\n")
    with pytest.raises(FileBroken, match=r"cannot be told: line 4.*CSV UTF-8"):
        read_table(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_bytes("name,town\n1,Orl\xe9ans\n".encode("latin-1"))
    with pytest.raises(FileBroken, match="Name its encoding"):
        read_table(tmp_path / "b.csv")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_sniffed(tmp_path, mark):
    (tmp_path / "a.csv").write_text(f"code{mark}name\n01{mark}甲\n", "utf-8")
    assert read_table(tmp_path / "a.csv").frame.to_dict("list") == {"code": ["01"], "name": ["甲"]}


def test_a_quoted_cell_may_run_over_lines_and_counts_as_one_row(tmp_path):
    (tmp_path / "a.csv").write_text('code,name\n01,"甲\n厂, ""东"""\n02,乙\n', "utf-8")
    table = read_table(tmp_path / "a.csv")
    assert table.frame["name"].tolist() == ['甲\n厂, "东"', "乙"]
    assert rows_seen(table) == [2, 3]


def test_ragged_rows_are_named_and_nothing_shifts(tmp_path):
    (tmp_path / "a.csv").write_text("a,b,c\n1,x,2\n3,y\n\n4,z,5,6\n7,u,8,\n", "utf-8")
    table = read_table(tmp_path / "a.csv")
    assert [(f.code, f.row, f.severity.value) for f in table.faults] == [
        ("ragged_row", 3, "error"),
        ("ragged_row", 5, "error"),
    ]
    assert "2 cells, and the header 3" in table.faults[0].message
    assert table.frame["a"].tolist() == ["1", "3", "4", "7"]
    assert rows_seen(table) == [2, 3, 5, 6]


def test_a_title_above_a_delimited_table_does_not_shift_the_rows(tmp_path):
    (tmp_path / "a.csv").write_text("企业表\n单位：万元\nname,tax\n甲,1\n合计,1\n", "utf-8")
    table = read_table(tmp_path / "a.csv")
    assert table.frame.to_dict("list") == {"name": ["甲"], "tax": ["1"]}
    assert rows_seen(table) == [4]
    assert codes(table) == ["total_row"]


def test_nul_bytes_are_named_by_line(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2\n3,\0\n")
    with pytest.raises(FileBroken, match=r"NUL byte in line 3.*Export it anew"):
        read_table(tmp_path / "a.csv")


def test_a_quotation_mark_left_open_says_so(tmp_path):
    (tmp_path / "a.csv").write_text('a,b\n1,"' + "x,\n" * 100_000, "utf-8")
    with pytest.raises(FileBroken, match=r"never closed.*Double it"):
        read_table(tmp_path / "a.csv")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n", b",,,\n"])
def test_an_empty_text_says_so(tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(FileBroken, match="is empty"):
        read_table(tmp_path / "a.csv")


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_table_or_a_message(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "a.csv"
    path.write_bytes(content)
    with suppress(MutanError):
        read_table(path)

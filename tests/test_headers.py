"""Which rows of a sheet are its header, and what its columns are called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.formats.headers import find_header, is_unit, tidy


def names(rows, merged=()):
    width = max(len(row) for row in rows)
    header = find_header([[*row, *[""] * (width - len(row))] for row in rows], merged)
    return header and (header.names, header.start, header.end)


def test_a_plain_header_is_the_first_row():
    assert names([["code", "name"], ["0601", "工业用地"]]) == (("code", "name"), 0, 1)


def test_titles_and_remarks_above_the_header_are_passed_over():
    rows = [
        ["开发区企业统计表", "", ""],
        ["填表单位：某区管委会", "", "2024年6月"],
        ["", "", "第 1 页"],
        ["企业名称", "税收", "从业人数"],
        ["甲厂", 12.0, 3.0],
    ]
    assert names(rows) == (("企业名称", "税收", "从业人数"), 3, 4)


def test_a_unit_said_once_for_the_sheet_is_kept_apart_from_the_names():
    header = find_header([["用地表", ""], ["单位：公顷、万元", ""], ["名称", "面积"], ["甲", 1.0]])
    assert header.units == ("公顷", "万元")
    assert header.names == ("名称", "面积")


def test_three_merged_levels_are_joined_from_top_to_bottom():
    rows = [
        ["企业名称", "税收", "", "面积"],
        ["", "2022年", "2023年", ""],
        ["", "万元", "万元", ""],
        ["甲厂", 1.0, 2.0, 3.0],
    ]
    merged = [(0, 0, 2, 0), (0, 1, 0, 2), (0, 3, 2, 3)]
    assert names(rows, merged) == (("企业名称", "税收/2022年/万元", "税收/2023年/万元", "面积"), 0, 3)


def test_years_below_a_merged_cell_name_columns_though_they_are_numbers():
    rows = [["名称", "税收", ""], ["", 2022.0, 2023.0], ["甲", 5.0, 6.0]]
    assert names(rows, [(0, 0, 1, 0), (0, 1, 0, 2)]) == (("名称", "税收/2022", "税收/2023"), 0, 2)


def test_numbers_below_a_merged_cell_are_data():
    rows = [["名称", "税收", ""], ["甲", 5.0, 6.5], ["乙", 5.0, 6.0]]
    assert names(rows, [(0, 1, 0, 2)])[2] == 1


def test_a_row_of_units_is_folded_into_the_names():
    rows = [["名称", "税收", "面积"], ["", "（万元）", "亩"], ["甲", 1.0, 2.0]]
    assert names(rows) == (("名称", "税收(万元)", "面积(亩)"), 0, 2)


def test_a_row_that_begins_with_the_word_unit_is_a_row_of_units():
    rows = [["Sector", "Coal", "Coke"], ["unit", "Mt CO2", "Mt CO2"], ["Total", 1.0, 2.0]]
    assert names(rows) == (("Sector", "Coal(Mt CO2)", "Coke(Mt CO2)"), 0, 2)


def test_a_header_exported_without_its_merged_cells_is_filled_to_the_right():
    rows = [["名称", "税收", "", "面积"], ["", "2022年", "2023年", ""], ["甲厂", "1", "2", "3"]]
    assert names(rows) == (("名称", "税收/2022年", "税收/2023年", "面积"), 0, 2)


def test_a_row_that_numbers_the_columns_is_no_data():
    rows = [["名称", "代码", "税收", "面积"], ["甲", "1", "2", "3"], ["某厂", "01", "5", "6"]]
    assert names(rows)[2] == 2
    assert names([["a", "b", "c"], ["(1)", "(2)", "(3)"], ["x", "y", "z"]])[2] == 2
    assert names([["a", "b", "c"], ["1", "2", "3"]])[2] == 1


def test_a_hidden_plain_header_gives_way_to_the_merged_one_that_is_printed():
    rows = [
        ["汇总表", "", ""],
        ["a", "b", "c"],
        ["面积单位：公顷", "", ""],
        ["行政区域", "", "总面积"],
        ["名称", "代码", ""],
    ]
    merged = [(0, 0, 0, 2), (2, 0, 2, 2), (3, 0, 3, 1), (3, 2, 4, 2)]
    assert names(rows, merged) == (("行政区域/名称", "行政区域/代码", "总面积"), 3, 5)


def test_cells_merged_down_in_the_data_do_not_lengthen_the_header():
    rows = [["市", "县"], ["郑州", "中牟"], ["", "新郑"]]
    assert names(rows, [(1, 0, 2, 0)]) == (("市", "县"), 0, 1)


def test_a_sheet_of_numbers_has_no_header():
    assert names([["1", "2", "3"], ["4", "5", "6"]]) is None


def test_years_alone_may_be_a_header():
    assert names([["地区", "2022", "2023"], ["郑州", "1", "2"]])[0] == ("地区", "2022", "2023")


def test_one_column_has_its_first_cell_as_header():
    assert names([["编号"], ["0601"]]) == (("编号",), 0, 1)


def test_blanks_within_chinese_names_go_and_those_between_english_words_stay():
    assert tidy("序  号\n") == "序号"
    assert tidy("Raw\nCoal") == "Raw Coal"


@pytest.mark.parametrize("text", ["万元", "(亩)", "（平方米）", "㎡", "m²", "万元/亩", "tCO2e", "吨标准煤"])
def test_units_are_known(text):
    assert is_unit(text)


@pytest.mark.parametrize("text", ["", "税收", "增值税", "名称", "12"])
def test_other_words_are_no_units(text):
    assert not is_unit(text)


cells = st.one_of(st.text(max_size=6), st.floats(allow_nan=False), st.just(""), st.none(), st.booleans())


@given(
    st.integers(1, 5).flatmap(
        lambda w: st.lists(st.lists(cells, min_size=w, max_size=w), min_size=1, max_size=9)
    ),
    st.lists(st.tuples(*[st.integers(0, 8)] * 4), max_size=4),
)
def test_any_sheet_gives_a_header_within_it_or_none(rows, ranges):
    merged = [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in ranges]
    header = find_header(rows, merged)
    if header is not None:
        assert 0 <= header.start < header.end <= len(rows)
        assert len(header.names) == len(rows[0])

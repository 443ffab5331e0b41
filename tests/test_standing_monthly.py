"""Monthly series: a month beside that of the year before, the year to date, and what a gap takes away."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import ColumnMissing
from data.records import Severity
from geo.standing import monthly, read

COLUMNS = ["zone", "period", "item", "value", "unit"]


def frame(figures, zone="A", item="tax", unit="亿元"):
    """{period: value} of one zone and item."""
    rows = [(zone, period, item, value, unit) for period, value in figures.items()]
    return pd.DataFrame(rows, columns=COLUMNS)


def year(number, values):
    return {f"{number}-{month:02d}": value for month, value in enumerate(values, 1)}


def rows(figures, **more):
    return monthly(frame(figures, **more)).rows.set_index("period")


def codes(statistics):
    return [fault.code for fault in monthly(statistics).faults]


def test_month_and_year_to_date_are_held_against_the_year_before():
    told = rows({**year(2023, [10, 20, 30]), **year(2024, [12, 15, 33])})
    assert told.loc["2024-02", ["value", "yoy", "ytd"]].tolist() == [15, -0.25, 27]
    assert told.loc["2024-02", "ytd_yoy"] == pytest.approx(27 / 30 - 1)
    assert told.loc["2024-03", ["ytd", "ytd_yoy"]].tolist() == [60, 0.0]
    assert told.loc["2024-03", ["reason", "ytd_reason"]].tolist() == ["", ""]


def test_without_the_year_before_the_change_is_not_told():
    told = rows(year(2024, [12, 15]))
    assert told["yoy"].isna().all()
    assert told.loc["2024-02", "reason"] == "2023-02 is not stated."
    assert told.loc["2024-02", "ytd"] == 27
    assert told.loc["2024-02", "ytd_reason"] == "2023-01 is not stated, so the change is not told."


def test_from_a_missing_month_on_the_year_to_date_cannot_be_told():
    told = rows({"2024-01": 5, "2024-02": 6, "2024-04": 8})
    assert told["ytd"].tolist()[:2] == [5, 11]
    assert told["ytd"].isna().tolist() == [False, False, True, True]
    assert told.loc["2024-03", "reason"] == "2024-03 is not stated."
    assert told.loc["2024-04", "value"] == 8
    assert told.loc["2024-04", "ytd_reason"].startswith("2024-03 is not stated, so the year to date cannot")


def test_a_month_that_is_there_without_a_figure_is_no_zero():
    told = rows({"2024-01": None, "2024-02": 6})
    assert told["ytd"].isna().all()


def test_a_gap_of_the_year_before_takes_away_the_change_alone():
    told = rows({"2023-01": 5, "2023-03": 5, **year(2024, [6, 6, 6])})
    assert told.loc["2024-03", "ytd"] == 18
    assert told.loc["2024-03", "yoy"] == pytest.approx(0.2)
    assert pd.isna(told.loc["2024-03", "ytd_yoy"])
    assert told.loc["2024-03", "ytd_reason"] == "2023-02 is not stated, so the change is not told."


@pytest.mark.parametrize("before", [0, -2])
def test_a_change_against_nothing_or_less_is_not_told(before):
    told = rows({"2023-01": before, "2024-01": 5})
    assert pd.isna(told.loc["2024-01", "yoy"])
    assert told.loc["2024-01", "reason"] == "2023-01 is not above zero; a change against it is not told."
    assert "The year before is not above zero" in told.loc["2024-01", "ytd_reason"]


def test_a_figure_that_turned_negative_has_a_change():
    assert rows({"2023-01": 4, "2024-01": -2}).loc["2024-01", "yoy"] == -1.5


def test_a_year_that_is_not_the_sum_of_its_months_is_said():
    figures = {**year(2024, [10] * 12), "2024": 125}
    (fault,) = monthly(frame(figures)).faults
    assert (fault.code, fault.severity) == ("year_contradicts_months", Severity.WARNING)
    assert "税收 of A is 125 CNY100M for 2024, but its twelve months add up to 120" in fault.message


@pytest.mark.parametrize(("whole", "said"), [(120.6, []), (120.7, ["year_contradicts_months"])])
def test_what_rounding_explains_is_no_contradiction(whole, said):
    # thirteen figures with one decimal are off by at most 13 x 0.05 = 0.65
    figures = {**year(2024, [10.1, 9.9] * 6), "2024": whole}
    assert codes(frame(figures)) == said


def test_eleven_months_contradict_no_year():
    assert codes(frame({**year(2024, [10] * 11), "2024": 125})) == []


def test_a_year_in_another_unit_is_the_same_year():
    months = frame(year(2024, [10] * 12))
    told = monthly(pd.concat([months, frame({"2024": 1_200_000}, unit="万元")]))
    assert [fault.code for fault in told.faults] == ["unit_changes"]
    assert told.faults[0].severity is Severity.WARNING


def test_a_series_that_changes_its_unit_is_converted_and_said():
    told = monthly(pd.concat([frame({"2023-01": 2}), frame({"2024-01": 30_000}, unit="万元")]))
    assert told.rows["value"].tolist() == [2, 3]
    assert told.rows["yoy"].tolist()[1] == 0.5
    assert "税收 of A is stated in 亿元, and from 2024-01 in 万元 as well." in told.faults[0].message


def test_a_series_that_changes_its_currency_loses_what_cannot_be_told():
    parts = [
        frame({"2023-01": 2}, item="goods_trade"),
        frame({"2024-01": 3}, item="goods_trade", unit="万美元"),
    ]
    told = monthly(pd.concat(parts))
    assert told.rows["value"].isna().tolist() == [False, True]
    assert (told.faults[0].code, told.faults[0].severity) == ("unit_changes", Severity.ERROR)


@pytest.mark.parametrize("cell", ["2024-13", "2024Q1", "1-6月", "24-06"])
def test_a_period_that_is_none_is_a_fault(cell):
    told = monthly(frame({cell: 5, "2024-01": 1}))
    assert [fault.code for fault in told.faults] == ["not_a_period"]
    assert cell in told.faults[0].message
    assert len(told.rows) == 1


def test_periods_in_other_spellings_are_the_same_month():
    told = monthly(frame({"2023年6月": 1, "202406": 2})).rows
    assert len(told) == 12  # January to June of both years: the months before are there, and not known
    assert told.set_index("period").loc["2024-06", "yoy"] == 1.0


def test_a_unit_that_cannot_be_converted_is_a_fault_and_the_figure_unknown():
    told = read(frame({"2024": 5, "2023": 4}, unit="吨"))
    (fault,) = told.faults
    assert (fault.code, fault.feature, fault.column) == ("unit_not_convertible", "A", "unit")
    assert told.yearly("A", "tax", 2024) == (None, "吨")


@pytest.mark.parametrize("unit", ["个", "家", "1", "", None])
def test_what_is_counted_has_one_unit_however_it_is_written(unit):
    assert read(frame({"2024": 7}, item="high_tech_enterprises", unit=unit)).yearly(
        "A", "high_tech_enterprises", 2024
    ) == (7.0, "1")


def test_an_item_of_ones_own_keeps_its_unit():
    assert read(frame({"2024": 7}, item="beds", unit="张")).yearly("A", "beds", 2024) == (7.0, "张")


def test_a_figure_stated_twice_and_differently_is_unknown():
    told = read(pd.concat([frame({"2024": 5}), frame({"2024": 6}), frame({"2023": 4}), frame({"2023": 4})]))
    assert [fault.code for fault in told.faults] == ["stated_twice"]
    assert "is stated as 5 and as 6" in told.faults[0].message
    assert told.yearly("A", "tax", 2024) == (None, "CNY100M")
    assert told.yearly("A", "tax", 2023) == (4.0, "CNY100M")


def test_no_months_make_an_empty_table_and_a_missing_column_is_named():
    assert monthly(frame({"2024": 5})).rows.empty
    assert monthly(frame({})).rows.empty
    with pytest.raises(ColumnMissing, match="item"):
        monthly(frame({"2024": 5}).drop(columns="item"))


def test_only_the_items_that_are_asked_for_are_told():
    both = pd.concat([frame({"2024-01": 1}), frame({"2024-01": 2}, item="gdp")])
    assert monthly(both, ["gdp"]).rows["item"].tolist() == ["gdp"]


MONTHS = [*year(2023, range(12)), *year(2024, range(12))]


@settings(max_examples=8)
@given(
    st.dictionaries(
        st.sampled_from([*year(2023, range(12)), *year(2024, range(12))]), st.integers(1, 10**6), min_size=1
    ),
    st.integers(-10, 10),
    st.randoms(),
)
def test_scaled_money_and_shuffled_rows_change_no_share(figures, power, random):
    keys = list(figures)
    random.shuffle(keys)
    before = monthly(frame(figures)).rows
    after = monthly(frame({key: figures[key] * 2.0**power for key in keys})).rows
    same = ["period", "yoy", "ytd_yoy", "reason", "ytd_reason"]
    pd.testing.assert_frame_equal(before[same], after[same])
    known = before[before["ytd"].notna()]
    for row in known.itertuples():
        months = [figures[f"{row.year}-{month:02d}"] for month in range(1, row.month + 1)]
        assert row.ytd == sum(months)

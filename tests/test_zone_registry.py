"""The 150 zones of Henan's catalogue, the grammar of their codes, and regions that only look like parents."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.codes import box, check_code, check_region, current_region, region, regions, zone, zones
from data.errors import NoSuchCode
from data.records import Severity

# check sums worked from the announcement: n and hectares by kind, and by city
KINDS = {
    ("national", "etdz"): (9, 6967.44),
    ("national", "htdz"): (7, 4650.90),
    ("national", "customs"): (3, 1130.70),
    ("provincial", "edz"): (16, 13259.03),
    ("provincial", "htdz"): (9, 9100.03),
    ("provincial", "park"): (106, 77190.05),
}
CITIES = {
    "郑州": (4, 3208.70, 7, 5390.07),
    "开封": (1, 681.64, 7, 5273.58),
    "洛阳": (2, 967.90, 11, 8205.67),
    "平顶山": (1, 410.00, 8, 4708.39),
    "安阳": (2, 767.00, 6, 4322.19),
    "鹤壁": (1, 1770.00, 3, 1536.66),
    "新乡": (2, 1860.30, 9, 7810.16),
    "焦作": (1, 715.00, 7, 6443.05),
    "濮阳": (1, 500.00, 6, 2980.57),
    "许昌": (1, 255.00, 5, 4347.21),
    "漯河": (1, 390.50, 3, 3150.29),
    "三门峡": (0, 0.0, 6, 4620.87),
    "南阳": (2, 1223.00, 12, 10585.94),
    "商丘": (0, 0.0, 9, 8663.02),
    "信阳": (0, 0.0, 10, 5817.32),
    "周口": (0, 0.0, 10, 7739.38),
    "驻马店": (0, 0.0, 10, 6756.50),
    "济源": (0, 0.0, 2, 1198.24),
}


def test_the_catalogue_sums_to_150_zones_and_their_hectares():
    table = zones()
    assert len(table) == 150
    assert table["approved_ha"].sum() == pytest.approx(112298.15, abs=0.005)


@pytest.mark.parametrize(("level", "kind"), KINDS)
def test_each_kind_sums_to_its_total(level, kind):
    rows = zones().query("level == @level and kind == @kind")
    assert (len(rows), round(rows["approved_ha"].sum(), 2)) == KINDS[level, kind]


@pytest.mark.parametrize("city", CITIES)
def test_each_city_sums_to_its_total(city):
    rows = zones().query("city == @city + '市'")
    national, provincial = rows[rows["level"] == "national"], rows[rows["level"] == "provincial"]
    told = (
        len(national),
        round(national["approved_ha"].sum(), 2),
        len(provincial),
        round(provincial["approved_ha"].sum(), 2),
    )
    assert told == CITIES[city]


def test_every_zone_code_keeps_the_grammar_and_is_unique():
    table = zones()
    assert table["code"].is_unique
    assert table["code"].str.fullmatch(r"(G41[1-6]|S41[7-9])\d{3}").all()
    assert [fault for fault in map(check_code, table["code"]) if fault] == []


def test_level_and_kind_agree_with_the_type_digit():
    digit = {"etdz": "1", "customs": "3", "edz": "7", "park": "9"}
    for row in zones().itertuples():
        expected = digit.get(row.kind) or ("2" if row.level == "national" else "8")
        assert (row.code[0] == "G", row.code[3]) == (row.level == "national", expected)


def test_every_county_is_an_administrative_parent_within_the_city():
    for row in zones().itertuples():
        assert check_region(row.county_code) is None, row.code
        assert row.city_code == "419001" or row.county_code[:4] == row.city_code[:4]


def test_what_became_of_a_zone_is_unknown_until_a_document_says_it():
    table = zones()
    assert table["valid_to"].isna().all()
    assert table["predecessor"].isna().all()
    assert zone("S419031")["valid_to"] is None


def test_the_two_zones_of_xinxiang_that_share_a_name_stay_apart():
    assert (zone("G411166")["county_code"], zone("S417008")["county_code"]) == ("410702", "410721")


def test_only_the_areas_confirmed_elsewhere_are_verified():
    table = zones()
    assert set(table["code"][table["status"] == "verified"]) == {"G411031", "G411166"}


def test_only_the_nine_national_zones_have_a_rough_place():
    placed = zones().dropna(subset=["near_lon", "near_lat"])
    assert set(placed["kind"]) == {"etdz"}
    assert len(placed) == 9
    west, south, east, north = box("410000")
    assert placed["near_lon"].between(west, east).all()
    assert placed["near_lat"].between(south, north).all()


def test_a_copied_registry_cannot_be_changed_by_its_reader():
    mine = zones()
    mine["approved_ha"] = 0.0
    assert zone("G411031")["approved_ha"] == 1249.0


def test_an_unknown_zone_lists_what_is_near():
    with pytest.raises(NoSuchCode, match=r"Near it: .*G41103.*Check the code"):
        zone("G411039")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("410171", "statistical code of 郑州经济技术开发区"),
        ("410104", "code of 管城回族区"),
        ("S411031", "is provincial .S., but type 1 is 国家级经济技术开发区"),
        ("G417001", "is national .G., but type 7 is 省级经济开发区"),
        ("G410031", "but type 0 is no type at all"),
        ("G991031", "names province 99, which is none"),
        ("g411031", "is not G or S and six digits, as in G411031"),
        ("G41103", "is not G or S and six digits"),
        ("", "is not G or S and six digits"),
    ],
)
def test_a_code_that_breaks_the_grammar_is_told_what_is_wrong(code, said):
    fault = check_code(code)
    assert fault.severity is Severity.WARNING
    assert re.search(said, fault.message)
    assert "keep your own" in fault.remedy


@given(st.text(max_size=9))
def test_any_text_gets_an_answer(code):
    fault = check_code(code)
    assert fault is None or fault.code == "zone_code"


def test_statistical_codes_are_no_administrative_parents():
    for code in zones()["stat_code"].dropna():
        fault = check_region(code)
        assert fault.code == "region_statistical", code
        assert "Keep it as stat_code" in fault.remedy


@pytest.mark.parametrize("code", ["410104", "419001", "410100", "410000", "100000", "320500"])
def test_counties_cities_provinces_and_the_nation_are_parents(code):
    assert check_region(code) is None


@pytest.mark.parametrize("code", ["410199", "41010", "990000", "abcdef"])
def test_a_region_that_is_not_there_is_a_fault(code):
    assert "six digits of GB/T 2260" in check_region(code).remedy


def test_an_old_county_code_names_its_successor():
    assert current_region("410381") == "410307"
    assert "Write 410307" in check_region("410381").remedy
    assert region("410307")["name"] == "偃师区"


def test_henan_has_eighteen_cities_and_every_region_has_its_parent():
    table = regions()
    assert table.index.is_unique
    assert (table["level"] == "prefecture").sum() + 1 == 18  # 济源 is a county under the province
    assert (table["level"] == "province").sum() == 34
    assert set(table["parent"].dropna()) <= set(table.index)


def test_no_box_is_given_where_none_was_measured():
    assert box("410100") is None

"""What listings say: parcels add up to shares, targets have three answers, months add up to years."""

from __future__ import annotations

import math
from collections import Counter

import pytest

from api.chosen import NoSuchChoice
from api.listings import LISTINGS
from api.listings.listing import Asked
from data.book import open_book
from data.book.interface import Ask
from data.errors import NotHere, NothingInForce
from data.records import Outcome
from data.units import m2_to_mu

NINE = [f"G41{number}" for number in (1031, *range(1162, 1170))]
BELOW, MIXED, OTHER_SYSTEM = "G411168", "G411163", "G411167"
PROVINCE = "410000"


def listed(book, name, zone="", year=2024, **options):
    return LISTINGS[name].make(Asked(book, zone, year, options))


def targets(book, subject, year=2024):
    return LISTINGS["targets"].make(Asked(book, "", year, {"zone": subject}))


def kept(book, zone, code, year=2024):
    return next(row for row in book.results(zone, year, "assess") if row["code"] == code)


def result(told, code):
    return next(each for each in told.results if each.code == code)


@pytest.mark.parametrize("zone", NINE)
def test_the_parcels_that_count_add_up_to_the_inputs_of_the_share(book, zone):
    told = listed(book, "share", zone)
    share, rows = result(told, "industrial_share"), told.rows()
    if share.value is None:
        assert share.reason
        assert any(row["top_label"] is None or row["base_label"] is None for row in rows)
        return
    top, base = (
        math.fsum(row["area_mu"] for row in rows if row[name] == "是") for name in ("top_label", "base_label")
    )
    assert [top, base] == pytest.approx([m2_to_mu(each.value) for each in share.inputs], rel=1e-9)
    assert top / base == pytest.approx(share.value, rel=1e-9)
    assert share.value == pytest.approx(kept(book, zone, "industrial_share")["value"], rel=1e-12)
    assert all(row["base_label"] == "是" for row in rows if row["top_label"] == "是")


@pytest.mark.parametrize("definition", ["p1", "p2"])
def test_converting_the_listed_parcels_in_their_order_reaches_the_target_where_it_says_so(book, definition):
    told = listed(book, "share", BELOW, definition=definition)
    share, rows = result(told, "industrial_share"), told.rows()
    assert share.outcome is Outcome.NOT_MET
    top, base = (m2_to_mu(each.value) for each in share.inputs)
    candidates = [row for row in rows if row["rank"] is not None]
    assert [row["rank"] for row in candidates] == list(range(1, len(candidates) + 1))
    assert rows[: len(candidates)] == candidates
    for row in candidates:
        assert (row["top_label"], row["base_label"]) == ("否", "是")
        top += row["area_mu"]
        assert row["share_after"] == pytest.approx(top / base, rel=1e-9)
    (reached,) = (row for row in candidates if row["reaches_label"] == "是")
    at = candidates.index(reached)
    assert reached["share_after"] >= share.target - 5e-5 > candidates[at - 1]["share_after"] - 1e-4
    lacking = result(told, "share_to_convert").value
    assert candidates[at - 1]["cumulative_mu"] < lacking <= reached["cumulative_mu"] + base * 5e-5


def test_a_zone_that_meets_its_target_lacks_nothing_and_has_no_candidates(book):
    told = listed(book, "share", "G411031")
    assert result(told, "industrial_share").outcome is Outcome.MET
    assert [result(told, f"share_to_{way}").value for way in ("convert", "release")] == [0.0, 0.0]
    assert all(row["rank"] is None for row in told.rows())


@pytest.mark.parametrize("zone", [BELOW, OTHER_SYSTEM, MIXED])
def test_the_four_definitions_stand_beside_each_other_each_with_value_or_reason(book, zone):
    told = listed(book, "share", zone)
    four = [result(told, f"industrial_share.p{number}") for number in (1, 2, 3, 4)]
    assert all((each.value is None) == bool(each.reason) for each in four)
    assert all(each.formula and each.articles for each in four)
    values = [each.value for each in four if each.value is not None]
    assert len(set(values)) == len(values)
    # 三调 codes are told by P2, codes of 用地用海 by P3, and a mixture by neither
    told_by = {"G411168": (True, False), "G411167": (False, True), "G411163": (False, False)}[zone]
    assert tuple(each.value is not None for each in four[1:3]) == told_by


def test_the_choice_of_definition_changes_number_label_and_the_parcels_that_count(book):
    first, second = (listed(book, "share", BELOW, definition=name) for name in ("p1", "p2"))
    one, two = (result(each, "industrial_share") for each in (first, second))
    assert one.value != two.value
    assert "P1" in one.label
    assert "P2" in two.label
    assert one.formula.startswith("P1")
    assert two.formula.startswith("P2")
    assert (one.value, two.value) == tuple(result(first, f"industrial_share.{n}").value for n in ("p1", "p2"))
    counted = [
        {row["parcel_id"] for row in each.rows() if row["base_label"] == "是"} for each in (first, second)
    ]
    assert counted[0] != counted[1]
    auto = result(listed(book, "share", BELOW), "industrial_share")
    assert (auto.value, auto.label) == (two.value, two.label)


def test_zones_are_ranked_in_leagues_and_who_has_no_rank_has_a_reason(book):
    told = listed(book, "standing")
    rows = told.rows()
    assert sorted(row["zone"] for row in rows) == NINE
    for league in {row["league_label"] for row in rows}:
        ranked = [row for row in rows if row["league_label"] == league and row["rank"] is not None]
        assert [row["rank"] for row in ranked] == list(range(1, len(ranked) + 1))
        assert {row["of"] for row in ranked} == {len(ranked)}
        assert [row["score"] for row in ranked] == sorted((row["score"] for row in ranked), reverse=True)
    assert [row["zone"] for row in rows if row["rank"] is None] == [MIXED]
    assert all(bool(row["reason"]) == (row["rank"] is None) for row in rows)
    assert all(each.status == "illustration" for each in told.articles[:-1])
    assert "示例，非官方权重" in told.notes[0]


def test_the_change_of_rank_is_the_rank_of_the_year_before_less_that_of_this(book):
    before = {row["zone"]: row["rank"] for row in listed(book, "standing", year=2023).rows()}
    now = listed(book, "standing").rows()
    moved = {row["zone"]: before[row["zone"]] - row["rank"] for row in now if row["rank"] is not None}
    assert {row["zone"]: row["change"] for row in now if row["rank"] is not None} == moved
    assert any(moved.values())


@pytest.mark.parametrize(
    ("code", "best_first"), [("tax_per_mu", True), ("emissions_per_mu", False), ("development_rate", True)]
)
def test_zones_can_be_ranked_by_any_result_in_the_direction_that_is_better(book, code, best_first):
    rows = listed(book, "standing", by=code).rows()
    figures = {zone: kept(book, zone, code)["value"] for zone in NINE}
    assert {row["zone"]: row["value"] for row in rows} == figures
    known = sorted((v for v in figures.values() if v is not None), reverse=best_first)
    assert [row["value"] for row in rows if row["rank"] is not None] == known
    for row in rows:
        assert (row["rank"] is None) == (row["value"] is None)
        assert bool(row["reason"]) == (row["rank"] is None)


def test_a_share_of_land_is_neither_better_nor_worse_so_it_has_no_rank_but_a_place(book):
    told = listed(book, "standing", by="industrial_share")
    assert all(row["rank"] is None and row["reason"] for row in told.rows())
    assert "不分优劣" in told.notes[0]
    assert all(row["quantile"] is not None for row in told.rows() if row["value"] is not None)


def test_what_no_assessment_gives_cannot_be_ranked_and_what_was_not_assessed_says_so(book):
    with pytest.raises(NoSuchChoice, match="by='beauty' is not offered"):
        listed(book, "standing", by="beauty")
    rows = listed(book, "standing", by="tax_per_mu", year=2030).rows()
    assert all(row["value"] is None and "not assessed" in row["reason"] for row in rows)


def test_targets_of_the_plan_get_three_answers_for_the_province_and_for_each_zone(book):
    told = listed(book, "targets")
    rows = told.rows()
    assert {row["subject"] for row in rows} == {PROVINCE, *NINE}
    for subject in ([PROVINCE], NINE):
        answers = Counter(row["outcome"] for row in rows if row["subject"] in subject)
        assert set(answers) == {"met", "not_met", "cannot_tell"}
    for row in rows:
        assert (row["outcome"] == "cannot_tell") == bool(row["reason"])
        assert (row["outcome"] == "cannot_tell") == (row["measured"] is None)
        if row["outcome"] != "cannot_tell":
            assert row["article"]
        if row["outcome"] == "not_met":
            assert row["lacking"] > 0
    # the share follows other classes in one zone, so that of the province cannot be told
    share = next(r for r in rows if r["subject"] == PROVINCE and r["label"] == "产业用地占比")
    assert "different definitions" in share["reason"]


def test_a_growth_is_that_of_the_stated_figures(book):
    told = targets(book, "G411164")
    growth = next(row for row in told.rows() if row["label"] == "生产总值年均增速")
    assert growth["measured"] == pytest.approx((growth["value"] / growth["base_value"]) ** (1 / 4) - 1)
    inputs = told.whys[told.rows().index(growth)]["inputs"]
    assert [each["value"] for each in inputs] == [growth["base_value"], growth["value"]]


def test_targets_can_be_narrowed_to_a_zone_or_the_province_and_to_nothing_else(book):
    assert {row["subject"] for row in targets(book, BELOW).rows()} == {BELOW}
    assert {row["subject"] for row in targets(book, PROVINCE).rows()} == {PROVINCE}
    with pytest.raises(NotHere, match="no zone 'G1'"):
        targets(book, "G1")
    with pytest.raises(NothingInForce, match=BELOW):
        targets(book, BELOW, 2010)


def test_a_month_that_is_not_stated_is_no_zero_and_stops_the_year_to_date(book):
    rows = [
        row for row in listed(book, "monthly", "G411165", 2023).rows() if row["label"] == "一般公共预算收入"
    ]
    assert [row["period"] for row in rows] == [f"2023-{month:02d}" for month in range(1, 13)]
    july = rows[6]
    assert (july["value"], july["yoy"], july["ytd"]) == (None, None, None)
    assert "2023-07 is not stated" in july["reason"]
    assert [row["ytd"] is None for row in rows] == [False] * 6 + [True] * 6
    assert all("2023-07 is not stated" in row["ytd_reason"] for row in rows[6:])
    assert all(row["value"] is not None for row in rows[:6] + rows[7:])
    # and a year later it has nothing to be held against
    after = [row for row in listed(book, "monthly", "G411165").rows() if row["label"] == july["label"]]
    assert after[6]["value"] is not None
    assert (after[6]["yoy"], after[6]["ytd_yoy"]) == (None, None)
    assert "2023-07 is not stated" in after[6]["reason"]


def test_months_add_up_and_are_held_against_those_of_the_year_before(book):
    item = {"item": "budget_revenue"}
    before, now = (listed(book, "monthly", "G411031", year, **item).rows() for year in (2023, 2024))
    for at, (one, other) in enumerate(zip(before, now, strict=True)):
        assert other["yoy"] == pytest.approx(other["value"] / one["value"] - 1)
        assert other["ytd"] == pytest.approx(math.fsum(row["value"] for row in now[: at + 1]))
        assert other["ytd_yoy"] == pytest.approx(other["ytd"] / one["ytd"] - 1)


def test_a_year_without_months_says_so_and_an_item_that_was_never_stated_is_refused(book):
    told = listed(book, "monthly", "G411031", 2030)
    assert told.rows() == []
    assert any("2030 年没有按月报送的数" in note for note in told.notes)
    with pytest.raises(NoSuchChoice, match="budget_revenue"):
        listed(book, "monthly", "G411031", item="budget_revenue,beauty")


def test_a_book_of_one_province_has_its_region_and_one_of_an_unknown_place_the_nation(book, small_book):
    assert Asked(book, "", 2024).region == PROVINCE
    assert Asked(book, "G411031", 2024).region == "410100"
    with open_book(small_book) as small:
        assert Asked(small, "", 2024).region == "100000"
    assert len(book.read("zones", Ask(on=Asked(book, "", 2024).day))) == len(NINE)

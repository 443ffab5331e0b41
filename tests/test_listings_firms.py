"""Listings of firms, projects and land: grades with objections, exit list, spread, findings, land cover."""

from __future__ import annotations

import pandas as pd
import pytest

from api.assess import assess
from api.further import decided
from api.listings import LISTINGS
from api.listings.grades import graded
from api.listings.listing import Asked
from data.book.interface import Ask
from data.errors import NotHere
from geo.benefit.grading import grade
from geo.benefit.scheme import scheme

# zone, enterprise, state: as the sample tells them
OBJECTIONS = [
    ("G411165", "050024", "upheld", "tax_cny10k"),
    ("G411166", "060023", "open", "land_mu"),
    ("G411167", "070023", "rejected", "energy_tce"),
    ("G411168", "080027", "partly", "employees"),
]
ZONE = "G411164"


def listed(book, name, zone, year=2024, **options):
    return LISTINGS[name].make(Asked(book, zone, year, options))


def without_objections(book, zone):
    asked = Asked(book, zone, 2024)
    return grade(
        scheme("henan_2019"),
        book.read("enterprises", Ask(zone=zone, year=2024)),
        year=2024,
        day=asked.day,
    ).frame.set_index("enterprise_id")


@pytest.mark.parametrize(("zone", "firm", "state", "item"), OBJECTIONS)
def test_an_objection_that_was_decided_counts_and_an_open_one_is_flagged(book, zone, firm, state, item):
    (row,) = listed(book, "grades", zone, enterprise=firm).rows()
    before = without_objections(book, zone).loc[firm]
    assert row["objection"] == state
    if state in ("upheld", "partly"):
        said = book.read("objections", Ask(zone=zone, year=2024)).iloc[0]
        assert row["changed"] == f"{item} {said['stated']:g} -> {said['decided']:g}"
    else:
        assert row["changed"] is None
        assert (row["class"], row["rank"], row["score"]) == (before["class"], before["rank"], before["score"])


def test_tax_that_was_upheld_raises_score_and_rank_and_moves_those_whom_it_overtakes(book):
    zone, firm, *_ = OBJECTIONS[0]
    rows = {row["enterprise_id"]: row for row in listed(book, "grades", zone).rows()}
    before = without_objections(book, zone)
    assert rows[firm]["score"] > before.loc[firm, "score"]
    assert rows[firm]["rank"] < before.loc[firm, "rank"]
    overtaken = [
        name
        for name, row in rows.items()
        if row["rank"] is not None and row["group_label"] == "规上" and row["rank"] > before.loc[name, "rank"]
    ]
    assert len(overtaken) == before.loc[firm, "rank"] - rows[firm]["rank"]
    (why,) = listed(book, "grades", zone, enterprise=firm).whys
    assert why["objections"][0]["applied"]
    tax = next(each for each in why["indicators"] if each["code"] == "tax_per_mu")
    assert tax["figures"]["tax_cny10k"] == 162.56


def test_what_the_listing_says_of_a_zone_is_what_its_assessment_keeps(book):
    for zone in ("G411165", "G411168"):
        results = listed(book, "grades", zone).results
        stored = {row["code"]: row["value"] for row in book.results(zone, 2024, "assess")}
        assert {each.code: each.value for each in results} == {e.code: stored[e.code] for e in results}


def test_a_decision_of_the_year_after_counts_and_none_is_made_where_none_was(book):
    rows = book.read("objections")
    day = Asked(book, "G411165", 2024).day
    assert rows["decided_on"].dropna().gt(pd.Timestamp(day)).all()
    closed = decided(rows, day)
    assert closed["decided_on"].isna().tolist() == rows["decided_on"].isna().tolist()
    assert closed["decided_on"].dropna().le(pd.Timestamp(day)).all()
    assert decided(rows.iloc[:0], day).empty


def test_land_stated_in_another_unit_is_believed_by_neither_listing_nor_assessment(book):
    """Both hold the stated land against the parcels on the map."""
    asked = Asked(book, ZONE, 2024)
    firms = book.read("enterprises", Ask(zone=ZONE, year=2024))
    firm = str(graded(asked).frame.query("status == 'graded'")["enterprise_id"].iloc[0])
    hectares = firms.assign(
        land_mu=firms["land_mu"].where(firms["enterprise_id"] != firm, firms["land_mu"] / 15)
    )
    claimed = Changed(book, hectares)
    (row,) = listed(claimed, "grades", ZONE, enterprise=firm).rows()
    assert row["status_label"] == "无法评级"
    assert "another unit than mu" in row["reason"]
    told = {each.code: each.value for each in listed(claimed, "grades", ZONE).results}
    kept = assess(claimed, ZONE, 2024)
    assert told == {code: kept.result(code).value for code in told}
    assert told != {each.code: each.value for each in listed(book, "grades", ZONE).results}


class Changed:
    """A book with other statements of enterprises."""

    def __init__(self, book, firms):
        self._book, self._firms = book, firms

    def __getattr__(self, name):
        return getattr(self._book, name)

    def read(self, kind, *rest, **more):
        """As the book, but for the statements."""
        rows = self._book.read(kind, *rest, **more)
        return self._firms[rows.columns] if kind == "enterprises" else rows


def test_an_enterprise_has_its_place_class_and_whole_why(book):
    told = listed(book, "grades", ZONE, enterprise="040045", scheme="generic_abcd")
    assert [row["enterprise_id"] for row in told.rows()] == ["040045"]
    (why,) = told.whys
    assert why["scheme"]["name"] == "generic_abcd"
    assert why["total"]["score"] == told.rows()[0]["score"]
    with pytest.raises(NotHere, match="0400"):
        listed(book, "grades", ZONE, enterprise="040999")


def test_schemes_grade_otherwise_and_each_says_its_status(book):
    told = {name: listed(book, "grades", ZONE, scheme=name) for name in ("henan_2019", "generic_abcd")}
    classes = [{row["enterprise_id"]: row["class"] for row in each.rows()} for each in told.values()]
    assert classes[0] != classes[1]
    assert [each.articles[0].status for each in told.values()] == ["unverified", "illustration"]
    assert all(each.articles[0].name == f"rules.benefit.{name}" for name, each in told.items())


@pytest.mark.parametrize("zone", ["G411031", "G411162", "G411166"])
def test_the_exit_list_is_ordered_by_mu_times_age_and_every_entry_has_reason_and_basis(book, zone):
    told = listed(book, "exits", zone)
    rows = told.rows()
    assert {row["kind_label"] for row in rows} == {"闲置土地", "低效企业"}
    placed = [row for row in rows if row["place"] is not None]
    weights = [row["mu"] * row["age_years"] for row in placed]
    assert weights == sorted(weights, reverse=True)
    assert [row["place"] for row in placed] == sorted(row["place"] for row in placed)
    assert rows[: len(placed)] == placed
    for row in rows:
        assert row["reason"]
        assert row["basis"]
        assert row["since"]
        assert row["place"] is not None or row["lacking"]
        assert row["status"] == ("verified" if row["kind_label"] == "闲置土地" else "unverified")
        if row["money_per_mu"] is not None:
            assert row["money_per_mu"] == pytest.approx(row["money_cny10k"] / row["mu"])
    for each in told.results:
        assert each.formula
        assert each.articles
        assert each.value is not None or each.reason
    undecided = next(each for each in told.results if each.code == "exit_enterprises")
    assert undecided.value is None
    assert any(note.startswith("无法判断") for note in told.notes)


def test_an_enterprise_leaves_the_exit_list_under_a_scheme_that_does_not_put_it_last(book):
    one, other = (
        {row["enterprise_id"] for row in listed(book, "exits", ZONE, scheme=name).rows()}
        for name in ("henan_2019", "generic_abcd")
    )
    assert one != other


def test_the_spread_of_a_zone_adds_up_over_its_industries(book):
    by_industry = listed(book, "spread", ZONE).rows()
    (whole,) = listed(book, "spread", ZONE, by="zone").rows()
    for name in ("firms", "count", "A", "B", "C"):
        assert sum(row[name] or 0 for row in by_industry) == whole[name]
    assert whole["ratio_of_sums"] != whole["mean_of_ratios"]
    assert whole["d1"] <= whole["q1"] <= whole["median"] <= whole["q3"] <= whole["d9"]
    assert 0 <= whole["gini"] <= 1
    assert whole["label"] == "红旗渠经济技术开发区"
    share = listed(book, "spread", ZONE, measure="rd_share")
    assert share.title.endswith("研发经费占营业收入比重分布")


def test_every_finding_about_a_project_has_an_answer_with_what_it_rests_on(book):
    told = listed(book, "projects", ZONE)
    for row, why in zip(told.rows(), told.whys, strict=True):
        if row["outcome"] == "cannot_tell":
            assert row["reason"]
            assert row["remedy"]
        if row["measured"] is not None:
            assert why["formula"]
            assert why["inputs"]
        if row["outcome"] == "not_met":
            assert row["remedy"]
        if row["limit"] is not None:
            assert row["article"]
            assert row["status"]
    assert {row["outcome"] for row in told.rows()} == {"met", "not_met", "cannot_tell"}
    count = next(each for each in told.results if each.code == "project_count")
    assert count.value == len({row["subject"] for row in told.rows()})


def test_land_cover_lists_the_parcels_about_which_raster_and_ledger_differ(book):
    told = listed(book, "cover", ZONE)
    gap = next(each for each in told.results if each.code.endswith(".disagreement"))
    rows = told.rows()
    assert [row["mu"] for row in rows] == sorted((row["mu"] for row in rows), reverse=True)
    differ = [row["mu"] for row in rows if "无法判断" not in row["verdict_label"]]
    assert sum(differ) == pytest.approx(gap.value, rel=1e-9)
    known = set(book.read("parcels", Ask(zone=ZONE))["parcel_id"])
    assert {row["parcel_id"] for row in rows} <= known
    with pytest.raises(NotHere, match="mutan cover book RASTER"):
        listed(book, "cover", "G411165")
    earlier = listed(book, "cover", ZONE, 2020)
    assert [each.code for each in earlier.results] == [each.code for each in told.results]
    assert earlier.rows() != rows

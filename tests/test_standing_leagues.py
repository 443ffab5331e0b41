"""Leagues of zones: who is ranked with whom, by which weights, and who is not ranked."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import parameters
from data.errors import ColumnMissing, NoSuchParameter, NoValueOnDay, RuleFileError
from geo.standing import league, scheme

DAY = date(2024, 12, 31)
COLUMNS = ["zone", "period", "item", "value", "unit"]
MAKING, SERVICES = "advanced_manufacturing", "modern_services"


def book(*zones):
    """(code, level, purpose, revenue, {year: (tax, added, invested, plot ratio)}); 10 000 mu each."""
    results, figures = [], []
    for code, _, _, revenue, years in zones:
        for year, (tax, added, invested, ratio) in years.items():
            said = {"zone": code, "year": year}
            area = {"area_mu.built": 10_000.0}
            results.append({
                **said,
                "code": "tax_per_mu",
                "value": tax,
                "unit": "CNY10k/mu",
                "breakdown": area,
            })
            results.append({**said, "code": "plot_ratio", "value": ratio, "unit": "1", "breakdown": {}})
            figures.append((code, str(year), "revenue", revenue, "亿元"))
            figures.append((code, str(year), "value_added_above_scale", added, "亿元"))
            figures.append((code, str(year), "fixed_investment", invested, "亿元"))
    frame = pd.DataFrame([each[:3] for each in zones], columns=["code", "level", "purpose"])
    return frame, results, pd.DataFrame(figures, columns=COLUMNS)


def standing(*zones, day=DAY):
    return league(*book(*zones), year=2024, day=day, region="410000")


def row(told, zone):
    return told.rows.set_index("zone").loc[zone]


SAME = {2024: (10.0, 10.0, 10.0, 1.0)}


@pytest.mark.parametrize(
    ("level", "purpose", "revenue", "expected"),
    [
        ("national", MAKING, None, "manufacturing_upper"),
        ("national", MAKING, 1, "manufacturing_upper"),
        ("provincial", MAKING, 200.01, "manufacturing_upper"),
        (None, MAKING, 200.01, "manufacturing_upper"),
        ("provincial", MAKING, 199.99, "manufacturing_lower"),
        ("provincial", SERVICES, None, "services"),
    ],
)
def test_the_league_follows_from_purpose_level_and_revenue(level, purpose, revenue, expected):
    told = row(standing(("A", level, purpose, revenue, SAME)), "A")
    assert (told["league"], told["rank"]) == (expected, 1)


@pytest.mark.parametrize(
    ("level", "purpose", "revenue", "why"),
    [
        ("provincial", MAKING, 200, "of 2024 is 200, for which no league is named"),
        ("provincial", MAKING, None, "revenue of 2024 is not stated"),
        (None, MAKING, 199, "level (级别) is not stated"),
        ("national", None, 300, "purpose (参评类别) is not stated"),
        ("national", "harbour", 300, "No league is made for its purpose"),
    ],
)
def test_a_zone_whose_league_cannot_be_told_is_not_ranked_and_says_why(level, purpose, revenue, why):
    told = row(standing(("A", level, purpose, revenue, SAME)), "A")
    assert pd.isna(told["rank"])
    assert why in told["reason"]


def test_places_gained_and_lost_are_counted_against_the_year_before():
    told = standing(
        ("A", "national", MAKING, 300, {2023: (30, 30, 30, 3.0), 2024: (10, 10, 10, 1.0)}),
        ("B", "national", MAKING, 300, {2023: (20, 20, 20, 2.0), 2024: (20, 20, 20, 2.0)}),
        ("C", "national", MAKING, 300, {2023: (10, 10, 10, 1.0), 2024: (30, 30, 30, 3.0)}),
        ("D", "national", MAKING, 300, {2024: (5, 5, 5, 0.5)}),
    )
    assert told.rows["zone"].tolist() == ["C", "B", "A", "D"]
    assert told.rows["change"].tolist() == [2, 0, -2, pd.NA]
    assert "It had no rank in 2023: " in row(told, "D")["change_reason"]


def test_a_zone_that_changed_its_league_has_no_change_of_rank():
    zones, results, figures = book(("A", "provincial", MAKING, 300, {2023: (1, 1, 1, 1.0), **SAME}))
    figures.loc[(figures["item"] == "revenue") & (figures["period"] == "2023"), "value"] = 100
    told = row(league(zones, results, figures, year=2024, day=DAY, region="410000"), "A")
    assert (told["league"], told["previous_rank"]) == ("manufacturing_upper", 1)
    assert pd.isna(told["change"])
    assert told["change_reason"] == "In 2023 it was in another league."


def test_best_and_worst_of_a_league_are_those_of_ranked_zones():
    told = standing(
        ("A", "national", MAKING, 300, {2024: (10, 40, 10, 1.0)}),
        ("B", "national", MAKING, 300, {2024: (20, 20, 10, 1.0)}),
        ("C", "national", MAKING, 300, {2024: (99, 99, None, 9.0)}),
    )
    ends = told.ends.set_index("indicator")
    assert ends.loc["tax_per_mu", ["best_zone", "best", "worst_zone", "worst"]].tolist() == ["B", 20, "A", 10]
    assert ends.loc["new_investment_per_mu", "best_zone"] == "A"  # equal: the first by code
    assert set(ends["zones"]) == {2}


def test_a_league_whose_best_is_nothing_cannot_be_scored():
    told = row(standing(("A", "national", MAKING, 300, {2024: (-1, 10, 10, 1.0)})), "A")
    assert told["reason"] == "The best tax_per_mu of the league is not above zero."


def test_a_figure_in_another_unit_or_an_area_of_nothing_is_not_taken():
    zones, results, figures = book(("A", "national", MAKING, 300, SAME))
    results[0]["unit"] = "CNY/m2"
    results[0]["breakdown"] = {"area_mu.built": 0.0}
    told = row(league(zones, results, figures, year=2024, day=DAY, region="410000"), "A")
    assert "亩均税收 (tax_per_mu) of 2024 is not told." in told["reason"]
    assert "The area built of 2024, for 亩均新增固定资产投资, is not known." in told["reason"]


def test_weights_are_marked_as_an_illustration_and_the_whole_is_json():
    told = standing(("A", "national", MAKING, 300, SAME), ("B", "provincial", MAKING, None, SAME))
    shown = json.loads(json.dumps(told.as_json(), ensure_ascii=False))
    assert {each["status"] for each in shown["weights"].values()} == {"illustration"}
    assert sum(each["value"] for each in shown["weights"].values()) == 1
    assert shown["rows"][1]["rank"] is None
    assert (shown["normalisation"], shown["split"]["value"]) == ("best", 200)


def test_before_the_document_no_zone_is_ranked():
    with pytest.raises(NoValueOnDay, match="2023-04-17"):
        standing(("A", "national", MAKING, 300, SAME), day=date(2023, 4, 16))
    assert row(standing(("A", "national", MAKING, 300, SAME), day=date(2023, 4, 17)), "A")["rank"] == 1


@pytest.fixture
def office(tmp_path, monkeypatch):
    """An office's own weights; they are forgotten after the test."""
    monkeypatch.setattr(parameters, "_roots", parameters._roots)

    def lay(text, name="league_weights"):
        own = tmp_path / "rules" / "standing" / f"{name}.yaml"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(text, "utf-8")
        parameters.lay_over(tmp_path)

    yield lay
    for kept in (parameters.parameter, parameters.names, parameters._read_file):
        kept.cache_clear()


WEIGHTS = "label: w\nunit: '1'\nstatus: illustration\nitems:\n"


def weights(**values):
    row = '    values: {{"410000": {{2023-04-17: {{value: {}, article: own, published: 2023-04-17}}}}}}\n'
    return WEIGHTS + "".join(f"  {code}:\n{row.format(value)}" for code, value in values.items())


def test_an_office_puts_its_own_weights_in_their_place(office):
    office(weights(tax_per_mu=0.7, value_added_per_mu=0.1, new_investment_per_mu=0.1, plot_ratio=0.1))
    told = standing(
        ("A", "national", MAKING, 300, {2024: (10, 40, 40, 2.0)}),
        ("B", "national", MAKING, 300, {2024: (20, 20, 20, 1.0)}),
    )
    assert row(told, "B")["score"] == 85.0  # 70 + 5 + 5 + 5
    assert row(told, "A")["score"] == 65.0  # 35 + 10 + 10 + 10


def test_weights_that_do_not_add_up_are_refused(office):
    office(weights(tax_per_mu=0.7, value_added_per_mu=0.1, new_investment_per_mu=0.1, plot_ratio=0.2))
    with pytest.raises(RuleFileError, match=r"add up to 1\.1, not to 1"):
        standing(("A", "national", MAKING, 300, SAME))


def test_weights_of_other_things_than_the_indicators_are_refused(office):
    office(weights(tax_per_mu=0.5, greenery=0.5))
    with pytest.raises(RuleFileError, match="greenery"):
        standing(("A", "national", MAKING, 300, SAME))


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("normalisation: best", "normalisation: median", "normalisation is one of best, mean"),
        ("decimals: 4", "decimal: 4", "missing or unknown: decimal, decimals"),
        ("  services:", "  trade:", "leagues are manufacturing_upper"),
        ("label: 综合容积率, ", "", "give label, unit and measure"),
    ],
)
def test_a_scheme_that_is_badly_written_is_refused(office, was, now, said):
    path = parameters.files("rules/standing/leagues")["rules/standing/leagues/henan_2023_13"]
    office(path.read_text("utf-8").replace(was, now), "leagues/henan_2023_13")
    with pytest.raises(RuleFileError, match=said):
        scheme("henan_2023_13")


def test_by_the_mean_a_zone_may_have_more_than_a_hundred(office):
    path = parameters.files("rules/standing/leagues")["rules/standing/leagues/henan_2023_13"]
    office(
        path.read_text("utf-8").replace("normalisation: best", "normalisation: mean"), "leagues/henan_2023_13"
    )
    told = standing(
        ("A", "national", MAKING, 300, {2024: (30, 30, 30, 3.0)}),
        ("B", "national", MAKING, 300, {2024: (10, 10, 10, 1.0)}),
    )
    assert told.rows["score"].tolist() == [150.0, 50.0]


def test_an_unknown_scheme_and_zones_without_a_code_are_told():
    with pytest.raises(NoSuchParameter, match="henan_2023_13"):
        scheme("henan_2023")
    with pytest.raises(ColumnMissing, match="code"):
        league(pd.DataFrame(), [], pd.DataFrame(columns=COLUMNS), year=2024, day=DAY, region="410000")


figure = st.tuples(*[st.integers(1, 1000)] * 3, st.integers(1, 40).map(float))


@settings(max_examples=8)
@given(st.lists(figure, min_size=1, max_size=8), st.integers(-8, 8), st.randoms())
def test_money_scaled_and_rows_shuffled_change_no_rank(figures, power, random):
    zones = [(f"Z{n}", "national", MAKING, 300, {2024: each}) for n, each in enumerate(figures)]
    frame, results, stated = book(*zones)
    times = 2.0**power
    scaled = stated.assign(value=stated["value"] * times).sample(frac=1, random_state=random.randrange(99))
    more = [{**row, "value": row["value"] * times} if row["code"] == "tax_per_mu" else row for row in results]
    random.shuffle(more)
    before = league(frame, results, stated, year=2024, day=DAY, region="410000")
    after = league(frame.iloc[::-1], more, scaled, year=2024, day=DAY, region="410000")
    names = ["zone", "league", "score", "rank", "of"]
    pd.testing.assert_frame_equal(before.rows[names], after.rows[names])
    ranks = before.rows["rank"].tolist()
    assert ranks == [1 + sum(score > own for score in before.rows["score"]) for own in before.rows["score"]]

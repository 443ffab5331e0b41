"""Monte Carlo: shapes against closed forms, the many small as sums, and no chance in the order of rows."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.uncertainty import FACTORS, lines, quotes
from carbon.uncertainty import Intervals, Method, intervals, propagate, simulate, uncertainty
from carbon.uncertainty.distributions import Z95, lognormal, moments, multiplier, scores
from carbon.uncertainty.simulation import PERCENTILES

MADE = runpy.run_path(str(Path(__file__).with_name("made_lines.py")))
ASK, made, quote, told = (MADE[name] for name in ("ASK", "made", "quote", "told"))

LIMIT = 0.3


def _many(count: int, seed: int) -> Intervals:
    """Lines of sixty factors, some with wide and some with lopsided intervals."""
    frame = lines(count, seed)
    known = [quote(f"of{n:02d}", 3 + n % 20, 3 + n % 20 + (n % 7 == 0) * n) for n in range(FACTORS)]
    return intervals(frame, tuple(known), ASK)


def test_scores_have_mean_zero_and_variance_one() -> None:
    for draws in (100, 10_000):
        assert scores(draws).mean() == pytest.approx(0, abs=1e-12)
        assert scores(draws).var() == pytest.approx(1)
        assert (np.diff(scores(draws)) > 0).all()


@given(st.floats(0.01, 3.0))
def test_an_even_lognormal_keeps_the_mean_one_and_the_width(half: float) -> None:
    mean, spread = lognormal(np.array(half), np.array(half))
    assert np.exp(mean + spread**2 / 2) == pytest.approx(1)
    assert np.expm1(spread**2) == pytest.approx((half / Z95) ** 2)
    centre, variance = moments(np.array(half), np.array(half), LIMIT)
    assert (float(centre), float(variance)) == pytest.approx((1.0, (half / Z95) ** 2))


@given(st.floats(0.0, 0.95), st.floats(0.01, 5.0))
def test_a_lopsided_lognormal_meets_both_bounds(low: float, high: float) -> None:
    at = np.array([-Z95, Z95])
    if abs(high - low) > 1e-6:
        ends = multiplier(at, np.array(low), np.array(high), LIMIT)
        assert ends.tolist() == pytest.approx([1 - low, 1 + high])


@pytest.mark.parametrize("bounds", [(0.1, 0.1), (0.5, 0.5), (1.5, 1.5), (0.3, 0.9), (0.2, 0.05)])
def test_draws_have_the_moments_of_the_closed_forms(bounds: tuple[float, float]) -> None:
    low, high = (np.array(each) for each in bounds)
    drawn = multiplier(scores(200_000), low, high, LIMIT)
    mean, variance = moments(low, high, LIMIT)
    assert drawn.mean() == pytest.approx(float(mean), rel=1e-3)
    assert drawn.var() == pytest.approx(float(variance), rel=0.02)


def test_wide_errors_never_turn_an_emission_into_a_sink() -> None:
    drawn = multiplier(scores(10_000), np.array(2.0), np.array(2.0), LIMIT)
    assert drawn.min() > 0
    assert multiplier(scores(10_000), np.array(0.3), np.array(0.3), LIMIT).min() > 0


def test_the_many_small_as_sums_move_no_percentile_by_a_thousandth() -> None:
    # Factors are drawn from a stream of their own, so both runs meet the same factors; what is left to
    # chance is the small lines' own error, a few thousandths of the sum.
    found = _many(6_000, seed=3)
    draws = 10_000
    every = simulate(found, draws, seed=1, single=found.meters)
    sums = simulate(found, draws, seed=1)
    assert (every.single, sums.single) == (found.meters, 1_000)
    assert sums.percentiles == pytest.approx(every.percentiles, rel=1e-3)
    assert sums.mean == pytest.approx(every.mean, rel=1e-4)
    few = simulate(found, draws, seed=1, single=100)
    assert few.percentiles == pytest.approx(every.percentiles, rel=1e-3)


def test_another_seed_moves_the_ends_little_and_the_same_not_at_all() -> None:
    found = _many(2_000, seed=4)
    one, again, other = (simulate(found, seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert one.percentiles != other.percentiles
    assert one.percentiles == pytest.approx(other.percentiles, rel=0.01)


def test_the_order_of_many_rows_changes_nothing() -> None:
    frame, known = lines(3_000, 5), quotes()
    whole = uncertainty(frame, known, ASK, Method(approach=2))
    mixed = uncertainty(frame.sample(frac=1, random_state=2), known, ASK, Method(approach=2))
    assert [p for _, p in mixed.percentiles] == pytest.approx([p for _, p in whole.percentiles], rel=1e-9)
    assert [point for point, _ in whole.percentiles] == list(PERCENTILES)


def test_a_lopsided_interval_moves_the_mean_and_both_approaches_differ() -> None:
    rows = [{"tco2e": 100.0, "amount": 5, "factor": "A", "low": 50, "high": 150}]
    found = uncertainty(*made(rows), ASK, Method(approach=2))
    assert found.mean is not None
    assert found.mean > 105
    assert found.agrees is False
    assert found.percentiles[0][1] == pytest.approx(50, rel=0.02)
    assert found.percentiles[-1][1] == pytest.approx(250, rel=0.02)
    wide = [{"tco2e": 100.0, "amount": 0, "factor": "A", "half": 150}]
    assert uncertainty(*made(wide), ASK, Method(approach=2)).agrees is False


def test_a_meter_with_lines_of_both_signs_keeps_its_width() -> None:
    rows: list[dict[str, Any]] = [
        {"tco2e": tonnes, "amount": 40, "factor": "A", "half": 0, "enterprise_id": "E"}
        for tonnes in (100.0, -60.0)
    ]
    found = simulate(told(rows))
    assert found.mean == pytest.approx(40)
    assert found.sd == pytest.approx(40 * 0.4 / Z95)


@settings(max_examples=20)
@given(
    st.lists(
        st.fixed_dictionaries({
            "tco2e": st.floats(1, 1e4),
            "amount": st.floats(0, 25),
            "factor": st.sampled_from("AB"),
            "half": st.sampled_from([0.0, 5.0, 20.0]),
        }),
        min_size=1,
        max_size=8,
    )
)
def test_small_errors_are_told_alike_by_both_approaches(rows: list[dict[str, Any]]) -> None:
    found = told(rows)
    first, drawn = propagate(found), simulate(found)
    assert drawn.mean == pytest.approx(first.tco2e, rel=0.01)
    assert drawn.sd * Z95 == pytest.approx(first.half_width_t, rel=0.05, abs=1e-9)


def test_measured_factors_are_drawn_each_by_itself() -> None:
    frame = pd.DataFrame(lines(1_500, 6)).assign(measured=True)
    found = intervals(frame, quotes(), ASK)
    first, drawn = propagate(found), simulate(found, single=50)
    assert drawn.sd * Z95 == pytest.approx(first.half_width_t, rel=0.02)

"""Monte Carlo simulation (蒙特卡洛模拟, IPCC approach 2): the sum drawn many times, shared factors once each.

The meters whose error weighs most are drawn one by one. The many small ones of each factor are drawn as
one sum with their mean and variance: by itself none of them moves a percentile, and a sum of many
independent errors keeps nothing of their shapes but these two. Draws depend on the seed and on the
lines, not on the order of rows, and memory on neither their number nor that of draws together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from carbon.uncertainty.distributions import Z95, Floats, is_lognormal, moments, multiplier, scores
from carbon.uncertainty.intervals import Flags, Intervals, Ints, tally

PERCENTILES = (2.5, 5.0, 25.0, 50.0, 75.0, 95.0, 97.5)
SINGLE = 1_000
"""How many meters are drawn one by one."""
AT_ONCE = 1 << 20
"""Numbers held at once, 8 MB."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """A sum drawn many times, tCO2e.

    Parameters
    ----------
    mean, sd : of the draws; the mean lies off the sum of the lines where an interval is lopsided
    percentiles : at each of `PERCENTILES`
    single : meters drawn one by one; all others as sums
    """

    mean: float
    sd: float
    percentiles: tuple[float, ...]
    draws: int
    seed: int
    single: int

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval."""
        return self.percentiles[0]

    @property
    def high(self) -> float:
        """Upper end of the 95 % interval."""
        return self.percentiles[-1]


@dataclass(frozen=True, slots=True)
class _Meters:
    """One row per meter.

    Parameters
    ----------
    tonnes, spread : sum of its lines, and half-width of its amount, tCO2e
    low, high : bounds of its own factor, 0 where it has none
    priced : number of its shared factor, -1 where it has its own
    mixed : lines of both signs, so that its amount can be no multiplier
    """

    tonnes: Floats
    spread: Floats
    low: Floats
    high: Floats
    priced: Ints
    mixed: Flags

    def at(self, rows: Ints) -> _Meters:
        """Some of them, in that order."""
        return _Meters(*(getattr(self, name)[rows] for name in self.__slots__))


def simulate(told: Intervals, draws: int = 10_000, seed: int = 0, single: int = SINGLE) -> Simulated:
    """The sum of the lines, drawn.

    Formula: Σ over shared factors F (Σ over its meters x A) + Σ over the others x A F, with a
    multiplier A for each meter, F for each factor, of mean 1 where its bounds are even

    Parameters
    ----------
    told : every half-width known
    draws : 2 or more
    single : meters drawn one by one; a larger number changes nothing but the time it takes
    """
    meters = _meters(told)
    alone = _heaviest(meters, single, told.limit)
    rest = _rest(meters, alone, told.limit)
    shared, mine, others = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(3))
    total, drawn_for, score = np.zeros(draws), -1, scores(draws)
    for number, source, low, high in _factors(told):
        drawn = _one_by_one(meters.at(alone[meters.priced[alone] == number]), draws, mine, told.limit)
        drawn += _together(rest, number, others.permutation(scores(draws)))
        if number < 0:
            total += drawn
            continue
        if source != drawn_for:  # factors of one set stand one after another
            drawn_for, score = source, shared.permutation(scores(draws))
        total += drawn * multiplier(score, low, high, told.limit)
    points = tuple(float(each) for each in np.percentile(total, PERCENTILES))
    return Simulated(float(total.mean()), float(total.std()), points, draws, seed, len(alone))


def _meters(told: Intervals) -> _Meters:
    """The lines of each meter, put together."""
    count = told.meters
    tonnes = tally(told.meter, told.tco2e, count)
    whole = tally(told.meter, np.abs(told.tco2e), count)
    priced = np.full(count, -1)
    low, high = np.zeros(count), np.zeros(count)
    priced[told.meter] = told.priced
    own = told.priced < 0
    low[told.meter[own]], high[told.meter[own]] = told.low[own], told.high[own]
    spread = tally(told.meter, told.tco2e * told.activity, count)
    return _Meters(tonnes, spread, low, high, priced, whole > np.abs(tonnes) * (1 + 1e-9))


def _moments(meters: _Meters, limit: float) -> tuple[Floats, Floats, Flags]:
    """Mean and variance of each meter, and whether its shape is lopsided.

    Formula: mean = x m, variance = v (m² + w) + x² w, with the factor's mean m and variance w, and v of
    the amount
    """
    mean, variance = moments(meters.low, meters.high, limit)
    amount = (meters.spread / Z95) ** 2
    half = _half(meters)
    skewed = is_lognormal(half, half, limit) | is_lognormal(meters.low, meters.high, limit)
    drawn = amount * (mean**2 + variance) + meters.tonnes**2 * variance
    return meters.tonnes * mean, drawn, skewed & ~meters.mixed


def _half(meters: _Meters) -> Floats:
    """Half-width of each amount as a share; 0 for those of both signs, which are no multiplier."""
    usable = ~meters.mixed & (meters.tonnes != 0)
    return np.divide(meters.spread, meters.tonnes, out=np.zeros(len(usable)), where=usable)


def _heaviest(meters: _Meters, single: int, limit: float) -> Ints:
    """The meters to be drawn one by one, in an order that is theirs and not that of rows."""
    _, variance, _ = _moments(meters, limit)
    least = 0.0
    if single < np.count_nonzero(variance):
        least = np.partition(variance, -single - 1)[-single - 1] if single else np.inf
    at = np.flatnonzero(variance > least)
    # rounded, so that the order in which lines were summed does not decide
    keys = [getattr(meters, name)[at].astype(np.float32) for name in ("high", "low", "spread", "tonnes")]
    return at[np.lexsort(keys)]


@dataclass(frozen=True, slots=True)
class _Rest:
    """The meters that are drawn together, one entry per factor, that without any first."""

    mean: Floats
    variance: Floats
    skewed: Flags


def _rest(meters: _Meters, alone: Ints, limit: float) -> _Rest:
    mean, variance, skewed = _moments(meters, limit)
    left = np.ones(len(mean), bool)
    left[alone] = False
    at, mean, variance, skewed = meters.priced[left] + 1, mean[left], variance[left], skewed[left]
    size = int(meters.priced.max(initial=-1)) + 2
    sums = tally(at, mean, size)
    spread = tally(at, variance, size)
    one_sign = tally(at, np.abs(mean), size) <= np.abs(sums) * (1 + 1e-9)
    lopsided = tally(at, variance * skewed, size) > spread / 2
    return _Rest(sums, spread, lopsided & one_sign & (sums != 0))


def _factors(told: Intervals) -> list[tuple[int, int, Floats, Floats]]:
    """Each shared factor in use: its number, the set it belongs to, its bounds; -1 stands for all others."""
    numbers, first = np.unique(told.priced, return_index=True)
    return [
        (int(number), int(told.source[row]), told.low[row], told.high[row])
        for number, row in zip(numbers, first, strict=True)
    ]


def _one_by_one(meters: _Meters, draws: int, stream: np.random.Generator, limit: float) -> Floats:
    """The sum of some meters, each with draws of its own."""
    total = np.zeros(draws)
    half = _half(meters)
    step = max(1, AT_ONCE // draws)
    for start in range(0, len(half), step):
        each = meters.at(np.arange(start, min(start + step, len(half))))
        wide = half[start : start + step, None]
        score = _shuffled(len(wide), draws, stream)
        drawn = each.tonnes[:, None] * multiplier(score, wide, wide, limit)
        if each.mixed.any():
            plain = each.tonnes[:, None] + each.spread[:, None] * (score / Z95)
            drawn = np.where(each.mixed[:, None], plain, drawn)
        if each.high.any() or each.low.any():
            score = _shuffled(len(wide), draws, stream)
            drawn = drawn * multiplier(score, each.low[:, None], each.high[:, None], limit)
        total += drawn.sum(axis=0)
    return total


def _shuffled(rows: int, draws: int, stream: np.random.Generator) -> Floats:
    return stream.permuted(np.broadcast_to(scores(draws), (rows, draws)), axis=1)


def _together(rest: _Rest, number: int, score: Floats) -> Floats:
    """The sum of the many small meters of a factor, drawn as one."""
    mean, sd = rest.mean[number + 1], np.sqrt(rest.variance[number + 1])
    if rest.skewed[number + 1]:
        half = np.asarray(Z95 * sd / abs(mean))
        return np.asarray(mean * multiplier(score, half, half, 0.0))
    return np.asarray(mean + sd * score)

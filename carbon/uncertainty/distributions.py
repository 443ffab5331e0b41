"""Shapes of errors (误差分布): normal where they are small, lognormal where they are large or lopsided.

Every error is a multiplier about 1 made from a standard normal score, so that what shares a score moves
together. Nothing is cut off: a lognormal multiplier is never below zero by itself.
"""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Z95 = NormalDist().inv_cdf(0.975)
"""Half of the 95 % interval of a normal error, in standard deviations: 1.96"""
EVEN = 1e-9


@lru_cache(maxsize=4)
def scores(draws: int) -> Floats:
    """Standard normal scores, one from the middle of each of `draws` equally likely slices, rising.

    Drawn in a random order for each quantity (Latin hypercube), they leave no chance in a quantity by
    itself, only in how quantities meet; so ten thousand draws tell as much as many more plain ones.
    Their mean is 0 and their variance 1.

    >>> scores(4).round(3).tolist()
    [-1.363, -0.378, 0.378, 1.363]
    """
    normal = NormalDist()
    made = np.array([normal.inv_cdf((rank + 0.5) / draws) for rank in range(draws)])
    spread = made.std()
    return np.asarray(made / spread if spread else made)


def lognormal(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the logarithm of a multiplier.

    Formula: even bounds: sd² = ln(1 + (u / 1.96)²), mean = -sd² / 2, so that the multiplier has mean 1 and
    the standard deviation u / 1.96; uneven bounds: its 2.5 and 97.5 % points are 1 - low and 1 + high.
    Uneven bounds that reach down to zero cannot be met by a multiplier above zero: the mean 1 and half
    their width are kept.

    Parameters
    ----------
    low, high : how far the 95 % interval reaches below and above 1, >= 0

    >>> [round(float(each), 4) for each in lognormal(np.array(0.5), np.array(1.0))]
    [0.0, 0.3537]
    """
    half = (low + high) / 2
    even = (np.abs(high - low) <= EVEN) | (low >= 1)
    below = np.log1p(-np.where(low < 1, low, 0.0))
    above = np.log1p(high)
    squared = np.log1p((half / Z95) ** 2)
    mean = np.where(even, -squared / 2, (above + below) / 2)
    return mean, np.where(even, np.sqrt(squared), (above - below) / (2 * Z95))


def is_lognormal(low: Floats, high: Floats, limit: float) -> NDArray[np.bool_]:
    """Whether an error is taken as lognormal: uneven, or wider than the limit.

    Parameters
    ----------
    limit : half-width above which it is so, a share

    >>> is_lognormal(np.array([0.1, 0.4, 0.1]), np.array([0.1, 0.4, 0.2]), 0.3).tolist()
    [False, True, True]
    """
    return np.asarray((np.abs(high - low) > EVEN) | ((low + high) / 2 > limit))


def moments(low: Floats, high: Floats, limit: float) -> tuple[Floats, Floats]:
    """Mean and variance of a multiplier.

    Formula: normal: 1 and (u / 1.96)²; lognormal: exp(m + s²/2) and (exp(s²) - 1) exp(2m + s²)

    >>> mean, variance = moments(np.array(0.196), np.array(0.196), 0.3)
    >>> float(mean), round(float(variance), 4)
    (1.0, 0.01)
    """
    skewed = is_lognormal(low, high, limit)
    centre, spread = lognormal(low, high)
    mean = np.exp(centre + spread**2 / 2)
    variance = np.expm1(spread**2) * mean**2
    return np.where(skewed, mean, 1.0), np.where(skewed, variance, ((low + high) / 2 / Z95) ** 2)


def multiplier(score: Floats, low: Floats, high: Floats, limit: float) -> Floats:
    """The error that a standard normal score stands for, as a factor about 1.

    >>> multiplier(np.array([0.0, Z95]), np.array(0.1), np.array(0.1), 0.3).tolist()
    [1.0, 1.1]
    """
    centre, spread = lognormal(low, high)
    skewed = is_lognormal(low, high, limit)
    if skewed.all():
        return np.exp(centre + spread * score)
    plain = 1 + score * ((low + high) / 2 / Z95)
    return np.where(skewed, np.exp(centre + spread * score), plain) if skewed.any() else plain

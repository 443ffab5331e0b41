"""Propagation of errors (误差传播, IPCC approach 1): half-widths in quadrature, shared ones summed first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from carbon.uncertainty.intervals import Floats, Intervals, tally


@dataclass(frozen=True, slots=True)
class Propagated:
    """A sum with its uncertainty.

    >>> round(Propagated(150.0, 12.5).half_width, 5)
    0.08333

    Parameters
    ----------
    tco2e : Σ of the lines
    half_width_t : half of its 95 % interval, tCO2e, >= 0; nan where that of a line is not known
    """

    tco2e: float
    half_width_t: float

    @property
    def half_width(self) -> float:
        """As a share of the absolute sum; nan where the sum is zero."""
        return self.half_width_t / abs(self.tco2e) if self.tco2e else float("nan")


def propagate(told: Intervals) -> Propagated:
    """The sum of the lines and its half-width.

    Formula: U² = Σ over meters (Σ x u_amount)² + Σ over factors (Σ x u_factor)², over |Σ x|; of one line
    that is u² = u_amount² + u_factor². Negative lines keep their sign, so that a factor that stands on both
    sides of a balance cancels in part. The product of both errors is left out, as approach 1 does.

    Source: ipcc-2006-v1 chapter 3, equations 3.1 and 3.2, from secondary copies
    """
    amounts, factors = spreads(told)
    return Propagated(float(told.tco2e.sum()), float(np.sqrt((amounts**2).sum() + (factors**2).sum())))


def spreads(told: Intervals) -> tuple[Floats, Floats]:
    """Half-widths in tCO2e, signed: of each meter's amount, and of each factor, shared and own."""
    amounts = tally(told.meter, told.tco2e * told.activity, told.meters)
    factors = tally(told.source, told.tco2e * told.factor, len(told.shared) + told.meters)
    return amounts, factors


def by(told: Intervals, names: pd.Series[str]) -> pd.DataFrame:
    """Each part of the lines with its own half-width, as if it were all there is.

    Parts share factors, so their half-widths do not add up in quadrature to that of the whole.

    Parameters
    ----------
    names : to which part each line belongs, on the rows of the frame the intervals were made of;
        a blank is the zone itself

    Returns
    -------
    one row per part, in the order of names: `tco2e, half_width_t, half_width, lines`
    """
    codes, known = pd.factorize(names.iloc[told.row].fillna(""), sort=True)
    parts = len(known)
    squares = np.zeros(parts)
    for shared_by, half in ((told.meter, told.activity), (told.source, told.factor)):
        pair, which = np.unique(codes * (shared_by.max(initial=0) + 1) + shared_by, return_inverse=True)
        sums = tally(which, told.tco2e * half, len(pair))
        squares += tally(pair // (shared_by.max(initial=0) + 1), sums**2, parts)
    total = tally(codes, told.tco2e, parts)
    half_t = np.sqrt(squares)
    share = np.divide(half_t, np.abs(total), out=np.full(parts, np.nan), where=total != 0)
    return pd.DataFrame(
        {
            "tco2e": total,
            "half_width_t": half_t,
            "half_width": share,
            "lines": tally(codes, np.ones(len(codes)), parts).astype(int),
        },
        index=pd.Index(known, name=names.name),
    )

"""Contributions to the variance (方差贡献): which meter to improve, and which factor to measure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from carbon.uncertainty.intervals import METER, Floats, Intervals, Ints, tally
from carbon.uncertainty.propagation import spreads

AMOUNT, FACTOR, OTHERS = "amount", "factor", "others"
LABELS = {AMOUNT: "活动数据", FACTOR: "排放因子", OTHERS: "其余"}
COLUMNS = ["kind", "label", *METER, "tco2e", "half_width", "share"]


def contributions(told: Intervals, lines: pd.DataFrame, top: int | None = None) -> pd.DataFrame:
    """What the variance of the sum is made of: the amount of each meter, and each factor.

    Formula: share = (Σ x u)² / U², each Σ over the lines that have that error in common

    Parameters
    ----------
    lines : the frame that the intervals were made of
    top : the largest so many, and one row for all others; None: all of them

    Returns
    -------
    rows by falling share, which sum to 1: `kind` (amount, factor, others), `label`, the meter's
    `enterprise_id, category, item, supplier_id` (empty for a shared factor), `tco2e` and `half_width` of
    what errs, `share`. No rows where nothing is uncertain.
    """
    amounts, factors = spreads(told)
    halves = np.concatenate([amounts, factors])
    squares = halves**2
    variance = squares.sum()
    if not variance > 0:
        return pd.DataFrame(columns=COLUMNS)
    count = len(halves) if top is None else min(top, int(np.count_nonzero(squares)))
    order = np.lexsort((np.arange(len(halves)), -squares))[:count]
    named = _named(order, told, lines)
    named["half_width"] = np.abs(halves[order]) / np.abs(named["tco2e"]).where(named["tco2e"] != 0)
    named["share"] = squares[order] / variance
    left = len(halves) - count
    if left and (rest := 1 - float(named["share"].sum())) > 0:
        label = f"{LABELS[OTHERS]} {left}"
        others = dict.fromkeys(METER, "") | {"kind": OTHERS, "label": label, "share": rest}
        named = pd.concat([named, pd.DataFrame([others])], ignore_index=True)
    return named[COLUMNS]


def by_column(told: Intervals, lines: pd.DataFrame, columns: Sequence[str] = ("category",)) -> pd.DataFrame:
    """The share of the variance that the lines of an enterprise, a category, or both bear.

    Formula: share of a line = (x u_amount S_meter + x u_factor S_factor) / U², with the sums S over all
    lines that have the error in common; so a shared error is dealt out over its lines, and a line that
    takes some of it back bears less than nothing.

    Parameters
    ----------
    columns : of the frame; `("enterprise_id",)`, `("enterprise_id", "category", "item")`

    Returns
    -------
    rows by falling share: the columns, `tco2e, amount_share, factor_share, share`; shares sum to 1, and
    are nan where nothing is uncertain
    """
    amount, factor = by_line(told)
    frame = lines.iloc[told.row][list(columns)].assign(
        tco2e=told.tco2e, amount_share=amount, factor_share=factor, share=amount + factor
    )
    summed = frame.groupby(list(columns), sort=True, dropna=False).sum(min_count=1)
    return summed.sort_values("share", ascending=False, kind="stable").reset_index()


def by_line(told: Intervals) -> tuple[Floats, Floats]:
    """Each line's share of the variance, by its amount and by its factor; together they sum to 1."""
    amounts, factors = spreads(told)
    variance = (amounts**2).sum() + (factors**2).sum()
    if not variance > 0:
        nothing = np.full(len(told.row), np.nan)
        return nothing, nothing
    amount = told.tco2e * told.activity * amounts[told.meter] / variance
    return amount, told.tco2e * told.factor * factors[told.source] / variance


def _named(order: Ints, told: Intervals, lines: pd.DataFrame) -> pd.DataFrame:
    """The errors at some places, in words."""
    shared, meters = len(told.shared), told.meters
    by_meter = tally(told.meter, told.tco2e, meters)
    by_source = tally(told.source, told.tco2e, shared + meters)
    tonnes = np.concatenate([by_meter, by_source])
    one_row = np.zeros(meters, np.int64)
    one_row[told.meter] = told.row
    is_shared = (order >= meters) & (order < meters + shared)
    meter = np.where(order < meters, order, np.where(is_shared, 0, order - meters - shared))
    named = lines.iloc[one_row[meter]][list(METER)].fillna("").astype(str).reset_index(drop=True)
    named[is_shared] = ""
    words = named.agg(" ".join, axis=1).str.split().str.join(" ") if len(named) else pd.Series(dtype=str)
    sets = [told.shared[place - meters] if at else "" for place, at in zip(order, is_shared, strict=True)]
    named["label"] = words.where(~pd.Series(is_shared), pd.Series(sets, dtype=str))
    named["kind"] = np.where(order < meters, AMOUNT, FACTOR)
    named["tco2e"] = tonnes[order]
    return named

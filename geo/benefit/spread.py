"""How benefit is spread over enterprises (亩均效益分布): by zone, by industry, and how unequally.

A figure of many firms is told twice: sums over sums (what the land as a whole yields) and the mean of the
firms' own figures, each under its name. Inequality is that of the amount over what it is divided by: the
Gini of tax per mu asks how unequally tax lies on land, so splitting a firm with its land changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.records import Input, Result
from geo.benefit.grading import Grading
from geo.benefit.land_of import Floats, numbers

DECILES = tuple(range(1, 10))
LEAST = 10  # firms, below which there is no lowest tenth


@dataclass(frozen=True, slots=True)
class Measure:
    """An amount over land, energy, people or revenue, as it is spread."""

    code: str
    label: str
    top: str
    below: str
    unit: str


MEASURES = (
    Measure("tax_per_mu", "亩均税收", "tax_cny10k", "used_mu", "CNY10k/mu"),
    Measure("value_added_per_mu", "亩均增加值", "value_added_cny10k", "used_mu", "CNY10k/mu"),
    Measure("revenue_per_mu", "亩均营业收入", "revenue_cny10k", "used_mu", "CNY10k/mu"),
    Measure("value_added_per_tce", "单位能耗增加值", "value_added_cny10k", "energy_tce", "CNY10k/tce"),
    Measure("value_added_per_person", "全员劳动生产率", "value_added_cny10k", "employees", "CNY10k/person"),
    Measure("rd_share", "研发经费占营业收入比重", "rd_cny10k", "revenue_cny10k", "1"),
)

CONTENTS: tuple[tuple[str, str, str], ...] = (
    ("benefit_ratio_tax_per_mu", "亩均税收(合计比)", "CNY10k/mu"),
    ("benefit_mean_tax_per_mu", "亩均税收(企业平均)", "CNY10k/mu"),
    ("benefit_median_tax_per_mu", "亩均税收中位数", "CNY10k/mu"),
    ("benefit_gini_tax_per_mu", "亩均税收基尼系数", "1"),
    ("benefit_lowest_tenth_land_share", "亩均税收最低一成企业的用地占比", "1"),
    ("benefit_lowest_class_share", "末档企业占比", "1"),
)


def spread(grading: Grading, by: Sequence[str] = ("zone",), measure: str = "tax_per_mu") -> pd.DataFrame:
    """One measure, spread over the enterprises of each zone or industry.

    Parameters
    ----------
    by : zone, division or both; an empty list for all enterprises together
    measure : code of one of `MEASURES`

    Returns
    -------
    DataFrame, one row per group: the columns of `by`; firms (of the year), count (whose figure is known),
    top_sum, below_sum, ratio_of_sums, mean_of_ratios, median, q1, q3, d1 … d9 (quantiles between firms are
    interpolated), lowest_tenth_share (of land, energy … held by the lowest tenth of firms, their number
    rounded half up; NaN below ten firms), gini (NaN where an amount is negative, or all are nought)

    Firms of one plot count as one. Firms of which either figure is unknown count in `firms` alone.
    """
    chosen = next(each for each in MEASURES if each.code == measure)
    frame = _figures(grading, by, chosen)
    group = frame.groupby(list(by), sort=True, dropna=False).ngroup() if by else frame["value"] * 0
    group = group.fillna(0).astype("int64")
    heads = frame.assign(group=group).drop_duplicates("group").sort_values("group")[list(by)]
    known = frame["value"].notna()
    parts = dict(list(frame[known].sort_values("value", kind="stable").groupby(group[known])))
    blank = (0, *[float("nan")] * (len(COLUMNS) - 1))
    rows = [_row(parts[each]) if each in parts else blank for each in range(len(heads) if len(frame) else 0)]
    told = pd.DataFrame(rows, columns=list(COLUMNS))
    told.insert(0, "firms", np.bincount(group, minlength=len(told)))
    return pd.concat([heads.reset_index(drop=True), told], axis=1)


COLUMNS = (
    "count", "top_sum", "below_sum", "ratio_of_sums", "mean_of_ratios", "median", "q1", "q3",
    *(f"d{tenth}" for tenth in DECILES), "lowest_tenth_share", "gini",
)  # fmt: skip


def _figures(grading: Grading, by: Sequence[str], chosen: Measure) -> pd.DataFrame:
    """Units of the year with their two figures; those that share a plot stand in their lead alone."""
    there = (grading.frame["status"] != "merged").to_numpy()
    top, below = (numbers(grading.statements, name)[there] for name in (chosen.top, chosen.below))
    value = np.divide(top, below, out=np.full(len(top), np.nan), where=below > 0)
    frame = grading.frame.loc[there, list(by)].reset_index(drop=True)
    return frame.assign(top=top, below=below, value=value)


def _row(some: pd.DataFrame) -> tuple[float, ...]:
    top, below, value = (some[name].to_numpy(dtype="float64") for name in ("top", "below", "value"))
    quantiles = np.quantile(value, [0.5, 0.25, 0.75, *(tenth / 10 for tenth in DECILES)])
    lowest = int(np.floor(len(value) / 10 + 0.5)) if len(value) >= LEAST else 0
    share = float(below[:lowest].sum() / below.sum()) if lowest else float("nan")
    sums = float(top.sum()), float(below.sum())
    return (
        len(value),
        *sums,
        sums[0] / sums[1],
        float(value.mean()),
        *quantiles.tolist(),
        share,
        gini(top, below),
    )


def gini(top: Floats, below: Floats) -> float:
    """How unequally an amount lies on what carries it: 0 evenly, near 1 all in one place.

    Formula: 1 - Σ (x_i - x_i-1)(y_i + y_i-1), x and y the cumulative shares of `below` and `top`, in rising
    order of top / below

    Parameters
    ----------
    top, below : (n,) amounts, and the land that carries them, > 0; both known

    >>> round(gini(np.array([0.0, 100.0]), np.array([50.0, 50.0])), 9)
    0.5
    """
    if not len(top) or (top < 0).any() or top.sum() <= 0:
        return float("nan")
    x, y = lorenz(top, below).to_numpy().T
    return float(1 - np.sum(np.diff(x) * (y[1:] + y[:-1])))


def lorenz(top: Floats, below: Floats) -> pd.DataFrame:
    """Points of the Lorenz curve: share of land, and of tax on it, the poorest land first.

    Returns
    -------
    DataFrame of n + 1 rows: below_share, top_share, both from 0 to 1

    >>> lorenz(np.array([30.0, 10.0]), np.array([1.0, 1.0]))["top_share"].tolist()
    [0.0, 0.25, 1.0]
    """
    order = np.argsort(top / below, kind="stable")
    shares = {
        name: np.r_[0.0, np.cumsum(each[order])] / each.sum()
        for name, each in (("below", below), ("top", top))
    }
    return pd.DataFrame({"below_share": shares["below"], "top_share": shares["top"]})


def class_counts(grading: Grading, by: Sequence[str] = ("zone",)) -> pd.DataFrame:
    """How many enterprises of each zone or industry are in each class, and what became of the others.

    Returns
    -------
    DataFrame: the columns of `by`, group, one column per class, graded (their sum, or all that were
    graded where the scheme has no classes); merged firms and tenants are not counted again
    """
    frame = grading.frame[grading.frame["status"] == "graded"]
    keys = [*by, "group"]
    counts = frame.groupby(keys, sort=True, dropna=False).size().rename("graded").to_frame()
    labels = list(dict.fromkeys(name for group in grading.scheme.groups for name in group.classes.labels))
    for label in labels:
        some = frame[(frame["class"] == label).to_numpy(dtype=bool, na_value=False)]
        counts[label] = some.groupby(keys, sort=True, dropna=False).size().reindex(counts.index, fill_value=0)
    return counts[[*labels, "graded"]].reset_index()


def results(grading: Grading, zone: str) -> list[Result]:
    """The results of one zone, one per entry of `CONTENTS`; None with a reason where they cannot be told."""
    of_zone = (grading.frame["zone"] == zone).to_numpy(dtype=bool, na_value=False)
    frame, statements = grading.frame[of_zone], grading.statements[of_zone]
    there = (frame["status"] != "merged").to_numpy()
    top, below = numbers(statements, "tax_cny10k")[there], numbers(statements, "used_mu")[there]
    known = ~np.isnan(top) & (below > 0)
    some = pd.DataFrame({"top": top[known], "below": below[known]})
    some = some.assign(value=some["top"] / some["below"]).sort_values("value", kind="stable")
    row = dict(zip(COLUMNS, _row(some), strict=True)) if len(some) else {}
    count, year = int(there.sum()), grading.year
    lacks = f"Tax and land are known of {len(some)} of {count} enterprises of {zone} in {year}."
    inputs = (
        Input("tax_cny10k", "税收", row.get("top_sum"), "CNY10k", f"enterprises {grading.year}", len(some)),
        Input("land_mu", "用地面积", row.get("below_sum"), "mu", f"enterprises {grading.year}", len(some)),
    )
    values = {
        "benefit_ratio_tax_per_mu": (row.get("ratio_of_sums"), "Σ tax / Σ land"),
        "benefit_mean_tax_per_mu": (row.get("mean_of_ratios"), "mean of tax / land of each firm"),
        "benefit_median_tax_per_mu": (row.get("median"), "median of tax / land of each firm"),
        "benefit_gini_tax_per_mu": (
            row.get("gini"),
            "1 - Σ Δx (y_i + y_i-1), shares of land and tax",
        ),
        "benefit_lowest_tenth_land_share": (row.get("lowest_tenth_share"), "land of the lowest tenth / land"),
    }
    told = [(each, *values[each[0]]) for each in CONTENTS if each[0] in values]
    made = [_result(entry, value, formula, inputs, lacks) for entry, value, formula in told]
    grounds = grading.articles[:1]  # the scheme says which land and which firms count
    return [*(replace(each, articles=grounds) for each in made), _lowest_class(grading, frame)]


def _result(
    entry: tuple[str, str, str], value: float | None, formula: str, inputs: tuple[Input, ...], lacks: str
) -> Result:
    """One entry of `CONTENTS` with its value, or why it has none."""
    code, label, unit = entry
    known = value is not None and not np.isnan(value)
    more = {
        "benefit_gini_tax_per_mu": "A negative tax, or none at all, has no Gini coefficient.",
        "benefit_lowest_tenth_land_share": f"The lowest tenth needs {LEAST} enterprises.",
    }.get(code, "Supply the missing statements.")
    reason = "" if known else f"{lacks} {more}"
    return Result(code, label, value if known else None, unit, inputs, formula, reason=reason)


def _lowest_class(grading: Grading, frame: pd.DataFrame) -> Result:
    """Share of graded enterprises in the last class of their group."""
    code, label, unit = CONTENTS[-1]
    graded = frame[frame["status"] == "graded"]
    count, lowest = len(graded), int(graded["lowest"].sum())
    inputs = (
        Input("graded", "参评企业", float(count), "count"),
        Input("lowest", "末档企业", float(lowest), "count"),
    )
    classes = graded["class"].value_counts(sort=False).sort_index()
    told = count > 0 and bool(classes.sum())
    reason = "" if told else f"{count} enterprises are graded, and the scheme gives them no class."
    return Result(
        code, label, lowest / count if told else None, unit, inputs, "lowest class / graded",
        articles=grading.articles, reason=reason,
        breakdown={f"class.{name}": float(number) for name, number in classes.items()},
    )  # fmt: skip

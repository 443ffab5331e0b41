"""How benefit is spread over enterprises (亩均效益分布): by zone, by industry, and how unequally.

A figure of many firms is told twice: sums over sums (what the land as a whole yields) and the mean of the
firms' own figures, each under its name. Inequality is that of the amount over what it is divided by: the
Gini of tax per mu asks how unequally tax lies on land, so splitting a firm with its land changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.records import Input, Result
from geo.benefit.grading import Grading
from geo.benefit.statements import Flags, Floats, numbers

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
    parts = dict(list(frame[known].groupby(group[known])))
    blank = (0, *[float("nan")] * (len(COLUMNS) - 1))
    rows = [
        _row(*_two(parts[each])) if each in parts else blank
        for each in range(len(heads) if len(frame) else 0)
    ]
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


def _two(some: pd.DataFrame) -> tuple[Floats, Floats]:
    return some["top"].to_numpy(dtype="float64"), some["below"].to_numpy(dtype="float64")


def _row(top: Floats, below: Floats) -> tuple[float, ...]:
    """The figures of `COLUMNS` of some units, both of whose figures are known."""
    order = np.argsort(top / below, kind="stable")
    top, below = top[order], below[order]
    value = top / below
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
    x, y = _cumulative(top, below)
    return float(1 - np.sum(np.diff(x) * (y[1:] + y[:-1])))


def lorenz(top: Floats, below: Floats) -> pd.DataFrame:
    """Points of the Lorenz curve: share of land, and of tax on it, the poorest land first.

    Returns
    -------
    DataFrame of n + 1 rows: below_share, top_share, both from 0 to 1

    >>> lorenz(np.array([30.0, 10.0]), np.array([1.0, 1.0]))["top_share"].tolist()
    [0.0, 0.25, 1.0]
    """
    x, y = _cumulative(top, below)
    return pd.DataFrame({"below_share": x, "top_share": y})


def _cumulative(top: Floats, below: Floats) -> tuple[Floats, Floats]:
    order = np.argsort(top / below, kind="stable")
    x, y = (np.r_[0.0, np.cumsum(each[order])] / each.sum() for each in (below, top))
    return x, y


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
    stand, rows = grading.stand, grading.stand.units.rows
    of_zone = rows.one_of("zone", [zone])[0] if "zone" in rows else np.zeros(len(rows), dtype=bool)
    there = of_zone & (stand.status != "merged")
    top, below = grading.used("tax_cny10k")[there], stand.units.land[there]
    known = ~np.isnan(top) & (below > 0)
    row = dict(zip(COLUMNS, _row(top[known], below[known]), strict=True)) if known.any() else {}
    firms, count, year = int(known.sum()), int(there.sum()), grading.year
    lacks = f"Tax and land are known of {firms} of {count} enterprises of {zone} in {year}."
    inputs = (
        Input("tax_cny10k", "税收", row.get("top_sum"), "CNY10k", f"enterprises {year}", firms),
        Input("land_mu", "用地面积", row.get("below_sum"), "mu", f"enterprises {year}", firms),
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
    return [*(replace(each, articles=grounds) for each in made), _lowest_class(grading, of_zone)]


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


def _lowest_class(grading: Grading, of_zone: Flags) -> Result:
    """Share of graded enterprises in the last class of their group."""
    code, label, unit = CONTENTS[-1]
    count, lowest, classes = _classes(grading, of_zone)
    inputs = (
        Input("graded", "参评企业", float(count), "count"),
        Input("lowest", "末档企业", float(lowest), "count"),
    )
    told = bool(classes)
    reason = "" if told else f"{count} enterprises are graded, and the scheme gives them no class."
    return Result(
        code, label, lowest / count if told else None, unit, inputs, "lowest class / graded",
        articles=grading.articles, reason=reason,
        breakdown={f"class.{name}": float(number) for name, number in sorted(classes.items())},
    )  # fmt: skip


def _classes(grading: Grading, of_zone: Flags) -> tuple[int, int, Counter[str]]:
    """How many of some rows are graded, how many in a last class, and how many in each class."""
    count, lowest, classes = 0, 0, Counter[str]()
    for name, made in grading.scored.items():
        at = made.rows[grading.stand.status[made.rows] == "graded"]
        place = grading.classes[name].place[of_zone[at]]
        count += len(place)
        classed = np.bincount(place[place >= 0], minlength=len(made.group.classes.labels)).tolist()
        lowest += classed[-1] if classed else 0
        classes.update(dict(zip(made.group.classes.labels, classed, strict=True)))
    return count, lowest, +classes

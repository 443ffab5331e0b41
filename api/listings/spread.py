"""Spread of benefit over enterprises (亩均效益分布): by industry, with quantiles and not the mean alone."""

from __future__ import annotations

from api.listings.grades import graded
from api.listings.listing import Asked, Listing, columns
from data.codes.industries import industries
from geo.benefit.spread import MEASURES, class_counts, results, spread

BY = {"zone": "开发区", "division": "行业"}
FORMULAS = {
    "ratio_of_sums": "Σ 分子 / Σ 分母",
    "mean_of_ratios": "各企业比值的平均",
    "lowest_tenth_share": "最低一成企业的分母 / 全部分母",
    "gini": "1 - Σ Δx (y_i + y_i-1)",
}


def make(asked: Asked) -> Listing:
    """One measure over the enterprises of a zone, by industry or as a whole."""
    code = asked.choice("measure", [each.code for each in MEASURES], "tax_per_mu")
    by = asked.choice("by", BY, "division")
    measure = next(each for each in MEASURES if each.code == code)
    told = graded(asked)
    counts = class_counts(told, (by,)).groupby(by, dropna=False).sum(numeric_only=True).reset_index()
    frame = spread(told, (by,), code).merge(counts, on=by, how="left")
    names = industries()["name"].to_dict() if by == "division" else {asked.code: asked.zone["name"]}
    classes = [name for name in counts.columns if name not in (by, "graded")]
    return Listing(
        name="spread",
        title=f"{asked.zone['name']}{measure.label}分布",
        asked=asked,
        columns={
            **columns((by, BY[by]), ("label", "名称"), ("firms", "企业数", "", "integer")),
            **columns(("count", "有数企业", "", "integer")),
            **columns(
                ("ratio_of_sums", "合计比", measure.unit, "number"),
                ("mean_of_ratios", "企业平均", measure.unit, "number"),
                ("median", "中位数", measure.unit, "number"),
                ("q1", "下四分位", measure.unit, "number"),
                ("q3", "上四分位", measure.unit, "number"),
                ("d1", "第一十分位", measure.unit, "number"),
                ("d9", "第九十分位", measure.unit, "number"),
                ("lowest_tenth_share", "最低一成占分母", "1", "number"),
                ("gini", "基尼系数", "1", "number"),
            ),
            **columns(*((name, f"{name} 类", "", "integer") for name in classes)),
        },
        frame=frame.assign(label=frame[by].map(names)),
        results=tuple(results(told, asked.code)),
        faults=told.faults,
        articles=told.articles,
        notes=("“合计比”是总量之比，“企业平均”是各企业比值的平均，两者不同，不可混用。",),
        formulas=FORMULAS,
    )

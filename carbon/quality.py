"""Quality of data (数据质量): H, M or L for each line, by where its amount and its factor come from.

GPC rates amount and factor of each line high, medium or low on how local, recent, complete and verifiable
they are; a line is as good as the worse of both. The exact wording of its table is from memory (unverified),
so the readings below are the house's own:

    amount   H  read off a meter, a bill, a weighbridge      M  a statistical report      L  an estimate
             blank where nothing is said of it: what nobody vouches for is not graded, not assumed
    factor   H  measured, or its calorific value is          M  default of a Chinese document for that year
             L  default of the IPCC, of another year, or an illustration
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carbon.category import Quote
from carbon.tables import numbers, summed, texts
from data.records import Input, Result, Status

GRADES = ("H", "M", "L")
NONE = ""
"""Not graded: nothing is said of where the amount comes from"""
# The worst word counts: what is estimated from a meter is an estimate. Latin words stand alone.
WORDS = {
    "L": (
        "估算",
        "估计",
        "推算",
        "推定",
        "折算",
        "类比",
        "经验",
        "缺省",
        r"\bestimat",
        r"\bguess",
        r"\bassum",
    ),
    "M": ("报表", "统计", "年报", "月报", "台账", "申报", "填报", r"\breport", r"\bstatistic", r"\bp20\d"),
    "H": (
        *("计量", "表计", "电表", "水表", "气表", "热表", "仪表", "流量计", "抄表", "发票", "账单", "结算"),
        *("购销", "过磅", "地磅", "衡器", "皮带秤", "实测", r"\bmeter", r"\binvoice", r"\bbill", r"\bweigh"),
    ),
}
OTHER_YEAR = re.compile(r"\bof \d{4} for \d{4}\b")


def grades(frame: pd.DataFrame, quotes: Sequence[Quote]) -> pd.DataFrame:
    """The grade of each line that has an amount.

    Formula: grade = the worse of activity_grade and factor_grade; a line with no word of its source is L
    where its factor is, and else not graded

    Parameters
    ----------
    frame, quotes : the priced lines, as `carbon.pricing.Priced` describes them; `stated_quality` counts
        before `data_source`

    Returns
    -------
    DataFrame on the index of the frame: activity_grade, factor_grade, grade, each H, M, L or empty, where it
    is not known or the line is not told
    """
    told = (texts(frame, "missing") == "").to_numpy() & ~np.isnan(numbers(frame, "amount"))
    activity = np.where(told, _activity(frame), NONE)
    factor = np.where(told & ~np.isnan(numbers(frame, "factor")), _factor(frame, quotes), NONE)
    worst = np.maximum(_rank(activity), _rank(factor))
    known = (activity != NONE) & (factor != NONE)
    grade = np.where(known | (worst == len(GRADES) - 1), np.array([*GRADES, NONE])[worst], NONE)
    grade = np.where(told & (factor != NONE), grade, NONE)
    return pd.DataFrame(
        {"activity_grade": activity, "factor_grade": factor, "grade": grade}, index=frame.index, dtype="str"
    )


def source_grade(source: str) -> str:
    """What a source in words is worth; empty where no word of it is known.

    >>> [source_grade(words) for words in ("电表", "统计报表 P201", "按计量表估算", "张三", "")]
    ['H', 'M', 'L', '', '']
    """
    plain = source.lower()
    return next((grade for grade, words in WORDS.items() if re.search("|".join(words), plain)), NONE)


def quality(frame: pd.DataFrame, quotes: Sequence[Quote]) -> Result:
    """How much of what is emitted rests on good data: the share of tCO2e graded H or M.

    The breakdown gives the share of each grade, and of `not_graded`; they add up to 1. Amounts taken off
    count with their size.

    Parameters
    ----------
    frame, quotes : the priced lines, as `carbon.pricing.Priced` describes them
    """
    told = grades(frame, quotes)["grade"].to_numpy(dtype=object)
    counts = texts(frame, "scope").isin(["scope1", "scope2"]).to_numpy()
    tonnes = np.where(counts, np.abs(numbers(frame, "tco2e")), np.nan)
    codes = np.array([*GRADES, NONE])
    place = pd.Index(codes).get_indexer(pd.Index(told))
    sums = summed(np.asarray(place, dtype=np.intp), tonnes, len(codes))
    whole = float(sums.sum())
    names = [*GRADES, "not_graded"]
    labels = ["高", "中", "低", "未评级"]
    lines = [int(((place == at) & ~np.isnan(tonnes)).sum()) for at in range(len(codes))]
    return Result(
        "data_quality",
        "数据质量高、中等级排放占比",
        float((sums[0] + sums[1]) / whole) if whole > 0 else None,
        "1",
        inputs=tuple(
            Input(name, label, float(value), "tCO2e", "activity", count)
            for name, label, value, count in zip(names, labels, sums, lines, strict=True)
        ),
        formula="tCO2e of lines graded H or M / tCO2e of all lines; the worse of amount and factor counts",
        articles=("house convention, after gpc-1.1 data quality",),
        reason="" if whole > 0 else "Nothing that is emitted is told, so no part of it can be graded.",
        breakdown={n: float(v / whole) for n, v in zip(names, sums, strict=True)} if whole > 0 else {},
    )


def factor_grade(quote: Quote) -> str:
    """What the default factor of a quote is worth; empty where it has none."""
    if quote.factor is None:
        return NONE
    parts = [part for part in quote.factor.parts if not part.name.startswith("factors.gwp.")]
    foreign = any(part.article.lower().startswith("ipcc") for part in parts)
    invented = any(part.status is Status.ILLUSTRATION for part in parts)
    stands_in = any(fault.code == "factor_of_another_year" for fault in quote.faults)
    return "L" if foreign or invented or stands_in or OTHER_YEAR.search(quote.quality) else "M"


def _activity(frame: pd.DataFrame) -> NDArray[Any]:
    """The stated grade, else that of the source in words; each distinct source is read once."""
    stated = texts(frame, "stated_quality").str.strip().str.upper()
    source = texts(frame, "data_source")
    read = {words: source_grade(words) for words in source.unique()}
    return stated.where(stated.isin(GRADES), source.map(read)).to_numpy(dtype=object)


def _factor(frame: pd.DataFrame, quotes: Sequence[Quote]) -> NDArray[Any]:
    each = np.array([*(factor_grade(quote) for quote in quotes), NONE], dtype=object)
    found = each[frame["quote"].to_numpy(np.int64)]
    measured = texts(frame, "measured").str.lower().isin(["true", "1"]).to_numpy()
    return np.where(measured, "H", found)


def _rank(told: NDArray[Any]) -> NDArray[np.intp]:
    """0 for H to 2 for L; not known ranks lowest, as nothing can be said from it."""
    ranks = {grade: rank for rank, grade in enumerate(GRADES)}
    return np.array(pd.Series(told).map(ranks).fillna(0), dtype=np.intp)

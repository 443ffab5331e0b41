"""Themes of the parcels (专题): other ways to colour them than by land class, each from one column.

`THEMES` is the table of contents: a theme is offered where the parcels have its column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from maps.emissions import words as emission_words
from maps.palette import theme_colour

UNKNOWN = "unknown"
DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Theme:
    """One way to colour parcels.

    Parameters
    ----------
    column : of the parcels; its values are the keys of `words`, missing is 未知
    label : what the reader chooses
    title : above the legend
    words : value -> Chinese word, in the order of the legend; a value that is not there shows as it is
    """

    column: str
    label: str
    title: str
    words: Mapping[str, str] = field(default_factory=dict)


THEMES: tuple[Theme, ...] = (
    Theme(
        "survey",
        "评价用地",
        "集约利用评价用地与面积",
        {
            "A1": "A1 住宅",
            "A2": "A2 工矿仓储",
            "A3": "A3 交通运输",
            "A4": "A4 商服",
            "A51": "A51 公园与绿地",
            "A52": "A52 其他公共服务",
            "A6": "A6 其他城镇",
            "B11": "B11 已建成农村工矿仓储",
            "B12": "B12 其他已建成农村",
            "B1": "B1 已建成农村",
            "B21": "B21 已达到供地条件",
            "B22": "B22 未达到供地条件",
            "B2": "B2 其他未建成",
            "C": "C 不可建设",
        },
    ),
    Theme(
        "supply",
        "供应",
        "供应状态与面积",
        {
            "supplied": "已供应",
            "idle": "闲置",
            "ready": "已达到供地条件",
            "not_supplied": "未供应",
            "not_developable": "不可建设",
        },
    ),
    Theme(
        "share_part",
        "占比口径",
        "产业用地占比的分子与分母",
        {"numerator": "产业用地（分子）", "denominator": "其他建设用地（仅分母）", "outside": "不计入"},
    ),
    Theme(
        "grade",
        "企业等级",
        "亩均效益等级与用地",
        {
            "A": "A 类",
            "B": "B 类",
            "C": "C 类",
            "D": "D 类",
            "excused": "不参评（有理由）",
            "unranked": "无法评级",
            "none": "无参评企业",
        },
    ),
    Theme("emission", "碳排放", "亩均碳排放（吨CO₂当量/亩）与用地", emission_words()),
    Theme(
        "exit_reason",
        "退出清单",
        "闲置与低效用地",
        {"idle": "闲置土地", "low_yield": "低效企业用地", "both": "闲置且低效", "none": "不在清单"},
    ),
    Theme(
        "cover_gap",
        "卫星对照",
        "遥感与台账的差别",
        {
            "agree": "一致",
            "built_not_seen": "台账已建、遥感未见",
            "seen_not_built": "遥感已建、台账未建",
            "cannot_tell": "无法判断",
        },
    ),
)


def themes_of(parcels: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """The themes for which the parcels have a column with something in it.

    Returns
    -------
    column, label, title, classes (label, colour, count, area_m2, unmeasured) and class (its number for each
    parcel)
    """
    there = [theme for theme in THEMES if theme.column in parcels and parcels[theme.column].notna().any()]
    return [_theme(theme, parcels) for theme in there]


def _theme(theme: Theme, parcels: gpd.GeoDataFrame) -> dict[str, Any]:
    values = parcels[theme.column].astype(object)
    values = values.where(values.notna(), UNKNOWN).astype(str)
    there = set(values)
    spare = {name: at for at, name in enumerate(sorted(there - set(theme.words) - {UNKNOWN}))}
    order = [name for name in (*theme.words, *spare, UNKNOWN) if name in there]
    words = {**theme.words, UNKNOWN: "未知"}
    looks = {
        name: (words.get(name, name), theme_colour(theme.column, name, spare.get(name, 0))) for name in order
    }
    return {
        "column": theme.column,
        "label": theme.label,
        "title": theme.title,
        "classes": summed(parcels["area_m2"], values, order, looks),
        "class": pd.Categorical(values, order).codes.tolist(),
    }


def summed(
    area_m2: pd.Series, values: pd.Series, order: Sequence[str], looks: Mapping[str, tuple[str, str]]
) -> list[dict[str, Any]]:
    """Label, colour, count, area, and how many parcels have no known area, for each value.

    Parameters
    ----------
    area_m2 : (n,) of each parcel; NaN is unknown and not counted into the area
    values : (n,) what it is coloured by
    order : of the values in the legend
    looks : value -> label, colour
    """
    about = area_m2.groupby(values.to_numpy()).agg(["size", "sum", "count"])
    return [
        {
            "label": looks[name][0],
            "colour": looks[name][1],
            "count": int(size),
            "area_m2": round(float(area), DECIMALS) if measured else None,
            "unmeasured": int(size - measured),
        }
        for name, (size, area, measured) in ((name, about.loc[name]) for name in order)
    ]

"""How the zones stand (位次): leagues of the yearly evaluation, or ranks by one result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from api.contents import contents
from api.listings.listing import Asked, Listing, columns
from data.book.interface import Ask
from data.kinds import Column
from data.records import Dated
from geo.standing import HENAN, Standing, direction, league, ranks
from geo.standing.scheme import scheme

FIXED = columns(
    ("league_label", "组别"),
    ("rank", "位次", "", "integer"),
    ("of", "参排数", "", "integer"),
    ("change", "位次变化", "", "integer"),
    ("zone", "开发区代码"),
    ("name", "名称"),
)
WORDS = {"higher": "数值越高越好", "lower": "数值越低越好", "neutral": "不分优劣，只排大小"}


def make(asked: Asked) -> Listing:
    """Leagues of all zones in a year; with the option `by`, ranks by that result."""
    return _by_result(asked, asked.option("by")) if asked.option("by") else _leagues(asked)


def _leagues(asked: Asked) -> Listing:
    zones = asked.book.read("zones", Ask(on=asked.day), columns=["code", "name", "level", "purpose"])
    statistics = asked.book.read("statistics")
    name = asked.option("league", HENAN)
    told = league(
        zones, results_of(asked), statistics, year=asked.year, day=asked.day, region=asked.region, name=name
    )
    return Listing(
        name="standing",
        title=told.label,
        asked=asked,
        columns=_columns(told),
        frame=told.rows,
        faults=told.faults,
        articles=(*told.weights.values(), told.split),
        notes=(_how(told), *_ends(told)),
        formulas={"score": f"Σ 权重 x 100 x 指标 / 组内{_base(told)}", "change": "上年位次 - 本年位次"},
        placed_by="zone",
        whys=_whys(told),
    )


def results_of(asked: Asked) -> list[Mapping[str, Any]]:
    """Results of the year and the one before, for all zones."""
    rows = [asked.book.results(year=year) for year in (asked.year - 1, asked.year)]
    return [row for of_year in rows for row in of_year]


def _columns(told: Standing) -> dict[str, Column]:
    table = scheme(told.scheme)
    figures = [(code, about["label"], about["unit"], "number") for code, about in table.indicators.items()]
    scores = [
        (f"{code}_score", f"{about['label']}得分", "1", "number") for code, about in table.indicators.items()
    ]
    last = [("score", "总分", "1", "number"), ("reason", "未排名的理由"), ("change_reason", "位次变化说明")]
    return {**FIXED, **columns(*figures, *scores, *last)}


def _base(told: Standing) -> str:
    return "最高值" if told.normalisation == "best" else "平均值"


def _how(told: Standing) -> str:
    said = "、".join(f"{each.label}{each.value:g}（{_status(each)}）" for each in told.weights.values())
    return f"标准化：除以组内{_base(told)}。{said}。缺一项指标的开发区不排名，也不占位次。"


def _status(dated: Dated) -> str:
    return {"verified": "已核对", "unverified": "未核对", "illustration": "示例，非官方权重"}[dated.status]


def _ends(told: Standing) -> list[str]:
    rows = told.ends[told.ends["indicator"] == "score"]
    labels = dict(zip(told.rows["league"], told.rows["league_label"], strict=True))
    return [
        f"{labels.get(row.league, row.league)}：最好 {row.best_zone}（{row.best:.2f}），"
        f"最差 {row.worst_zone}（{row.worst:.2f}），共 {row.zones} 个。"
        for row in rows.itertuples()
    ]


def _whys(told: Standing) -> tuple[Mapping[str, Any], ...]:
    ends = told.ends.set_index(["league", "indicator"])
    codes = list(told.weights)
    chains = []
    for row in told.rows.to_dict("records"):
        parts = {}
        for code in codes:
            best = ends["best"].get((row["league"], code)) if pd.notna(row["rank"]) else None
            parts[code] = {
                "value": None if pd.isna(row[code]) else row[code],
                "weight": told.weights[code].value,
                "best_of_league": None if best is None else float(best),
                "article": told.weights[code].article,
                "status": told.weights[code].status,
            }
        chains.append(parts)
    return tuple(chains)


def _by_result(asked: Asked, code: str) -> Listing:
    zones = asked.book.read("zones", Ask(on=asked.day), columns=["code", "name"]).set_index("code")["name"]
    kept = results_of(asked)
    offered = dict.fromkeys([*(each.code for each in contents()), *(row["code"] for row in kept)])
    asked.choice("by", offered, code)
    told = ranks(kept, codes=[code], zones=list(zones.index), years=[asked.year])
    unit = next((row["unit"] for row in kept if row["code"] == code), "1")
    label = next((row["label"] for row in kept if row["code"] == code), code)
    frame = told.assign(name=told["zone"].map(zones), league_label="")
    shown = {name: column for name, column in FIXED.items() if name != "league_label"}
    more = columns(
        ("value", label, unit, "number"),
        ("quantile", "分位", "1", "number"),
        ("best_zone", "最好"),
        ("worst_zone", "最差"),
        ("reason", "无位次的理由"),
    )
    return Listing(
        name="standing",
        title=f"{label}位次",
        asked=asked,
        columns={**shown, **more},
        frame=frame,
        articles=_articles(kept, code),
        notes=(f"{code}：{WORDS[direction(code)]}。",),
        formulas={"change": "上年位次 - 本年位次", "quantile": "1 为最好，0 为最差"},
        placed_by="zone",
    )


def _articles(kept: list[Mapping[str, Any]], code: str) -> tuple[str, ...]:
    said = [each for row in kept if row["code"] == code for each in row["articles"] if isinstance(each, str)]
    return tuple(dict.fromkeys(said))

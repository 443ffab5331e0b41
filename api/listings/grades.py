"""Grades of enterprises (亩均效益评价): score, rank, class, and why, by a scheme of data/rules/benefit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from api.further import decided, mapped_mu
from api.listings.listing import Asked, Listing, columns
from api.listings.placing import parcels_in
from data.book.interface import Ask
from data.errors import NotHere
from data.kinds import Column, kind
from geo.benefit.grading import Grading, grade
from geo.benefit.scheme import names, scheme
from geo.benefit.spread import results
from geo.benefit.why import why_grade

DEFAULT = "henan_2019"
STATUS = {
    "graded": "已评",
    "excused": "不参评",
    "follows": "随出租方",
    "merged": "随同宗地",
    "unranked": "无法评级",
    "outside": "不在范围",
}
FIRST = columns(
    ("enterprise_id", "企业编号"),
    ("name", "企业名称"),
    ("industry", "行业"),
    ("group_label", "组别"),
    ("class", "等级"),
    ("rank", "位次", "", "integer"),
    ("count", "参评数", "", "integer"),
    ("score", "得分", "1", "number"),
    ("land_mu", "用地", "mu", "number"),
    ("status_label", "状态"),
)
LAST = columns(
    ("correction", "修正系数", "1", "number"),
    ("bonus", "加分", "1", "number"),
    ("objection", "异议"),
    ("changed", "异议改动"),
    ("reason", "说明"),
)
LAST["objection"] = replace(LAST["objection"], one_of=kind("objections").columns["outcome"].one_of)
OBJECTIONS = "异议：已作出决定的按决定的数字计，不论何时作出；未决的标明，数字不变。"


def make(asked: Asked) -> Listing:
    """The enterprises of a zone graded by a scheme; with the option `enterprise` only one, and its why."""
    told = graded(asked)
    frame = told.frame
    wanted = asked.option("enterprise")
    if wanted:
        if wanted not in set(frame["enterprise_id"].dropna()):
            raise NotHere("enterprise", wanted, list(frame["enterprise_id"].dropna().astype(str)))
        frame = frame[frame["enterprise_id"] == wanted]
    labels = {group.code: group.label for group in told.scheme.groups}
    frame = frame.assign(
        group_label=frame["group"].map(labels), status_label=frame["status"].map(STATUS)
    ).sort_values(["group", "rank", "enterprise_id"], na_position="last")
    return Listing(
        name="grades",
        title=f"{told.scheme.label}：企业评价结果",
        asked=asked,
        columns={**FIRST, **_figures(told), **LAST},
        frame=frame.reset_index(drop=True),
        results=() if wanted else tuple(results(told, asked.code)),
        faults=tuple(each for each in told.faults if not wanted or each.feature == wanted),
        articles=told.articles,
        notes=(OBJECTIONS, *(f"{name}: {said}" for name, said in told.choices.items())),
        formulas=_formulas(told),
        placed_by="enterprise_id",
        whys=_whys(told, frame) if wanted else (),
    )


def graded(asked: Asked, year: int | None = None) -> Grading:
    """The grading of a zone's enterprises in a year.

    Raises
    ------
    NoSuchChoice : there is no such scheme
    NotHere : there is no statement of that year
    NoValueOnDay : the scheme was not in force then
    """
    zone, of = asked.zone, year or asked.year
    firms = asked.book.read("enterprises", Ask(zone=asked.code, year=of))
    if not len(firms):
        raise NotHere(f"statement of enterprises of {asked.code} in", str(of))
    named = asked.choice("scheme", names(), DEFAULT)
    day = asked.day.replace(year=of)
    parcels = parcels_in(asked.book, zone, day, ["enterprise_id", "area_m2", "geometry"])
    return grade(
        scheme(named),
        firms,
        year=of,
        day=day,
        objections=decided(asked.book.read("objections", Ask(zone=asked.code, year=of)), day),
        parcel_mu=mapped_mu(parcels),
    )


def _figures(told: Grading) -> dict[str, Column]:
    shown: dict[str, Column] = {}
    for group in told.scheme.groups:
        for item in group.items:
            shown |= columns(
                (f"value.{item.code}", item.label, item.unit, "number"),
                (f"score.{item.code}", f"{item.label}得分", "1", "number"),
            )
    return {name: column for name, column in shown.items() if name in told.frame}


def _formulas(told: Grading) -> dict[str, str]:
    return {f"value.{item.code}": item.formula for group in told.scheme.groups for item in group.items} | {
        "score": "Σ 单项得分 x 修正系数 + 加分"
    }


def _whys(told: Grading, frame: pd.DataFrame) -> tuple[Mapping[str, Any], ...]:
    return tuple(why_grade(told, str(name)) for name in frame["enterprise_id"])

"""Exit list of a zone (退出清单): idle land and enterprises that stay in the lowest class, heaviest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from api.listings.grades import DEFAULT, graded
from api.listings.listing import Asked, Listing, columns
from api.zone_tables import parcels_of
from data.book.interface import Ask
from data.errors import NotHere, NoValueOnDay
from data.records import Dated, Fault, Result
from geo.standing import ExitList, Idle, exit_list, exit_results, idle_land, idle_results

KINDS = {"idle_land": "闲置土地", "low_yield": "低效企业"}
BACK = 5  # years of grades looked back on, to tell for how long an enterprise has been in the lowest class
SHOWN = columns(
    ("place", "次序", "", "integer"),
    ("kind_label", "类别"),
    ("subject", "项目或企业"),
    ("name", "名称"),
    ("parcel_id", "地块编号"),
    ("enterprise_id", "企业编号"),
    ("reason", "事由"),
    ("since", "起算"),
    ("age_years", "年限", "1", "number"),
    ("mu", "面积", "mu", "number"),
    ("money_cny10k", "金额", "CNY10k", "number"),
    ("money_label", "金额是"),
    ("money_per_mu", "亩均", "CNY10k/mu", "number"),
    ("basis", "依据"),
    ("status", "核实状态"),
    ("lacking", "缺什么"),
)
MONEY = {"land_price": "土地价款", "tax": "税收"}


def make(asked: Asked) -> Listing:
    """What should leave first in a zone: by area x age."""
    idle = idle_of(asked)
    grades, articles, faults = _grades(asked)
    firms = asked.book.read("enterprises", Ask(zone=asked.code, year=asked.year))
    told = exit_list(idle, grades, year=asked.year, enterprises=firms)
    rows = told.rows.assign(
        kind_label=told.rows["kind"].map(KINDS),
        money_label=told.rows["money"].map(MONEY),
        status=told.rows["rule_status"].where(told.rows["kind"] == "idle_land", _status(articles)),
    )
    vague = [
        f"无法判断：{KINDS.get(row.kind, row.kind)} {row.subject}，{row.reason}"
        for row in told.undecided.head(20).itertuples()
    ]
    more = len(told.undecided) - len(vague)
    return Listing(
        name="exits",
        title=f"{asked.zone['name']}退出清单",
        asked=asked,
        columns=SHOWN,
        frame=rows,
        results=(*idle_results(idle), *_totals(told, (*idle.limits.values(), *articles))),
        faults=(*idle.faults, *told.faults, *faults),
        articles=(*idle.limits.values(), *articles),
        notes=(
            "闲置是按日期和数字推出的“疑似”，由主管部门认定；次序按面积乘年限。",
            *vague,
            *([f"另有 {more} 项无法判断。"] if more > 0 else []),
        ),
        formulas={"place": "面积(亩) x 年限, 由大到小", "money_per_mu": "金额 / 面积"},
        placed_by="parcel_id enterprise_id",
    )


def _totals(told: ExitList, articles: tuple[Dated | str, ...]) -> Iterator[Result]:
    """The totals of the list, on the rules by which land is idle and enterprises are in the lowest class."""
    for each in exit_results(told):
        formula = each.formula or "Σ 列入退出清单的企业数"
        yield replace(each, formula=formula, articles=each.articles or articles)


def _status(articles: tuple[Dated | str, ...]) -> str | None:
    """How far the scheme has been checked, whose article comes first."""
    first = next((each for each in articles if isinstance(each, Dated)), None)
    return first.status.value if first else None


def idle_of(asked: Asked) -> Idle:
    """Idle land of a zone at the end of the year."""
    parcels, _ = parcels_of(asked.book, asked.zone, asked.day)
    return idle_land(projects_of(asked), parcels, day=asked.day, region=asked.region)


def projects_of(asked: Asked) -> pd.DataFrame:
    """The projects of a zone that the book knew of at the end of the year."""
    return asked.book.read("projects", Ask(on=asked.day, where={"zone": asked.code}))


def _grades(asked: Asked) -> tuple[pd.DataFrame, tuple[Dated | str, ...], tuple[Fault, ...]]:
    """The grades of the year and those before, by the scheme of this year."""
    tables: list[pd.DataFrame] = []
    articles: tuple[Dated | str, ...] = ()
    faults: tuple[Fault, ...] = ()
    for year in range(asked.year - BACK + 1, asked.year + 1):
        try:
            told = graded(replace(asked, year=year), year)
        except (NotHere, NoValueOnDay):
            if year == asked.year:
                raise
            continue
        name = asked.option("scheme", DEFAULT)
        tables.append(told.frame.assign(year=year, scheme=name))
        articles, faults = told.articles, told.faults
    return pd.concat(tables, ignore_index=True), articles, faults

"""Targets of the plan (规划目标): province and zones, level, growth, what remains, on course or not."""

from __future__ import annotations

from typing import Any

import pandas as pd

from api.listings.listing import Asked, Listing, columns
from api.zone_tables import zone_on
from data.book.interface import Ask
from data.codes.regions import regions
from data.records import Dated
from geo.standing import LEAGUE_GOALS, PLAN, Target, read, targets

KINDS = {"growth": "年均增速", "increase": "累计增幅", "level": "目标年水平", "added": "期内新增"}
WAYS = {"own": "全省数", "sum": "各区合计", "zone": "本区"}
SHOWN = columns(
    ("subject", "对象"),
    ("subject_name", "名称"),
    ("label", "目标"),
    ("kind_label", "口径"),
    ("goal", "目标值", "1", "number"),
    ("measured", "现状", "1", "number"),
    ("outcome", "是否达到"),
    ("on_course", "是否按序时"),
    ("base_value", "基年数", "1", "number"),
    ("value", "本年数", "1", "number"),
    ("value_unit", "单位"),
    ("growth", "年均增速", "1", "number"),
    ("expected", "序时应达", "1", "number"),
    ("lacking", "尚差", "1", "number"),
    ("required_growth", "今后年均需增", "1", "number"),
    ("way_label", "取数"),
    ("article", "依据"),
    ("status", "核实状态"),
    ("reason", "说明"),
)


def make(asked: Asked) -> Listing:
    """Every target of the plan, for the province and each zone; with the option `zone`, only that one."""
    zones = asked.book.read("zones", Ask(on=asked.day), columns=["code", "name"])
    statistics = asked.book.read("statistics")
    kept = asked.book.results()
    found = [
        each
        for table in (PLAN, LEAGUE_GOALS)
        for each in targets(
            statistics, kept, zones, year=asked.year, day=asked.day, region=asked.region, table=table
        )
    ]
    wanted = asked.option("zone")
    if wanted and wanted not in {each.subject for each in found}:
        zone_on(asked.book, wanted, asked.day)  # raises where there is no such zone, or had no boundary then
    found = [each for each in found if not wanted or each.subject == wanted]
    names = dict(zip(zones["code"], zones["name"], strict=True)) | regions()["name"].to_dict()
    goals: list[Dated | str] = [each.goal for each in found if each.goal]
    return Listing(
        name="targets",
        title="规划目标完成情况",
        asked=asked,
        columns=SHOWN,
        frame=_frame(found, names),
        faults=read(statistics).faults,
        articles=tuple(dict.fromkeys(goals)),
        notes=(
            "目标是对全省经开区合起来定的；每个开发区与它对照，只是尺子，不是该区的任务。",
            "增速按报送数计算，规划没有说明现价还是不变价，两年须同一口径。",
        ),
        formulas={"growth": "(本年 / 基年)^(1/年数) - 1", "lacking": "目标年应达 - 本年数"},
        placed_by="subject",
        whys=tuple(
            {
                "formula": each.formula,
                "inputs": [i.as_json() for i in each.inputs],
                "years_without_a_figure": list(each.gaps),
                "required_per_year": each.required_per_year,
            }
            for each in found
        ),
    )


def _frame(found: list[Target], names: dict[str, str]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = [
        {
            **each.as_json(),
            "outcome": each.outcome.value,
            "on_course": each.on_course.value,
            "subject_name": names.get(each.subject),
            "kind_label": KINDS[each.kind],
            "way_label": WAYS.get(each.way, each.way),
        }
        for each in found
    ]
    return pd.DataFrame(rows, columns=list(SHOWN) if not rows else None)

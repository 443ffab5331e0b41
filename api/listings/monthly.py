"""Monthly series of a zone (按月监测): each month with year-on-year and year-to-date."""

from __future__ import annotations

from api.chosen import NoSuchChoice
from api.listings.listing import Asked, Listing, columns
from geo.standing import monthly, read

SHOWN = columns(
    ("label", "指标"),
    ("period", "月份"),
    ("value", "当月", "1", "number"),
    ("unit", "单位"),
    ("yoy", "同比", "1", "number"),
    ("ytd", "累计", "1", "number"),
    ("ytd_yoy", "累计同比", "1", "number"),
    ("reason", "同比说明"),
    ("ytd_reason", "累计说明"),
)


def make(asked: Asked) -> Listing:
    """The months of a year; the option `item` narrows it to some items, separated by commas.

    Raises
    ------
    NoSuchChoice : the zone has never stated such an item
    """
    rows = asked.book.read("statistics")
    rows = rows[rows["zone"] == asked.zone["code"]]
    items = list(filter(None, asked.option("item").split(",")))
    there = sorted(set(read(rows).rows["item"]))
    for item in items:
        if item not in there:
            raise NoSuchChoice("item", item, there)
    told = monthly(rows, items)
    frame = told.rows[told.rows["year"] == asked.year].reset_index(drop=True)
    silent = () if len(frame) else (f"{asked.year} 年没有按月报送的数，因此没有一行；没有报送不是零。",)
    return Listing(
        name="monthly",
        title=f"{asked.zone['name']}月度监测",
        asked=asked,
        columns=SHOWN,
        frame=frame,
        faults=told.faults,
        notes=("同比按报送数计算。某月缺报，从那个月起累计数无法判断。", *silent),
        formulas={
            "yoy": "本月 / 上年同月 - 1",
            "ytd": "1 月至本月之和",
            "ytd_yoy": "累计 / 上年同期累计 - 1",
        },
    )

"""Path of reduction (降碳路径): each pledge year by year, on course or not, and where the measures lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from api.chosen import NoSuchChoice
from api.inventories.account import Account, account_of
from api.inventories.wishes import Wishes
from api.listings.listing import Asked, Listing, columns
from carbon.path.course import SHAPES, Course
from carbon.path.followed import Path, Seen, follow
from carbon.path.plan import Plan
from carbon.path.pledges import INDICATORS, read_pledges
from data.book.interface import Ask
from data.parameters import parameter
from data.records import Dated

RATE = "rules.carbon.discount_rate"
EARLIEST = 1990
SHOWN = columns(
    ("label", "目标"),
    ("source", "依据"),
    ("year", "年份", "", "integer"),
    ("value", "实际值", "1", "number"),
    ("trajectory", "路径值", "1", "number"),
    ("gap", "差距", "1", "number"),
    ("outcome", "是否按路径"),
    ("yearly_cut", "今后每年须减", "1", "number"),
    ("saved", "措施减排", "1", "number"),
    ("projected", "按措施预计", "1", "number"),
    ("shortfall", "措施缺口", "1", "number"),
    ("unit", "单位"),
    ("reason", "说明"),
)


def make(asked: Asked) -> Listing:
    """A row for each pledge and year from its base to its target."""
    told, account = followed(asked)
    rate = told.rate
    return Listing(
        name="path",
        title=f"{account.name}降碳路径",
        asked=asked,
        columns=SHOWN,
        frame=pd.DataFrame(list(_rows(told)), columns=list(SHOWN)),
        faults=told.faults,
        articles=(rate,) if isinstance(rate, Dated) else (),
        notes=(
            "路径值：从基准年到目标年按所选形状(straight 等量, compound 等比)下降。",
            "措施减排按当年生效天数折算。",
        ),
        formulas={
            "gap": "实际值 - 路径值",
            "projected": "末年实际值 - (当年措施减排 - 末年措施减排)",
            "yearly_cut": "(实际值 - 目标值) / 剩余年数",
        },
    )


def followed(asked: Asked) -> tuple[Path, Account]:
    """The path of a zone up to a year, and the account that its figures come from."""
    where = Ask(on=None, zone=asked.code)
    tables = tuple(asked.book.read(name, where) for name in ("pledges", "measures"))
    pledges, _ = read_pledges(tables[0], asked.code)
    first = min((each.base_year for each in pledges), default=asked.year)
    account = account_of(
        asked.book, asked.code, asked.year, Wishes.of(asked.options), since=max(first, EARLIEST)
    )
    shape = asked.choice("shape", tuple(SHAPES), "straight")
    said = _rate(asked.option("rate"))
    by = parameter(RATE).on(account.day, account.inventory.region) if said is None else said
    return follow(tables, asked.code, _seen(account), by, shape), account


def _rate(said: str) -> float | None:
    """A discount rate per year that was written; None where none was.

    Raises
    ------
    NoSuchChoice : it is no number from 0 to 1

    >>> _rate("0.06"), _rate("")
    (0.06, None)
    """
    if not said:
        return None
    try:
        rate = float(said)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 1:
        raise NoSuchChoice("rate", said, ("a number from 0 to 1, as 0.06",))
    return rate


def _seen(account: Account) -> Seen:
    figures = {year: account.figures(year) for year in account.told}
    ratios = {each.code: each for each in account.intensities}
    told: dict[str, dict[int, float | None]] = {name: {} for name in INDICATORS}
    reasons: dict[str, dict[int, str]] = {name: {} for name in INDICATORS}
    for year, known in figures.items():
        of_year = ratios if year == account.year else account.ratios(year)
        for name in INDICATORS:
            ratio = of_year.get(name)
            told[name][year] = known.told.get(name) if ratio is None else ratio.value
            reasons[name][year] = known.reasons.get(name, "") if ratio is None else ratio.reason
    ids = set(account.enterprises["enterprise_id"].dropna())
    return Seen(told, reasons, account.inventory.frame, account.year, ids)


def _rows(told: Path) -> Iterator[dict[str, Any]]:
    for one, plan in zip(told.courses, told.plans, strict=True):
        yield from _years(one, plan)


def _years(one: Course, plan: Plan) -> Iterator[dict[str, Any]]:
    pledge = one.pledge
    label, unit = INDICATORS[pledge.indicator]
    ahead = {each.year: each for each in plan.years}
    same = {
        "label": f"{label} {pledge.base_year}—{pledge.target_year}",
        "unit": unit,
        "source": pledge.source,
    }
    if not one.years:
        yield {**same, "year": pledge.target_year, "outcome": "cannot_tell", "reason": one.reason}
    for each in one.years:
        planned, saved = ahead.get(each.year), plan.saved.get(each.year)
        yield {
            **same,
            "year": each.year,
            "value": each.value,
            "trajectory": each.straight if one.shape == "straight" else each.compound,
            "gap": each.gap,
            "outcome": (planned or each).outcome.value,
            "yearly_cut": each.yearly_cut,
            "saved": None if saved is None else saved.total,
            "projected": planned and planned.projected,
            "shortfall": planned and planned.shortfall,
            "reason": (planned and planned.reason) or each.reason or "",
        }

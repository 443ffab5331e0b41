"""Stories of projects (项目故事): one of each way in which a project goes, with the numbers that tell it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from data.sample.oddities import Made
from data.sample.plan import YEARS
from data.sample.records import Story

LAST_DAY = date(YEARS[-1], 12, 31)
DAYS_PER_YEAR = 365.25
Numbers = Mapping[str, float]
SHOWN = "G411162"  # the zone whose projects are shown where it has one of the kind


def _late(project: Any) -> Numbers:
    return {"overdue_years": _years(project["agreed_start_on"], LAST_DAY)}


def _still(project: Any) -> Numbers:
    """How much is developed and invested, and for how long nothing has moved."""
    return {
        "developed_share": _share(project["developed_m2"], project["developable_m2"]),
        "invested_share": _share(project["actual_investment_cny10k"], project["promised_investment_cny10k"]),
        "suspended_years": _years(project["suspended_on"], LAST_DAY),
    }


def _coefficient(project: Any) -> Numbers:
    covered = project["footprint_m2"] + project["structures_m2"] + project["yard_m2"]
    return {"building_coefficient": _share(covered, project["land_m2"])}


def _ratio(project: Any) -> Numbers:
    """The plot ratio as drawn, and with the high storeys counted twice."""
    plain, high = project["floor_area_m2"], project["high_floor_area_m2"]
    return {
        "as_drawn": _share(plain, project["land_m2"]),
        "plot_ratio": _share(plain + high, project["land_m2"]),
    }


def _offices(project: Any) -> Numbers:
    return {
        "admin_land_share": _share(project["admin_land_m2"], project["land_m2"]),
        "admin_floor_share": _share(project["admin_floor_m2"], project["floor_area_m2"]),
    }


def _green(project: Any) -> Numbers:
    return {"green_share": _share(project["green_m2"], project["land_m2"])}


def _kept(project: Any) -> Numbers:
    """How much of two promises has come true, and how long ago they were due."""
    return {
        "investment_kept": _share(project["actual_investment_cny10k"], project["promised_investment_cny10k"]),
        "tax_kept": _share(project["actual_tax_cny10k"], project["promised_tax_cny10k"]),
        "due_years_ago": _years(project["due_on"], LAST_DAY),
    }


def _to_come(project: Any) -> Numbers:
    return {"due_in_years": _years(LAST_DAY, project["due_on"])}


def _nothing(project: Any) -> Numbers:
    return {}


TOLD: Mapping[str, tuple[str, Callable[[Any], Numbers]]] = {
    "not_begun": ("超过约定动工日期满一年未动工：按 53 号令疑似闲置土地，须由主管部门认定。", _late),
    "not_begun_long": ("超过约定动工日期满两年未动工：按 53 号令已到可收回的年限，须由主管部门认定。", _late),
    "waiting": ("过了约定动工日期，但不满一年：还不是闲置土地。", _late),
    "suspended": ("已动工而开发面积不足三分之一，中止满一年：按 53 号令疑似闲置土地。", _still),
    "suspended_money": (
        "开发面积已过三分之一，但投资额不足 25%，中止满一年：按 53 号令疑似闲置土地。",
        _still,
    ),
    "paused": ("开发面积不足三分之一，但中止不满一年：还不是闲置土地。", _still),
    "sparse_old": ("2023 年 6 月以前受理，建筑系数不低于 30% 而低于 40%：按受理时的指标审查。", _coefficient),
    "sparse_new": ("2023 年 6 月以后受理，建筑系数低于 40%：不符合控制指标。", _coefficient),
    "low": ("容积率过低：不符合控制指标。", _ratio),
    "high_storeys": ("层高超过 8 米的部分加倍计算后容积率才够。", _ratio),
    "wide_offices": ("行政办公及生活服务设施的用地和建筑面积比重都过大。", _offices),
    "much_green": ("绿地率超过 20%。", _green),
    "prohibited": ("主要工艺含电镀，准入目录禁止。", _nothing),
    "prohibited_later": ("主要工艺含电镀，但受理早于准入目录施行：当时并不禁止。", _nothing),
    "restricted": ("主要工艺含光气化，准入目录限制：须满足条件。", _nothing),
    "old_edition": (
        "2010 年受理，行业代码是 GB/T 4754-2002 的：37 是交通运输设备，2017 版的 37 不含汽车。",
        _nothing,
    ),
    "short": ("承诺已到期而投资、税收远未兑现。", _kept),
    "not_due": ("承诺尚未到期：现在不能说兑现与否。", _to_come),
    "unknown": ("多项数值未填：只能答“无法判断”，不能按零计。", _nothing),
}


def tell_of_projects(every: Sequence[Made]) -> list[Story]:
    """One story for each case that some zone has, of the shown zone or else of the first."""
    ordered = sorted(every, key=lambda made: made.land.plan.code != SHOWN)
    first: dict[str, Any] = {}
    for made in ordered:
        for project in made.projects.to_dict("records"):
            first.setdefault(project["case"], project)
    return [
        Story(f"project_{case}", first[case]["zone"], text, count(first[case]), (first[case]["project_id"],))
        for case, (text, count) in TOLD.items()
    ]


def _share(part: float, whole: float) -> float:
    return round(float(part) / float(whole), 4)


def _years(first: date, last: date) -> float:
    return round((last - first).days / DAYS_PER_YEAR, 2)

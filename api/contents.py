"""Every result that an assessment can give (指标目录): made of nothing, so that each says what it is.

The README's table of indicators and the columns of the collection `indicators` are drawn from here.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import pandas as pd
import shapely

from data.records import Result
from geo import benefit, land, projects, standing
from geo.benefit import spread
from geo.land.supply_years import supply_years_left

DAY = date(2024, 12, 31)
REGION = "410000"
LABELS = {
    "industrial_share": "产业用地占比",
    "intensity_score": "集约度分值",
    "industrial_building_coefficient": "工业用地建筑系数",
}
FACTORS = ("the factors of data/factors that each line names",)
PARK = ("ndrc-2025-910 附件4, and the factors of data/factors that each line names",)
EMISSIONS = (
    ("emissions_total", "碳排放总量", "tCO2e", "Σ 活动数据 x 排放因子 (范围一 + 范围二, 位置法)"),
    ("emissions_scope1", "范围一排放", "tCO2e", "Σ 范围一活动数据 x 排放因子"),
    ("emissions_scope2", "范围二排放", "tCO2e", "Σ 净购入电力、热力 x 排放因子 (位置法)"),
    ("ndrc910_total", "零碳园区口径碳排放总量", "tCO2", "E用作燃料 + E加工转换 + E电 + E热 + E工业过程"),
    ("emissions_per_mu", "亩均碳排放", "tCO2e/mu", "碳排放总量 / 已建成城镇建设用地 A"),
    ("emissions_per_value_added", "单位增加值碳排放", "tCO2e/CNY10k", "碳排放总量 / Σ 增加值"),
)


@cache
def contents() -> tuple[Result, ...]:
    """One result of each code, without a value, in the order of an assessment."""
    parcels = pd.DataFrame({"area_m2": [], "land_class": [], "class_system": [], "supplied_on": []})
    firms = pd.DataFrame({"enterprise_id": [], "year": [], "zone": []})
    rows = pd.DataFrame({"project_id": ["P"]})
    square = shapely.box(0, 0, 1, 1)
    placed = parcels.assign(geometry=[])
    told = [
        *land.measure(parcels, {}, day=DAY, region=REGION),
        *benefit.measure(firms, parcels, {}, DAY.year),
        *(Result(code, name, None, unit, (), how, _sources(code)) for code, name, unit, how in EMISSIONS),
        supply_years_left(square, [square], placed, DAY.year),
        *(Result(code, label, None, unit) for code, label, unit in spread.CONTENTS),
        *projects.measure(rows, None, None, day=DAY, region=REGION, zone={"code": ""}).results,
        *_idle(rows),
    ]
    named = {code: label for code, label, _ in land.BEYOND}
    return tuple(_bare(each, LABELS.get(each.code) or named.get(each.code) or each.label) for each in told)


def _sources(code: str) -> tuple[str, ...]:
    return PARK if code.startswith("ndrc910") else FACTORS


def _idle(rows: pd.DataFrame) -> list[Result]:
    parcels = pd.DataFrame({"parcel_id": [], "supply": [], "area_m2": []})
    return standing.idle_results(standing.idle_land(rows, parcels, day=DAY, region=REGION))


def _bare(result: Result, label: str) -> Result:
    return Result(result.code, label, None, result.unit, formula=result.formula, articles=result.articles)

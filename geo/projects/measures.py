"""What a project makes of its land (项目用地指标): plot ratio, building coefficient, investment per land.

Each measure is a number above (the top) over a number below (the base), so that a shortfall can be told in
what a person acts on: square metres of floor, 万元. A figure that is missing, or that contradicts another,
leaves its measures unknown, with the reason.

Source: 自然资发〔2023〕72号 and 国土资发〔2008〕24号; formulas from explanations of both, not from the texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data.records import Fault
from data.units import m2_to_ha, m2_to_mu
from geo.projects.bad_input import doubtful
from geo.projects.reading import Figures, Flags, figures, label


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a project.

    Parameters
    ----------
    code, label, unit : as controls name it; unit is that of the value
    needs : columns of projects that it takes
    equation : the formula in words
    short_label, short_unit : what a shortfall is told in: the unit of the top
    """

    code: str
    label: str
    unit: str
    needs: tuple[str, ...]
    equation: str
    short_label: str
    short_unit: str

    @property
    def per_ha(self) -> bool:
        """Whether it is money per hectare of land."""
        return self.unit == "CNY10k/ha"


LAND = "land_m2"
MEASURES: Mapping[str, Measure] = {
    each.code: each
    for each in (
        Measure(
            "plot_ratio", "容积率", "1", ("floor_area_m2", "high_floor_area_m2", LAND),
            "(总建筑面积 + 层高超8米的建筑面积) / 总用地面积", "计算容积率的建筑面积", "m2",
        ),
        Measure(
            "building_coefficient", "建筑系数", "1", ("footprint_m2", "structures_m2", "yard_m2", LAND),
            "(建筑物基底 + 构筑物占地 + 堆场占地) / 总用地面积", "建筑物、构筑物和堆场占地", "m2",
        ),
        Measure(
            "investment_intensity", "投资强度", "CNY10k/ha", ("actual_investment_cny10k", LAND),
            "固定资产总投资 (厂房 + 设备 + 地价款) / 总用地面积", "固定资产投资", "CNY10k",
        ),
        Measure(
            "admin_land_share", "行政办公及生活服务用地比重", "1", ("admin_land_m2", LAND),
            "行政办公及生活服务设施用地面积 / 总用地面积", "行政办公及生活服务设施用地", "m2",
        ),
        Measure(
            "admin_floor_share", "行政办公及生活服务建筑面积比重", "1", ("admin_floor_m2", "floor_area_m2"),
            "行政办公及生活服务设施建筑面积 / 总建筑面积", "行政办公及生活服务设施建筑面积", "m2",
        ),
        Measure("green_share", "绿地率", "1", ("green_m2", LAND), "绿地面积 / 总用地面积", "绿地", "m2"),
        Measure(
            "output_intensity", "土地产出率", "CNY10k/ha", ("actual_output_cny10k", LAND),
            "产值 / 总用地面积", "产值", "CNY10k",
        ),
        Measure(
            "tax_intensity", "土地税收", "CNY10k/ha", ("actual_tax_cny10k", LAND),
            "税收 / 总用地面积", "税收", "CNY10k",
        ),
    )
}  # fmt: skip
MAY_BE_NONE = (
    "high_floor_area_m2",
    "structures_m2",
    "yard_m2",
    "admin_land_m2",
    "admin_floor_m2",
    "green_m2",
)
BY_FLOOR = ", nor admin_floor_m2 with floor_area_m2 to apportion it by"


@dataclass(frozen=True)
class Measured:
    """The measures of a table of projects.

    Parameters
    ----------
    frame : one row per project, on its index; `project_id`, one column per code of `MEASURES` in its unit,
        `admin_land_by` (stated, apportioned, or ""), and intensities per mu
    top, base : code -> (n,) what the measure divides, and by what; base in m² or ha
    reasons : code -> (n,) why it is unknown; "" where it is known
    stated : column -> (n,) the figures that were used; nan where missing or contradicted
    """

    frame: pd.DataFrame
    top: Mapping[str, Figures] = field(repr=False)
    base: Mapping[str, Figures] = field(repr=False)
    reasons: Mapping[str, list[str]] = field(repr=False)
    stated: Mapping[str, Figures] = field(repr=False)


def measures(projects: pd.DataFrame, parcels: pd.DataFrame | None = None) -> tuple[Measured, list[Fault]]:
    """Every measure of every project, and what is wrong with the figures.

    Formula: plot ratio = (floor + floor whose storey is higher than 8 m) / land, for that floor counts
    twice; building coefficient = (footprint + structures + yards) / land; investment intensity = fixed
    investment / land; share of offices and services = their land / land, or their floor / floor where
    their land is not stated; their floor share = their floor / floor; green share = green / land;
    output and tax intensity = output or tax of a year / land.

    Parameters
    ----------
    projects : columns of the kind `projects`; `actual_investment_cny10k` is the fixed investment in all:
        buildings, equipment and the land payment, 万元. `land_price_cny10k` is part of it and is not added.
        Missing is unknown and never zero: write 0 where there are no structures, yards or high storeys
    parcels : `parcel_id`, `area_m2` on the ellipsoid, and `zone`, to hold the stated land against

    >>> one = {"project_id": ["P1"], "land_m2": 10_000, "floor_area_m2": 8_000, "high_floor_area_m2": 3_000}
    >>> measures(pd.DataFrame(one))[0].frame["plot_ratio"].item()
    1.1

    Source: formulas of 投资强度, 容积率, 建筑系数, 行政办公及生活服务设施用地所占比重 and 绿地率 as explained
    after the issue of 自然资发〔2023〕72号.
    """
    doubts, faults = doubtful(projects, parcels)
    needed = dict.fromkeys(column for each in MEASURES.values() for column in each.needs)
    stated = {
        column: np.where(doubts.get(column, False), np.nan, figures(projects, column)) for column in needed
    }
    top, by_floor = _tops(stated)
    base = {code: m2_to_ha(stated[LAND]) if each.per_ha else stated[LAND] for code, each in MEASURES.items()}
    base["admin_floor_share"] = stated["floor_area_m2"]
    values = {code: _quotient(top[code], base[code]) for code in MEASURES}
    floor_share = _quotient(stated["admin_floor_m2"], stated["floor_area_m2"])
    values["admin_land_share"] = np.where(by_floor, floor_share, values["admin_land_share"])
    reasons = {code: _reasons(each, values[code], stated, doubts) for code, each in MEASURES.items()}
    ways = np.where(by_floor, "apportioned", np.where(np.isnan(values["admin_land_share"]), "", "stated"))
    names = projects.get("project_id", pd.Series(None, index=projects.index, dtype="str"))
    columns = {"project_id": names, **values, "admin_land_by": ways, **_per_mu(top, stated[LAND])}
    return Measured(pd.DataFrame(columns, index=projects.index), top, base, reasons, stated), faults


def _tops(stated: Mapping[str, Figures]) -> tuple[dict[str, Figures], Flags]:
    """What each measure divides, and where the land of offices is apportioned by their floor."""
    own = stated["admin_land_m2"]
    apportioned = _quotient(stated["admin_floor_m2"], stated["floor_area_m2"]) * stated[LAND]
    by_floor = np.isnan(own) & ~np.isnan(apportioned)
    top = {
        "plot_ratio": stated["floor_area_m2"] + stated["high_floor_area_m2"],
        "building_coefficient": stated["footprint_m2"] + stated["structures_m2"] + stated["yard_m2"],
        "investment_intensity": stated["actual_investment_cny10k"],
        "admin_land_share": np.where(by_floor, apportioned, own),
        "admin_floor_share": stated["admin_floor_m2"],
        "green_share": stated["green_m2"],
        "output_intensity": stated["actual_output_cny10k"],
        "tax_intensity": stated["actual_tax_cny10k"],
    }
    return top, by_floor


def _quotient(top: Figures, base: Figures) -> Figures:
    """The quotient; nan where one of both is not known, or the base is nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(base > 0, top / base, np.nan)


def _per_mu(top: Mapping[str, Figures], land: Figures) -> dict[str, Figures]:
    """The intensities per mu: investment_cny10k_per_mu, output_cny10k_per_mu, tax_cny10k_per_mu."""
    mu = m2_to_mu(land)
    asked = [code for code, each in MEASURES.items() if each.per_ha]
    return {f"{code.removesuffix('_intensity')}_cny10k_per_mu": _quotient(top[code], mu) for code in asked}


def _reasons(
    each: Measure, value: Figures, stated: Mapping[str, Figures], doubts: Mapping[str, Flags]
) -> list[str]:
    """Why each value is unknown; one sentence per set of lacking columns, made once."""
    unknown = np.isnan(value)
    if not unknown.any():
        return [""] * len(value)
    state = np.zeros(len(value), dtype=np.int64)
    for column in each.needs:
        lacking, doubted = np.isnan(stated[column]), doubts.get(column, np.zeros(len(value), bool))
        state = state * 3 + np.where(doubted, 2, lacking)
    state = np.where(unknown, state, -1)
    sets, which = np.unique(state, return_inverse=True)
    said = ["" if one < 0 else _sentence(each, int(one)) for one in sets]
    return [said[at] for at in which]


def _sentence(each: Measure, state: int) -> str:
    lacking: list[str] = []
    doubted: list[str] = []
    for column in reversed(each.needs):
        state, digit = divmod(state, 3)
        if digit:
            (lacking if digit == 1 else doubted).append(label(column))
    said = []
    if lacking:
        zero = "; write 0 where there is none" if set(each.needs) & set(MAY_BE_NONE) else ""
        said.append(f"{', '.join(reversed(lacking))} is not given{zero}")
        said[0] += BY_FLOOR if each.code == "admin_land_share" else ""
    if doubted:
        said.append(f"{', '.join(reversed(doubted))} contradicts other figures of the project")
    if not said:
        said.append(f"{label(each.needs[-1])} is zero, and a share of nothing is not zero")
    return f"{each.label} cannot be told: {'; '.join(said)}."

"""The fixed column set of the summary (汇总表列): groups as in 开发区整合优化核查, then what it lacks.

底线类 (in the urban boundary, on farmland, on the red line) is a matter of requests and stands in their
reports. A column whose result no assessment has is left out, and the sheet 说明 says so; a result that is
not in this list comes in the last group, so that nothing measured is lost.
"""

from __future__ import annotations

from dataclasses import dataclass

from api.report.taking import OfBase, OfInput, OfPart, OfResult, OfZone, Source
from geo import projects, standing
from geo.benefit import spread

USE, ROOM, CARBON, OTHER = "节约集约类", "发展空间类", "碳排放", "其他指标"
BENEFIT, PROJECTS = "企业效益分布", "项目与闲置"
ADDED = ("count", "mu", "CNY10k")
"""Units of results that can be added up over zones."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the summary.

    Parameters
    ----------
    code : in our own naming; that of the result where it is one
    result : code of the result that it is, for its target and outcome; empty for an area
    total : how zones are put together: sum, ratio (sum over sum), or empty: they are not
    top, base : the two sums of a ratio
    """

    group: str
    code: str
    label: str
    source: Source
    result: str = ""
    total: str = ""
    top: Source | None = None
    base: Source | None = None


def _zone(code: str, label: str, column: str, unit: str, words: str) -> Column:
    return Column(USE, code, label, OfZone(column, unit, words), total="sum")


def _sum(group: str, code: str, label: str, source: Source) -> Column:
    return Column(group, code, label, source, total="sum")


def _share(group: str, code: str, label: str) -> Column:
    """A quotient of the two sums that are its inputs."""
    return Column(group, code, label, OfResult(code), code, "ratio", OfInput(code, 0), OfInput(code, 1))


def _per(group: str, code: str, label: str, top: Source) -> Column:
    """A figure per area of the base that the result names."""
    return Column(group, code, label, OfResult(code), code, "ratio", top, OfBase(code))


def _money(code: str, label: str, amount: str) -> Column:
    return _per(USE, code, label, OfInput(code, amount, "CNY10k"))


def _potential(code: str, label: str) -> Column:
    return Column(ROOM, code, label, OfResult(code), code, "sum")


def _emitted(code: str, label: str) -> Column:
    return Column(CARBON, code, label, OfResult(code), code, "sum")


P2 = "industrial_share.p2"
P3 = "industrial_share.p3"
YEARS = "supply_years_left"
EMISSIONS = OfResult("emissions_total")
POPULATION = OfZone("population", "person", "开发区表 常住人口")
VALUE_ADDED = OfInput("emissions_per_value_added", "value_added", "CNY10k")

COLUMNS: tuple[Column, ...] = (
    _zone("zone_area", "界线面积", "area_m2", "m2", "开发区界线的椭球面积"),
    _zone("approved_area", "批准面积", "approved_ha", "ha", "开发区表 批准面积"),
    _zone("administered_area", "实际管理面积", "administered_ha", "ha", "开发区表 实际管理面积"),
    _sum(USE, "area.developable", "可开发建设土地 A+B", OfInput("development_rate", "developable")),
    _sum(USE, "area.ready", "已达到供地条件土地 A+B21", OfInput("development_rate", "ready")),
    _sum(USE, "area.supplied", "已供应国有建设用地 D", OfInput("built_rate", "supplied")),
    _sum(USE, "area.built", "已建成城镇建设用地 A", OfInput("built_rate", "built")),
    _sum(USE, "area.works", "其中 工矿仓储用地 A2", OfInput("industrial_share.p1", "industrial")),
    _sum(USE, "area.idle", "闲置土地 G", OfInput("idle_rate", "idle")),
    _sum(USE, "area.approved", "已批建设用地", OfInput("approved_unsupplied_rate", "approved")),
    _sum(USE, "area.unsupplied", "其中 批而未供土地", OfInput("approved_unsupplied_rate", "unsupplied")),
    _sum(USE, "area.construction", "现状建设用地", OfInput(P2, "construction")),
    _sum(USE, "area.industrial", "现状工业用地", OfPart(P2, "industrial", ("0601",))),
    _sum(USE, "area.mining", "现状采矿用地", OfPart(P2, "industrial", ("0602",))),
    _sum(USE, "area.salt", "现状盐田", OfPart(P2, "industrial", ("0603",))),
    _sum(USE, "area.storage", "现状仓储用地", OfPart(P2, "industrial", ("0508", "0604"))),
    _share(USE, "industrial_share", "产业用地占比"),
    _share(USE, "industrial_share.p1", "工业用地率(集约评价口径)"),
    _share(USE, P2, "现状工业用地率"),
    _share(USE, "industrial_share.p4", "产业用地占比(宽口径)"),
    _share(USE, "approved_unsupplied_rate", "批而未供率"),
    _share(USE, "idle_rate", "闲置土地率"),
    _share(USE, "development_rate", "土地开发率"),
    _share(USE, "supply_rate", "土地供应率"),
    _share(USE, "built_rate", "土地建成率"),
    _share(USE, "high_tech_share", "高新技术产业用地率"),
    _share(USE, "plot_ratio", "综合容积率"),
    _share(USE, "building_density", "建筑密度"),
    _share(USE, "industrial_plot_ratio", "工业用地综合容积率"),
    _share(USE, "industrial_building_coefficient", "工业用地建筑系数"),
    Column(
        *(USE, "population_density", "人口密度", OfResult("population_density"), "population_density"),
        *("ratio", POPULATION, OfInput("population_density", "built")),
    ),
    Column(USE, "intensity_score", "集约度分值", OfResult("intensity_score"), "intensity_score"),
    _money("investment_intensity", "固定资产投入强度", "investment_cny10k"),
    _money("industrial_tax_per_mu", "工业用地亩均税收", "tax_cny10k"),
    _money("tax_per_mu", "亩均税收", "tax_cny10k"),
    _money("value_added_per_mu", "亩均增加值", "value_added_cny10k"),
    _money("revenue_per_mu", "亩均营业收入", "revenue_cny10k"),
    _sum(ROOM, "area.planned", "规划建设用地(按规划地类)", OfInput(P3, "construction")),
    _sum(ROOM, "area.planned_works", "其中 规划工矿仓储用地", OfInput(P3, "industrial")),
    _share(ROOM, P3, "规划工业用地率"),
    _sum(ROOM, "area.plan", "规划建设用地(按规划图层)", OfInput(YEARS, "planned_mu", "mu")),
    _sum(ROOM, "area.evidence", "其中 举证面积", OfInput(YEARS, "evidence_mu", "mu")),
    _sum(ROOM, "area.left", "尚可供应土地", OfInput(YEARS, "left_mu", "mu")),
    _sum(ROOM, "area.recent", "近5年供地", OfInput(YEARS, "recent_mu", "mu")),
    Column(ROOM, YEARS, "尚可供应年限", OfResult(YEARS), YEARS),
    _potential("potential_expansion", "扩展潜力"),
    _potential("potential_structure", "结构潜力"),
    _potential("potential_intensity", "强度潜力"),
    _potential("potential_management", "管理潜力"),
    Column(CARBON, EMISSIONS.code, "碳排放总量", EMISSIONS, EMISSIONS.code, "sum"),
    _emitted("emissions_scope1", "其中 范围一"),
    _emitted("emissions_scope2", "其中 范围二"),
    _emitted("ndrc910_total", "零碳园区口径"),
    _per(CARBON, "emissions_per_mu", "亩均碳排放", EMISSIONS),
    Column(
        *(CARBON, "emissions_per_value_added", "单位增加值碳排放", OfResult("emissions_per_value_added")),
        *("emissions_per_value_added", "ratio", EMISSIONS, VALUE_ADDED),
    ),
)


COLUMNS += tuple(Column(BENEFIT, code, label, OfResult(code), code) for code, label, _ in spread.CONTENTS)
COLUMNS += tuple(
    Column(PROJECTS, code, label, OfResult(code), code, "sum" if unit in ADDED else "")
    for code, label, unit in (*projects.CONTENTS, *standing.CONTENTS)
)


def other(code: str, label: str) -> Column:
    """A column for a result that the list does not hold; its zones are not put together."""
    return Column(OTHER, code, label, OfResult(code), code)

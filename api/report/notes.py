"""What a reader must know beside the numbers (质量问题, 说明): faults, columns, choices, sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePath
from typing import Any

from api.chinese import chinese, title
from api.report.look import Look
from api.report.material import Material
from api.report.sheet import Cell, Field, Sheet
from api.report.summary import Chosen, shown_unit

SEVERITY = {"error": "错误", "warning": "警告"}
WIDTHS = {"项目": 26, "内容": 60, "单位": 14, "来源": 70}


def faults_sheet(material: Material, look: Look) -> Sheet:
    """质量问题: every fault of the data behind the report."""
    fields = [
        *(Field("开发区代码", width=10), Field("程度", width=7), Field("代码", width=20)),
        Field("问题类别", width=20),
        *(Field("问题", width=56), Field("处理办法", width=46), Field("图层", width=11)),
        *(Field("要素", width=22), Field(f"面积({look.land})", "number", width=14)),
        *(Field("文件", width=20), Field("行", "count", width=8), Field("列", width=14)),
    ]
    return Sheet(
        name="质量问题",
        title=f"数据质量问题（{material.year} 年）",
        fields=fields,
        rows=list(_faults(material, look)) or [[_none_found(material), *[""] * (len(fields) - 1)]],
        said=f"单位：{look.land}",
        foot=_not_kept(material),
        frozen=1,
        paper="A3",
    )


def _faults(material: Material, look: Look) -> Iterator[list[Any]]:
    for account in material.accounts:
        for fault in account.faults:
            area = look.shown("area", fault.get("area_m2"), "m2").value
            yield [
                *(account.code, SEVERITY.get(fault["severity"], fault["severity"]), fault["code"]),
                *(title(fault["code"]), chinese(fault["message"]), chinese(fault["remedy"])),
                *(fault.get("layer", ""), fault.get("feature", "")),
                *("" if area is None else Cell(area, "number"), fault.get("file", "")),
                *(fault.get("row", ""), fault.get("column", "")),
            ]


def _none_found(material: Material) -> str:
    return "没有检查，见表下注" if _not_kept(material) else "没有发现问题"


def _not_kept(material: Material) -> tuple[str, ...]:
    """What this sheet cannot say: faults are not kept with results, and are found anew for one zone only."""
    kept = [account for account in material.accounts if account.kept]
    if len(material.accounts) == 1 or not kept:
        return ()
    return (
        f"注：{len(kept)} 个开发区的结果取自台账，评价当时的问题没有随结果保存，本表不含它们的问题。"
        "对单个开发区出报告，或运行 mutan check，可列出全部问题。",
    )


def guide_sheet(material: Material, look: Look, columns: Chosen) -> Sheet:
    """说明: what each column means, where it comes from, and which choices were made."""
    rows = [*_general(material, look), *_columns(material, look, columns), *_layers(material)]
    return Sheet(
        name="说明",
        title="说明",
        fields=[Field(label, width=width) for label, width in WIDTHS.items()],
        rows=rows,
        signed=False,
    )


def _general(material: Material, look: Look) -> Iterator[list[str]]:
    per = "亩" if look.per == "mu" else "公顷"
    kept = {account.kept for account in material.accounts if account.kept}
    live = [account.code for account in material.accounts if not account.kept]
    yield ["数据年份", f"{material.year} 年；界线和地块为年末现状，企业和能源为全年", "", ""]
    yield ["制表时间", f"{material.when:%Y-%m-%d %H:%M}", "", ""]
    if kept:
        said = " 至 ".join(dict.fromkeys((_moment(min(kept)), _moment(max(kept)))))
        yield ["评价时间", said, "", "台账保存的结果"]
    if live:
        yield ["现时测算", "、".join(live), "", "台账没有保存结果，出报告时测算，没有存入台账"]
    yield [
        "单位",
        f"面积：{look.land}；强度：每{per}。1 公顷 = 15 亩 = 10000 平方米；建筑面积一律为平方米",
        "",
        "",
    ]
    yield ["小数", f"显示 {look.decimals} 位，百分数少两位；单元格中为全部位数", "", ""]
    yield ["“—”", "无法判断或没有填报，原因见批注；不是 0，也不是达标", "", ""]
    yield ["✓ ✗ ？", "达标、未达标、无法判断；颜色只是辅助", "", ""]
    yield ["合计", "面积相加；比率和强度为分子之和除以分母之和；有一区缺数或口径不一则写“—”", "", ""]
    yield ["底线类", "城镇开发边界、永久基本农田、生态保护红线的核查属于扩区调区请求，不在本报告内", "", ""]
    if len(material.accounts) > 1:
        yield ["图斑表、企业表", "只在单个开发区的报告中列出", "", ""]
    if material.notice:
        yield ["数据声明", material.notice, "", ""]


def _moment(kept: str) -> str:
    return f"{datetime.fromisoformat(kept):%Y-%m-%d %H:%M %Z}"


def _columns(material: Material, look: Look, columns: Chosen) -> Iterator[list[str]]:
    for column in columns.columns:
        units = (shown_unit(column, account, look) for account in material.accounts)
        unit = next((said for said in units if said), "")
        rows = (account.results.get(column.result) for account in material.accounts)
        row = next((found for found in rows if found), None)
        formula = f"{row['label']} = {row['formula']}" if row and row.get("formula") else column.source.said()
        yield [f"汇总表列：{look.label(column.label, unit)}", formula, unit, column.source.said()]
    for column in columns.absent:
        yield [f"未列入：{column.label}", "这次评价没有这项指标", "", column.source.said()]


def _layers(material: Material) -> Iterator[list[str]]:
    for version in material.versions:
        said = f"{version.rows} 行，{version.who} 于 {version.when:%Y-%m-%d %H:%M} 入库"
        source = f"{PurePath(version.source.path).name}　SHA-256 {version.source.sha256}"
        yield [f"图层：{version.name}", said, "", source]

"""Sheets of the land itself (界址点, 地块, 问题清单)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.chinese import chinese
from api.chinese import title as title_in_chinese
from api.report.sheet import Cell, Field, Sheet
from api.requests.report.annexes import SEVERITY
from api.requests.report.points import Points
from api.requests.report.sheets import title_of

Document = Mapping[str, Any]
POINTS_MOST = 200_000
"""Boundary points that are listed; a sheet holds no more than a million rows, and nobody reads so many"""
MM = 3
"""Decimals of a coordinate in metres"""


def points_sheet(document: Document, points: Points) -> Sheet:
    """界址点: every boundary point with its plane coordinates and the length to the next."""
    fields = [
        *(Field("地块", width=26), Field("圈号", "count", width=8), Field("点号", width=12)),
        *(Field("X（北，米）", "number", width=20), Field("Y（东，米）", "number", width=22)),
        Field("边长（米）", "number", width=16),
    ]
    told = points.table.head(POINTS_MOST)
    columns = [told["plot"], told["ring"], told["label"]]
    columns += [told[name].astype(float).round(MM) for name in ("north", "east", "edge_m")]
    rows = zip(*(column.tolist() for column in columns), strict=True)
    foot = ["注：边长为到下一点的高斯平面距离；圈号 1 为外圈，其余为内圈或其他部分。"]
    if (more := len(points.table) - len(told)) > 0:
        foot.append(f"另有 {more:,} 个界址点没有列出，见申请文件。")
    return Sheet(
        "界址点", title_of(document, "界址点坐标"), fields, list(rows), said=points.said, foot=foot, frozen=3
    )


def plots_sheet(document: Document) -> Sheet:
    """地块: each plot as declared and as measured."""
    codes = (
        ("points", "点数", "count"), ("declared_points", "申报点数", "count"),
        ("declared_ha", "申报面积（公顷）", "number"), ("plane_ha", "平面面积（公顷）", "number"),
        ("ellipsoid_ha", "椭球面积（公顷）", "number"), ("difference_ha", "平面减申报（公顷）", "number"),
        ("parts", "部分数", "count"), ("holes", "内圈数", "count"), ("perimeter_m", "周长（米）", "number"),
        ("width_m", "最小宽度（米）", "number"), ("compactness", "紧凑度", "number"),
        ("line", "文件行号", "count"),
    )  # fmt: skip
    fields = [Field("地块编号", width=20), Field("地块名称", width=26)]
    fields += [Field(label, kind, width=13) for _, label, kind in codes]
    rows = [
        [_said(each.get("plot_no")), _said(each.get("name"))]
        + [Cell(each.get(code), reason="文件没有申报，或无法计算") for code, _, _ in codes]
        for each in document.get("plots") or ()
    ]
    return Sheet("地块", title_of(document, "地块"), fields, rows, frozen=2)


def faults_sheet(document: Document) -> Sheet:
    """问题清单: what is wrong with the file and its geometry, with the line."""
    fields = [
        *(
            Field("级别", width=8),
            Field("问题", width=22),
            Field("文件", width=26),
            Field("行", "count", width=9),
        ),
        *(Field("列", width=14), Field("对象", width=18), Field("涉及面积（平方米）", "number", width=16)),
        *(Field("说明", width=56), Field("处理", width=50)),
    ]
    rows = [
        [
            *(SEVERITY.get(str(each.get("severity")), ""), title_in_chinese(str(each["code"]))),
            *(_said(each.get("file")), _blank(each.get("row")), _said(each.get("column"))),
            *(_said(each.get("feature")), _blank(each.get("area_m2"))),
            *(chinese(str(each["message"])), chinese(str(each["remedy"]))),
        ]
        for each in document.get("faults") or ()
    ]
    said = "" if rows else "没有发现问题"
    return Sheet("问题清单", title_of(document, "坐标文件和几何问题"), fields, rows, said=said, signed=False)


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def _blank(value: Any) -> Any:
    return "" if value is None else value

"""Sheets of the conclusion (核查结论, 条件, 依据)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.chinese import chinese
from api.report.sheet import Cell, Field, Sheet
from api.requests.report.content import AREAS, SIDES, TITLE, verdict
from api.requests.report.figures import OUTCOMES, STATUS, article_of, feature_of
from data.sources import cited
from data.units import m2_to_ha, m2_to_mu
from maps.units import name as unit_name
from maps.units import shown_unit

Document = Mapping[str, Any]
FACTS = (
    ("zone_name", "开发区"), ("zone", "开发区代码"), ("kind_label", "申请类型"), ("name", "申请名称"),
    ("id", "核查编号"), ("day", "核查基准日"), ("region", "地区代码"), ("file", "申请文件"),
    ("sha256", "文件校验 SHA-256"), ("format", "文件格式"), ("crs", "坐标系"), ("snap_m", "容差（米）"),
    ("who", "核查人员"), ("when", "核查时间"),
)  # fmt: skip
COMPARE = {"at most": "不超过", "at least": "不低于"}


def title_of(document: Document, what: str) -> str:
    """The title of a sheet: the name of the request, and what the sheet holds."""
    return f"{str(document['request'].get('name') or document['request'].get('zone_name'))[:40]}　{what}"


def summary_sheet(document: Document) -> Sheet:
    """核查结论: request, conclusion, areas, limits, suggestion."""
    fields = [
        *(Field("项目", width=26), Field("内容", width=58), Field("面积（公顷）", "number", width=18)),
        Field("面积（亩）", "number", width=18),
    ]
    return Sheet(
        name="核查结论",
        title=TITLE,
        fields=fields,
        rows=list(_summary(document)),
        foot=("注：本表供核查参考，以主管部门核实为准；面积为椭球面积，另有说明的除外。",),
    )


def _summary(document: Document) -> Iterator[list[Any]]:
    about, held = document["request"], verdict(document)
    yield ["结论", Cell(held["word"], mark=held["outcome"]), "", ""]
    yield ["说明", held["said"], "", ""]
    for code, label in FACTS:
        yield [label, _said(about.get(code)), "", ""]
    if about.get("reasons"):
        yield ["举证情形", "、".join(map(str, about["reasons"])), "", ""]
    for code, label in AREAS:
        yield [label, "", *_land(document["area"].get(code))]
    for code, label in (
        ("declared_ha", "申报面积"),
        ("plane_ha", "平面面积"),
        ("difference_ha", "平面减申报"),
    ):
        yield [label, "", Cell(document["area"].get(code), reason="未申报或无平面坐标"), ""]
    for side in SIDES:
        yield [{"east": "东至", "south": "南至", "west": "西至", "north": "北至"}[side],
               _said((document.get("limits") or {}).get(side)), "", ""]  # fmt: skip
    trimmed = document.get("trimmed")
    if trimmed:
        yield ["避让建议（保留）", "避开：" + "、".join(map(str, trimmed["avoids"])), *_land(trimmed["area"])]
        yield ["避让建议（减少）", "", *_land(trimmed["loses"])]
    land = document.get("land_carbon")
    if land is not None:
        total = "无法判断" if land["tco2e"] is None else f"{land['tco2e']:,.2f} 吨CO2当量"
        yield [
            "土地转用碳排放",
            f"{total}（方法 {land['method']}）{chinese(str(land.get('reason') or ''))}",
            "",
            "",
        ]
    yield ["所用图层版本", "、".join(map(str, document.get("layers") or ())), "", ""]


def _land(size: Mapping[str, Any] | None) -> list[Any]:
    return ["", ""] if not size else [size["ha"], Cell(size["mu"])]


def _said(value: Any) -> str:
    return "" if value is None else str(value)


def conditions_sheet(document: Document) -> Sheet:
    """条件: a row for each finding."""
    fields = [
        *(Field("编号", "count", width=7), Field("类别", width=13), Field("条件", width=28)),
        *(Field("实测", "number", width=15), Field("比较", width=9), Field("限值", "number", width=13)),
        *(Field("单位", width=12), Field("结论", width=12), Field("涉及面积（公顷）", "number", width=15)),
        *(Field("涉及面积（亩）", "number", width=15), Field("应避让", width=8), Field("涉密", width=7)),
        *(Field("原因", width=34), Field("处理意见", width=34), Field("涉及对象", width=34)),
        *(Field("依据", width=34), Field("核实情况", width=10), Field("规则", width=30)),
    ]
    rows = [_condition(number, each) for number, each in enumerate(document["findings"], 1)]
    foot = ("注：编号与附图一致；涉密图层只告知面积和是否涉及。结论为“无法判断”的须补充资料后核实。",)
    return Sheet("条件", title_of(document, "核查条件"), fields, rows, foot=foot, frozen=3)


def _condition(number: int, each: Mapping[str, Any]) -> list[Any]:
    code, unit, outcome = each["rule"], each["unit"], str(each["outcome"])
    share = shown_unit(code, unit or "1") == "%"
    kind = "share" if share else "number"
    reason, area = chinese(str(each.get("reason") or "")), each.get("area_m2")
    return [
        *(number, each["group"], each["label"], Cell(each["measured"], kind, reason=reason)),
        *(COMPARE.get(str(each.get("compare")), ""), _blank(each["limit"], kind)),
        *("%" if share else unit_name(unit), Cell(OUTCOMES.get(outcome, outcome), mark=outcome)),
        *(("", "") if area is None else (m2_to_ha(float(area)), m2_to_mu(float(area)))),
        *(bool(each.get("hard")), bool(each.get("withheld"))),
        *(reason, chinese(str(each.get("remedy") or ""))),
        "、".join(feature_of(name) for name in each.get("against") or ()),
        *(article_of(each), STATUS.get(str(each.get("status")), ""), code),
    ]


def _blank(value: Any, kind: str) -> Any:
    return "" if value is None else Cell(value, kind)


def rules_sheet(document: Document) -> Sheet:
    """依据: each rule with its article, first day and status, and those that do not hold here."""
    fields = [
        *(Field("规则", width=34), Field("条件", width=28), Field("依据", width=46), Field("自", width=12)),
        *(Field("核实情况", width=11), Field("核对记录", width=46), Field("未核查的原因", width=40)),
    ]
    seen: dict[str, list[Any]] = {}
    for each in document["findings"]:
        source = cited(str(each.get("article") or ""))
        seen.setdefault(each["rule"], [
            *(each["rule"], each["label"], article_of(each), _said(each.get("since"))),
            *(STATUS.get(str(each.get("status")), ""), source.checked if source else "", ""),
        ])  # fmt: skip
    rows = list(seen.values())
    rows += [
        [each["rule"], each["label"], "", "", "", "", chinese(str(each["reason"]))]
        for each in document.get("not_held") or ()
    ]
    foot = ("注：“未核实”“示例”的规则尚未与原文核对。",)
    return Sheet("依据", title_of(document, "规则和依据"), fields, rows, foot=foot, signed=False)

"""What follows the first sheet (附表): conditions, before and after, suggestion, plots, faults, points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.chinese import chinese
from api.chinese import title as title_of
from api.requests.report.blocks import Block, lines, row, table
from api.requests.report.conditions import detailed
from api.requests.report.figures import DASH, article_of, figure, land, number, short
from api.requests.report.points import Points
from carbon.ndrc910 import CLAUSES
from carbon.results import TOLD
from data.codes.classes import CATEGORIES
from data.units import m2_to_ha

Document = Mapping[str, Any]
ORDINALS = "一二三四五六七八九"
POINTS_MOST = 200
"""Boundary points that are printed; more stand in the workbook alone"""
PLOTS_MOST = 40
FAULTS_MOST = 40
NOTES_MOST = 30
TONNES = {"tCO2e": "吨CO2当量", "tCO2": "吨CO2"}
SEVERITY = {"error": "错误", "warning": "提示"}
MORE = "另有 {} 条，见 XLSX 的“{}”表。"


def blocks(document: Document, points: Points) -> Iterator[Block]:
    """The annexes, those alone that have something to say."""
    yield {"is": "annex"}
    told = [
        *([detailed(document["findings"])] if document["findings"] else []),
        *_indicators(document),
        *_inventory(document),
        *_land(document.get("land_carbon")),
        *_trimmed(document),
        *_plots(document),
        *_faults(document),
        *_points(points),
    ]
    for number_, block in enumerate(told):
        yield {**block, "title": f"附表{ORDINALS[number_]}　{block['title']}"}
    yield _notes(document)


def _indicators(document: Document) -> Iterator[Block]:
    rows = document["indicators"]["rows"]
    known = [each for each in rows if each["before"] is not None or each["after"] is not None]
    if not rows:
        return
    head = [
        ("指标", 3.0, "left"), ("单位", 1.2, "center"), ("调整前", 1.6, "right"), ("调整后", 1.6, "right"),
        ("变化", 1.6, "right"), ("说明", 1.0, "center"),
    ]  # fmt: skip
    open_ = len(rows) - len(known)
    foot = [f"另有 {open_} 项指标因缺资料无法计算，原因见 XLSX 的“指标前后”表。"] if open_ else []
    reasons = list(dict.fromkeys(str(each["reason"]) for each in known if each.get("reason")))
    foot += [f"注 {n}：{short(chinese(reason), 160)}" for n, reason in enumerate(reasons, 1)]
    rows_ = [_compared(each, reasons) for each in known]
    yield table("指标调整前后对比", head, rows_, foot=foot)


def _compared(each: Mapping[str, Any], reasons: list[str]) -> Block:
    code, unit = each["code"], each["unit"]
    largest = max((abs(each[side]) for side in ("before", "after") if each[side] is not None), default=0)
    before, said = _in_one_unit(each["before"], unit, code, largest)
    after, _ = _in_one_unit(each["after"], unit, code, largest)
    change, _ = _in_one_unit(each["change"], unit, code, largest)
    signed = f"+{change}" if each["change"] and each["change"] > 0 and change.strip("0.%") else change
    signed = signed.replace("%", " 个百分点")
    reason = f"注 {reasons.index(str(each['reason'])) + 1}" if each.get("reason") else ""
    return row([short(each["label"], 40), said or ("%" if "%" in before + after else ""), before, after,
                signed, reason])  # fmt: skip


def _in_one_unit(value: Any, unit: str, code: str, largest: float) -> tuple[str, str]:
    """A number in the unit in which the largest beside it is told."""
    said, name = figure(value, unit, code)
    if unit == "m2" and value and name == "平方米" and figure(largest, unit, code)[1] == "公顷":
        return figure(m2_to_ha(value), "ha", code)
    return (said, figure(largest, unit, code)[1] if value is None else name)


def _inventory(document: Document) -> Iterator[Block]:
    """Totals of the inventory, with the old boundary and with the new one."""
    rows = list(inventory_rows(document))
    if not rows:
        return
    head = [
        ("清单合计", 5.0, "left"), ("单位", 1.6, "center"), ("调整前", 1.8, "right"),
        ("调整后", 1.8, "right"), ("变化", 1.8, "right"),
    ]  # fmt: skip
    shown = [
        row([label, TONNES[unit], number(before, 2), number(after, 2), _signed(change)])
        for label, unit, before, after, change in rows
    ]
    yield table("温室气体清单调整前后对比", head, shown)


def _signed(change: float | None) -> str:
    return f"{change:+,.2f}" if change else number(change, 2)


def inventory_rows(
    document: Document,
) -> Iterator[tuple[str, str, float | None, float | None, float | None]]:
    """Label, unit, before, after and change of each total that one of both sides tells."""
    held = document.get("inventory") or {}
    before, after = held.get("before") or {}, held.get("after") or {}
    parts = {"total": "零碳园区口径合计", **{part: clause.label for part, clause in CLAUSES.items()}}
    for which, named, unit in (("location", TOLD, "tCO2e"), ("ndrc910", parts, "tCO2")):
        for name, label in named.items():
            values = [(side.get(which) or {}).get(name) for side in (before, after)]
            if values != [None, None]:
                change = None if None in values else values[1] - values[0]
                yield label, unit, values[0], values[1], change


def _land(told: Mapping[str, Any] | None) -> Iterator[Block]:
    if told is None:
        return
    head = [
        ("转用前地类", 3.0, "left"), ("面积（公顷）", 2.0, "right"), ("因子（吨CO2当量/公顷）", 2.6, "right"),
        ("排放（吨CO2当量）", 2.4, "right"),
    ]  # fmt: skip
    rows = [
        row([CATEGORIES.get(each["from_use"], each["from_use"]), number(each["area_ha"], 4),
             number(each["factor"], 2), number(each["tco2e"], 2)])
        for each in told["lines"]
    ]  # fmt: skip
    foot = [chinese(str(told["reason"]))] if told.get("reason") else []
    foot.append(f"方法：{told['method']}；一次性排放，单列，不与清单相抵。")
    rows.append(row(["合计", "", "", number(told["tco2e"], 2)]))
    yield table("土地转用碳排放", head, rows, foot=foot)


def _trimmed(document: Document) -> Iterator[Block]:
    trimmed = document.get("trimmed")
    if not trimmed:
        return
    labels = {each["rule"]: each["label"] for each in document["findings"]}
    loses = trimmed["loses"]
    rows = [row(["建议范围（保留）", *_size(trimmed["area"])]), row(["比申请减少", *_size(loses)])]
    by_rule = (loses.get("by_rule") or {}).items()
    rows += [row([f"　因“{short(labels.get(rule, rule), 40)}”", *_size(size)]) for rule, size in by_rule]
    head = [("项目", 5.0, "left"), ("公顷", 2.0, "right"), ("亩", 2.0, "right")]
    foot = ["避开全部应避让条件的几何建议，不是审查意见；各条件减少的面积可能重叠。涉密图层不在避让之列。"]
    yield table("避让建议", head, rows, foot=foot)


def _size(size: Mapping[str, float]) -> tuple[str, str]:
    return number(size.get("ha"), 4), number(size.get("mu"), 2)


def _plots(document: Document) -> Iterator[Block]:
    plots = document.get("plots") or []
    if not plots:
        return
    head = [
        ("地块编号", 2.0, "left"), ("名称", 2.2, "left"), ("点数", 0.8, "right"), ("申报点数", 1.0, "right"),
        ("申报（公顷）", 1.5, "right"), ("平面（公顷）", 1.5, "right"), ("椭球（公顷）", 1.5, "right"),
        ("差值（公顷）", 1.5, "right"), ("最小宽度（米）", 1.2, "right"), ("紧凑度", 1.1, "right"),
    ]  # fmt: skip
    rows = [
        row([
            *(short(each.get("plot_no"), 20), short(each.get("name"), 24)),
            *(number(each.get(code), 0) for code in ("points", "declared_points")),
            *(number(each.get(f"{code}_ha"), 4) for code in ("declared", "plane", "ellipsoid", "difference")),
            *(number(each.get("width_m"), 2), number(each.get("compactness"), 4)),
        ])
        for each in plots[:PLOTS_MOST]
    ]
    yield table("地块", head, rows, foot=_rest(len(plots), PLOTS_MOST, "地块"))


def _faults(document: Document) -> Iterator[Block]:
    faults = document.get("faults") or []
    if not faults:
        return
    head = [
        ("级别", 0.8, "center"), ("问题", 1.6, "left"), ("文件", 1.8, "left"), ("行", 0.7, "right"),
        ("说明", 4.0, "left"), ("处理", 3.0, "left"),
    ]  # fmt: skip
    rows = [
        row([
            *(SEVERITY.get(each.get("severity"), each.get("severity")), title_of(str(each["code"]))),
            *(short(each.get("file"), 40), each.get("row")),
            *(short(chinese(str(each["message"])), 200), short(chinese(str(each["remedy"])), 160)),
        ])
        for each in faults[:FAULTS_MOST]
    ]
    yield table("坐标文件和几何问题", head, rows, foot=_rest(len(faults), FAULTS_MOST, "问题清单"))


def _points(points: Points) -> Iterator[Block]:
    many = len(points.table)
    if not many:
        return
    title = "界址点坐标"
    if many > POINTS_MOST:
        yield lines(title, [f"共 {many:,} 个界址点，见 XLSX 的“界址点”表（{points.said}）。"])
        return
    told = [
        [each.label, str(each.ring), f"{each.north:.3f}", f"{each.east:.3f}", f"{each.edge_m:.2f}"]
        for each in points.table.itertuples()
    ]
    half = (many + 1) // 2
    empty = [""] * 5
    rows = [row([*told[at], *(told[at + half] if at + half < many else empty)]) for at in range(half)]
    head = [
        ("点号", 1.2, "center"), ("圈号", 0.7, "center"), ("X（北）", 2.2, "right"),
        ("Y（东）", 2.4, "right"), ("边长", 1.5, "right"),
    ] * 2  # fmt: skip
    foot = ["边长为到下一点的高斯平面距离；圈号 1 为外圈，其余为内圈或其他部分。"]
    yield table(title, head, rows, said=points.said, foot=foot)


def _notes(document: Document) -> Block:
    about = document["request"]
    said = [
        *_about_rules(document),
        *(short(chinese(str(note)), 200) for note in document.get("notes") or ()),
    ]
    if document.get("layers"):
        said.append("所用图层版本：" + short("、".join(map(str, document["layers"])), 300))
    said.append(
        f"容差 {about.get('snap_m')} 米；核查人员 {short(about.get('who'), 40) or DASH}，核查时间 "
        f"{short(about.get('when'), 25) or DASH}；地区 {short(about.get('region'), 12) or DASH}"
    )
    more = len(said) - NOTES_MOST
    return lines("说明", said if more <= 0 else [*said[:NOTES_MOST], MORE.format(more, "依据")])


def _about_rules(document: Document) -> Iterator[str]:
    """Rules that nobody has checked, classified layers, and conditions that do not hold here."""
    unverified = set(document.get("unverified") or ())
    for each in document["findings"]:
        if each["rule"] in unverified:
            unverified.discard(each["rule"])
            yield f"规则“{short(each['label'], 40)}”尚未与原文核对：{short(article_of(each), 80)}"
    for each in document["findings"]:
        if each.get("withheld"):
            yield (
                f"“{short(each['label'], 40)}”涉及涉密图层：只告知面积（{land(each.get('area_m2'))}）"
                "和是否涉及，位置、名称和图形不在本表、附图和导出文件中"
            )
    by_reason: dict[str, list[str]] = {}
    for each in document.get("not_held") or ():
        by_reason.setdefault(str(each["reason"]), []).append(short(each["label"], 30))
    for reason, labels in by_reason.items():
        yield f"未核查：{short('、'.join(labels), 200)}。{short(chinese(reason), 160)}"


def _rest(many: int, most: int, sheet: str) -> list[str]:
    return [MORE.format(many - most, sheet)] if many > most else []

"""The content of the page (核查表内容): what decides comes first and fits one sheet, the rest follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from api.requests.report import annexes, conditions
from api.requests.report.blocks import Block, pairs, row, table
from api.requests.report.figures import DASH, OUTCOMES, WORDING, number, plain, short
from api.requests.report.map import Picture
from api.requests.report.points import Points

Document = Mapping[str, Any]
TITLE = "开发区边界调整核查表"
AREAS = (
    ("asked", "申请范围"),
    ("already_in_zone", "其中已在区内"),
    ("added", "调入（新增）"),
    ("lost", "调出"),
    ("boundary", "现有边界"),
    ("after", "调整后"),
)
SIDES = ("east", "south", "west", "north")
SIGNED = ("核查人", "复核人", "单位（盖章）", "日期")


def content(document: Document, picture: Picture, points: Points, when: datetime) -> dict[str, Any]:
    """Everything that the page says, as plain values.

    Parameters
    ----------
    when : the moment of printing
    """
    about = document["request"]
    blocks = [*_first_page(document, picture), *annexes.blocks(document, points)]
    printed = f"打印 {when:%Y-%m-%d %H:%M}"
    hashed = f"文件校验 {str(about.get('sha256') or '')[:12]}" if about.get("sha256") else ""
    return {
        "title": TITLE,
        "subtitle": f"{short(about.get('zone_name'), 30)}　{short(about.get('kind_label'), 12)}",
        "notice": short(document.get("notice"), 90),
        "blocks": blocks,
        "signed": list(SIGNED),
        "foot": "　".join(part for part in (short(about.get("name"), 24), hashed, printed) if part),
        "author": "亩碳 Mutan",
    }


def _first_page(document: Document, picture: Picture) -> Iterator[Block]:
    """What decides; every text is cut so that it fits the sheet."""
    yield _facts(document)
    yield verdict(document)
    yield _areas(document)
    yield {"is": "map", "svg": picture.svg, "said": plain(picture.said)}
    yield conditions.brief(document["findings"])
    yield {"is": "sign", "opinion": "核查意见："}


def _facts(document: Document) -> Block:
    about = document["request"]
    zone = f"{short(about.get('zone_name'), 18)}（{short(about.get('zone'), 8)}）"
    limits = document.get("limits") or {}
    name = f"{about.get('name') or ''}" + (f"（{about['id']}）" if about.get("id") else "")
    rows = [
        ["开发区", zone, "申请类型", short(about.get("kind_label"), 20)],
        ["申请名称", short(name, 28) or DASH, "核查基准日", short(about.get("day"), 20)],
        ["申请文件", short(about.get("file"), 28) or DASH, "坐标系", short(about.get("crs"), 24) or DASH],
        ["文件校验", f"SHA-256 {short(about.get('sha256'), 64)}" if about.get("sha256") else DASH],
        ["四至", "；".join(short(limits.get(side), 24) for side in SIDES if limits.get(side)) or DASH],
    ]
    if about.get("reasons"):
        rows.append(["举证情形", short("、".join(map(str, about["reasons"])), 80)])
    return pairs(rows)


def verdict(document: Document) -> Block:
    """The conclusion: never a permission, for that is the authority's."""
    count = Counter(str(each["outcome"]) for each in document["findings"])
    told = "、".join(f"{word} {count[outcome]} 项" for outcome, word in OUTCOMES.items())
    open_rules = sum(each.get("status") not in ("verified", None) for each in document["findings"])
    sure = f"其中 {open_rules} 项所依据的规则尚未与原文核对。" if open_rules else ""
    held = "无法判断：该日期、该地区没有可用的条件。" if not document["findings"] else f"{told}。{sure}"
    outcome = str(document["verdict"])
    return {
        "is": "verdict",
        "outcome": outcome,
        "word": WORDING.get(outcome, outcome),
        "said": f"{held}本表供核查参考，以主管部门核实为准。",
    }


def _areas(document: Document) -> Block:
    areas = document["area"]
    head = [("面积", 1.0, "center"), *((label, 1.6, "right") for _, label in AREAS)]
    held = [areas.get(code) for code, _ in AREAS]
    rows = [
        row(["公顷", *(number(each["ha"] if each else None, 4) for each in held)]),
        row(["亩", *(number(each["mu"] if each else None, 2) for each in held)]),
    ]
    return table("", head, rows, foot=[_declared(areas)])


def _declared(areas: Mapping[str, Any]) -> str:
    """What the file declares beside what was measured."""
    said = "上表为椭球面积。"
    if areas.get("declared_ha") is not None:
        said += f"申报 {areas['declared_ha']:,.4f} 公顷"
        said += f"，平面面积 {number(areas.get('plane_ha'), 4)} 公顷"
        if areas.get("difference_ha") is not None:
            said += f"，相差 {areas['difference_ha']:+.4f} 公顷"
        said += "。"
    for code, label in (("dropped", "窄于容差而略去"), ("filled", "窄于容差而并入")):
        if areas.get(code) and areas[code]["m2"]:
            said += f"{label} {areas[code]['m2']:,.2f} 平方米。"
    return said

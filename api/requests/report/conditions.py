"""The conditions on the page (核查条件): in brief on the first sheet, article by article in the annex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.chinese import chinese
from api.requests.report.blocks import Block, group, row, table, twin
from api.requests.report.figures import (
    DASH,
    OUTCOMES,
    STATUS,
    article_of,
    brief_article,
    feature_of,
    figure,
    land,
    limit_of,
    short,
    worded,
)

Findings = Sequence[Mapping[str, Any]]
ALONE = 12
"""Findings that stand below each other on the first sheet; up to twice as many stand in two tables"""
AGAINST_MOST = 5


def brief(findings: Findings) -> Block:
    """The findings for the first sheet: what is not met first where not all fit."""
    numbered = list(enumerate(findings, 1))
    if len(numbered) <= ALONE:
        return _wide(numbered)
    shown = sorted(numbered, key=lambda each: _rank(each[1]))[: 2 * ALONE]
    rest = [each for number, each in numbered if number not in {n for n, _ in shown}]
    shown.sort(key=lambda each: each[0])
    half = (len(shown) + 1) // 2
    return twin(_narrow(shown[:half], rest), _narrow(shown[half:], ()))


def _rank(finding: Mapping[str, Any]) -> int:
    order = ("not_met", "cannot_tell", "met")
    return order.index(finding["outcome"]) if finding["outcome"] in order else 0


def _wide(numbered: Sequence[tuple[int, Mapping[str, Any]]]) -> Block:
    head = [
        ("号", 0.5, "center"), ("条件", 2.8, "left"), ("实测", 1.5, "right"), ("限值", 2.0, "right"),
        ("结论", 1.1, "center"), ("依据", 3.8, "left"),
    ]  # fmt: skip
    rows = [
        row(
            [
                *(number, short(each["label"], 14), _measured(each), short(limit_of(each), 18)),
                *(OUTCOMES.get(each["outcome"], each["outcome"]), short(brief_article(each), 18)),
            ],
            each["outcome"],
        )
        for number, each in numbered
    ]
    foot = ["编号与附图一致；原因、处理意见和依据全文见附表一。"] if rows else ["没有可用的条件。"]
    return {**table("核查结论", head, rows, mark=4, foot=foot), "brief": True}


def _narrow(numbered: Sequence[tuple[int, Mapping[str, Any]]], rest: Findings) -> Block:
    head = [
        ("号", 0.6, "center"),
        ("条件", 3.6, "left"),
        ("实测／限值", 3.2, "right"),
        ("结论", 1.7, "center"),
    ]
    rows = [
        row(
            [number, short(each["label"], 12), _both(each), OUTCOMES.get(each["outcome"], each["outcome"])],
            each["outcome"],
        )
        for number, each in numbered
    ]
    foot = []
    if rest:
        counts = "、".join(
            f"{word} {many} 项"
            for outcome, word in OUTCOMES.items()
            if (many := sum(each["outcome"] == outcome for each in rest))
        )
        foot = [f"其余{counts}，连同依据和处理意见见附表一。"]
    return {**table("核查结论", head, rows, mark=3, foot=foot), "brief": True}


def _measured(finding: Mapping[str, Any]) -> str:
    if finding["measured"] is None:
        return DASH
    return short(worded(finding["measured"], finding["unit"], finding["rule"]), 18)


def _both(finding: Mapping[str, Any]) -> str:
    limit = finding["limit"]
    if finding["measured"] is None:
        return short(f"{DASH}／{limit_of(finding)}", 24)
    said = figure(limit, finding.get("limit_unit") or finding["unit"], finding["rule"])[0] if limit else "0"
    return short(f"{_measured(finding)}／{DASH if limit is None else said}", 24)


def detailed(findings: Findings) -> Block:
    """Every finding with its article, how far that was checked, why and what to do, by group."""
    head = [
        ("号", 0.55, "center"), ("条件", 2.1, "left"), ("实测", 1.4, "right"), ("限值", 1.6, "right"),
        ("单位", 0.95, "center"), ("结论", 1.1, "center"), ("依据（自，核实情况）", 2.9, "left"),
        ("原因、涉及对象和处理意见", 4.0, "left"),
    ]  # fmt: skip
    rows: list[Block] = []
    for name in dict.fromkeys(str(each["group"]) for each in findings):
        rows.append(group(name or "其他"))
        rows += [
            _detail(number, each) for number, each in enumerate(findings, 1) if str(each["group"]) == name
        ]
    foot = ["结论为“无法判断”的，须补充资料后核实；“未核实”“示例”的规则尚未与原文核对，不作为依据。"]
    return table("核查条件明细", head, rows, mark=5, foot=foot)


def _detail(number: int, each: Mapping[str, Any]) -> Block:
    value, unit = figure(each["measured"], each["unit"], each["rule"])
    since = f"自 {each['since']}，" if each.get("since") else ""
    article = article_of(each)
    status = STATUS.get(str(each.get("status")), "")
    grounds = f"{short(article, 120)}（{since}{status}）" if article != DASH else DASH
    limit = limit_of(each).removesuffix(f" {unit}") if unit else limit_of(each)
    return row(
        [
            *(number, short(each["label"], 60), value, limit, unit),
            *(OUTCOMES.get(each["outcome"], each["outcome"]), grounds, _why(each)),
        ],
        each["outcome"],
    )


def _why(each: Mapping[str, Any]) -> str:
    """Reason, land, what it touches and what to do, each in a sentence."""
    said = []
    if each.get("reason"):
        said.append(short(chinese(str(each["reason"])), 160))
    if each.get("area_m2"):
        said.append(f"涉及面积 {land(each['area_m2'])}")
    if each.get("withheld"):
        said.append("涉及涉密图层，只告知面积和是否涉及，不标示位置")
    if each.get("against"):
        names = [short(feature_of(name), 28) for name in each["against"][:AGAINST_MOST]]
        more = len(each["against"]) - len(names)
        said.append("涉及：" + "、".join(names) + (f"等 {len(each['against'])} 处" if more else ""))
    if each.get("remedy") and each["outcome"] != "met":
        said.append("处理：" + short(chinese(str(each["remedy"])), 160))
    return "。".join(part.rstrip("。；.; ") for part in said) + ("。" if said else "")

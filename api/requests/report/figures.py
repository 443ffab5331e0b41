"""Figures and words of the page (数值与用语): numbers with Chinese units, outcomes, articles by title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

from api.report.sheet import breadth, clean
from data.sources import cited
from data.units import m2_to_ha, m2_to_mu
from maps.units import name, shown_unit

DASH = "—"
OUTCOMES = {"met": "符合", "not_met": "不符合", "cannot_tell": "无法判断"}
WORDING = {"met": "符合（待核实）", "not_met": "不符合", "cannot_tell": "无法判断，待核实"}
STATUS = {"verified": "已核实", "unverified": "未核实", "illustration": "示例"}
SIGNS = {"at most": "不超过 ", "at least": "不低于 "}
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NOTHING = re.compile(r"-0[.0]*%?")
SIZED = re.compile(r"(.+) \(([\d.,]+) m²\)", re.DOTALL)
FURTHER = re.compile(r"… ([\d,]+) more \(([\d.,]+) m²\)")
SMALL_M2 = 100.0
"""Land below which an area is told in square metres: 0.0000 ha would say that there is none"""


def figure(value: Any, unit: str, code: str = "") -> tuple[str, str]:
    """A number and its unit as they are printed; a dash where it is not known.

    >>> figure(0.6421, "1", "industrial_share"), figure(1.12, "1", "plot_ratio")
    (('64.21%', ''), ('1.12', ''))
    >>> figure(-1e-9, "year"), figure(-0.25, "year")
    (('0.00', '年'), ('-0.25', '年'))
    >>> figure(34_118.75, "m2"), figure(12.3, "m2"), figure(None, "CNY10k/mu")
    (('3.4119', '公顷'), ('12.30', '平方米'), ('—', '万元/亩'))
    """
    said, name_ = _figure(value, unit, code)
    return (said[1:] if NOTHING.fullmatch(said) else said), name_


def _figure(value: Any, unit: str, code: str) -> tuple[str, str]:
    face = shown_unit(code, unit or "1")
    if face == "m2" and value is not None and (abs(value) >= SMALL_M2 or value == 0):
        return (f"{m2_to_ha(float(value)):,.4f}" if value else "0"), "公顷"
    if face == "%":
        return (DASH, "") if value is None else (f"{value * 100:.2f}%", "")
    said = "平方米" if face == "floor_m2" else "分" if unit == "point" else name(face)
    if value is None:
        return DASH, said
    if face == "ha":
        return f"{value:,.4f}", said
    whole = unit in ("count", "person", "people")
    return (f"{value:,.0f}" if whole else f"{value:,.2f}"), said


def worded(value: Any, unit: str, code: str = "") -> str:
    """A number with its unit behind it.

    >>> worded(5.0, "year"), worded(0.05, "1", "idle_rate")
    ('5.00 年', '5.00%')
    """
    return " ".join(part for part in figure(value, unit, code) if part)


def limit_of(finding: Mapping[str, Any]) -> str:
    """The limit of a finding in words; a dash where none is known.

    >>> limit_of({"limit": 0.0, "unit": "m2", "rule": "r", "compare": "at most"})
    '应为 0'
    >>> limit_of({"limit": 0.6, "unit": "1", "rule": "industrial_share", "compare": "at least"})
    '不低于 60.00%'
    """
    limit, compare = finding.get("limit"), finding.get("compare")
    if limit is None:
        return DASH
    if limit == 0 and compare == "at most":
        return "应为 0"
    unit = finding.get("limit_unit") or finding.get("unit") or ""
    return SIGNS.get(str(compare), "") + worded(limit, unit, str(finding.get("rule", "")))


def article_of(finding: Mapping[str, Any]) -> str:
    """The article of a finding with the title of its document; as it stands where the document is not known.

    >>> article_of({"article": "land-law-2019 第三十五条"})
    '《中华人民共和国土地管理法(2019年修正)》第三十五条'
    >>> article_of({"article": "办公会纪要 第3号"}), article_of({"article": None})
    ('办公会纪要 第3号', '—')
    """
    said = str(finding.get("article") or "")
    document = cited(said)
    if document is None:
        return plain(said) or DASH
    rest = said.partition(" ")[2]
    return f"《{document.title}》{rest}" if "《" not in document.title else f"{document.title}{rest}"


def brief_article(finding: Mapping[str, Any]) -> str:
    """The article with the shortest name of its document by which it is known.

    >>> brief_article({"article": "land-law-2019 第三十五条"})
    '《土地管理法》第三十五条'
    """
    return re.sub(r"中华人民共和国|[（(][^（()）]*[)）]", "", article_of(finding))


def land(area_m2: Any) -> str:
    """An area in hectares and mu.

    >>> land(10_000.0), land(1.214), land(None)
    ('1.0000 公顷（15.00 亩）', '1.21 平方米', '—')
    """
    if area_m2 is None:
        return DASH
    if 0 < area_m2 < SMALL_M2:
        return f"{area_m2:,.2f} 平方米"
    return f"{m2_to_ha(float(area_m2)):,.4f} 公顷（{m2_to_mu(float(area_m2)):,.2f} 亩）"


def feature_of(said: Any) -> str:
    """A feature that a finding is against, as `names_of` tells it, in Chinese.

    >>> feature_of("示例永久基本农田0701 (3.50 m²)"), feature_of("(no name) (1,200.00 m²)")
    ('示例永久基本农田0701（3.50 平方米）', '未命名（1,200.00 平方米）')
    >>> feature_of("… 3 more (20.00 m²)"), feature_of("甲")
    ('其余 3 处（20.00 平方米）', '甲')
    """
    text = plain(said)
    if more := FURTHER.fullmatch(text):
        return f"其余 {more[1]} 处（{more[2]} 平方米）"
    if not (sized := SIZED.fullmatch(text)):
        return text
    name = "未命名" if sized[1] == "(no name)" else sized[1]
    return f"{name}（{sized[2]} 平方米）"


def plain(said: Any) -> str:
    r"""A text that can be printed: no control character, and none that turns the text around it.

    >>> plain("甲\u202e乙"), plain(None)
    ('甲乙', '')
    """
    return "" if said is None else TURNING.sub("", clean(said))


def short(said: Any, most: int) -> str:
    r"""A text in one line, as wide as so many Chinese characters at most; a Latin letter is half of one.

    >>> short("不占永久基本农田", 5), short("一\n二", 5), short("abcdefghij", 5)
    ('不占永久…', '一 二', 'abcdefghij')
    """
    line = " ".join(plain(said or "").split())
    if breadth(line) <= 2 * most:
        return line
    widths = list(accumulate(breadth(c) for c in line))
    return line[: sum(width <= 2 * most - 2 for width in widths)] + "…"


def number(value: Any, decimals: int) -> str:
    """A plain number; a dash where it is not known.

    >>> number(34.12153, 4), number(None, 2)
    ('34.1215', '—')
    """
    return DASH if value is None else f"{value:,.{decimals}f}"

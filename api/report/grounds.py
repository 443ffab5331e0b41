"""What each number rests on (指标与依据, 输入, 依据, 未核实): formula, sums, articles and their status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.report.look import Look
from api.report.material import Account, Material, Row
from api.report.sheet import MARKS, Cell, Field, Sheet
from api.report.taking import reason_of
from data.codes.regions import regions
from geo.benefit import BASES

STATUS = {"verified": "已核实", "unverified": "未核实", "illustration": "示例"}
MOST_ARTICLES = 6
ZONE = (Field("开发区代码", width=10), Field("开发区名称", width=18))


def results_sheet(material: Material, look: Look) -> Sheet:
    """指标与依据: a row for each zone and result."""
    fields = [
        *ZONE,
        *(Field("指标代码", width=20), Field("指标", width=24), Field("数值", "number", width=14)),
        *(Field("单位", width=11), Field("目标", "number", width=10), Field("判定", width=11)),
        *(Field("计算公式", width=34), Field("面积口径", width=14), Field("无法判断的原因", width=36)),
        *(Field("依据", width=44), Field("图层版本", width=18)),
    ]
    return Sheet(
        name="指标与依据",
        title=f"指标与依据（{material.year} 年）",
        fields=fields,
        rows=[
            _result(account, row, look) for account in material.accounts for row in account.results.values()
        ],
        said=f"单位：见“单位”列；面积单位：{look.land}",
        foot=(f"注：一项指标的依据多于 {MOST_ARTICLES} 条时，其余见“依据”表。",),
        frozen=2,
        paper="A3",
    )


def _result(account: Account, row: Row, look: Look) -> list[Any]:
    code, outcome = row["code"], str(row.get("outcome") or "")
    shown = look.shown(code, row["value"], row["unit"])
    target = look.shown(code, row.get("target"), row["unit"])
    reason = "" if shown.value is not None else reason_of(row)
    base = str(row.get("area_base") or "")
    return [
        account.code,
        account.name,
        code,
        look.label(row["label"], shown.unit),
        Cell(shown.value, shown.kind, outcome, reason),
        shown.unit,
        "" if target.value is None else Cell(target.value, target.kind),
        Cell(MARKS.get(outcome, ""), "text", outcome),
        row.get("formula") or "",
        BASES.get(base, base),
        reason,
        _articles(row.get("articles") or ()),
        "、".join(row.get("layer_versions") or ()),
    ]


def _articles(articles: Any) -> str:
    lines = [_article(each) for each in articles[:MOST_ARTICLES]]
    more = len(articles) - MOST_ARTICLES
    return "\n".join([*lines, *([f"另有 {more} 条，见“依据”表"] if more > 0 else [])])


def _article(article: str | Row) -> str:
    if isinstance(article, str):
        return article
    unit = "" if article["unit"] == "1" else f" {article['unit']}"
    value = f"{article['label'] or article['name']} {article['value']}{unit}"
    return f"{article['article']}：{value}，自 {article['since']}（{STATUS.get(article['status'], '')}）"


def inputs_sheet(material: Material, look: Look) -> Sheet:
    """输入: a row for each sum behind a result, and for the land of each class in it."""
    fields = [
        *ZONE,
        *(Field("指标代码", width=22), Field("输入代码", width=22), Field("输入", width=32)),
        *(Field("数值", "number", width=18), Field("单位", width=12), Field("行数", "count", width=9)),
        Field("来源", width=30),
    ]
    return Sheet(
        name="输入",
        title=f"指标的输入（{material.year} 年）",
        fields=fields,
        rows=_inputs(material, look),
        said=f"单位：见“单位”列；面积单位：{look.land}",
        frozen=2,
    )


def _inputs(material: Material, look: Look) -> Iterator[list[Any]]:
    for account in material.accounts:
        for row in account.results.values():
            for each in row.get("inputs") or ():
                yield _input(account, row, each, look)
                yield from _parts(account, row, each, look)


def _input(account: Account, row: Row, each: Row, look: Look) -> list[Any]:
    shown = look.shown(each["name"], each.get("value"), each["unit"])
    reason = "" if shown.value is not None else reason_of(row)
    count = each.get("count")
    return [
        *(account.code, account.name, row["code"], each["name"], each["label"]),
        *(Cell(shown.value, shown.kind, reason=reason), shown.unit),
        *("" if count is None else count, each.get("origin") or ""),
    ]


def _parts(account: Account, row: Row, each: Row, look: Look) -> Iterator[list[Any]]:
    begin = f"{each['name']}_{each['unit']}."
    for key, value in (row.get("breakdown") or {}).items():
        if key.startswith(begin):
            shown = look.shown(each["name"], value, each["unit"])
            land = key.removeprefix(begin)
            yield [
                *(account.code, account.name, row["code"], f"{each['name']}.{land}", f"　其中 地类 {land}"),
                *(Cell(shown.value, shown.kind), shown.unit, "", each.get("origin") or ""),
            ]


def articles_sheet(material: Material) -> Sheet:
    """依据: each threshold, factor and text that a result rests on, once."""
    return Sheet(
        name="依据",
        title=f"依据：限值、因子和条文（{material.year} 年）",
        fields=_article_fields(),
        rows=[row for row, _ in _used(material)],
        said="单位：见“单位”列",
        paper="A3",
    )


def unverified_sheet(material: Material) -> Sheet:
    """未核实: those thresholds and factors that nobody has checked against their source."""
    rows = unverified(material)
    return Sheet(
        name="未核实",
        title=f"用到的未核实限值和因子（{material.year} 年）",
        fields=_article_fields(),
        rows=rows or [["没有：用到的限值和因子都已核实", *[""] * (len(_article_fields()) - 1)]],
        said="单位：见“单位”列",
        foot=("注：未核实的数和示例数不能作为法定依据；核实后请在规则文件中改写状态。",),
        paper="A3",
    )


def unverified(material: Material) -> list[list[Any]]:
    """The rows of those thresholds and factors."""
    return [row for row, status in _used(material) if status in ("unverified", "illustration")]


def _article_fields() -> list[Field]:
    return [
        *(Field("名称", width=34), Field("内容", width=28), Field("值", "number", width=12)),
        *(Field("单位", width=14), Field("起始日", width=11), Field("适用地区", width=14)),
        *(Field("文号与条款", width=44), Field("公布日", width=11), Field("核实状态", width=10)),
        *(Field("用于指标", width=40), Field("开发区数", "count", width=9), Field("备注", width=30)),
    ]


def _used(material: Material) -> list[tuple[list[Any], str]]:
    """Each article as a row, with its status; in the order in which results name them."""
    found: dict[Any, tuple[str | Row, dict[str, None], set[str]]] = {}
    for account in material.accounts:
        for row in account.results.values():
            for article in row.get("articles") or ():
                key = article if isinstance(article, str) else _key(article)
                _, codes, zones = found.setdefault(key, (article, {}, set()))
                codes[row["code"]] = None
                zones.add(account.code)
    names = regions()["name"]
    return [
        ([*_about(article, names), "、".join(codes), len(zones), _note(article)], _status(article))
        for article, codes, zones in found.values()
    ]


def _key(article: Row) -> tuple[Any, ...]:
    return tuple(article[name] for name in ("name", "region", "since", "value", "article"))


def _about(article: str | Row, names: Mapping[str, str]) -> list[Any]:
    if isinstance(article, str):
        return ["", "公式或条文", "", "", "", "", article, "", ""]
    return [
        *(article["name"], article["label"], Cell(article["value"], "plain"), article["unit"]),
        *(article["since"], names.get(article["region"], article["region"]), article["article"]),
        *(article["published"], STATUS.get(article["status"], article["status"])),
    ]


def _note(article: str | Row) -> str:
    return "" if isinstance(article, str) else str(article.get("note") or "")


def _status(article: str | Row) -> str:
    return "" if isinstance(article, str) else str(article["status"])

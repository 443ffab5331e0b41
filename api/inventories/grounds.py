"""Sheets of what the numbers rest on (依据各表): factors, keys, uncertainty, quality, choices, faults."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from pathlib import PurePath
from typing import Any

from api.chinese import chinese, term, title
from api.inventories.account import Account
from api.inventories.wishes import APPROACHES
from api.report.grounds import STATUS
from api.report.notes import SEVERITY
from api.report.sheet import MARKS, Cell, Field, Sheet
from carbon.choices import CAPTURED, ELECTRICITY, EQUIPMENT
from data.kinds import kind
from data.records import Dated
from data.sources import GRADES as GRADES_OF_SOURCES
from data.sources import cited

CHOICES = {
    "family": "化石燃料缺省值",
    "equipment": "燃煤设备(申报未注明时)",
    "electricity": "电力排放因子",
    "vintage": "电力因子数据年份",
    "gwp": "全球增温潜势",
    "captured": "捕集的二氧化碳",
    "land": "土地利用变化方法",
    "gases": "核算气体",
    "exports": "外送电力和热力",
    "known_on": "只用该日以前公布的数值",
    "approach": "不确定度方法",
    "draws": "抽样次数",
    "seed": "随机种子",
}
KINDS = {"amount": "活动数据", "factor": "排放因子", "others": "其余"}
GRADES = {"H": "高", "M": "中", "L": "低", "not_graded": "未评级"}
SPELT = {
    **EQUIPMENT,
    **ELECTRICITY,
    **CAPTURED,
    "location: not netted; ndrc910: netted": "位置法不扣减；零碳园区口径扣减",
}


def factors_sheet(account: Account) -> Sheet:
    """排放因子: every dated value used, with its source, grade and status."""
    told = account.inventory
    rows = [_factor(part) for part in told.factors]
    bad = len(told.unverified)
    return Sheet(
        name="排放因子",
        title=f"{account.name}采用的排放因子与参数（{account.year} 年）",
        fields=[
            *(Field("名称", width=40), Field("代码", width=40), Field("数值", "plain", 12)),
            *(Field("单位", width=12), Field("地区", width=9), Field("自", width=11)),
            Field("公布日期", width=11),
            *(Field("出处", width=40), Field("文件", width=40), Field("等级", width=12)),
            *(Field("核实状态", width=10), Field("备注", width=50)),
        ],
        rows=rows,
        said=f"共 {len(rows)} 项，其中 {bad} 项未核实",
        foot=("注：“未核实”指数值取自二手抄录，未与原文核对；用于申报前应核对原文。",),
        frozen=1,
        paper="A3",
        signed=False,
    )


def _factor(part: Dated) -> list[Any]:
    since, of = part.since.isoformat(), cited(part.article)
    return [
        *(part.label or part.name, part.name.removeprefix("factors."), part.value, part.unit, part.region),
        *(since, part.published.isoformat(), part.article, of.title if of else ""),
        *(GRADES_OF_SOURCES.get(of.grade, of.grade) if of else "", STATUS[str(part.status)], part.note),
    ]


def keys_sheet(account: Account) -> Sheet:
    """填报符号: the statements that have a notation instead of an amount."""
    frame = account.inventory.frame
    words = kind("activity").columns["notation"].one_of
    keyed = frame[(frame["notation"] != "").to_numpy()]
    rows = [
        [
            *(row["enterprise_id"] or account.code, row["category"], row["stated_item"], row["notation"]),
            *(words.get(row["notation"], ""), chinese(row["explanation"]), row["version"]),
            row["row"] if row["row"] >= 0 else "",
        ]
        for row in keyed.to_dict("records")
    ]
    fields = [
        *(
            Field("企业编号", width=14),
            Field("类别", width=12),
            Field("品种", width=20),
            Field("符号", width=7),
        ),
        *(
            Field("含义", width=10),
            Field("说明", width=60),
            Field("版本", width=12),
            Field("原表行", "count", 8),
        ),
    ]
    return _plain(account, "填报符号", "填报符号", fields, rows)


def uncertainty_sheet(account: Account) -> Sheet:
    """不确定度: the interval, and which meters and factors widen it most."""
    sure = account.uncertainty
    rows = [
        [
            KINDS.get(each["kind"], each["kind"]),
            each["label"],
            each["tco2e"],
            each["half_width"],
            each["share"],
        ]
        for each in sure.contributions
    ]
    fields = [
        *(Field("种类", width=10), Field("来源", width=64), Field("排放", "number", 18)),
        *(Field("半宽(95%)", "share", 12), Field("占方差", "share", 12)),
    ]
    width = "—" if sure.half_width is None else f"±{sure.half_width:.2%}"
    foot = [f"方法：{APPROACHES[str(sure.approach)]}；结果 {width}。{chinese(sure.reason)}"]
    foot += [
        f"缺省值：{used.half_width.label} ±{used.half_width.value:g}%，"
        f"{STATUS[str(used.half_width.status)]}，用于 {used.lines} 行"
        for used in sure.defaults
    ]
    return _plain(account, "不确定度", "不确定度来源", fields, rows, foot=tuple(foot))


def choices_sheet(account: Account) -> Sheet:
    """核算选项: what was chosen, and on what ground the defaults stand."""
    said = account.wishes.as_json()
    grounds = said.pop("grounds")
    rows = [
        [
            CHOICES.get(name, name),
            _chosen(value),
            "缺省" if name in grounds else "选定",
            chinese(grounds.get(name, "")),
        ]
        for name, value in said.items()
    ]
    rows += [[f"数据版本 {name}", PurePath(path).name, "", ""] for name, path in account.files.items()
             if name in account.inventory.versions]  # fmt: skip
    fields = [
        Field("项目", width=32),
        Field("选择", width=44),
        Field("方式", width=8),
        Field("理由", width=70),
    ]
    return _plain(account, "核算选项", "核算选项", fields, rows)


def _chosen(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value))
    return "—" if value in (None, "") else SPELT.get(str(value), str(value))


def faults_sheet(account: Account) -> Sheet:
    """质量问题: every fault by its kind, with row and column of the statement."""
    rows = [
        [
            *(SEVERITY[str(each.severity)], each.code, title(each.code)),
            *(chinese(each.message), chinese(each.remedy), each.feature),
            *("" if each.row is None else each.row, each.column),
        ]
        for each in account.faults
    ]
    fields = [
        *(
            Field("程度", width=7),
            Field("代码", width=24),
            Field("问题类别", width=20),
            Field("问题", width=60),
            Field("处理办法", width=50),
        ),
        *(Field("对象", width=30), Field("行", "count", 8), Field("列", width=16)),
    ]
    return _plain(account, "质量问题", "数据质量问题", fields, rows or [["没有发现问题", *[""] * 7]])


def quality_sheet(account: Account) -> Sheet:
    """质量与完整性: shares by grade, what is expected and not stated, jumps, outliers, sums that differ."""
    fields = [
        *(Field("项目", width=20), Field("对象", width=40), Field("数值", "number", 16)),
        *(Field("对照", "number", 16), Field("占比或倍数", "plain", 12), Field("说明", width=80)),
    ]
    return _plain(account, "质量与完整性", "数据质量与完整性", fields, list(_quality(account)))


def _quality(account: Account) -> Iterator[list[Any]]:
    graded = account.result("data_quality")
    for grade, share in graded.breakdown.items():
        yield ["数据质量等级", GRADES.get(grade, grade), "", "", share, ""]
    for found in account.checked.completeness.findings:
        mark = Cell(MARKS[str(found.outcome)], "text", str(found.outcome))
        yield [mark, found.label, found.measured, 1.0, "", chinese(found.reason) + chinese(found.remedy)]
    tables = account.checked.tables
    for row in account.checked.completeness.gaps.to_dict("records"):
        what = f"{row['enterprise_id']} {row['label']}"
        yield [
            "应报未报(可能排放)",
            what,
            row["estimate_tco2e"],
            "",
            "",
            chinese(row["reason"]) or term(row["basis"]),
        ]
    for row in tables["jumps"].to_dict("records"):
        what = f"{row['enterprise_id'] or account.code} {row['category']}"
        said = f"{row['from_year']} 年到 {row['year']} 年"
        yield ["年际突变", what, row["after_tco2e"], row["before_tco2e"], _finite(row["ratio"]), said]
    for row in tables["outliers"].query("outlier").to_dict("records"):
        said = f"强度与行业 {row['division']} 的 {row['peers']:.0f} 家同行中位数相比, 得分 {row['score']:.1f}"
        yield ["强度离群", row["enterprise_id"], row["intensity"], row["median"], "", said]
    for row in tables["sums"].query("outcome == 'not_met'").to_dict("records"):
        what = f"{row['enterprise_id']} {row['measure']} ({row['unit']})"
        yield ["合计不符", what, row["sum"], row["total"], _finite(row["share"]), term(row["against"])]
    for row in tables["repeated"].to_dict("records"):
        what = f"{row['category']} {row['item']} ({row['unit']})"
        yield ["园区行疑为企业之和", what, row["zone_amount"], row["enterprise_amount"], "", ""]


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def _plain(
    account: Account, name: str, title: str, fields: list[Field], rows: list[list[Any]], **more: Any
) -> Sheet:
    heading = f"{account.name}{title}（{account.year} 年）"
    return Sheet(name, heading, fields, rows, frozen=1, paper="A3", signed=False, **more)

"""Sheets of the inventory's workbook (清单各表): totals, breakdowns, clauses and lines, in Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from api.chinese import chinese, title
from api.inventories.account import Account
from api.report.sheet import Cell, Field, Sheet
from carbon.breakdowns import by_category, by_enterprise, by_gas, by_industry, labels
from carbon.gpc import table
from data.codes.industries import industries

SCOPES = {
    "scope1": "范围一",
    "scope2": "范围二",
    "scope3": "范围三",
    "land": "土地利用变化",
    "captured": "碳捕集",
    "": "类别不明",
}
TONNES = "吨二氧化碳当量"
GASES = {"biogenic CO2": "生物成因 CO2"}
SUMMED = (
    Field("范围一", "number", 15),
    Field("范围二", "number", 15),
    Field("合计", "number", 16),
    Field("占比", "share", 9),
)


def enterprises_sheet(account: Account) -> Sheet:
    """分企业: each enterprise as it counts in the park, and on its own account."""
    own = account.netting.enterprises.set_index("enterprise_id")
    made = by_enterprise(account.inventory.frame, account.firms)
    whose = made["enterprise_id"].where(made["enterprise_id"] != "", account.code)
    alone = own.reindex(whose)
    rows = [
        [
            *(row["enterprise_id"] or account.code, row["name"] if row["enterprise_id"] else account.name),
            *(_text(row["industry"]), row["scope1"], row["scope2"], _open(row), row["share"]),
            *(row["biogenic_t"], row["ndrc910_tco2"], bought, total, row["lines"], row["open"]),
        ]
        for row, bought, total in zip(
            made.to_dict("records"), alone["inside_tco2e"], alone["total_tco2e"], strict=True
        )
    ]
    fields = [
        *(Field("企业编号", width=14), Field("企业名称", width=26), Field("行业", width=8), *SUMMED),
        *(Field("生物成因 CO2", "number", 14), Field("零碳园区口径", "number", 16)),
        *(Field("区内购入电热", "number", 16), Field("企业自身口径", "number", 16)),
        *(Field("行数", "count", 8), Field("未知行数", "count", 8)),
    ]
    return table_sheet(account, "分企业", "分企业碳排放", fields, rows, 2, foot=(
        "注：“合计”在园区内只计一次：区内购入的电力和热力计入烧燃料的企业。“企业自身口径”另加区内购入部分，"
        "各企业之和减去区内流动等于园区合计，见“区内流动”表。",
    ))  # fmt: skip


def categories_sheet(account: Account) -> Sheet:
    """分类别: categories of emission, scope by scope."""
    made = by_category(account.inventory.frame)
    rows = [
        [
            *(row["label"], SCOPES[row["scope"]], row["scope1"], row["scope2"], _open(row), row["share"]),
            *(row["lines"], row["open"]),
        ]
        for row in made.to_dict("records")
    ]
    fields = [Field("类别", width=18), Field("范围", width=14), *SUMMED]
    fields += [Field("行数", "count", 8), Field("未知行数", "count", 9)]
    return table_sheet(account, "分类别", "分类别碳排放", fields, rows, 1)


def gases_sheet(account: Account) -> Sheet:
    """分气体: the seven gases and biogenic carbon dioxide."""
    rows = [
        [GASES.get(row["gas"], row["gas"]), row["scope1"], row["scope2"], row["total"]]
        for row in by_gas(account.inventory.frame).to_dict("records")
    ]
    gwp = account.inventory.choices.gwp
    return table_sheet(
        account,
        "分气体",
        f"分气体碳排放（全球增温潜势 {gwp}）",
        [Field("气体", width=20), *SUMMED[:3]],
        rows,
        1,
    )


def industries_sheet(account: Account) -> Sheet:
    """分行业: divisions of GB/T 4754."""
    names = {"": "行业不明", "zone": "开发区自身", **industries()["name"].to_dict()}
    rows = [
        [
            *(row["industry"] if row["industry"].isdecimal() else "", names.get(row["industry"], "")),
            *(row["scope1"], row["scope2"], _open(row), row["share"], row["lines"], row["open"]),
        ]
        for row in by_industry(account.inventory.frame, account.firms).to_dict("records")
    ]
    fields = [Field("行业代码", width=10), Field("行业", width=30), *SUMMED]
    fields += [Field("行数", "count", 8), Field("未知行数", "count", 9)]
    return table_sheet(account, "分行业", "分行业碳排放", fields, rows, 2)


def gpc_sheet(account: Account) -> Sheet:
    """GPC: the table of sectors, with notation keys."""
    rows = [
        [
            *(row["ref"], row["label"], SCOPES.get(row["scope"], row["scope"]), row["level"].upper()),
            *(row["co2_t"], row["ch4_tco2e"], row["n2o_tco2e"], _other(row)),
            *(Cell(row["tco2e"], reason=chinese(row["explanation"])), row["biogenic_t"]),
            *(row["notation"], chinese(row["explanation"])),
        ]
        for row in table(account.inventory.frame, account.firms).to_dict("records")
    ]
    fields = [
        *(Field("编号", width=9), Field("部门", width=36), Field("范围", width=9), Field("层次", width=12)),
        *(Field("CO2", "number", 15), Field("CH4", "number", 12), Field("N2O", "number", 12)),
        *(Field("含氟气体", "number", 12), Field("合计", "number", 15), Field("生物成因 CO2", "number", 13)),
        *(Field("符号", width=7), Field("说明", width=40)),
    ]
    return table_sheet(account, "GPC 分部门", "GPC 分部门碳排放", fields, rows, 2)


def lines_sheet(account: Account) -> Sheet:
    """清单明细: every line, with the file and row of its statement."""
    return Sheet(
        name="清单明细",
        title=f"{account.name}碳排放清单明细（{account.year} 年）",
        fields=[
            *(Field("企业编号", width=13), Field("范围", width=9), Field("类别", width=11)),
            *(Field("品种", width=16), Field("申报数量", "number", 15), Field("申报单位", width=11)),
            *(Field("核算数量", "number", 15), Field("单位", width=10), Field("因子", "number", 12)),
            *(Field("因子单位", width=13), Field(TONNES, "number", 16), Field("符号", width=6)),
            *(Field("说明", width=30), Field("等级", width=6), Field("因子来源", width=34)),
            *(Field("数据来源", width=16), Field("版本", width=12), Field("原表行", "count", 8)),
        ],
        rows=_lines(account),
        said="单位：见各列；“符号”：NO 未发生，NE 未估算，IE 列于别处，C 保密，NA 不适用",
        frozen=1,
        paper="A3",
    )


def _lines(account: Account) -> Iterator[list[Any]]:
    frame = account.inventory.frame
    grade = account.line_grades["grade"]
    named = _category_labels(frame)
    for row, graded in zip(frame.to_dict("records"), grade, strict=True):
        why = why_in_chinese(row)
        yield [
            *(row["enterprise_id"] or account.code, SCOPES.get(row["scope"], ""), named[row["category"]]),
            *(row["stated_item"], row["stated_amount"], row["stated_unit"], row["amount"], row["unit"]),
            *(row["factor"], row["factor_unit"], Cell(row["tco2e"], reason=why)),
            *(row["notation"], why, graded, row["source"], row["data_source"], row["version"]),
            row["row"] if row["row"] >= 0 else "",
        ]


def why_in_chinese(line: Mapping[str, Any]) -> str:
    """Why a line has no tonnes, or what is said of it; a code of a fault becomes its title.

    >>> why_in_chinese({"missing": "unit_unusable", "explanation": ""})
    '单位无法换算'
    """
    return chinese(title(line["missing"])) or chinese(line["explanation"])


def _category_labels(frame: pd.DataFrame) -> Mapping[str, str]:
    known = labels()
    return {name: known.get(name, name) for name in frame["category"].unique()}


def table_sheet(
    account: Account,
    name: str,
    title: str,
    fields: Sequence[Field],
    rows: list[list[Any]],
    frozen: int,
    **more: Any,
) -> Sheet:
    """A sheet of numbers, in tonnes unless it says otherwise; `more` as of `Sheet`."""
    said = more.pop("said", f"单位：{TONNES}（另有注明的除外）")
    heading = f"{account.name}{title}（{account.year} 年）"
    return Sheet(name, heading, fields, rows, said=said, frozen=frozen, paper="A3", **more)


def _open(row: Mapping[str, Any]) -> Cell:
    """A sum that is told only when all of its lines are; else what is known stands in the reason."""
    if not row["open"]:
        return Cell(row["known"])
    return Cell(None, reason=f"{row['open']} 行未知；已知部分 {row['known']:,.2f} 吨")


def _other(row: Mapping[str, Any]) -> float:
    return float(sum(row[name] for name in ("hfcs_tco2e", "pfcs_tco2e", "sf6_tco2e", "nf3_tco2e")))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

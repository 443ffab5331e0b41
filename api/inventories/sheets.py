"""Sheets of the inventory's workbook (清单各表): totals, breakdowns, clauses and lines, in Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from api.inventories.account import Account
from api.report.sheet import MARKS, Cell, Field, Sheet
from carbon.breakdowns import by_category, by_enterprise, by_gas, by_industry, labels
from carbon.gpc import table
from carbon.ndrc910 import CLAUSES, notes
from carbon.results import TOLD
from data.codes.industries import industries
from data.records import Finding, Result
from data.units import is_share
from maps.units import name as unit_name

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


def summary_sheet(account: Account) -> Sheet:
    """汇总: both totals side by side, how sure they are, energy, intensities and the gate."""
    return Sheet(
        name="汇总",
        title=f"{account.name}碳排放清单（{account.year} 年）",
        fields=[
            *(Field("项目", width=40), Field("数值", "number", width=20), Field("单位", width=16)),
            *(Field("判定", width=11), Field("说明", width=64)),
        ],
        rows=list(_summary(account)),
        said=f"开发区代码：{account.code}；核算年度：{account.year} 年；核算口径见“核算选项”表",
        foot=(
            "注：位置法总量为范围一与范围二之和，外送电力和热力不扣减；零碳园区口径只计二氧化碳，净受入电力和热力可扣减。",
            *notes(),
        ),
    )


def _summary(account: Account) -> Iterator[list[Any]]:
    location, park = account.inventory.location, account.inventory.ndrc910
    yield _heading("一、位置法清单")
    for name, label in TOLD.items():
        yield _told(label, location.told.get(name), "tCO2e", location.reasons.get(name, ""))
    sure = account.uncertainty
    said = (
        f"95% 置信区间 {_tonnes(sure.low)} 至 {_tonnes(sure.high)}；方法：{_method(account)}。{sure.reason}"
    )
    yield ["不确定度", Cell(sure.half_width, "share", reason=sure.reason), "", "", said]
    yield _heading("二、零碳园区口径（发改环资〔2025〕910号 附件4）")
    yield _told("E园区", park.told["total"], "tCO2", park.reasons.get("total", ""))
    for part, clause in CLAUSES.items():
        yield _told(clause.label, park.told[part], "tCO2", park.reasons.get(part, ""))
    yield _heading("三、能源、强度与增长")
    for each in (account.energy.equivalent, account.energy.physical, *account.intensities):
        yield _result(each)
    yield _heading("四、零碳园区关口")
    for found in account.findings:
        yield _finding(found)


def _heading(text: str) -> list[Any]:
    return [text, "", "", "", ""]


def _told(label: str, value: float | None, unit: str, reason: str) -> list[Any]:
    return [
        label,
        Cell(value, "number", reason=reason),
        unit_name(unit),
        "",
        "" if value is not None else reason,
    ]


def _result(each: Result) -> list[Any]:
    kind = "share" if is_share(each.code, each.unit) else "number"
    unit = "" if each.unit == "1" else unit_name(each.unit)
    return [each.label, Cell(each.value, kind, reason=each.reason), unit, "", each.reason]


def _finding(found: Finding) -> list[Any]:
    kind = "share" if is_share(found.rule, found.unit) and found.limit is not None else "number"
    outcome = str(found.outcome)
    limit = "" if found.limit is None or found.limit.value is None else f"限值 {found.limit.value:g}；"
    unit = "" if found.unit == "1" else unit_name(found.unit)
    said = f"{limit}{found.reason}{found.remedy}"
    measured = Cell(found.measured, kind, reason=found.reason)
    return [found.label, measured, unit, Cell(MARKS[outcome], "text", outcome), said]


def _tonnes(value: float | None) -> str:
    return "—" if value is None else f"{value:,.0f} {TONNES}"


def _method(account: Account) -> str:
    how = account.wishes
    return "误差传播" if how.approach == 1 else f"蒙特卡洛，{how.draws:,} 次，种子 {how.seed}"


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
    return _table(account, "分企业", "分企业碳排放", fields, rows, 2, foot=(
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
    return _table(account, "分类别", "分类别碳排放", fields, rows, 1)


def gases_sheet(account: Account) -> Sheet:
    """分气体: the seven gases and biogenic carbon dioxide."""
    rows = [
        [GASES.get(row["gas"], row["gas"]), row["scope1"], row["scope2"], row["total"]]
        for row in by_gas(account.inventory.frame).to_dict("records")
    ]
    gwp = account.inventory.choices.gwp
    return _table(
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
    return _table(account, "分行业", "分行业碳排放", fields, rows, 2)


def gpc_sheet(account: Account) -> Sheet:
    """GPC: the table of sectors, with notation keys."""
    rows = [
        [
            *(row["ref"], row["label"], SCOPES.get(row["scope"], row["scope"]), row["level"].upper()),
            *(row["co2_t"], row["ch4_tco2e"], row["n2o_tco2e"], _other(row)),
            *(Cell(row["tco2e"], reason=row["explanation"]), row["biogenic_t"]),
            *(row["notation"], row["explanation"]),
        ]
        for row in table(account.inventory.frame, account.firms).to_dict("records")
    ]
    fields = [
        *(Field("编号", width=9), Field("部门", width=36), Field("范围", width=9), Field("层次", width=12)),
        *(Field("CO2", "number", 15), Field("CH4", "number", 12), Field("N2O", "number", 12)),
        *(Field("含氟气体", "number", 12), Field("合计", "number", 15), Field("生物成因 CO2", "number", 13)),
        *(Field("符号", width=7), Field("说明", width=40)),
    ]
    return _table(account, "GPC 分部门", "GPC 分部门碳排放", fields, rows, 2)


def clauses_sheet(account: Account) -> Sheet:
    """零碳园区口径: every clause of 附件4, and what flows under it."""
    rows: list[list[Any]] = []
    told = {each.code: each for each in account.results}
    for part, clause in CLAUSES.items():
        result = told[f"ndrc910_{part}"]
        rows.append([
            *(clause.label, f"附件4 {clause.article}", clause.formula),
            *(Cell(result.value, reason=result.reason), "" if result.value is not None else result.reason),
        ])
        rows += [["", "", f"　{each.label}", each.value, f"{each.count} 行"] for each in result.inputs]
    total = account.inventory.ndrc910
    closing = [
        "E园区",
        "附件4 一",
        "E能源活动 + E工业过程",
        Cell(total.told["total"]),
        total.reasons.get("total", ""),
    ]
    fields = [
        *(Field("条款", width=26), Field("依据", width=20), Field("公式与分项", width=58)),
        *(Field("吨二氧化碳", "number", 18), Field("说明", width=50)),
    ]
    return _table(account, "零碳园区口径", "零碳园区碳排放（发改环资〔2025〕910号 附件4）", fields, rows, 1,
                  total=closing, foot=notes())  # fmt: skip


def flows_sheet(account: Account) -> Sheet:
    """区内流动: what enterprises pass to each other, and whether both sides agree."""
    net = account.netting
    rows = [
        [
            *(
                row["supplier_id"],
                row["buyer_id"],
                {"electricity": "电力", "heat": "热力"}.get(row["carrier"]),
            ),
            *(row["sold"], row["bought"], row["unit"], row["factor"]),
            *(row["sold_tco2e"], row["gap_tco2e"]),
        ]
        for row in net.flows.to_dict("records")
    ]
    fields = [
        *(Field("供应方", width=16), Field("购买方", width=16), Field("介质", width=8)),
        *(Field("供应方申报", "number", 16), Field("购买方申报", "number", 16), Field("单位", width=8)),
        *(Field("因子", "plain", 12), Field(TONNES, "number", 18), Field("双方差额", "number", 18)),
    ]
    sums = "；".join(
        f"{label} {_tonnes(value)}"
        for label, value in (
            ("各企业之和", net.enterprises_tco2e),
            ("区内流动", net.internal_tco2e),
            ("园区合计", net.park_tco2e),
            ("差额", net.gap_tco2e),
        )
    )
    held = f"校核：{MARKS[str(net.holds)]}。{net.reason}"
    return _table(account, "区内流动", "区内电力与热力流动", fields, rows, 2, foot=(sums, held))


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
        why = row["missing"] or row["explanation"]
        yield [
            *(row["enterprise_id"] or account.code, SCOPES.get(row["scope"], ""), named[row["category"]]),
            *(row["stated_item"], row["stated_amount"], row["stated_unit"], row["amount"], row["unit"]),
            *(row["factor"], row["factor_unit"], Cell(row["tco2e"], reason=why)),
            *(row["notation"], why, graded, row["source"], row["data_source"], row["version"]),
            row["row"] if row["row"] >= 0 else "",
        ]


def _category_labels(frame: pd.DataFrame) -> Mapping[str, str]:
    known = labels()
    return {name: known.get(name, name) for name in frame["category"].unique()}


def _table(
    account: Account,
    name: str,
    title: str,
    fields: Sequence[Field],
    rows: list[list[Any]],
    frozen: int,
    **more: Any,
) -> Sheet:
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

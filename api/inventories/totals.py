"""Sheets of the totals (合计各表): both side by side, every clause of 附件4, what flows inside the park."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.chinese import chinese
from api.inventories.account import Account
from api.inventories.sheets import TONNES, table_sheet
from api.report.sheet import MARKS, Cell, Field, Sheet
from carbon.ndrc910 import CLAUSES, notes
from carbon.results import TOLD
from data.records import Finding, Result
from data.units import is_share
from maps.units import name as unit_name


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
    reason = chinese(sure.reason)
    said = f"95% 置信区间 {_tonnes(sure.low)} 至 {_tonnes(sure.high)}；方法：{_method(account)}。{reason}"
    yield ["不确定度", Cell(sure.half_width, "share", reason=reason), "", "", said]
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


def _told(label: str, value: float | None, unit: str, why: str) -> list[Any]:
    reason = chinese(why)
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
    reason = chinese(each.reason)
    return [each.label, Cell(each.value, kind, reason=reason), unit, "", reason]


def _finding(found: Finding) -> list[Any]:
    kind = "share" if is_share(found.rule, found.unit) and found.limit is not None else "number"
    outcome = str(found.outcome)
    limit = "" if found.limit is None or found.limit.value is None else f"限值 {found.limit.value:g}；"
    unit = "" if found.unit == "1" else unit_name(found.unit)
    reason = chinese(found.reason)
    said = f"{limit}{reason}{chinese(found.remedy)}"
    measured = Cell(found.measured, kind, reason=reason)
    return [found.label, measured, unit, Cell(MARKS[outcome], "text", outcome), said]


def _tonnes(value: float | None) -> str:
    return "—" if value is None else f"{value:,.0f} {TONNES}"


def _method(account: Account) -> str:
    how = account.wishes
    return "误差传播" if how.approach == 1 else f"蒙特卡洛，{how.draws:,} 次，种子 {how.seed}"


def clauses_sheet(account: Account) -> Sheet:
    """零碳园区口径: every clause of 附件4, and what flows under it."""
    rows: list[list[Any]] = []
    told = {each.code: each for each in account.results}
    for part, clause in CLAUSES.items():
        result = told[f"ndrc910_{part}"]
        reason = chinese(result.reason)
        rows.append([
            *(clause.label, f"附件4 {clause.article}", clause.formula),
            *(Cell(result.value, reason=reason), "" if result.value is not None else reason),
        ])
        rows += [["", "", f"　{each.label}", each.value, f"{each.count} 行"] for each in result.inputs]
    total = account.inventory.ndrc910
    closing = [
        "E园区",
        "附件4 一",
        "E能源活动 + E工业过程",
        Cell(total.told["total"]),
        chinese(total.reasons.get("total", "")),
    ]
    fields = [
        *(Field("条款", width=26), Field("依据", width=20), Field("公式与分项", width=58)),
        *(Field("吨二氧化碳", "number", 18), Field("说明", width=50)),
    ]
    title = "零碳园区碳排放（发改环资〔2025〕910号 附件4）"
    return table_sheet(account, "零碳园区口径", title, fields, rows, 1, total=closing, foot=notes())


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
    held = f"校核：{MARKS[str(net.holds)]}。{chinese(net.reason)}"
    return table_sheet(account, "区内流动", "区内电力与热力流动", fields, rows, 2, foot=(sums, held))

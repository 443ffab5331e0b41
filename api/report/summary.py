"""The summary (汇总表): a row for each zone, the fixed columns in their groups, and all zones below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.report.columns import COLUMNS, Column, other
from api.report.look import Look
from api.report.material import Account, Material
from api.report.sheet import MARKS, Cell, Field, Sheet
from api.report.taking import Told
from api.report.totals import together
from data.kinds import kind

LEVELS = kind("zones").columns["level"].one_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """The columns that a report has.

    Parameters
    ----------
    columns : those whose result one assessment has at least
    absent : those of the list that none has
    held : codes of the results that are held against a target, with 目标 and 判定 beside
    """

    columns: tuple[Column, ...]
    absent: tuple[Column, ...]
    held: frozenset[str]


def chosen(accounts: Sequence[Account]) -> Chosen:
    """The columns for these zones, in the order of the list; results that it does not hold come last."""
    there = [c for c in COLUMNS if any(c.source.of(account) is not None for account in accounts)]
    listed = {column.result for column in COLUMNS if column.result}
    spare: dict[str, str] = {}
    for account in accounts:
        for code, row in account.results.items():
            if code not in listed:
                spare.setdefault(code, str(row["label"]))
    held = {c for a in accounts for c, row in a.results.items() if row.get("target") is not None}
    absent = tuple(column for column in COLUMNS if column not in there)
    return Chosen((*there, *(other(code, label) for code, label in spare.items())), absent, frozenset(held))


def summary(material: Material, look: Look, columns: Chosen) -> Sheet:
    """The sheet."""
    accounts = material.accounts
    units = {column.code: _unit(column, accounts, look) for column in columns.columns}
    fields = [
        *(Field("开发区代码", width=10), Field("开发区名称", width=24)),
        *(Field("级别", width=8), Field("所在市", width=9)),
        *(field for column in columns.columns for field in _fields(column, units, look, columns.held)),
    ]
    rows = [
        [
            *_about(account),
            *(cell for c in columns.columns for cell in _cells(c, account, look, columns.held)),
        ]
        for account in accounts
    ]
    total = [cell for c in columns.columns for cell in _total(c, accounts, look, columns.held)]
    return Sheet(
        name="汇总表",
        title=f"开发区土地节约集约利用与碳排放汇总表（{material.year} 年）",
        fields=fields,
        rows=rows,
        total=["合计", f"{len(accounts)} 个开发区", "", "", *total] if len(accounts) > 1 else (),
        said=f"单位：{look.land}；年份：{material.year}；制表时间：{material.when:%Y-%m-%d %H:%M}",
        foot=(
            "注：“—”表示无法判断，原因见该单元格的批注和“指标与依据”表；缺数不作 0，也不算达标。",
            "注：面积相加；比率和强度为分子之和除以分母之和，有一区缺数或口径不一则不合计。",
        ),
        frozen=2,
        paper="A3",
    )


def shown_unit(column: Column, account: Account, look: Look) -> str:
    """The unit in which a column shows the number of a zone; empty when it knows none."""
    told = column.source.of(account)
    return "" if told is None else look.shown(column.code, None, told.unit).unit


def _unit(column: Column, accounts: Sequence[Account], look: Look) -> str:
    units = (shown_unit(column, account, look) for account in accounts)
    return next((unit for unit in units if unit), "")


def _fields(column: Column, units: Mapping[str, str], look: Look, held: frozenset[str]) -> list[Field]:
    unit = units[column.code]
    label = look.label(column.label, unit)
    suffix = f"({unit})" if unit and unit != "%" else ""
    fields = [Field(label + suffix, "share" if unit == "%" else "number", group=column.group)]
    if column.result in held:
        fields.append(Field(f"{label} 目标{suffix}", fields[0].kind, group=column.group))
        fields.append(Field(f"{label} 判定", width=11, group=column.group))
    return fields


def _about(account: Account) -> list[str]:
    zone = account.zone
    level = str(zone.get("level") or "")
    return [account.code, account.name, LEVELS.get(level, level), str(zone.get("city") or "")]


def _cells(column: Column, account: Account, look: Look, held: frozenset[str]) -> list[Cell]:
    told = column.source.of(account) or Told(None, "", "这次评价没有这项指标")
    shown = look.shown(column.code, told.value, told.unit)
    if column.result not in held:
        return [Cell(shown.value, shown.kind, reason=told.reason)]
    row = account.results.get(column.result, {})
    outcome = str(row.get("outcome") or "")
    target = look.shown(column.code, row.get("target"), told.unit)
    return [
        Cell(shown.value, shown.kind, outcome, told.reason),
        Cell("" if target.value is None else target.value, target.kind),
        Cell(MARKS.get(outcome, ""), "text", outcome),
    ]


def _total(column: Column, accounts: Sequence[Account], look: Look, held: frozenset[str]) -> list[Cell]:
    cell = together(column, accounts, look)
    if column.result not in held:
        return [cell]
    many = Counter(str(account.results.get(column.result, {}).get("outcome") or "") for account in accounts)
    said = "，".join(f"{mark} {many[outcome]}" for outcome, mark in MARKS.items() if many[outcome])
    return [cell, Cell("", "text"), Cell(said, "text")]

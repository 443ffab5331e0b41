"""Zones put together (合计): areas add up, shares are sums over sums, and what lacks one zone is not told."""

from __future__ import annotations

from collections.abc import Sequence

from api.report.columns import Column
from api.report.look import LAND, Look, area_in
from api.report.material import Account
from api.report.sheet import Cell
from api.report.taking import Source, Told

SHOWN = 6


def together(column: Column, accounts: Sequence[Account], look: Look) -> Cell:
    """The cell of all zones: a sum, a ratio of sums, or a dash with its reason."""
    if column.total == "sum":
        told = added(column.source, accounts)
    elif column.total == "ratio":
        told = _ratio(column, accounts)
    else:
        told = Told(None, "", "各区的这项指标不能合计")
    shown = look.shown(column.code, told.value, told.unit)
    return Cell(shown.value, shown.kind, reason=told.reason)


def added(source: Source, accounts: Sequence[Account]) -> Told:
    """The sum over zones; None where one of them cannot be told, for then the sum is not known."""
    all_told = [(account.code, source.of(account)) for account in accounts]
    lacking = [code for code, told in all_told if told is None or told.value is None]
    units = {told.unit for _, told in all_told if told is not None}
    if lacking:
        return Told(None, next(iter(units), ""), f"缺 {_named(lacking)} 的数, 不能合计")
    if len(units) > 1:
        return Told(None, "", f"各区单位不一: {'、'.join(sorted(units))}")
    return Told(sum(told.value for _, told in all_told if told and told.value is not None), units.pop())


def _ratio(column: Column, accounts: Sequence[Account]) -> Told:
    rows = [account.results.get(column.result) for account in accounts]
    unit = next((str(row["unit"]) for row in rows if row), "")
    ways = {(row["label"], row.get("area_base")) for row in rows if row}
    if len(ways) > 1:
        return Told(None, unit, f"各区口径不一, 不能合计: {'；'.join(sorted(str(w[0]) for w in ways))}")
    if column.top is None or column.base is None:
        return Told(None, unit, "没有分子分母, 不能合计")
    top, base = added(column.top, accounts), added(column.base, accounts)
    if top.value is None or base.value is None:
        return Told(None, unit, top.reason or base.reason)
    per = unit.rpartition("/")[2]
    below = area_in(base.value, base.unit, per) if per in LAND and base.unit in LAND else base.value
    if below <= 0:
        return Told(None, unit, "分母合计为 0, 不能计算")
    return Told(top.value / below, unit)


def _named(codes: Sequence[str]) -> str:
    return "、".join(codes[:SHOWN]) + (f" 等 {len(codes)} 个开发区" if len(codes) > SHOWN else "")

"""Years beside each other (年度变化): the same results of a zone for every year assessed, and the change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from api.report.look import Look
from api.report.material import Account, Material, Row
from api.report.sheet import Cell, Field, Sheet
from api.report.taking import reason_of

CHANGE = "比上年"


def yearly(material: Material, look: Look) -> Sheet:
    """The sheet: a row for each zone and result, two columns for each year."""
    years = sorted({year for account in material.accounts for year in account.earlier})
    fields = [
        *(Field("开发区代码", width=10), Field("开发区名称", width=22)),
        *(Field("指标", width=30), Field("指标代码", width=22), Field("单位", width=13)),
        *(field for year in years for field in _fields(year, year != years[0])),
    ]
    return Sheet(
        name="年度变化",
        title=f"开发区指标年度变化（{years[0]}—{years[-1]} 年）",
        fields=fields,
        rows=[row for account in material.accounts for row in _rows(account, years, look)],
        said=f"单位：见“单位”列；面积单位：{look.land}",
        foot=(
            "注：比率的变化为百分点，其余为相对上年的百分比；上一年没有评价、缺数或不大于 0 的，写“—”。",
            "注：各年的数按当年年末的界线和地块；界线或口径变了，变化也随之而变。",
        ),
        frozen=3,
        paper="A3",
    )


def _fields(year: int, follows: bool) -> list[Field]:
    value = Field("数值", "number", group=f"{year} 年")
    return [value, Field(CHANGE, "share", width=12, group=f"{year} 年")] if follows else [value]


def _rows(account: Account, years: Sequence[int], look: Look) -> Iterator[list[Any]]:
    for code, row in account.results.items():
        unit = look.shown(code, None, row["unit"]).unit
        cells = [cell for year in years for cell in _year(account, code, year, (years[0], look))]
        yield [account.code, account.name, look.label(row["label"], unit), code, unit, *cells]


def _year(account: Account, code: str, year: int, how: tuple[int, Look]) -> list[Cell]:
    first, look = how
    row = account.earlier.get(year, {}).get(code)
    if row is None:
        value = Cell(None, reason=f"{year} 年没有评价这项指标")
    else:
        shown = look.shown(code, row["value"], row["unit"])
        value = Cell(shown.value, shown.kind, reason="" if shown.value is not None else reason_of(row))
    before = account.earlier.get(year - 1, {}).get(code)
    return [value] if year == first else [value, change(code, before, row, look)]


def change(code: str, before: Row | None, now: Row | None, look: Look) -> Cell:
    """The change on the year before: percentage points of a share, per cent of anything else."""
    both = (("上一年", before), ("本年", now))
    lacking = [said for said, row in both if row is None or row["value"] is None]
    if before is None or now is None or lacking:
        return Cell(None, reason=f"{'和'.join(lacking)}没有数")
    if before["unit"] != now["unit"] or before["label"] != now["label"]:
        return Cell(None, reason=f"口径不同: 上一年 {before['label']}, 本年 {now['label']}")
    old, new = float(before["value"]), float(now["value"])
    if look.shown(code, None, now["unit"]).kind == "share":
        return Cell((new - old) * 100, "points")
    if old <= 0:
        return Cell(None, reason="上一年的数不大于 0, 百分比没有意义")
    return Cell((new - old) / old, "change")

"""Sheets of before and after (指标前后, 清单前后)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.chinese import chinese
from api.report.look import Look
from api.report.sheet import Cell, Field, Sheet
from api.requests.report.annexes import TONNES, inventory_rows
from api.requests.report.sheets import title_of
from data.codes.classes import CATEGORIES
from maps.units import name as unit_name

Document = Mapping[str, Any]
LOOK = Look()


def indicators_sheet(document: Document) -> Sheet:
    """指标前后: every indicator with the old boundary and with the new one."""
    fields = [
        *(Field("指标代码", width=26), Field("指标", width=28), Field("单位", width=14)),
        *(Field("调整前", "number", width=18), Field("调整后", "number", width=18)),
        *(Field("变化", "number", width=18), Field("无法判断的原因", width=50)),
    ]
    rows = [_indicator(each) for each in document["indicators"]["rows"]]
    foot = ("注：面积以公顷计；比率的变化为百分点。",)
    return Sheet("指标前后", title_of(document, "指标调整前后"), fields, rows, foot=foot, frozen=2)


def _indicator(each: Mapping[str, Any]) -> list[Any]:
    reason = chinese(str(each.get("reason") or ""))
    cells, said = [], ""
    for side in ("before", "after", "change"):
        shown = _shown(each["code"], each[side], each["unit"])
        said = shown[2]
        cells.append(Cell(shown[0], shown[1], reason=reason))
    return [each["code"], each["label"], said, *cells, reason]


def _shown(code: str, value: Any, unit: str) -> tuple[Any, str, str]:
    """A number, its kind and its unit: land in hectares, what is told per mu as it is."""
    if unit.endswith(("/mu", "/ha")):
        return value, "number", unit_name(unit)
    shown = LOOK.shown(code, value, unit or "1")
    return shown.value, shown.kind, shown.unit


def inventory_sheet(document: Document) -> Sheet:
    """清单前后: totals of the inventory, and the carbon of land converted as its own lines."""
    fields = [
        *(Field("项目", width=46), Field("单位", width=16), Field("调整前", "number", width=20)),
        *(Field("调整后", "number", width=20), Field("变化", "number", width=20), Field("说明", width=50)),
    ]
    rows = [
        [label, TONNES[unit], before, after, change, ""]
        for label, unit, before, after, change in inventory_rows(document)
    ]
    rows += list(_converted(document.get("land_carbon")))
    foot = ("注：土地转用碳排放为一次性排放，单列，不与清单相抵。",)
    return Sheet("清单前后", title_of(document, "温室气体清单调整前后"), fields, rows, foot=foot)


def _converted(told: Mapping[str, Any] | None) -> Iterator[list[Any]]:
    if told is None:
        return
    for each in told["lines"]:
        use = CATEGORIES.get(each["from_use"], each["from_use"]) or "地类不明"
        said = f"{each['area_ha']:.4f} 公顷"
        if each["factor"] is not None:
            said += f" × {each['factor']:g}；{each.get('source') or ''}"
        missing = chinese(str(each.get("missing") or ""))
        yield [f"土地转用：{use}", "吨CO2当量", "", Cell(each["tco2e"], reason=missing), "", said]
    reason = chinese(str(told.get("reason") or ""))
    note = f"方法 {told['method']}。{reason}"
    yield ["土地转用碳排放合计", "吨CO2当量", "", Cell(told["tco2e"], reason=reason), "", note]

"""Results on a page (指标结果): rows of the book, each text told once and then numbered.

A row is `{zone, code, …}` in the shape of `data.records.Result.as_json()`, with the zone beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from maps.parts import parts_of
from maps.units import shown_unit

Row = Mapping[str, Any]


class Texts:
    """A list in which every text or record stands once; asked for one, it says its number."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self._at: dict[bytes, int] = {}

    def at(self, said: Any) -> int:
        """The number of a text or JSON record; -1 for none."""
        if said is None or said == "":
            return -1
        key = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
        if key not in self._at:
            self._at[key] = len(self.all)
            self.all.append(said)
        return self._at[key]


def pack_results(rows: Iterable[Row], zone: str | None = None) -> dict[str, Any]:
    """Results with everything that answers *why*, as the page's script reads them.

    Parameters
    ----------
    rows : results of one year; `zone` gives the code of rows that do not name their zone

    Returns
    -------
    texts : every text and article once
    rows : [zone, code, label, value, unit, target, outcome, reason, formula, area base, inputs, articles,
    layer versions, parts]; texts by number
    units : the keys of all units shown
    """
    texts, units = Texts(), set[str]()
    packed = [_row(row, row.get("zone") or zone or "", texts, units) for row in rows]
    return {"texts": texts.all, "rows": packed, "units": sorted(units)}


def _row(row: Row, zone: str, texts: Texts, units: set[str]) -> list[Any]:
    code = str(row["code"])
    unit = shown_unit(code, row.get("unit") or "1")
    inputs = [_input(into, texts, units) for into in row.get("inputs") or ()]
    units.add(unit)
    articles = row.get("articles") or ()
    units.update(
        article["unit"] for article in articles if isinstance(article, Mapping) and article.get("unit")
    )
    return [
        texts.at(zone),
        texts.at(code),
        texts.at(row.get("label") or code),
        row.get("value"),
        texts.at(unit),
        row.get("target"),
        texts.at(row.get("outcome")),
        texts.at(row.get("reason")),
        texts.at(row.get("formula")),
        texts.at(row.get("area_base")),
        inputs,
        [texts.at(article) for article in articles],
        [texts.at(version) for version in row.get("layer_versions") or ()],
        [_part(*part, texts, units) for part in parts_of(row)],
    ]


def _input(into: Row, texts: Texts, units: set[str]) -> list[Any]:
    """Label, value, unit, origin, count."""
    unit = shown_unit(str(into.get("name", "")), into.get("unit") or "1")
    units.add(unit)
    label = into.get("label") or into.get("name")
    return [
        texts.at(label),
        into.get("value"),
        texts.at(unit),
        texts.at(into.get("origin")),
        into.get("count"),
    ]


def _part(label: str, value: float, unit: str, texts: Texts, units: set[str]) -> list[Any]:
    """Label, value, unit."""
    units.add(unit)
    return [texts.at(label), value, texts.at(unit)]

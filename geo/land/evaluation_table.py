"""Evaluation tables (评价标准表): ideal value and weight of each indicator, by type of zone, with their day.

One file of `data/rules/land/evaluation` is one table. It is read strictly: a code that is no indicator, a
doubled one, a weight that does not belong to a sum of 1 or 100, or an ideal value by which nothing can be
standardised is an error that names it. An office lays its own table beside ours (`MUTAN_RULES`).

    tables:
      "410000":                      # GB/T 2260 region code
        2024-01-01:                  # first day on which the table holds
          published: 2023-12-20
          article: "…"
          types:
            industry_led:            # industry_led, integrated, other
              supply_rate: {ideal: 1.00, weight: 12, part: main}    # main 主区, direction 发展方向区, or both
              investment_intensity: {ideal: {etdz: 3344, other: 3987}, unit: CNY10k/ha, weight: 23}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from math import isclose
from pathlib import Path
from typing import Any

from data.errors import NoSuchCode, RuleFileError, UnitMismatch
from data.parameters import Parameter, files, read_strictly
from data.records import Dated, Status
from data.units import convert
from geo.land.contents import UNITS
from geo.land.zone_types import KINDS, PARTS, ZONE_TYPES

FOLDER = "rules/land/evaluation"
REVERSED = frozenset({"idle_rate", "approved_unsupplied_rate"})
"""Indicators of which less is better."""
SUMS = (1.0, 100.0)


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator of one type of zone.

    Parameters
    ----------
    ideals : kind of zone (`other` for all that are not named) -> ideal value, in `unit`
    weight : 0 where the ideal value serves the potentials alone
    parts : the parts of a zone that are evaluated by it
    """

    code: str
    ideals: Mapping[str, float]
    weight: float
    unit: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a table asks of one indicator of one zone.

    Parameters
    ----------
    ideal_value : the ideal value in the indicator's own unit
    ideal, weight : as they stand in the table, with article and status
    """

    code: str
    ideal_value: float
    ideal: Dated
    weight: Dated


@dataclass(frozen=True)
class EvaluationTable:
    """A table through time and place.

    Parameters
    ----------
    versions : each set of rows that was ever in force, type of zone -> rows
    in_force : which of the versions holds on a day, in a place
    """

    name: str
    label: str
    meaning: str
    versions: tuple[Mapping[str, tuple[Row, ...]], ...]
    in_force: Parameter

    def on(
        self, day: date, region: str, *, zone_type: str, part: str = "main", kind: str = "other"
    ) -> tuple[Asked, ...]:
        """What the table asks of a zone on a day; nothing where it says nothing of its type.

        Raises
        ------
        NoValueOnDay : no version was in force
        """
        held = self.in_force.on(day, region)
        rows = self.versions[int(held.value or 0)].get(zone_type, ())
        return tuple(self._asked(row, held, zone_type, kind) for row in rows if part in row.parts)

    def _asked(self, row: Row, held: Dated, zone_type: str, kind: str) -> Asked:
        ideal = row.ideals.get(kind, row.ideals["other"])
        stem = f"{self.name}.{zone_type}.{row.code}"
        return Asked(
            row.code,
            convert(ideal, row.unit, UNITS[row.code]) if row.unit != UNITS[row.code] else ideal,
            replace(held, name=f"{stem}.ideal", value=ideal, unit=row.unit, label=f"{self.label}: 理想值"),
            replace(held, name=f"{stem}.weight", value=row.weight, unit="1", label=f"{self.label}: 权重"),
        )


def evaluation_tables() -> tuple[str, ...]:
    """Names of the tables, ours and the office's."""
    return tuple(name.removeprefix(f"{FOLDER}/") for name in files(FOLDER))


def evaluation_table(name: str) -> EvaluationTable:
    """The table of that name, read strictly.

    >>> evaluation_table("illustration").label
    '集约度评价示例(非官方)'

    Raises
    ------
    NoSuchCode : there is no such table
    RuleFileError : it is there, but badly written
    """
    found = files(FOLDER)
    if f"{FOLDER}/{name}" not in found:
        raise NoSuchCode(name, "The list of evaluation tables", evaluation_tables())
    return _read(found[f"{FOLDER}/{name}"], name)


@cache
def _read(path: Path, name: str) -> EvaluationTable:
    read = read_strictly(path)
    _keys(read, {"label", "status", "tables"}, {"meaning", "notes"}, path.name)
    versions: list[Mapping[str, tuple[Row, ...]]] = []
    values: dict[str, dict[date, dict[str, Any]]] = {}
    for region, by_day in _mapping(read["tables"], f"{path.name}, tables").items():
        if not isinstance(region, str):
            raise RuleFileError(f'{path.name}: quote the region code, as "{region}".')
        for day, version in _mapping(by_day, f"{path.name}, {region}").items():
            where = f"{path.name}, {region}, {day}"
            values.setdefault(region, {})[day] = _head(version, day, read["status"], len(versions), where)
            versions.append(_types(version["types"], where))
    if not versions:
        raise RuleFileError(f"{path.name} holds no table. Write one under `tables:`.")
    held = Parameter(f"rules.land.evaluation.{name}", read["label"], "1", values, status=read["status"])
    return EvaluationTable(held.name, read["label"], read.get("meaning", ""), tuple(versions), held)


def _head(version: Any, day: Any, status: str, number: int, where: str) -> dict[str, Any]:
    """The dated row that says which version holds."""
    _keys(version, {"published", "article", "types"}, {"status", "note"}, where)
    if not isinstance(day, date) or not isinstance(version["published"], date):
        raise RuleFileError(f"{where}: days are written 2021-07-01, without quotes.")
    if version.get("status", status) not in set(Status):
        raise RuleFileError(f"{where}: status is one of {', '.join(Status)}.")
    return {"value": number, **{key: said for key, said in version.items() if key != "types"}}


def _types(types: Any, where: str) -> dict[str, tuple[Row, ...]]:
    made = {}
    for zone_type, rows in _mapping(types, where).items():
        if zone_type not in ZONE_TYPES:
            raise RuleFileError(f"{where}: {zone_type} is no type of zone; write {', '.join(ZONE_TYPES)}.")
        here = f"{where}, {zone_type}"
        made[zone_type] = tuple(_row(code, row, here) for code, row in _mapping(rows, here).items())
        for part in PARTS:
            _check_weights((row.weight for row in made[zone_type] if part in row.parts), f"{here}, {part}")
    return made


def _check_weights(weights: Iterable[float], where: str) -> None:
    known = list(weights)
    whole = sum(known)
    if known and not any(isclose(whole, wanted, rel_tol=1e-9) for wanted in SUMS):
        raise RuleFileError(f"{where}: the weights add up to {whole:.12g}. Make them add up to 1 or to 100.")


def _row(code: Any, row: Any, where: str) -> Row:
    if code not in UNITS:
        raise RuleFileError(f"{where}: {code} is no indicator of land. There are: {', '.join(UNITS)}.")
    here = f"{where}, {code}"
    _keys(row, {"ideal", "weight"}, {"unit", "part"}, here)
    ideals = row["ideal"] if isinstance(row["ideal"], dict) else {"other": row["ideal"]}
    kinds = (*KINDS.values(), "other")
    if "other" not in ideals or set(ideals) - set(kinds):
        raise RuleFileError(f"{here}: give an ideal value for `other`, and at most for {', '.join(kinds)}.")
    if row.get("part", "main") not in PARTS:
        raise RuleFileError(f"{here}: part is {' or '.join(PARTS)}; leave it out for both.")
    made = Row(
        code,
        {kind: _number(ideal, f"{here}, ideal") for kind, ideal in ideals.items()},
        _number(row["weight"], f"{here}, weight"),
        str(row.get("unit", UNITS[code])),
        (row["part"],) if "part" in row else tuple(PARTS),
    )
    _check_ideals(made, here)
    return made


def _check_ideals(row: Row, where: str) -> None:
    """Whether each ideal value is one by which something can be standardised, in a unit that fits."""
    try:
        convert(1.0, row.unit, UNITS[row.code])
    except UnitMismatch as odd:
        raise RuleFileError(f"{where}: {odd}") from odd
    for ideal in row.ideals.values():
        if row.code in REVERSED and not 0 <= ideal < 1:
            raise RuleFileError(
                f"{where}: less is better; the ideal value {ideal:g} must be 0 or more, and below 1."
            )
        if row.code not in REVERSED and ideal <= 0:
            raise RuleFileError(
                f"{where}: nothing can be divided by the ideal value {ideal:g}. Write one above 0."
            )
    if row.weight < 0:
        raise RuleFileError(f"{where}: the weight {row.weight:g} is below zero. Write 0 or more.")


def _number(said: Any, where: str) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or said != said:
        raise RuleFileError(f"{where}: {said!r} is no number.")
    return float(said)


def _mapping(said: Any, where: str) -> dict[Any, Any]:
    if not isinstance(said, dict) or not said:
        raise RuleFileError(f"{where}: something named must stand here, one per line, and there is {said!r}.")
    return said


def _keys(said: Any, needs: set[str], may: set[str], where: str) -> None:
    keys = set(_mapping(said, where))
    if not keys >= needs or keys - needs - may:
        raise RuleFileError(
            f"{where}: give {', '.join(sorted(needs))}, and at most {', '.join(sorted(may))} beside."
        )

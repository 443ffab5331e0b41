"""Requests of boxes in the plane, so that areas can be checked in the head; grounds to hold them on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
import yaml

from data import parameters
from data.records import Result
from geo.boundary_change.conditions import FORMS, Constraints, Grounds, conditions, hold  # noqa: F401
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.request import Request
from geo.local_plane import LocalPlane


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Writes one rule of an office's own, `tried`, and tells its name; it is forgotten after the test."""
    monkeypatch.setattr(parameters, "_roots", parameters._roots)

    def write(kind: str, measure: Mapping[str, Any] | None = None, **said: Any) -> str:
        said.setdefault("values", {"100000": said.pop("value", 0)})
        rows = {
            region: {date(2000, 1, 1): {"value": value, "article": "own", "published": date(2000, 1, 1)}}
            for region, value in said.pop("values").items()
        }
        top = {key: said.pop(key) for key in ("unit", "compare", "decimals") if key in said}
        more = {"form": "threshold", **({} if measure is None else {"measure": dict(measure)}), **said}
        more = {key: value for key, value in more.items() if value is not None}
        text = {"label": "试", "unit": "1", "compare": "at most", **top, "more": more, "values": rows}
        path = tmp_path / "rules" / kind / "tried.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(text, allow_unicode=True), "utf-8")
        parameters.lay_over(tmp_path)
        return f"rules.{kind}.tried"

    yield write
    for kept in (parameters.parameter, parameters.names, parameters._read_file):
        kept.cache_clear()


NOWHERE = shapely.Polygon()
EVERYWHERE = (-180.0, -90.0, 180.0, 90.0)
ROLES = (
    *("basic_farmland", "ecological_red_line", "urban_boundary", "planned_construction", "control_unit"),
    *("other_zone", "water", "river_land", "heritage", "nature_reserve"),
)
Box = Sequence[float]


def request(
    kind: str,
    *,
    day: date = date(2026, 6, 1),
    region: str = "410100",
    boundary: Iterable[Box] = ((0, 0, 100, 100),),
    added: Iterable[Box] = (),
    lost: Iterable[Box] = (),
    reasons: Iterable[str] = (),
    snap_m: float = 0.0,
) -> Request:
    """A request out of boxes in metres: what the zone has, what comes, what goes."""
    held, comes, goes = map(land, (boundary, added, lost))
    after = shapely.union(shapely.difference(held, goes), comes)
    return Request(
        kind, "Z1", day, region, LocalPlane(0.0), held, comes, goes, comes, goes, after,
        snap_m=snap_m, reasons=frozenset(reasons),
    )  # fmt: skip


def land(boxes: Iterable[Box]) -> shapely.Geometry:
    """Boxes as one shape; an empty polygon where there is none."""
    made = shapely.union_all([shapely.box(*box) for box in boxes])
    return NOWHERE if made.is_empty else made


def constraints(features: Iterable[tuple[str, Box, str, str]] = ()) -> Constraints:
    """Layers of every role that reach everywhere, and these features: role, box, name, level."""
    rows = list(features)
    frame = pd.DataFrame({
        "role": [role for role, *_ in rows],
        "name": [name for *_, name, _ in rows],
        "level": [level for *_, level in rows],
        "restricted": pd.array([False] * len(rows), dtype="boolean"),
        "version": ["constraints v1"] * len(rows),
    })
    shapes = np.array([shapely.box(*box) for _, box, *_ in rows], dtype=object)
    return Constraints(frame, shapes, dict.fromkeys(ROLES, EVERYWHERE))


def grounds(
    *,
    features: Iterable[tuple[str, Box, str, str]] = (),
    level: str | None = "provincial",
    results: Mapping[str, Sequence[float | str | None]] | None = None,
    units: Mapping[str, str] | None = None,
    statistics: Iterable[Sequence[Any]] = (),
    ranks: Iterable[Sequence[Any]] = (),
    moving: pd.DataFrame | None = None,
) -> Grounds:
    """Grounds of a zone Z1: results as code -> (before, after), a word where it cannot be told and why."""
    rows = pd.DataFrame(list(statistics), columns=["zone", "period", "item", "value", "unit"])
    made = pd.DataFrame(list(ranks), columns=["code", "year", "rank", "of"])
    given = results or {}
    measured = {
        code: tuple(_result(code, value, (units or {}).get(code, "1")) for value in pair)
        for code, pair in given.items()
    }
    zone = {} if level is None else {"level": level}
    return Grounds(zone, constraints(features), measured, rows, made, moving)


def judged(rule: str, request: Request, grounds: Grounds) -> Judgement:
    """One rule held against a request, on the day and in the place of it."""
    condition = next(each for each in conditions(request.kind) if each.rule == rule)
    limit = condition.limit(request.day, request.region)
    return FORMS[condition.form](condition, limit, request, grounds)


def _result(code: str, value: float | str | None, unit: str) -> Result | None:
    if value is None:
        return None
    known = not isinstance(value, str)
    number, why = (float(value), "") if known else (None, value)
    return Result(code, code, number, unit, reason=why, layer_versions=("parcels v1",))

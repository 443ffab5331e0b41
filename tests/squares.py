"""Requests, constraint features and conditions of squares in the plane, metres, to be worked in the head.

The plane is that of the equator, where the squares lie, so that lengths in it are true there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from data import parameters
from data.parameters import Parameter
from geo.boundary_change.conditions import FORMS, Condition, Constraints, Grounds
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.probing import Settings
from geo.boundary_change.request import Request
from geo.local_plane import LocalPlane

Box = Sequence[float]
ROLE = "basic_farmland"
ROUND = (-5.0, -5.0, 5.0, 5.0)
"""Box in degrees that holds every square"""
DAY = date(2026, 6, 1)
OPEN = Settings.on(DAY)
"""How classified land is told"""


def land(boxes: Iterable[Box]) -> shapely.Geometry:
    """Boxes as one shape; an empty polygon where there is none."""
    made = shapely.union_all([shapely.box(*box) for box in boxes])
    return shapely.Polygon() if made.is_empty else made


def request(
    added: Iterable[Box] | shapely.Geometry = (),
    *,
    boundary: Iterable[Box] = (),
    lost: Iterable[Box] = (),
    kind: str = "expansion",
    reasons: Iterable[str] = (),
    snap_m: float = 0.1,
    day: date = DAY,
) -> Request:
    """A request out of what the zone has, what comes and what goes."""
    held, goes = land(boundary), land(lost)
    comes = added if isinstance(added, shapely.Geometry) else land(added)
    after = shapely.union(shapely.difference(held, goes), comes)
    return Request(
        kind, "Z1", day, "410100", LocalPlane(0.0), held, comes, goes, comes, goes, after,
        snap_m=snap_m, reasons=frozenset(reasons),
    )  # fmt: skip


def constraints(features: Iterable[Mapping[str, Any]], reach: Mapping[str, Any] | None = None) -> Constraints:
    """Features, each with `box` or `shape`, and where it matters `role`, `name`, `level`, `restricted`."""
    rows = [{"role": ROLE, "name": "甲", "level": None, "restricted": False, **each} for each in features]
    shapes = [row.pop("shape", None) or shapely.box(*row.pop("box")) for row in rows]
    frame = pd.DataFrame(rows, columns=["role", "name", "level", "restricted"])
    frame["version"] = "constraints v1"
    everywhere = dict.fromkeys({ROLE, *frame["role"]}, ROUND)
    return Constraints(frame, np.array(shapes, dtype=object), everywhere if reach is None else reach)


def condition(form: str, limit: float = 0.0, **said: Any) -> Condition:
    """A condition of the nation since 2000 of one number."""
    unit = said.pop("unit", "m" if form == "distance" else "m2")
    compare = said.pop("compare", "at least" if form == "distance" else "at most")
    row = {"value": limit, "article": "example §1", "published": date(2000, 1, 1)}
    name = said.pop("name", "rules.expansion.tried")
    rule = Parameter(name, "试", unit, {"100000": {date(2000, 1, 1): row}}, compare=compare, decimals=2)
    return Condition(rule, rule, form, **{"role": ROLE, **said})


def judged(
    condition: Condition,
    request: Request,
    near: Constraints,
    told: Settings | None = OPEN,
    hidden: Iterable[str] = (),
) -> Judgement:
    """A condition held against a request."""
    grounds = Grounds({}, near, hidden_roles=frozenset(hidden), told=told)
    return FORMS[condition.form](condition, condition.limit(request.day, request.region), request, grounds)


@contextmanager
def office_rules(folder: Path, rules: Mapping[str, str]) -> Iterator[None]:
    """An office's own rules, as file below `rules` -> text; forgotten afterwards."""
    before = parameters._roots
    for name, text in rules.items():
        path = folder / "rules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    try:
        parameters.lay_over(folder)
        yield
    finally:
        parameters._roots = before
        for kept in (parameters.parameter, parameters.names, parameters._read_file):
            kept.cache_clear()


def approx(value: float) -> Any:
    """A number of squares, within the last digits of their coordinates."""
    return pytest.approx(value, abs=1e-6)

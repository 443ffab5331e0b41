"""The layers that a request is held against (管控图层): read from the book near it, with their roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd
import shapely

from api.requests.classified import coarse, veiled
from data.book.interface import Ask, Book, Box
from geo.boundary_change.conditions import Condition, Constraints
from geo.boundary_change.conditions.condition import PLACED
from geo.boundary_change.conditions.roles import role_of_kind, roles_of
from geo.boundary_change.probing import Settings
from geo.boundary_change.request import Request

AROUND = 0.005
"""Degrees around a request in which features are read, about half a kilometre"""
PER_M = 1 / 90_000
"""Degrees for a metre, rounded up"""
ZONES = "other_zone"
COLUMNS = ("kind", "name", "level", "restricted", "geometry", "version")


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """What the book says around a request.

    Parameters
    ----------
    near : features near the request; kind, name, level, restricted, version, role, geometry in EPSG:4490
    held : the same, made ready to hold conditions on
    """

    near: gpd.GeoDataFrame
    held: Constraints

    @property
    def open(self) -> gpd.GeoDataFrame:
        """The features that may be shown."""
        return self.near[~self.near["restricted"].fillna(False).astype(bool)]


def layers_of(
    book: Book,
    request: Request,
    conditions: Iterable[Condition],
    given: Mapping[str, str],
    reach: Mapping[str, Box],
    *,
    told: Settings | None,
) -> Layers:
    """The constraint features that the conditions of a request can mean.

    Parameters
    ----------
    given : kind of a layer -> role, where its name does not tell
    reach : as `reach_of` finds it
    told : how classified features are told; None: they are not, and left out
    """
    placed = [each for each in conditions if each.form in PLACED]
    shapes = [request.shape(name) for name in {each.of for each in placed} | {"asked"}]
    whole = shapely.union_all([shape for shape in shapes if not shape.is_empty] or [request.boundary])
    within: dict[str, float] = {}
    for each in placed:
        within[each.role] = max(within.get(each.role, 0.0), each.farthest)
    far = max(within.values(), default=0.0)
    west, south, east, north = (float(side) for side in request.degrees(whole).bounds)
    room = AROUND + far * PER_M
    box = (west - room, south - room, east + room, north + room)
    own = all(column in COLUMNS for each in placed for column in each.where)
    near = book.read(
        "constraints", Ask(on=request.day, box=box), columns=COLUMNS if own else (*COLUMNS, "extra")
    )
    near = veiled(near.assign(role=roles_of(near, given)), box, told)
    if any(each.role == ZONES for each in placed):
        near = pd.concat([near, _other_zones(book, request, box)], ignore_index=True)
    return Layers(near, Constraints.of(near, request, reach, within))


def _other_zones(book: Book, request: Request, box: Box) -> gpd.GeoDataFrame:
    """The other zones of the book, which no layer of constraints need repeat."""
    found = book.read("zones", Ask(on=request.day, box=box), columns=["code", "name", "geometry", "version"])
    found = found[found["code"] != request.zone].drop(columns="code")
    return found.assign(kind=ZONES, level=None, restricted=False, role=ZONES)[[*COLUMNS, "role"]]


def reach_of(book: Book, day: date, given: Mapping[str, str], classified: pd.DataFrame) -> dict[str, Box]:
    """Role -> box in degrees that its layers in force on a day cover.

    The box of a layer with classified features is rounded, for it tells where classified land ends.

    Parameters
    ----------
    classified : as `api.requests.classified.classified_in` finds them
    """
    kinds = {part.scope for part in book.parts("constraints") if part.holds_on(day)}
    found: dict[str, Box] = {}
    secret = frozenset(classified["kind"].dropna().astype(str))
    for kind in sorted(kinds):
        if (box := book.bounds("constraints", kind)) is None:
            continue
        box = coarse(box) if kind in secret else box
        for role in _roles_in(book, day, kind, given):
            west, south, east, north = found.get(role, box)
            found[role] = (min(west, box[0]), min(south, box[1]), max(east, box[2]), max(north, box[3]))
    if (box := book.bounds("zones")) is not None:
        west, south, east, north = found.get(ZONES, box)
        found[ZONES] = (min(west, box[0]), min(south, box[1]), max(east, box[2]), max(north, box[3]))
    return found


def _roles_in(book: Book, day: date, kind: str, given: Mapping[str, str]) -> list[str]:
    """The roles of a layer: that of its kind, or those that the names of its features tell."""
    if role := role_of_kind(kind, given):
        return [role]
    named = book.read("constraints", Ask(on=day, where={"kind": kind}), columns=["kind", "name"])
    return sorted({role for role in roles_of(named, given) if role})

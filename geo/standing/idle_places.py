"""Projects and the parcels they stand on (项目与地块): areas, and what a parcel's supply says."""

from __future__ import annotations

from collections import Counter
from math import fsum, nan
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.records import Fault
from geo.standing.idle_conditions import Answers, Columns, Floats

Key = tuple[str, ...]


class Plot(NamedTuple):
    """A parcel: whether its supply says that it is idle (None: it says nothing), and its area, m²."""

    idle: bool | None
    area_m2: float


class Placed(NamedTuple):
    """Projects on their parcels.

    Parameters
    ----------
    area_m2 : (n,) land of each project
    stated_idle : (n,) what the supply of its parcel says
    faults : projects that name a parcel which is not there
    alone : key -> parcel that is stated idle, and that no project names
    key : names of what `alone` is keyed by
    """

    area_m2: Floats
    stated_idle: Answers
    faults: list[Fault]
    alone: dict[Key, Plot]
    key: tuple[str, ...]


def placed(rows: Columns, parcels: pd.DataFrame) -> Placed:
    """Projects with supply and area of their parcel; a parcel in several pieces is one parcel.

    Where several projects share a parcel, each has the land that it states for itself.
    """
    key = _key(rows, parcels)
    named = list(zip(*(rows[name].tolist() for name in key), strict=True))
    land = _land(parcels, key, rows["parcel_id"])
    many = Counter(named)
    given = [each[-1] == each[-1] for each in named]
    found = [land.get(each) for each in named]
    own = [
        nan if plot is None or many[each] > 1 else plot.area_m2
        for each, plot in zip(named, found, strict=True)
    ]
    area = np.array(own, dtype=np.float64)
    stated = [None if plot is None else plot.idle for plot in found]
    lost = [
        _lost(project, each[-1])
        for project, each, told, plot in zip(rows["project_id"].tolist(), named, given, found, strict=True)
        if told and plot is None
    ]
    alone = {each: plot for each, plot in land.items() if plot.idle and each not in many}
    return Placed(np.where(np.isnan(area), rows["land_m2"], area), Answers.of(stated), lost, alone, key)


def _lost(project: Any, parcel: str) -> Fault:
    return Fault(
        "parcel_unknown",
        f"Project {project} names the parcel {parcel}, which is not there.",
        "Correct parcel_id, or take in the parcel.",
        layer="projects",
        feature=project,
        column="parcel_id",
    )


def _key(rows: Columns, parcels: pd.DataFrame) -> tuple[str, ...]:
    stated = "zone" in parcels and parcels["zone"].notna().all() and not pd.isna(rows["zone"]).any()
    return ("zone", "parcel_id") if stated else ("parcel_id",)


def _land(parcels: pd.DataFrame, key: tuple[str, ...], named: NDArray[np.object_]) -> dict[Key, Plot]:
    """The parcels that are named, or stated idle; the many others are only looked at as a whole."""
    names = parcels["parcel_id"].astype("str")
    supply = parcels.get("supply", pd.Series(None, index=parcels.index, dtype="str"))
    idle = supply.eq("idle").to_numpy(bool)
    wanted = {each for each in (*named.tolist(), *names.array[idle].tolist()) if each == each}
    near = np.array([at for at, each in enumerate(names.tolist()) if each in wanted], dtype=np.int64)
    keys = zip(*(parcels[name].array.take(near).astype("str").tolist() for name in key), strict=True)
    silent = supply.array.take(near).isna().tolist()
    area = parcels.get("area_m2", pd.Series(nan, index=parcels.index)).array.take(near)
    sizes = pd.to_numeric(pd.Series(area), errors="coerce").astype(float).tolist()
    pieces: dict[Key, list[tuple[bool | None, float]]] = {}
    for each, is_idle, unknown, size in zip(keys, idle[near].tolist(), silent, sizes, strict=True):
        pieces.setdefault(each, []).append((None if unknown else is_idle, size))
    return {each: _plot(some) for each, some in pieces.items()}


def _plot(pieces: list[tuple[bool | None, float]]) -> Plot:
    """One parcel of its pieces: idle where one is; the area is that of those that are measured."""
    said = [idle for idle, _ in pieces if idle is not None]
    sizes = [size for _, size in pieces if size == size]
    return Plot(any(said) if said else None, fsum(sizes) if sizes else nan)

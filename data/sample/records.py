"""What the made-up sample (示例数据) consists of: layers in the order of reading, and the stories in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

NOTE = "示例数据：边界、地块、企业和数值均为虚构，仅开发区名称、代码、所在市和批准面积取自公开目录"


@dataclass(frozen=True, slots=True)
class Layer:
    """One delivery: a kind, its rows, and the day from which they hold.

    Parameters
    ----------
    kind : a KIND of data/kinds.yaml
    frame : exactly the columns of that kind; with polygons it is a GeoDataFrame in EPSG:4490
    name : stem of the file that `data.sample.write` makes of it
    valid_from : first day on which it holds; None: since ever
    note : that it is made up, and what is particular about it
    """

    kind: str
    frame: pd.DataFrame
    name: str
    valid_from: date | None = None
    note: str = NOTE


@dataclass(frozen=True, slots=True)
class Story:
    """Something the sample was made to show, with the numbers that show it.

    Parameters
    ----------
    code : short English name, unique
    zone : code of the zone it happens in
    text : what happens, in Chinese
    numbers : name with unit -> value, each of which can be worked out again from the frames
    ids : enterprises, parcels or projects that it is about
    """

    code: str
    zone: str
    text: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """An application to move a boundary, to be checked and not to be ingested.

    Parameters
    ----------
    name : stem of its file
    zone : code of the zone that asks
    kind : as in `mutan request --kind`
    frame : one polygon in EPSG:4490
    text : what the check should find, in Chinese
    """

    name: str
    zone: str
    kind: str
    frame: pd.DataFrame
    text: str
    note: str = NOTE


@dataclass(frozen=True, slots=True)
class Cover:
    """Land cover of one zone in one year, in square cells of the plane, to be read and not to be ingested.

    Parameters
    ----------
    name : stem of its file
    cells : (rows, columns) classes of ESA WorldCover; the first row lies in the north
    west, north : corner of the first cell, m in data.sample.plan.PLANE
    """

    name: str
    zone: str
    year: int
    cells: NDArray[np.uint8]
    west: float
    north: float
    cell_m: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A spreadsheet as an office has it, in a layout of its own, to be ingested by whoever tries it.

    Parameters
    ----------
    name : stem of its file
    zone, year : of what it tells
    titles : lines above the header
    frame : with the office's own headers
    supplier : the map of data/columns that reads it
    """

    name: str
    zone: str
    year: int
    titles: tuple[str, ...]
    frame: pd.DataFrame
    supplier: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The whole made-up province: nine zones, and all that a monitor of them is given.

    Parameters
    ----------
    seed : the number it was made from; the same number makes the same sample
    layers : deliveries in the order in which they are to be ingested
    stories : what the sample was made to show
    requests : applications to move a boundary
    covers : land cover of one zone, year by year
    sheets : spreadsheets in an office's own layout, not among the layers
    """

    seed: int
    layers: tuple[Layer, ...]
    stories: tuple[Story, ...]
    requests: tuple[Request, ...] = ()
    covers: tuple[Cover, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    note: str = NOTE

    def of(self, kind: str) -> tuple[Layer, ...]:
        """All deliveries of one kind, in order."""
        return tuple(layer for layer in self.layers if layer.kind == kind)

    def frame(self, kind: str) -> pd.DataFrame:
        """The rows of a kind that hold today: of each scope the delivery that came last.

        Earlier boundaries and the parcels inside them are left to `of`.
        """
        column = {"zones": "code"}.get(kind, "zone")
        taken: list[pd.DataFrame] = []
        seen: set[str] = set()
        for layer in reversed(self.of(kind)):
            if column not in layer.frame:
                taken.insert(0, layer.frame)
                continue
            fresh = ~layer.frame[column].isin(seen)
            seen |= set(layer.frame[column])
            taken.insert(0, layer.frame[fresh])
        taken = [frame for frame in taken if len(frame)]
        return pd.concat(taken, ignore_index=True) if len(taken) > 1 else taken[0].reset_index(drop=True)

    def story(self, code: str) -> Story:
        """The story of that name."""
        return next(story for story in self.stories if story.code == code)

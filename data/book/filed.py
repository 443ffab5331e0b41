"""Requests to move a boundary as the book keeps them (边界调整申请): what was filed, its steps, its checks.

Nothing that was written changes: the state of a request is that of its last step, and a new file for it is a
new request that names the one it takes the place of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

import pandas as pd
import shapely

from data.records import Source

Box = tuple[float, float, float, float]

TOLD = "told"
MOST_BYTES = 64 << 20
"""Of a file that a book keeps"""
STATES = ("drafted", "checked", "submitted", "returned", "adopted", "refused", "withdrawn")


@dataclass(frozen=True, slots=True)
class Handed:
    """A file as it was handed in.

    Parameters
    ----------
    name : last part of its path, which tells its format
    content : its bytes
    """

    name: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A request before the book has given it a number.

    Parameters
    ----------
    wishes : what was said beside the files, plain values
    files : `asked`, `gives_up` -> the file
    shape : land asked for, or the whole zone where none is; EPSG:4490
    variant_of : number of the request whose place it takes; empty for a first one
    """

    name: str
    zone: str
    kind: str
    day: date
    wishes: Mapping[str, Any]
    files: Mapping[str, Handed]
    shape: shapely.Geometry
    variant_of: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the life of a request: what was done, by whom, when.

    Parameters
    ----------
    what : one of STATES, or `rechecked`, which leaves the state as it is
    paper : number and date of the paper that decides; empty for other steps
    """

    request: str
    what: str
    who: str
    when: datetime
    note: str = ""
    paper: str = ""
    version: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        told = {name: getattr(self, name) for name in ("what", "who", "note", "paper", "version")}
        return {**told, "when": self.when.isoformat(timespec="seconds")}


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """One check of a request, whole as it was told.

    Parameters
    ----------
    document : as `api.requests.document` makes it
    state_of : fingerprint of layers and rules, by which it is told whether a check is still good
    """

    request: str
    who: str
    when: datetime
    verdict: str
    document: Mapping[str, Any]
    state_of: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Filed:
    """A request in the book.

    Parameters
    ----------
    number : as 2026-0007: year of filing and place in it
    state : one of STATES
    verdict : of its newest check; empty without one
    """

    number: str
    draft: Draft
    who: str
    when: datetime
    state: str
    verdict: str = ""
    changed: datetime | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One look at classified layers: which shape was asked about, and whether it was answered.

    Parameters
    ----------
    day : for which layers were asked
    shape : EPSG:4490
    near : ids of the classified features that its box touches, for the office that keeps them
    answer : `told`, or the reason for which nothing was told
    """

    who: str
    when: datetime
    day: date
    shape: shapely.Geometry
    near: tuple[int, ...] = ()
    answer: str = TOLD


Weigh = Callable[[Look, Sequence[Look]], tuple[str, bool]]
"""A look, and the looks that were told and count beside it -> why it is refused, and whether it is known"""


class RequestDoors(Protocol):
    """What a book can do with requests. Every writing call is one transaction: all of it, or nothing."""

    def file_request(self, draft: Draft, *, who: str, when: datetime) -> str:
        """Keep a request, and give it a number; its first step is `drafted`.

        Raises
        ------
        FileTooLarge : one of its files is larger than a book keeps
        NotHere : there is no request of which it would be a variant
        """

    def add_check(self, check: Check) -> None:
        """Keep a check; the step is `checked` for the first one, `rechecked` for others after submission.

        Raises
        ------
        NotHere : there is no such request
        """

    def take_step(self, step: Step, *, after: str) -> None:
        """Keep a step, if the request still is in the state after which it was thought of.

        Raises
        ------
        NotHere : there is no such request
        StepNotAllowed : somebody else has taken a step since
        """

    def decide(self, step: Step, boundary: Decided | None, *, after: str) -> str:
        """Keep a deciding step, and what it does to the zone, in one transaction; see `take_step`.

        Parameters
        ----------
        boundary : None where nothing moves

        Returns
        -------
        name of the version that brought the boundary; empty where nothing moved
        """

    def requests(
        self,
        *,
        zone: str | None = None,
        state: str | None = None,
        box: Box | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Filed]:
        """Requests, newest first, without their files.

        Parameters
        ----------
        limit, offset : so many at most, after so many
        box : west, south, east, north in degrees, which the box of a request meets
        """

    def request(self, number: str) -> Filed:
        """One request.

        Raises
        ------
        NotHere : there is none of that number
        """

    def request_files(self, number: str) -> Mapping[str, Handed]:
        """The files of a request as they were handed in: `asked`, `gives_up`."""

    def request_steps(self, number: str) -> list[Step]:
        """The steps of a request, oldest first."""

    def request_checks(self, number: str) -> list[Check]:
        """The checks of a request, oldest first."""

    def look(self, looks: Sequence[Look], weigh: Weigh, *, span: timedelta, around: float) -> str:
        """Weigh looks at classified layers by what was told before, and keep them, in one transaction.

        So two who ask at once are weighed one after the other. All of them are told, or none. What is refused
        is in the journal as well, once a day.

        Parameters
        ----------
        span : how long before `when` a look still counts
        around : degrees of longitude and latitude; looks of others count where their boxes are so near

        Returns
        -------
        why nothing is told; empty when all is
        """

    def looks(self, since: datetime) -> list[Look]:
        """All looks at classified layers since a moment, told and refused, oldest first."""


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """What a decision does to a zone.

    Parameters
    ----------
    zone : code
    frame : one row of the kind `zones` with the new boundary, EPSG:4490 and `area_m2`; None: the zone ends
    since : first day on which it holds
    """

    zone: str
    frame: pd.DataFrame | None
    source: Source
    since: date
    note: str = ""

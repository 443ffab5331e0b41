"""A checked request (核查记录): what came out of each step of a check, before it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.requests.before_after import BeforeAfter
from api.requests.land_conversion import Conversion
from api.requests.taking import Taken
from api.requests.wishes import Wishes
from data.records import Fault
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.kinds import Kind
from geo.boundary_change.request import Request
from geo.boundary_change.trimming import Trimmed
from geo.boundary_change.verdict import Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """A request, and everything that a check found.

    Parameters
    ----------
    limits : the four limits in words, by side
    not_held : conditions that do not hold here or on that day: rule, label, reason
    layers : versions of everything that was looked at
    taken : the files, with the figures of their plots
    newest : number of the newest version that the book had when the check began; 0 where nobody asks
    """

    wishes: Wishes
    kind: Kind
    zone_name: str
    request: Request
    judgements: tuple[Judgement, ...]
    not_held: tuple[Mapping[str, str], ...]
    verdict: Verdict
    compared: BeforeAfter
    land: Conversion | None
    trimmed: Trimmed | None
    limits: Mapping[str, str]
    faults: tuple[Fault, ...]
    layers: tuple[str, ...]
    taken: Taken
    who: str
    when: datetime
    notice: str = ""
    newest: int = 0

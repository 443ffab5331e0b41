"""A checked request (核查记录): what came out of each step of a check, before it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.requests.before_after import BeforeAfter
from api.requests.land_conversion import Conversion
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
    plots : figures of each plot, as the document carries them
    limits : the four limits in words, by side
    not_held : conditions that do not hold here or on that day: rule, label, reason
    declared_ha, plane_ha : of all plots; None where a plot declares none, or has no plane
    layers : versions of everything that was looked at
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
    plots: tuple[Mapping[str, Any], ...]
    limits: Mapping[str, str]
    declared_ha: float | None
    plane_ha: float | None
    faults: tuple[Fault, ...]
    layers: tuple[str, ...]
    file_name: str
    sha256: str
    format: str
    crs: str
    who: str
    when: datetime
    notice: str = ""
    newest: int = 0

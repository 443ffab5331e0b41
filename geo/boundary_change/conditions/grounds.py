"""What conditions are held on (判定依据): the layers near a request, and the figures of its zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from data.records import Result
from geo.boundary_change.conditions.constraints import Constraints
from geo.boundary_change.probing import Settings

__all__ = ["Constraints", "Grounds"]


@dataclass(frozen=True, slots=True, eq=False)
class Grounds:
    """Everything that the conditions of a request are held on; what is None is not known.

    Parameters
    ----------
    zone : columns of the zone, as far as they are known: level, city, approved_ha …
    constraints : layers near the request
    measured : code -> the result before and the result after
    statistics : rows of the kind `statistics`, of the zone and of its region
    ranks : rows as `geo.standing.ranks.ranks` makes them, of the zone
    moving : parcels of the land that moves, cut to it: `area_m2`, the survey columns, `moves` (added, lost)
    hidden_roles : roles of which the book holds classified features anywhere
    told : how classified land is told; None: not at all, and then `untold` says why
    """

    zone: Mapping[str, Any]
    constraints: Constraints
    measured: Mapping[str, tuple[Result | None, Result | None]] = field(default_factory=dict)
    statistics: pd.DataFrame | None = None
    ranks: pd.DataFrame | None = None
    moving: pd.DataFrame | None = None
    uncovered_m2: float = 0.0
    hidden_roles: frozenset[str] = frozenset()
    told: Settings | None = None
    untold: str = ""

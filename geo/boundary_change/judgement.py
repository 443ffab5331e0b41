"""A condition held against a request (条件判定): the finding, and the land that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely

from data.records import Finding


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """A finding with its place.

    Parameters
    ----------
    finding : what was measured, the limit, and the outcome; `kind` is `request`
    group : 底线类, 节约集约类, 发展空间类 … as the rule file says
    hard : whether the land must be left out, whatever else is met: the trimmed geometry avoids it
    shape : offending land in the local plane of the request; None where there is none, or it is withheld
    withheld : a classified layer is behind it: area and yes or no are told, the place never is
    against : names of the features that it touches, the largest first; none of classified ones
    layers : versions of the layers that were looked at, as `constraints v3`
    """

    finding: Finding
    group: str = ""
    hard: bool = False
    shape: shapely.Geometry | None = None
    withheld: bool = False
    against: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

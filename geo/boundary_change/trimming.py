"""A trimmed geometry (裁剪建议): what of the added land is left when every hard conflict is avoided.

Land on which a hard condition is not met is taken off; what is left is freed of threads that nobody could
build on. Land of classified layers is not taken off, for the cut would draw their edge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely

from data.records import Outcome
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.request import Request
from geo.boundary_change.strips import EMPTY, polygonal

LEAST_PART_M2 = 667.0
"""A part smaller than a mu is not offered"""
MARGIN_M = 1e-4
"""By how much the cut stays clear of what it avoids, so that rounding to print does not touch it again"""


@dataclass(frozen=True, slots=True, eq=False)
class Trimmed:
    """What is left of the added land, and what is lost.

    Formula: area(added) = area(kept) + lost_m2

    Parameters
    ----------
    kept : in the plane of the request
    lost_m2 : all that is taken off, by conflicts and by threads and crumbs
    by_rule : rule -> added land on which its condition is not met; land may count under several
    crumbs_m2 : what of it is threads and parts too small to offer
    """

    kept: shapely.Geometry
    lost_m2: float
    by_rule: Mapping[str, float]
    crumbs_m2: float

    @property
    def avoids(self) -> tuple[str, ...]:
        """The rules whose conflicts are avoided."""
        return tuple(self.by_rule)


def trimmed(request: Request, judgements: Sequence[Judgement]) -> Trimmed | None:
    """The added land without what conflicts with hard conditions.

    Returns
    -------
    None where there is no such conflict, or nothing is left
    """
    hard = [
        each
        for each in judgements
        if each.hard and each.shape is not None and each.finding.outcome is not Outcome.MET
    ]
    if not hard or request.added.is_empty:
        return None
    conflicts = {each.finding.rule: _within(each.shape, request.added) for each in hard}
    conflicts = {rule: shape for rule, shape in conflicts.items() if not shape.is_empty}
    if not conflicts:
        return None
    off = shapely.buffer(shapely.union_all(list(conflicts.values())), MARGIN_M, join_style="mitre")
    left = polygonal(shapely.difference(request.added, off))
    kept = _without_crumbs(left, request.snap_m)
    if kept.is_empty:
        return None
    by_rule = {rule: shape.area for rule, shape in conflicts.items()}
    return Trimmed(kept, request.added.area - kept.area, by_rule, left.area - kept.area)


def _within(shape: shapely.Geometry | None, added: shapely.Geometry) -> shapely.Geometry:
    return EMPTY if shape is None else polygonal(shapely.intersection(shape, added))


def _without_crumbs(shape: shapely.Geometry, width_m: float) -> shapely.Geometry:
    """Parts of a mu at least, without threads narrower than the tolerance."""
    core = shapely.buffer(shape, -width_m / 2, join_style="mitre") if width_m > 0 else shape
    wide = polygonal(
        shapely.intersection(shape, shapely.buffer(core, width_m / 2 * 1.01, join_style="mitre"))
    )
    parts = shapely.get_parts(wide)
    kept = parts[shapely.area(parts) >= LEAST_PART_M2] if len(parts) else parts
    return polygonal(shapely.union_all(kept)) if len(kept) else EMPTY

"""A trimmed geometry (裁剪建议): what of the added land is left when every hard conflict is avoided.

Land on which a hard condition is not met is taken off; what is left is freed of threads and crumbs that
nobody could use, and of parts that lie apart where the rules want the zone in one. Land of classified layers
is not taken off, for the cut would draw their edge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from data.parameters import parameter
from data.records import Outcome
from geo.boundary_change.conditions.condition import conditions
from geo.boundary_change.judgement import Judgement
from geo.boundary_change.request import Request
from geo.boundary_change.strips import EMPTY, difference, polygonal, union

MARGIN_M = 2e-3
"""How far the cut stays clear of what it avoids: coordinates that are written down to 1e-8 degrees move by a
millimetre"""
LEAST = "rules.requests.trimmed_part"


@dataclass(frozen=True, slots=True, eq=False)
class Trimmed:
    """What is left of the added land, and what is lost.

    Formula: area(added) = area(kept) + lost_m2

    Parameters
    ----------
    kept : in the plane of the request
    lost_m2 : all that is taken off: by conflicts, as crumbs, and because it lies apart
    by_rule : rule -> added land on which its condition is not met; land may count under several
    crumbs_m2 : what of it is threads and parts too small to offer
    apart_m2 : what of it would be parts that do not join the zone, where the rules want it joined
    avoids : the rules of which no conflict is left; one that lies in the zone already is not avoided, nor one
        with classified land
    """

    kept: shapely.Geometry
    lost_m2: float
    by_rule: Mapping[str, float]
    crumbs_m2: float
    apart_m2: float
    avoids: tuple[str, ...]


def trimmed(request: Request, judgements: Sequence[Judgement]) -> Trimmed | None:
    """The added land without what conflicts with hard conditions.

    Returns
    -------
    None where no added land is in such a conflict, or nothing is left
    """
    if request.added.is_empty:
        return None
    within = [(each, _within(each.shape, request.added)) for each in judgements if _conflicts(each)]
    hard = [(each, shape) for each, shape in within if not shape.is_empty]
    if not hard:
        return None
    off = [
        shapely.buffer(shape, MARGIN_M + float(each.more.get("margin_m", 0.0)), join_style="mitre")
        for each, shape in hard
    ]
    left = polygonal(shapely.difference(request.added, shapely.union_all(off)))
    useful = _without_crumbs(left, request)
    kept = _joined(useful, request, judgements)
    if kept.is_empty:
        return None
    return Trimmed(
        kept,
        request.added.area - kept.area,
        {each.finding.rule: shape.area for each, shape in hard},
        left.area - useful.area,
        useful.area - kept.area,
        tuple(each.finding.rule for each, shape in hard if not each.withheld and _all_of(each.shape, shape)),
    )


def _conflicts(judgement: Judgement) -> bool:
    """Whether there is land that a hard condition does not let be taken."""
    return judgement.hard and judgement.shape is not None and judgement.finding.outcome is not Outcome.MET


def _within(shape: shapely.Geometry | None, added: shapely.Geometry) -> shapely.Geometry:
    return EMPTY if shape is None else polygonal(shapely.intersection(shape, added))


def _all_of(shape: shapely.Geometry | None, part: shapely.Geometry) -> bool:
    """Whether a part is the whole shape, but for a hundredth of a square metre."""
    return shape is not None and shape.area - part.area < 0.01


def _without_crumbs(shape: shapely.Geometry, request: Request) -> shapely.Geometry:
    """The parts that are large and wide enough to offer, without threads that hang on them."""
    least = {
        name: parameter(f"{LEAST}.{name}").on(request.day, request.region).value or 0.0
        for name in ("area", "width")
    }
    half = max(least["width"], request.snap_m) / 2
    core = shapely.buffer(shape, -half, join_style="mitre")
    again = shapely.buffer(core, half * 1.01, join_style="mitre")
    parts = shapely.get_parts(polygonal(shapely.intersection(shape, again)))
    return _together(parts[shapely.area(parts) >= least["area"]])


def _joined(kept: shapely.Geometry, request: Request, judgements: Sequence[Judgement]) -> shapely.Geometry:
    """What is kept without the smallest parts that make the zone lie in more pieces than it may."""
    rest = difference(request.boundary, request.lost)
    pieces = shapely.get_parts(union(rest, kept))
    beside = shapely.area(shapely.intersection(pieces, shapely.buffer(rest, request.snap_m)))
    alone = pieces[beside <= 4 * request.snap_m**2]  # a corner that meets a corner joins nothing
    may = _may_be_apart(request, judgements, len(pieces) - len(alone))
    if len(alone) <= may:
        return kept
    off = alone[np.argsort(-shapely.area(alone), kind="stable")[int(may) :]]
    parts = shapely.get_parts(kept)
    return _together(parts[~shapely.intersects(shapely.point_on_surface(parts), _together(off))])


def _may_be_apart(request: Request, judgements: Sequence[Judgement], joined: int) -> float:
    """How many parts may lie apart from the zone, by the conditions that were held; inf where none says.

    Parameters
    ----------
    joined : parts of the zone as it would be that hold what it has
    """
    measures = {each.rule: each.measure for each in conditions(request.kind)}
    most = np.inf
    for each in judgements:
        measure, limit = measures.get(each.finding.rule, {}), each.finding.limit
        if limit is None or limit.value is None or measure.get("of", "after") != "after":
            continue
        if measure.get("shape") == "detached_parts" and not request.boundary.is_empty:
            most = min(most, limit.value)
        elif measure.get("shape") == "parts":
            most = min(most, max(limit.value - joined, 0.0))
    return float(most)


def _together(parts: np.ndarray) -> shapely.Geometry:
    return polygonal(shapely.union_all(parts)) if len(parts) else EMPTY

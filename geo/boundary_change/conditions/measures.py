"""Measures (取值方式): how the figure of a threshold comes about, as it stands in `measure` of its rule.

{result: idle_rate, at: before}          a result of the assessment: before | after | change
{statistic: tax, of: zone}               as stated for the newest year: of the zone, or of its region
{ratio: industrial_revenue, to: county_industrial_revenue}    one statistic over another of the same year
{per_area: industrial_output, of: boundary}    a statistic over the area of a shape
{growth: revenue, years: 3}              mean yearly growth of the last years
{growth: revenue, years: 3, above: province_mean}    in how many of them it was above that of the province
{rank: tax_per_mu, from: top}            place among those that are ranked: as place, or as: share of them
{rank: evaluation, as: years, from: bottom, within: 5, years: 3}   in how many years it was among the last
{shape: area, of: after}                 area | parts | detached_parts | width_m | compactness
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import shapely

from data.errors import RuleFileError
from data.records import Dated, Input, Result
from geo.boundary_change.conditions.condition import Condition
from geo.boundary_change.conditions.grounds import Grounds
from geo.boundary_change.conditions.land_kinds import MOVES, kind_of, land_of
from geo.boundary_change.conditions.measured import Measured, asked_of
from geo.boundary_change.conditions.stated import growth, per_area, rank, ratio, statistic
from geo.boundary_change.request import Request
from geo.boundary_change.soundness.widths import necks

Measure = Callable[[Condition, Dated, Request, Grounds], Measured]
STATED = ("statistic", "ratio", "per_area", "growth", "rank")
"""Measures that are taken from statistics: of the zone, of its region, of its province"""
AT = ("before", "after", "change")
OF = ("after", "boundary", "asked", "gives_up", "added", "lost")
OF_SHAPE = ("area", "parts", "detached_parts", "width_m", "compactness")


def measured(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Measured:
    """The figure of a threshold.

    Raises
    ------
    RuleFileError : its measure is none of those above, or says something that is not known
    """
    chosen = [name for name in MEASURES if name in condition.measure]
    if len(chosen) != 1:
        raise RuleFileError(
            f"{condition.rule}: measure is {dict(condition.measure)}. It holds exactly one of "
            f"{', '.join(MEASURES)}, as {{result: idle_rate, at: before}}."
        )
    return MEASURES[chosen[0]](condition, limit, request, grounds)


def result(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Measured:
    """A result of the assessment before or after the change, or how much it changes.

    Formula: after - before, where the change is asked for
    """
    said = asked_of(condition.rule, condition.measure, {"result": "", "at": AT})
    code, at = str(said["result"]), said["at"]
    pair = grounds.measured.get(code)
    if pair is None:
        return Measured(None, "", f"The check measured no {code}: ask for all indicators.")
    sides = dict(zip(("before", "after"), pair, strict=True))
    wanted = ("after", "before") if at == "change" else (at,)
    told = [_side(code, side, sides[side]) for side in wanted]
    inputs = tuple(each for one in told for each in one.inputs)
    layers = tuple(dict.fromkeys(layer for one in told for layer in one.layers))
    lacking = " ".join(one.reason for one in told if one.value is None)
    unit = next((one.unit for one in told if one.unit), "")
    if lacking:
        return Measured(None, unit, lacking, inputs=inputs, layers=layers)
    values = [one.value for one in told if one.value is not None]
    formula = f"{code} after - before" if at == "change" else told[0].formula
    return Measured(values[0] - sum(values[1:]), unit, "", formula, inputs, layers=layers)


def _side(code: str, side: str, said: Result | None) -> Measured:
    if said is None:
        return Measured(None, "", f"There is no zone {side} the change, so it has no {code} then.")
    term = {"before": "调整前", "after": "调整后"}[side]
    value = None if said.value is None or said.value != said.value else float(said.value)
    told = Input(f"{code}.{side}", f"{said.label}({term})", value, said.unit, " ".join(said.layer_versions))
    why = "" if value is not None else f"{code} {side} the change: {said.reason or 'it cannot be told.'}"
    return Measured(value, said.unit, why, said.formula, (told,), layers=said.layer_versions)


def shape(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Measured:
    """A figure of one of the request's shapes.

    area in m²; parts that do not share a side; detached_parts, those parts of what the zone would be that
    hold nothing of what it keeps; width_m, the narrowest place, metres; compactness, 4 π area / perimeter²
    """
    said = asked_of(condition.rule, condition.measure, {"shape": OF_SHAPE, "of": OF})
    land = request.shape(said["of"])
    return _OF_SHAPE[said["shape"]](request, land, said["of"])


def share(condition: Condition, limit: Dated, request: Request, grounds: Grounds) -> Measured:
    """How much of the land that comes or goes is of a kind.

    Formula: area of the kind / area(of); with land of no known class the share lies between two bounds
    """
    said = asked_of(condition.rule, condition.measure, {"share": {}, "of": MOVES})
    of, kind = str(said["of"]), kind_of(condition.rule, said["share"])
    land = land_of(of, kind, request, grounds)
    if not land.whole:
        return Measured(None, "1", f"The request has no such land ({of}), so it has no shares.")
    formula = f"{land.told.label} / area({of})"
    least, most = land.known / land.whole, (land.known + land.unsure) / land.whole
    if land.reason:
        return Measured(None, "1", land.reason, formula, (land.told,), (least, most))
    return Measured(least, "1", "", formula, (land.told,))


def _area(request: Request, land: shapely.Geometry, of: str) -> Measured:
    return Measured(land.area, "m2", "", f"area({of})", (_of(land, of),))


def _parts(request: Request, land: shapely.Geometry, of: str) -> Measured:
    count = 0 if land.is_empty else shapely.get_num_geometries(land)
    return Measured(float(count), "1", "", f"polygons of {of}", (_of(land, of),))


def _detached(request: Request, land: shapely.Geometry, of: str) -> Measured:
    kept = shapely.difference(request.boundary, request.lost)
    parts = shapely.get_parts(request.after)
    alone = parts[shapely.area(shapely.intersection(parts, kept)) == 0]
    where = shapely.union_all(alone) if len(alone) else None
    formula = "polygons of after without land of boundary - lost"
    return Measured(float(len(alone)), "1", "", formula, (_of(request.after, "after"),), shape=where)


def _width(request: Request, land: shapely.Geometry, of: str) -> Measured:
    inputs = (_of(land, of),)
    if land.is_empty:
        return Measured(None, "m", f"The request has no such land ({of}), so it has no width.", inputs=inputs)
    return Measured(float(necks([land])[0]), "m", "", f"narrowest place of {of}", inputs)


def _compactness(request: Request, land: shapely.Geometry, of: str) -> Measured:
    inputs = (_of(land, of),)
    if land.is_empty:
        return Measured(None, "1", f"The request has no such land ({of}), so it has no form.", inputs=inputs)
    return Measured(4 * np.pi * land.area / land.length**2, "1", "", "4 π area / perimeter²", inputs)


def _of(land: shapely.Geometry, of: str) -> Input:
    return Input(f"area.{of}", f"{of} 面积", land.area, "m2", "request")


_OF_SHAPE: Mapping[str, Callable[[Request, shapely.Geometry, str], Measured]] = {
    "area": _area,
    "parts": _parts,
    "detached_parts": _detached,
    "width_m": _width,
    "compactness": _compactness,
}
MEASURES: Mapping[str, Measure] = {
    "result": result,
    "statistic": statistic,
    "ratio": ratio,
    "per_area": per_area,
    "growth": growth,
    "rank": rank,
    "shape": shape,
    "share": share,
}

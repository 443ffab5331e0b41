"""The document of a checked request (核查结果): one for the command line, HTTP, reports and the book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from api.assessment import Assessment
from api.requests.checked import Checked
from api.requests.geometry import geojson, size
from data.records import Result
from geo.boundary_change.judgement import Judgement

ALWAYS = ("boundary", "asked", "added", "lost", "after", "dropped", "filled")


def document(checked: Checked) -> dict[str, Any]:
    """Everything that a check found, as plain values; see the contract for its shape."""
    request, verdict = checked.request, checked.verdict
    return {
        "verdict": verdict.outcome,
        "wording": verdict.wording,
        "wording_zh": verdict.wording_zh,
        "request": _request(checked),
        "area": _areas(checked),
        "plots": [dict(plot) for plot in checked.taken.figures],
        "limits": dict(checked.limits),
        "findings": [finding(checked, each) for each in checked.judgements],
        "not_held": [dict(each) for each in checked.not_held],
        "indicators": _indicators(checked),
        "inventory": {
            "before": _totals(checked.compared.before),
            "after": _totals(checked.compared.after),
        },
        "land_carbon": checked.land.as_json() if checked.land else None,
        "trimmed": _trimmed(checked),
        "unverified": _unverified(checked.judgements),
        "layers": list(checked.layers),
        "faults": [fault.as_json() for fault in checked.faults],
        "geometry": geojson(request, request.asked),
        "shapes": {"added": geojson(request, request.added), "lost": geojson(request, request.lost)},
        "notes": list(checked.compared.notes),
        "notice": checked.notice,
    }


def _request(checked: Checked) -> dict[str, Any]:
    wishes = checked.wishes
    return {
        "id": None,
        "name": wishes.name or checked.taken.file_name,
        "zone": wishes.zone,
        "zone_name": checked.zone_name,
        "kind": wishes.kind,
        "kind_label": checked.kind.label,
        "day": wishes.day.isoformat(),
        "region": checked.request.region,
        "who": checked.who,
        "when": checked.when.isoformat(timespec="seconds"),
        "file": checked.taken.file_name,
        "sha256": checked.taken.sha256,
        "format": checked.taken.format,
        "crs": checked.taken.crs,
        "snap_m": wishes.snap_m,
        "whole": wishes.whole,
        "reasons": list(wishes.reasons),
        "year": checked.compared.year,
    }


def _areas(checked: Checked) -> dict[str, Any]:
    request = checked.request
    shapes = request.shapes
    areas: dict[str, Any] = {name: size(shapes[name].area) for name in ALWAYS}
    already = max(request.asked.area + request.filled.area - request.added.area - request.dropped.area, 0.0)
    declared, plane = checked.taken.declared_ha, checked.taken.plane_ha
    return {
        **areas,
        "already_in_zone": size(already),
        "declared_ha": declared,
        "plane_ha": plane,
        "difference_ha": None if declared is None or plane is None else round(plane - declared, 4),
    }


def finding(checked: Checked, judgement: Judgement) -> dict[str, Any]:
    """One condition held against the request, with its place where that may be told."""
    said = judgement.finding.as_json()
    limit = judgement.finding.limit
    shape = None if judgement.withheld and judgement.shape is None else judgement.shape
    return {
        **said,
        "group": judgement.group,
        "hard": judgement.hard,
        "compare": judgement.more.get("compare"),
        "limit_unit": limit.unit if limit else None,
        "withheld": judgement.withheld,
        "against": list(judgement.against),
        "layers": list(judgement.layers),
        "geometry": geojson(checked.request, shape),
    }


def _indicators(checked: Checked) -> dict[str, Any]:
    measured = checked.compared.measured()
    return {
        "before": {code: _value(before) for code, (before, _) in measured.items()},
        "after": {code: _value(after) for code, (_, after) in measured.items()},
        "rows": [_row(code, before, after) for code, (before, after) in measured.items()],
    }


def _row(code: str, before: Result | None, after: Result | None) -> dict[str, Any]:
    known = before or after
    values = (_value(before), _value(after))
    reasons = [each.reason for each in (before, after) if each is not None and each.value is None]
    change = values[1] - values[0] if values[0] is not None and values[1] is not None else None
    return {
        "code": code,
        "label": known.label if known else code,
        "unit": known.unit if known else "",
        "before": values[0],
        "after": values[1],
        "change": change,
        "reason": " ".join(dict.fromkeys(reasons)) or None,
    }


def _value(result: Result | None) -> float | None:
    return result.value if result else None


def _totals(side: Assessment | None) -> Mapping[str, Any] | None:
    """The totals of an inventory; None where none was made."""
    if side is None or side.inventory is None:
        return None
    return side.inventory.totals


def _trimmed(checked: Checked) -> dict[str, Any] | None:
    trimmed = checked.trimmed
    if trimmed is None:
        return None
    return {
        "geometry": geojson(checked.request, trimmed.kept),
        "area": size(trimmed.kept.area),
        "loses": {
            **size(trimmed.lost_m2),
            "by_rule": {rule: size(m2) for rule, m2 in trimmed.by_rule.items()},
        },
        "avoids": list(trimmed.avoids),
    }


def _unverified(judgements: Iterable[Judgement]) -> list[str]:
    used = (each.finding for each in judgements)
    return sorted({each.rule for each in used if each.limit is not None and each.limit.status != "verified"})

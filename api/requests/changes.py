"""What differs between two checks (核查对比): of one request over time, or of two variants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import shapely

from api.requests.geometry import plain, size
from geo.boundary_change.request import SNAP_M
from geo.boundary_change.strips import difference, intersection, strips_of
from geo.local_plane import LocalPlane

Document = Mapping[str, Any]


def changes(before: Document, after: Document) -> list[dict[str, Any]]:
    """What has changed between two checks of one request: `what`, `label`, `before`, `after`."""
    return list(_changes(before, after))


def side_by_side(one: Document, other: Document) -> dict[str, Any]:
    """Two variants: land asked for in common and apart, and every finding and indicator that differs."""
    return {
        "one": _head(one),
        "other": _head(other),
        "land": _land(one, other),
        "findings": _beside(one, other),
        "differences": changes(one, other),
    }


def _head(told: Document) -> dict[str, Any]:
    about = told["request"]
    return {
        **{name: about[name] for name in ("id", "name", "zone", "kind", "day")},
        "verdict": told["verdict"],
        "area": {name: told["area"][name] for name in ("asked", "added", "lost", "after")},
    }


def _changes(before: Document, after: Document) -> Iterator[dict[str, Any]]:
    if before["verdict"] != after["verdict"]:
        yield _row("verdict", "结论", before["verdict"], after["verdict"])
    for name in ("asked", "added", "lost", "after"):
        if before["area"][name]["m2"] != after["area"][name]["m2"]:
            yield _row(f"area.{name}", name, before["area"][name]["ha"], after["area"][name]["ha"], "ha")
    yield from _findings(before["findings"], after["findings"])
    rows = [{row["code"]: row for row in told["indicators"]["rows"]} for told in (before, after)]
    for code in {**rows[0], **rows[1]}:
        for side in ("before", "after"):
            values = [each.get(code, {}).get(side) for each in rows]
            if values[0] != values[1]:
                about = rows[1].get(code) or rows[0][code]
                yield _row(f"indicator.{code}.{side}", about["label"], *values, about["unit"])
    lost, new = (sorted(set(a["layers"]) - set(b["layers"])) for a, b in ((before, after), (after, before)))
    if lost or new:
        yield _row("layers", "图层版本", ", ".join(lost), ", ".join(new))


def _findings(before: list[Document], after: list[Document]) -> Iterator[dict[str, Any]]:
    old, new = ({each["rule"]: each for each in told} for told in (before, after))
    for rule in {**old, **new}:
        a, b = old.get(rule, {}), new.get(rule, {})
        label = (b or a)["label"]
        for name in ("outcome", "measured", "limit", "article", "status"):
            if a.get(name) != b.get(name):
                unit = (b or a)["unit"] if name in ("measured", "limit") else ""
                yield _row(f"{rule}.{name}", label, a.get(name), b.get(name), unit)


def _beside(one: Document, other: Document) -> list[dict[str, Any]]:
    """Every finding of either, with what each of the two comes to; None where a rule was not held."""
    told = [{each["rule"]: each for each in document["findings"]} for document in (one, other)]
    rows = []
    for rule in {**told[0], **told[1]}:
        about = told[0].get(rule) or told[1][rule]
        sides = [
            {name: each[rule].get(name) for name in ("outcome", "measured", "limit", "area_m2")}
            if rule in each
            else None
            for each in told
        ]
        unit = about["unit"]
        rows.append({"rule": rule, "label": about["label"], "unit": unit, "one": sides[0], "other": sides[1]})
    return rows


def _row(what: str, label: str, before: Any, after: Any, unit: str = "") -> dict[str, Any]:
    return {"what": what, "label": label, "before": before, "after": after, "unit": unit}


def _land(one: Document, other: Document) -> dict[str, Any]:
    """Land that both ask for, and that only one does, with areas on the ellipsoid."""
    raw = [
        shapely.geometry.shape(told["geometry"]) if told["geometry"] else shapely.Polygon()
        for told in (one, other)
    ]
    known = [shape for shape in raw if not shape.is_empty]
    plane = LocalPlane(float(known[0].centroid.y) if known else 35.0)
    flat = [_flat(plane, shape) for shape in raw]
    parts = {
        "common": intersection(*flat),
        "only_one": _apart(*flat),
        "only_other": _apart(flat[1], flat[0]),
    }
    return {
        name: {**size(shape.area), "geometry": None if shape.area == 0 else plain(plane.back([shape])[0])}
        for name, shape in parts.items()
    }


def _apart(shape: shapely.Geometry, other: shapely.Geometry) -> shapely.Geometry:
    """What one shape has and the other has not; sides that were drawn alike leave no threads."""
    left = difference(shape, other)
    return difference(left, strips_of(left, other, SNAP_M))


def _flat(plane: LocalPlane, shape: shapely.Geometry) -> shapely.Geometry:
    return shape if shape.is_empty else plane.of([shape], 4490)[0]

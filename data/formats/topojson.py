"""TopoJSON: outlines put together from shared arcs, with numpy over all features at once.

A ring is a list of arcs; ~i is arc i backwards; the last point of an arc is the first of the next.
Quantised arcs hold whole-number steps; the transform makes coordinates of their sums. The coordinates
are longitude and latitude of WGS 84, unless an old `crs` member says otherwise.
Source: TopoJSON format specification, §2 and §3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from data.errors import FileBroken
from data.formats import limits
from data.formats.faults import each, odd_geometries
from data.formats.frames import crs_of, frame_of, table_of, unique_names
from data.formats.json_scan import declared_crs, scan
from data.formats.opening import broken, digest
from data.formats.vector import choose_layer
from data.records import Fault, Severity, Source, Table

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]
Geometry = Mapping[str, Any]
WITH_ARCS = ("LineString", "MultiLineString", "Polygon", "MultiPolygon")
SINGLE = ("MultiLineString", "Polygon")
NAMES = (*WITH_ARCS, "Point", "MultiPoint", "GeometryCollection")


@dataclass(frozen=True, slots=True)
class Arcs:
    """All arcs of a topology, one after the other.

    Parameters
    ----------
    points : (n, 2) coordinates
    starts : (arcs + 1,) where each arc begins in `points`
    scale, shift : of the transform; ones and zeros without one
    """

    points: Floats
    starts: Ints
    scale: Floats
    shift: Floats


def read_topojson(path: Path, *, layer: str | None = None, encoding: str | None = None) -> Table:
    """One object of a topology as a table; several objects are several layers.

    Raises
    ------
    FileBroken : it is no topology, or names arcs that are not there
    FileUnusable : several objects, and none named
    """
    limits.hold(path, limits.TOPOJSON_BYTES, "it is parsed whole, into ten times its size")
    text, used = scan(path, "TopoJSON", encoding)
    faults: list[Fault] = []
    try:
        whole = text if isinstance(text, bytes) else text.read_bytes().removeprefix(b"\xef\xbb\xbf")
        topology = orjson.loads(whole)
        name, features = _features(topology, path, layer, faults)
        shapes, bad = outlines(features, arcs_of(topology))
        columns = table_of([_properties(feature) for feature in features])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, shapely.errors.ShapelyError) as odd:
        # The text is free JSON: whatever shape it has instead of a topology's ends here.
        raise broken(path, "TopoJSON", f"{type(odd).__name__}: {odd}") from odd
    faults += each(
        "ring_degenerate",
        bad,
        "a ring has fewer than four points, so that it encloses nothing; it was left out.",
        "Check the outline of this feature.",
        severity=Severity.WARNING,
        file=path.name,
        layer=name,
    )
    faults += odd_geometries(shapes, file=path.name, layer=name)
    crs = crs_of(declared_crs(text, path, faults), path.name, faults)
    columns = columns.rename_columns(unique_names(columns.column_names, path.name, faults))
    source = Source(str(path), digest([path]), "TopoJSON", name, used)
    return Table(frame_of(columns, shapes, crs), source, tuple(faults))


def _features(
    topology: Any, path: Path, layer: str | None, faults: list[Fault]
) -> tuple[str, Sequence[Geometry]]:
    """Name of the object, and its geometries: the parts of a collection are the features."""
    if not isinstance(topology, dict) or topology.get("type") != "Topology":
        raise FileBroken(f'{path.name} is no TopoJSON: its "type" is not "Topology". Export it again.')
    objects: dict[str, Geometry] = topology["objects"]
    kinds = [
        (name, "/".join(sorted({str(part["type"]) for part in _parts(thing)})) or "empty")
        for name, thing in objects.items()
    ]
    name = choose_layer(kinds, layer, path, faults)
    return name, _parts(objects[name])


def _parts(thing: Geometry) -> Sequence[Geometry]:
    parts: Sequence[Geometry] = thing["geometries"] if thing["type"] == "GeometryCollection" else [thing]
    return parts


def _properties(feature: Geometry) -> Mapping[str, Any]:
    own = feature.get("properties") or {}
    return {"id": feature["id"], **own} if "id" in feature else own


def arcs_of(topology: Mapping[str, Any]) -> Arcs:
    """Coordinates of all arcs; steps are summed where there is a transform."""
    arcs = topology.get("arcs", [])
    lengths = np.fromiter(map(len, arcs), np.int64, len(arcs))
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    flat = [(point[0], point[1]) for arc in arcs for point in arc]
    points = np.array(flat, float).reshape(-1, 2)
    transform = topology.get("transform")
    if transform is None:
        return Arcs(points, starts, np.ones(2), np.zeros(2))
    scale, shift = np.array(transform["scale"], float), np.array(transform["translate"], float)
    sums = np.cumsum(points, axis=0)
    # One sum runs over all arcs: what had been summed before an arc began is taken off again.
    before = np.vstack([np.zeros((1, 2)), sums])[starts[:-1]]
    return Arcs((sums - np.repeat(before, lengths, axis=0)) * scale + shift, starts, scale, shift)


def outlines(features: Sequence[Geometry], arcs: Arcs) -> tuple[Shapes, list[int]]:
    """Geometry of each feature, None where it has none; and the rows that have lost a ring too short.

    Raises
    ------
    IndexError : an arc is named that is not there
    """
    shapes: Shapes = np.full(len(features), None, object)
    rows_of: dict[str, list[int]] = {}
    for row, feature in enumerate(features):
        rows_of.setdefault(_kind(feature), []).append(row)
    bad: list[int] = []
    for kind, rows in rows_of.items():
        if kind in WITH_ARCS:
            shapes[rows], lost = _of_arcs(kind, [features[row]["arcs"] for row in rows], arcs)
            bad += [row for row, short in zip(rows, lost.tolist(), strict=True) if short]
        elif kind == "GeometryCollection":
            for row in rows:
                inner, lost_inside = outlines(features[row]["geometries"], arcs)
                shapes[row] = shapely.geometrycollections(inner)
                bad += [row] if lost_inside else []
        elif kind:
            for row in rows:
                shapes[row] = _of_points(kind, features[row]["coordinates"], arcs)
    return shapes, sorted(bad)


def _of_points(kind: str, coordinates: Any, arcs: Arcs) -> Any:
    points: Floats = np.asarray(coordinates, np.float64).reshape(-1, 2) * arcs.scale + arcs.shift
    return shapely.points(points[0]) if kind == "Point" else shapely.multipoints(points)


def _kind(feature: Geometry) -> str:
    kind = feature["type"]
    if kind is not None and kind not in NAMES:
        raise ValueError(f"a geometry has the type {kind!r}")
    return kind or ""


def _of_arcs(kind: str, members: Sequence[Any], arcs: Arcs) -> tuple[Shapes, NDArray[np.bool_]]:
    """Lines or polygons of one kind; and which of them have lost a ring or line that is too short."""
    # Each member becomes a list of parts, each part a list of rings or lines.
    polygons: list[Any] = [[[m]] if kind == "LineString" else [m] if kind in SINGLE else m for m in members]
    of_polygon = _owners([len(parts) for parts in polygons])
    parts = list(chain.from_iterable(polygons))
    of_part = _owners([len(rings) for rings in parts])
    rings = list(chain.from_iterable(parts))
    points, owner = _points(rings, arcs)
    area = "Polygon" in kind
    keep = np.bincount(owner, minlength=len(rings)) >= (4 if area else 2)
    lost = np.zeros(len(members), bool)
    lost[of_polygon[of_part[~keep]]] = True
    if area and len(keep):
        # Without its outer ring a part has nothing that its holes could be in.
        keep &= keep[np.searchsorted(of_part, of_part)]
    number, kept = np.cumsum(keep) - 1, keep[owner]
    make = shapely.linearrings if area else shapely.linestrings
    lines = make(points[kept], indices=number[owner[kept]]) if keep.any() else np.array([], object)
    return _nested(kind, lines, of_part[keep], (of_polygon, len(parts), len(members))), lost


def _nested(kind: str, lines: Shapes, of_part: Ints, sizes: tuple[Ints, int, int]) -> Shapes:
    """Rings in polygons in multipolygons, or lines in multilines; what has no part is empty."""
    of_polygon, parts, members = sizes
    if "Line" in kind:
        out: Shapes = np.full(members, shapely.LineString(), object)
        if kind == "LineString":
            out[of_polygon[of_part]] = lines
        elif len(lines):
            shapely.multilinestrings(lines, indices=of_polygon[of_part], out=out)
        return out
    whole: Shapes = np.full(parts, shapely.Polygon(), object)
    if len(lines):
        shapely.polygons(lines, indices=of_part, out=whole)
    if kind == "Polygon":
        return whole
    multi: Shapes = np.full(members, shapely.MultiPolygon(), object)
    full = ~shapely.is_empty(whole)
    if full.any():
        shapely.multipolygons(whole[full], indices=of_polygon[full], out=multi)
    return multi


def _owners(counts: Sequence[int]) -> Ints:
    return np.repeat(np.arange(len(counts)), counts)


def _points(lines: Sequence[Sequence[int]], arcs: Arcs) -> tuple[Floats, Ints]:
    """Coordinates of each line, its arcs joined, and the number of the line that each belongs to."""
    lengths = [len(line) for line in lines]
    numbers = np.fromiter(chain.from_iterable(lines), np.int64, sum(lengths))
    back = numbers < 0
    numbers = np.where(back, ~numbers, numbers)
    if len(numbers) and numbers.max() >= len(arcs.starts) - 1:
        raise IndexError(f"arc {numbers.max()} is named, and there are {len(arcs.starts) - 1}")
    first, last = arcs.starts[numbers], arcs.starts[numbers + 1] - 1
    line = _owners(lengths)
    # An arc after another one begins where that one ended: its first point is left out.
    follows = np.concatenate([[False], line[1:] == line[:-1]]) if len(line) else np.zeros(0, bool)
    count = np.maximum(last - first + 1 - follows, 0)
    begin = np.where(back, last - follows, first + follows)
    step = np.where(back, -1, 1)
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return arcs.points[np.repeat(begin, count) + place * np.repeat(step, count)], np.repeat(line, count)

"""KML and KMZ: every placemark of every folder in one table, with the folder's name beside it.

The XML is parsed here and not by GDAL: entities and document types are refused before they unfold, no
link is followed, values stay the text that they are. A column `folder` holds the path of folders.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import numpy as np
import shapely
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from numpy.typing import NDArray
from pyproj import CRS

from data.errors import FileBroken, FileTooLarge, FileUnusable
from data.formats import limits
from data.formats.archive import unpacked
from data.formats.faults import each, odd_geometries
from data.formats.frames import frame_of, table_of, unique_names
from data.formats.opening import broken, digest
from data.formats.text_encoding import WIDE, canonical, named
from data.records import Fault, Source, Table

CONTAINERS = {"Folder", "Document"}
GEOMETRIES = {"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry"}
OTHERS = {"Model", "Track", "MultiTrack"}
PLAIN = ("name", "description")
DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["'][^>]*\?>""")


@dataclass
class Reading:
    """What has been met so far: folders open, rows done, rows whose geometry could not be read."""

    path: Path
    wanted: str | None
    folders: list[str] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[Any] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)


def read_kml(path: Path, *, layer: str | None = None, encoding: str | None = None) -> Table:
    """Placemarks of a KML in WGS 84 longitude and latitude, folders one after the other.

    Parameters
    ----------
    layer : name of a folder; None takes all
    encoding : of the text; None takes what the XML declares

    Raises
    ------
    FileBroken : it is no whole XML, or declares entities
    """
    limits.hold(path, limits.KML_BYTES, "it is parsed as text, whole")
    reading = _placemarks(path, layer, encoding)
    faults: list[Fault] = []
    if layer is not None and not reading.records:
        raise FileUnusable(f"{path.name} has no placemark in a folder {layer!r}. Leave the layer out.")
    shapes: NDArray[np.object_] = np.array([*reading.shapes, None], object)[:-1]
    _say_unread(reading, faults)
    faults += odd_geometries(shapes, file=path.name, layer=layer or "")
    columns = table_of(reading.records)
    columns = columns.rename_columns(unique_names(columns.column_names, path.name, faults))
    source = Source(str(path), digest([path]), "KML", layer or "", "utf-8")
    return Table(frame_of(columns, shapes, CRS.from_epsg(4326)), source, tuple(faults))


def read_kmz(path: Path, *, layer: str | None = None, encoding: str | None = None) -> Table:
    """The KML inside a KMZ: doc.kml, or the only one there is."""
    with unpacked(path) as folder:
        found = sorted(p for p in folder.rglob("*") if p.suffix.lower() == ".kml")
        main = [p for p in found if p.name.lower() == "doc.kml"] or found
        if not main:
            raise FileBroken(f"{path.name} holds no .kml. Export it again.")
        table = read_kml(main[0], layer=layer, encoding=encoding)
    source = replace(table.source, path=str(path), sha256=digest([path]), format="KMZ")
    return replace(table, source=source, faults=tuple(replace(f, file=path.name) for f in table.faults))


def _placemarks(path: Path, wanted: str | None, encoding: str | None) -> Reading:
    reading, depth = Reading(path, wanted), 0
    try:
        stack: list[Element] = []
        for event, element in iterparse(_text_of(path, encoding), events=("start", "end"), forbid_dtd=True):
            name = _local(element)
            depth += 1 if event == "start" else -1
            if depth > limits.XML_DEPTH:
                raise FileTooLarge(
                    f"{path.name} nests elements deeper than {limits.XML_DEPTH}. Export it again."
                )
            if name not in CONTAINERS | {"Placemark"} and not (name == "name" and event == "end"):
                continue
            _take(reading, stack, event, element)
    except ParseError as odd:
        raise broken(path, "KML", str(odd)) from odd
    except DefusedXmlException as odd:
        raise FileBroken(
            f"{path.name} declares a document type or entities, which can make a parser open other files "
            "or fill the memory; a KML needs neither. Delete the <!DOCTYPE …> line, or export it again."
        ) from odd
    except (ValueError, LookupError, UnicodeError) as odd:
        raise broken(path, "KML", str(odd)) from odd
    return reading


def _text_of(path: Path, encoding: str | None) -> BytesIO | str:
    """The path; or the text in UTF-8, where it is in one of the Chinese encodings that expat lacks."""
    with path.open("rb") as file:
        found = DECLARED.match(file.read(400))
    name = named(encoding) if encoding else canonical(found[1].decode()) if found else "utf-8"
    if name not in WIDE or name == "utf-8":
        return str(path)
    whole = path.read_bytes()
    return BytesIO((whole[found.end() :] if found else whole).decode(name).encode())


def _take(reading: Reading, stack: list[Element], event: str, element: Element) -> None:
    """Keep the path of folders while they open and close; make a row of each placemark that ends."""
    name = _local(element)
    if event == "start":
        if name in CONTAINERS:
            stack.append(element)
        return
    if name in CONTAINERS:
        stack.pop()
        element.clear()
    elif name == "Placemark":
        folders = [_text(folder, "name") for folder in stack if _local(folder) == "Folder"]
        if reading.wanted is None or reading.wanted in folders:
            _row(reading, element, "/".join(filter(None, folders)))
        element.clear()
        with suppress(IndexError, ValueError):
            stack[-1].remove(element)


def _row(reading: Reading, placemark: Element, folder: str) -> None:
    record: dict[str, Any] = {tag: _text(placemark, tag) or None for tag in PLAIN}
    record["folder"] = folder or None
    if placemark.get("id"):
        record["id"] = placemark.get("id")
    for data in placemark.iter():
        key = data.get("name")
        if _local(data) == "SimpleData" and key:
            record[key] = (data.text or "").strip() or None
        elif _local(data) == "Data" and key:
            record[key] = _text(data, "value") or None
    row = len(reading.records)
    shapes = []
    for child in placemark:
        if _local(child) in GEOMETRIES:
            shapes += [_shape(child, reading, row)]
        elif _local(child) in OTHERS:
            reading.skipped.append(row)
    reading.records.append(record)
    reading.shapes.append(shapes[0] if shapes else None)


def _shape(element: Element, reading: Reading, row: int) -> Any:
    try:
        # A coordinate that is no number is a fault of its own, and no warning of numpy's.
        with np.errstate(invalid="ignore"):
            return _geometry(element)
    except (ValueError, shapely.errors.ShapelyError):
        reading.unread.append(row)
        return None


def _geometry(element: Element) -> Any:
    kind = _local(element)
    if kind == "MultiGeometry":
        return _together([_geometry(child) for child in element if _local(child) in GEOMETRIES])
    if kind == "Polygon":
        outer = [_ring(ring) for ring in _boundaries(element, "outerBoundaryIs")]
        if not outer:
            return shapely.Polygon()
        holes = [_ring(ring) for ring in _boundaries(element, "innerBoundaryIs")]
        return shapely.polygons(outer[0], holes=holes or None)
    makes: dict[str, Callable[..., Any]] = {
        "Point": lambda points: shapely.points(points[0]),
        "LineString": shapely.linestrings,
        "LinearRing": shapely.linearrings,
    }
    return makes[kind](_coordinates(element))


def _together(parts: list[Any]) -> Any:
    """Parts of one kind as a multi geometry, else a collection; what is nested becomes flat."""
    flat = shapely.get_parts(np.array(parts, object)) if parts else np.array([], object)
    kinds = set(shapely.get_type_id(flat).tolist())
    if kinds == {3}:
        return shapely.multipolygons(flat)
    if kinds == {0}:
        return shapely.multipoints(flat)
    return shapely.multilinestrings(flat) if kinds == {1} else shapely.geometrycollections(flat)


def _boundaries(polygon: Element, which: str) -> list[Element]:
    return [r for side in polygon if _local(side) == which for r in side if _local(r) == "LinearRing"]


def _ring(element: Element) -> Any:
    return shapely.linearrings(_coordinates(element))


def _coordinates(element: Element) -> NDArray[np.float64]:
    """(n, 2) longitude and latitude, or (n, 3) where a height is other than zero."""
    text = " ".join(child.text or "" for child in element if _local(child) == "coordinates")
    tuples = text.replace(", ", ",").split()
    width = tuples[0].count(",") + 1 if tuples else 2
    if width not in {2, 3} or any(t.count(",") != width - 1 for t in tuples):
        raise ValueError("tuples of different length")
    numbers = np.array(",".join(tuples).split(","), float).reshape(-1, width) if tuples else np.empty((0, 2))
    return numbers[:, :2] if width == 3 and not numbers[:, 2].any() else numbers


def _say_unread(reading: Reading, faults: list[Fault]) -> None:
    for code, rows, message in (
        ("geometry_unreadable", reading.unread, "its coordinates cannot be read"),
        ("geometry_unsupported", reading.skipped, "it is a track or a model, which has no outline"),
    ):
        faults += each(
            code,
            sorted(set(rows)),
            f"{message}; the row is kept without a geometry.",
            "Draw this feature again.",
            file=reading.path.name,
        )


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: Element, tag: str) -> str:
    return next((("".join(c.itertext())).strip() for c in element if _local(c) == tag), "")

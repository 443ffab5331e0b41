"""Ingest (入库): from a file that somebody sent to a version in the book, or to a list of faults.

Read, fit to the kind, check, then one transaction. With an error among the faults nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from api.ingest_roles import with_kind
from data import formats
from data.book.interface import Ask, Book, Box, Version
from data.codes.regions import box
from data.codes.zones import zones as catalogue
from data.errors import FaultsFound
from data.records import Fault, Severity
from geo import checks
from geo.layers import take

NEAR = 0.5  # degrees; a neighbouring 3-degree belt would be three away
NEIGHBOURS_UP_TO = 250_000  # features; comparing neighbours costs about 10 s for each million


@dataclass(frozen=True)
class Wishes:
    """What the person who ingests says beside the file; what is left alone is taken from the file.

    Parameters
    ----------
    crs : EPSG code, or gcj02, bd09: what the coordinates are in, when the file does not say or is wrong
    class_system : of the land-class codes, when no column says
    supplier : name of a map of data/columns
    rename : their column -> ours
    layer : of a file with several; sheet of a workbook
    encoding : of its text
    zone : that all rows belong to, when no column says
    repair : mend invalid polygons, and report what that did to their area
    valid_from, valid_to : the period for which the file holds; valid_to is the first day after it
    role : what a constraint layer is that does not say so; see data/codes/constraint_roles.yaml
    """

    crs: str | None = None
    class_system: str | None = None
    supplier: str | None = None
    rename: Mapping[str, str] = field(default_factory=dict)
    layer: str | None = None
    encoding: str | None = None
    zone: str | None = None
    repair: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""
    role: str = ""


@dataclass(frozen=True)
class Ingested:
    """What became of a file: the version it is in the book, and the warnings met on the way."""

    version: Version
    faults: tuple[Fault, ...]


def ingest(book: Book, kind: str, path: Path, wishes: Wishes, *, who: str, when: datetime) -> Ingested:
    """Take a file into the book.

    Parameters
    ----------
    kind : key of `data.kinds`
    who, when : for the journal

    Raises
    ------
    FaultsFound : there are errors; all of them are carried, and nothing was written
    MutanError : the file cannot be read, has no CRS, or lacks a column
    """
    table = formats.read(path, layer=wishes.layer, encoding=wishes.encoding)
    if kind == "constraints":
        table = with_kind(table, path, wishes.role, wishes.layer)
    layer = take(
        table,
        kind,
        crs=wishes.crs,
        class_system=wishes.class_system,
        supplier=wishes.supplier,
        rename=wishes.rename,
        zone=wishes.zone,
        repair=wishes.repair,
        boxes=boxes(book),
    )
    many = len(layer.frame) > NEIGHBOURS_UP_TO
    zones = book.read("zones", Ask(on=wishes.valid_from or when.date())) if kind == "parcels" else None
    faults = (*layer.faults, *checks.of_layer(layer, zones=zones, file=path.name, quick=many))
    faults += (_not_compared(len(layer.frame), kind, path.name),) if many else ()
    errors = [fault for fault in faults if fault.severity is Severity.ERROR]
    if errors:
        raise FaultsFound(errors, f"{path.name} was not taken: {len(errors)} errors. The book is as it was.")
    version = book.ingest(
        kind,
        layer.frame,
        table.source,
        who=who,
        when=when,
        valid_from=wishes.valid_from,
        valid_to=wishes.valid_to,
        crs=layer.crs,
        class_system=layer.class_system,
        note=wishes.note,
    )
    return Ingested(version, faults)


def boxes(book: Book) -> dict[str, Box]:
    """Zone code -> box within which whatever names that zone must lie, degrees.

    A zone of the book lies where its boundary says; one of the catalogue within half a degree of its known
    place, else within its province, as do the cities.
    """
    listed = catalogue()
    henan = box("410000")
    found = dict.fromkeys([*listed["code"], *listed["city"]], henan)
    placed = listed.dropna(subset=["near_lon", "near_lat"])
    for code, lon, lat in zip(placed["code"], placed["near_lon"], placed["near_lat"], strict=True):
        found[code] = (lon - NEAR, lat - NEAR, lon + NEAR, lat + NEAR)
    known = book.read("zones", columns=["code", "geometry"])
    for code, (west, south, east, north) in zip(known["code"], known.geometry.bounds.to_numpy(), strict=True):
        found[code] = (west - NEAR, south - NEAR, east + NEAR, north + NEAR)
    return found


def _not_compared(rows: int, kind: str, file: str) -> Fault:
    return Fault(
        "neighbours_not_compared",
        f"{rows:,} features are more than {NEIGHBOURS_UP_TO:,}, so overlaps and gaps were not looked for.",
        "Run `mutan check`, which lists them all.",
        Severity.WARNING,
        kind,
        file=file,
    )

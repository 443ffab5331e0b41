"""What was odd about a layer (读入时的问题), as records; the rows are taken as they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from data.formats.limits import FAULTS_LISTED
from data.records import Fault, Severity

FAMILY = np.array([
    "point",
    "line",
    "line",
    "polygon",
    "point",
    "line",
    "polygon",
    "collection",
])
"""Family of each shapely type id: a polygon and a multipolygon are one family."""


def each(
    code: str,
    rows: NDArray[np.int64] | Sequence[int],
    message: str,
    remedy: str,
    *,
    severity: Severity = Severity.ERROR,
    file: str = "",
    layer: str = "",
    column: str = "",
    first_row: int = 1,
) -> list[Fault]:
    """One fault for each row, up to the limit of limits.py; one more counts the rest.

    Parameters
    ----------
    rows : positions counted from 0
    message : a sentence that begins in lower case; `Feature n: ` is put before it
    first_row : number, as a person sees it, of row 0
    """
    faults = [
        Fault(
            code, f"Feature {row + first_row}: {message}", remedy, severity,
            layer=layer, file=file, row=int(row) + first_row, column=column,
        )
        for row in rows[:FAULTS_LISTED]
    ]  # fmt: skip
    if (more := len(rows) - FAULTS_LISTED) > 0:
        text = f"{more} more features, {len(rows)} in all: {message}"
        faults.append(Fault(code, text, remedy, severity, layer=layer, file=file, column=column))
    return faults


def odd_geometries(shapes: NDArray[np.object_], *, file: str, layer: str, first_row: int = 1) -> list[Fault]:
    """Empty layer, rows without geometry, mixed kinds, collections, heights, coordinates that are no numbers.

    Parameters
    ----------
    shapes : (n,) geometries, None where missing
    """
    if not len(shapes):
        return [
            Fault(
                "layer_empty", "The layer holds no feature.", "Check that the right layer was exported.",
                Severity.WARNING, layer=layer, file=file,
            )
        ]  # fmt: skip
    missing = shapely.is_missing(shapes)
    empty = shapely.is_empty(shapes)
    faults: list[Fault] = []
    for code, rows, message, remedy in (
        ("geometry_missing", missing, "it has no geometry.", "Draw it, or delete the row."),
        ("geometry_empty", empty, "its geometry is empty.", "Draw it, or delete the row."),
    ):
        faults += each(
            code, np.flatnonzero(rows), message, remedy,
            severity=Severity.WARNING, file=file, layer=layer, first_row=first_row,
        )  # fmt: skip
    faults += _odd_kinds(shapes[~missing], file, layer)
    return faults + _not_finite(shapes, file, layer, first_row)


def _odd_kinds(shapes: NDArray[np.object_], file: str, layer: str) -> list[Fault]:
    faults = []
    kinds, counts = np.unique(FAMILY[shapely.get_type_id(shapes)], return_counts=True)
    if len(kinds) > 1 or "collection" in kinds:
        found = ", ".join(f"{count} {kind}" for kind, count in zip(kinds, counts, strict=True))
        faults.append(
            Fault(
                "geometry_types_mixed", f"The layer holds {found}.",
                "Keep polygons in a layer of their own; lines and points have no area.",
                Severity.WARNING, layer=layer, file=file,
            )
        )  # fmt: skip
    heights = int(shapely.has_z(shapes).sum())
    if heights:
        faults.append(
            Fault(
                "three_dimensional", f"{heights} geometries carry heights; they are kept.",
                "Nothing has to be done: areas are measured without them.",
                Severity.WARNING, layer=layer, file=file,
            )
        )  # fmt: skip
    return faults


def _not_finite(shapes: NDArray[np.object_], file: str, layer: str, first_row: int) -> list[Fault]:
    # Bounds would be quicker, but GEOS leaves vertices that are not a number out of them.
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    bad = np.unique(owner[~np.isfinite(coordinates).all(axis=1)])
    return each(
        "coordinates_not_finite",
        bad,
        "a coordinate is infinite or not a number.",
        "Draw this feature again, or delete it: it can be neither measured nor shown.",
        file=file,
        layer=layer,
        first_row=first_row,
    )


def reader_fault(code: str, message: str, remedy: str, *, file: str, layer: str = "") -> Fault:
    """A warning about the file as a whole."""
    return Fault(code, message, remedy, Severity.WARNING, layer=layer, file=file)

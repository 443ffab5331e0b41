"""The files of a request taken in (读入申请): plots in a known CRS, sound, with what they declare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from api.requests.wishes import Wishes
from api.zone_tables import region_of
from data import formats
from data.errors import FaultsFound
from data.records import Fault, Severity
from data.units import m2_to_ha
from geo.boundary_change import soundness
from geo.boundary_change.plots import Plots, plots_of
from geo.boundary_change.soundness import Soundness

Box = tuple[float, float, float, float]

MENDED = (
    *("self_crossing", "self_touching", "hole_outside", "holes_overlap"),
    *("parts_overlap", "interior_cut", "geometry_invalid"),
)
"""Errors that `repair` takes away"""


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """What the files of a request hold.

    Parameters
    ----------
    asked, gives_up : (n,) valid polygons in their CRS; None where there is no such file
    figures : of each plot asked for, as the document carries them
    declared_ha, plane_ha : of all plots together; None where one of them declares none, or has no plane
    faults : warnings; with an error nothing is taken
    """

    asked: NDArray[np.object_] | None
    asked_crs: Any
    gives_up: NDArray[np.object_] | None
    gives_up_crs: Any
    figures: tuple[Mapping[str, Any], ...]
    declared_ha: float | None
    plane_ha: float | None
    faults: tuple[Fault, ...]
    file_name: str
    sha256: str
    format: str
    crs: str


def take(file: Path | None, gives_up: Path | None, wishes: Wishes, zone: Mapping[str, Any]) -> Taken:
    """The files of a request.

    Parameters
    ----------
    zone : with `geometry` in EPSG:4490 where it has a boundary

    Raises
    ------
    FaultsFound : there are errors; all of them are carried, of both files
    MutanError : a file cannot be read, or its CRS is not known
    """
    first = _sound(file, wishes, zone) if file is not None else None
    second = _sound(gives_up, wishes, zone) if gives_up is not None else None
    both = [each for each in (first, second) if each is not None]
    faults = tuple(fault for plots, sound in both for fault in (*plots.faults, *sound.faults))
    if errors := [fault for fault in faults if _stops(fault, wishes)]:
        names = " and ".join(path.name for path in (file, gives_up) if path is not None)
        raise FaultsFound(errors, f"{names} cannot be checked: {len(errors)} errors.")
    figures = _figures(first[1]) if first else ()
    return Taken(
        first[1].usable(repair=wishes.repair) if first else None,
        first[0].frame.crs if first else 4490,
        second[1].usable(repair=wishes.repair) if second else None,
        second[0].frame.crs if second else 4490,
        figures,
        _sum([each["declared_ha"] for each in figures]),
        _sum([each["plane_ha"] for each in figures]),
        faults,
        file.name if file is not None else "",
        first[0].source.sha256 if first else "",
        first[0].source.format if first else "",
        first[0].crs if first else "",
    )


def _sound(file: Path, wishes: Wishes, zone: Mapping[str, Any]) -> tuple[Plots, Soundness]:
    """The plots of a file, and what the check of their geometry found."""
    table = formats.read(file, layer=wishes.layer, encoding=wishes.encoding)
    boundary = zone.get("geometry")
    plots = plots_of(table, crs=wishes.crs, near=_near(boundary))
    beside = None if boundary is None else np.array([boundary], dtype=object)
    sound = soundness.check(
        plots.frame,
        plots.frame.crs,
        beside=beside,
        snap_m=wishes.snap_m,
        file=file.name,
        day=wishes.day,
        region=region_of(zone),
    )
    return plots, sound


def _near(boundary: shapely.Geometry | None) -> Box | None:
    """The box of the zone, near which a request of it must lie."""
    if boundary is None:
        return None
    west, south, east, north = (float(side) for side in shapely.bounds(boundary))
    return west, south, east, north


def _stops(fault: Fault, wishes: Wishes) -> bool:
    """Whether a fault keeps the request from being checked; an invalid polygon does not when it is mended."""
    mended = wishes.repair and fault.code in MENDED
    return fault.severity is Severity.ERROR and not mended


def _figures(sound: Soundness) -> tuple[Mapping[str, Any], ...]:
    """The figures of each plot as plain values, named as the document names them."""
    table = sound.figures
    told = pd.DataFrame({
        "plot_no": table["plot_no"],
        "name": table["name"],
        "line": table["line"],
        "points": table["points"],
        "declared_points": table["declared_points"],
        "declared_ha": table["declared_ha"].round(4),
        "plane_ha": m2_to_ha(table["plane_m2"]).round(4),
        "ellipsoid_ha": m2_to_ha(table["area_m2"]).round(4),
        "difference_ha": (m2_to_ha(table["plane_m2"]) - table["declared_ha"]).round(4),
        "agrees_with": table["agrees_with"],
        "parts": table["parts"],
        "holes": table["holes"],
        "perimeter_m": table["perimeter_m"].round(2),
        "width_m": table["width_m"].round(2),
        "compactness": table["compactness"].round(4),
    })
    rows: list[Mapping[str, Any]] = told.astype(object).where(told.notna(), None).to_dict("records")
    return tuple(rows)


def _sum(values: Sequence[float | None]) -> float | None:
    """The sum, rounded as hectares are declared; None where one is not known, or there is none."""
    known = [value for value in values if value is not None]
    return round(sum(known), 4) if values and len(known) == len(values) else None

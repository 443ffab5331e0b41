"""Declared against computed (申报与计算): the area of each plot, in the plane and on the ellipsoid; points.

Offices declare plane area in hectares with four decimals; the national survey measures on the ellipsoid.
Which of the two a number agrees with is told, and by how much it misses both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from pyproj import Transformer

from data.parameters import NATION, parameter
from data.records import Fault, Severity
from data.units import M2_PER_HA, m2_to_ha
from geo.areas import plane_areas_of
from geo.boundary_change.soundness.drawn import Drawn
from geo.crs.belts import local_belt
from geo.rings import Floats, Rings
from geo.sheets import GEOGRAPHIC

FEWEST_DECIMALS = 2
"""A number of hectares with fewer agrees with too much"""
ROUNDED = 1e-9  # hectares, that binary fractions may add to half a unit


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a declared area may be off.

    Parameters
    ----------
    rounding_ha : half a unit of the last decimal, hectares
    share : of the computed area, allowed beside it
    """

    rounding_ha: float
    share: float

    @classmethod
    def on(cls, day: date = date.max, region: str = NATION) -> Tolerance:
        """The tolerance in force on a day, in a place; the newest one when no day is told.

        >>> Tolerance.on().rounding_ha
        5e-05
        """
        held = (parameter(f"rules.requests.area_tolerance.{name}") for name in ("rounding", "share"))
        rounding, share = (each.on(day, region).value or 0.0 for each in held)
        return cls(rounding, share)

    def agree(self, declared_ha: Floats, computed_ha: Floats) -> np.ndarray:
        """(n,) whether the two are one number; False where either is missing.

        >>> Tolerance(0.00005, 0.0).agree(np.array([1.0, 1.0]), np.array([1.00005, 1.00006])).tolist()
        [True, False]
        """
        allowed = self.rounding_ha + ROUNDED + self.share * computed_ha
        return np.asarray(np.abs(declared_ha - computed_ha) <= allowed, np.bool_)


def plane_areas(drawn: Drawn) -> Floats:
    """(n,) plane area of each plot, m²: in the file's plane, or in the 3-degree belt in which the plot lies.

    nan where there is no polygon, and where a plane is neither the file's nor that of a belt of China.
    """
    rings = drawn.rings
    area = plane_areas_of(rings) if drawn.in_plane else _in_belts(drawn, rings)
    area[np.bincount(rings.owner, minlength=rings.size) == 0] = np.nan
    return area


def _in_belts(drawn: Drawn, rings: Rings) -> Floats:
    """Plane area of plots in degrees, each in the belt of its middle."""
    degrees = drawn.degrees(np.column_stack([rings.x, rings.y]))
    there = rings.moved(*np.ascontiguousarray(degrees.T))
    counts = np.diff(rings.ring_starts)
    plot = np.repeat(rings.owner, counts)
    middle = np.bincount(plot, there.x, rings.size) / np.maximum(np.bincount(plot, minlength=rings.size), 1)
    belt = local_belt(middle)
    area = np.full(rings.size, np.nan)
    for code in np.unique(belt[belt > 0]).tolist():
        some = np.flatnonzero(belt == code)
        chosen = there.select(some)
        plane = Transformer.from_crs(GEOGRAPHIC, code, always_xy=True)
        area[some] = plane_areas_of(chosen.moved(*plane.transform(chosen.x, chosen.y)))
    return area


def agreements(declared: Floats, plane_ha: Floats, ellipsoid_ha: Floats, tolerance: Tolerance) -> list[str]:
    """(n,) with what each declared area agrees: `plane`, `ellipsoid`, `rounded`, `differs`, or nothing.

    `rounded` is a number with fewer than four decimals that agrees with the plane to as many as it has.
    """
    plane, ellipsoid = tolerance.agree(declared, plane_ha), tolerance.agree(declared, ellipsoid_ha)
    words = np.full(len(declared), "", dtype=object)
    words[np.isfinite(declared) & np.isfinite(ellipsoid_ha)] = "differs"
    for at in np.flatnonzero(words == "differs").tolist():
        decimals = len(repr(float(declared[at])).partition(".")[2])
        half = 0.5 * 10.0**-decimals + ROUNDED
        if decimals >= FEWEST_DECIMALS and abs(declared[at] - plane_ha[at]) <= half:
            words[at] = "rounded"
    words[ellipsoid] = "ellipsoid"
    words[plane] = "plane"
    return [str(word) for word in words]


def declared_ha(plots: pd.DataFrame) -> Floats:
    """(n,) declared hectares; nan where a plot declares none."""
    if "declared_area_ha" not in plots:
        return np.full(len(plots), np.nan)
    return pd.to_numeric(plots["declared_area_ha"], errors="coerce").to_numpy(np.float64, na_value=np.nan)


def area_faults(drawn: Drawn, figures: Mapping[str, Any]) -> Iterator[Fault]:
    """A warning for each declared area that agrees with neither computed one, and for each rounded one."""
    columns = [figures[name] for name in ("declared_ha", "plane_m2", "area_m2", "agrees_with")]
    for at, (declared, plane, ellipsoid, word) in enumerate(zip(*columns, strict=True)):
        if word not in {"differs", "rounded"}:
            continue
        near = (
            "agrees with the plane only to as many decimals as it has"
            if word == "rounded"
            else "agrees with neither"
        )
        off = "; ".join(
            f"{name} {m2_to_ha(area):.4f} ha ({_off(declared, area)})"
            for name, area in (("in the plane", plane), ("on the ellipsoid", ellipsoid))
            if area == area
        )
        yield drawn.fault(
            "declared_area_differs" if word == "differs" else "declared_area_rounded", at,
            f"declares {declared:g} ha, which {near}: computed {off}.",
            "Compare with the survey's report; correct the number, or the points."
            if word == "differs" else "Give four decimals.",
            Severity.WARNING, column="declared_area_ha",
            area_m2=abs(declared * M2_PER_HA - (plane if plane == plane else ellipsoid)),
        )  # fmt: skip


def count_faults(drawn: Drawn, plots: pd.DataFrame) -> Iterator[Fault]:
    """A warning for each plot that declares another number of points than it has.

    Some count the points that close a ring, and some do not. Texts are counted by their reader, line by line.
    """
    if "declared_points" not in plots:
        return
    counts = np.diff(drawn.rings.ring_starts)
    closed = np.bincount(drawn.rings.owner, counts, drawn.rings.size).astype(np.int64)
    rings = np.bincount(drawn.rings.owner, minlength=drawn.rings.size)
    for at, declared in enumerate(plots["declared_points"]):
        if pd.isna(declared) or drawn.texts[at] or not closed[at]:
            continue
        open_ = closed[at] - rings[at]
        if int(declared) not in {closed[at], open_, open_ + 1}:
            yield drawn.fault(
                "point_count", at,
                f"declares {int(declared)} points, and has {open_}, or {closed[at]} with its closing points.",
                "Correct the number, or add the points that are lost.",
                Severity.WARNING, column="declared_points",
            )  # fmt: skip


def _off(declared_ha: float, area_m2: float) -> str:
    """The difference in m² and in millionths of the computed area."""
    gap = declared_ha * M2_PER_HA - area_m2
    return f"{gap:+,.2f} m²" + (f", {gap / area_m2 * 1e6:+,.1f} ppm" if area_m2 > 1 else "")

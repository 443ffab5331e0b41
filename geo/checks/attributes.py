"""Attributes (属性): ids that stand twice, codes that no system holds, areas that do not agree."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd

from data.codes.classes import SYSTEMS, system
from data.codes.zones import check_code
from data.kinds import kind
from data.records import Fault, Severity
from data.units import M2_PER_HA, M2_PER_MU
from geo.checks.around import Around

SHOWN = 5
PLANE_AT_MOST = 5e-4  # plane area exceeds ellipsoidal area by up to 468 ppm at 1.5° from the meridian


def duplicate_ids(frame: gpd.GeoDataFrame, around: Around) -> Iterator[Fault]:
    """One fault for each id that stands more than once, with the rows it stands in."""
    key = [column for column in kind(around.kind).key if column in frame]
    twice = frame[frame.duplicated(key, keep=False) & frame[key[-1]].notna()]
    by = key if len(key) > 1 else key[0]
    for name, rows in twice.groupby(by, dropna=False, sort=False).groups.items():
        words = name if isinstance(name, tuple) else (name,)
        listed = ", ".join(str(row + 1) for row in rows[:SHOWN]) + (" …" if len(rows) > SHOWN else "")
        yield Fault(
            "duplicate_key",
            f"{', '.join(str(w) for w in words if w == w)} stands {len(rows)} times: features {listed}.",
            "Give each its own, or merge them into one feature of several parts.",
            feature=str(words[-1]),
        )


def zone_codes(frame: gpd.GeoDataFrame, around: Around) -> Iterator[Fault]:
    """Codes that break the catalogue's grammar, and approved areas larger than the boundary."""
    for code in frame["code"].dropna():
        fault = check_code(str(code))
        if fault is not None:
            yield Fault(fault.code, fault.message, fault.remedy, Severity.WARNING, feature=str(code))
    measured = frame["area_m2"] / M2_PER_HA
    for at in np.flatnonzero(measured < frame["approved_ha"] * (1 - around.tolerances.declared_share)):
        yield Fault(
            "smaller_than_approved",
            f"The boundary encloses {measured[at]:.4f} ha; {frame['approved_ha'][at]:.4f} ha are approved.",
            "See that all parts of the zone are there, and which area the document approves.",
            Severity.WARNING,
            feature=str(frame["code"][at]),
        )


def class_codes(frame: gpd.GeoDataFrame, around: Around) -> Iterator[Fault]:
    """One fault for each code that its own system does not hold, with the systems that do."""
    for name, rows in frame.groupby("class_system", dropna=True):
        if name == "other" or name not in SYSTEMS:
            continue
        unknown = system(str(name)).unknown(rows["land_class"])
        for code in dict.fromkeys(str(c) for c in unknown):
            of = rows[rows["land_class"] == code]
            mu, ids = of["area_m2"].sum() / M2_PER_MU, ", ".join(of["parcel_id"].astype(str)[:3])
            yield Fault(
                "class_unknown",
                f"{SYSTEMS[str(name)]} holds no class {code!r}{_held_by(code)}. "
                f"{len(of)} parcels have it, {mu:,.1f} mu, such as {ids}.",
                "Correct the code, or the class system. Until then shares of land cannot be told.",
                Severity.WARNING,
                feature=str(of["parcel_id"].iloc[0]),
                column="land_class",
                area_m2=float(of["area_m2"].sum()),
            )


def _held_by(code: str) -> str:
    holding = [label for name, label in SYSTEMS.items() if name != "other" and not _lacks(name, code)]
    return f"; {', '.join(holding)} does" if holding else ""


def _lacks(name: str, code: str) -> bool:
    return bool(len(system(name).unknown(pd.Series([code]))))


def declared_areas(frame: gpd.GeoDataFrame, around: Around) -> Iterator[Fault]:
    """Declared areas that differ from the measured ones, and what the difference looks like."""
    declared = pd.to_numeric(frame["declared_area_m2"], errors="coerce").to_numpy(np.float64)
    measured = frame["area_m2"].to_numpy(np.float64)
    allowed = np.maximum(around.tolerances.declared_share * measured, around.tolerances.declared_m2)
    names = around.names(frame)
    with np.errstate(invalid="ignore"):
        off = np.abs(declared - measured) > allowed
    for at in np.flatnonzero(off):
        gap = declared[at] - measured[at]
        yield Fault(
            "declared_area_differs",
            f"Declared are {declared[at]:,.2f} m², measured {measured[at]:,.2f} m² on the ellipsoid: "
            f"{gap:+,.2f} m², {gap / measured[at]:+.2%}.{_looks_like(declared[at] / measured[at])}",
            "Compare with the title; correct the number, or the outline.",
            Severity.WARNING,
            feature=names[at],
            column="declared_area_m2",
            area_m2=float(abs(gap)),
        )


def _looks_like(ratio: float) -> str:
    for factor, unit in ((1 / M2_PER_MU, "mu (亩)"), (1 / M2_PER_HA, "hectares (公顷)"), (1e-6, "km²")):
        if abs(ratio / factor - 1) < 0.02:
            return f" The number looks like {unit}, not m²."
    return ""

"""What cannot be right about a project's figures (项目数据检查): each named with its remedy, and not used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from data.records import Fault, Severity
from data.units import M2_PER_HA, M2_PER_MU, m2_to_ha
from geo.projects.reading import Figures, Flags, faults_at, figures, label, texts, words_of

ABSURD_CNY10K_PER_HA = 1_000_000.0
"""100 亿元 to the hectare: seven times what a chip works costs; such a figure was written in 元."""
LAND_AT_LEAST_M2 = 100.0
"""Smaller land is no project's; the figure was written in mu or hectares."""
FOOTPRINTS_AT_MOST = 50.0
"""Buildings that cover their land so many times over say that the land is in mu or hectares."""
LAND_TOLERANCE = 0.05
"""Land of a project and of its parcel may differ by so much before it is said; ours, no text sets it."""
MONEY = ("actual_investment_cny10k", "actual_output_cny10k", "actual_tax_cny10k")
NOT_NEGATIVE = (
    "land_m2", "floor_area_m2", "high_floor_area_m2", "footprint_m2", "structures_m2", "yard_m2",
    "admin_land_m2", "admin_floor_m2", "green_m2", "actual_investment_cny10k", "actual_output_cny10k",
)  # fmt: skip


class Within(NamedTuple):
    """A part that cannot be larger than its whole."""

    part: str
    whole: str


PARTS = (
    Within("high_floor_area_m2", "floor_area_m2"),
    Within("admin_floor_m2", "floor_area_m2"),
    Within("footprint_m2", "land_m2"),
    Within("structures_m2", "land_m2"),
    Within("yard_m2", "land_m2"),
    Within("admin_land_m2", "land_m2"),
    Within("green_m2", "land_m2"),
)


def doubtful(
    projects: pd.DataFrame, parcels: pd.DataFrame | None = None
) -> tuple[Mapping[str, Flags], list[Fault]]:
    """The figures that must not be used, and why.

    Parameters
    ----------
    projects : columns of the kind `projects`
    parcels : `parcel_id`, `area_m2` on the ellipsoid, and `zone`; None when there are none to compare with

    Returns
    -------
    column -> (n,) True where the figure is not used; the faults. A part larger than its whole leaves the
    part out, for the whole goes into more measures and is more often right
    """
    doubts: dict[str, Flags] = {}
    faults: list[Fault] = []
    measured = np.full(len(projects), np.nan) if parcels is None else parcel_area_m2(projects, parcels)
    steps = (_signs, _land, partial(_against_parcels, measured), _parts, _covered, _money)
    for step in steps:
        for column, wrong, said in step(projects, doubts):
            faults += said
            if wrong.any():
                doubts[column] = doubts.get(column, np.zeros(len(projects), bool)) | wrong
    return doubts, faults


Found = Iterator[tuple[str, Flags, list[Fault]]]


def _signs(projects: pd.DataFrame, _: Mapping[str, Flags]) -> Found:
    for column in NOT_NEGATIVE:
        given = figures(projects, column)
        wrong = (given < 0) | np.isinf(given)
        fault = Fault(
            "figure_negative",
            f"{label(column)} is {{value:g}}.",
            "Correct the figure; leave it empty when it is not known.",
            column=column,
        )
        yield column, wrong, [*faults_at(projects, wrong, fault, value=given)]


def _land(projects: pd.DataFrame, _: Mapping[str, Flags]) -> Found:
    """Land below any project's, or so far below its buildings that the land is the wrong figure."""
    land, footprint = figures(projects, "land_m2"), figures(projects, "footprint_m2")
    wrong = (land >= 0) & ((land < LAND_AT_LEAST_M2) | (footprint > land * FOOTPRINTS_AT_MOST))
    fault = Fault(
        "land_too_small",
        f"{label('land_m2')} is {{land:g}} m², with {{footprint:g}} m² of buildings on it. "
        "The figure looks like mu or hectares.",
        "State the land in square metres: 1 mu is 666.67 m², 1 ha is 10 000 m².",
        column="land_m2",
    )
    yield "land_m2", wrong, [*faults_at(projects, wrong, fault, land=land, footprint=footprint)]


def _parts(projects: pd.DataFrame, doubts: Mapping[str, Flags]) -> Found:
    for part, whole in PARTS:
        small, large = figures(projects, part), figures(projects, whole)
        wrong = (small > large) & ~doubts.get(whole, np.zeros(len(projects), bool)) & np.isfinite(small)
        fault = Fault(
            "part_above_whole",
            f"{label(part)} is {{small:,.2f}} m²; {label(whole)}, which holds it, {{large:,.2f}} m².",
            "Compare both with the survey of the completed works, and correct the one that is wrong.",
            column=part,
        )
        yield part, wrong, [*faults_at(projects, wrong, fault, small=small, large=large)]


def _covered(projects: pd.DataFrame, doubts: Mapping[str, Flags]) -> Found:
    """Footprint, structures and yards each fit on the land, but not together."""
    land = figures(projects, "land_m2")
    parts = [figures(projects, column) for column in ("footprint_m2", "structures_m2", "yard_m2")]
    together = np.sum(parts, axis=0)
    alone = np.all([part <= land for part in parts], axis=0)
    wrong = alone & (together > land * (1 + 1e-9)) & ~doubts.get("land_m2", np.zeros(len(projects), bool))
    fault = Fault(
        "part_above_whole",
        f"Footprint, structures and yards are {{small:,.2f}} m² together, {label('land_m2')} {{large:,.2f}}.",
        "See whether structures or yards under a roof were counted twice.",
        column="footprint_m2",
    )
    yield "footprint_m2", wrong, [*faults_at(projects, wrong, fault, small=together, large=land)]


def _money(projects: pd.DataFrame, doubts: Mapping[str, Flags]) -> Found:
    land = figures(projects, "land_m2")
    usable = np.where(doubts.get("land_m2", False) | (land <= 0), np.nan, land)
    for column in MONEY:
        given = figures(projects, column)
        wrong = np.abs(given) / m2_to_ha(usable) > ABSURD_CNY10K_PER_HA
        fault = Fault(
            "money_absurd",
            f"{label(column)} is {{value:,.0f}} 万元 on {{ha:.2f}} ha. No works costs or yields so much; "
            "the figure looks like 元.",
            "State money in 万元.",
            column=column,
        )
        yield column, wrong, [*faults_at(projects, wrong, fault, value=given, ha=m2_to_ha(land))]


def _against_parcels(measured: Figures, projects: pd.DataFrame, _: Mapping[str, Flags]) -> Found:
    """Land that is not the land of the parcel: left out when it looks like another unit, else only said."""
    land = figures(projects, "land_m2")
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = land / measured
    explained = np.zeros(len(projects), bool)
    stated = (
        f"{label('land_m2')} is {{land:,.2f}}; on the ellipsoid its parcel measures {{measured:,.2f}} m²."
    )
    for factor, unit in ((1 / M2_PER_MU, "mu (亩)"), (1 / M2_PER_HA, "hectares (公顷)"), (1e-6, "km²")):
        looks = np.abs(ratio / factor - 1) < LAND_TOLERANCE
        said = f"{stated} The figure looks like {unit}, not m²."
        fault = Fault("land_in_other_unit", said, "State the land in square metres.", column="land_m2")
        yield "land_m2", looks, [*faults_at(projects, looks, fault, land=land, measured=measured)]
        explained |= looks
    differs = (np.abs(ratio - 1) > LAND_TOLERANCE) & ~explained
    remedy = (
        "See whether the project holds a part of the parcel, or several parcels; the stated land is used."
    )
    fault = Fault("land_differs", stated, remedy, Severity.WARNING, column="land_m2")
    said_so = [*faults_at(projects, differs, fault, land=land, measured=measured)]
    yield "land_m2", np.zeros(len(projects), bool), said_so


def parcel_area_m2(projects: pd.DataFrame, parcels: pd.DataFrame) -> Figures:
    """(n,) area of the parcel that each project stands on, m²; nan where it has none, or it is not measured.

    Parcels that stand twice, as parts of one, are added up. A project without a zone is matched by the id
    alone, where that id stands in one zone only.

    >>> parcels = pd.DataFrame({"parcel_id": ["A", "A"], "area_m2": [100.0, 50.0]})
    >>> parcel_area_m2(pd.DataFrame({"parcel_id": ["A", None]}), parcels).tolist()
    [150.0, nan]
    """
    if "area_m2" not in parcels or "parcel_id" not in parcels or "parcel_id" not in projects:
        return np.full(len(projects), np.nan)
    asked = texts(projects, "parcel_id")
    names, wanted = texts(parcels, "parcel_id"), set(asked)
    near = [at for at, name in enumerate(names) if name in wanted]  # a few of many
    zones = words_of(parcels["zone"].take(near)) if "zone" in parcels else [""] * len(near)
    sums: dict[tuple[str, str], float] = {}
    for at, zone, area in zip(near, zones, figures(parcels, "area_m2")[near].tolist(), strict=True):
        sums[zone, names[at]] = sums.get((zone, names[at]), 0.0) + area
    missing = float("nan")
    sums.pop(("", ""), None)
    alone: dict[str, float] = {}
    for (_, name), area in sums.items():
        alone[name] = missing if name in alone else area
    found = [
        sums.get((zone, name), sums.get(("", name), missing)) if zone else alone.get(name, missing)
        for zone, name in zip(texts(projects, "zone"), asked, strict=True)
    ]
    return np.array(found, dtype=np.float64)

"""Results of a raster (遥感结果): built share and shares of groups of a zone, and how the ledger differs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.codes.legends import GROUPS, Legend
from data.records import Fault, Input, Result, Severity
from data.units import m2_to_ha, m2_to_mu
from geo.cover.against_ledger import CANNOT_TELL, ONLY_LEDGER, ONLY_SATELLITE, VERDICTS
from geo.cover.change import Change
from geo.cover.seen import Seen
from geo.cover.zonal import ClassAreas
from geo.rings import Floats, Ints

LEAST_KNOWN = 0.5
"""Below that part of a zone the raster says too little of it to speak for the zone."""


NOTHING_TOLD = (
    "There is no parcel of which satellite and ledger could be compared. Ingest the parcels of the zone with "
    "`built`, or give a raster that covers them."
)
SHARE = "Σ area of the classes / area with a value; each cell by its true area and the part that is covered"


@dataclass(frozen=True)
class About:
    """What results quote: the raster, its legend, and the year that they are about.

    Parameters
    ----------
    origin : name and hash of the raster
    """

    legend: Legend
    origin: str
    year: int


def zone_results(
    found: ClassAreas, zone: int, about: About, ledger: tuple[pd.DataFrame, ClassAreas] | None = None
) -> list[Result]:
    """What the raster shows of one zone, and how that differs from its ledger.

    Parameters
    ----------
    zone : number of the zone in `found`
    ledger : its parcels (built, nullable), and what the raster shows of the part of each that lies in the
        zone, row for row; None: there is none to compare with

    Returns
    -------
    `cover.<legend>.built_share`, `cover.<legend>.<group>_share` of each group of the legend, and
    `cover.<legend>.difference`: built share of the parcels' land by satellite, less that by ledger
    """
    seen, legend = Seen.of(found, about.legend), about.legend
    known, reason = float(seen.known_m2[zone]), _silent(found, seen, zone)
    groups = [group for group in GROUPS if legend.group(group)]
    asked = [("built_share", "卫星建设用地占比", legend.built())]
    asked += [(f"{group}_share", f"卫星{GROUPS[group]}占比", legend.group(group)) for group in groups]
    beside = _inputs(found, seen, zone, about)
    shares = []
    for code, label, values in asked:
        area = float(found.of(values)[zone])
        shares.append(
            Result(
                code=f"cover.{legend.name}.{code}",
                label=label,
                value=None if reason else area / known,
                unit="1",
                inputs=(_input("class", label, area, about), *beside),
                formula=SHARE,
                articles=_articles(about),
                reason=reason,
                layer_versions=(about.origin,),
                breakdown=_breakdown(found, zone) if code == "built_share" else {},
            )
        )
    return [*shares, _difference(about, ledger)]


def _silent(found: ClassAreas, seen: Seen, zone: int) -> str:
    """Why the raster does not speak for a zone; empty where it does."""
    reason, known = str(found.reason[zone]), float(seen.known_m2[zone] / found.whole_m2[zone])
    if reason or known >= LEAST_KNOWN:
        return reason
    return (
        f"The raster has a value for {known:.0%} of the zone only, too little to speak for it. "
        "Give a raster that covers it."
    )


def disagreement(about: About, ranking: pd.DataFrame) -> Result:
    """Land about which satellite and ledger differ, parcel by parcel.

    Formula: Σ over the parcels that differ, of the part that is built on by one and not by the other

    Parameters
    ----------
    ranking : of the zone's parcels, as `geo.cover.against_ledger.parcels_against` makes it

    Returns
    -------
    `cover.<legend>.disagreement`, mu; the breakdown holds `<verdict>_mu.<parcel>` of each parcel that does
    not agree, and for those that cannot be told their area
    """
    verdict = ranking["verdict"]
    apart = verdict.isin([ONLY_LEDGER, ONLY_SATELLITE])
    vague = verdict.eq(CANNOT_TELL)
    mu = float(ranking.loc[apart, "disagreement_mu"].sum())
    odd = ranking[apart | vague]
    amount = odd["disagreement_mu"].where(odd["verdict"] != CANNOT_TELL, odd["area_mu"])
    parts = zip(odd["verdict"], odd["parcel_id"], amount, strict=True)
    reason = "" if len(ranking) > int(vague.sum()) else NOTHING_TOLD
    counts = [
        Input(name, label, float(verdict.eq(name).sum()), "count", about.origin)
        for name, label in VERDICTS.items()
    ]
    return Result(
        code=f"cover.{about.legend.name}.disagreement",
        label="已判明的卫星与台账不一致用地",
        value=None if reason else mu,
        unit="mu",
        inputs=(Input("parcels", "地块", float(len(ranking)), "count", "parcels"), *counts),
        formula="Σ 一方认为已建成、另一方未见的部分",
        articles=_articles(about),
        reason=reason,
        layer_versions=(about.origin,),
        breakdown={f"{name}_mu.{parcel}": float(area) for name, parcel, area in parts},
    )


def _articles(about: About) -> tuple[str, ...]:
    """The legend, with its sources and how far its rows have been checked."""
    table = about.legend.table
    sources = ", ".join(sorted(set(table["source"].dropna().astype(str))))
    status = ", ".join(sorted(set(table["status"].dropna().astype(str))))
    return (f"{about.legend.label}: {sources} ({status})",)


def _difference(about: About, ledger: tuple[pd.DataFrame, ClassAreas] | None) -> Result:
    """Built share of the parcels' land by satellite, less that by ledger; both on the same parcels."""
    inputs: tuple[Input, ...] = ()
    value, reason = None, "There are no parcels to compare with. Ingest the parcels of the zone."
    if ledger is not None and len(ledger[0]):
        parcels, found = ledger
        built = parcels["built"].astype("boolean")
        seen = Seen.of(found, about.legend)
        land, blank = float(np.nansum(found.whole_m2)), built.isna().to_numpy(bool)
        lost = (found.reason != "") | ~(seen.known_m2 >= LEAST_KNOWN * found.whole_m2)
        by_ledger = float(np.nansum(found.whole_m2[built.fillna(False).to_numpy(bool)]))
        by_raster = float(np.nansum(seen.share * found.whole_m2))
        inputs = (
            Input("parcels", "地块面积", land, "m2", "parcels", len(parcels)),
            Input("ledger_built", "台账建成面积", None if blank.any() else by_ledger, "m2", "parcels"),
            _input("satellite_built", "卫星建设用地面积", None if lost.any() else by_raster, about),
            _input("mixed", "无法区分是否建设的面积", float(np.nansum(seen.mixed_m2)), about),
        )
        reason = _lacking(found, blank, lost)
        value = None if reason else (by_raster - by_ledger) / land
    return Result(
        code=f"cover.{about.legend.name}.difference",
        label="卫星与台账建成占比之差",
        value=value,
        unit="1",
        inputs=inputs,
        formula="(satellite_built - ledger_built) / parcels",
        articles=_articles(about),
        reason=reason,
        layer_versions=(about.origin,),
    )


def _lacking(found: ClassAreas, blank: NDArray[np.bool_], lost: NDArray[np.bool_]) -> str:
    """What keeps the difference from being told; empty when nothing does."""
    said = []
    if blank.any():
        land = m2_to_mu(float(np.nansum(found.whole_m2[blank])))
        said.append(f"built (是否建成) is not given for {blank.sum()} parcels ({land:,.1f} mu): fill it in")
    if lost.any():
        land = m2_to_mu(float(np.nansum(found.whole_m2[lost])))
        said.append(
            f"the raster says nothing of {lost.sum()} parcels ({land:,.1f} mu): give one that covers them"
        )
    return f"Cannot be told: {'; '.join(said)}." if said else ""


def _inputs(found: ClassAreas, seen: Seen, zone: int, about: About) -> tuple[Input, ...]:
    return (
        _input("known", "有值面积", seen.known_m2[zone], about),
        _input("mixed", "无法区分是否建设的面积", seen.mixed_m2[zone], about),
        _input("nodata", "无数据面积", found.nodata_m2[zone], about),
        _input("outside", "栅格以外面积", found.outside_m2[zone], about),
        Input("zone", "开发区面积", _plain(found.whole_m2[zone]), "m2", "zones"),
        Input("year", "年份", float(about.year), "year", about.legend.label),
    )


def _input(name: str, label: str, value: float | None, about: About) -> Input:
    return Input(name, label, _plain(value), "m2", about.origin)


def _plain(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else float(value)


def _breakdown(found: ClassAreas, zone: int) -> dict[str, float]:
    """`50_m2`: area of each class value in a zone."""
    of_zone = found.polygon == zone
    return {
        f"{value}_m2": area
        for value, area in zip(found.value[of_zone].tolist(), found.area_m2[of_zone].tolist(), strict=True)
    }


def unknown_values(found: ClassAreas, legend: Legend, file: str) -> list[Fault]:
    """A warning for each class value that the legend does not hold: how many cells, how many hectares."""
    return _strange(found.value, (found.class_cells, found.area_m2), legend, file)


def unknown_changes(told: Change, legend: Legend, files: tuple[str, str]) -> list[Fault]:
    """The same for the values that two rasters have on their common cells."""
    table, faults = told.table, []
    sizes = (table["cells"].to_numpy(), table["area_m2"].to_numpy())
    for column, file in zip(("from_value", "to_value"), files, strict=True):
        faults += _strange(table[column].to_numpy(), sizes, legend, file)
    return faults


def _strange(value: Ints, sizes: tuple[Floats, Floats], legend: Legend, file: str) -> list[Fault]:
    cells, area_m2 = sizes
    faults = []
    for each in sorted(set(value.tolist()) - set(legend.table.index.tolist())):
        count, area = float(cells[value == each].sum()), float(area_m2[value == each].sum())
        faults.append(
            Fault(
                "class_without_legend",
                f"The value {each} stands in {count:,.1f} cells ({m2_to_ha(area):,.4f} ha), and "
                f"{legend.label} has no such class. It counts as itself, and neither as built on nor as not.",
                "Say with --nodata if it means nothing; else choose another legend, or write your own.",
                Severity.WARNING,
                file=file,
                area_m2=area,
            )
        )
    return faults

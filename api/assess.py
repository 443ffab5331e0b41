"""Assess (评价): one zone, one year: read, measure, hold against the rules, keep in the book.

The only place that runs both calculators. What was in force at the end of the year is measured: the
boundary and the parcels of 31 December, the statements of the year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd
import shapely

from carbon.choices import Choices
from carbon.inventory import Inventory, inventory
from carbon.inventory import results as emissions
from data.book.interface import Ask, Book
from data.codes.regions import regions
from data.codes.zones import zones as catalogue
from data.errors import NotHere, NothingInForce
from data.parameters import NATION
from data.records import Fault, Input, Result, Severity
from geo.benefit import area_bases, per_area
from geo.benefit import measure as benefit
from geo.land import faults as land_faults
from geo.land import measure as land
from geo.land.survey import surveyed
from geo.overlay import Zones, overlay

SLIVER = 1e-3  # a parcel that lies in its zone but for a thousandth is wholly in it


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one zone was found to be in one year.

    Parameters
    ----------
    results : indicators of land, benefit and emissions, each with its inputs and articles
    faults : what was odd about the data
    inventory : the lines behind the emissions
    """

    zone: str
    name: str
    year: int
    results: tuple[Result, ...]
    faults: tuple[Fault, ...]
    inventory: Inventory

    def as_json(self) -> dict[str, Any]:
        """The contract's object."""
        return {
            "zone": self.zone,
            "name": self.name,
            "year": self.year,
            "results": [result.as_json() for result in self.results],
            "faults": [fault.as_json() for fault in self.faults],
        }

    def result(self, code: str) -> Result:
        """The result of that code.

        Raises
        ------
        NotHere : there is no such result
        """
        for each in self.results:
            if each.code == code:
                return each
        raise NotHere("result", code, [each.code for each in self.results])


def assess(book: Book, code: str, year: int, *, choices: Choices | None = None) -> Assessment:
    """One zone in one year, measured from the book; nothing is stored.

    Parameters
    ----------
    code : of the zone
    year : boundary and parcels of its 31 December, statements of the year
    choices : of the carbon inventory

    Raises
    ------
    NotHere : the book has no such zone
    NothingInForce : it has, but no boundary of it was in force at the end of that year
    """
    day = date(year, 12, 31)
    zone = zone_on(book, code, day)
    region = region_of(zone)
    parcels, faults = parcels_of(book, zone, day)
    firms = book.read("enterprises", Ask(zone=code, year=year))
    told = inventory(
        book.read("activity", Ask(zone=code, year=year)),
        zone=code, region=region, year=year, choices=choices,
    )  # fmt: skip
    origin = ", ".join(_versions(parcels)) or "parcels"
    survey = surveyed(parcels).assign(parcel_id=parcels["parcel_id"])  # once, for all that follow
    measured = [
        *land(survey, zone, day=day, region=region, origin=origin),
        *benefit(firms, survey, zone, year),
        *_emissions(told, firms, survey, zone),
    ]
    versions = [*_versions(zone), *_versions(parcels), *_versions(firms), *told.versions]
    return Assessment(
        code,
        str(zone["name"]),
        year,
        tuple(_with_versions(result, versions) for result in measured),
        (*faults, *land_faults(survey), *told.faults),
        told,
    )


def assess_and_store(
    book: Book, codes: Sequence[str], year: int, when: datetime, choices: Choices | None = None
) -> Iterable[Assessment]:
    """Each zone assessed in turn, and its results kept in the book as soon as they are there."""
    for code in codes:
        told = assess(book, code, year, choices=choices)
        book.store_results(code, year, told.results, when)
        yield told


def zone_on(book: Book, code: str, day: date) -> Mapping[str, Any]:
    """The zone as it was on a day: its columns, `geometry` and `version`.

    Raises
    ------
    NotHere, NothingInForce : see `assess`
    """
    found = book.read("zones", Ask(zone=code, on=day))
    if len(found):
        return {str(k): v for k, v in found.iloc[0].to_dict().items()}
    periods = book.parts("zones", code)
    if not periods:
        raise NotHere("zone", code, zone_codes(book))
    said = "; ".join(f"{p.valid_from or 'ever'} to {p.valid_to or 'now'}" for p in periods)
    raise NothingInForce(
        f"No boundary of {code} was in force on {day}; the book has: {said}. "
        "Assess a year within these, or ingest the boundary of that time with --valid-from."
    )


def zone_codes(book: Book, day: date | None = None) -> list[str]:
    """Codes of the zones of the book, in force on a day or ever, sorted."""
    return sorted(set(book.read("zones", Ask(on=day), columns=["code"])["code"]))


def region_of(zone: Mapping[str, Any]) -> str:
    """GB/T 2260 code of the zone's city, else of its province by the grammar of its code, else the nation.

    >>> region_of({"code": "G411031"}), region_of({"code": "G321097"}), region_of({"code": "X1"})
    ('410100', '320000', '100000')
    """
    code = str(zone["code"])
    listed = catalogue().set_index("code")["city_code"]
    if code in listed.index:
        return str(listed[code])
    known = regions()
    city = known.index[(known["name"] == zone.get("city")) & (known["level"] == "prefecture")]
    if len(city):
        return str(city[0])
    province = f"{code[1:3]}0000"
    return province if province in known.index else NATION


def parcels_of(book: Book, zone: Mapping[str, Any], day: date) -> tuple[pd.DataFrame, list[Fault]]:
    """The parcels of a zone with `area_m2` apportioned to it, and what is odd about where they lie.

    A parcel that names its zone belongs to it, with the part that lies inside; one that names none
    belongs to the zones on which it lies. Floor area and footprint are apportioned like the area.
    """
    box = shapely.bounds(zone["geometry"])
    found = book.read("parcels", Ask(on=day, box=tuple(float(v) for v in box)))
    mine = found[found["zone"].isna() | (found["zone"] == zone["code"])].reset_index(drop=True)
    elsewhere = book.read("parcels", Ask(on=day, zone=str(zone["code"])), columns=["parcel_id"])
    if not len(mine):
        return mine, _strays(set(elsewhere["parcel_id"]), zone)
    shares = overlay(mine.geometry, 4490, Zones([zone["geometry"]], 4490, [zone["code"]]))
    inside = pd.Series(0.0, mine.index)
    inside.iloc[shares.parcel] = shares.area_m2
    whole = pd.Series(shares.parcel_area_m2, mine.index)
    share = (inside / whole).where(inside < whole * (1 - SLIVER), 1.0).where(inside > whole * SLIVER, 0.0)
    faults = _strays(set(elsewhere["parcel_id"]) - set(mine.loc[share > 0, "parcel_id"]), zone)
    faults += _crossing(mine[(share > 0) & (share < 1) & (mine["zone"] == zone["code"])], share, zone)
    mine = mine.assign(share=share)[share > 0]
    for column in ("area_m2", "floor_area_m2", "footprint_m2"):
        mine[column] = pd.to_numeric(mine[column], errors="coerce").astype(float) * mine["share"]
    return mine.reset_index(drop=True), faults


def _crossing(rows: pd.DataFrame, share: pd.Series, zone: Mapping[str, Any]) -> list[Fault]:
    return [
        Fault(
            "crosses_boundary",
            f"{part:.1%} of the parcel lies in {zone['code']}, to which it says it belongs.",
            "That part is counted. Correct the parcel, or its zone, if it should not cross.",
            Severity.WARNING,
            "parcels",
            str(parcel),
        )
        for parcel, part in zip(rows["parcel_id"], share.loc[rows.index], strict=True)
    ]


def _strays(parcels: set[str], zone: Mapping[str, Any]) -> list[Fault]:
    return [
        Fault(
            "outside_its_zone",
            f"The parcel says that it belongs to {zone['code']}, and lies wholly outside of it.",
            "It is not counted. Correct its zone, or the boundary.",
            Severity.WARNING,
            "parcels",
            parcel,
        )
        for parcel in sorted(parcels)
    ]


def _emissions(
    told: Inventory, firms: pd.DataFrame, parcels: pd.DataFrame, zone: Mapping[str, Any]
) -> list[Result]:
    """The total, per mu of built land, and per 万元 of value added."""
    total = emissions(told)[0]
    bases = area_bases(zone, parcels, firms)
    return [
        total,
        per_area("emissions_per_mu", "亩均碳排放", total, "tCO2e", bases),
        _per_value_added(total, firms),
    ]


def _per_value_added(total: Result, firms: pd.DataFrame) -> Result:
    known = firms["value_added_cny10k"].notna()
    added = float(firms["value_added_cny10k"].sum()) if len(firms) and known.all() else None
    lacking = ", ".join(firms.loc[~known, "enterprise_id"].astype(str)[:5])
    why = [total.reason] if total.value is None else []
    if added is None:
        why.append(
            f"No value added is known of {lacking}." if len(firms) else "No enterprise stated value added."
        )
    elif added <= 0:
        why.append(f"Value added is {added:.2f} 万元, by which nothing can be divided.")
    value = total.value / added if total.value is not None and added is not None and added > 0 else None
    return replace(
        total,
        code="emissions_per_value_added",
        label="单位增加值碳排放",
        value=value,
        unit="tCO2e/CNY10k",
        inputs=(*total.inputs, Input("value_added", "增加值", added, "CNY10k", "enterprises", len(firms))),
        formula="emissions_total / Σ value_added_cny10k",
        reason=" ".join(why),
        breakdown={},
    )


def _versions(rows: Mapping[str, Any] | pd.DataFrame) -> list[str]:
    """Names of the layer versions behind rows."""
    if isinstance(rows, pd.DataFrame):
        return sorted(set(rows["version"].dropna().astype(str))) if "version" in rows else []
    return [str(rows["version"])] if rows.get("version") else []


def _with_versions(result: Result, versions: list[str]) -> Result:
    return replace(result, layer_versions=tuple(dict.fromkeys((*result.layer_versions, *versions))))

"""Land cover of zones (`mutan cover`): a raster held against polygons of a file, and a second raster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from data import columns, formats
from data.codes.legends import LEGENDS, Legend, legend, own_legend
from data.errors import ColumnMissing, FaultsFound, LayerUnusable
from data.formats.raster import Raster, open_raster
from data.formats.raster_checks import fingerprint
from data.kinds import kind
from data.records import Fault, Result, Severity
from data.units import m2_to_ha, m2_to_mu
from geo import cover
from geo.cover import ClassAreas, Polygons
from geo.cover.against_ledger import THRESHOLD
from geo.crs import declare_anywhere
from geo.crs.belts import horizontal

NAMES = ("code", "zone", "parcel_id", "name", "id", "开发区代码", "开发区名称", "地块编号", "名称", "编号")
NODATA, OUTSIDE, UNKNOWN = "nodata", "outside", "unknown"
APART = {NODATA: "无数据", OUTSIDE: "栅格以外", UNKNOWN: "无法判断"}


@dataclass(frozen=True)
class Wishes:
    """What the person says beside the files.

    Parameters
    ----------
    classes : name of a legend, or path of a CSV of their own; None: values stay numbers
    nodata, band : of the rasters, where they do not say
    raster_crs : of the rasters, where they do not say
    align : lay the second raster on the cells of the first
    threshold : built share from which a parcel counts as built on
    """

    classes: str | None = None
    nodata: float | None = None
    band: int | None = None
    raster_crs: str | None = None
    align: bool = False
    threshold: float = THRESHOLD

    @property
    def legend(self) -> Legend | None:
        """The legend that is meant."""
        if self.classes is None:
            return None
        own = self.classes not in LEGENDS and Path(self.classes).suffix.lower() == ".csv"
        return own_legend(Path(self.classes)) if own else legend(self.classes)

    @contextmanager
    def raster(self, path: Path) -> Iterator[tuple[Raster, CRS]]:
        """A raster, open, and its CRS."""
        with open_raster(path, band=self.band, nodata=self.nodata) as raster:
            yield raster, cover.crs_of(raster, self.raster_crs)


@dataclass(frozen=True)
class Layer:
    """Zones or parcels ready to be laid on a raster: a name each, and what was odd."""

    names: list[str]
    polygons: Polygons
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Cover:
    """What was found.

    Parameters
    ----------
    rows : one per zone and class, or per zone and change
    parcels : the ranking against the ledger; None where no parcels were given
    results : zone code -> results, where the zones are those of a book
    source : name and hash of each raster
    """

    rows: pd.DataFrame
    parcels: pd.DataFrame | None = None
    results: dict[str, list[Result]] = field(default_factory=dict)
    source: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """One document; what is not there is left out."""
        made: dict[str, Any] = {"rasters": list(self.source), "rows": plain(self.rows)}
        if self.parcels is not None:
            made["parcels"] = plain(self.parcels)
        if self.results:
            made["results"] = {zone: [each.as_json() for each in told] for zone, told in self.results.items()}
        return {**made, "faults": [fault.as_json() for fault in self.faults]}


def cover_of_file(zones: Layer, path: Path, wishes: Wishes, parcels: Path | None = None) -> Cover:
    """Area of each class of a raster in each zone of a file, and the parcels of another against it.

    Raises
    ------
    MutanError : a file cannot be read, a CRS cannot be told, a legend or column is missing
    """
    meaning = wishes.legend
    if parcels is not None and meaning is None:
        raise LayerUnusable(
            "Without a legend nobody knows which class is built on. Choose one with --classes: "
            f"{', '.join(LEGENDS)}, or the path of a CSV of your own."
        )
    with wishes.raster(path) as (raster, crs):
        given = zones.polygons
        found = cover.class_areas(given.geometries, given.crs, raster, crs, area_m2=given.area_m2)
        faults = [*zones.faults, *raster.faults]
        ranking = None
        if parcels is not None and meaning is not None:
            ledger, frame = _ledger(parcels)
            seen = cover.class_areas(frame.geometry, horizontal(frame.crs), raster, crs)
            ranking = cover.parcels_against(frame, seen, meaning, threshold=wishes.threshold)
            faults += ledger
    if meaning is not None:
        faults += cover.unknown_values(found, meaning, path.name)
    return Cover(rows_of(zones.names, found, meaning), ranking, {}, (origin(path),), tuple(faults))


def change_of_file(zones: Layer | None, paths: tuple[Path, Path], wishes: Wishes) -> Cover:
    """What became what between two rasters, in each zone of a file, or on the whole when there is none."""
    with wishes.raster(paths[0]) as (first, crs), wishes.raster(paths[1]) as (second, other):
        with cover.pair_of(first, second, (crs, other), align=wishes.align) as pair:
            told = cover.change(pair, crs) if zones is None else cover.change_in(pair, crs, zones.polygons)
        faults = (*(zones.faults if zones else ()), *first.faults, *second.faults)
    if (meaning := wishes.legend) is not None:
        faults += tuple(cover.unknown_changes(told, meaning, (paths[0].name, paths[1].name)))
    names = zones.names if zones else ["all"]
    rows = change_rows(names, told, meaning)
    return Cover(rows, source=tuple(origin(path) for path in paths), faults=faults)


def layer_of_file(path: Path, *, by: str | None = None, crs: str | None = None) -> Layer:
    """The polygons of a file, with a name each: of the column `by`, else of the first that looks like names.

    Raises
    ------
    MutanError : the file cannot be read, holds no polygon, or its CRS cannot be told
    ColumnMissing : it has no column `by`
    """
    table = formats.read(path)
    frame = table.frame
    if not isinstance(frame, gpd.GeoDataFrame):
        raise LayerUnusable(
            f"{path.name} is a table without geometry. Give the file that holds the polygons."
        )
    if errors := [fault for fault in table.faults if fault.severity is Severity.ERROR]:
        raise FaultsFound(errors, f"{path.name} was not measured: {len(errors)} errors.")
    if by is not None and by not in frame:
        raise ColumnMissing(by, "mutan cover", list(frame.columns))
    frame, faults = declare_anywhere(frame, crs)
    lower = {str(column).lower(): column for column in frame.columns}
    column = by if by is not None else next((lower[name] for name in NAMES if name in lower), None)
    numbers = pd.Series(np.arange(1, len(frame) + 1).astype(str), frame.index)
    names = numbers if column is None else frame[column].astype("str").fillna(numbers)
    return Layer(names.tolist(), Polygons(frame.geometry, horizontal(frame.crs)), (*table.faults, *faults))


def rows_of(names: Sequence[str], found: ClassAreas, meaning: Legend | None) -> pd.DataFrame:
    """One row per zone and class; what has no value, lies outside or cannot be told has rows of its own.

    Columns zone, class, name, area_m2, area_ha, area_mu, share (of the zone), reason. Zones of one name
    are added up. All rows of a zone together are the zone.
    """
    label = pd.Series(names, dtype="str")
    values = pd.Series(found.value)
    classes = pd.DataFrame({
        "zone": label.to_numpy()[found.polygon],
        "class": values.astype("str"),
        "name": meaning.names(values) if meaning else "",
        "order": values,
        "area_m2": found.area_m2,
        "reason": "",
    })
    parts = [classes, *_apart(label, found)]
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    table["place"] = table["zone"].map({name: i for i, name in reversed(list(enumerate(names)))})
    keys = ["place", "order", "zone", "class", "name"]
    table = table.assign(name=table["name"].fillna(""), blank=table["area_m2"].isna())
    summed = table.groupby(keys, as_index=False)
    table = summed.agg({"area_m2": "sum", "reason": "max", "blank": "any"})
    table["area_m2"] = table["area_m2"].mask(table["blank"])
    whole = pd.Series(found.whole_m2).groupby(label).sum()
    share = table["area_m2"] / table["zone"].map(whole).where(lambda each: each > 0)
    made = table.assign(area_ha=m2_to_ha(table["area_m2"]), area_mu=m2_to_mu(table["area_m2"]), share=share)
    return made[["zone", "class", "name", "area_m2", "area_ha", "area_mu", "share", "reason"]]


def _apart(label: pd.Series, found: ClassAreas) -> Iterator[pd.DataFrame]:
    """Rows for what is of no class: without a value, beyond the raster, or not to be told at all."""
    lost = found.reason != ""
    away = lost & (found.outside_m2 == found.whole_m2)
    areas = {
        NODATA: np.where(lost, 0.0, found.nodata_m2),
        OUTSIDE: np.where(~lost | away, found.outside_m2, 0.0),
        UNKNOWN: np.where(lost & ~away, found.whole_m2, 0.0),
    }
    for number, (which, area) in enumerate(areas.items()):
        some = (area > 0) | np.isnan(area)
        yield pd.DataFrame({
            "zone": label.to_numpy()[some],
            "class": which,
            "name": APART[which],
            "order": np.iinfo(np.int64).max - 3 + number,
            "area_m2": area[some],
            "reason": found.reason[some],
        })


def change_rows(names: Sequence[str], told: cover.Change, meaning: Legend | None) -> pd.DataFrame:
    """One row per zone, class before and class after, on the cells that both years know.

    Columns zone, from, from_name, to, to_name, cells, area_m2, area_ha, area_mu, share (of the common
    cells), reason.
    """
    table = told.table
    common = table["zone"].map(told.valid["common_m2"])
    made = pd.DataFrame({
        "zone": pd.Series(names, dtype="str").reindex(table["zone"]).to_numpy(),
        "from": table["from_value"].astype("str"),
        "from_name": meaning.names(table["from_value"]).fillna("") if meaning else "",
        "to": table["to_value"].astype("str"),
        "to_name": meaning.names(table["to_value"]).fillna("") if meaning else "",
        "cells": table["cells"],
        "area_m2": table["area_m2"],
        "area_ha": m2_to_ha(table["area_m2"]),
        "area_mu": m2_to_mu(table["area_m2"]),
        "share": table["area_m2"] / common,
        "reason": "",
    })
    lost = np.flatnonzero(told.reason != "")
    if not len(lost):
        return made
    silent = pd.DataFrame({"zone": [names[i] for i in lost], "reason": told.reason[lost]})
    return pd.concat([made, silent], ignore_index=True)


def origin(path: Path) -> str:
    """Name and hash of a raster, as results quote it."""
    return f"{path.name} {fingerprint(path)}"


def plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for JSON: what is missing is None."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _ledger(path: Path) -> tuple[list[Fault], gpd.GeoDataFrame]:
    """The parcels of a file: parcel_id, built (unknown where it does not say), and geometry."""
    whole = kind("parcels")
    asked = replace(whole, columns={name: whole.columns[name] for name in ("parcel_id", "built")})
    table = columns.fit(formats.read(path), asked)
    if not isinstance(table.frame, gpd.GeoDataFrame):
        raise LayerUnusable(f"{path.name} is a table without geometry. Give the file that holds the parcels.")
    frame, faults = declare_anywhere(table.frame)
    if "built" not in frame:
        frame["built"] = pd.Series(pd.NA, frame.index, dtype="boolean")
    return [*(fault for fault in table.faults if fault.column in asked.columns), *faults], frame

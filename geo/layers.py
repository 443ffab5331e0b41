"""Layers in (图层入库): from a table as it was read to features that can be measured, checked and stored.

The order matters. Columns first, for they say which zone and which class system. Then the CRS, for without it
nothing has a size. Then the area, in the CRS the layer came in, in which its edges are straight. Only then
the way to EPSG:4490, in which everything is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from data import columns
from data.errors import ColumnMissing, LayerUnusable, NoSuchCode
from data.kinds import Column, Kind
from data.kinds import kind as kind_of
from data.records import Fault, Severity, Table
from geo import areas
from geo.crs import Box, choose, declare_anywhere, name_of, to_geographic
from geo.crs.belts import horizontal
from geo.parts import OF_PARTS, joined
from geo.polygons import as_polygons, repaired
from geo.rows import row_numbers

Ints = NDArray[np.int64]

_EMPTY = {"number": "float64", "integer": "Int64", "flag": "boolean", "day": "datetime64[s]"}


@dataclass(frozen=True)
class Layer:
    """A table of one kind, ready to be checked and stored.

    Parameters
    ----------
    frame : all columns of the kind (what nobody supplied is NA); then, if the kind has geometry, `area_m2`
        (m², on the ellipsoid; nan where it cannot be measured) and geometry in EPSG:4490; then the columns
        that the kind does not know
    kind : key of `data.kinds`
    crs : what the coordinates were in: EPSG:4526, gcj02; empty without geometry
    class_system : the system of the parcels' codes; several are joined by commas; empty when not known
    faults : of reading, columns, CRS and geometry; with any error among them the layer must not be stored
    """

    frame: pd.DataFrame
    kind: str
    crs: str = ""
    class_system: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults for which the layer must not be stored."""
        return tuple(fault for fault in self.faults if fault.severity is Severity.ERROR)


def take(
    table: Table,
    kind: str,
    *,
    crs: str | None = None,
    class_system: str | None = None,
    supplier: str | None = None,
    rename: Mapping[str, str] | None = None,
    zone: str | None = None,
    repair: bool = False,
    boxes: Mapping[str, Box] | None = None,
) -> Layer:
    """A table as it was read, as a layer of a kind.

    Rows with faults stay in the frame: the caller decides. Parcels without a zone keep it missing; they are
    found by place later.

    Parameters
    ----------
    crs : chosen CRS, as `geo.crs.choose` spells it; wins over what the file declares
    class_system : for parcels whose rows name none
    supplier, rename : whose column names these are; see `data.columns`
    zone : code of the zone for rows that name none
    repair : make invalid polygons valid, and say which
    boxes : zone code or city name -> west, south, east, north in degrees, within which its features must lie

    Raises
    ------
    CrsMissing, CrsContradicted : see `geo.crs.declare`
    LayerUnusable : the kind needs polygons, and the table has no geometry at all
    ColumnMissing : see `data.columns.fit`
    NoSuchCode : no such kind, or no such class system
    """
    about = kind_of(kind)
    fitted = _fitted(table, about, zone, supplier=supplier, rename=rename)
    rows = row_numbers(fitted.frame, fitted.first_row)
    frame, of_choices = _chosen(fitted.frame, rows, {"zone": zone, "class_system": class_system}, about)
    faults, name = [*fitted.faults, *of_choices], ""
    if about.geometry:
        city_box = _box(frame, zone, boxes or {})
        frame, name, of_place = _placed(
            frame, fitted.first_row, about, crs=crs, repair=repair, city_box=city_box
        )
        faults += of_place
    elif isinstance(frame, gpd.GeoDataFrame):
        faults.append(_geometry_left_out(about))
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    frame = _numbered(_in_order(frame, about), rows)
    stamped = [*_stamped(faults, _named(faults, rows, frame[about.key[-1]]), about, table)]
    if kind in OF_PARTS:
        frame, of_parts = joined(frame, about.key)
        stamped += _stamped(of_parts, {}, about, table)
    return Layer(frame, kind, name, _systems_in(frame), tuple(stamped))


def _numbered(frame: pd.DataFrame, rows: Ints) -> pd.DataFrame:
    """With the row of the file in the column `row`, of kinds that keep it; a number stated there stays."""
    if "row" not in frame.columns:
        return frame
    stated = frame["row"].astype("Int64")
    return frame.assign(row=stated.where(stated.notna(), pd.array(rows, dtype="Int64")))


def _fitted(
    table: Table, about: Kind, zone: str | None, *, supplier: str | None, rename: Mapping[str, str] | None
) -> Table:
    """The table with our columns; a chosen zone stands in for a column that the file does not have."""
    try:
        return columns.fit(table, about, supplier=supplier, rename=rename)
    except ColumnMissing as lacking:
        if zone is None or lacking.column != "zone":
            raise
    table = replace(table, frame=table.frame.assign(zone=zone))
    return columns.fit(table, about, supplier=supplier, rename=rename)


def _placed(
    frame: pd.DataFrame,
    first_row: int,
    about: Kind,
    *,
    crs: str | None,
    repair: bool,
    city_box: Box | None,
) -> tuple[gpd.GeoDataFrame, str, list[Fault]]:
    """The frame in EPSG:4490 with `area_m2`, the name of the CRS it came in, and what is odd about both."""
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        raise LayerUnusable(
            f"{about.label} ({about.name}) need a polygon in each row, and the file has no geometry. "
            "Give the map layer itself (GeoPackage, Shapefile, GeoJSON …)."
        )
    rows = row_numbers(frame, first_row)
    polygons, of_shapes = as_polygons(frame, rows)
    layer, of_crs = declare_anywhere(polygons, crs, city_box=city_box, first_row=first_row)
    if repair:
        layer, of_repairs = repaired(layer, rows)
        of_shapes += of_repairs
    held: CRS = layer.crs
    shapes = layer.geometry.to_numpy().copy()
    astray = [fault.row or 0 for fault in of_crs if fault.code == "coordinates_contradict_crs"]
    shapes[np.isin(rows, astray)] = None
    if "area_m2" in layer:
        layer = layer.rename(columns={"area_m2": "area_m2_in_file"})
    layer = to_geographic(layer).assign(area_m2=areas.ellipsoidal_area_m2(shapes, horizontal(held)))
    return layer, choose(crs).name if crs is not None else name_of(held), [*of_shapes, *of_crs]


def _chosen(
    frame: pd.DataFrame, rows: Ints, choices: Mapping[str, str | None], about: Kind
) -> tuple[pd.DataFrame, list[Fault]]:
    """The frame with what was chosen for all rows written into those that are silent."""
    faults: list[Fault] = []
    for name, choice in choices.items():
        if choice is None or name not in about.columns:
            continue
        value = _one_of(choice, about.columns[name])
        said = frame[name] if name in frame else pd.Series(pd.NA, frame.index, dtype="str")
        other = np.flatnonzero(said.notna() & (said != value))
        frame = frame.assign(**{name: said.fillna(value)})
        if len(other):
            faults.append(_choice_not_used(name, value, said.iloc[other], int(rows[other[0]])))
    if "class_system" in about.columns:
        faults += _system_missing(frame, rows, about.columns["class_system"].one_of)
    return frame, faults


def _one_of(choice: str, column: Column) -> str:
    """The English value that a choice means, where the column knows only some.

    Raises
    ------
    NoSuchCode : it is none of them
    """
    if not column.one_of:
        return choice
    value = {label: name for name, label in column.one_of.items()}.get(choice, choice)
    if value not in column.one_of:
        raise NoSuchCode(choice, f"{column.label} ({', '.join(column.one_of)})", column.one_of)
    return value


def _choice_not_used(column: str, value: str, others: pd.Series, row: int) -> Fault:
    return Fault(
        "choice_not_used",
        f"{value} was chosen, but {len(others)} rows say otherwise, such as {others.iloc[0]}; they keep it.",
        f"Leave the choice out, or correct the column {column}.",
        Severity.WARNING,
        row=row,
        column=column,
    )


def _system_missing(frame: pd.DataFrame, rows: Ints, known: Mapping[str, str]) -> Iterator[Fault]:
    silent = frame["class_system"].isna() if "class_system" in frame else pd.Series(True, frame.index)
    if not silent.any():
        return
    listed = ", ".join(f"{name} ({label})" for name, label in known.items())
    yield Fault(
        "class_system_missing",
        f"{silent.sum()} of {len(frame)} parcels name no class system. It is never guessed, for the same "
        "code means different land: 0601 is industry in sandiao, and a rural road in ydyh_2023.",
        f"Choose with --class-system, or fill the column class_system. There are: {listed}.",
        row=int(rows[np.argmax(silent)]),
        column="class_system",
    )


def _systems_in(frame: pd.DataFrame) -> str:
    if "class_system" not in frame:
        return ""
    return ",".join(sorted(str(system) for system in frame["class_system"].dropna().unique()))


def _box(frame: pd.DataFrame, zone: str | None, boxes: Mapping[str, Box]) -> Box | None:
    """The box round all that the rows name, by zone or by city; None when one of them has none."""
    if zone is not None:
        return boxes.get(zone)
    for column in ("zone", "code", "city"):
        named = list(frame[column].unique()) if column in frame else []
        if named and all(name in boxes for name in named):
            west, south, east, north = np.array([boxes[name] for name in named]).T
            return float(west.min()), float(south.min()), float(east.max()), float(north.max())
    return None


def _in_order(frame: pd.DataFrame, about: Kind) -> pd.DataFrame:
    """The kind's columns, area and geometry, and then what the kind does not know."""
    lacking = {
        name: pd.Series(dtype=_EMPTY.get(column.type, "str")).reindex(frame.index)
        for name, column in about.columns.items()
        if name not in frame
    }
    frame = frame.assign(**lacking)
    ours = list(about.columns)
    if isinstance(frame, gpd.GeoDataFrame):
        ours += ["area_m2", frame.geometry.name]
    return frame[[*ours, *(column for column in frame.columns if column not in set(ours))]]


def _geometry_left_out(about: Kind) -> Fault:
    return Fault(
        "geometry_not_used",
        f"{about.label} ({about.name}) are a table; the geometry of the file was left out.",
        "Nothing need be done; to keep outlines, read the file as another kind.",
        Severity.WARNING,
    )


def _named(faults: Sequence[Fault], rows: Ints, names: pd.Series) -> Mapping[int, str]:
    """Row number -> name of the feature in it, for the rows that faults speak of."""
    wanted = {fault.row for fault in faults if fault.row is not None}
    if not wanted:
        return {}
    at = np.flatnonzero(np.isin(rows, list(wanted)) & names.notna().to_numpy())
    return {int(rows[i]): str(names.iloc[i]) for i in at}


def _stamped(faults: Sequence[Fault], named: Mapping[int, str], about: Kind, table: Table) -> Iterator[Fault]:
    """Faults with the layer, the file, and the name of the feature in whose row they are."""
    file = Path(table.source.path).name
    for fault in faults:
        name = named.get(fault.row, "") if fault.row is not None else ""
        yield replace(
            fault,
            layer=fault.layer or about.name,
            file=fault.file or file,
            feature=fault.feature or name,
        )

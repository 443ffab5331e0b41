"""A table of points as a table of plots (界址点表成面): one row for each plot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.errors import ColumnMissing
from data.formats.boundary_txt.rings import Rings, open_rings, ringed
from data.formats.nesting import polygons_of_rings
from data.formats.point_tables import cells, sequence
from data.formats.point_tables.axes import DEGREES, misplaced, placed_points, stated_crs
from data.formats.point_tables.naming import pair, roles
from data.records import Fault, Severity, Table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST_WIDTH = {False: 1e-3, True: 1e-8}
"""A ring narrower than a millimetre (or as many degrees) has all its points on one line"""
OF_POINTS = ("point", "ring", "length", "north", "east", "x", "y", "lat", "lon")
CRS_COLUMNS = ("坐标系", "坐标系统", "带号", "中央经线", "中央子午线", "crs")


@dataclass
class Points:
    """The rows of a table as points: (n,) arrays, in the order of the table."""

    first: Floats
    second: Floats
    plot: Ints
    number: Floats
    rows: Ints

    def of(self, which: Any) -> Points:
        """Some of them, in the order of `which`."""
        return Points(*(each[which] for each in (self.first, self.second, self.plot, self.number, self.rows)))


def plots_of_points(table: Table) -> Table:
    """The plots that the rows of a table are the boundary points of.

    Rows of one plot number (else name) are one plot; a blank cell means the plot of the row above. Without
    such a column the whole table is one plot. Its rings become polygons by containment. A ring ends where the
    ring's number changes, where it is back at its first point, or where the point number is 1 again. A plot
    one of whose points cannot be read has no geometry.

    Parameters
    ----------
    table : of `data.formats.read`, for which `looks_like_points` is true

    Returns
    -------
    Table : plot_no, plot_name where the table has them, line (row of its first point), and the other columns
        as the first row of the plot has them; geometry, with a CRS only where words round the table state it

    Raises
    ------
    ColumnMissing : no two columns are coordinates

    >>> from data.records import Source
    >>> points = {"X": [3850000, 3850100, 3850100], "Y": [470000, 470000, 470100]}
    >>> frame = pd.DataFrame({"点号": ["J1", "J2", "J3"], **points})
    >>> plots_of_points(Table(frame, Source("a.csv", "", "csv"))).frame.geometry[0].area
    5000.0
    """
    frame, file = table.frame, Path(table.source.path).name
    found = roles(map(str, frame.columns))
    named = pair(found)
    if named is None:
        raise ColumnMissing(
            "X and Y (or 北坐标 and 东坐标, or 经度 and 纬度)", file, list(map(str, frame.columns))
        )
    rows = frame.index.to_numpy() + table.first_row
    plot_column = found.get("plot_no", found.get("plot_name"))
    plot = sequence.plot_codes(frame[plot_column] if plot_column else None, len(frame))
    names = _names(frame, plot_column, plot)
    faults = list(table.faults)
    points, spoiled = _points(frame, found, named, (plot, rows, file), faults)
    ring = _rings(frame[found["ring"]].iloc[points[1]] if "ring" in found else None, points[0])
    shapes, crs = _shapes(table, points[0], ring, (named, found, names), faults)
    shapes[spoiled] = None
    columns = _columns(frame, found, plot, rows)
    made = gpd.GeoDataFrame(columns, geometry=gpd.array.from_shapely(shapes, crs=crs))
    made.attrs = dict(frame.attrs)
    return replace(table, frame=made, faults=tuple(_filed(faults, file)), first_row=1)


def _filed(faults: list[Fault], file: str) -> Iterator[Fault]:
    return (each if each.file else replace(each, file=file) for each in faults)


def _names(frame: pd.DataFrame, column: str | None, plot: Ints) -> list[str]:
    """What each plot is called in messages: as its first row says, else its place."""
    first = np.unique(plot, return_index=True)[1]
    said = frame[column].iloc[first].astype("str").tolist() if column else [""] * len(first)
    return [name if name and name != "nan" else str(i) for i, name in enumerate(said, 1)]


def _points(
    frame: pd.DataFrame, found: dict[str, str], named: tuple[str, str], where: tuple[Ints, Ints, str],
    faults: list[Fault],
) -> tuple[tuple[Points, Ints], Ints]:  # fmt: skip
    """The rows of plots all of whose coordinates can be read, and their positions; and the other plots."""
    plot, rows, file = where
    read = [cells.numbers(frame[found[role]]) for role in named]
    for role, each in zip(named, read, strict=True):
        faults += cells.told(each, found[role], rows, file)
    first, second = (each.numbers for each in read)
    first, second = _unpacked(first, second, found[named[0]] + ", " + found[named[1]], faults)
    good = ~(np.isnan(first) | np.isnan(second))
    number = sequence.label_numbers(frame[found["point"]] if "point" in found else None, len(frame))
    spoiled = np.unique(plot[~good])
    at = np.flatnonzero(~np.isin(plot, spoiled))
    return (Points(first, second, plot, number, rows).of(at), at), spoiled


def _unpacked(first: Floats, second: Floats, columns: str, faults: list[Fault]) -> tuple[Floats, Floats]:
    """Degrees out of numbers that pack degrees, minutes and seconds into one."""
    for widest in ((90, 180), (180, 90)):
        one, two = (cells.unpacked(each, most) for each, most in zip((first, second), widest, strict=True))
        if one is not None and two is not None:
            faults.append(
                Fault(
                    "degrees_packed",
                    f"The columns {columns} hold degrees, minutes and seconds in one number, as 1133205.12 "
                    "for 113°32′05.12″; they were read as such.",
                    "Check the outlines on the map; write degrees with decimals.",
                    Severity.WARNING,
                    column=columns,
                )
            )
            return one, two
    return first, second


def _rings(column: pd.Series[Any] | None, points: Points) -> Ints:
    """Number of the ring of each point, as its column says, or as the point numbers do."""
    if not len(points.plot):
        return np.empty(0, np.int64)
    if column is None:
        return sequence.restarts(points.number, points.plot, points.second, points.first, points.rows)
    texts = column.astype("str").str.strip()
    texts = texts.mask(texts == "")
    numbered: Ints = pd.factorize(texts.groupby(points.plot).ffill().fillna(""))[0].astype(np.int64)
    return numbered


def _shapes(
    table: Table, points: Points, ring: Ints,
    named: tuple[tuple[str, str], dict[str, str], list[str]], faults: list[Fault],
) -> tuple[NDArray[np.object_], Any]:  # fmt: skip
    """The shape of each plot, and the CRS that the table states."""
    (pair_, found, names), file = named, Path(table.source.path).name
    order = sequence.in_order(points.plot, ring, points.number, points.second, points.first)
    faults += sequence.told(order, points.rows, names, points.plot, file)
    points, ring = points.of(order.rows), ring[order.rows]
    columns = ", ".join(found[role] for role in pair_)
    shapes = np.full(len(names), None, object)
    if not len(points.plot):
        return shapes, None
    places = placed_points(points.first, points.second, points.plot, pair_, (columns, faults))
    faults += misplaced(places, points.plot, names, points.rows, file)
    degrees = places.order in DEGREES
    rings = ringed(places.east, places.north, points.plot, ring.astype(np.float64), degrees)
    flat = np.column_stack([places.east, places.north])
    nested = polygons_of_rings(flat, rings.starts, rings.plot, least_width=LEAST_WIDTH[degrees])
    for trouble in nested.troubles:
        row = int(points.rows[rings.starts[trouble.ring]])
        faults.append(trouble.fault(file=file, row=row, plot=names[trouble.plot]))
    if (rings.gap_m == 0).any():
        faults += open_rings(_closed(rings, nested.depth), points.rows - 1, names, file)
    shapes[: len(nested.shapes)] = nested.shapes
    if not places.odd.all():
        shapes[np.unique(points.plot[places.odd | places.exchanged])] = None
    return shapes, stated_crs(_words(table.frame), places.east, degrees)


def _closed(rings: Rings, depth: Ints) -> Rings:
    """The rings with the gaps of those that were left out taken for closed."""
    return replace(rings, gap_m=np.where(depth >= 0, rings.gap_m, 0.0))


def _words(frame: pd.DataFrame) -> Iterator[str]:
    """What the table says of its coordinate system: in the rows above it, or in columns of one value."""
    yield from (text for _, text in frame.attrs.get("titles", ()))
    for column in frame.columns:
        if str(column).lower() in CRS_COLUMNS and len(values := frame[column].dropna().unique()) == 1:
            value = values[0]
            yield f"{column}{value:g}" if isinstance(value, float) else f"{column}{value}"


def _columns(frame: pd.DataFrame, found: dict[str, str], plot: Ints, rows: Ints) -> pd.DataFrame:
    """The columns of plots, as their first rows have them."""
    first = np.unique(plot, return_index=True)[1]
    left = {found[role] for role in OF_POINTS if role in found}
    kept = (
        frame[[column for column in frame.columns if column not in left]].iloc[first].reset_index(drop=True)
    )
    ours = {found[role]: role for role in ("plot_no", "plot_name") if role in found}
    kept = kept.rename(columns=ours)
    for role in ours.values():
        if kept[role].dtype.kind == "f":
            kept[role] = kept[role].map("{:g}".format, na_action="ignore")
        kept[role] = kept[role].astype("str")
    return kept.assign(line=pd.array(rows[first], dtype="Int64"))

"""A boundary-point text as a table (读入界址点成果): one row for each plot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from data.errors import FileUnusable
from data.formats import limits
from data.formats.boundary_txt.dialects import Dialect, dialect_of, recognised
from data.formats.boundary_txt.doubts import order_doubts, shortened, without_points
from data.formats.boundary_txt.gathering import RING_LAST, Floats, Ints, Points, gathered, within_plots
from data.formats.boundary_txt.looks import refusal
from data.formats.boundary_txt.places import (
    EN,
    LAT_LON,
    LON_LAT,
    Places,
    find_crs,
    placed,
    readings,
    usual_order,
)
from data.formats.boundary_txt.plots import called, declared, frame_of_plots, other_units, twice
from data.formats.boundary_txt.points import scanned
from data.formats.boundary_txt.rings import Rings, counts_that_lie, open_rings, ringed
from data.formats.boundary_txt.sections import PlotLine, Sections, header_doubts, sections_of
from data.formats.boundary_txt.text import read_lines
from data.formats.nesting import polygons_of_rings
from data.formats.opening import digest
from data.records import Fault, Source, Table

FORMAT = "boundary points"
TEXT_BYTES = 2 * limits.GB
"""The text is held as bytes beside its points; two gigabytes are fifty million of them"""
LEAST_WIDTH = {False: 1e-3, True: 1e-8}
"""A ring narrower than a millimetre (or as many degrees) has all its points on one line"""


def read_boundary_txt(
    path: Path, *, layer: str | None = None, encoding: str | None = None, dialect: str | None = None
) -> Table:
    """The plots of a boundary-point text, as polygons in the CRS that the file says.

    Columns: plot_no, plot_name, declared_points, declared_area_ha, purpose, land_class, map_sheet, line (the
    first of the plot), dialect; spot_type, class_name, grade_before, grade_after and remark where the file
    has them. A plot one of whose points cannot be read has no geometry: its shape without that corner would
    be another. `frame.attrs["header"]` holds the keys of the header.

    Parameters
    ----------
    layer : a text has none
    encoding : of the text; None finds it
    dialect : a key of DIALECTS; None recognises it

    Raises
    ------
    FileBroken : no line begins a plot; the message says what the file looks like
    FileUnusable : a layer was asked for, or there is no such dialect
    FileTooLarge : it passes the limit
    """
    if layer is not None:
        raise FileUnusable(f"{path.name} is a text, and has no layer {layer!r}. Leave the layer out.")
    forced = dialect_of(dialect) if dialect else None
    limits.hold(path, TEXT_BYTES, "its text is held in memory beside its points")
    faults: list[Fault] = []
    lines, scan = scanned(read_lines(path, encoding, faults))
    sections = sections_of(lines, _numbers(scan.others), path.name, faults)
    if not sections.plots:
        raise refusal(path, lines)
    points, used = gathered(lines, scan, sections, forced, (path.name, faults)), lines.encoding
    del lines, scan  # the text has been read: what follows needs its room
    frame = _frame(points, sections, forced, (path.name, faults))
    frame.attrs["header"] = sections.others | sections.keys
    source = Source(str(path), digest([path]), FORMAT, "", used)
    return Table(frame, source, tuple(shortened(faults)))


def _numbers(pieces: Sequence[Ints]) -> Iterable[int]:
    return (int(i) for piece in pieces for i in piece)


def _frame(
    points: Points, sections: Sections, forced: Dialect | None, report: tuple[str, list[Fault]]
) -> gpd.GeoDataFrame:
    """The plots with their shapes."""
    file, faults = report
    begins = np.array([plot.line for plot in sections.plots])
    points = within_plots(points, int(begins[0]), report)
    plot = np.searchsorted(begins, points.line, "right") - 1
    bits = readings(points.first, points.second)
    order = usual_order(bits, forced.north_first if forced else None)
    dialect = forced or _dialect(points, plot, sections, order)
    groups, plot_of = _grouped(sections.plots, plot, points.ring, dialect)
    plot = plot_of[plot]
    columns = declared(groups, dialect, file, faults)
    names = called(columns)
    places = placed(points.first, points.second, plot, order, bits)
    faults += header_doubts(sections, file)
    find_crs(places, points.line, sections, file)
    faults += [*places.faults, *order_doubts(places, points, plot, dialect, (file, names))]
    degrees = order in {LAT_LON, LON_LAT}
    rings = ringed(places.east, places.north, plot, points.ring, degrees)
    shapes = _shapes(places, points, rings, names, (file, faults))
    spoiled = plot_of[np.searchsorted(begins, points.wrong, "right") - 1]
    found = np.bincount(plot, minlength=len(groups)) + np.bincount(spoiled, minlength=len(groups))
    shapes[np.unique(np.concatenate([spoiled, *_misplaced(places, plot)]))] = None
    where = [group[0].line for group in groups]
    faults += counts_that_lie(rings, columns["declared_points"], found, (where, names), file)
    faults += [*without_points(found, where, names, file), *twice(columns, file)]
    if not degrees:
        faults += other_units(columns, shapes, file, names)
    return gpd.GeoDataFrame(frame_of_plots(columns), geometry=gpd.array.from_shapely(shapes, crs=places.crs))


def _dialect(points: Points, plot: Ints, sections: Sections, order: int) -> Dialect:
    counts = np.bincount(plot, minlength=len(sections.plots)).tolist()
    fields = [each.fields for each in sections.plots]
    ring_last, degrees = points.names == RING_LAST, order in {LAT_LON, LON_LAT}
    return recognised(fields, counts, ring_last, degrees, order not in {EN, LON_LAT})


def _grouped(
    plots: Sequence[PlotLine], plot: Ints, ring: Floats, dialect: Dialect
) -> tuple[list[list[PlotLine]], Ints]:
    """The lines of each plot, and the plot of each line.

    Where each ring has a line, those of one number belong together, if they follow one another and say the
    same.
    """
    if not dialect.rings_apart:
        return [[each] for each in plots], np.arange(len(plots))
    number = np.full(len(plots), np.nan)
    number[plot[::-1]] = ring[::-1]
    groups: list[list[PlotLine]] = []
    plot_of = np.empty(len(plots), np.int64)
    for i, each in enumerate(plots):
        if groups and number[i] == number[i - 1] and each.fields[1:] == plots[i - 1].fields[1:]:
            groups[-1].append(each)
        else:
            groups.append([each])
        plot_of[i] = len(groups) - 1
    return groups, plot_of


def _shapes(
    places: Places, points: Points, rings: Rings, names: Sequence[str], report: tuple[str, list[Fault]]
) -> NDArray[np.object_]:
    """The shape of each plot; rings that cannot be put together are told."""
    file, faults = report
    degrees = places.order in {LAT_LON, LON_LAT}
    flat = np.column_stack([places.east, places.north])
    nested = polygons_of_rings(flat, rings.starts, rings.plot, least_width=LEAST_WIDTH[degrees])
    titles = [str(int(n)) if n == n else str(i + 1) for i, n in enumerate(rings.number)]
    for trouble in nested.troubles:
        row = int(points.line[rings.starts[trouble.ring]]) + 1
        faults.append(trouble.fault(file=file, row=row, names=titles, plot=names[trouble.plot]))
    closed = rings if not nested.troubles else _only(rings, nested.depth >= 0)
    faults += open_rings(closed, points.line, names, file)
    shapes = np.full(len(names), None, object)
    shapes[: len(nested.shapes)] = nested.shapes
    return shapes


def _only(rings: Rings, kept: NDArray[np.bool_]) -> Rings:
    """The rings with the gaps of those that were left out taken for closed."""
    return replace(rings, gap_m=np.where(kept, rings.gap_m, 0.0))


def _misplaced(places: Places, plot: Ints) -> list[Ints]:
    """Plots some of whose points lie elsewhere than the others: their shape would be a wrong one."""
    if places.odd.all():
        return [np.empty(0, np.int64)]
    return [np.unique(plot[places.odd]), np.unique(plot[places.exchanged])]

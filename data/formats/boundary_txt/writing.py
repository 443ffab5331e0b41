"""Plots as a boundary-point text (写出界址点成果), in the chosen dialect, encoding and line end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from data.errors import CrsContradicted, CrsMissing, FileUnusable
from data.formats.boundary_txt.dialects import Dialect, dialect_of
from data.formats.boundary_txt.outlines import Floats, Outlines, outlines
from data.formats.boundary_txt.places import BELTS, OFFSETS, belt_of_crs
from data.formats.boundary_txt.sections import KEYS
from data.formats.text_encoding import named
from data.formats.whole import whole_or_not
from data.units import m2_to_ha

DECIMALS_MOST = 6
"""Of a metre: beyond the micrometre the binary number of a prefixed easting has no digits left"""
DEGREES_MORE = 6
"""Decimals of a degree beyond those of a metre: the ninth is a tenth of a millimetre"""
LINE_ENDS = ("\r\n", "\n", "\r")
ROWS_AT_ONCE = 1_000_000
DATUM_NAMES = {
    "CGCS2000": "2000国家大地坐标系",
    "Xian 1980": "1980西安坐标系",
    "Beijing 1954": "1954北京坐标系",
}
INSTEAD = {"plot_no": ("parcel_id", "code", "id"), "plot_name": ("name",)}
"""Columns of other tables that stand for a plot's, where it has none of its own"""
FREE = ("version", "producer", "produced")
_BREAKS = re.compile(r"[\x00-\x1f\x85\u2028\u2029]+")


def write_boundary_txt(
    frame: pd.DataFrame,
    path: str | Path,
    *,
    dialect: str = "approval",
    precision: int = 3,
    header: Mapping[str, str] | None = None,
    encoding: str = "gbk",
    line_end: str | None = None,
) -> None:
    """The plots of a frame as a text; it is whole or not there at all.

    A frame in a belt (CGCS2000, 西安80 or 北京54) is written as it is, and any other in the 3-degree belt of
    its middle, CGCS2000, with its number; the dialect in degrees is always CGCS2000. Areas are those of the
    plane. A comma or `@` within a name becomes a full-width one, and a line break a blank.

    Parameters
    ----------
    frame : polygons; columns as `read_boundary_txt` gives them, each of which may be lacking
    dialect : a key of DIALECTS
    precision : decimals of a metre, 0 to 6; degrees get six more
    header : values of `version`, `producer`, `produced`, and keys for [项目信息] by their own words; keys on
        which the coordinates hang are written as these are
    encoding : gbk (written as GB 18030, which contains it) or utf-8
    line_end : None takes that of the dialect

    Raises
    ------
    CrsMissing : the frame declares no CRS
    CrsContradicted : the coordinates cannot be in the one that it declares
    FileUnusable : there is no plot, a row has no polygon, or the file cannot be written there
    """
    chosen, used = dialect_of(dialect), named(encoding)
    ends = chosen.line_end if line_end is None else line_end
    _refuse_odd(ends, precision)
    path = Path(path)
    plots = _plots(frame, path, chosen)
    decimals = precision + DEGREES_MORE * chosen.degrees
    with whole_or_not(path) as beside, beside.open("wb") as file:
        keys = _header(plots.crs, chosen, precision, header or {})
        file.write("".join(line + ends for line in keys).encode(used))
        for piece in _pieces(plots, chosen, decimals):
            file.write(piece.replace("\n", ends).encode(used))


def _refuse_odd(ends: str, precision: int) -> None:
    if ends not in LINE_ENDS or precision not in range(DECIMALS_MOST + 1):
        raise FileUnusable(
            f"Line end {ends!r}, precision {precision!r}: a line ends in CRLF, LF or CR, and a coordinate "
            f"has 0 to {DECIMALS_MOST} decimals."
        )


def write_txt(frame: pd.DataFrame, path: Path, layer_name: str) -> None:
    """The frame in the dialect of approval (报批), GBK, to the millimetre."""
    write_boundary_txt(frame, path)


def _plots(frame: pd.DataFrame, path: Path, dialect: Dialect) -> gpd.GeoDataFrame:
    """The frame in a CRS in which the dialect can be written, all of its rows polygons."""
    if not isinstance(frame, gpd.GeoDataFrame) or not len(frame):
        what = "The table has no outlines" if len(frame) else "There is no plot"
        raise FileUnusable(f"{path.name}: {what}, and a boundary-point text is made of them. Write a .csv.")
    kinds = shapely.get_type_id(frame.geometry.values)
    bad = np.flatnonzero(~np.isin(kinds, (3, 6)) | shapely.is_empty(frame.geometry.values)) + 1
    if len(bad):
        raise FileUnusable(
            f"{path.name}: {len(bad)} rows have no polygon, the first are {bad[:5].tolist()}; a "
            "boundary-point text holds nothing else. Leave them out, or write a .gpkg."
        )
    if frame.crs is None:
        raise CrsMissing(
            f"{path.name}: the plots declare no coordinate reference system, and the text has to name it. "
            "Declare it first."
        )
    belt = belt_of_crs(frame.crs)
    if (frame.crs.to_epsg() == 4490) if dialect.degrees else belt is not None:
        moved = frame
    else:
        moved = frame.to_crs(4490 if dialect.degrees else _belt_of_middle(frame, path))
    if not np.isfinite(shapely.get_coordinates(moved.geometry)).all():
        raise CrsContradicted(
            f"{path.name}: some coordinates are no numbers, or cannot be in {frame.crs.name}, which the "
            "plots declare. Declare the right coordinate reference system first."
        )
    return moved


def _belt_of_middle(frame: gpd.GeoDataFrame, path: Path) -> CRS:
    west, _, east, _ = frame.to_crs(4490).total_bounds
    middle = (west + east) / 2
    number = int(np.floor(middle / 3 + 0.5)) if np.isfinite(middle) else 0
    if number not in BELTS[3]:
        raise CrsContradicted(
            f"{path.name}: the middle of the plots lies at {middle:.4f} degrees east, where China has no "
            "belt. Declare the right coordinate reference system first."
        )
    return CRS.from_epsg(OFFSETS["CGCS2000"][3, True] + number)


def _header(crs: CRS, dialect: Dialect, precision: int, said: Mapping[str, str]) -> list[str]:
    """The lines above the first plot."""
    words = {word for words in KEYS.values() for word in words}
    project = [f"{key}={_one_line(said[key])}" for key in said if key not in KEYS and key not in words]
    lines = ["[项目信息]", *project] if project else []
    belt = belt_of_crs(crs)
    if belt is not None and dialect.belt_key:
        datum, width, number, _ = belt
        free = [f"{KEYS[name][0]}={_one_line(said.get(name, ''))}" for name in FREE]
        unit = f"{10.0**-precision:.{precision}f}"
        lines += ["[属性描述]", *free, f"坐标系={DATUM_NAMES[datum]}", f"{dialect.belt_key}={width}"]
        lines += ["投影类型=高斯克吕格", "计量单位=米", f"带号={number}", f"精度={unit}"]
        lines += ["转换参数=0,0,0,0,0,0,0"]
    return [*lines, "[地块坐标]"]


def _one_line(said: object) -> str:
    return _BREAKS.sub(" ", str(said)).strip()


def _field(said: Any) -> str:
    """A text within a plot's line: nothing in it may part fields or end the line."""
    if said is None or (not isinstance(said, str) and pd.isna(said)):
        return ""
    return _one_line(said).replace(",", "，").replace("@", "＠")


def _pieces(plots: gpd.GeoDataFrame, dialect: Dialect, decimals: int) -> Iterator[str]:
    """The text of some plots at a time, so that not all of it is held."""
    shapes: NDArray[np.object_] = np.asarray(plots.geometry.values, object)
    rows = np.cumsum(shapely.get_num_coordinates(shapes))
    cuts = np.unique(np.searchsorted(rows, np.arange(0, rows[-1], ROWS_AT_ONCE)[1:]))
    fields = _fields(plots, shapes, dialect)
    for which in np.split(np.arange(len(shapes)), cuts):
        if not len(which):
            continue
        drawn = outlines(shapes[which], decimals, dialect.rings_apart)
        heads, at = _plot_lines([fields[i] for i in which], drawn, dialect)
        number = drawn.plot + int(which[0]) + 1 if dialect.rings_apart else drawn.number
        for start in range(0, len(drawn.ring), ROWS_AT_ONCE):
            points = _point_lines(drawn, number, slice(start, start + ROWS_AT_ONCE), dialect, decimals)
            here = slice(*np.searchsorted(at, [start, start + ROWS_AT_ONCE]))
            order = np.argsort(
                np.concatenate([at[here] - start, np.arange(len(points)) + 0.5]), kind="stable"
            )
            lines = pa.concat_arrays([pa.array(heads[here], pa.string()), points]).take(pa.array(order))
            joined = pc.binary_join(pa.ListArray.from_arrays([0, len(lines)], lines), "\n")
            yield joined[0].as_py() + "\n"


def _fields(plots: gpd.GeoDataFrame, shapes: NDArray[np.object_], dialect: Dialect) -> list[dict[str, str]]:
    """The fields of each plot by name, less the number of its points."""
    named_: dict[str, Sequence[object]] = {}
    for name in filter(None, dialect.fields):
        found = next((each for each in (name, *INSTEAD.get(name, ())) if each in plots.columns), None)
        named_[name] = plots[found].tolist() if found else [""] * len(plots)
    named_["figure"] = ["面"] * len(plots)
    named_["area"] = [f"{area:.4f}" for area in m2_to_ha(shapely.area(shapes)).tolist()]
    columns = {name: [_field(said) for said in values] for name, values in named_.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plot_lines(
    fields: Sequence[Mapping[str, str]], drawn: Outlines, dialect: Dialect
) -> tuple[list[str], NDArray[np.int64]]:
    """The lines that begin plots, and before which point each stands."""
    begins = np.cumsum(drawn.size) - drawn.size
    if dialect.rings_apart:
        plot, counts, at = drawn.plot, drawn.size, begins
    else:
        plot, first = np.unique(drawn.plot, return_index=True)
        counts, at = np.add.reduceat(drawn.size, first), begins[first]
    lines = []
    for i, count in zip(plot.tolist(), counts.tolist(), strict=True):
        said = {**fields[i], "": "", "points": str(count)}
        lines.append(",".join([*(said[name] for name in dialect.fields), "@"]))
    return lines, at


def _point_lines(
    drawn: Outlines, number: NDArray[np.int64], rows: slice, dialect: Dialect, decimals: int
) -> pa.Array:
    """One text for each point of some rows, in the columns of the dialect.

    Parameters
    ----------
    number : (m,) what each ring is called
    """
    columns = {
        "label": pc.binary_join_element_wise("J", pa.array(drawn.label[rows]).cast(pa.string()), ""),
        "ring": pa.array(number[drawn.ring[rows]]).cast(pa.string()),
        "north": _fixed(drawn.north[rows], decimals),
        "east": _fixed(drawn.east[rows], decimals),
        "": pa.scalar(""),
    }
    if "length" in dialect.columns:
        to_next = slice(rows.start, rows.stop + 1)
        sides: Floats = np.hypot(np.diff(drawn.east[to_next]), np.diff(drawn.north[to_next]))
        sides *= np.diff(drawn.ring[to_next]) == 0
        columns["length"] = _fixed(np.append(sides, [0.0])[: len(drawn.ring[rows])], 2)
    return pc.binary_join_element_wise(*(columns[name] for name in dialect.columns), ",")


def _fixed(numbers: Floats, decimals: int) -> pa.Array:
    """Numbers with that many decimals, padded with zeros."""
    return pa.array(numbers).cast(pa.decimal128(30, decimals)).cast(pa.string())

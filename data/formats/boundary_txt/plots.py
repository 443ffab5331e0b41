"""What a plot declares of itself (地块): number, name, area, use, as columns of the table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.errors import UnitMismatch
from data.formats.boundary_txt.dialects import MORE, Dialect, named_fields
from data.formats.boundary_txt.sections import PlotLine
from data.formats.boundary_txt.text import plain
from data.records import Fault, Severity
from data.units import convert, m2_to_ha

COLUMNS = (
    "plot_no", "plot_name", "declared_points", "declared_area_ha", "purpose", "land_class", "map_sheet",
    "line", "dialect",
)  # fmt: skip
AREA = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*([^\d\s].*)?$")
UNITS = {"平方米": "m2", "平米": "m2", "m²": "m2", "万平方米": "ha", "hm²": "ha"}
UNITS |= dict.fromkeys(("平方公里", "平方千米", "km2", "km²"), "km ** 2")
SLIPS = (("m2", "square metres"), ("mu", "mu"))
"""Units in which an area that should be hectares is written without a word"""


def area_in_ha(said: str) -> float | None:
    """A declared area in hectares, which is its unit where it names none; None where it cannot be read.

    >>> area_in_ha("0.7655公顷"), area_in_ha("7655平方米"), area_in_ha("15亩"), area_in_ha("８.5")
    (0.7655, 0.7655, 1.0, 8.5)
    """
    found = AREA.match(plain(said))
    if not found:
        return None
    unit = (found[2] or "公顷").strip()
    if unit in {"公顷", "ha", "hm2"}:
        return float(found[1])
    try:
        return convert(float(found[1]), UNITS.get(unit, unit), "ha")
    except UnitMismatch:
        return None


def declared(
    groups: Sequence[Sequence[PlotLine]], dialect: Dialect, file: str, faults: list[Fault]
) -> dict[str, list[Any]]:
    """The columns of the table, less the shapes.

    Parameters
    ----------
    groups : the lines of each plot; several where the dialect gives each ring one
    """
    names = [*COLUMNS, *(MORE if dialect.key == "extended" else ())]
    rows = [_row(group, dialect, file, faults) for group in groups]
    if any("remark" in row for row in rows) and "remark" not in names:
        names.append("remark")
    return {name: [row.get(name) for row in rows] for name in names}


def _row(group: Sequence[PlotLine], dialect: Dialect, file: str, faults: list[Fault]) -> dict[str, Any]:
    first = group[0]
    said = named_fields(first.fields, dialect)
    row: dict[str, Any] = {name: text or None for name, text in said.items()}
    row |= {"line": first.line + 1, "dialect": dialect.key}
    if len(first.fields) < len(dialect.fields) - 1:
        _doubt(
            faults, first, file, "header_fields",
            f"The plot's line has {len(first.fields)} fields before its @, and {dialect.label} has "
            f"{len(dialect.fields)}; they were read from the left.",
        )  # fmt: skip
    at = dialect.fields.index("points") if "points" in dialect.fields else None
    counts = [_count(each, at, file, faults) for each in group]
    row["declared_points"] = None if None in counts else sum(n for n in counts if n is not None)
    if said.get("area"):
        row["declared_area_ha"] = area_in_ha(said["area"])
        if row["declared_area_ha"] is None:
            message = f"The area {said['area']!r} cannot be read; it is missing."
            _doubt(faults, first, file, "area_unreadable", message)
    if said.get("figure") in {"线", "点"}:
        message = f"The plot is declared as {said['figure']}, and not as 面; its points were read as rings."
        _doubt(faults, first, file, "not_an_area", message)
    return row


def _count(plot: PlotLine, at: int | None, file: str, faults: list[Fault]) -> int | None:
    said = plot.fields[at] if at is not None and at < len(plot.fields) else ""
    if said.isascii() and said.isdigit() and len(said) < 10:
        return int(said)
    found = re.fullmatch(r"\d{1,9}", plain(said).removesuffix(".0"))
    if said and not found:
        _doubt(faults, plot, file, "point_count", f"The number of points {said!r} is none.")
    return int(found[0]) if found else None


def _doubt(faults: list[Fault], plot: PlotLine, file: str, code: str, message: str) -> None:
    remedy = "Correct the plot's line, the one that ends in @."
    faults.append(Fault(code, message, remedy, Severity.WARNING, file=file, row=plot.line + 1))


def called(columns: Mapping[str, Sequence[Any]]) -> list[str]:
    """What each plot is called in messages: its number, else its name, else its place in the file."""
    pairs = zip(columns["plot_no"], columns["plot_name"], strict=True)
    return [str(number or name or place) for place, (number, name) in enumerate(pairs, 1)]


def twice(columns: Mapping[str, Sequence[Any]], file: str) -> list[Fault]:
    """Errors of plots that share one number: which of them a decision is about could not be told."""
    first: dict[str, int] = {}
    faults = []
    for number, line in zip(columns["plot_no"], columns["line"], strict=True):
        if number is None:
            continue
        if number in first:
            message = f"The plot number {number!r} stands in line {first[number]} and again in line {line}."
            remedy = "Give each plot a number of its own; write parts of one plot as rings of one plot."
            faults.append(
                Fault(
                    "plot_number_twice",
                    message,
                    remedy,
                    file=file,
                    row=line,
                    column="plot_no",
                    feature=number,
                )
            )
        first.setdefault(number, line)
    return faults


def other_units(
    columns: Mapping[str, list[Any]], shapes: NDArray[np.object_], file: str, names: Sequence[str]
) -> list[Fault]:
    """Warnings of areas that are square metres or mu where hectares stand; they are converted in place.

    The plane area of the plot tells: it is declared as 10,000 or 15 times as many.
    """
    plane = m2_to_ha(shapely.area(shapes))
    said = np.array([np.nan if each is None else each for each in columns["declared_area_ha"]], np.float64)
    faults = []
    for unit, words in SLIPS:
        each = convert(1, unit, "ha")
        with np.errstate(invalid="ignore"):
            slipped = np.abs(said * each - plane) < 0.01 * plane
        for i in np.flatnonzero(slipped).tolist():
            columns["declared_area_ha"][i] = round(float(said[i]) * each, 10)
            message = (
                f"Plot {names[i]} declares an area of {said[i]:g}, which is in {words}; it was converted."
            )
            remedy = "Give the area in hectares, or write its unit behind it."
            faults.append(
                Fault(
                    "area_unit", message, remedy, Severity.WARNING, file=file, row=columns["line"][i],
                    column="declared_area_ha", feature=names[i],
                )
            )  # fmt: skip
    return faults


def frame_of_plots(columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """The columns with their types: text, whole numbers, hectares; missing stays missing."""
    kinds = {"declared_points": "Int64", "line": "Int64", "declared_area_ha": "float64"}
    return pd.DataFrame({
        name: pd.Series(values, dtype=kinds.get(name, "str")) for name, values in columns.items()
    })

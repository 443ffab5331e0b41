"""What plots say of themselves (地块属性): columns of any file as our columns of plots, areas as hectares."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data.errors import UnitMismatch
from data.records import Fault, Severity
from data.units import convert, m2_to_ha, plain_unit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NAMES: Mapping[str, str] = {
    "plot_no": "plot_no dkbh 地块编号 地块号 地块代码 宗地编号 宗地号 宗地代码 zddm tbbh 图斑编号 图斑号 "
    "plotno plot_id parcel_no parcel_id 编号 序号 number no",
    "plot_name": "plot_name dkmc 地块名称 地块名 宗地名称 图斑名称 项目名称 xmmc 名称 name mc title 地块",
    "declared_points": "declared_points jzds 界址点数 界址点个数 点数 points",
    "declared_area_ha": "declared_area_ha dkmj 地块面积 宗地面积 申请面积 用地面积 图斑面积 面积 总面积 "
    "zdmj tbmj mj approved_ha area 亩数 公顷数",
    "purpose": "purpose dkyt 地块用途 土地用途 规划用途 用途 tdyt yt use land_use usage",
    "land_class": "land_class dlbm 地类编码 地类代码 用地用海分类代码 ydyhfldm 用地代码 dldm 地类",
    "map_sheet": "map_sheet tfh 图幅号 图幅",
    "dialect": "dialect",
    "layer": "layer",
}
"""Our column -> what it is called, best first: fields of 宗地地块 (供地) and DLTB, their labels, and common
ways of writing"""
BRACKET = re.compile(r"(.+?)\((?:计量)?(?:单位:?)?([^()]+)\)")
TAIL = re.compile(r"(.+?)_?(ha|hm2|m2|mu|km2|公顷|亩|平方米)")
UNITS = {"公顷": "ha", "平方米": "m2", "平米": "m2", "平方公里": "km ** 2", "平方千米": "km ** 2",
         "km2": "km ** 2",
         "hm2": "ha", "亩": "mu"}  # fmt: skip
OF_NAMES = {"declared_area_ha": "ha", "approved_ha": "ha", "亩数": "mu", "公顷数": "ha"}
GUESSES = (("ha", "hectares"), ("m2", "square metres"), ("mu", "mu"), ("km ** 2", "square kilometres"))
LIKE = 1.1
"""An area in the right unit is what the outline measures, within a tenth"""


def columns_of(frame: pd.DataFrame) -> tuple[dict[str, str], str]:
    """Our column -> the column of the file, and the unit that the area's name states.

    >>> columns_of(pd.DataFrame(columns=["DKBH", "NAME", "用地面积（亩）", "geometry"]))
    ({'plot_no': 'DKBH', 'plot_name': 'NAME', 'declared_area_ha': '用地面积（亩）'}, 'mu')
    """
    known: dict[str, tuple[str, str]] = {}
    for column in frame.columns:
        for name, unit in _spellings(str(column)):
            known.setdefault(name, (str(column), unit))
    known.pop("geometry", None)
    found: dict[str, str] = {}
    unit = ""
    for ours, spellings in NAMES.items():
        free = (name for name in spellings.split() if name in known and known[name][0] not in found.values())
        if (name := next(free, "")) == "":
            continue
        found[ours] = known[name][0]
        if ours == "declared_area_ha":
            unit = known[name][1] or OF_NAMES.get(name, "")
    return found, unit


def _spellings(column: str) -> Iterator[tuple[str, str]]:
    """A column's name made plain, with the unit in it; and without what tells the unit."""
    name = unicodedata.normalize("NFKC", column).strip().lower().rpartition("/")[2].replace(" ", "")
    yield name, ""
    if split := BRACKET.fullmatch(name) or TAIL.fullmatch(name):
        unit = _unit(split[2])
        yield split[1], unit or ""


def _unit(said: str) -> str:
    """An area's unit as `convert` spells it; empty where it is none."""
    spelt = UNITS.get(said, UNITS.get(plain_unit(said), plain_unit(said)))
    try:
        convert(1, spelt, "ha")
    except UnitMismatch:
        return ""
    return spelt


def plot_frame(frame: pd.DataFrame, lines: Ints, area_m2: Floats, faults: list[Fault]) -> pd.DataFrame:
    """All columns of plots, without geometry; missing where the file says nothing.

    Parameters
    ----------
    frame : rows of plots as they were read
    lines : (n,) line or row of each in its file
    area_m2 : (n,) as measured, which tells the unit of an area that states none; nan where it is not known
    """
    found, unit = columns_of(frame)
    made: dict[str, Any] = {}
    for ours in NAMES:
        column = frame[found[ours]] if ours in found else None
        if ours == "declared_points":
            made[ours] = _counts(column, len(frame))
        elif ours == "declared_area_ha":
            made[ours] = _hectares(column, unit, lines, area_m2, faults)
        else:
            made[ours] = _texts(column, len(frame))
    made["line"] = pd.array(lines, dtype="Int64")
    return pd.DataFrame(made)


def _texts(column: pd.Series[Any] | None, size: int) -> pd.Series[Any]:
    """Text; whole numbers without decimals, blanks missing."""
    if column is None:
        return pd.Series([None] * size, dtype="str")
    if column.dtype.kind == "f":
        column = column.map("{:.15g}".format, na_action="ignore")
    texts = pa.array(column.astype("str"), type=pa.large_string(), from_pandas=True)
    texts = pc.utf8_trim_whitespace(texts)
    return pd.Series(pc.if_else(pc.equal(texts, ""), None, texts).to_pylist(), dtype="str")


def _counts(column: pd.Series[Any] | None, size: int) -> pd.Series[Any]:
    if column is None:
        return pd.Series([None] * size, dtype="Int64")
    numbers = pd.to_numeric(column, errors="coerce").reset_index(drop=True)
    return numbers.where(numbers % 1 == 0).astype("Int64")


def _hectares(
    column: pd.Series[Any] | None, unit: str, lines: Ints, area_m2: Floats, faults: list[Fault]
) -> pd.Series[Any]:
    """The declared areas in hectares."""
    if column is None:
        return pd.Series(np.full(len(lines), np.nan))
    numbers, units = _written(column)
    for at in np.flatnonzero(
        np.isnan(numbers) & column.notna().to_numpy() & (column.astype("str") != "").to_numpy()
    ):
        message = f"The area {str(column.iloc[at])!r} cannot be read; it is missing."
        faults.append(
            Fault(
                "area_unreadable", message, "Write it as a number, with its unit in the column's name.",
                Severity.WARNING, row=int(lines[at]), column=str(column.name),
            )
        )  # fmt: skip
    bare = units == ""
    if bare.any() and not np.isnan(numbers[bare]).all():
        usual = unit or _guessed(numbers[bare], m2_to_ha(area_m2)[bare], str(column.name), faults)
        units[bare] = usual
    factors = {each: convert(1, each, "ha") if each else np.nan for each in set(units.tolist())}
    return pd.Series(np.round(numbers * np.array([factors[each] for each in units.tolist()], np.float64), 10))


def _written(column: pd.Series[Any]) -> tuple[Floats, NDArray[np.object_]]:
    """The numbers of cells, and the unit that a cell itself states."""
    numbers = np.array(pd.to_numeric(column, errors="coerce"), dtype=np.float64)
    units = np.full(len(column), "", object)
    for at in np.flatnonzero(np.isnan(numbers) & column.notna().to_numpy()):
        text = unicodedata.normalize("NFKC", str(column.iloc[at])).replace(" ", "").replace(",", "")
        if split := re.fullmatch(r"(\d+\.?\d*|\.\d+)(\D.*)?", text):
            unit = _unit(split[2].lower()) if split[2] else ""
            if unit or not split[2]:
                numbers[at], units[at] = float(split[1]), unit
    return numbers, units


def _guessed(said: Floats, measured_ha: Floats, column: str, faults: list[Fault]) -> str:
    """The unit in which areas without one are what the outlines measure; empty where they are it in none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = said / measured_ha
    known = ratio[np.isfinite(ratio) & (ratio > 0)]
    usual = float(np.median(known)) if len(known) else float("nan")
    for unit, words in GUESSES:
        if 1 / LIKE <= usual * convert(1, unit, "ha") <= LIKE:
            if unit != "ha":
                message = (
                    f"The column {column} states no unit; its numbers are what the outlines have in {words}."
                )
                faults.append(
                    Fault(
                        "area_unit", message, "Write the unit into the column's name, as 面积(公顷).",
                        Severity.WARNING, column=column,
                    )
                )  # fmt: skip
            return unit
    faults.append(
        Fault(
            "area_unit_unknown",
            f"The column {column} states no unit, and its numbers fit the outlines in none, be it "
            "hectares, square metres or mu; the declared areas are taken as not known.",
            "Write the unit into the column's name, as 面积(公顷), and check the numbers.",
            Severity.WARNING, column=column,
        )
    )  # fmt: skip
    return ""


def twice(frame: pd.DataFrame) -> list[Fault]:
    """Errors of plots that share one number: which of them a decision is about could not be told."""
    numbers = frame["plot_no"]
    again = np.flatnonzero((numbers.notna() & numbers.duplicated()).to_numpy())
    first = frame.drop_duplicates("plot_no").set_index("plot_no")["line"]
    return [
        Fault(
            "plot_number_twice",
            f"The plot number {numbers.iloc[at]!r} stands in row {first[numbers.iloc[at]]} and again in row "
            f"{frame['line'].iloc[at]}.",
            "Give each plot a number of its own; make parts of one plot one multipolygon.",
            row=int(frame["line"].iloc[at]), column="plot_no", feature=str(numbers.iloc[at]),
        )
        for at in again.tolist()
    ]  # fmt: skip

"""The dialects of boundary-point text (坐标文件格式): fields of a plot, columns of a point, and which it is.

Source: 建设用地报批, 供地, 国土 (土地整治), 一张图, 执法, 增减挂钩 and 进出平衡 as exporters in use write
them. No standard prints them, so that each is told by what stands in the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.errors import FileUnusable

GENERIC = ("points", "area", "plot_no", "plot_name", "figure", "map_sheet", "purpose", "land_class")
MORE = ("spot_type", "class_name", "grade_before", "grade_after", "remark")
COUNTED = ("points", "plot_name", "figure", "purpose")
FOUR = ("label", "ring", "north", "east")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way of writing.

    Parameters
    ----------
    key, label : code and Chinese term
    fields : of a plot's line, before the `@`; empty where the dialect leaves a field blank
    columns : of a point
    degrees : longitude and latitude; else metres in a belt
    belt_key : what it calls the width of a belt; empty where it has no [属性描述]
    rings_apart : each ring has a plot's line of its own
    line_end : that its exporters write
    """

    key: str
    label: str
    fields: tuple[str, ...]
    columns: tuple[str, ...] = FOUR
    degrees: bool = False
    belt_key: str = "几度分带"
    rings_apart: bool = False
    line_end: str = "\r\n"

    @property
    def north_first(self) -> bool:
        """Whether the northing, or the latitude, stands before the other."""
        return self.columns.index("north") < self.columns.index("east")


DIALECTS: Mapping[str, Dialect] = {
    each.key: each
    for each in (
        Dialect("approval", "建设用地报批", GENERIC),
        Dialect("supply", "供地", GENERIC),
        Dialect("extended", "国土 (土地整治)", GENERIC + MORE),
        Dialect("one_map", "一张图", ("plot_no", "plot_name", "figure", "")),
        Dialect("enforcement", "执法", COUNTED, ("label", "ring", "east", "north"), True, ""),
        Dialect(
            "quota_swap",
            "增减挂钩",
            ("", "area", "", "plot_name", "", "", "", "land_class"),
            ("label", "north", "east", "length", "ring", ""),
            belt_key="分带",
        ),
        Dialect(
            "in_out_balance",
            "进出平衡",
            COUNTED,
            ("label", "ring", "east", "north"),
            rings_apart=True,
            line_end="\r",
        ),
    )
}
"""Those of 报批 and 供地 have one grammar: a file in it is called approval, unless supply is asked for."""


def dialect_of(key: str) -> Dialect:
    """The dialect of that key.

    Raises
    ------
    FileUnusable : there is none

    >>> dialect_of("one_map").label
    '一张图'
    """
    if key not in DIALECTS:
        known = ", ".join(f"{each.key} ({each.label})" for each in DIALECTS.values())
        raise FileUnusable(f"There is no dialect {key!r} of boundary-point text. There are: {known}.")
    return DIALECTS[key]


def recognised(
    fields: Sequence[Sequence[str]], counts: Sequence[int], ring_last: bool, degrees: bool, north_first: bool
) -> Dialect:
    """The dialect that a file is in, by the fields of its plots and the columns of its points.

    Parameters
    ----------
    fields : of each plot, as text
    counts : how many points each plot has
    ring_last : the points have the side's length and then the ring behind the coordinates
    degrees : the coordinates are degrees
    north_first : the northing, or latitude, is the first of the two

    >>> recognised([("5", "图斑", "面", "耕地")], [5], False, False, False).key
    'in_out_balance'
    >>> recognised([("7", "图斑", "面", "")], [5], False, False, True).key
    'one_map'
    """
    if ring_last:
        return DIALECTS["quota_swap"]
    usual = Counter(len(each) for each in fields).most_common(1)[0][0]
    if usual > 10:
        return DIALECTS["extended"]
    if usual not in {3, 4}:
        return DIALECTS["approval"]
    if degrees:
        return DIALECTS["enforcement"]
    counted = sum(each[0] in {str(n), str(n - 1)} for each, n in zip(fields, counts, strict=True))
    shape = sum(len(each) > 2 and each[2] in {"面", "线", "点"} for each in fields)
    if not north_first or (counted > len(fields) / 2 and shape and any(each[-1] for each in fields)):
        return DIALECTS["in_out_balance"]
    return DIALECTS["one_map"]


def named_fields(fields: Sequence[str], dialect: Dialect) -> dict[str, str]:
    """The fields of a plot by name; of a generic line with one or two fields more, these are the remark.

    >>> named_fields(["5", "0.1", "1", "甲", "面", "", "工业", "0601", "租"], DIALECTS["approval"])["remark"]
    '租'
    """
    named = dict(zip(dialect.fields, fields, strict=False))
    named.pop("", None)
    rest = [said for said in fields[len(dialect.fields) :] if said]
    return named | ({"remark": " ".join(rest)} if rest else {})

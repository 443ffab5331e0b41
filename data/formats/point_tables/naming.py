"""Which column is which (列名): plot, ring, point, coordinates, as Chinese and English tables call them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

import pandas as pd

NORTH = r"(x|n)?(北|纵|north)(方向|向)?(坐标|ing)?(值|x|n)?|n(orth(ing)?)?"
EAST = r"(y|e)?(东|横|east)(方向|向)?(坐标|ing)?(值|y|e)?|e(ast(ing)?)?"
PATTERNS: Mapping[str, str] = {
    "lon": r"(经度|东经|longitude|lon|lng|long|jd)(值|坐标|l|x)?|l",
    "lat": r"(纬度|北纬|latitude|lat|wd)(值|坐标|b|y)?|b",
    "north": NORTH,
    "east": EAST,
    "x": r"(坐标|(cgcs)?2000)?x(轴)?(坐标|zb|coord(inate)?)?(值)?",
    "y": r"(坐标|(cgcs)?2000)?y(轴)?(坐标|zb|coord(inate)?)?(值)?",
    "plot_no": r"(地块|宗地|图斑|地)(编号|号|代码|序号|编码|标识码)|地块|宗地|dkbh|zddm|zdh|tbbh|"
    r"(plot|parcel|polygon)(no|number|id|code)?",
    "plot_name": r"(地块|宗地|图斑|项目)(名称?)|名称|dkmc|xmmc|(plot|parcel|project)?name",
    "ring": r"(地块|界址点)?(圈|环|部件)(编?号|序号)?|qh|(ring|part|loop)(no|number|id)?",
    "point": r"(界址|拐|角|顶|桩)点(编号|号|序号|名)?|点(编号|号|名|位|序号|序)|界址桩号|jzdh|jzd|dh|"
    r"(point|vertex|pt|node|corner)(no|number|id|name)?",
    "order": r"序号|编号|顺序号?|no|id|fid|objectid|index|xh",
    "length": r"(界址)?(边长|线长|边长度|边界长|界址线长度)|边距|间距|fsbc|bc|(side|edge)?(length|distance)",
}
"""Role -> what the whole name of a column, made plain, must be; the first that fits counts"""
UNIT = re.compile(r"\((m|米|°|度|deg|degree|degrees|dms|度分秒|单位:?[^()]*|十进制度?)\)")
PAIRS = (("north", "east"), ("lat", "lon"), ("x", "y"))
STRANGERS = 1
"""Columns of other kinds that a table of nothing but coordinates may have"""


def bare(header: str) -> str:
    """A column's name without unit, blanks, brackets and the name of its group.

    >>> bare("拐点坐标/X坐标（m）"), bare(" Y (东) "), bare("Point_No.")
    ('x坐标', 'y东', 'pointno')
    """
    text = unicodedata.normalize("NFKC", header).lower().rpartition("/")[2]
    text = UNIT.sub("", text.replace(" ", ""))
    return re.sub(r"[\s()\[\]_\-.:]", "", text)


def roles(headers: Iterable[str]) -> dict[str, str]:
    """Role -> column: the first column that fits. A number of rows is a point's where nothing else is.

    >>> roles(["地块编号", "圈号", "界址点号", "X坐标(m)", "Y坐标(m)"])
    {'plot_no': '地块编号', 'ring': '圈号', 'point': '界址点号', 'x': 'X坐标(m)', 'y': 'Y坐标(m)'}
    >>> roles(["序号", "北坐标", "东坐标"])
    {'point': '序号', 'north': '北坐标', 'east': '东坐标'}
    """
    found: dict[str, str] = {}
    for header in headers:
        name = bare(str(header))
        role = next((role for role, pattern in PATTERNS.items() if re.fullmatch(pattern, name)), None)
        if role is not None:
            found.setdefault(role, str(header))
    if "order" in found:
        column = found.pop("order")
        if "point" not in found:
            found = {"point": column, **found}
    return found


def pair(found: Mapping[str, str]) -> tuple[str, str] | None:
    """The two roles that hold the coordinates, the northing or latitude first; None where there are none."""
    return next((each for each in PAIRS if each[0] in found and each[1] in found), None)


def looks_like_points(frame: pd.DataFrame) -> bool:
    """Whether the rows of a table are boundary points, so that they make plots.

    They are when two columns are coordinates and one tells point or ring; or when there is next to nothing
    beside the coordinates, as enterprises with longitude and latitude have much.

    >>> looks_like_points(pd.DataFrame(columns=["点号", "X", "Y"]))
    True
    >>> looks_like_points(pd.DataFrame(columns=["序号", "企业名称", "经度", "纬度"]))
    False
    """
    found = roles(map(str, frame.columns))
    if pair(found) is None:
        return False
    named = {"point", "ring"} & set(found)
    strangers = len(frame.columns) - len(found)
    numbered = "point" in found and bare(found["point"]) in {
        "no",
        "id",
        "fid",
        "序号",
        "编号",
        "objectid",
        "index",
        "xh",
    }
    if numbered and "ring" not in found:
        return strangers == 0
    return bool(named) or strangers <= STRANGERS

"""Class legends of land-cover rasters (地表覆盖图例): what a class value means, and whether it is built on.

Each legend is a CSV of `data/codes/cover`, with status and source of every row; `own` is the user's file.
Chinese names are ours where the product has none. `built` is yes, no or mixed: of a mixed class (a dump,
a park, a cloud) nobody can tell from the value alone how much is built on, and it is neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from data.codes.tables import read_codes
from data.errors import ColumnMissing, FileBroken, NoSuchCode

LEGENDS: Mapping[str, str] = {
    "worldcover": "ESA WorldCover 10 m",
    "clcd": "CLCD 中国年度土地覆盖 30 m",
    "globeland30": "GlobeLand30 全球地表覆盖 30 m",
    "esri": "Esri / Impact Observatory 土地覆盖 10 m",
    "lc100": "CGLS-LC100 全球土地覆盖 100 m",
    "corine": "CORINE 土地覆盖 100 m",
}

GROUPS: Mapping[str, str] = {
    "built_up": "建设用地",
    "cropland": "耕地",
    "forest": "林地",
    "grass": "草地",
    "shrub": "灌木",
    "wetland": "湿地",
    "water": "水体",
    "bare": "裸地",
    "snow": "冰雪",
    "other": "其他",
}

BUILT = ("yes", "no", "mixed")
OWN_COLUMNS = ("value", "label", "built", "group")


@dataclass(frozen=True, eq=False)
class Legend:
    """What the class values of a raster mean.

    Parameters
    ----------
    name, label : key in `LEGENDS`, or `own`; and its name for people
    table : index value (int); columns name_zh, name_en, group (key of `GROUPS`), built (yes, no, mixed),
        status, source
    """

    name: str
    label: str
    table: pd.DataFrame

    def built(self, answer: str = "yes") -> list[int]:
        """The values that are built on (yes), are not (no), or of which it cannot be told (mixed).

        >>> legend("worldcover").built()
        [50]
        """
        return [int(value) for value in self.table.index[self.table["built"] == answer]]

    def group(self, group: str) -> list[int]:
        """The values of a group.

        >>> legend("worldcover").group("wetland")
        [90, 95]
        """
        return [int(value) for value in self.table.index[self.table["group"] == group]]

    def names(self, values: pd.Series) -> pd.Series:
        """The Chinese name of each value, missing where the legend has none; on the same index.

        >>> legend("clcd").names(pd.Series([8, 77])).tolist()
        ['不透水面', nan]
        """
        return values.map(self.table["name_zh"]).astype("str")


@cache
def legend(name: str) -> Legend:
    """The legend of that name.

    Raises
    ------
    NoSuchCode : there is no such legend
    """
    if name not in LEGENDS:
        raise NoSuchCode(
            name, f"The list of legends ({', '.join(LEGENDS)}; or the path of a CSV of your own)", LEGENDS
        )
    table = read_codes(f"cover/{name}")
    return Legend(name, LEGENDS[name], table.assign(value=table["value"].astype("int64")).set_index("value"))


def own_legend(path: Path) -> Legend:
    """A legend of the user's own: a CSV with the columns value, label, built and group.

    Raises
    ------
    FileBroken : it is no such table; says in which row
    ColumnMissing : a column is not there
    """
    try:
        given = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as odd:
        raise FileBroken(
            f"{path} is no legend: {odd}. Write a CSV in UTF-8 with the columns {', '.join(OWN_COLUMNS)}."
        ) from odd
    for column in OWN_COLUMNS:
        if column not in given:
            raise ColumnMissing(column, f"the legend {path.name}", list(given.columns))
    value = pd.to_numeric(given["value"].str.strip(), errors="coerce")
    rules = {
        "value": (value.isna() | (value % 1 != 0), "a whole number"),
        "built": (~given["built"].isin(BUILT), f"one of {', '.join(BUILT)}"),
        "group": (~given["group"].isin(list(GROUPS)), f"one of {', '.join(GROUPS)}"),
        "value, again": (value.duplicated(), "different in each row"),
    }
    for column, (wrong, wanted) in rules.items():
        if wrong.any():
            row = int(wrong.to_numpy().argmax())
            said = given[column.split(",")[0]].iloc[row]
            raise FileBroken(f"{path.name}, row {row + 2}: {column} is {said!r}; it has to be {wanted}.")
    table = pd.DataFrame({
        "name_zh": given["label"],
        "name_en": given["label"],
        "group": given["group"],
        "built": given["built"],
        "status": "unverified",
        "source": path.name,
    }).set_index(pd.Index(value.astype("int64"), name="value"))
    return Legend("own", path.name, table)

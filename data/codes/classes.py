"""Land-class systems (土地分类体系): 三调, GB/T 21010-2017, 用地用海 2020 and 2023, GB 50137."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import pandas as pd

from data.codes.tables import read_codes
from data.errors import NoSuchCode

SYSTEMS: Mapping[str, str] = {
    "sandiao": "三调工作分类",
    "gbt21010_2017": "土地利用现状分类 GB/T 21010-2017",
    "ydyh_2020": "用地用海分类(2020试行)",
    "ydyh_2023": "用地用海分类(2023)",
    "gb50137": "城市用地分类 GB 50137",
    "other": "其他",
}

CATEGORIES: Mapping[str, str] = {
    "industrial": "工业",
    "mining": "采矿",
    "salt": "盐田",
    "storage": "仓储",
    "commercial": "商业服务业",
    "housing": "居住",
    "research": "科研",
    "education_health_culture": "科教文卫",
    "public": "机关团体",
    "utilities": "公用设施",
    "park": "公园绿地与广场",
    "transport": "交通运输",
    "rural_road": "农村道路",
    "water": "水域",
    "water_works": "水工建筑",
    "farmland": "耕地、园地与设施农用地",
    "woodland": "林地",
    "grassland": "草地",
    "wetland": "湿地",
    "vacant": "空闲地",
    "special": "特殊用地",
    "reserve": "留白用地",
    "other": "其他",
}

SHOWN = ["code", "name", "category", "construction"]


@dataclass(frozen=True, eq=False)
class ClassSystem:
    """One system of land classes.

    Parameters
    ----------
    name, label : key in `SYSTEMS`, and its Chinese name
    table : index code; columns name, parent, category (key of `CATEGORIES`), construction
        (yes, no, switch), status, source. A blank category or construction means that the
        subclasses differ, so that the code alone cannot tell.
    """

    name: str
    label: str
    table: pd.DataFrame

    @cached_property
    def categories(self) -> dict[str, str | None]:
        """Code -> category; None where the subclasses differ."""
        return {
            str(code): said if isinstance(said, str) else None
            for code, said in self.table["category"].items()
        }

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """Code -> its subclasses."""
        parents = self.table["parent"].dropna()
        return {str(code): [str(c) for c in below] for code, below in parents.groupby(parents).groups.items()}

    def normalise(self, code: str) -> str | None:
        """The code as the table writes it, or None when the system has no such code.

        用地用海 layers pad to six digits, so pairs of 00 are stripped from the right until a
        code of the table is met. A 三调 suffix K (可调整) that the table lacks is read as its
        base class; a suffix A is only ever read as the table has it.

        >>> system("ydyh_2023").normalise("010000"), system("ydyh_2023").normalise("100100")
        ('01', '1001')
        >>> system("sandiao").normalise("0601k"), system("sandiao").normalise("601")
        ('0601', None)
        """
        tried = code.strip().upper()
        if self.name.startswith("ydyh"):
            while tried not in self.categories and len(tried) > 2 and tried.endswith("00"):
                tried = tried[:-2]
        if self.name == "sandiao" and tried not in self.categories:
            tried = tried.removesuffix("K")
        return tried if tried in self.categories else None

    def lookup(self, codes: pd.Series) -> pd.DataFrame:
        """Each code's row: code (normalised), name, category, construction, on the same index.

        An unknown or missing code gives NA in all four; `unknown` lists those met.

        >>> system("sandiao").lookup(pd.Series(["0508", "9999"]))["category"].tolist()
        ['storage', nan]
        """
        found = self._rows(codes)
        return found[SHOWN].set_axis(codes.index)

    def grouped(self, codes: pd.Series, groups: Mapping[str, str], rest: str = "") -> pd.Series:
        """The group of each code's category; NA when unknown, or when its subclasses fall apart.

        Parameters
        ----------
        groups : category -> group
        rest : group of the categories not named
        """
        positions, distinct = pd.factorize(codes)
        known = [self.normalise(str(code)) for code in distinct]
        said = [None if code is None else self._group(code, groups, rest) for code in known]
        return pd.Series([*said, None], dtype="str").take(positions).set_axis(codes.index)

    def unknown(self, codes: pd.Series) -> list[str]:
        """The distinct codes of the column that this system does not hold, as they were given.

        >>> system("gb50137").unknown(pd.Series(["M1", "0601", None]))
        ['0601']
        """
        return sorted(str(c) for c in codes.dropna().unique() if self.normalise(str(c)) is None)

    def _rows(self, codes: pd.Series) -> pd.DataFrame:
        """The table's rows in the order of `codes`; only distinct codes are normalised."""
        positions, distinct = pd.factorize(codes)
        known = [self.normalise(str(code)) for code in distinct]
        # the last row is all NA, and -1, the position of a missing code, points there
        rows = self.table.reindex([*known, None]).rename_axis("code").reset_index()
        return rows.take(positions)

    def _group(self, code: str, groups: Mapping[str, str], rest: str) -> str | None:
        category = self.categories[code]
        if category is not None:
            return groups.get(category, rest)
        below = {self._group(child, groups, rest) for child in self.children[code]}
        return below.pop() if len(below) == 1 else None


@cache
def system(name: str) -> ClassSystem:
    """The class system of that name.

    Raises
    ------
    NoSuchCode : there is no such system
    """
    if name not in SYSTEMS:
        raise NoSuchCode(name, "The list of land-class systems", SYSTEMS)
    return ClassSystem(name, SYSTEMS[name], read_codes(f"classes/{name}").set_index("code"))


def classify(codes: pd.Series, systems: pd.Series) -> pd.DataFrame:
    """Codes of several systems side by side, each looked up in its own.

    Parameters
    ----------
    codes : (n,) class codes, text
    systems : (n,) key of `SYSTEMS` for each; NA or an unknown system gives NA

    Returns
    -------
    DataFrame on the same index: code, name, category, construction
    """
    only = systems.unique()
    if len(only) == 1 and only[0] in SYSTEMS:
        return system(str(only[0])).lookup(codes)
    given = codes.reset_index(drop=True)
    names = systems.reset_index(drop=True)
    parts = [
        system(str(name)).lookup(given[names == name]) for name in names.dropna().unique() if name in SYSTEMS
    ]
    found = pd.concat(parts) if parts else pd.DataFrame(columns=SHOWN, dtype="str")
    return found.reindex(given.index).set_axis(codes.index)

"""Collections (数据集合): what is served as features, with the columns of each.

`COLLECTIONS` is the table of contents: what is not in it is not served as features.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from data.errors import NotHere
from data.kinds import Column, kind

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
ZONE = Column("zone", "开发区代码", "code")
YEAR = Column("year", "年份", "integer", min=1990, max=2100)
AREA = Column("area_m2", "面积(椭球)", "number", unit="m2", min=0)
VERSION = Column("version", "数据版本", "text")
JSON_TYPES = {"number": "number", "integer": "integer", "flag": "boolean"}


@dataclass(frozen=True)
class Collection:
    """A set of features under one address.

    Parameters
    ----------
    name, title, about : last part of its address, Chinese title, one sentence
    kind : of the book; empty where the features are made from results
    columns : of each feature
    filters : columns that a request may demand a value of
    yearly : its rows are of one year each
    zoned : rows belong to a zone, so that `zone=` can be asked
    """

    name: str
    title: str
    about: str
    kind: str = ""
    columns: Mapping[str, Column] = field(default_factory=dict)
    filters: tuple[str, ...] = ()
    yearly: bool = False
    zoned: bool = True

    @property
    def parameters(self) -> frozenset[str]:
        """Every query parameter that its items take."""
        common = {
            "bbox",
            "limit",
            "offset",
            "properties",
            "year",
            "datetime",
            "count",
            "f",
            "crs",
            "bbox-crs",
        }
        return frozenset({*common, *self.filters, *(("zone",) if self.zoned else ())})


@cache
def collections() -> Mapping[str, Collection]:
    """All collections by name, in the order of the landing page."""
    made = [
        _of_kind("zones", "开发区边界", "Boundaries of development zones, each for its period."),
        _of_kind("parcels", "地块", "Parcels with land class, supply and building, each for its period."),
        _of_kind(
            "enterprises",
            "企业年报",
            "Statements of enterprises by year, each at a point on its parcels; null without any.",
        ),
        _of_kind(
            "constraints",
            "管控图层",
            "Farmland, red lines, boundaries. Features that are classified (涉密) are left out.",
        ),
        _of_requests(),
        _of_results("indicators", "评价指标", "Zones with the results of a year as properties."),
        _of_results("emissions", "碳排放", "Zones with the emissions of a year as properties."),
    ]
    return {each.name: each for each in made}


def collection(name: str) -> Collection:
    """The collection of that name.

    Raises
    ------
    NotHere : there is none
    """
    if name not in collections():
        raise NotHere("collection", name, collections())
    return collections()[name]


def _of_kind(name: str, title: str, about: str) -> Collection:
    of = kind(name)
    area = {"area_m2": AREA} if of.geometry else {}
    columns = {**of.columns, **area, "version": VERSION}
    texts = [c.name for c in of.columns.values() if c.type in {"code", "text", "flag", "integer"}]
    return Collection(
        name,
        title,
        about,
        kind=name,
        columns=columns,
        filters=tuple(texts),
        yearly="year" in of.columns,
        zoned="zone" in of.columns or name == "zones",
    )


def _of_requests() -> Collection:
    from api.requests.columns import COLUMNS

    return Collection(
        "requests",
        "边界调整申请",
        "Requests to move a boundary: the land asked for, else the whole zone. Time is that of filing.",
        columns=COLUMNS,
        filters=("id", "name", "kind", "state", "verdict", "who"),
    )


def _of_results(name: str, title: str, about: str) -> Collection:
    zone = kind("zones").columns
    columns = {c: zone[c] for c in ("code", "name", "level", "city")}
    codes = {code: Column(code, label, "number", unit=unit) for code, label, unit in _results()}
    if name == "emissions":
        codes = {code: column for code, column in codes.items() if code.startswith("emissions")}
    return Collection(name, title, about, columns={**columns, "year": YEAR, **codes}, filters=("code",))


def _results() -> list[tuple[str, str, str]]:
    """Code, label and unit of every result that an assessment gives."""
    from api.contents import contents

    return [(each.code, each.label, each.unit) for each in contents()]

"""Names of categories and items (类别与品种名称), Chinese and English, as statements spell them."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from functools import cache

from data.parameters import HERE


@cache
def items() -> Mapping[str, Mapping[str, str]]:
    """Category -> name as folded -> item of ours. An item is also a name of itself.

    >>> items()["fuel"]["烟煤"], items()["electricity"]["bought"]
    ('bituminous_coal', 'bought')
    """
    found: dict[str, dict[str, str]] = {}
    for row in _rows():
        if row["item"]:
            names = found.setdefault(row["category"], {})
            names[fold(row["name"])] = names[fold(row["item"])] = row["item"]
    return found


@cache
def categories() -> Mapping[str, str]:
    """Name as folded -> category of ours.

    >>> categories()["燃料"]
    'fuel'
    """
    found = {row["category"]: row["category"] for row in _rows()}
    return found | {fold(row["name"]): row["category"] for row in _rows() if not row["item"]}


def fold(name: str) -> str:
    """A name without what statements vary in: case, width, spaces.

    >>> fold(" Ｄiesel  Oil ")
    'diesel_oil'
    """
    return "_".join(unicodedata.normalize("NFKC", name).lower().split())


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    with (HERE / "factors" / "activity_names.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))

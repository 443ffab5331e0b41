"""The files of this room (词句表): read once, strictly."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from data.errors import RuleFileError
from data.parameters import read_strictly

HERE = Path(__file__).parent


@cache
def titles() -> Mapping[str, str]:
    """Code of a fault -> short title.

    >>> titles()["unit_missing"]
    '没有单位'
    """
    return _texts(HERE / "titles.yaml")


@cache
def terms() -> Mapping[str, str]:
    """Name as it stands in a sentence -> Chinese term; categories of emissions among them.

    >>> terms()["scope1"], terms()["fuel"]
    ('范围一', '燃料')
    """
    from carbon.breakdowns import labels

    return {**labels(), **_texts(HERE / "terms.yaml")}


def sentences() -> Mapping[str, str]:
    """English sentence with holes -> the Chinese one, of all files together.

    Raises
    ------
    RuleFileError : a sentence stands in two files
    """
    found: dict[str, str] = {}
    for path in sorted((HERE / "sentences").glob("*.yaml")):
        made = _texts(path)
        if twice := found.keys() & made.keys():
            raise RuleFileError(f"{path.name}: {sorted(twice)} stands in another file too. Keep one.")
        found |= made
    return found


def _texts(path: Path) -> dict[str, str]:
    read = read_strictly(path)
    for key, value in read.items():
        if not (isinstance(key, str) and isinstance(value, str) and value.strip()):
            raise RuleFileError(f"{path.name}, {key}: write a text and its Chinese, both in quotes.")
    return read

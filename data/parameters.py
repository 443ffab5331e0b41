"""The value in force on a day, in a place: the only logic about the dates of law.

A file of `data/rules` or `data/factors` is one quantity through time (`values:`), or one table of
such quantities (`items:`). The path is the name: `rules.land.industrial_share_min` is
`data/rules/land/industrial_share_min.yaml`; `factors.fuel_cn_a.bituminous_coal.ncv` is the item
`bituminous_coal.ncv` of `data/factors/fuel_cn_a.yaml`.

    label: 产业用地占比下限
    meaning: Smallest share that the plan aims at.
    unit: "1"
    measures: industrial_share      # rules only: the indicator that is held against it
    compare: at least               # or: at most
    decimals: 4                     # the measured number is rounded so, half up, before comparing
    status: unverified              # verified | unverified | illustration; a row may have its own
    values:
      "410000":                     # GB/T 2260 region code
        2022-04-16: {value: 0.60, article: "henan-145-plan 专栏一", published: 2022-04-16}

Two dates stand on each row: the key is the first day on which the value holds, `published` the day on
which anyone could know it. Files are read strictly: unknown or doubled keys are errors.

An office may keep files of its own (`lay_over`): the same folders, and a file there takes the place of ours
of the same name, whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from data.dated_rows import as_dated, check_row
from data.errors import NoSuchParameter, NoValueOnDay, RuleFileError
from data.records import Dated, Outcome

try:  # the parser in C reads our tables seven times as fast
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a PyYAML that was built without it
    from yaml import SafeLoader  # type: ignore[assignment]  # another class, of the same use

HERE = Path(__file__).parent
NATION = "100000"
FOLDERS = ("rules", "factors")
DOCUMENTS = ("benefit", "evaluation", "leagues", "kind")
"""Folders and file names of rules that are whole documents, not dated numbers; their rooms read them."""
_roots: tuple[Path, ...] = (HERE,)


@dataclass(frozen=True)
class Parameter:
    """One quantity through time and place.

    Parameters
    ----------
    values : region code -> first day -> row, as `data.dated_rows` reads it
    bounds : lowest and highest value that is plausible at all; a row outside is refused on reading
    """

    name: str
    label: str
    unit: str
    values: Mapping[str, Mapping[date, Mapping[str, Any]]]
    meaning: str = ""
    measures: str = ""
    compare: str = ""
    decimals: int | None = None
    status: str = "unverified"
    bounds: tuple[float, float] | None = None
    data_year: bool = False
    notes: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def on(self, day: date, region: str = NATION, known_on: date = date.max) -> Dated:
        """The value in force on a day, in a place, as published by `known_on`.

        A city's own value wins over its province's, and that over the nation's. A `null`
        repeals: from that day the search moves one level up.

        >>> share = parameter("rules.land.industrial_share_min")
        >>> share.on(date(2024, 12, 31), region="410100").value
        0.6

        Raises
        ------
        NoValueOnDay : nothing was in force, or nothing was known by `known_on`
        """
        if (other := self.stands_in()) is not self:
            return other.on(day, region, known_on)
        levels = list(dict.fromkeys((region, region[:4] + "00", region[:2] + "0000", NATION)))
        for place in levels:
            rows = self.values.get(place, {})
            known = [d for d in rows if d <= day and rows[d]["published"] <= known_on]
            if known and rows[max(known)]["value"] is not None:
                return as_dated(self, place, max(known))
        starts = [d for place in levels for d in self.values.get(place, {})]
        raise NoValueOnDay(self.name, region, day, starts)

    def history(self) -> list[Dated]:
        """Every row of every place, by place and day; a repeal has the value None."""
        made = self.stands_in()
        return [as_dated(made, at, day) for at, rows in sorted(made.values.items()) for day in sorted(rows)]

    def stands_in(self) -> Parameter:
        """The parameter in which its numbers stand: itself, or one that a rule names as `limit` or `like`.

        >>> parameter("rules.adjustment.constraints.water").stands_in().name
        'rules.expansion.water'

        Raises
        ------
        RuleFileError : the names lead in a circle
        """
        made, passed = self, [self.name]
        while not made.values and (named := made.more.get("limit") or made.more.get("like")):
            if named in passed:
                raise RuleFileError(f"{' -> '.join((*passed, named))}: no number stands anywhere. Give one.")
            passed.append(named)
            made = parameter(named)
        return made

    def hold(self, measured: float | None, limit: Dated) -> Outcome:
        """A measured number held against the limit; a missing one cannot be told.

        The number is rounded half up to `decimals` first, as the text of the rule demands.
        """
        if measured is None or measured != measured or limit.value is None:
            return Outcome.CANNOT_TELL
        exact = Decimal(repr(float(measured)))
        if self.decimals is not None:
            exact = exact.quantize(Decimal(10) ** -self.decimals, ROUND_HALF_UP)
        gap = exact - Decimal(repr(float(limit.value)))
        met = gap >= 0 if self.compare == "at least" else gap <= 0
        return Outcome.MET if met else Outcome.NOT_MET


def in_force(since: date, until: date | None, day: date) -> bool:
    """Whether something that holds from `since` on, and no longer on `until`, holds on a day.

    Parameters
    ----------
    until : first day on which it no longer holds; None where no end is known

    >>> [in_force(date(2024, 1, 1), date(2025, 1, 1), date(year, 1, 1)) for year in (2023, 2024, 2025)]
    [False, True, False]
    """
    return since <= day and (until is None or day < until)


class NoDuplicates(SafeLoader):
    """Plain YAML lets a second, equal key win without a word; this one refuses it."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping whose keys all differ."""
        keys = [self.construct_object(key, deep) for key, _ in node.value]
        if twice := {str(key) for key in keys if keys.count(key) > 1}:
            raise RuleFileError(
                f"{node.start_mark}: {', '.join(sorted(twice))} stands there twice. Keep one."
            )
        return super().construct_mapping(node, deep)


def read_strictly(path: Path) -> dict[str, Any]:
    """A YAML file as a mapping, doubled keys refused."""
    try:
        with path.open(encoding="utf-8") as stream:  # a stream, so that marks name the file
            read = yaml.load(stream, NoDuplicates)  # noqa: S506 - NoDuplicates is a SafeLoader
    except UnicodeDecodeError as odd:
        raise RuleFileError(f"{path.name} is not text in UTF-8: {odd.reason}. Save it as UTF-8.") from odd
    except yaml.YAMLError as odd:
        raise RuleFileError(f"{path.name} is not YAML: {odd}. Correct the line it names.") from odd
    if not isinstance(read, dict):
        raise RuleFileError(f"{path.name} holds no mapping. Begin it with `label:`.")
    return read


@cache
def parameter(name: str) -> Parameter:
    """The parameter of that dotted name, read strictly: an unknown key is an error."""
    file, item = _locate(name)
    table = _read_file(file)
    if item not in table:
        raise NoSuchParameter(name, names())
    return table[item]


def has(name: str) -> bool:
    """Whether a parameter of that name is written, without reading any file but its own.

    >>> has("rules.land.industrial_share_min"), has("rules.land.industrial_share_max")
    (True, False)
    """
    try:
        file, item = _locate(name)
    except NoSuchParameter:
        return False
    return item in _read_file(file)


@cache
def names() -> tuple[str, ...]:
    """The dotted names of all parameters, rules first."""
    return tuple(name for folder in FOLDERS for name in names_in(folder))


def names_in(folder: str) -> tuple[str, ...]:
    """The dotted names of the parameters below one folder, without reading any other file.

    >>> "rules.land.industrial_share_min" in names_in("rules/land")
    True
    """
    found = []
    for stem, file in files(folder).items():
        if not set(stem.split("/")) & set(DOCUMENTS):
            name = stem.replace("/", ".")
            found += [f"{name}.{item}" if item else name for item in _read_file(file)]
    return tuple(found)


def roots() -> tuple[Path, ...]:
    """The folders that hold rules and factors: ours, and after it the office's, whose files come before ours.

    >>> roots()[0].name
    'data'
    """
    return _roots


def files(folder: str) -> dict[str, Path]:
    """The YAML files below a folder, ours and the office's: `rules/benefit/huangyan_2022` -> path, sorted."""
    found: dict[str, Path] = {}
    for root in _roots:
        for path in (root / folder).rglob("*.yaml"):
            found[path.relative_to(root).with_suffix("").as_posix()] = path
    return dict(sorted(found.items()))


def lay_over(folder: Path) -> None:
    """Let an office's own folder of rules and factors come before ours, from now on.

    Parameters
    ----------
    folder : holds `rules/`, `factors/` or `columns/`; a file there takes the place of ours of the same name

    Raises
    ------
    RuleFileError : it holds none of them
    """
    global _roots
    if not any((folder / each).is_dir() for each in (*FOLDERS, "columns")):
        raise RuleFileError(
            f"{folder} holds none of the folders rules, factors and columns. Lay out your files as those of "
            "data are, or leave MUTAN_RULES empty."
        )
    _roots = (HERE, folder)
    for kept in (parameter, names, _read_file):
        kept.cache_clear()


def _locate(name: str) -> tuple[Path, str]:
    parts = name.split(".")
    for cut in range(len(parts), 1, -1):
        for root in reversed(_roots):
            file = root.joinpath(*parts[:cut]).with_suffix(".yaml")
            if parts[0] in FOLDERS and file.is_file():
                return file, ".".join(parts[cut:])
    raise NoSuchParameter(name, names())


@cache
def _read_file(path: Path) -> dict[str, Parameter]:
    """The parameters of one file: item -> Parameter; the empty item where the file is one quantity."""
    read = read_strictly(path)
    root = next(root for root in _roots if path.is_relative_to(root))
    stem = ".".join(path.relative_to(root).with_suffix("").parts)
    items = read.pop("items", None)
    if items is None:
        return {"": _parameter(stem, read, path)}
    return {item: _parameter(f"{stem}.{item}", {**read, **own}, path) for item, own in items.items()}


def _parameter(name: str, read: Mapping[str, Any], path: Path) -> Parameter:
    try:
        made = Parameter(name=name, **read)
    except TypeError as odd:
        raise RuleFileError(f"{path.name}, {name}: {odd}. The keys are those of Parameter.") from odd
    if made.measures and made.compare not in ("at least", "at most"):
        raise RuleFileError(f"{path.name}: compare is {made.compare!r}; write 'at least' or 'at most'.")
    for region, rows in made.values.items():
        if not isinstance(region, str):
            raise RuleFileError(f'{path.name}: quote the region code, as "{region}".')
        for day, row in rows.items():
            check_row(made, f"{path.name}, {name}, {region}, {day}", day, row)
    return made

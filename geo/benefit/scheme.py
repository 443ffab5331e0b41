"""A grading scheme (亩均效益评价办法) as data: who is graded, by which figures, how scores become classes.

A scheme is one YAML of `data/rules/benefit`, or of the office's own folder; a further one needs no Python.

    label, meaning, region, since, until?, published, article, status, notes?
    unit: zone | list            # firms compete within their zone, or all together
    rounding: half_up | down | up     # how a share of enterprises becomes a number of them
    ties: {by: [codes of indicators], last: together | enterprise_id}
    decimals: 2                  # optional: totals are rounded so before they are ranked
    merge: plot_id               # optional: firms on one plot are graded as one
    tenants: {who: …}            # optional: such firms take the result of their landlord
    exempt: [{code, label, who?, since?, years?, at?, when_missing?, article?}]
    groups:
      above_scale:
        label, who, score: {cap, floor}, indicators, correction?, bonus?, classes

`who` is a list of conditions on columns, all of which must hold: `above_scale: true`,
`land: {at_least: 5}` (the land used, see `geo.benefit.land_of`), `sections: [B, C, D]`.
Two answers of a condition are not enough: where a column is blank, the group cannot be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from data.errors import NoSuchCode
from data.parameters import Parameter, files, roots
from data.records import Dated, Status

FOLDER = "rules/benefit"
LAND = "land"
RULES_OF_BASE = ("group_mean", "group_ratio")


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing asked of an enterprise.

    Parameters
    ----------
    column : of the statement; `land` is the land used, `section` and `division` come from the industry
    test : is, at_least, above, at_most, below or one_of
    operand : what the column is held against
    """

    column: str
    test: str
    operand: bool | float | tuple[str, ...]

    def __str__(self) -> str:
        """`land at least 5`."""
        said = ", ".join(self.operand) if isinstance(self.operand, tuple) else f"{self.operand}"
        return f"{self.column} {self.test.replace('_', ' ')} {said}"


@dataclass(frozen=True, slots=True)
class Item:
    """One scored indicator (单项指标): value = numerator / denominator, score = value / base x weight.

    Parameters
    ----------
    numerator, denominator : columns of the statement; the denominator may be `land`, or empty
    factor : turns the units of the columns into `unit`
    base : value that earns the full weight; None where `base_rule` makes it
    base_rule : value, group_mean (mean of the firms' values) or group_ratio (sum over sum)
    cap, floor : highest and lowest score, as multiples of the weight; None for no bound
    when_missing : cannot_tell, group_mean or group_ratio; never zero
    when_zero : the same, and cap, for a denominator of nought
    plausible : lowest and highest value that is believed; beyond it the figure is a fault
    """

    code: str
    label: str
    numerator: str
    denominator: str
    unit: str
    factor: float
    base: float | None
    base_rule: str
    weight: float
    cap: float | None
    floor: float | None
    when_missing: str
    when_zero: str
    plausible: tuple[float, float] | None
    status: Status
    note: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is made of, `land` among them."""
        return tuple(filter(None, (self.numerator, self.denominator)))

    @property
    def formula(self) -> str:
        """`tax_cny10k / land`."""
        return " / ".join(self.columns)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A correction factor or a bonus (修正系数, 加分): its column, what a blank means, its bounds."""

    column: str
    default: float
    lowest: float | None
    highest: float | None


@dataclass(frozen=True, slots=True)
class Cut:
    """How one class is cut out. Exactly one of share, at_least, first, last and rest says so.

    Parameters
    ----------
    share : per cent of the enterprises, from the best downwards
    at_least : lowest total score
    first, last : number of enterprises (cut by rank), or per cent of them (two stages)
    of : top or bottom half, in two stages
    by : codes of the indicators whose scores are added up to rank the half again
    """

    label: str
    share: float | None = None
    at_least: float | None = None
    first: float | None = None
    last: float | None = None
    rest: bool = False
    of: str = ""
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of a group, the best first (分档).

    Parameters
    ----------
    cut : none, shares, scores, ranks or two_stage
    top_share : per cent of the enterprises in the top half of two stages
    share_of : group or half: what the per cent of two stages are taken of
    """

    cut: str
    cuts: tuple[Cut, ...] = ()
    top_share: float = 50.0
    share_of: str = "group"
    status: Status = Status.UNVERIFIED
    note: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the classes, the best first."""
        return tuple(cut.label for cut in self.cuts)


@dataclass(frozen=True, slots=True)
class Group:
    """Enterprises that compete with each other (规上, 规下)."""

    code: str
    label: str
    who: tuple[Condition, ...]
    items: tuple[Item, ...]
    correction: Adjustment | None
    bonus: Adjustment | None
    classes: Classes


@dataclass(frozen=True, slots=True)
class Exemption:
    """Who is left out of the grading (不参评), and why.

    Parameters
    ----------
    since, years : a day column, and how many full years must have passed since
    at : day (of the grading) or year_end (of the year graded)
    when_missing : graded or cannot_tell, where it cannot be told whether the firm is exempt
    """

    code: str
    label: str
    who: tuple[Condition, ...]
    since: str
    years: int
    at: str
    when_missing: str
    article: str
    status: Status
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme, whole. The fields are explained at the head of this file."""

    name: str
    label: str
    meaning: str
    region: str
    since: date
    until: date | None
    article: str
    published: date
    status: Status
    notes: str
    unit: str
    rounding: str
    ties: tuple[str, ...]
    together: bool
    decimals: int | None
    groups: tuple[Group, ...]
    exempt: tuple[Exemption, ...]
    tenants: tuple[Condition, ...]
    merge: str

    def on(self, day: date, known_on: date = date.max) -> Dated:
        """The scheme's own entry in the dated rules, value 1 while it is in force.

        Raises
        ------
        NoValueOnDay : it was not in force on that day, or not yet published by `known_on`
        """
        row = {"article": self.article, "published": self.published}
        rows = {self.since: {"value": 1.0, **row}}
        if self.until is not None:
            rows[self.until] = {"value": None, **row}
        name = f"rules.benefit.{self.name}"
        held = Parameter(name, self.label, "1", {self.region: rows}, status=self.status)
        return held.on(day, self.region, known_on)

    def base_of(self, group: Group, item: Item) -> Dated:
        """The base value of an indicator as a dated value; None where the group itself makes it."""
        return Dated(
            name=f"rules.benefit.{self.name}.{group.code}.{item.code}",
            value=item.base,
            unit=item.unit,
            since=self.since,
            region=self.region,
            article=self.article,
            published=self.published,
            status=item.status,
            label=f"{item.label}基准值",
            note=item.note,
        )

    def group(self, code: str) -> Group:
        """The group of that code.

        Raises
        ------
        NoSuchCode : the scheme has no such group
        """
        for each in self.groups:
            if each.code == code:
                return each
        raise NoSuchCode(code, f"The scheme {self.name}", [each.code for each in self.groups])

    @property
    def items(self) -> Mapping[str, Item]:
        """Each indicator once, by code; groups differ in base and weight alone."""
        return {item.code: item for group in self.groups for item in group.items}


def names() -> tuple[str, ...]:
    """The schemes there are, ours and the office's.

    >>> "huangyan_2022" in names()
    True
    """
    return tuple(name.removeprefix(f"{FOLDER}/") for name in files(FOLDER))


def scheme(name: str) -> Scheme:
    """The scheme of that name, read strictly.

    >>> [group.label for group in scheme("huangyan_2022").groups]
    ['规上', '规下']

    Raises
    ------
    NoSuchCode : there is no such scheme
    RuleFileError : its file is badly written; the message names file, key and remedy
    """
    for root in reversed(roots()):  # to list all there are would take longer than a grading
        path = Path(f"{root}/{FOLDER}/{name}.yaml")
        if ".." not in name and path.is_file():
            return _read(path, name)
    raise NoSuchCode(name, "The list of grading schemes", names())


@cache
def _read(path: Path, name: str) -> Scheme:
    from geo.benefit.scheme_reading import read_scheme  # it needs the classes above

    return read_scheme(path, name)

"""A condition (条件): one rule that a request is held against, read from a file of data/rules.

What makes a rule a condition stands in its `more`:

    form: overlap             # overlap | containment | distance | balance | threshold
    role: basic_farmland      # of the features it is held against, a key of data/codes/constraint_roles.yaml
    where: {level: [优先保护]}  # only features whose column holds one of these words, none with a ! before
    unmarked: left out        # features whose column says nothing are others; else they may be such
    of: added                 # boundary | asked | gives_up | added | lost | after
    group: 底线类             # 底线类 | 节约集约类 | 发展空间类 | 程序类
    order: 10
    hard: true                # the trimmed geometry avoids it
    reasons: {code: 词}        # declared reasons: what is not met is then to be verified
    open: 词                   # what is not met is to be verified in any case, and why
    limit: rules.land.…       # the number stands there and nowhere else
    like: rules.expansion.…   # everything that is not said here stands there
    measure: {…}              # of a threshold or a balance
    applies: {level: [provincial]}   # only zones whose column has one of these
    remedy: 词
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from data.codes.roles import role
from data.errors import NoSuchCode, NoSuchParameter, RuleFileError, UnitMismatch
from data.parameters import Parameter, files, names_in, parameter, roots
from data.records import Dated
from data.units import convert
from geo.boundary_change.conditions.likeness import likened

FORMS = ("overlap", "containment", "distance", "balance", "threshold")
PLACED: Mapping[str, str] = {"overlap": "m2", "containment": "m2", "distance": "m"}
"""The forms that are held against features of a role, and the unit in which each measures"""
GROUPS = ("底线类", "节约集约类", "发展空间类", "程序类")
LEFT_OUT = "left out"
SHAPES = ("boundary", "asked", "gives_up", "added", "lost", "after")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a kind of request.

    Parameters
    ----------
    parameter : its dated values, in which the label and the comparison stand too
    limit_of : where its numbers stand: itself, or another parameter that it names
    form, role, where, unmarked, of, measure, applies : what is held, see the head of this module
    hard : the trimmed geometry avoids it
    reasons : code -> words, of reasons that may be declared
    open : why what is not met is to be verified in any case; empty where it is not met
    """

    parameter: Parameter
    limit_of: Parameter
    form: str
    role: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unmarked: str = ""
    of: str = "added"
    group: str = ""
    order: int = 1000
    hard: bool = False
    reasons: Mapping[str, str] = field(default_factory=dict)
    open: str = ""
    measure: Mapping[str, Any] = field(default_factory=dict)
    applies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    remedy: str = ""

    @property
    def rule(self) -> str:
        """The dotted name of its parameter."""
        return self.parameter.name

    @property
    def farthest(self) -> float:
        """How far from a shape features have to be read, metres: the largest limit anywhere at any time.

        0 but for distances.
        """
        if self.form != "distance":
            return 0.0
        largest = max((row.value for row in self.limit_of.history() if row.value is not None), default=0.0)
        own, metres = self.limit_of.unit, PLACED[self.form]
        return largest if own == metres else convert(largest, own, metres)  # units take a second to load

    def limit(self, day: Any, region: str) -> Dated:
        """Its value in force on a day, in a place.

        Raises
        ------
        NoValueOnDay : nothing is in force there
        """
        return self.limit_of.on(day, region)


KEYS = frozenset(Condition.__dataclass_fields__) - {"parameter", "limit_of"} | {"limit"}
LISTS = ("where", "applies")
ONLY_PLACED = ("role", "where", "unmarked", "hard")
TYPES: Mapping[str, tuple[type, str]] = {
    "hard": (bool, "Write true or false."),
    "order": (int, "Write a whole number."),
    "reasons": (dict, "Write a code and words for each, as {state_project: 国家重大项目}."),
    "measure": (dict, "Write what is measured, as {result: idle_rate, at: before}."),
    "open": (str, "Write in words why it is to be verified."),
    "remedy": (str, "Write in words what to do."),
}


def conditions(kind: str) -> tuple[Condition, ...]:
    """The conditions of a kind, in the order in which they are told.

    Parameters
    ----------
    kind : a folder of data/rules, ours or the office's

    Raises
    ------
    RuleFileError : a condition is badly written; the message names its file, and what may stand there
    """
    return _conditions(kind, roots())


@cache
def _conditions(kind: str, _roots: tuple[Path, ...]) -> tuple[Condition, ...]:
    found = (likened(parameter(name)) for name in names_in(f"rules/{kind}"))
    read = [_read(rule) for rule in found if "form" in rule.more]
    return tuple(sorted(read, key=lambda each: (each.order, each.rule)))


def _read(rule: Parameter) -> Condition:
    said = dict(rule.more)
    if strange := sorted(set(said) - KEYS):
        raise _badly(rule, f"more has {', '.join(strange)}", f"It may have {', '.join(sorted(KEYS))}.")
    for name, known in (("form", FORMS), ("of", SHAPES), ("group", GROUPS), ("unmarked", (LEFT_OUT,))):
        _one_of(rule, name, said, known)
    for name, (kind, remedy) in TYPES.items():
        if name in said and type(said[name]) is not kind:
            raise _badly(rule, f"{name} is {said[name]!r}", remedy)
    if rule.compare not in ("at least", "at most"):
        raise _badly(rule, f"compare is {rule.compare!r}", "Write 'at least' or 'at most'.")
    limit_of = _limit_of(rule, said.pop("limit", None))
    _check_place(rule, said, limit_of)
    for name in LISTS:
        said[name] = _lists(rule, name, said.get(name, {}))
    said["reasons"] = {str(code): str(words) for code, words in said.get("reasons", {}).items()}
    return Condition(rule, limit_of, **said)


def _limit_of(rule: Parameter, name: object) -> Parameter:
    """Where the numbers of a rule stand."""
    if name is None:
        return rule
    try:
        return parameter(str(name))
    except NoSuchParameter as odd:
        raise _badly(rule, f"limit is {name!r}", str(odd)) from odd


def _check_place(rule: Parameter, said: Mapping[str, Any], limit_of: Parameter) -> None:
    """Refuse a form that is held against a place without a role, one that is not with one, and odd units."""
    form = said["form"]
    if form not in PLACED:
        for name in ONLY_PLACED:
            if said.get(name):
                raise _badly(
                    rule, f"form {form} has {name}", f"Only {', '.join(PLACED)} are held against features."
                )
        return
    if not said.get("role"):
        raise _badly(rule, f"form {form} names no role", "Write role: basic_farmland, or another.")
    if said.get("measure"):
        raise _badly(rule, f"form {form} has measure", "It measures by itself: leave it out.")
    try:
        role(said["role"])
        if PLACED[form] != limit_of.unit:
            convert(1.0, PLACED[form], limit_of.unit)
    except (NoSuchCode, UnitMismatch) as odd:
        raise _badly(rule, f"form {form} of role {said['role']} in {limit_of.unit}", str(odd)) from odd


def _one_of(rule: Parameter, name: str, said: Mapping[str, Any], known: tuple[str, ...]) -> None:
    if name in said and said[name] not in known:
        raise _badly(rule, f"{name} is {said[name]!r}", f"Write one of {', '.join(known)}.")


def _lists(rule: Parameter, name: str, said: object) -> dict[str, tuple[str, ...]]:
    listed = isinstance(said, dict) and all(isinstance(words, list) and words for words in said.values())
    if not listed or not isinstance(said, dict):
        raise _badly(rule, f"{name} is {said!r}", "Write a column and a list, as {level: [优先保护]}.")
    return {str(column): tuple(map(str, words)) for column, words in said.items()}


def _badly(rule: Parameter, what: str, remedy: str) -> RuleFileError:
    """The fault of a rule, with the file in which it stands."""
    kind = "/".join(rule.name.split(".")[:2])
    stems = {stem.replace("/", "."): path for stem, path in files(kind).items()}
    own = [stem for stem in stems if f"{rule.name}.".startswith(f"{stem}.")]
    path = stems[max(own, key=len)] if own else Path(f"{kind}/")
    return RuleFileError(f"{path.parent.name}/{path.name}, {rule.name}: {what}. {remedy}")

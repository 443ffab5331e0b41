"""A condition (条件): one rule that a request is held against, read from a file of data/rules.

What makes a rule a condition stands in its `more`:

    form: overlap             # overlap | containment | distance | balance | threshold
    role: basic_farmland      # of the features it is held against, a key of data/codes/constraint_roles.yaml
    where: {level: [优先保护]}  # only features whose column holds one of these words, none with a ! before
    of: added                 # boundary | asked | gives_up | added | lost | after
    group: 底线类
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
from data.errors import RuleFileError
from data.parameters import Parameter, names, parameter, roots
from data.records import Dated
from geo.boundary_change.conditions.likeness import likened

FORMS = ("overlap", "containment", "distance", "balance", "threshold")
PLACED = ("overlap", "containment", "distance")
SHAPES = ("boundary", "asked", "gives_up", "added", "lost", "after")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a kind of request.

    Parameters
    ----------
    parameter : its dated values, in which the label and the comparison stand too
    limit_of : where its numbers stand: itself, or another parameter that it names
    form, role, where, of, measure, applies : what is held, see the head of this module
    hard : the trimmed geometry avoids it
    reasons : code -> words, of reasons that may be declared
    open : why what is not met is to be verified in any case; empty where it is not met
    """

    parameter: Parameter
    limit_of: Parameter
    form: str
    role: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
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
        """The largest value of its limit anywhere at any time: how far a distance has to be looked for."""
        return max((row.value for row in self.limit_of.history() if row.value is not None), default=0.0)

    def limit(self, day: Any, region: str) -> Dated:
        """Its value in force on a day, in a place.

        Raises
        ------
        NoValueOnDay : nothing is in force there
        """
        return self.limit_of.on(day, region)


KEYS = frozenset(Condition.__dataclass_fields__) - {"parameter", "limit_of"} | {"limit"}
LISTS = ("where", "applies")


def conditions(kind: str) -> tuple[Condition, ...]:
    """The conditions of a kind, in the order in which they are told.

    Parameters
    ----------
    kind : a folder of data/rules, ours or the office's

    Raises
    ------
    RuleFileError : a condition is badly written; the message names it and what may stand there
    NoSuchCode : it names a role that does not exist
    """
    return _conditions(kind, roots())


@cache
def _conditions(kind: str, _roots: tuple[Path, ...]) -> tuple[Condition, ...]:
    found = (likened(parameter(name)) for name in names() if name.startswith(f"rules.{kind}."))
    read = [_read(rule) for rule in found if "form" in rule.more]
    return tuple(sorted(read, key=lambda each: (each.order, each.rule)))


def _read(rule: Parameter) -> Condition:
    said = dict(rule.more)
    if strange := sorted(set(said) - KEYS):
        raise _badly(rule, f"more has {', '.join(strange)}", f"It may have {', '.join(sorted(KEYS))}.")
    _one_of(rule, "form", said["form"], FORMS)
    _one_of(rule, "of", said.get("of", "added"), SHAPES)
    if said["form"] in PLACED and not said.get("role"):
        raise _badly(rule, f"form {said['form']} names no role", "Write role: basic_farmland, or another.")
    if said.get("role"):
        role(said["role"])
    if rule.compare not in ("at least", "at most"):
        raise _badly(rule, f"compare is {rule.compare!r}", "Write 'at least' or 'at most'.")
    limit_of = parameter(said.pop("limit")) if "limit" in said else rule
    for name in LISTS:
        said[name] = _lists(rule, name, said.get(name, {}))
    return Condition(rule, limit_of, **said)


def _one_of(rule: Parameter, name: str, said: object, known: tuple[str, ...]) -> None:
    if said not in known:
        raise _badly(rule, f"{name} is {said!r}", f"Write one of {', '.join(known)}.")


def _lists(rule: Parameter, name: str, said: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(said, dict) or not all(isinstance(words, list) for words in said.values()):
        raise _badly(rule, f"{name} is {said!r}", "Write a column and a list, as {level: [优先保护]}.")
    return {column: tuple(map(str, words)) for column, words in said.items()}


def _badly(rule: Parameter, what: str, remedy: str) -> RuleFileError:
    return RuleFileError(f"{rule.name}: {what}. {remedy}")

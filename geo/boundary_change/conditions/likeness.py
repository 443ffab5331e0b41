"""A condition like another (同类条件): a rule that takes what it does not say itself from the rule it names.

    more: {like: rules.expansion.basic_farmland, of: after}

Its limit, unit and comparison are those of the other, unless it has values of its own; each key of `more`
that it gives stands in the place of the other's. So a number and its article stand once, whoever holds it.
"""

from __future__ import annotations

from dataclasses import replace

from data.errors import RuleFileError
from data.parameters import Parameter, parameter


def likened(rule: Parameter, through: tuple[str, ...] = ()) -> Parameter:
    """A rule with everything that it takes from the one it is like; itself where it is like none.

    Parameters
    ----------
    through : names of the rules that led here

    Raises
    ------
    NoSuchParameter : there is no rule of the name it gives
    RuleFileError : rules are like each other in a circle
    """
    if "like" not in rule.more:
        return rule
    if rule.name in through:
        circle = " -> ".join((*through, rule.name))
        raise RuleFileError(f"{rule.name} is like itself: {circle}. Let one of them say what it is.")
    other = likened(parameter(str(rule.more["like"])), (*through, rule.name))
    more = {**other.more, **rule.more}
    del more["like"]
    if rule.values:
        if "limit" not in rule.more:
            more.pop("limit", None)
        return replace(rule, more=more)
    more.setdefault("limit", other.name)
    return replace(
        rule,
        more=more,
        unit=other.unit,
        compare=other.compare,
        decimals=other.decimals,
        measures=other.measures,
        meaning=rule.meaning or other.meaning,
    )

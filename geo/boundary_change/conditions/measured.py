"""What a threshold or a balance measured (实测值): a number, or its bounds, or why neither is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import shapely

from data.errors import RuleFileError
from data.records import Input
from data.units import round_trip


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One figure.

    Parameters
    ----------
    value : None when it cannot be told, and then `reason` says why
    bounds : between which it lies, where that is known though the value is not
    stated : whether its unit is that of a statement, which a person may have got wrong
    shape : land that it is about, in the plane of the request
    """

    value: float | None
    unit: str
    reason: str = ""
    formula: str = ""
    inputs: tuple[Input, ...] = ()
    bounds: tuple[float, float] | None = None
    stated: bool = False
    shape: shapely.Geometry | None = None
    layers: tuple[str, ...] = ()

    def unknown(self, reason: str) -> Measured:
        """The same without a number, and why."""
        return replace(self, value=None, bounds=None, reason=reason)

    def times(self, factor: float, unit: str) -> Measured:
        """The same in another unit."""
        value = None if self.value is None else round_trip(self.value * factor)
        ends = self.bounds and (round_trip(self.bounds[0] * factor), round_trip(self.bounds[1] * factor))
        return replace(self, value=value, unit=unit, bounds=ends)


def asked_of(rule: str, measure: Mapping[str, Any], may: Mapping[str, Any]) -> dict[str, Any]:
    """What a measure says, with the defaults of what it leaves out.

    Parameters
    ----------
    may : key -> its default; a tuple holds what may stand there, the first of them by default

    Raises
    ------
    RuleFileError : it says something that is not known

    >>> asked_of("r", {"result": "idle_rate"}, {"result": "", "at": ("before", "after")})
    {'result': 'idle_rate', 'at': 'before'}
    """
    if strange := sorted(set(measure) - set(may)):
        raise RuleFileError(
            f"{rule}: measure has {', '.join(strange)}. Beside {next(iter(may))} it may have "
            f"{', '.join(list(may)[1:]) or 'nothing'}."
        )
    said = {}
    for key, default in may.items():
        offered = default if isinstance(default, tuple) else ()
        said[key] = measure.get(key, offered[0] if offered else default)
        if offered and said[key] not in offered:
            known = ", ".join(map(str, offered))
            raise RuleFileError(f"{rule}: measure: {key} is {said[key]!r}. Write one of {known}.")
    return said


def counted(rule: str, said: Mapping[str, Any], key: str) -> int:
    """A whole number of a measure, 1 or more.

    Raises
    ------
    RuleFileError : it is none
    """
    number = said[key]
    if type(number) is not int or number < 1:
        raise RuleFileError(f"{rule}: measure: {key} is {number!r}. Write a whole number, 1 or more.")
    return number

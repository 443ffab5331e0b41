"""Limits of the carbon room (核查界限): thresholds of the house in force at the end of a year, or a fault."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from carbon.category import Ask
from data.errors import NoValueOnDay
from data.parameters import parameter
from data.records import Dated, Fault, Severity


def limits(table: str, names: Iterable[str], ask: Ask) -> tuple[dict[str, Dated], tuple[Fault, ...]]:
    """The limits of a file of `data/rules/carbon` by name; one that is not in force is left out, and said.

    >>> found, _ = limits("plausibility", ["jump_ratio"], Ask(2023, "410000"))
    >>> found["jump_ratio"].value
    2
    """
    found: dict[str, Dated] = {}
    faults: list[Fault] = []
    for name in names:
        try:
            dated = parameter(f"rules.carbon.{table}.{name}").on(
                date(ask.year, 12, 31), ask.region, ask.known_on
            )
            found[name] = dated
        except NoValueOnDay as silent:
            remedy = "What it limits cannot be told; add the value, or ask for a later day."
            faults.append(Fault("limit_missing", str(silent), remedy, Severity.WARNING, "activity"))
    return found, tuple(faults)


def values(found: dict[str, Dated], names: Iterable[str]) -> dict[str, float]:
    """Their numbers; nan, with which no comparison holds, where one is lacking.

    >>> values({}, ["jump_ratio"])
    {'jump_ratio': nan}
    """
    told = {name: found[name].value if name in found else None for name in names}
    return {name: float("nan") if value is None else float(value) for name, value in told.items()}

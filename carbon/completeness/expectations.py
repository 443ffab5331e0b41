"""Expectations (应报类别): which categories enterprises of an industry are asked for, dated and cited."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from carbon.category import Ask
from data.errors import NoValueOnDay
from data.parameters import has, names, parameter
from data.records import Dated

TABLE = "rules.carbon.expected_categories"
SHARES = "rules.carbon.category_shares"
EVERY, ZONE = "all", "zone"
DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Expectation:
    """One category, or one of several, that somebody is expected to state.

    Parameters
    ----------
    name : as in the table, `30.process`
    of : a division of GB/T 4754-2017; `all`, every enterprise; `zone`, somebody in the zone
    categories, items : a line of one of them answers it; no items: any
    only, but_not : beginnings of industry codes
    dated : the row of the table, with its article
    emits : whether emissions lack where it lacks; what is sent out is counted where the fuel is burned
    """

    name: str
    of: str
    categories: tuple[str, ...]
    items: tuple[str, ...]
    only: tuple[str, ...]
    but_not: tuple[str, ...]
    dated: Dated
    emits: bool = True

    def asks(self, industry: str, division: str) -> bool:
        """Whether it is asked of an enterprise of that industry, if it is asked of enterprises at all.

        Parameters
        ----------
        industry : code as stated, of any length
        division : its division of GB/T 4754-2017; empty where it names none
        """
        if self.of in (EVERY, ZONE):
            return self.of == EVERY
        digits = DIGITS.search(industry)
        return division == self.of and self._meets(digits[0] if digits else division)

    def _meets(self, code: str) -> bool:
        """Whether an industry code lies within; one too short to tell does."""
        if any(code.startswith(each) for each in self.but_not):
            return False
        return not self.only or any(code.startswith(each) or each.startswith(code) for each in self.only)


def expectations(ask: Ask) -> tuple[Expectation, ...]:
    """What is expected at the end of the year, as known on the day of the question.

    >>> [each.categories for each in expectations(Ask(2023, "410000")) if each.of == "31"]
    [('fuel',), ('process',)]
    """
    found = []
    for name in names():
        if not name.startswith(f"{TABLE}."):
            continue
        asked = parameter(name)
        try:
            dated = asked.on(date(ask.year, 12, 31), ask.region, ask.known_on)
        except NoValueOnDay:
            continue
        if dated.value:
            found.append(_read(name.removeprefix(f"{TABLE}."), asked.more, dated))
    return tuple(found)


def _read(name: str, more: Mapping[str, Any], dated: Dated) -> Expectation:
    return Expectation(
        name,
        of=name.partition(".")[0],
        categories=tuple(more["categories"]),
        items=tuple(more.get("items", ())),
        only=tuple(map(str, more.get("only", ()))),
        but_not=tuple(map(str, more.get("except", ()))),
        dated=dated,
        emits=bool(more.get("emits", True)),
    )


def usual_share(expectation: Expectation, ask: Ask) -> Dated | None:
    """The part of the emissions that the category usually makes; None where the table has none.

    >>> [each] = [each for each in expectations(Ask(2023, "410000")) if each.name == "30.process"]
    >>> usual_share(each, Ask(2023, "410000")).value
    0.6
    """
    name = f"{SHARES}.{expectation.name}"
    if not has(name):
        return None
    try:
        return parameter(name).on(date(ask.year, 12, 31), ask.region, ask.known_on)
    except NoValueOnDay:
        return None

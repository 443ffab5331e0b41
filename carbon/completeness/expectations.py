"""Expectations (应报类别): which categories enterprises of an industry are asked for, dated and cited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from carbon.category import Ask
from carbon.tables import Flags, numbers, texts
from data.errors import NoSuchParameter, NoValueOnDay
from data.parameters import names, parameter
from data.records import Dated

TABLE = "rules.carbon.expected_categories"
SHARES = "rules.carbon.category_shares"
EVERY, ZONE = "all", "zone"


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

    def asked(self, firms: pd.DataFrame) -> Flags:
        """Which rows of `carbon.completeness.Park.firms` it is asked of."""
        if self.of == ZONE:
            last: Flags = np.arange(len(firms)) == len(firms) - 1
            return last
        asked: Flags = firms["asked"].to_numpy(bool)
        if self.of != EVERY:
            asked = asked & (firms["division"] == self.of).to_numpy()
        if not asked.any() or not (self.only or self.but_not):
            return asked
        digits = firms["industry"].str.extract(r"(\d+)", expand=False).fillna("")
        codes = {code: self._meets(code) for code in digits[asked].unique()}
        return asked & digits.map(codes).eq(True).to_numpy(bool)

    def answers(self, frame: pd.DataFrame) -> Flags:
        """Which priced lines answer it, by category and item."""
        rows = texts(frame, "category").isin(self.categories)
        if self.items:
            keyed = (texts(frame, "notation") != "") & np.isnan(numbers(frame, "amount"))
            rows &= texts(frame, "item").isin(self.items) | keyed
        return rows.to_numpy(bool)

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
    try:
        asked = parameter(f"{SHARES}.{expectation.name}")
        return asked.on(date(ask.year, 12, 31), ask.region, ask.known_on)
    except (NoSuchParameter, NoValueOnDay):
        return None

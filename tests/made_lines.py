"""Priced lines made by hand for the tests of uncertainty: amounts, and factors whose interval is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from carbon.category import Ask, Quote
from carbon.line import Factor
from carbon.uncertainty import Intervals, intervals
from data.parameters import parameter

ASK = Ask(2023, "410000")
BLANK = {"supplier_id": "", "category": "fuel", "measured": False, "missing": "", "notation": ""}


def quote(name: str, low: float, high: float) -> Quote:
    """A factor of 1 t with one part, whose 95 % interval reaches that far below and above it, in %."""
    part = replace(
        parameter("factors.heat.bought").history()[0],
        name=f"factors.made.{name}", value=1.0, unit="tCO2/t", interval=(1 - low / 100, 1 + high / 100),
    )  # fmt: skip
    return Quote("t", 1.0, Factor(1.0, "tCO2/t", (part,), 1.0))


def made(rows: Sequence[dict[str, Any]]) -> tuple[pd.DataFrame, tuple[Quote, ...]]:
    """Rows with `tco2e, amount, factor, half` (or `low, high`), each of an enterprise of its own.

    Lines that name the same factor, with the same interval, share it.
    """
    kinds: dict[tuple[Any, ...], int] = {}
    filled = []
    for number, row in enumerate(rows):
        bounds = (row.get("low", row.get("half", 0.0)), row.get("high", row.get("half", 0.0)))
        at = kinds.setdefault((row["factor"], *bounds), len(kinds))
        line = BLANK | {"enterprise_id": f"E{number}", "item": row["factor"]} | row
        filled.append(line | {"uncertainty_pct": row["amount"], "quote": at})
    return pd.DataFrame(filled), tuple(quote(*kind) for kind in kinds)


def told(rows: Sequence[dict[str, Any]]) -> Intervals:
    """The intervals of such rows."""
    return intervals(*made(rows), ASK)

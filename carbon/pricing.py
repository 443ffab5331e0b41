"""Pricing (逐行计算): every line of a ledger times its factor, each distinct factor looked up once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from carbon import CATEGORIES
from carbon.category import Ask, Quote
from carbon.ledger import UNKNOWN
from data.records import Fault, Severity

KEY = ["category", "item", "unit"]


@dataclass(frozen=True)
class Priced:
    """Lines with what they emit.

    Parameters
    ----------
    lines : one row per statement: `scope, part, category, item, stated_item, enterprise_id, supplier_id,
        stated_amount, stated_unit, amount, unit, factor, factor_unit, source, tco2e, notation,
        explanation, quality, quote, missing, ndrc910_tco2, ndrc910_missing`; `quote` counts into
        `quotes`, -1 where none; `missing` says why a line is not told, and is empty where it is
    quotes : one per distinct category, item and unit that has an amount
    """

    lines: pd.DataFrame
    quotes: tuple[Quote, ...]
    faults: tuple[Fault, ...]


def price(ledger: pd.DataFrame, ask: Ask) -> Priced:
    """The lines of a ledger, priced.

    Formula: tco2e = stated amount x (stated unit -> unit of the factor) x factor
    """
    amounts = ledger.loc[(ledger["problem"] == "") & (ledger["notation"] == "")]
    keys = list(amounts[KEY].drop_duplicates().itertuples(index=False, name=None))
    quotes = tuple(_quote(key, ask) for key in keys)
    number = amounts.groupby(KEY, sort=False).ngroup().reindex(ledger.index, fill_value=-1)
    each = _table(quotes).iloc[number.to_numpy()].set_axis(ledger.index)
    return Priced(_columns(ledger, each, number >= 0), quotes, _faults(keys, quotes))


def _quote(key: Any, ask: Ask) -> Quote:
    category, item, unit = key
    quote = CATEGORIES[category].quote
    if quote is not None:
        return quote(item, unit, ask)
    fault = Fault(
        code="category_not_computed",
        message=f"{category} ({CATEGORIES[category].label}) is stated, and this version does not compute it.",
        remedy="The totals that need it stay open; the statement is kept.",
        severity=Severity.WARNING,
        layer="activity",
    )
    return Quote(unit, faults=(fault,))


def _columns(ledger: pd.DataFrame, each: pd.DataFrame, priced: pd.Series[bool]) -> pd.DataFrame:
    """The columns of `Priced.lines`; `each` holds the quote of every line."""
    told = ledger["amount"] * each["times"]
    category = ledger["category"]
    unknown = (ledger["notation"] + ": " + ledger["explanation"]).where(ledger["notation"].isin(UNKNOWN), "")
    problem = ledger["problem"].where(ledger["problem"] != "", unknown)
    return pd.DataFrame({
        "scope": category.map({name: c.scope for name, c in CATEGORIES.items()}).fillna(""),
        "part": category.map({name: c.part for name, c in CATEGORIES.items()}).fillna(""),
        "category": category.where(category != "", ledger["stated_category"]),
        "item": ledger["item"].where(ledger["item"] != "", ledger["stated_item"]),
        **{name: ledger[name] for name in ("stated_item", "enterprise_id", "supplier_id")},
        "stated_amount": ledger["amount"],
        "stated_unit": ledger["unit"],
        "amount": told.where(priced, ledger["amount"]),
        "unit": each["unit"].where(priced, ledger["unit"]),
        **{name: each[name] for name in ("factor", "factor_unit", "source")},
        "tco2e": told * each["factor"],
        "notation": each["notation"].where(priced, ledger["notation"]),
        "explanation": each["elsewhere"].where(each["elsewhere"] != "", ledger["explanation"]),
        "quality": each["quality"],
        "quote": each["quote"],
        "missing": each["missing"].where(priced, problem),
        "ndrc910_tco2": told * each["ndrc910"],
        "ndrc910_missing": each["ndrc910_missing"].where(priced, problem),
    })


def _table(quotes: Sequence[Quote]) -> pd.DataFrame:
    """One row per quote, and a last one, without any, for the lines that have no amount."""
    rows = [
        {
            "quote": number,
            "unit": quote.unit,
            "times": quote.times,
            "factor": quote.factor.value if quote.factor else float("nan"),
            "factor_unit": quote.factor.unit if quote.factor else "",
            "source": quote.factor.source if quote.factor else "",
            "notation": quote.notation,
            "elsewhere": quote.elsewhere,
            "quality": quote.quality,
            "missing": _lost(quote, quote.factor is None and not quote.elsewhere),
            "ndrc910": quote.sign * quote.ndrc910.co2 if quote.ndrc910 else float("nan"),
            "ndrc910_missing": _lost(quote, quote.ndrc910 is None and bool(quote.faults)),
        }
        for number, quote in enumerate([*quotes, Quote()])
    ]
    rows[-1] |= {"quote": -1, "missing": ""}
    return pd.DataFrame(rows)


def _lost(quote: Quote, is_lost: bool) -> str:
    return (quote.faults[-1].code if quote.faults else "factor_missing") if is_lost else ""


def _faults(keys: Sequence[Any], quotes: Sequence[Quote]) -> tuple[Fault, ...]:
    """What the quotes have to say, each thing once, with the items it is about."""
    about: dict[Fault, list[str]] = {}
    for (category, item, _), quote in zip(keys, quotes, strict=True):
        for fault in quote.faults:
            about.setdefault(fault, []).append(f"{category} {item}")
    return tuple(replace(fault, feature=", ".join(dict.fromkeys(items))) for fault, items in about.items())

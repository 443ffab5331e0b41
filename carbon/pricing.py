"""Pricing (逐行计算): every line of a ledger times its factor, each distinct factor looked up once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carbon import CATEGORIES
from carbon.category import Ask, Quote
from carbon.ledger_checks import UNKNOWN
from data import parameters
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
    return price_years(ledger, {ask.year: slice(0, len(ledger))}, {ask.year: ask})[ask.year]


def price_years(
    ledger: pd.DataFrame, rows: Mapping[int, slice], asks: Mapping[int, Ask]
) -> dict[int, Priced]:
    """The lines of a ledger of several years, each year priced as `price` does it, all in one pass.

    Parameters
    ----------
    rows : year -> its rows; one year stands after another
    asks : year -> what is asked of it
    """
    which = np.repeat(list(rows), [at.stop - at.start for at in rows.values()])
    counted = ((ledger["problem"] == "") & (ledger["notation"] == "")).to_numpy(bool)
    amounts = ledger.loc[counted, KEY]
    groups = amounts.groupby([which[counted], *(amounts[name] for name in KEY)], sort=False)
    keys = list(groups.size().index)
    number = np.full(len(ledger), -1)
    number[counted] = groups.ngroup()
    quotes = [_quote((*key,), asks[year], parameters.roots()) for year, *key in keys]
    lines = _columns(ledger, _table(quotes).iloc[number].set_axis(ledger.index), number >= 0)
    starts = np.searchsorted([year for year, *_ in keys], [*rows, np.inf]).tolist()
    priced = {}
    for (year, at), first, end in zip(rows.items(), starts[:-1], starts[1:], strict=True):
        mine = lines.iloc[at].reset_index(drop=True) if len(rows) > 1 else lines
        if first:
            mine["quote"] = mine["quote"].where(mine["quote"] < 0, mine["quote"] - first)
        here = tuple(quotes[first:end])
        priced[year] = Priced(mine, here, _faults([tuple(key) for _, *key in keys[first:end]], here))
    return priced


@lru_cache(maxsize=8192)
def _quote(key: tuple[str, str, str], ask: Ask, roots: tuple[Path, ...]) -> Quote:
    """The quote of a category, item and unit; `roots` are the folders that factors were read from."""
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


def _columns(ledger: pd.DataFrame, each: pd.DataFrame, priced: NDArray[np.bool_]) -> pd.DataFrame:
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

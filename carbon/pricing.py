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
from carbon.ledger.checks import UNKNOWN
from carbon.ledger.words import located
from carbon.line import GASES
from carbon.measured import carbon_scale, in_energy, odd_carbon, own_factors
from data import parameters
from data.records import Fault

KEY = ["category", "item", "unit", "equipment", "purpose"]
GAS_COLUMNS = {gas: "co2_t" if gas == "CO2" else f"{gas.lower()}_tco2e" for gas in GASES}
"""Gas -> its column among the priced lines, tCO2 for carbon dioxide and tCO2e for the others"""
KEPT = [
    *("stated_item", "enterprise_id", "supplier_id", "equipment", "purpose", "data_source"),
    *("ncv_gj", "uncertainty_pct", "stated_quality", "row", "version"),
]
OWN = "measured"


@dataclass(frozen=True)
class Priced:
    """Lines with what they emit.

    Parameters
    ----------
    lines : one row per statement: `scope, part, category, item, stated_item, enterprise_id, supplier_id,
        equipment, purpose, data_source, ncv_gj, uncertainty_pct, stated_quality, row, version, stated_amount,
        stated_unit, amount, unit, factor, factor_unit, source, tco2e`, each gas by `GAS_COLUMNS`,
        `biogenic_t, notation, explanation, quality, measured, quote, missing, ndrc910_tco2, ndrc910_missing`;
        `quote` counts into `quotes`, -1 where none; `missing` says why a line is not told, and is empty
        where it is; `measured` tells whether a value of the statement's own took the place of a default
    quotes : one per distinct category, item, unit, equipment and purpose that has an amount
    """

    lines: pd.DataFrame
    quotes: tuple[Quote, ...]
    faults: tuple[Fault, ...]


def price_accounts(
    ledger: pd.DataFrame, rows: Mapping[int, slice], asks: Mapping[int, Ask]
) -> dict[int, Priced]:
    """The lines of several accounts, priced in one pass.

    Formula: tco2e = stated amount x (stated unit -> unit of the factor) x factor

    Parameters
    ----------
    rows : number of each account, as in the column `account` -> its rows; one account stands after another
    asks : the same -> what is asked of it; the same choices in all of them
    """
    if not asks:
        return {}
    which = np.repeat(list(rows), [at.stop - at.start for at in rows.values()])
    energy, odd = in_energy(ledger, next(iter(asks.values())).choices.family)
    own, idle = own_factors(ledger)
    asked = ledger[["category", "item", "equipment", "purpose"]].assign(**energy)
    counted = ((asked["problem"] == "") & (ledger["notation"] == "")).to_numpy(bool)
    groups = asked.loc[counted, KEY].groupby([which[counted], *KEY], sort=False)
    keys = list(groups.size().index)
    number = np.full(len(ledger), -1)
    number[counted] = groups.ngroup()
    quotes = [_quote((*key,), asks[account], parameters.roots()) for account, *key in keys]
    scale = carbon_scale(ledger, number, quotes)
    odd += [*idle, *odd_carbon(ledger, scale)]
    each = _Each(_table(quotes).iloc[number].set_axis(ledger.index), number >= 0, scale, own)
    lines = _columns(ledger, asked, each)
    starts = np.searchsorted([account for account, *_ in keys], [*rows, np.inf]).tolist()
    priced = {}
    for (account, at), first, end in zip(rows.items(), starts[:-1], starts[1:], strict=True):
        mine = lines.iloc[at].reset_index(drop=True) if len(rows) > 1 else lines
        if first:
            mine["quote"] = mine["quote"].where(mine["quote"] < 0, mine["quote"] - first)
        here = tuple(quotes[first:end])
        said = tuple(fault for fault, of in odd if of == account)
        priced[account] = Priced(mine, here, said + _faults(mine, here))
    return priced


@dataclass(frozen=True, slots=True)
class _Each:
    """What the pricing of each line rests on.

    Parameters
    ----------
    quote : the row of `_table` of each line
    priced : whether it has one
    scale : measured carbon content over the default's
    own : factor of the statement's own, tCO2e per stated unit; nan where none
    """

    quote: pd.DataFrame
    priced: NDArray[np.bool_]
    scale: NDArray[np.float64]
    own: NDArray[np.float64]


@lru_cache(maxsize=8192)
def _quote(key: tuple[str, str, str, str, str], ask: Ask, roots: tuple[Path, ...]) -> Quote:
    """The quote of a category, item and unit; `roots` are the folders that factors were read from."""
    category, item, unit, equipment, purpose = key
    choices = replace(ask.choices, equipment=equipment) if equipment else ask.choices
    return CATEGORIES[category].quote(item, unit, replace(ask, choices=choices, purpose=purpose))


def _columns(ledger: pd.DataFrame, asked: pd.DataFrame, each: _Each) -> pd.DataFrame:
    """The columns of `Priced.lines`."""
    quote, priced = each.quote, each.priced
    category = ledger["category"]
    # a factor of one's own tells nothing of what is counted elsewhere
    own = priced & ~np.isnan(each.own) & (quote["elsewhere"] == "").to_numpy()
    turned = asked["amount"] * quote["times"]
    told = turned.where(~own, ledger["amount"])
    split = _own_gases(category, quote) if own.any() else {}
    unknown = (ledger["notation"] + ": " + ledger["explanation"]).where(ledger["notation"].isin(UNKNOWN), "")
    problem = asked["problem"].where(asked["problem"] != "", unknown)
    missing = quote["missing"].where(~own, "").where(~np.isnan(each.scale) | own, "carbon_implausible")
    park = _park(category, each, own, split)
    return pd.DataFrame({
        "scope": category.map({name: c.scope for name, c in CATEGORIES.items()}).fillna(""),
        "part": category.map({name: c.part for name, c in CATEGORIES.items()}).fillna(""),
        "category": category.where(category != "", ledger["stated_category"]),
        "item": ledger["item"].where(ledger["item"] != "", ledger["stated_item"]),
        **{name: ledger[name] for name in KEPT},
        "stated_amount": ledger["amount"],
        "stated_unit": ledger["unit"],
        "amount": told.where(priced, ledger["amount"]),
        "unit": quote["unit"].where(priced & ~own, ledger["unit"]),
        **_emitted(ledger, told, each, own, split),
        "biogenic_t": turned * quote["biogenic"],
        "notation": quote["notation"].where(priced, ledger["notation"]),
        "explanation": quote["elsewhere"].where(quote["elsewhere"] != "", ledger["explanation"]),
        "quality": quote["quality"].where(~own, OWN),
        "measured": own | (priced & (ledger["ncv_gj"].notna() | (each.scale != 1.0)).to_numpy()),
        "own_factor": each.own,
        "quote": quote["quote"],
        "missing": missing.where(priced, problem),
        "ndrc910_tco2": told * park,
        "ndrc910_missing": quote["ndrc910_missing"].where(np.isnan(park), "").where(priced, problem),
    })


Split = Mapping[str, NDArray[np.float64]]
"""Gas -> which part of each line's own factor it is; empty where no line has one"""


def _emitted(
    ledger: pd.DataFrame, told: pd.Series, each: _Each, own: NDArray[np.bool_], split: Split
) -> dict[str, Any]:
    """Factor, its source, and the tonnes that follow, by gas."""
    quote = each.quote
    carbon = quote["CO2"] * each.scale
    value = quote["factor"] + (carbon - quote["CO2"]) if (each.scale != 1.0).any() else quote["factor"]
    # what a default counts against, one's own value counts against too
    mine = each.own * np.where(quote["factor"].to_numpy() < 0, -1.0, 1.0)
    value = value.where(~own, mine)
    gases = {}
    for gas, column in GAS_COLUMNS.items():
        per_unit = carbon if gas == "CO2" else quote[gas]
        gases[column] = told * (per_unit.where(~own, mine * split[gas]) if split else per_unit)
    return {
        "factor": value,
        "factor_unit": quote["factor_unit"].where(~own, "tCO2e/" + ledger["unit"]),
        "source": quote["source"].where(~own, "measured: " + ledger["data_source"]),
        "tco2e": told * value,
        **gases,
    }


def _own_gases(category: pd.Series, quote: pd.DataFrame) -> Split:
    """Which part of a factor of one's own each gas is: as in the default, else all of the category's gas."""
    whole = quote["factor"].to_numpy(np.float64)
    default = np.isfinite(whole) & (whole != 0)
    main = category.map({name: c.gas for name, c in CATEGORIES.items()}).to_numpy()
    safe = np.where(default, whole, 1.0)
    return {
        gas: np.where(default, quote[gas].to_numpy(np.float64) / safe, (main == gas).astype(float))
        for gas in GASES
    }


def _park(category: pd.Series, each: _Each, own: NDArray[np.bool_], split: Split) -> NDArray[np.float64]:
    """Factor of the zero-carbon park total of each line, tCO2 per unit; nan where it has none."""
    default, factor = (each.quote[name].to_numpy(np.float64) for name in ("ndrc910", "factor"))
    park = default * each.scale
    if not split:
        return park
    has_part = category.map({name: bool(c.part) for name, c in CATEGORIES.items()}).fillna(False)
    sign = np.where((default < 0) | (factor < 0), -1.0, 1.0)
    # the method knows carbon dioxide only, and nothing of what it gives no factor to
    counts = has_part.to_numpy(bool) & (np.isnan(factor) | ~np.isnan(park))
    return np.where(own, np.where(counts, each.own * sign * split["CO2"], np.nan), park)


def _table(quotes: Sequence[Quote]) -> pd.DataFrame:
    """One row per quote, and a last one, without any, for the lines that have no amount."""
    rows = [
        {
            "quote": number,
            "unit": quote.unit,
            "times": quote.times,
            "factor": quote.factor.value if quote.factor else np.nan,
            "factor_unit": quote.factor.unit if quote.factor else "",
            "source": quote.factor.source if quote.factor else "",
            **_gases(quote),
            "biogenic": quote.factor.biogenic if quote.factor else np.nan,
            "notation": quote.notation,
            "elsewhere": quote.elsewhere,
            "quality": quote.quality,
            "missing": _lost(quote, quote.factor is None and not quote.elsewhere),
            "ndrc910": quote.sign * quote.ndrc910.co2 if quote.ndrc910 else np.nan,
            "ndrc910_missing": _lost(quote, quote.ndrc910 is None and bool(quote.faults)),
        }
        for number, quote in enumerate([*quotes, Quote()])
    ]
    rows[-1] |= {"quote": -1, "missing": ""}
    return pd.DataFrame(rows)


def _gases(quote: Quote) -> dict[str, float]:
    """tCO2e of each gas per unit; nan where the quote has no factor."""
    if quote.factor is None:
        return dict.fromkeys(GASES, np.nan)
    return {**dict.fromkeys(GASES, 0.0), "CO2": quote.factor.co2, **dict(quote.factor.others)}


def _lost(quote: Quote, is_lost: bool) -> str:
    return (quote.faults[-1].code if quote.faults else "factor_missing") if is_lost else ""


def _faults(lines: pd.DataFrame, quotes: Sequence[Quote]) -> tuple[Fault, ...]:
    """What the quotes have to say of the lines that rest on them."""
    quote = lines["quote"].where(lines["quality"] != OWN, -1).to_numpy()
    about: dict[Fault, list[int]] = {}
    for number in np.unique(quote[quote >= 0]).tolist():
        for fault in quotes[number].faults:
            about.setdefault(fault, []).append(number)
    return located(about, quote, lines)

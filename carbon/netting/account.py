"""The account of netting (抵扣账): enterprises on their own, flows between them, the park, and the gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

import numpy as np
import pandas as pd

from carbon.category import Ask, Quote
from carbon.limits import limits, values
from carbon.netting.balance import balances
from carbon.netting.exports import exports
from carbon.netting.flows import CARRIERS, carrier_factors, flows, inside, supplies
from carbon.netting.said import said
from carbon.tables import counted, numbers, plain, summed, texts
from data.records import Dated, Fault, Outcome

LIMITS = ("share", "rounding_electricity", "rounding_heat", "energy_out_max")
SCOPES = ("scope1", "scope2")


@dataclass(frozen=True)
class Netting:
    """What the enterprises of a park emit each on its own, and why that is more than the park emits.

    Parameters
    ----------
    enterprises : one row per enterprise, the zone itself under its code: enterprise_id, scope1, scope2
        (bought from outside), inside_tco2e (bought inside, at the buyer's factor), total_tco2e, open (lines
        that are not told; the figures are then what is known)
    flows : of `carbon.netting.flows.flows`
    supplies : of `carbon.netting.flows.supplies`, with the outcome of each flow
    balance : of `carbon.netting.balance.balances`
    exports : of `carbon.netting.exports.exports`
    enterprises_tco2e, internal_tco2e, park_tco2e : the three sums over what is known; the first two None
        where the factor of a buyer is not known
    gap_tco2e : enterprises - internal - park; above zero when buyers say more than their suppliers
    holds : whether every flow agrees within its tolerance; `reason` says why not, or why it cannot be told
    factors, limits : the dated values it rests on
    """

    zone: str
    enterprises: pd.DataFrame
    flows: pd.DataFrame
    supplies: pd.DataFrame
    balance: pd.DataFrame
    exports: pd.DataFrame
    enterprises_tco2e: float | None
    internal_tco2e: float | None
    park_tco2e: float
    gap_tco2e: float | None
    holds: Outcome
    reason: str
    factors: tuple[Dated, ...]
    limits: tuple[Dated, ...]
    faults: tuple[Fault, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values; tables as lists of rows."""
        sums = ("enterprises_tco2e", "internal_tco2e", "park_tco2e", "gap_tco2e")
        tables = ("flows", "supplies", "balance", "exports", "enterprises")
        return {
            "zone": self.zone,
            "holds": self.holds,
            "reason": self.reason or None,
            **{name: getattr(self, name) for name in sums},
            **{name: plain(getattr(self, name)) for name in tables},
            "factors": [dated.as_json() for dated in self.factors],
            "limits": [dated.as_json() for dated in self.limits],
            "faults": [fault.as_json() for fault in self.faults],
        }


def netting(frame: pd.DataFrame, quotes: Sequence[Quote], ask: Ask, zone: str) -> Netting:
    """The enterprises of a park, the flows between them, and whether both add up to the park.

    Formula: Σ enterprises (scope 1 + scope 2, in-park purchases at the buyer's factor) - Σ internal flows
    (sold by the supplier's word, shared out over its buyers) x factor of the buyer = scope 1 + scope 2 of
    the park, by place. What an enterprise buys of itself is no purchase and no flow.

    Parameters
    ----------
    frame, quotes : the priced lines of one zone and year, as `carbon.pricing.Priced` describes them
    ask : year, place and choices that the lines were priced by
    zone : its code, which stands for rows without an enterprise
    """
    prices, unpriced = carrier_factors(ask)
    found, unknown = limits("flow_tolerance", LIMITS, ask)
    limit = values(found, LIMITS)
    lines = inside(frame, zone, prices)
    supplied = supplies(lines, limit)
    flowed = flows(lines, supplied, prices)
    enterprises = accounts(frame, lines, zone)
    balance = balances(frame, quotes, zone, limit["energy_out_max"])
    sent = exports(frame, balance, enterprises, zone)
    sums = _sums(enterprises, flowed, frame)
    holds, reason = _holds(supplied, sums, {carrier for carrier in CARRIERS if prices[carrier] is None})
    return Netting(
        zone,
        *(enterprises, flowed, supplied, balance, sent),
        *sums,
        holds,
        reason,
        tuple(dated for dated in prices.values() if dated is not None),
        tuple(found.values()),
        faults=(unpriced if len(lines) else ()) + unknown + tuple(said(supplied, flowed, balance, sent)),
    )


def accounts(frame: pd.DataFrame, lines: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Each enterprise on its own: what it burns, what it buys outside, what it buys inside.

    Parameters
    ----------
    lines : of `carbon.netting.flows.inside`

    Returns
    -------
    DataFrame sorted by enterprise_id: scope1, scope2, inside_tco2e, total_tco2e, open
    """
    codes, names = pd.factorize(texts(frame, "enterprise_id").replace("", zone), sort=True)
    scope, tonnes = texts(frame, "scope"), numbers(frame, "tco2e")
    count = len(names)
    made = pd.DataFrame({"enterprise_id": np.array(names, dtype=object)})
    made["enterprise_id"] = made["enterprise_id"].astype("str")
    for name in SCOPES:
        made[name] = summed(codes, np.where(scope == name, tonnes, np.nan), count)
    bought = lines[~lines["sold"].to_numpy() & (lines["supplier_id"] != lines["enterprise_id"]).to_numpy()]
    places = pd.Index(made["enterprise_id"]).get_indexer(pd.Index(bought["enterprise_id"]))
    made["inside_tco2e"] = summed(places, bought["tco2e"].to_numpy(np.float64), count)
    unpriced = (bought["factor"].isna() & (bought["amount"] > 0)).to_numpy()
    made.loc[counted(places, unpriced, count) > 0, "inside_tco2e"] = np.nan
    made["total_tco2e"] = made["scope1"] + made["scope2"] + made["inside_tco2e"]
    made["open"] = counted(codes, (texts(frame, "missing") != "").to_numpy(), count)
    return made


def _sums(
    enterprises: pd.DataFrame, flowed: pd.DataFrame, frame: pd.DataFrame
) -> tuple[float | None, float | None, float, float | None]:
    """Enterprises, internal, park, gap; None where a factor is lacking."""
    totals = enterprises["total_tco2e"].to_numpy(np.float64)
    between = flowed[(flowed["supplier_id"] != flowed["buyer_id"]).to_numpy()]
    sold = between["sold_tco2e"].to_numpy(np.float64)
    tonnes = numbers(frame, "tco2e")
    counts = texts(frame, "scope").isin(SCOPES).to_numpy() & ~np.isnan(tonnes)
    park = fsum(tonnes[counts])
    if np.isnan(totals).any() or np.isnan(sold).any():
        return None, None, park, None
    every, internal = fsum(totals), fsum(sold)
    return every, internal, park, every - internal - park


def _holds(
    supplied: pd.DataFrame,
    sums: tuple[float | None, float | None, float, float | None],
    unpriced: set[str],
) -> tuple[Outcome, str]:
    """Whether the identity holds, and the flows for which it does not or cannot be told."""
    for outcome, words in (
        (Outcome.NOT_MET, "does not agree with its buyers on"),
        (Outcome.CANNOT_TELL, "has flows that are not told:"),
    ):
        odd = supplied[(supplied["outcome"] == outcome.value).to_numpy()]
        if len(odd):
            named = [
                f"{supplier or 'A supplier not named'} {words} {carrier}"
                for supplier, carrier in odd[["supplier_id", "carrier"]].head(3).to_numpy(str)
            ]
            more = f"; and {len(odd) - 3} more" if len(odd) > 3 else ""
            return outcome, "; ".join(named) + more + "."
    if sums[3] is None:
        return (
            Outcome.CANNOT_TELL,
            f"There is no factor for {' and '.join(sorted(unpriced))} in that place and year.",
        )
    return Outcome.MET, ""

"""Flows that cannot be so (流动异常), said with the figures: who, to whom, how much, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from carbon.netting.flows import CARRIERS
from data.records import Fault, Outcome, Severity

SHOWN = 3
Row = Any  # a row of itertuples: its fields are the columns
LAYER = "activity"


def said(
    supplied: pd.DataFrame, flowed: pd.DataFrame, balance: pd.DataFrame, sent: pd.DataFrame
) -> Iterator[Fault]:
    """The faults of all flows, those of the identity first.

    Parameters
    ----------
    supplied, flowed, balance, sent : the tables of a `carbon.netting.Netting`
    """
    yield from _disagreeing(supplied, flowed)
    yield from _too_much(balance)
    yield from _beyond_stated(balance)
    yield from _above_own(sent)


def _disagreeing(supplied: pd.DataFrame, flowed: pd.DataFrame) -> Iterator[Fault]:
    """Flows on which supplier and buyers differ."""
    odd = supplied[(supplied["outcome"] == Outcome.NOT_MET.value).to_numpy()]
    if not len(odd):
        return
    of = flowed.groupby(["supplier_id", "carrier"])
    places = of.indices
    for row in odd.itertuples():
        mine = flowed.iloc[places[row.supplier_id, row.carrier]]
        yield _flow_fault(row, mine)


def _flow_fault(row: Row, mine: pd.DataFrame) -> Fault:
    tonnes = mine["gap_tco2e"].sum() if mine["gap_tco2e"].notna().all() else float("nan")
    also = "" if np.isnan(tonnes) else f", {abs(tonnes):.6g} tCO2e"
    difference = f"{abs(row.gap):.6g} {row.unit}{also}"
    buyers = _buyers(mine, row.unit)
    if not row.sellers:
        return _fault(
            "flow_without_sale",
            row,
            f"{row.supplier_id} has stated no {row.carrier} sold in the park, and it is named by {buyers}: "
            f"{difference} too much in what the enterprises emit together.",
            f"Add what {row.supplier_id} sold (sold_in_park), or leave supplier_id blank where it was bought "
            "from outside.",
        )
    if not row.buyers:
        return _fault(
            "sale_without_buyer",
            row,
            f"{row.supplier_id} states {row.sold:.6g} {row.unit} of {row.carrier} sold in the park, and no "
            f"buyer names it: {difference} are missing with the buyers.",
            "Add the buyer's statement with supplier_id, or name the item as sold where it left the park.",
        )
    more, less = ("buyers state", "supplier") if row.gap > 0 else ("supplier states", "buyers")
    return _fault(
        "flow_disagrees",
        row,
        f"{row.supplier_id} states {row.sold:.6g} {row.unit} of {row.carrier} sold in the park, its buyers "
        f"{row.bought:.6g} {row.unit} ({buyers}): the {more} {difference} more than the {less}; "
        f"{row.tolerance:.4g} {row.unit} may differ.",
        "Compare the meters of both sides and correct the statement that is wrong.",
    )


def _buyers(mine: pd.DataFrame, unit: str) -> str:
    first = mine.sort_values("bought", ascending=False).head(SHOWN)
    named = [f"{row.buyer_id} {row.bought:.6g} {unit}" for row in first.itertuples()]
    return ", ".join(named) + (f" and {len(mine) - SHOWN} more" if len(mine) > SHOWN else "")


def _too_much(balance: pd.DataFrame) -> Iterator[Fault]:
    """More energy sent out than was taken in: fuel is lacking, and with it emissions."""
    for row in balance[(balance["outcome"] == Outcome.NOT_MET.value).to_numpy()].itertuples():
        made: Row = row
        yield Fault(
            "sold_more_than_energy",
            f"{made.enterprise_id} sent out {made.out_gj:.6g} GJ ({made.out_electricity:.6g} MWh of power, "
            f"{made.out_heat:.6g} GJ of heat), more than the {made.in_gj:.6g} GJ it took in, of which "
            f"{made.fuel_gj:.6g} GJ are fuel.",
            "State all fuel it burned and all it bought, or correct what it sold; else emissions lack.",
            layer=LAYER,
            feature=made.enterprise_id,
        )


def _beyond_stated(balance: pd.DataFrame) -> Iterator[Fault]:
    """More of a carrier sent out than was generated and bought, where generation is stated."""
    for carrier, unit in CARRIERS.items():
        out, made, bought = (balance[f"{name}_{carrier}"] for name in ("out", "made", "bought"))
        stated = (balance[f"made_stated_{carrier}"] > 0) & (out > (made + bought) * (1 + 1e-9))
        for at in np.flatnonzero(stated.to_numpy()):
            yield Fault(
                "sold_more_than_made",
                f"{balance['enterprise_id'].iloc[at]} sent out {out.iloc[at]:.6g} {unit} of {carrier}, and "
                f"states {made.iloc[at]:.6g} {unit} generated and {bought.iloc[at]:.6g} {unit} bought.",
                "State the whole generation (generated), not only what it used itself, "
                "or correct what it sold.",
                Severity.WARNING,
                LAYER,
                str(balance["enterprise_id"].iloc[at]),
            )


def _above_own(sent: pd.DataFrame) -> Iterator[Fault]:
    """Exports whose credit is larger than what the plant emitted for them."""
    over = sent["excess_tco2"].to_numpy(np.float64) > 1e-6 * np.abs(sent["ndrc910_tco2"].to_numpy(np.float64))
    for row in sent[over].itertuples():
        line: Row = row
        yield Fault(
            "export_credit_above_own",
            f"{line.enterprise_id} sold {line.amount:.6g} {line.unit} of {line.carrier} outside; the "
            f"zero-carbon park method takes off {-line.ndrc910_tco2:.6g} t (ndrc-2025-910 附件4 二(二)3); "
            f"the plant emitted {line.own_tco2:.6g} t for it: {line.excess_tco2:.6g} t less than it emits.",
            "Tell the export as a line of its own beside the total; the location total does not net it.",
            Severity.WARNING,
            LAYER,
            line.enterprise_id,
        )


def _fault(code: str, row: Row, message: str, remedy: str) -> Fault:
    return Fault(
        code,
        message,
        remedy,
        Severity.WARNING,
        LAYER,
        f"{row.supplier_id} {row.carrier}",
        row=int(row.row) if row.row >= 0 else None,
        column="supplier_id" if code == "flow_without_sale" else "amount",
    )

"""Flows inside the park (区内流动): who supplied whom, by the supplier's word and by the buyer's."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from carbon.category import Ask, look_up
from carbon.energy import grid_factor
from carbon.tables import numbers, texts
from data.records import Dated, Fault, Outcome

CARRIERS: Mapping[str, str] = {"electricity": "MWh", "heat": "GJ"}
"""Carrier, a category of ours, and the unit in which its flows are told"""
PAIR = ["supplier_id", "buyer_id", "carrier"]
SUPPLY = ["supplier_id", "carrier"]


def carrier_factors(ask: Ask) -> tuple[dict[str, Dated | None], tuple[Fault, ...]]:
    """The factor that a buyer uses who sees no further than its own gate: grid average, default for heat.

    >>> told, _ = carrier_factors(Ask(2023, "410000"))
    >>> {carrier: dated.value for carrier, dated in told.items()}
    {'electricity': 0.5897, 'heat': 0.11}
    """
    grid, said = grid_factor(ask)
    heat, also = look_up("factors.heat.bought", ask, ask.region)
    power = grid.parts[0] if grid is not None else None
    return {"electricity": power, "heat": heat}, said + also


def inside(frame: pd.DataFrame, zone: str, prices: Mapping[str, Dated | None]) -> pd.DataFrame:
    """The lines passed on inside the park, bought and sold.

    Parameters
    ----------
    frame : the priced frame of `carbon.pricing.Priced`
    zone : stands for rows without an enterprise
    prices : carrier -> factor of the buyer, where its own line has none

    Returns
    -------
    DataFrame: enterprise_id, supplier_id, carrier, sold (bool), amount (nan where a key stands), factor,
    tco2e, open (bool: the line is not told), row
    """
    category, item = texts(frame, "category"), texts(frame, "item")
    here = category.isin(list(CARRIERS)) & item.isin(["bought_in_park", "sold_in_park"])
    lines = frame[here.to_numpy()]
    default = {
        name: np.nan if dated is None or dated.value is None else dated.value
        for name, dated in prices.items()
    }
    with np.errstate(divide="ignore", invalid="ignore"):  # measured per stated unit; told per MWh or GJ
        own = numbers(lines, "own_factor") * numbers(lines, "stated_amount") / numbers(lines, "amount")
    own = np.where(np.isfinite(own), own, numbers(lines, "factor"))
    factor = np.where(np.isnan(own), texts(lines, "category").map(default).to_numpy(np.float64), own)
    amount = numbers(lines, "amount")
    is_open = (texts(lines, "missing") != "").to_numpy()
    return pd.DataFrame({
        "enterprise_id": texts(lines, "enterprise_id").replace("", zone).to_numpy(),
        "supplier_id": texts(lines, "supplier_id").to_numpy(),
        "carrier": texts(lines, "category").to_numpy(),
        "sold": (texts(lines, "item") == "sold_in_park").to_numpy(),
        "amount": np.where(is_open, np.nan, amount),
        "factor": factor,
        "tco2e": np.where(is_open, np.nan, amount * factor),
        "open": is_open,
        "row": numbers(lines, "row"),
    })


def supplies(lines: pd.DataFrame, limits: Mapping[str, float]) -> pd.DataFrame:
    """Each supplier and carrier: what it says it sold, what its buyers say they bought.

    Formula: gap = bought - sold; it may be as large as the share of the larger of both, or the rounding of
    all statements in it, whichever is larger

    Parameters
    ----------
    limits : `share`, and `rounding_<carrier>` in the unit of the carrier

    Returns
    -------
    DataFrame: supplier_id, carrier, unit, sold, bought, gap, tolerance, sellers (rows), buyers (rows),
    open (rows that are not told), row, outcome
    """
    sold = lines["sold"].to_numpy()
    keyed = lines.assign(supplier_id=np.where(sold, lines["enterprise_id"], lines["supplier_id"]))
    keyed["is_sold"] = np.where(sold, keyed["amount"], 0.0)
    keyed["is_bought"] = np.where(sold, 0.0, keyed["amount"])
    keyed["sellers"], keyed["buyers"] = sold, ~sold
    groups = keyed.groupby(SUPPLY, sort=True)
    made = groups[["is_sold", "is_bought", "sellers", "buyers", "open"]].sum()
    made["row"] = groups["row"].min()
    made = made.rename(columns={"is_sold": "sold", "is_bought": "bought"}).reset_index()
    made["unit"] = made["carrier"].map(CARRIERS)
    made["gap"] = made["bought"] - made["sold"]
    rounding = made["carrier"].map({name: limits[f"rounding_{name}"] for name in CARRIERS})
    largest = made[["sold", "bought"]].max(axis=1)
    made["tolerance"] = np.maximum(
        limits["share"] * largest, rounding * (made["sellers"] + made["buyers"])
    ).astype(float)
    within = made["gap"].abs() <= made["tolerance"] * (1 + 1e-9)
    made["outcome"] = np.where(within, Outcome.MET.value, Outcome.NOT_MET.value)
    unknown = (made["open"] > 0) | (made["supplier_id"] == "") | made["tolerance"].isna()
    made.loc[unknown, "outcome"] = Outcome.CANNOT_TELL.value
    return made[
        ["supplier_id", "carrier", "unit", "sold", "bought", "gap", "tolerance"]
        + ["sellers", "buyers", "open", "row", "outcome"]
    ]


def flows(lines: pd.DataFrame, supplied: pd.DataFrame, prices: Mapping[str, Dated | None]) -> pd.DataFrame:
    """Each supplier, buyer and carrier, by the word of both.

    Formula: sold to a buyer = sold x bought by it / bought by all; what nobody bought stands with no buyer

    Returns
    -------
    DataFrame: supplier_id, buyer_id, carrier, unit, bought, sold, factor, bought_tco2e, sold_tco2e,
    gap, gap_tco2e
    """
    bought = lines[~lines["sold"].to_numpy()].rename(columns={"enterprise_id": "buyer_id"})
    groups = bought.groupby(PAIR, sort=True)
    pairs = groups[["amount", "tco2e"]].sum().reset_index()
    pairs = pairs.rename(columns={"amount": "bought", "tco2e": "bought_tco2e"})
    pairs["factor"] = groups["factor"].mean().to_numpy()
    pairs.loc[pairs["factor"].isna(), "bought_tco2e"] = np.nan
    weighed = pairs["bought"].to_numpy() > 0
    pairs.loc[weighed, "factor"] = pairs["bought_tco2e"][weighed] / pairs["bought"][weighed]
    all_of = pairs.merge(supplied[[*SUPPLY, "sold", "bought"]], on=SUPPLY, suffixes=("", "_all"))
    count = all_of.groupby(SUPPLY)["buyer_id"].transform("size")
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(all_of["bought_all"] > 0, all_of["bought"] / all_of["bought_all"], 1 / count)
    all_of["sold"] = all_of["sold"] * part
    alone = supplied[(supplied["buyers"] == 0) & (supplied["sellers"] > 0)]
    nobody = pd.DataFrame({
        **{name: alone[name] for name in (*SUPPLY, "sold")},
        "buyer_id": "",
        "bought": 0.0,
        "bought_tco2e": 0.0,
        "factor": alone["carrier"]
        .map({n: d.value if d else np.nan for n, d in prices.items()})
        .astype(float),
    })
    made = pd.concat([all_of, nobody], ignore_index=True) if len(nobody) else all_of
    made["unit"] = made["carrier"].map(CARRIERS)
    made["sold_tco2e"] = made["sold"] * made["factor"]
    made["gap"] = made["bought"] - made["sold"]
    made["gap_tco2e"] = made["bought_tco2e"] - made["sold_tco2e"]
    return made[[*PAIR, "unit", "bought", "sold", "factor", "bought_tco2e", "sold_tco2e", "gap", "gap_tco2e"]]

"""Non-fossil electricity (非化石能源电力消费占比): what is traced to a plant, and what rests on certificates.

The two are kept apart, for a plant on the roof or on a direct line can be seen, and a certificate is a
contract. 发改能源〔2026〕622号 lays down how to count; its text is not read, so this is no result of it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from carbon.energy import power_used
from carbon.ledger.checks import NOTHING
from data.errors import UnitMismatch
from data.records import Input, Result
from data.units import convert, round_trip

PHYSICAL = ("green_direct", "own_nonfossil")
TRADED = ("green_traded",)
BOUGHT = ("bought", "bought_in_park", *TRADED, "green_direct")
SOLD = ("sold", "sold_green", "sold_in_park")
LABELS = {
    "nonfossil_power_share": "非化石能源电力消费占比",
    "nonfossil_power_share_physical": "非化石能源电力消费占比(直供与自发自用)",
    "nonfossil_power_share_certificates": "非化石能源电力消费占比(绿电绿证交易)",
}
FORMULA = (
    "(own_nonfossil + green_direct; green_traded) / electricity consumed; consumed = bought + generated for "
    "own use, less what an enterprise without generation of its own sells on"
)


def power_shares(lines: pd.DataFrame) -> tuple[Result, ...]:
    """Share of non-fossil electricity in what the park consumes: whole, physical, by certificates.

    Formula: (green_direct + own_nonfossil + green_traded) / consumed; consumed = Σ by enterprise of bought,
    from outside and inside, + generated and used - passed on. One that generates sells what it generates; one
    that does not, and has bought at least what it sells, passes on what it bought.

    Parameters
    ----------
    lines : priced lines of one year (`Inventory.frame`)

    Returns
    -------
    three Results; None where a statement of electricity is not known or nothing was consumed

    >>> rows = [("E", "bought", 600.0), ("E", "green_traded", 100.0), ("E", "own_nonfossil", 300.0)]
    >>> lines = pd.DataFrame(rows, columns=["enterprise_id", "item", "amount"]).assign(
    ...     category="electricity", unit="MWh", quote=0, notation="")
    >>> [share.value for share in power_shares(lines)]
    [0.4, 0.3, 0.1]
    """
    ours = lines[lines["category"] == "electricity"]
    told = (ours["quote"] >= 0) & ours["amount"].notna()
    lost = int((~told & ~ours["notation"].isin(NOTHING)).sum())
    mwh = _mwh(ours[told])
    by_item = ours[told].assign(mwh=mwh).pivot_table(
        index="enterprise_id", columns="item", values="mwh", aggfunc="sum", fill_value=0.0
    )  # fmt: skip
    consumed = _consumed(by_item)
    parts = [_of(by_item, PHYSICAL), _of(by_item, TRADED)]
    reason = f"{lost} of {len(ours)} statements of electricity are not known." if lost else ""
    if np.isnan(mwh).any():
        reason = "A statement of electricity is in a unit that does not measure energy."
    elif not reason and consumed <= 0:
        reason = "No electricity is stated as consumed."
    amounts = (sum(parts), *parts)
    return tuple(_share(code, amount, consumed, reason) for code, amount in zip(LABELS, amounts, strict=True))


def _mwh(lines: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    units = {unit: _times(str(unit)) for unit in lines["unit"].unique()}
    return np.asarray(lines["amount"].to_numpy(np.float64) * lines["unit"].map(units).to_numpy(np.float64))


def _times(unit: str) -> float:
    try:
        return convert(1.0, unit, "MWh")
    except UnitMismatch:
        return float("nan")


def _of(by_item: pd.DataFrame, items: tuple[str, ...]) -> float:
    return float(by_item.reindex(columns=list(items), fill_value=0.0).to_numpy(np.float64).sum())


def _consumed(by_item: pd.DataFrame) -> float:
    """Electricity consumed, MWh: what each enterprise took in, less what it passed on."""
    columns = (BOUGHT, ("own_generated",), ("own_nonfossil",), ("generated",), SOLD)
    sums = [
        by_item.reindex(columns=list(items), fill_value=0.0).to_numpy(np.float64).sum(axis=1)
        for items in columns
    ]
    return float(power_used(*sums).sum())


def _share(code: str, amount: float, consumed: float, reason: str) -> Result:
    return Result(
        code=code,
        label=LABELS[code],
        value=None if reason else round_trip(amount / consumed),
        unit="1",
        inputs=(
            Input("nonfossil_power", "非化石能源电力", amount, "MWh", "activity"),
            Input("power_consumed", "电力消费量", consumed, "MWh", "activity"),
        ),
        formula=FORMULA,
        articles=("house convention: 发改能源〔2026〕622号 is not read",),
        reason=reason,
    )

"""The account as one JSON document (清单文档): the contract's inventory, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from api.inventories.account import Account
from api.inventories.why import chains
from carbon.breakdowns import by_category, by_enterprise, by_gas, by_industry
from carbon.gpc import table
from carbon.tables import plain


def document(account: Account, *, why: bool = False, lines: bool = True) -> dict[str, Any]:
    """The contract's document of `mutan inventory --json` and `/zones/{code}/inventory`.

    Parameters
    ----------
    why : each line carries its chain: formula, dated values, row and file of its statement
    lines : whether the lines are in it at all; without them it is short
    """
    told = account.inventory.as_json() if lines else _short(account)
    if lines and why:
        told["lines"] = [
            {**line, "why": chain} for line, chain in zip(told["lines"], chains(account), strict=True)
        ]
    return {
        **told,
        "name": account.name,
        "uncertainty": account.uncertainty.as_json(),
        "choices": account.wishes.as_json(),
        "results": [each.as_json() for each in account.results],
        "findings": [each.as_json() for each in account.findings],
        "by": breakdowns(account),
        "netting": account.netting.as_json(),
        "checked": account.checked.as_json(),
        "statements": dict(account.files),
        "faults": [fault.as_json() for fault in account.faults],
    }


def breakdowns(account: Account) -> dict[str, list[dict[str, Any]]]:
    """By gas, category, enterprise, industry and GPC sector, as lists of rows."""
    frame, firms = account.inventory.frame, account.firms
    made: Mapping[str, pd.DataFrame] = {
        "gas": by_gas(frame),
        "category": by_category(frame),
        "enterprise": by_enterprise(frame, firms),
        "industry": by_industry(frame, firms),
        "gpc": table(frame, firms),
    }
    return {name: plain(rows) for name, rows in made.items()}


def _short(account: Account) -> dict[str, Any]:
    told = account.inventory
    return {
        "zone": told.zone,
        "region": told.region,
        "year": told.year,
        "totals": told.totals,
        "reasons": {"location": dict(told.location.reasons), "ndrc910": dict(told.ndrc910.reasons)},
        "unverified": [part.name for part in told.unverified],
    }

"""The inventory as a workbook (碳排放清单工作簿): to print, to sign, and to check figure by figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from api.inventories import grounds, sheets, totals
from api.inventories.account import Account
from api.report.look import Look
from api.report.workbook import Workbook
from data.errors import FormatUnknown
from data.formats.whole import whole_or_not

DECIMALS = 2
SHEETS = (
    totals.summary_sheet,
    sheets.enterprises_sheet,
    sheets.categories_sheet,
    sheets.gases_sheet,
    sheets.industries_sheet,
    totals.clauses_sheet,
    totals.flows_sheet,
    sheets.gpc_sheet,
    grounds.uncertainty_sheet,
    grounds.quality_sheet,
    grounds.keys_sheet,
    grounds.factors_sheet,
    grounds.choices_sheet,
    sheets.lines_sheet,
    grounds.faults_sheet,
)
"""The sheets of the workbook, in their order"""


@dataclass(frozen=True, slots=True)
class Written:
    """What a workbook holds: name of each sheet -> its rows, and factors used that are not verified."""

    sheets: dict[str, int]
    unverified: int

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"sheets": self.sheets, "unverified": self.unverified}


def write_workbook(account: Account, out: Path, *, when: datetime, notice: str = "") -> Written:
    """Write the workbook; the file is whole or not there at all.

    Parameters
    ----------
    out : .xlsx
    when : the moment of writing
    notice : a line above every sheet, such as that all data is made up

    Raises
    ------
    FormatUnknown : `out` has another extension
    """
    if out.suffix.lower() != ".xlsx":
        raise FormatUnknown(
            f"No inventory is written as {out.suffix!r} ({out.name}). Name the file {out.stem}.xlsx."
        )
    with whole_or_not(out) as temporary:
        return _fill(temporary, account, when, notice)


def workbook_bytes(account: Account, *, when: datetime, notice: str = "") -> bytes:
    """The same workbook as bytes."""
    into = BytesIO()
    _fill(into, account, when, notice)
    return into.getvalue()


def _fill(target: Path | IO[bytes], account: Account, when: datetime, notice: str) -> Written:
    with Workbook(target, Look(decimals=DECIMALS), notice, when) as book:
        for make in SHEETS:
            book.add(make(account))
        rows = dict(book.rows)
    return Written(rows, len(account.inventory.unverified))

"""The report as a workbook (核查工作簿): everything that was found, sheet by sheet, with whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from api.report.look import Look
from api.report.workbook import Workbook
from api.requests.report import sheets, sheets_changes, sheets_lists
from api.requests.report.points import Points

DECIMALS = 4


def workbook_bytes(document: Mapping[str, Any], points: Points, when: datetime) -> bytes:
    """The workbook as bytes.

    Parameters
    ----------
    points : of the land asked for
    when : the moment of writing
    """
    into = BytesIO()
    made = (
        sheets.summary_sheet(document),
        sheets.conditions_sheet(document),
        sheets_changes.indicators_sheet(document),
        sheets_changes.inventory_sheet(document),
        sheets_lists.points_sheet(document, points),
        sheets_lists.plots_sheet(document),
        sheets_lists.faults_sheet(document),
        sheets.rules_sheet(document),
    )
    with Workbook(into, Look(decimals=DECIMALS), str(document.get("notice") or ""), when) as book:
        for sheet in made:
            book.add(sheet)
    return into.getvalue()

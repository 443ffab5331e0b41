"""The report of a zone as a workbook (报表): what `mutan report` writes, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.answers import fresh, guarded
from api.asking import refuse_unknown, year_of
from api.errors import BadQuery
from api.opened import opened
from api.routes.listings import XLSX, newest

router = APIRouter()

MOST_DECIMALS = 8


@router.get("/zones/{code}/report.xlsx")
def read_report(request: Request, code: Annotated[str, Path(max_length=64)]) -> Response:
    """Indicators, grounds, parcels and enterprises of a zone in a year, as a workbook to print and sign."""
    from api.report import report_bytes
    from api.report.look import SPELT

    query = request.query_params
    refuse_unknown(query, frozenset({"year", "unit", "decimals"}))
    here = opened(request)
    decimals = query.get("decimals", "4")
    if not (decimals.isascii() and decimals.isdecimal() and int(decimals[:3]) <= MOST_DECIMALS):
        raise BadQuery(f"decimals={decimals!r} is no whole number from 0 to {MOST_DECIMALS}.")

    unit = query.get("unit", "ha")
    if unit not in SPELT:
        raise BadQuery(f"unit={unit!r} is no unit of land here. Known: {', '.join(SPELT)}.")

    def make() -> Response:
        year = year_of(query["year"]) if "year" in query else newest(here)
        when = datetime.now().astimezone()
        made = report_bytes(here.book, [code], year, when=when, unit=unit, decimals=int(decimals))
        answer = Response(made, media_type=XLSX)
        answer.headers["Content-Disposition"] = f'attachment; filename="report-{year}.xlsx"'
        return guarded(answer)

    return fresh(request, here.stamp(), make)

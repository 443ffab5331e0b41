"""The report of a request (核查表): one page to print as HTML or PDF, a workbook, the offending parts.

`write_request_report` chooses by the extension, `report_bytes` gives the same to a route. Both take the
document of a check and the shapes to draw, and look at nothing else: no book, no clock.

drawing.py     shapes of the map, none of them classified
paper.py       degrees to millimetres at a round scale
points.py      boundary points in the plane of their belt
map.py         the map, out of styles, furniture, labels and ink
content.py     what the page says, out of conditions and annexes, as blocks
html.py pdf.py fonts.py    the blocks as a page
workbook.py    the sheets
offending.py   the offending parts as GeoJSON
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from api.requests.report.content import content
from api.requests.report.drawing import Drawing, drawing_of, open_constraints
from api.requests.report.html import html_of
from api.requests.report.map import draw
from api.requests.report.offending import offending_geojson
from api.requests.report.points import points_of
from api.requests.report.styles import CSS_FAMILIES
from api.requests.report.workbook import workbook_bytes
from api.settings import settings
from data.errors import FormatUnknown
from data.formats.whole import whole_or_not

__all__ = [
    "FORMS",
    "Drawing",
    "drawing_of",
    "offending_geojson",
    "open_constraints",
    "report_bytes",
    "write_request_report",
]

FORMS = ("html", "pdf", "xlsx")
Document = Mapping[str, Any]


def write_request_report(document: Document, drawing: Drawing, out: Path, *, when: datetime) -> None:
    """Write the report in the form that the extension names; the file is whole or not there at all.

    Parameters
    ----------
    document : of a check, as `api.requests.document` makes it
    when : the moment of printing, with its zone

    Raises
    ------
    FormatUnknown : `out` is none of .html, .pdf, .xlsx
    MutanError : a PDF is asked for, and there is no Chinese font
    """
    made = report_bytes(document, drawing, out.suffix.lower().lstrip("."), when=when)
    with whole_or_not(out) as temporary:
        temporary.write_bytes(made)


def report_bytes(document: Document, drawing: Drawing, form: str, *, when: datetime) -> bytes:
    """The report as bytes.

    Parameters
    ----------
    form : html, pdf or xlsx

    Raises
    ------
    FormatUnknown : it is none of these
    MutanError : a PDF is asked for, and there is no Chinese font
    """
    if form not in FORMS:
        raise FormatUnknown(
            f"No report of a request is made as {form!r}. Known: {', '.join(FORMS)}. Name the file so."
        )
    points = points_of(drawing.asked, document.get("plots") or ())
    if form == "xlsx":
        return workbook_bytes(document, points, when)
    zone = str(document["request"].get("zone_name") or "")
    if form == "html":
        return html_of(content(document, draw(drawing, points, zone=zone, font=CSS_FAMILIES), points, when))
    from api.requests.report.fonts import chinese_fonts
    from api.requests.report.pdf import pdf_of

    fonts = chinese_fonts(settings().fonts)
    names = ",".join(f"'{family}'" for family in fonts.families)
    return pdf_of(content(document, draw(drawing, points, zone=zone, font=names), points, when), fonts, when)

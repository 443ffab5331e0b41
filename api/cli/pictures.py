"""Commands that draw: map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import BookOption, YearOption, examples, note, the_book


def add_to(app: typer.Typer) -> None:
    """Hang the command on the group."""
    app.command(
        "map",
        epilog=examples(
            "mutan map --year 2024 -o 全省.html", "mutan map G411031 --year 2024 -o 郑州经开.html"
        ),
    )(draw)


def draw(
    year: YearOption,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="OUT", help="An .html file; it needs no network.")
    ],
    zone: Annotated[str | None, typer.Argument(metavar="ZONE", help="Code; none: the province.")] = None,
    indicator: Annotated[
        str, typer.Option(metavar="CODE", help="By which the province is coloured.")
    ] = "industrial_share",
    book: BookOption = None,
) -> None:
    """Draw a map of a zone, or of the province, into one self-contained page."""
    from api.pages import province_html, zone_html
    from data.formats.whole import whole_or_not

    with the_book(book) as open_book:
        html = zone_html(open_book, zone, year) if zone else province_html(open_book, year, indicator)
    with whole_or_not(output) as beside:
        beside.write_text(html, "utf-8")
    note(
        f"Wrote {output} ({len(html) / 1e6:.1f} MB). Open it in any browser; it asks nothing of the network."
    )

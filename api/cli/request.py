"""The command `mutan request`: one request to move a boundary, checked article by article."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import (
    DAY,
    BookOption,
    JsonOption,
    examples,
    note,
    note_faults,
    now,
    print_json,
    the_book,
    who,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOT_MET = 3
"""Exit status: done, and something is not met"""

CrsOption = Annotated[str | None, typer.Option(metavar="CRS", help="Of its coordinates: EPSG:4526, gcj02 …")]
LayerOption = Annotated[str | None, typer.Option(metavar="NAME", help="Of a file with several.")]
EncodingOption = Annotated[str | None, typer.Option(metavar="NAME", help="Of its text: gbk, utf-8 …")]
DayOption = Annotated[
    datetime | None, typer.Option(formats=DAY, metavar="DAY", help="Layers and rules in force then; today.")
]
LayerOption = Annotated[str | None, typer.Option(metavar="NAME", help="Of a file with several.")]
EncodingOption = Annotated[str | None, typer.Option(metavar="NAME", help="Of its text: gbk, utf-8 …")]
DayOption = Annotated[
    datetime | None, typer.Option(formats=DAY, metavar="DAY", help="Layers and rules in force then; today.")
]
EncodingOption = Annotated[str | None, typer.Option(metavar="NAME", help="Of its text: gbk, utf-8 …")]
DayOption = Annotated[
    datetime | None, typer.Option(formats=DAY, metavar="DAY", help="Layers and rules in force then; today.")
]
DayOption = Annotated[
    datetime | None, typer.Option(formats=DAY, metavar="DAY", help="Layers and rules in force then; today.")
]
SnapOption = Annotated[
    float, typer.Option(metavar="M", help="Strips along the old boundary narrower than this are drawing.")
]
WholeOption = Annotated[bool, typer.Option("--whole", help="The file is the new boundary as a whole.")]
RepairOption = Annotated[bool, typer.Option("--repair", help="Mend invalid polygons.")]
LISTS = (".csv", ".xlsx")
NumberArgument = Annotated[str, typer.Argument(metavar="ID", help="Of the request, as 2026-0007.")]
RemarkOption = Annotated[str, typer.Option(metavar="TEXT", help="Kept with the step.")]
BATCHES = (
    "mutan requests batch 清单.xlsx -o 汇总.xlsx",
    "mutan requests batch 坐标/*.txt --zone G411162 --kind expansion",
)


RepairOption = Annotated[bool, typer.Option("--repair", help="Mend invalid polygons.")]
LISTS = (".csv", ".xlsx")
NumberArgument = Annotated[str, typer.Argument(metavar="ID", help="Of the request, as 2026-0007.")]
RemarkOption = Annotated[str, typer.Option(metavar="TEXT", help="Kept with the step.")]
BATCHES = (
    "mutan requests batch 清单.xlsx -o 汇总.xlsx",
    "mutan requests batch 坐标/*.txt --zone G411162 --kind expansion",
)


def add_to(app: typer.Typer) -> None:
    """Hang the command on the group."""
    app.command(
        epilog=examples(
            "mutan request 扩区.txt --zone G411162 --kind expansion -o 核查表.pdf",
            "mutan request 调入.shp --zone G411162 --kind adjustment --gives-up 调出.shp --json",
        )
    )(request)


def request(
    kind: Annotated[str, typer.Option(metavar="KIND", help="A folder of data/rules: expansion adjustment …")],
    zone: Annotated[str, typer.Option(metavar="CODE", help="Of the zone that asks.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="The land asked for: .txt .shp .gpkg .dxf .kml .csv …"),
    ] = None,
    gives_up: Annotated[
        Path | None, typer.Option("--gives-up", metavar="FILE", help="The land given up.")
    ] = None,
    day: DayOption = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="REPORT", help=".html .pdf .xlsx; .geojson: offending parts."),
    ] = None,
    trimmed: Annotated[
        Path | None,
        typer.Option("--trimmed", metavar="OUT", help="Write the geometry that avoids every hard conflict."),
    ] = None,
    book: BookOption = None,
    crs: CrsOption = None,
    layer: LayerOption = None,
    encoding: EncodingOption = None,
    name: Annotated[str, typer.Option(metavar="TEXT", help="Of the request.")] = "",
    snap: SnapOption = 0.1,
    whole: WholeOption = False,
    repair: RepairOption = False,
    reason: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="A declared reason; may be given again.")
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(metavar="LAYER=ROLE", help="Of a constraint layer; may be given again."),
    ] = None,
    land: Annotated[
        str | None, typer.Option(metavar="NAME", help="Method of land carbon: s41598_2025, heigit …")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="File the request in the book, with this check.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Check a request to move a boundary, article by article; status 3 when something is not met."""
    from api.requests.checking import check
    from api.requests.document import document
    from api.requests.wishes import Wishes

    wishes = Wishes(
        kind, zone, (day or now()).date(), name=name, crs=crs, layer=layer, encoding=encoding, snap_m=snap,
        whole=whole, repair=repair, reasons=tuple(reason or ()), roles=_pairs(role or []),
        **({"land": land} if land else {}),
    )  # fmt: skip
    with the_book(book, write=True) as open_book:
        checked = check(open_book, file, wishes, gives_up=gives_up, who=who(), when=now())
        told = document(checked)
        if keep:
            from api.requests.filing import kept

            told = kept(open_book, checked, told, files={"asked": file, "gives_up": gives_up})
        if output is not None:
            from api.requests.reporting import write_report

            write_report(open_book, told, output, now())
            note(f"Wrote {output}.")
    if trimmed is not None:
        _write_trimmed(told, trimmed)
    _say(told, checked.faults, json=json)
    if told["verdict"] == "not_met":
        raise typer.Exit(NOT_MET)


def _say(told: Mapping[str, Any], faults: Sequence[Any], *, json: bool) -> None:
    if json:
        print_json(told)
        return
    from api.requests.words import lines_of

    typer.echo("\n".join(lines_of(told)))
    note_faults(faults)


def _write_trimmed(told: Mapping[str, Any], out: Path) -> None:
    """The geometry that avoids every hard conflict, as one feature."""
    import orjson

    from data.formats.whole import whole_or_not

    if told["trimmed"] is None:
        note("There is no hard conflict to avoid, or nothing would be left; no geometry was written.")
        return
    feature = {
        "type": "Feature",
        "geometry": told["trimmed"]["geometry"],
        "properties": {
            "name": told["request"]["name"],
            "avoids": told["trimmed"]["avoids"],
            **told["trimmed"]["area"],
        },
    }
    with whole_or_not(out) as half:
        half.write_bytes(orjson.dumps({"type": "FeatureCollection", "features": [feature]}))
    note(f"Wrote {out}.")


def _pairs(said: Sequence[str]) -> dict[str, str]:
    for pair in said:
        if "=" not in pair.strip("="):
            raise typer.BadParameter(f"{pair!r} is no LAYER=ROLE.", param_hint="--role")
    return dict(pair.split("=", 1) for pair in said)

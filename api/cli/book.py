"""Commands on the book: new, ingest, check, export, demo."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import (
    DAY,
    BookOption,
    JsonOption,
    as_day,
    examples,
    note,
    note_faults,
    now,
    print_json,
    the_book,
    who,
)
from data.kinds import kinds


def add_to(app: typer.Typer) -> None:
    """Hang the commands on the group."""
    app.command(epilog=examples("mutan new 郑州.gpkg"))(new)
    app.command(
        epilog=examples(
            "mutan ingest zones 边界.shp --crs EPSG:4526",
            "mutan ingest parcels 图斑.gdb --supplier guotu_dltb --zone G411031 --valid-from 2024-01-01",
            "mutan ingest activity 能源宽表.xlsx --supplier wide_energy_example --zone G411031",
            "mutan ingest --template enterprises -o 企业.xlsx",
        )
    )(ingest)
    app.command(epilog=examples("mutan check --json"))(check)
    app.command(
        epilog=examples(
            "mutan export zones -o 开发区.geojson", "mutan export indicators --year 2024 -o 指标.xlsx"
        )
    )(export)
    app.command(epilog=examples("mutan demo --port 0", "mutan demo 示例 --no-serve"))(demo)


def new(
    book: Annotated[str, typer.Argument(metavar="BOOK", help="A .gpkg path where nothing is yet.")],
) -> None:
    """Make an empty book."""
    from data.book import new_book

    new_book(book).close()
    note(f"Made the empty book {book}. Next: mutan ingest zones FILE --book {book}")


def ingest(
    kind: Annotated[str | None, typer.Argument(metavar="KIND", help=" ".join(kinds()))] = None,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A layer or a table.")] = None,
    book: BookOption = None,
    crs: Annotated[
        str | None, typer.Option(metavar="CRS", help="Of its coordinates: EPSG:4526, gcj02, bd09 …")
    ] = None,
    class_system: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of the land-class codes: sandiao, ydyh_2023 …")
    ] = None,
    supplier: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose column names they are: guotu_dltb …")
    ] = None,
    rename: Annotated[
        list[str] | None, typer.Option(metavar="THEIRS=OURS", help="A column; may be given again.")
    ] = None,
    layer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Layer or sheet of a file with several.")
    ] = None,
    encoding: Annotated[str | None, typer.Option(metavar="NAME", help="Of its text: gbk, utf-8 …")] = None,
    zone: Annotated[
        str | None, typer.Option(metavar="CODE", help="Zone of all rows, when no column says.")
    ] = None,
    repair: Annotated[bool, typer.Option("--repair", help="Mend invalid polygons.")] = False,
    valid_from: Annotated[
        datetime | None, typer.Option(formats=DAY, metavar="DAY", help="First day on which it holds.")
    ] = None,
    valid_to: Annotated[
        datetime | None,
        typer.Option(formats=DAY, metavar="DAY", help="First day on which it no longer does."),
    ] = None,
    remark: Annotated[str, typer.Option(metavar="TEXT", help="Kept with the version.")] = "",
    role: Annotated[
        str, typer.Option(metavar="NAME", help="What a constraint layer is: basic_farmland, urban_boundary …")
    ] = "",
    template: Annotated[
        str | None, typer.Option(metavar="KIND", help="Write the template of that kind to -o FILE.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where --template writes: an .xlsx.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Take a file into the book: all of it, or, when it has errors, nothing."""
    from api.ingest import Wishes
    from api.ingest import ingest as take_in

    if template is not None:
        _write_template(template, output)
        return
    if kind is None or file is None:
        raise typer.BadParameter("name the kind and the file: mutan ingest KIND FILE", param_hint="KIND FILE")
    wishes = Wishes(
        crs=crs,
        class_system=class_system,
        supplier=supplier,
        rename=_pairs(rename or []),
        layer=layer,
        encoding=encoding,
        zone=zone,
        repair=repair,
        valid_from=as_day(valid_from),
        valid_to=as_day(valid_to),
        note=remark,
        role=role,
    )
    with the_book(book, write=True) as open_book:
        told = take_in(open_book, kind, file, wishes, who=who(), when=now())
    if json:
        version = told.version
        print_json({
            "version": version.name,
            "rows": version.rows,
            "sha256": version.source.sha256,
            "crs": version.crs,
            "faults": [fault.as_json() for fault in told.faults],
        })
    else:
        note(f"{file.name}: {told.version.rows} rows are in the book as {told.version.name}.")
        note_faults(told.faults)


def _write_template(kind: str, output: Path | None) -> None:
    from data.formats.templates import write_template

    if output is None:
        raise typer.BadParameter("say where to write the template: -o FILE.xlsx", param_hint="-o")
    write_template(kind, output)
    note(f"Wrote the template of {kind} to {output}. Sheet 说明 explains its columns.")


def _pairs(words: list[str]) -> dict[str, str]:
    pairs = {}
    for word in words:
        theirs, sign, ours = word.partition("=")
        if not sign:
            raise typer.BadParameter(
                f"{word!r} is not THEIRS=OURS, as 地块号=parcel_id", param_hint="--rename"
            )
        pairs[theirs] = ours
    return pairs


def check(
    book: BookOption = None,
    on: Annotated[
        datetime | None,
        typer.Option(formats=DAY, metavar="DAY", help="What was in force that day; default today."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """List every fault of the book, with layer, feature and remedy. Exit status 3 when there are errors."""
    from api.checking import check_book
    from data.records import Severity

    with the_book(book) as open_book:
        faults = check_book(open_book, as_day(on) or now().date())
    errors = sum(fault.severity is Severity.ERROR for fault in faults)
    if json:
        print_json({"errors": errors, "faults": [fault.as_json() for fault in faults]})
    else:
        for fault in faults:
            typer.echo(str(fault))
        note(f"{errors} errors, {len(faults) - errors} warnings.")
    if errors:
        raise typer.Exit(3)


def export(
    layer: Annotated[str, typer.Argument(metavar="LAYER", help=f"{' '.join(kinds())} indicators emissions")],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="OUT", help=".geojson .gpkg .parquet .fgb .csv .xlsx")
    ],
    book: BookOption = None,
    year: Annotated[
        int | None,
        typer.Option(metavar="YEAR", help="What was in force at its end; default today.", min=1990, max=2100),
    ] = None,
    zone: Annotated[str | None, typer.Option(metavar="CODE", help="Only that zone.")] = None,
) -> None:
    """Write a layer of the book to a file."""
    from api.exports import layer_of
    from data import formats

    with the_book(book) as open_book:
        frame = layer_of(open_book, layer, year=year, zone=zone, today=now().date())
    formats.write(frame, output, layer_name=layer)
    note(f"Wrote {len(frame)} rows to {output}.")


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the sample.")] = Path(
        "mutan-demo"
    ),
    port: Annotated[int, typer.Option(help="0: any free one.", min=0, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Make it, and stop.")] = False,
) -> None:
    """Make the sample book (示例数据: made up) in a folder, and serve it."""
    from api.cli.service import run
    from api.demo import make

    address = folder / "mutan.gpkg"
    if address.exists():
        note(f"The sample book {address} is there already.")
    else:
        make(folder, when=now(), tell=note)
    if not no_serve:
        run(str(address), host, port)

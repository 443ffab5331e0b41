"""Requests filed in the book (申请入库): checked and kept, checked again, told, compared, reported.

The command line and the service file the same way, so that both give the same answer.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import shapely

from api.requests import life
from api.requests.changes import changes, side_by_side
from api.requests.checked import Checked
from api.requests.checking import check, drawn_of
from api.requests.document import document
from api.requests.freshness import fingerprint, newest_version, stale
from api.requests.wishes import Wishes
from data.book import open_book
from data.book.filed import Check, Draft, Filed, Handed
from data.book.interface import Book
from data.errors import FileTooLarge, MutanError
from data.formats.opening import digest
from data.formats.shapefile import siblings
from geo.boundary_change.request import Request

MOST_BYTES = 64 << 20
"""Of a file that is kept; what is larger can be checked, and not be filed"""


def check_and_keep(
    address: str,
    file: Path | None,
    wishes: Wishes,
    *,
    gives_up: Path | None,
    who: str,
    when: datetime,
    keep: bool,
    variant_of: str = "",
    asker: str = "",
) -> dict[str, Any]:
    """The document of a check; with `keep` the request and the check are in the book, and it has a number."""
    with open_book(address, write=True) as book:
        checked = check(book, file, wishes, gives_up=gives_up, who=who, when=when, asker=asker)
        told = document(checked)
        if keep:
            files = {"asked": file, "gives_up": gives_up}
            told = kept(book, checked, told, files=files, variant_of=variant_of)
    return told


def kept(
    book: Book,
    checked: Checked,
    told: dict[str, Any],
    *,
    files: Mapping[str, Path | None],
    variant_of: str = "",
) -> dict[str, Any]:
    """The document with the number under which the request now is in the book.

    Raises
    ------
    FileTooLarge : a file is larger than the book keeps
    NotHere : there is no request of which it would be a variant
    """
    if variant_of:
        book.request(variant_of)
    handed = {part: _handed(path) for part, path in files.items() if path is not None}
    request = checked.request
    shape = request.asked if not request.asked.is_empty else request.boundary
    draft = Draft(
        told["request"]["name"],
        checked.wishes.zone,
        checked.wishes.kind,
        checked.wishes.day,
        checked.wishes.as_json(),
        handed,
        request.degrees(shape),
        variant_of,
    )
    number = book.file_request(draft, who=checked.who, when=checked.when)
    return _with_check(book, checked, told, number)


def again(book: Book, number: str, *, who: str, when: datetime, asker: str = "") -> dict[str, Any]:
    """A request checked once more with the layers and rules as they are, and what has changed since.

    Raises
    ------
    NotHere : there is no such request
    """
    filed = book.request(number)
    earlier = book.request_checks(number)
    with _files(book, filed) as files:
        wishes = Wishes.of_json(filed.draft.wishes)
        checked = check(
            book, files.get("asked"), wishes, gives_up=files.get("gives_up"), who=who, when=when, asker=asker
        )
    told = _with_check(book, checked, document(checked), number)
    told["changes"] = changes(earlier[-1].document, told) if earlier else []
    return told


def request_again(book: Book, filed: Filed) -> Request:
    """The request cut anew from its files, for whoever needs its shapes and not its check."""
    return drawn_again(book, filed)[0]


def drawn_again(book: Book, filed: Filed) -> tuple[Request, list[shapely.Geometry]]:
    """The request cut anew from its files, and all shapes as they were drawn, EPSG:4490."""
    with _files(book, filed) as files:
        wishes = Wishes.of_json(filed.draft.wishes)
        return drawn_of(book, files.get("asked"), wishes, gives_up=files.get("gives_up"))


def listed(book: Book, *, zone: str | None = None, state: str | None = None) -> list[dict[str, Any]]:
    """The requests of a book, newest first, a row each."""
    return [row_of(each) for each in book.requests(zone=zone, state=state)]


def row_of(filed: Filed) -> dict[str, Any]:
    """A filed request as a row of plain values."""
    draft = filed.draft
    return {
        "id": filed.number,
        "name": draft.name,
        "zone": draft.zone,
        "kind": draft.kind,
        "day": draft.day.isoformat(),
        "state": filed.state,
        "state_label": life.LABELS[filed.state],
        "verdict": filed.verdict or None,
        "who": filed.who,
        "filed": filed.when.isoformat(timespec="seconds"),
        "changed": filed.changed.isoformat(timespec="seconds") if filed.changed else None,
        "variant_of": draft.variant_of or None,
    }


def told_of(book: Book, number: str) -> dict[str, Any]:
    """A request: its newest check as the document, with its state, steps, earlier checks, and what is stale.

    Raises
    ------
    NotHere : there is no such request
    """
    filed = book.request(number)
    checks = book.request_checks(number)
    told: dict[str, Any] = dict(checks[-1].document) if checks else {"request": {"name": filed.draft.name}}
    variants = [
        each.number for each in book.requests(zone=filed.draft.zone) if each.draft.variant_of == number
    ]
    return {
        **told,
        "id": number,
        "state": filed.state,
        "state_label": life.LABELS[filed.state],
        "may_be": list(life.MOVES[filed.state]),
        "stale": stale(book, filed, checks[-1]) if checks else [],
        "steps": [step.as_json() for step in book.request_steps(number)],
        "checks": [
            {"when": each.when.isoformat(timespec="seconds"), "who": each.who, "verdict": each.verdict}
            for each in checks
        ],
        "changes": changes(checks[-2].document, checks[-1].document) if len(checks) > 1 else [],
        "variant_of": filed.draft.variant_of or None,
        "variants": variants,
    }


def compared(book: Book, number: str, other: str) -> dict[str, Any]:
    """Two requests side by side: land in common and apart, findings, indicators.

    Raises
    ------
    NotHere : there is no such request, or it has not been checked
    """
    documents = [_newest(book, each) for each in (number, other)]
    return side_by_side(*documents)


def report(book: Book, number: str, form: str, when: datetime) -> bytes:
    """The report of a request's newest check, as html, pdf, xlsx or geojson."""
    from api.requests.reporting import report_bytes

    return report_bytes(book, _newest(book, number), form, when)


def _newest(book: Book, number: str) -> Mapping[str, Any]:
    book.request(number)
    checks = book.request_checks(number)
    if not checks:
        raise MutanError(f"Request {number} has not been checked yet. Check it first.")
    return checks[-1].document


def _with_check(book: Book, checked: Checked, told: dict[str, Any], number: str) -> dict[str, Any]:
    told["request"]["id"] = number
    # what came in while it was checked may or may not have been seen, so then nothing is known to be the same
    same = newest_version(book) == checked.newest
    state_of = fingerprint(book, book.request(number)) if same else {}
    book.add_check(Check(number, checked.who, checked.when, str(checked.verdict.outcome), told, state_of))
    return told


def _handed(path: Path) -> Handed:
    parts = _parts(path)
    size = sum(part.stat().st_size for part in parts)
    if size > MOST_BYTES:
        raise FileTooLarge(
            f"{path.name} has {size / 2**20:.1f} MB; a book keeps files of up to {MOST_BYTES >> 20} MB. "
            "Check it without --keep, or hand in a file with fewer points."
        )
    if parts == [path]:
        return Handed(path.name, path.read_bytes(), digest([path]))
    return Handed(f"{path.stem}.zip", _packed(parts, path.parent), digest(parts))


def _parts(path: Path) -> list[Path]:
    """All files of which one that is handed in consists; a .shp without its .prj would lose its CRS."""
    if path.is_dir():
        return sorted(each for each in path.rglob("*") if each.is_file())
    return list(siblings(path).values()) if path.suffix.lower() == ".shp" else [path]


def _packed(parts: Sequence[Path], folder: Path) -> bytes:
    """Files of a folder as one archive, the same bytes whenever it is made."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            name = zipfile.ZipInfo(part.relative_to(folder).as_posix())
            archive.writestr(name, part.read_bytes(), zipfile.ZIP_DEFLATED)
    return content.getvalue()


@contextmanager
def _files(book: Book, filed: Filed) -> Iterator[dict[str, Path]]:
    """The files of a request on disk for as long as they are read."""
    with tempfile.TemporaryDirectory(prefix="mutan-request-") as folder:
        paths = {}
        for part, handed in book.request_files(filed.number).items():
            (Path(folder) / part).mkdir()
            paths[part] = Path(folder) / part / handed.name
            paths[part].write_bytes(handed.content)
        yield paths

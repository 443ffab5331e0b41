"""What comes in over HTTP (上传): the file of a request, and what is said beside it.

Either `multipart/form-data` with the parts `file`, `gives_up` and fields named as the options of the command,
or a GeoJSON document as the body, with the options in the address.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile

from api.asking import FLAGS, refuse_unknown
from api.errors import BadQuery
from api.requests.gate import bounded
from api.requests.wishes import Wishes
from data.errors import FileTooLarge

MOST_BYTES = 64 << 20
"""Of one file; five million boundary points are more, and belong on the command line"""
PIECE = 1 << 20
FILES = ("file", "gives_up")
TEXTS = (
    "kind",
    "zone",
    "day",
    "name",
    "crs",
    "layer",
    "encoding",
    "snap",
    "reason",
    "land",
    "who",
    "variant_of",
)
MOST_REASONS = 20
MOST_BODY = len(FILES) * MOST_BYTES + (PIECE << 1)
SWITCHES = ("whole", "repair", "keep")
FIELDS = frozenset({*TEXTS, *SWITCHES})
GEOJSON = ("application/geo+json", "application/json")


@dataclass(frozen=True, slots=True)
class Upload:
    """A request as it came in, its files on disk for as long as it is at work.

    Parameters
    ----------
    file, gives_up : paths within a folder of its own; None where there was none
    who : as the person names themself; there are no accounts, so it is a statement and no proof
    keep : file it in the book
    variant_of : number of the request that it is another form of; empty for a first one
    """

    file: Path | None
    gives_up: Path | None
    wishes: Wishes
    who: str
    keep: bool
    variant_of: str = ""


@asynccontextmanager
async def uploaded(request: Request) -> AsyncIterator[Upload]:
    """The upload of a POST; its files are gone when the block ends.

    Raises
    ------
    BadQuery : a field is unknown, lacking, or cannot be read; or the body is of a kind that is not taken
    FileTooLarge : a file passes 64 MB
    """
    form = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    request = bounded(request, MOST_BODY)
    with TemporaryDirectory(prefix="mutan-request-") as folder:
        if form == "multipart/form-data":
            refuse_unknown(request.query_params, frozenset({"f"}))
            said, files = await _of_form(request, Path(folder))
        elif form in GEOJSON:
            refuse_unknown(request.query_params, FIELDS | {"f"})
            said = {name: text for name, text in request.query_params.items() if name != "f"}
            files = {"file": await _of_body(request, Path(folder))}
        else:
            raise BadQuery(
                f"A body of the kind {form or 'none'} is not taken. Send multipart/form-data with the part "
                "`file`, or a GeoJSON document as application/geo+json with zone= and kind= in the address."
            )
        request.state.said = said  # for the form, which shows again what was said
        yield Upload(
            files.get("file"),
            files.get("gives_up"),
            wishes_of(said),
            said.get("who", "")[:80] or "unknown",
            _flag("keep", said.get("keep", "true")),
            said.get("variant_of", "").strip(),
        )


def wishes_of(said: Mapping[str, str]) -> Wishes:
    """Wishes out of plain texts, named as the options of the command.

    >>> wishes_of({"kind": "expansion", "zone": "G411162", "day": "2025-06-30", "snap": "0.2"}).snap_m
    0.2

    Raises
    ------
    BadQuery : a field is unknown, lacking, or cannot be read
    """
    for name in said:
        if name not in FIELDS:
            raise BadQuery.unknown(name, FIELDS)
    for name in ("kind", "zone"):
        if not said.get(name):
            raise BadQuery(f"The field {name} is lacking. Give kind, as expansion, and zone, as G411162.")
    given: dict[str, Any] = {
        name: said[name] for name in ("name", "crs", "layer", "encoding", "land") if said.get(name)
    }
    switches = {name: _flag(name, said.get(name, "false")) for name in ("whole", "repair")}
    reasons = tuple(each for each in said.get("reason", "").split(",") if each)
    return Wishes(
        said["kind"],
        said["zone"],
        _day(said.get("day", "")),
        reasons=reasons,
        **switches,
        **given,
        **_snap(said),
    )


def _snap(said: Mapping[str, str]) -> dict[str, float]:
    if not (text := said.get("snap")):
        return {}
    try:
        return {"snap_m": float(text)}
    except ValueError:
        raise BadQuery(f"snap={text!r} is no number of metres. Give it as snap=0.1.") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise BadQuery(f"day={text!r} is no day. Give it as day=2025-06-30.") from None


def _flag(name: str, text: str) -> bool:
    if text.lower() not in FLAGS and text.lower() != "on":
        raise BadQuery(f"{name}={text!r} is neither true nor false.")
    return FLAGS.get(text.lower(), True)


async def _of_form(request: Request, folder: Path) -> tuple[dict[str, str], dict[str, Path]]:
    said: dict[str, str] = {}
    files: dict[str, Path] = {}
    most = len(FIELDS) + MOST_REASONS
    async with request.form(max_files=len(FILES), max_fields=most, max_part_size=PIECE) as form:
        for name, value in form.multi_items():
            if name == "reason" and name in said:  # a form sends each reason that is ticked
                said[name] += f",{value}"
                continue
            if name in said or name in files:
                raise BadQuery(f"The field {name} stands there twice. Give each once.")
            if isinstance(value, UploadFile):
                if name not in FILES:
                    raise BadQuery.unknown(name, FILES)
                if value.filename:  # a form in a browser sends an empty part where no file was chosen
                    files[name] = await _kept(value, folder / name)
            else:
                said[name] = value.strip()
    return said, files


async def _kept(part: UploadFile, folder: Path) -> Path:
    """A part on disk under the last part of its own name, which tells its format."""
    folder.mkdir()
    name = PurePath((part.filename or "").replace("\\", "/")).name.replace("\0", "")[-120:]
    path = folder / (name if name.strip(".") else "file")
    size = 0
    with path.open("wb") as out:
        while piece := await part.read(PIECE):
            size += len(piece)
            _hold(size, path.name)
            out.write(piece)
    return path


async def _of_body(request: Request, folder: Path) -> Path:
    path, size = folder / "request.geojson", 0
    with path.open("wb") as out:
        async for piece in request.stream():
            size += len(piece)
            _hold(size, path.name)
            out.write(piece)
    return path


def _hold(size: int, name: str) -> None:
    if size > MOST_BYTES:
        raise FileTooLarge(
            f"{name} is larger than {MOST_BYTES >> 20} MB, the most that is taken over HTTP. "
            "Check it with `mutan request` where the book is."
        )

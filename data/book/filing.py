"""The tables of requests (申请表): written once, never changed, and seen by a desktop GIS as a layer.

requests        what was filed, with the land that is asked for
request_files   the files as they were handed in
request_steps   who did what when
request_checks  every check, whole
looks           questions about classified layers, which are counted
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import orjson
import shapely

from data.book import geometry, looks, spatial_index, standard
from data.book.filed import MOST_BYTES, Box, Check, Draft, Filed, Handed, Step
from data.book.sealing import opened, seal
from data.errors import FileTooLarge, NotHere

TABLES = """
CREATE TABLE requests (
  fid INTEGER PRIMARY KEY NOT NULL, number TEXT NOT NULL UNIQUE, name TEXT NOT NULL, zone TEXT NOT NULL,
  kind TEXT NOT NULL, day DATE NOT NULL, wishes TEXT NOT NULL, variant_of TEXT NOT NULL, who TEXT NOT NULL,
  at TEXT NOT NULL, geom MULTIPOLYGON);
CREATE INDEX requests_by_zone ON requests (zone);
CREATE TABLE request_files (
  id INTEGER PRIMARY KEY, number TEXT NOT NULL, part TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL,
  content BLOB NOT NULL, UNIQUE (number, part));
CREATE TABLE request_steps (
  id INTEGER PRIMARY KEY, number TEXT NOT NULL, what TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL,
  note TEXT NOT NULL, paper TEXT NOT NULL, version TEXT NOT NULL);
CREATE INDEX request_steps_by_number ON request_steps (number);
CREATE TABLE request_checks (
  id INTEGER PRIMARY KEY, number TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, verdict TEXT NOT NULL,
  document TEXT NOT NULL, state_of TEXT NOT NULL);
CREATE INDEX request_checks_by_number ON request_checks (number);
"""
TITLES = {
    "request_files": "申请文件",
    "request_steps": "申请办理过程",
    "request_checks": "申请核查记录",
    "looks": "涉密图层查询记录",
}
NOW = """
CREATE VIEW requests_now AS SELECT r.fid AS OGC_FID, r.number, r.name, r.zone, r.kind, r.day,
  (SELECT what FROM request_steps s WHERE s.number = r.number AND s.what <> 'rechecked'
    ORDER BY s.id DESC LIMIT 1) AS state,
  (SELECT verdict FROM request_checks c WHERE c.number = r.number ORDER BY c.id DESC LIMIT 1) AS verdict,
  r.who, r.at, (SELECT max(at) FROM request_steps s WHERE s.number = r.number) AS changed, r.geom
FROM requests r
"""
"""Requests with their state, for ourselves and for a desktop GIS"""
SOUGHT = """
SELECT n.number, n.name, n.zone, n.kind, n.day, r.wishes, r.variant_of, n.who, n.at, n.geom,
  n.state, n.verdict, n.changed
FROM requests_now n JOIN requests r ON r.fid = n.OGC_FID
WHERE (:number IS NULL OR n.number = :number) AND (:zone IS NULL OR n.zone = :zone)
  AND (:state IS NULL OR n.state = :state)
  AND (NOT :boxed OR n.OGC_FID IN (SELECT id FROM rtree_requests_geom
    WHERE maxx >= :west AND minx <= :east AND maxy >= :south AND miny <= :north))
ORDER BY n.OGC_FID DESC LIMIT :limit OFFSET :offset
"""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which requests; what is left alone does not narrow the choice."""

    number: str | None = None
    zone: str | None = None
    state: str | None = None
    box: Box | None = None
    limit: int | None = None
    offset: int = 0


def write_tables(link: sqlite3.Connection) -> None:
    """The tables, and the view by which a desktop GIS shows requests with their state."""
    standard.run_all(link, TABLES + looks.TABLE)
    standard.register(link, "requests", "features", "边界调整申请 requests")
    standard.write_index(link, "requests")
    standard.write_insert_trigger(link, "requests")
    for table, title in TITLES.items():
        standard.register(link, table, "attributes", f"{title} {table}")
    for table in ("requests", *TITLES):
        seal(link, table)
    link.execute(NOW)
    standard.write_view(link, "requests_now", "边界调整申请(现状) requests_now")


def file(link: sqlite3.Connection, draft: Draft, who: str, when: datetime, at: str) -> str:
    """The number of a request that is filed now: the year, where it is filed, and its place in that year.

    Raises
    ------
    FileTooLarge : one of its files is larger than a book keeps
    NotHere : there is no request of which it would be a variant
    """
    for handed in draft.files.values():
        if len(handed.content) > MOST_BYTES:
            raise FileTooLarge(
                f"{handed.name} has {len(handed.content) / 2**20:.1f} MB; a book keeps files of up to "
                f"{MOST_BYTES >> 20} MB. Hand in a file with fewer points, or check it without filing it."
            )
    if draft.variant_of:
        request(link, draft.variant_of)
    taken = "SELECT count(*) FROM requests WHERE number LIKE ? || '-%'"
    number = f"{when:%Y}-{link.execute(taken, (f'{when:%Y}',)).fetchone()[0] + 1:04d}"
    with opened(link, "requests", "request_files"):
        _write(link, draft, (number, who, at))
        for part, handed in draft.files.items():
            link.execute(
                "INSERT INTO request_files (number, part, name, sha256, content) VALUES (?, ?, ?, ?, ?)",
                (number, part, handed.name, handed.sha256, handed.content),
            )
    return number


def _write(link: sqlite3.Connection, draft: Draft, filed: tuple[str, str, str]) -> None:
    """The row of a request, and its box in the index."""
    number, who, at = filed
    fid = link.execute("SELECT coalesce(max(fid), 0) + 1 FROM requests").fetchone()[0]
    shape = np.array([draft.shape if not draft.shape.is_empty else None], dtype=object)
    link.execute("DROP TRIGGER rtree_requests_geom_insert")  # plain SQLite has no ST_MinX
    link.execute(
        "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(fid, number, draft.name, draft.zone, draft.kind, draft.day.isoformat()),
            *(_json(draft.wishes), draft.variant_of, who, at, geometry.blobs(shape)[0]),
        ),
    )
    if shape[0] is not None:
        spatial_index.add(link, "rtree_requests_geom", np.array([fid]), shapely.bounds(shape))
    standard.write_insert_trigger(link, "requests")
    _refresh(link, at)


def _refresh(link: sqlite3.Connection, at: str) -> None:
    """The box of all requests in the contents, by which a desktop GIS zooms to the layer."""
    link.execute(
        "UPDATE gpkg_contents SET last_change = ?, (min_x, max_x, min_y, max_y) = "
        "(SELECT min(minx), max(maxx), min(miny), max(maxy) FROM rtree_requests_geom) "
        "WHERE table_name IN ('requests', 'requests_now')",
        (f"{at[:19]}.000Z",),
    )


def add_step(link: sqlite3.Connection, step: Step, at: str) -> None:
    """One step more."""
    with opened(link, "request_steps"):
        link.execute(
            "INSERT INTO request_steps (number, what, who, at, note, paper, version) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (step.request, step.what, step.who, at, step.note, step.paper, step.version),
        )


def add_check(link: sqlite3.Connection, check: Check, at: str) -> None:
    """One check more."""
    said = (check.request, check.who, at, check.verdict, _json(check.document), _json(check.state_of))
    with opened(link, "request_checks"):
        link.execute(
            "INSERT INTO request_checks (number, who, at, verdict, document, state_of) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            said,
        )


def requests(link: sqlite3.Connection, sought: Sought) -> list[Filed]:
    """Requests, newest first, without the content of their files."""
    west, south, east, north = sought.box or (-180.0, -90.0, 180.0, 90.0)
    rows = link.execute(
        SOUGHT,
        {
            "number": sought.number, "zone": sought.zone, "state": sought.state,
            "boxed": sought.box is not None, "west": west, "south": south, "east": east, "north": north,
            "limit": -1 if sought.limit is None else sought.limit, "offset": sought.offset,
        },
    ).fetchall()  # fmt: skip
    return [_filed(row) for row in rows]


def request(link: sqlite3.Connection, number: str) -> Filed:
    """One request.

    Raises
    ------
    NotHere : there is none of that number
    """
    found = requests(link, Sought(number))
    if not found:
        known = [known for (known,) in link.execute("SELECT number FROM requests ORDER BY fid DESC LIMIT 50")]
        raise NotHere("request", number, known)
    return found[0]


def files(link: sqlite3.Connection, number: str) -> dict[str, Handed]:
    """The files of a request as they were handed in."""
    rows = link.execute("SELECT part, name, content, sha256 FROM request_files WHERE number = ?", (number,))
    return {part: Handed(name, content, sha256) for part, name, content, sha256 in rows}


def steps(link: sqlite3.Connection, number: str) -> list[Step]:
    """The steps of a request, oldest first."""
    rows = link.execute(
        "SELECT number, what, who, at, note, paper, version FROM request_steps WHERE number = ? ORDER BY id",
        (number,),
    )
    return [Step(of, what, who, datetime.fromisoformat(at), *rest) for of, what, who, at, *rest in rows]


def checks(link: sqlite3.Connection, number: str) -> list[Check]:
    """The checks of a request, oldest first."""
    rows = link.execute(
        "SELECT number, who, at, verdict, document, state_of FROM request_checks WHERE number = ? "
        "ORDER BY id",
        (number,),
    )
    return [
        Check(of, who, datetime.fromisoformat(at), verdict, orjson.loads(document), orjson.loads(state_of))
        for of, who, at, verdict, document, state_of in rows
    ]


def _filed(row: Sequence[Any]) -> Filed:
    number, name, zone, kind, day, wishes, variant_of, who, at, geom, state, verdict, changed = row
    (shape,) = geometry.shapes([geom])
    held = shape if shape is not None else shapely.MultiPolygon()
    said: Mapping[str, Any] = orjson.loads(wishes)
    draft = Draft(name, zone, kind, date.fromisoformat(day), said, {}, held, variant_of)
    moved = datetime.fromisoformat(changed) if changed else None
    return Filed(number, draft, who, datetime.fromisoformat(at), state or "drafted", verdict or "", moved)


def _json(value: Any) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_SERIALIZE_NUMPY).decode()

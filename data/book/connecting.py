"""Connections to a GeoPackage file (连接), and what SQLite's complaints mean to a person.

Readers and the writer do not wait for each other: the file is in write-ahead mode (WAL), so a reader sees the
book as it was when its question began, and whoever is killed while writing leaves a tail that nobody reads.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from data.errors import BookBusy, BookError, BookFull, BookMissing, BookUnusable

# How long a second writer waits for the first; ingesting a large layer takes longer than anybody waits.
PATIENCE_S = 2.0
_READER = ("PRAGMA query_only = 1", "PRAGMA cache_size = -16384", "PRAGMA mmap_size = 1073741824")
_WRITER = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = 0",
    "PRAGMA cache_size = -131072",
    "PRAGMA wal_autocheckpoint = 0",
    "PRAGMA secure_delete = 0",
)
_SQLITE_HEADER = b"SQLite format 3\0"


class Connections:
    """The connections of one book: a pool of readers for any number of threads, one writer at a time."""

    def __init__(self, path: Path):
        self.path = path
        self._idle: deque[sqlite3.Connection] = deque()
        self._writing = threading.Lock()
        self._closed = threading.Event()
        self._frozen: tuple[int, int] | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that can only read, the caller's alone until it is given back."""
        if self._closed.is_set():
            raise BookUnusable(f"{self.path} has been closed. Open the book again.")
        with saying(self.path):
            link = self._reader()
            try:
                yield link
            except BaseException:
                link.close()
                raise
            if self._closed.is_set():
                link.close()
            else:
                self._idle.append(link)

    @contextmanager
    def writing(self, who: str, since: str) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it when the block ends well, nothing of it otherwise.

        Raises
        ------
        BookBusy : another writer holds the book; the message says who and since when
        BookFull : the disk has no room left
        """
        if not self._writing.acquire(timeout=PATIENCE_S):
            raise self._busy()
        try:
            with saying(self.path):
                link = writer(self.path)
                try:
                    self._begin(link)
                    yield from self._transaction(link, who, since)
                finally:
                    link.close()
        finally:
            self._writing.release()

    def close(self) -> None:
        """Close what is idle; what is in use is closed when it is given back."""
        self._closed.set()
        while self._idle:
            self._idle.pop().close()
        # Whoever only reads may not tidy up. A writer that comes and goes lets SQLite remove its two helper
        # files if nobody else has the book open, so that one file is left.
        if _beside(self.path, "-wal").exists():
            with suppress(sqlite3.Error):
                writer(self.path).close()

    def _transaction(self, link: sqlite3.Connection, who: str, since: str) -> Iterator[sqlite3.Connection]:
        sign = _beside(self.path, "-writer")
        with suppress(OSError):
            sign.write_text(json.dumps({"who": who, "since": since}), "utf-8")
        try:
            yield link
            link.execute("COMMIT")
        except BaseException:
            if link.in_transaction:
                link.execute("ROLLBACK")
            raise
        finally:
            with suppress(OSError):
                sign.unlink(missing_ok=True)
        # Into the main file at once, so that whoever copies the .gpkg alone copies all of it. A reader in
        # the middle of a question may keep a part of it back until the next time.
        with suppress(sqlite3.OperationalError):
            link.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def _begin(self, link: sqlite3.Connection) -> None:
        try:
            link.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as odd:
            if _code(odd) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise self._busy() from odd
            raise

    def _busy(self) -> BookBusy:
        holder = "Another writer"
        with suppress(OSError, ValueError):
            said = json.loads(_beside(self.path, "-writer").read_text("utf-8"))
            holder = f"{said['who'] or 'Somebody'}, writing since {said['since']},"
        return BookBusy(f"{holder} holds {self.path}. Nothing was written. Try again when that has ended.")

    def _reader(self) -> sqlite3.Connection:
        if self._frozen is not None and self._frozen != _stamp(self.path):
            while self._idle:
                self._idle.pop().close()
            self._frozen = None
        with suppress(IndexError):
            return self._idle.pop()
        link, frozen = reader(self.path)
        self._frozen = _stamp(self.path) if frozen else None
        return link


def reader(path: Path) -> tuple[sqlite3.Connection, bool]:
    """A connection that can only read, and whether it takes the file as one that nobody changes.

    In a folder where we may not write, SQLite cannot make the files by which it shares a book with a writer.
    If no such files are there, no writer is either, and the file is read as it stands.
    """
    try:
        return _open(f"{path.resolve().as_uri()}?mode=ro", _READER), False
    except sqlite3.OperationalError:
        if _beside(path, "-wal").exists():
            raise
        return _open(f"{path.resolve().as_uri()}?mode=ro&immutable=1", _READER), True


def writer(path: Path) -> sqlite3.Connection:
    """A connection that writes; no transaction is open yet."""
    return _open(f"{path.resolve().as_uri()}?mode=rw", _WRITER)


def _open(uri: str, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    # autocommit of Python's own is off: each transaction below is begun and ended by name.
    link = sqlite3.connect(
        uri,
        uri=True,
        timeout=PATIENCE_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    try:
        for pragma in pragmas:
            link.execute(pragma)
        link.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except BaseException:
        link.close()
        raise
    return link


def check_file(path: Path) -> None:
    """Refuse what cannot be a book, before SQLite looks at it.

    Raises
    ------
    BookMissing : nothing is there
    BookUnusable : a directory, an empty file, no SQLite file, or one that was cut short
    """
    if not path.exists():
        raise BookMissing(f"There is no book at {path}. Make one with: mutan new {path}")
    if path.is_dir():
        raise BookUnusable(f"{path} is a folder. A book is one file: name it, as {path / 'mutan.gpkg'}.")
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as odd:
        raise BookUnusable(f"{path} cannot be read: {odd.strerror}. Ask for the right to read it.") from odd
    if not head:
        raise BookUnusable(f"{path} is empty. Remove it, and make a book with: mutan new {path}")
    if len(head) < 100 or not head.startswith(_SQLITE_HEADER):
        raise BookUnusable(
            f"{path} is no GeoPackage. Read such a file into a book with: mutan ingest KIND {path}"
        )
    _refuse_if_cut_short(path, head)


def _refuse_if_cut_short(path: Path, head: bytes) -> None:
    wal = _beside(path, "-wal")
    if wal.exists() and wal.stat().st_size:
        return
    page = int.from_bytes(head[16:18], "big")
    expected = int.from_bytes(head[28:32], "big") * (65536 if page == 1 else page)
    counted = head[24:28] == head[92:96]
    if counted and path.stat().st_size < expected:
        raise BookUnusable(
            f"{path} was cut short: it has {path.stat().st_size} bytes of {expected}. "
            "Copy it again, or take a backup."
        )


@contextmanager
def saying(path: Path) -> Iterator[None]:
    """Say SQLite's complaints as ours."""
    try:
        yield
    except sqlite3.DatabaseError as odd:
        raise _in_words(odd, path) from odd


def _in_words(odd: sqlite3.DatabaseError, path: Path) -> BookError:
    code = _code(odd)
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return BookBusy(f"Another program holds {path} ({odd}). Try again when it has ended.")
    if code == sqlite3.SQLITE_FULL:
        return BookFull(
            f"There is no room left on the disk for {path}. Nothing was written, and the book is as it was. "
            "Free some space (about twice the size of what is taken in), then try again."
        )
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}:
        return BookUnusable(
            f"{path} cannot be opened so ({odd}). Writing needs the right to write the file and its folder."
        )
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return BookUnusable(f"{path} is damaged or no GeoPackage ({odd}). Take the last backup.")
    return BookError(f"{path}: {odd}. Check the disk and the rights, then try again.")


def _code(odd: sqlite3.Error) -> int:
    """The primary result code; extended codes carry it in their lowest byte."""
    return getattr(odd, "sqlite_errorcode", 0) & 0xFF


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _stamp(path: Path) -> tuple[int, int]:
    about = path.stat()
    return about.st_mtime_ns, about.st_size

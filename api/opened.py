"""The opened book (打开的台账): once per process, read by any number of threads, with what was made from it.

What is kept is kept for one state of the book only. Its stamp is that of the file, so a change made by
another process is seen with the next request.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

from fastapi import Request

from api.settings import settings
from data.book.interface import Book

Made = TypeVar("Made")
MOST_KEPT = 256


class Opened:
    """A book that is opened when it is first asked for, and again when another file takes its place."""

    def __init__(self, address: str | None = None):
        self._address = address
        self._lock = threading.RLock()
        self._book: Book | None = None
        self._file: tuple[int, int] | None = None
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._kept_of = ""

    @property
    def address(self) -> str:
        """Where the book is."""
        return self._address or settings().book

    @property
    def book(self) -> Book:
        """The book.

        Raises
        ------
        BookMissing, BookUnusable : nothing is there, or no book of ours
        """
        file = _identity(self.address)
        if self._book is None or file != self._file:
            with self._lock:
                if self._book is None or file != self._file:
                    self.close()
                    from data.book import open_book  # not before a request needs it: it brings GDAL

                    self._book, self._file = open_book(self.address), file
        return self._book

    def stamp(self) -> str:
        """A short text that changes whenever the book does."""
        said = []
        for path in (self.address, f"{self.address}-wal"):
            try:
                about = Path(path).stat()
            except OSError:  # no tail is there, or the book is no file
                continue
            if about.st_size:  # an empty tail comes and goes with whoever reads
                said.append(f"{about.st_ino}.{about.st_mtime_ns}.{about.st_size}")
        return hashlib.blake2b("/".join(said).encode(), digest_size=6).hexdigest()

    def kept(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made under this key from the book as it is now; made when it is not there."""
        stamp = self.stamp()
        with self._lock:
            if stamp != self._kept_of:
                self._kept.clear()
                self._kept_of = stamp
            if key in self._kept:
                self._kept.move_to_end(key)
                found: Made = self._kept[key]
                return found
        made = make()
        with self._lock:
            if stamp == self._kept_of:
                self._kept[key] = made
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
        return made

    def notice(self) -> str:
        """The remark that every page shows, such as that all data is made up; empty without one."""
        return self.kept("notice", lambda: self.book.notes().get("notice", ""))

    def close(self) -> None:
        """Let go of the book."""
        if self._book is not None:
            self._book.close()
            self._book = None


def opened(request: Request) -> Opened:
    """The opened book of the application that answers."""
    found: Opened = request.app.state.opened
    return found


def _identity(address: str) -> tuple[int, int] | None:
    try:
        about = Path(address).stat()
    except OSError:
        return None
    return about.st_dev, about.st_ino

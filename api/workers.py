"""Several processes at work on the zones of one book (并行): each reads for itself, none of them writes.

Processes are started anew, not forked, so that none inherits a connection or a lock. Whoever stops listening
to the answers ends them; so does Ctrl-C, and so does the end of the program that started them.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, TypeVar

from data import parameters
from data.book import open_book
from data.book.interface import Book
from data.errors import MutanError

Answer = TypeVar("Answer")
Share = TypeVar("Share")
AHEAD = 3  # zones a worker that are asked for before the first is taken, so that no worker waits
_books: list[Book] = []
_stops: list[Event] = []


@dataclass(frozen=True, slots=True)
class Carried:
    """A fault on its way between processes, for an exception with its own `__init__` cannot travel."""

    kind: type[MutanError]
    words: tuple[Any, ...]
    more: dict[str, Any]

    def again(self) -> MutanError:
        """The fault as it was raised."""
        fault = self.kind.__new__(self.kind)
        fault.args = self.words
        vars(fault).update(self.more)
        return fault


def spread(
    address: str, work: Callable[[Book, Share], Answer], shares: Iterable[Share], workers: int
) -> Iterator[Answer]:
    """What `work` makes of the book and each share, in the order of the shares.

    Parameters
    ----------
    address : of the book, which each worker opens for reading
    work : a function that can travel: of a module, or a `functools.partial` of one
    shares : what is shared out among the workers, such as codes of zones

    Raises
    ------
    MutanError : the first that `work` raised, as it was raised there; or a worker has died
    """
    roots = parameters.roots()[1:]
    context = get_context("spawn")
    stop = context.Event()
    pool = ProcessPoolExecutor(workers, context, _begin, (address, roots, stop))
    waiting: deque[Future[Any]] = deque()
    try:
        for share in shares:
            waiting.append(pool.submit(_do, work, share))
            if len(waiting) > AHEAD * workers:
                yield _taken(waiting.popleft())
        while waiting:
            yield _taken(waiting.popleft())
    except BrokenProcessPool as broken:
        raise MutanError(
            "A process that was at work on the zones has ended before its time; most often the memory was "
            "not enough. What was finished before is kept. Go on with fewer: --workers 1."
        ) from broken
    finally:
        stop.set()  # what has been handed to a worker cannot be cancelled; it is passed over
        pool.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _taken(future: Future[Any]) -> Any:
    answer = future.result()
    if isinstance(answer, Carried):
        raise answer.again()
    return answer


def _begin(address: str, roots: tuple[Path, ...], stop: Event) -> None:
    """Make a worker ready: the rules of the office, the book, and the end that comes with its parent's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, and ends the workers
    threading.Thread(target=_end_with_parent, daemon=True).start()
    for folder in roots:
        parameters.lay_over(folder)
    _books[:] = [open_book(address)]
    _stops[:] = [stop]


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _do(work: Callable[[Book, Share], Answer], share: Share) -> Answer | Carried | None:
    if _stops[0].is_set():
        return None
    try:
        return work(_books[0], share)
    except MutanError as fault:
        return Carried(type(fault), fault.args, dict(vars(fault)))

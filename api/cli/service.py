"""Commands that serve: serve."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import BookOption, examples, note, the_book
from data.errors import MutanError


def add_to(app: typer.Typer) -> None:
    """Hang the command on the group."""
    app.command(epilog=examples("mutan serve --book 郑州.gpkg --port 8080"))(serve)


def serve(
    book: BookOption = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0: any free one.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes.", min=1, max=64)] = 1,
) -> None:
    """Serve the book: maps, GeoJSON and the API, at the address that is printed."""
    from api.settings import settings

    address = book or settings().book
    with the_book(address):
        pass  # a book that cannot be opened is said before anything listens
    run(address, host, port, workers)


def run(book: str, host: str, port: int, workers: int = 1) -> None:
    """Serve until told to stop.

    Raises
    ------
    MutanError : the port is taken
    """
    import uvicorn

    from api.settings import settings

    os.environ["MUTAN_BOOK"] = book if "://" in book else str(Path(book).resolve())
    settings.cache_clear()  # they may have been read before the book was known
    try:
        listener = socket.create_server((host, port))
    except OSError as taken:
        raise MutanError(
            f"Nothing can listen on {host}:{port}: {taken.strerror}. Another program has it, or the "
            "address is not this machine's. Try --port 0, which takes any free one."
        ) from taken
    # what is accepted inherits it; without it the end of each answer waits 40 ms for an acknowledgement
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    port = listener.getsockname()[1]
    name = _reached_as(host)
    note(f"亩碳 Mutan serves {book}\n\n    http://{name}:{port}/\n\nStop it with Ctrl-C.")
    about = {"host": host, "port": port, "log_level": "warning", "access_log": False}
    with suppress(KeyboardInterrupt):  # Ctrl-C is how it is meant to end
        if workers == 1:
            uvicorn.Server(uvicorn.Config("api.app:app", **about)).run(sockets=[listener])
        else:
            listener.close()  # uvicorn hands its workers a listener of its own
            uvicorn.run("api.app:app", workers=workers, **about)


def _reached_as(host: str) -> str:
    """The name by which a browser on this machine reaches an address that is listened on."""
    try:
        everywhere = ip_address(host).is_unspecified
    except ValueError:  # a name
        return host
    return "localhost" if everywhere or host == "127.0.0.1" else host

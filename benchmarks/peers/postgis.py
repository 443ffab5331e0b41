"""A PostGIS of its own: made, started, filled and stopped; nothing of it is left but a log.

It listens on 127.0.0.1, on a free port, and asks for no password: it holds what is made up.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ACCOUNT = "postgres"
TUNED = ("shared_buffers=1GB", "work_mem=64MB", "max_wal_size=4GB", "random_page_cost=1.1", "fsync=off")


class PostgisMissing(Exception):
    """There is no PostgreSQL here, or no PostGIS in it."""


@contextmanager
def cluster(out: Path) -> Iterator[str]:
    """The address of a running cluster.

    Raises
    ------
    PostgisMissing : the programs are not installed; the message names the packages
    """
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=out))
    try:
        _own(folder)
        data, log = folder / "data", folder / "log"
        _as_account([binaries / "initdb", "-D", data, "-A", "trust", "-U", ACCOUNT, "-N", "-E", "UTF8"])
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        places = ("listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={folder}")
        settings = " ".join(f"-c {each}" for each in (*TUNED, *places))
        control = [binaries / "pg_ctl", "-D", data, "-w"]
        _as_account([*control, "-l", log, "-o", settings, "start"])
        try:
            yield f"postgresql://{ACCOUNT}@127.0.0.1:{port}/postgres"
        finally:
            _as_account([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    for initdb in found:
        share = Path("/usr/share/postgresql") / initdb.parents[1].name
        if (share / "extension" / "postgis.control").exists():
            return initdb.parent
    raise PostgisMissing(
        "The service is compared with tipg on PostGIS, which is not installed. On Debian: "
        "apt-get install --no-install-recommends postgresql-15 postgresql-15-postgis-3"
    )


def _own(folder: Path) -> None:
    """The folder given to the server's account, for PostgreSQL refuses to run as root."""
    if os.geteuid() == 0:
        shutil.chown(folder, ACCOUNT, ACCOUNT)


def _as_account(command: Sequence[str | Path]) -> None:
    words = [str(word) for word in command]
    user = {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []} if os.geteuid() == 0 else {}
    told = subprocess.run(
        words, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, **user
    )
    if told.returncode:
        raise PostgisMissing(f"{words[0]} failed: {told.stderr.decode('utf-8', 'replace').strip()}")

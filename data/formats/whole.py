"""A file is whole or not there at all (完整写入)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import FileUnusable


@contextmanager
def whole_or_not(path: Path) -> Iterator[Path]:
    """A temporary name beside the file; it takes the file's place only when all is written."""
    try:
        handle, temporary = tempfile.mkstemp(suffix=path.suffix, prefix=f".{path.stem}-", dir=path.parent)
        os.close(handle)
    except OSError as odd:
        raise FileUnusable(f"{path} cannot be written: {odd.strerror}. Check folder and rights.") from odd
    try:
        yield Path(temporary)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as odd:
        raise FileUnusable(f"{path} cannot be written: {odd.strerror}. Is it open in Excel?") from odd
    finally:
        Path(temporary).unlink(missing_ok=True)

"""The environment of the other engines, `.venv-bench`, made from the pins when they change."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

PINS = Path(__file__).parents[1] / "requirements.txt"


def make(folder: Path) -> Path:
    """Its Python; what is there already is used again as long as the pins are the same."""
    python, mark = folder / "bin" / "python", folder / ".pins"
    pins = hashlib.sha256(PINS.read_bytes()).hexdigest()
    if python.exists() and mark.exists() and mark.read_text("utf-8") == pins:
        return python
    print(f"Making {folder.name} …", flush=True)
    venv.create(folder, with_pip=False, clear=True)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install"]
    subprocess.run([*pip, "--quiet", "--require-hashes", "-r", str(PINS)], check=True)
    mark.write_text(pins, "utf-8")
    return python

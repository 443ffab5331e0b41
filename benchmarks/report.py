"""What was found, as a table for people and as JSON for programs."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

ENGINES = (
    "mutan", "numpy", "shapely", "pyproj", "pyarrow", "geopandas", "pyogrio", "duckdb",
    "duckdb-extension-spatial", "sedonadb", "tipg", "uvicorn", "rasterio", "exactextract", "rasterstats",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Parameters
    ----------
    ours, peer : figures with their units, in words; peer is empty where there is none
    ratio : how many times better ours is; None where the line is no comparison
    asked : what the figure should be, in words
    met : whether it is so; None where nothing is asked
    """

    what: str
    ours: str
    peer: str
    ratio: float | None
    asked: str
    met: bool | None = None


def markdown(rows: Sequence[Row], machine: Mapping[str, Any]) -> str:
    """The table, and below it the machine.

    >>> print(markdown([Row("overlay, DuckDB", "5 s", "20 s", 4.0, "4 times", True)], {"cores": 2}))
    | what | ours | peer | ratio | asked |
    |---|---|---|---:|---|
    | overlay, DuckDB | 5 s | 20 s | 4.0 | 4 times: met |
    <BLANKLINE>
    cores: 2
    <BLANKLINE>
    """
    lines = ["| what | ours | peer | ratio | asked |", "|---|---|---|---:|---|"]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.1f}"
        verdict = "" if row.met is None else ": met" if row.met else ": not met"
        cells = (row.what, row.ours, row.peer, ratio, row.asked + verdict)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*lines, "", *(f"{name}: {_words(value)}" for name, value in machine.items()), ""])


def write(folder: Path, rows: Sequence[Row], machine: Mapping[str, Any], raw: Mapping[str, Any]) -> str:
    """results.md and results.json in a folder; the day and the raw figures are in the JSON alone."""
    text = markdown(rows, machine)
    (folder / "results.md").write_text(text, "utf-8")
    document = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine,
        "rows": [asdict(row) for row in rows],
        "raw": raw,
    }
    (folder / "results.json").write_text(json.dumps(document, indent=2, ensure_ascii=False), "utf-8")
    return text


def this_machine(peers: Path) -> dict[str, Any]:
    """Processor, memory, Python, and the version of every engine, ours and those of the other environment."""
    others = next((peers / "lib").glob("python*/site-packages"), None)
    theirs = _versions([str(others)]) if others else {}
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory GB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "Python": platform.python_version(),
        "ours": _versions(None),
        "peers": theirs,
    }


def _versions(path: list[str] | None) -> dict[str, str]:
    found = distributions(path=path) if path else distributions()
    versions = {each.metadata["Name"].lower().replace("_", "-"): each.version for each in found}
    return {name: versions[name] for name in ENGINES if name in versions}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")


def _words(value: Any) -> str:
    return ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)

"""Ratios against other engines, each taken in one run on the same input.

    python -m benchmarks [area] [overlay] [ingest] [service] [assess] [grading] [cover] [grid]
        [uncertainty] [requests] [--parcels N] [--times N]

Writes results.md and results.json. Nothing here is a test: what is asked stands beside what was found.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd

from benchmarks import (
    area,
    assess,
    cover,
    fabric,
    grading,
    grid,
    ingest,
    inventory,
    overlay,
    report,
    requests,
    service,
    uncertainty,
)
from benchmarks.peers import environment

ROOT = Path(__file__).parents[1]
PARTS = (
    "area",
    "overlay",
    "ingest",
    "service",
    "assess",
    "grading",
    "cover",
    "inventory",
    "grid",
    "uncertainty",
    "requests",
)
ZONES = 200


def main() -> None:
    """Run what is asked for, all of it when nothing is named."""
    words = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    words.add_argument("parts", nargs="*", choices=[[], *PARTS], help="what to measure; all")
    words.add_argument("--parcels", type=int, default=ingest.FABRIC, help="fewer, for a trial")
    words.add_argument("--times", type=int, default=3, help="runs of which the median is taken")
    words.add_argument("--out", type=Path, default=ROOT / "out" / "bench")
    said = words.parse_args()
    said.out.mkdir(parents=True, exist_ok=True)
    print(run(said.parts or PARTS, said.out.resolve(), said.parcels, said.times))


def run(parts: Any, out: Path, count: int, times: int) -> str:
    """The table of some parts."""
    mutan = Path(sys.executable).with_name("mutan")
    raw: dict[str, Any] = {"parcels": count, "zones": ZONES, "times": times}
    rows: list[report.Row] = []
    venv, text = ROOT / ".venv-bench", ""
    made: dict[str, Callable[[], list[report.Row]]] = {
        "area": lambda: area.measure(gpd.read_parquet(layers()[0], columns=["geometry"]), times, raw),
        "overlay": lambda: overlay.measure(layers(), mutan, environment.make(venv), times, raw),
        "ingest": lambda: ingest.measure(layers()[0], mutan, count, raw),
        "service": lambda: service.measure(layers()[0], mutan, environment.make(venv), times, raw),
        "assess": lambda: assess.measure(mutan, times, raw, out),
        "grading": lambda: grading.measure(times, raw),
        "inventory": lambda: inventory.measure(mutan, times, raw, out),
        "grid": lambda: grid.measure(out, times, raw),
        "cover": lambda: cover.measure(mutan, environment.make(venv), out, times, raw),
        "uncertainty": lambda: uncertainty.measure(out, times, raw),
        "requests": lambda: requests.measure(mutan, times, raw, out),
    }

    def layers() -> tuple[Path, Path]:
        return fabric.write(out / "data", count, ZONES)

    for part in parts:
        print(f"{part} …", flush=True)
        rows += made[part]()
        # after each part, so that a later one that fails takes nothing along
        text = report.write(out, rows, report.this_machine(venv), raw)
    return text


if __name__ == "__main__":
    main()

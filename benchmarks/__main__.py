"""Ratios against other engines, each taken in one run on the same input.

    python -m benchmarks [area] [overlay] [ingest] [service] [--parcels N] [--times N]

Writes results.md and results.json. Nothing here is a test: what is asked stands beside what was found.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd

from benchmarks import area, fabric, ingest, overlay, report, service
from benchmarks.peers import environment

ROOT = Path(__file__).parents[1]
PARTS = ("area", "overlay", "ingest", "service")
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
    layers = fabric.write(out / "data", count, ZONES)
    mutan = Path(sys.executable).with_name("mutan")
    raw: dict[str, Any] = {"parcels": count, "zones": ZONES, "times": times}
    rows: list[report.Row] = []
    venv, text = ROOT / ".venv-bench", ""
    for part in parts:
        print(f"{part} …", flush=True)
        if part == "area":
            rows += area.measure(gpd.read_parquet(layers[0], columns=["geometry"]), times, raw)
        elif part == "overlay":
            rows += overlay.measure(layers, mutan, environment.make(venv), times, raw)
        elif part == "ingest":
            rows += ingest.measure(layers[0], mutan, count, raw)
        else:
            rows += service.measure(layers[0], mutan, environment.make(venv), times, raw)
        # after each part, so that a later one that fails takes nothing along
        text = report.write(out, rows, report.this_machine(venv), raw)
    return text


if __name__ == "__main__":
    main()

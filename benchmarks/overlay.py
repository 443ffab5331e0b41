"""Overlay: `mutan overlay`, the whole process, against three engines that write the same table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.report import Row
from benchmarks.timing import in_turn

HERE = Path(__file__).parent
PEERS = {"geopandas": 4.0, "duckdb": 4.0, "sedona": 1.3}
NAMES = {"geopandas": "geopandas.overlay", "duckdb": "DuckDB spatial", "sedona": "SedonaDB"}
PEAK_MB = 4_000
AGREE = 1e-4


def measure(layers: tuple[Path, Path], mutan: Path, peer: Path, times: int, raw: dict[str, Any]) -> list[Row]:
    """The lines of the table about overlay.

    Parameters
    ----------
    mutan : our command
    peer : the Python of the other engines
    """
    folder = layers[0].parents[1]
    tables = {name: folder / f"overlay_{name}.csv" for name in ("ours", *PEERS)}
    options = ("--by", "land_class", "--zone", "code", "-o", tables["ours"])
    programs: dict[str, list[str | Path]] = {"ours": [mutan, "overlay", *layers, *options]}
    for name in PEERS:
        programs[name] = [peer, HERE / "peers" / f"{name}_overlay.py", *layers, tables[name]]
    took = in_turn(programs, times, folder)
    apart = {name: difference(tables["ours"], tables[name]) for name in PEERS}
    raw["overlay"] = {name: vars(ran) for name, ran in took.items()} | {"differences": apart}
    ours = took["ours"]
    rows = [
        Row(
            f"overlay, {NAMES[name]} (tables differ by {apart[name]:.0e})",
            f"{ours.wall_s:.1f} s ({ours.cpu_s:.1f} s of processor)",
            f"{took[name].wall_s:.1f} s ({took[name].cpu_s:.1f} s of processor)",
            took[name].wall_s / ours.wall_s,
            f"{asked:g} times",
            took[name].wall_s >= asked * ours.wall_s and apart[name] < AGREE,
        )
        for name, asked in PEERS.items()
    ]
    peers = ", ".join(f"{NAMES[name]} {took[name].peak_mb:,.0f} MB" for name in PEERS)
    peak = f"{ours.peak_mb:,.0f} MB"
    return [*rows, Row("overlay: peak memory", peak, peers, None, "under 4 GB", ours.peak_mb < PEAK_MB)]


def difference(ours: Path, theirs: Path) -> float:
    """Largest difference between two tables of (zone, class, area_m2, …), relative to the zone's area.

    A zone or class that only one of them has counts with all its area.
    """
    kept = {"zone": "str", "class": "str"}
    one, other = (
        pd.read_csv(path, dtype=kept, keep_default_na=False).set_index(["zone", "class"])["area_m2"]
        for path in (ours, theirs)
    )
    apart = one.sub(other, fill_value=0.0).abs()
    whole = one.groupby("zone").sum()
    return float((apart / whole.reindex(apart.index.get_level_values("zone")).to_numpy()).max())

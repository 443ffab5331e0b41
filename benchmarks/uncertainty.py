"""Uncertainty: a million lines that share sixty factors, drawn ten thousand times."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import timing
from benchmarks.report import Row
from carbon.category import Ask, Quote
from carbon.line import Factor
from carbon.uncertainty import Method, uncertainty
from data.parameters import parameter

COUNT, FACTORS, DRAWS, YEAR = 1_000_000, 60, 10_000, 2023
ASKED_S, ASKED_MB = 10.0, 3 * 1024.0


def measure(out: Path, times: int, raw: dict[str, Any]) -> list[Row]:
    """The lines of the table about uncertainty: time within the program, peak memory from outside."""
    took: list[float] = []
    peak = 0.0
    told: dict[str, Any] = {}
    for _ in range(times):
        log = out / "uncertainty.log"
        peak = max(peak, timing.run([sys.executable, "-m", "benchmarks.uncertainty"], log).peak_mb)
        told = json.loads(log.read_text("utf-8").splitlines()[-1])
        took.append(told["seconds"])
    seconds = float(np.median(took))
    raw["uncertainty"] = told | {"seconds": took, "peak_mb": peak}
    what = f"uncertainty: {COUNT:,} lines of {FACTORS} factors, {DRAWS:,} draws"
    return [
        Row(what, f"{seconds:.2f} s", "", None, f"{ASKED_S:.0f} s", seconds < ASKED_S),
        Row(f"{what}, peak memory", f"{peak:.0f} MB", "", None, "3 GB", peak < ASKED_MB),
    ]


def quotes() -> tuple[Quote, ...]:
    """Made-up factors, each with one part of its own."""
    row = parameter("factors.heat.bought").history()[0]
    rng = np.random.default_rng(5)
    made = []
    for number, value in enumerate(rng.lognormal(0.0, 1.0, FACTORS)):
        part = type(row)(f"factors.made.of{number:02d}", float(value), "tCO2/t", row.since, row.region,
                         row.article, row.published, row.status)  # fmt: skip
        made.append(Quote("t", 1.0, Factor(float(value), "tCO2/t", (part,), float(value))))
    return tuple(made)


def lines(count: int, seed: int = 7) -> pd.DataFrame:
    """Priced lines, ten of each enterprise; a twentieth says how sure it is, a hundredth measures."""
    rng = np.random.default_rng(seed)
    quote = rng.integers(0, FACTORS, count)
    stated = np.where(rng.random(count) < 0.05, rng.uniform(1, 80, count), np.nan)
    return pd.DataFrame({
        "enterprise_id": pd.Series(np.char.add("E", (np.arange(count) // 10).astype(str)), dtype="str"),
        "supplier_id": pd.Series([""], dtype="str").repeat(count).reset_index(drop=True),
        "category": pd.Series(np.array(["fuel", "process", "waste"])[quote % 3], dtype="str"),
        "item": pd.Series(np.char.add("item", quote.astype(str)), dtype="str"),
        "data_source": pd.Series(rng.choice(["计量表", "购销发票", "估算"], count), dtype="str"),
        "stated_quality": pd.Series(rng.choice(["", "H", "M", "L"], count), dtype="str"),
        "uncertainty_pct": stated,
        "measured": rng.random(count) < 0.01,
        "quote": quote,
        "tco2e": rng.lognormal(3.0, 1.8, count),
        "missing": pd.Series([""], dtype="str").repeat(count).reset_index(drop=True),
    })


def main() -> None:
    """Once, in this process; what was found is printed as one line of JSON."""
    frame, made = lines(COUNT), quotes()
    begin = time.perf_counter()
    told = uncertainty(frame, made, Ask(YEAR, "410000"), Method(approach=2, draws=DRAWS))
    seconds = time.perf_counter() - begin
    found = {"seconds": seconds, "half_width": told.half_width, "propagated": told.propagated}
    print(json.dumps(found | {"agrees": told.agrees}))


if __name__ == "__main__":
    main()

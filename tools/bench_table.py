"""Keeps the last benchmark and puts its table into the README: bench_table.py (after `make bench`)."""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import report  # noqa: E402 - the path comes first

MARKS = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)


def main() -> None:
    """Copy out/bench/results.json to benchmarks/, and render it between the marks of both languages."""
    found = (ROOT / "out" / "bench" / "results.json").read_text("utf-8")
    (ROOT / "benchmarks" / "results.json").write_text(found.rstrip("\n") + "\n", "utf-8")
    kept = json.loads(found)
    table = report.markdown([report.Row(**row) for row in kept["rows"]], kept["machine"])
    for name in ("README.md", "README.en.md"):
        path = ROOT / name
        text = path.read_text("utf-8")
        path.write_text(MARKS.sub(lambda mark: mark[1] + table + mark[2], text), "utf-8")


if __name__ == "__main__":
    main()

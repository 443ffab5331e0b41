"""Whole programs timed from outside: wall clock, processor time and peak memory of the child."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

# A child's peak begins with what its parent held when it was started, so a small program stands between.
WATCH = """
import json, os, subprocess, sys, time
with open(sys.argv[1], "wb") as log:
    begin = time.perf_counter()
    child = subprocess.Popen(sys.argv[2:], stdout=log, stderr=log)
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begin
cpu = used.ru_utime + used.ru_stime
print(json.dumps([wall, cpu, used.ru_maxrss, os.waitstatus_to_exitcode(status)]))
"""


@dataclass(frozen=True)
class Ran:
    """What a program took.

    Parameters
    ----------
    wall_s : from start to end
    cpu_s : of all its threads, in the program and in the kernel; steadier when the machine is busy
    peak_mb : most memory that it held, MB
    """

    wall_s: float
    cpu_s: float
    peak_mb: float


class Failed(Exception):
    """A program that was to be timed ended badly."""


def run(command: Sequence[str | Path], log: Path) -> Ran:
    """Run a program to its end; what it prints goes to a file.

    Raises
    ------
    Failed : it ended with a status other than 0; the last lines that it printed are told
    """
    words = [str(word) for word in command]
    watched = [sys.executable, "-I", "-S", "-c", WATCH, str(log), *words]
    said = subprocess.run(watched, stdout=subprocess.PIPE, check=True).stdout
    wall, cpu, peak_kb, ended = json.loads(said)
    if ended:
        last = log.read_text("utf-8", "replace").splitlines()[-8:]
        raise Failed(f"{words[0]} ended with {ended}:\n" + "\n".join(last))
    return Ran(wall, cpu, peak_kb / 1024)


def in_turn(programs: Mapping[str, Sequence[str | Path]], times: int, folder: Path) -> dict[str, Ran]:
    """The median of each program; they run in turn, so that all of them meet the same machine."""
    ran: dict[str, list[Ran]] = {name: [] for name in programs}
    for _ in range(times):
        for name, command in programs.items():
            ran[name].append(run(command, folder / f"{name}.log"))
            print(
                f"    {name}: {ran[name][-1].wall_s:.1f} s, {ran[name][-1].cpu_s:.1f} s of processor",
                flush=True,
            )
    return {
        name: Ran(median(r.wall_s for r in each), median(r.cpu_s for r in each), max(r.peak_mb for r in each))
        for name, each in ran.items()
    }

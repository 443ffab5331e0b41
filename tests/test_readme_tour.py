"""The README as a newcomer meets it: every command is run, in order, and says what stands below it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPTS = Path(sys.executable).parent
PORT = "8000"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LIMIT_S = 600
CURL = f"""#!{sys.executable}
import sys, urllib.error, urllib.request
try:
    answer = urllib.request.urlopen(sys.argv[-1])
except urllib.error.HTTPError as fault:
    answer = fault
sys.stdout.buffer.write(answer.read())
"""


@dataclass
class Command:
    """A command of the README with the output that stands below it, and what it said when it was run."""

    line: str
    shown: list[str] = field(default_factory=list)
    status: int = 0
    said: str = ""

    @property
    def pattern(self) -> str:
        """What the output must match: `…` stands for anything on a line, alone on one for any lines."""
        return "".join(
            r"(?:.*\n)*?" if line.strip() == "…" else ".*?".join(map(re.escape, line.split("…"))) + "\n"
            for line in self.shown
        )


def commands(text: str) -> list[Command]:
    """Every command of the console blocks, in the order of the text."""
    found: list[Command] = []
    for block in BLOCK.findall(text):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(Command(line.removeprefix("$ ")))
            else:
                found[-1].shown.append(line)
    return found


class Tour:
    """Runs commands in a folder as a newcomer's shell would; `mutan serve` stays until `stop`."""

    def __init__(self, folder: Path, scratch: Path):
        self.folder = folder
        self.port = PORT
        self._server: subprocess.Popen[str] | None = None
        places = [str(SCRIPTS), os.environ["PATH"]]
        if shutil.which("curl") is None:  # a machine without it gets a stand-in
            stand_in = scratch / "curl"
            stand_in.write_text(CURL, "utf-8")
            stand_in.chmod(0o755)
            places.insert(0, str(scratch))
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MUTAN_")}
        self.environment = {**kept, "PATH": os.pathsep.join(places), "LC_ALL": "C.UTF-8"}

    def run(self, command: Command) -> None:
        """Run it; the port of the README stands in its output wherever the real one was."""
        if command.line.startswith("mutan serve "):
            command.said = self._serve(command.line)
            return
        line = command.line.replace(f"localhost:{PORT}", f"localhost:{self.port}")
        told = subprocess.run(
            ["/bin/sh", "-c", line], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=LIMIT_S, check=False,
        )  # fmt: skip
        command.status = told.returncode
        command.said = told.stdout.replace(f"localhost:{self.port}", f"localhost:{PORT}")

    def _serve(self, line: str) -> str:
        self._server = subprocess.Popen(
            [*line.split(), "--port", "0"], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
        assert self._server.stderr is not None
        said = ""
        for heard in self._server.stderr:
            said += heard
            if found := re.search(r"http://localhost:(\d+)/", heard):
                self.port = found[1]
            if heard.startswith("Stop it with"):
                break
        # what it says later is read too, lest it wait for a reader
        threading.Thread(target=self._server.stderr.read, daemon=True).start()
        return said.replace(f"localhost:{self.port}", f"localhost:{PORT}")

    def stop(self) -> None:
        """End the service."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait(30)
            assert self._server.stderr is not None
            self._server.stderr.close()


CHINESE, ENGLISH = (commands((ROOT / name).read_text("utf-8")) for name in ("README.md", "README.en.md"))


@pytest.fixture(scope="module")
def toured(demo_book, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Command]]:
    """Every command of the README, run."""
    folder = tmp_path_factory.mktemp("newcomer")
    shutil.copytree(demo_book.folder, folder / "mutan-demo")
    tour = Tour(folder, tmp_path_factory.mktemp("bin"))
    try:
        for command in CHINESE:
            if command.line == "mutan demo --no-serve":  # it ran for the fixture, and takes a minute
                command.said = demo_book.said
            else:
                tour.run(command)
        yield CHINESE
    finally:
        tour.stop()


@pytest.mark.parametrize(
    "number", range(len(CHINESE)), ids=[f"{k:02} {each.line}" for k, each in enumerate(CHINESE)]
)
def test_a_command_of_the_readme_says_what_stands_below_it(toured, number):
    command = toured[number]
    assert command.status == 0, command.said
    said = command.said if command.said.endswith("\n") or not command.said else f"{command.said}\n"
    assert re.fullmatch(command.pattern, said), said


def test_both_languages_show_the_same_commands_with_the_same_output():
    assert [(each.line, each.shown) for each in ENGLISH] == [(each.line, each.shown) for each in CHINESE]
    assert CHINESE[0].line == "mutan demo --no-serve"

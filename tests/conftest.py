"""What all tests share: the real data when it is there, and a quiet, clean environment."""

from __future__ import annotations

import os
import runpy
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route
    from starlette.testclient import TestClient

    from data.book import Book
    from data.sample import Sample

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "real"
MUTAN = str(Path(sys.executable).with_name("mutan"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

settings.register_profile("mutan", deadline=None, max_examples=50)
settings.load_profile("mutan")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of ours."""
    parser.addoption("--pictures", metavar="FOLDER", help="keep the pictures of the README there")


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real data beside the checkout; the test is skipped where there is none."""
    if not REAL.is_dir():
        pytest.skip("no ../shared/real beside this checkout")
    return REAL


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MUTAN_")]:
        monkeypatch.delenv(name)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The real data is there, and yet a test on it was skipped: that is a failure, not a skip."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not REAL.is_dir() or reporter is None:
        return
    skipped = [report.nodeid for report in reporter.stats.get("skipped", []) if "real" in report.keywords]
    if skipped:
        reporter.write_line(
            f"The real data is there, but these tests skipped it: {', '.join(skipped)}", red=True
        )
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="module")  # not longer: while it lives, nothing else in this thread may run a loop
def browser() -> Iterator[Browser]:
    """A headless Chromium that the machine has; the tests that need one fail where there is none."""
    from playwright.sync_api import sync_playwright

    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail(
            f"No browser of {', '.join(BROWSERS)} is on the PATH. Install one with `apt-get install chromium "
            "fonts-noto-cjk`, or leave these tests out with `-m 'not browser'`."
        )
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def served() -> Iterator[Callable[[object], str]]:
    """Serves a book on a free port of this machine, and tells its address; stopped after the module."""
    import uvicorn

    from api.app import create_app

    running = []

    def serve(book: object) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(str(book)), log_level="error", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        running.append((server, thread, listener))
        while not server.started:
            time.sleep(0.01)
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield serve
    for server, thread, listener in running:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a page of HTML; afterwards, no console error and no request outside may have happened."""
    trouble, contexts = [], []

    def visit(html: str | None, url: str | None = None, width: int = 1280, height: int = 800) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        context.set_default_timeout(8_000)
        contexts.append(context)
        view = context.new_page()

        def watch(route: Route) -> None:
            place = urlsplit(route.request.url)
            if place.scheme in {"file", "data", "blob"} or place.hostname == "127.0.0.1":
                route.continue_()
            else:
                trouble.append(f"asked for {route.request.url}")
                route.abort()

        view.route("**/*", watch)
        view.on("pageerror", lambda fault: trouble.append(f"error {fault}"))
        view.on("console", lambda said: said.type in {"error", "warning"} and trouble.append(said.text))
        view.on("dialog", lambda dialog: (trouble.append("a dialog opened"), dialog.dismiss()))
        if url is None:
            (tmp_path / "page.html").write_text(html, "utf-8")
            url = (tmp_path / "page.html").as_uri()
        view.goto(url)
        return view

    yield visit
    for context in contexts:
        context.close()
    assert trouble == []


class Said(NamedTuple):
    """What a command left: exit status, standard output, standard error."""

    status: int
    out: str
    err: str


@pytest.fixture
def mutan() -> Callable[..., Said]:
    """Runs `mutan` with these words in this process; a fault that is not ours is raised as it is."""
    from typer.testing import CliRunner

    from api.cli.entry import program
    from api.settings import settings

    def run(*words: object) -> Said:
        settings.cache_clear()
        told = CliRunner().invoke(program(), [str(word) for word in words])
        if told.exception is not None and not isinstance(told.exception, SystemExit):
            raise told.exception
        return Said(told.exit_code, told.stdout, told.stderr)

    return run


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., Said]:
    """Runs `mutan` with these words as a process of its own, in `tmp_path`."""

    def run(*words: object, **environment: str) -> Said:
        told = subprocess.run(
            [MUTAN, *(str(word) for word in words)],
            cwd=tmp_path,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=120,
            check=False,
        )
        return Said(told.returncode, told.stdout, told.stderr)

    return run


@pytest.fixture(scope="session")
def sample() -> Sample:
    """The made-up sample, made once: read it only."""
    from data.sample import make

    return make()


@pytest.fixture(scope="session")
def small_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book that can be counted by hand; it is made once, so read it only.

    Zone G990001: 30 parcels in 2024, its boundary smaller until the end of 2022; zone G990002: 30 parcels.
    Enterprises E1 to E3 stand on parcels of the first zone, E9 on none; E1 in 2023 as well. Farmland, and
    one classified area. The first zone was assessed for 2024.
    """
    made = runpy.run_path(str(ROOT / "tests" / "small_book.py"))["make"]
    return made(tmp_path_factory.mktemp("book") / "small.gpkg")


class Demo(NamedTuple):
    """What `mutan demo` made: its folder, its book, and what it said."""

    folder: Path
    book: Path
    said: str


@pytest.fixture(scope="session")
def demo_book(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The sample as a newcomer has it, made once by `mutan demo --no-serve`: read it only."""
    folder = tmp_path_factory.mktemp("demo")
    told = subprocess.run(
        [MUTAN, "demo", "--no-serve"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert told.returncode == 0, told.stdout
    made = folder / "mutan-demo"
    return Demo(made, made / "mutan.gpkg", told.stdout)


@pytest.fixture(scope="module")
def book(demo_book: Demo) -> Iterator[Book]:
    """The book of the demo, open: read it only."""
    from data.book import open_book

    with open_book(demo_book.book) as held:
        yield held


@pytest.fixture(scope="module")
def client(demo_book: Demo) -> Iterator[TestClient]:
    """The service on the book of the demo: read it only. A fault of the service is an answer, not raised."""
    from starlette.testclient import TestClient

    from api.app import create_app

    with TestClient(create_app(str(demo_book.book)), raise_server_exceptions=False) as made:
        yield made

"""What all tests share: the real data when it is there, and a quiet, clean environment."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "real"

settings.register_profile("mutan", deadline=None, max_examples=50)
settings.load_profile("mutan")


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

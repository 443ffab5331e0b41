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

"""Exits with 0 when the browser that the test library brings itself is there."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

with sync_playwright() as play:
    sys.exit(not Path(play.chromium.executable_path).exists())

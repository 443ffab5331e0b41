"""The package: a wheel that holds what it needs and nothing else, and works where nothing but it is."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {"api", "carbon", "data", "geo", "maps"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
    ]
    subprocess.run([*build, "-w", folder, ROOT], check=True, capture_output=True, text=True)
    (made,) = folder.glob("mutan-*.whl")
    return made


def test_the_wheel_holds_the_five_floors_and_what_they_read(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == FLOORS
    for needed in (
        "data/kinds.yaml",
        "data/sources.yaml",
        "data/rules/land/industrial_share_min.yaml",
        "data/factors/grid_electricity.yaml",
        "data/codes/zones_henan.csv",
        "data/columns/euluc.yaml",
        "maps/assets/leaflet/leaflet.js",
        "maps/assets/leaflet/LICENSE",
        "maps/assets/swagger-ui/swagger-ui-bundle.js",
        "maps/static/page.css",
    ):
        assert needed in names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_holds_no_book_and_nothing_of_the_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert not [n for n in names if n.endswith((".gpkg", ".parquet", ".pyc")) or "test" in n.split("/")[0]]


def test_the_wheel_works_away_from_its_source(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=False)
    python = tmp_path / "env" / "bin" / "python"
    site = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True, text=True, check=True,
        ).stdout.strip()
    )  # fmt: skip
    zipfile.ZipFile(wheel).extractall(site)
    # what it depends on is the same here as there; only Mutan itself must come from the wheel
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    script = "from api.cli import main; import api; print(api.__file__); main()"
    ours = ("PYTHON", "MUTAN_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    where = ["--on", "2024-12-31", "--region", "410100"]
    told = subprocess.run(
        [python, "-c", script, "rule", "land.industrial_share_min", *where],
        capture_output=True, text=True, cwd=tmp_path, env=clean, check=True,
    ).stdout  # fmt: skip
    assert told.splitlines()[0].startswith(str(site))
    assert "0.6" in told
    assert "henan-145-etdz-plan" in told

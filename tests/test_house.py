"""The house stands: floors, names, sizes, and nothing that must not be in the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from data import formats
from data.kinds import kinds

ROOT = Path(__file__).parents[1]
FLOORS = ("api", "maps", "geo", "carbon", "data")


def tracked(*patterns: str) -> list[Path]:
    """The files git tracks; an unpacked archive has no git, and there every file counts."""
    try:
        told = subprocess.run(
            ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, check=True
        ).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        return [p for pattern in patterns for p in ROOT.glob(f"**/{pattern}") if ".venv" not in p.parts]
    return [ROOT / name for name in told.split("\0") if name and (ROOT / name).is_file()]


def test_no_floor_imports_upwards():
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("floor", FLOORS)
def test_every_folder_of_code_says_what_it_is(floor):
    for init in (ROOT / floor).rglob("__init__.py"):
        assert init.read_text("utf-8").startswith('"""'), init


def test_only_the_book_speaks_sql():
    speaks = re.compile(r"\bimport sqlite3\b|\bSELECT .+ FROM\b|\bINSERT INTO\b")
    files = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
    spoken = {path for path in files if speaks.search(path.read_text("utf-8"))}
    assert all(path.parent.name == "book" for path in spoken), spoken


def test_only_the_palette_names_a_colour():
    colour = re.compile(r"""["'(\s]#[0-9a-fA-F]{6}\b""")
    named = {path.name for path in (ROOT / "maps").rglob("*.py") if colour.search(path.read_text("utf-8"))}
    assert named <= {"palette.py"}


def test_only_the_doors_ask_what_day_it_is():
    asks = re.compile(r"date\.today\(|datetime\.now\(|time\.time\(")
    floors = ("maps", "geo", "carbon", "data")
    asked = [p for floor in floors for p in (ROOT / floor).rglob("*.py") if asks.search(p.read_text("utf-8"))]
    assert not asked


def test_no_file_names_a_registry_or_a_workplace():
    hosts = ("py" + "pi.org", "python" + "hosted", "npm" + "js.org", "npm" + "js.com", "deb." + "debian.org")
    for path in tracked("*"):
        if path.suffix in {".png", ".parquet", ".gpkg"}:
            continue
        text = path.read_text("utf-8", errors="ignore")
        assert not [host for host in hosts if host in text], path


def test_locks_hold_a_hash_for_every_pin():
    for lock in ("build", "run", "dev"):
        entries = re.split(r"\n(?=\S)", (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8").strip())
        pins = [entry for entry in entries if "==" in entry.splitlines()[0]]
        assert pins
        assert all("--hash=sha256:" in entry for entry in pins), lock


def test_every_format_of_the_table_of_contents_has_a_suffix_of_its_own():
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in formats.READERS)
    assert {".geojson", ".gpkg", ".parquet", ".fgb", ".csv", ".xlsx", ".txt"} == set(formats.WRITERS)


def test_kinds_have_the_columns_of_the_contract():
    least = {
        "zones": "code name level city approved_ha",
        "parcels": "parcel_id zone land_class class_system supply built enterprise_id floor_area_m2 "
        "footprint_m2",
        "enterprises": "enterprise_id name zone industry year investment_cny10k tax_cny10k revenue_cny10k "
        "value_added_cny10k profit_cny10k rd_cny10k employees energy_tce land_mu leased_in_mu leased_out_mu "
        "above_scale started_on",
        "activity": "zone enterprise_id year category item amount unit supplier_id notation explanation",
        "constraints": "kind name level restricted",
        "statistics": "zone period item value unit",
        "projects": "project_id enterprise_id parcel_id contract_on due_on",
    }
    for name, columns in least.items():
        assert set(columns.split()) <= set(kinds()[name].columns), name
    assert {"buildings", *least} <= set(kinds())

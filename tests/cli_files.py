"""Files and a book that tests of the command line share."""

from __future__ import annotations

import runpy
import shutil
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from data import formats

FIRST, SECOND = "G990001", "G990002"


MADE = runpy.run_path(str(Path(__file__).with_name("small_book.py")))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file of each kind, named as people name them."""
    folder = tmp_path_factory.mktemp("给 我们的 文件")
    found = {
        kind: folder / name
        for kind, name in {
            "zones": "边界 2024.geojson", "parcels": "图斑.gpkg", "constraints": "管控.fgb",
            "buildings": "建筑.parquet", "enterprises": "企业.xlsx", "activity": "能源.csv",
            "statistics": "统计.tsv", "projects": "项目.csv",
        }.items()
    }  # fmt: skip
    formats.write(MADE["zones"]([FIRST, SECOND], 6).drop(columns="area_m2"), found["zones"])
    formats.write(MADE["parcels"]().drop(columns="area_m2"), found["parcels"])
    formats.write(MADE["constraints"]().drop(columns="area_m2"), found["constraints"])
    formats.write(MADE["enterprises"](), found["enterprises"])
    formats.write(MADE["activity"](), found["activity"])
    halls = {"building_id": ["007"], "zone": [FIRST], "storeys": [2.0], "floor_area_m2": [900.0]}
    hall = gpd.GeoDataFrame(halls, geometry=[box(113.601, 34.701, 113.602, 34.702)], crs=4490)
    formats.write(hall, found["buildings"])
    found["statistics"].write_text(
        f"开发区代码\t时期\t指标\t数值\t单位\n{FIRST}\t2024-06\t工业增加值\t12.5\t亿元\n", "gb18030"
    )
    found["projects"].write_text(
        "project_id,enterprise_id,parcel_id,promised_plot_ratio\n001,E1,1-000,1.2\n", "utf-8"
    )
    return found


@pytest.fixture
def book(small_book: Path, tmp_path: Path) -> Path:
    """A copy of the small book, to be written to."""
    return Path(shutil.copy(small_book, tmp_path / "我的 台账.gpkg"))

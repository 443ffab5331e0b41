"""The sample as files that a person would have (示例文件): GeoPackage, zipped GBK shapefile, XLSX, CSV.

Deliveries differ as they do in life: one survey office sends a shapefile in GBK on the 3-degree belt,
another GeoJSON, the others GeoPackages; tables carry the Chinese header of the template.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd

from data import formats
from data.kinds import Column, Kind, kind
from data.sample.cover import write_cover
from data.sample.plan import PLANE
from data.sample.records import Layer, Sample
from data.sample.sheet import write_sheet

BELT = "EPSG:4526"  # with belt number: easts begin with 38
DBF_NAME = 10  # bytes of a column name in a dBASE table
SHAPEFILES = ("示例_地块_开封",)
GEOJSONS = ("示例_地块_红旗渠",)
CSVS = ("activity",)


@dataclass(frozen=True, slots=True)
class Written:
    """One file of the sample, and how it is to be ingested.

    Parameters
    ----------
    kind : a KIND of data/kinds.yaml
    valid_from : first day on which it holds; None: since ever
    note : that it is made up
    """

    kind: str
    path: Path
    valid_from: date | None
    note: str


def write(folder: str | Path, sample: Sample) -> list[Written]:
    """One file per layer, in the order of ingesting; requests, land cover, sheets and a README beside them.

    Parameters
    ----------
    folder : made if it is not there; files of the same names are replaced
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for layer in sample.layers:
        suffix = _suffix(layer)
        path = folder / f"{layer.name}{suffix}"
        WRITE[suffix](layer, path)
        written.append(Written(layer.kind, path, layer.valid_from, layer.note))
    for request in sample.requests:
        formats.write(request.frame, folder / f"{request.name}.geojson", layer_name="request")
    for cover in sample.covers:
        note = f"{sample.note}；{cover.zone} {cover.year} 年土地覆盖，由地块虚构，非卫星影像成果"
        write_cover(cover, folder / f"{cover.name}.tif", note)
    for sheet in sample.sheets:
        write_sheet(sheet, folder / f"{sheet.name}.xlsx")
    (folder / "示例_说明.txt").write_text(_readme(sample, written), encoding="utf-8")
    return written


def _suffix(layer: Layer) -> str:
    if layer.name in SHAPEFILES:
        return ".zip"
    if layer.name in GEOJSONS:
        return ".geojson"
    if kind(layer.kind).geometry:
        return ".gpkg"
    return ".csv" if layer.kind in CSVS else ".xlsx"


def _write_plain(layer: Layer, path: Path) -> None:
    formats.write(layer.frame, path, layer_name=layer.kind)


def _write_table(layer: Layer, path: Path) -> None:
    """Chinese header and Chinese words, as in the template."""
    frame = in_chinese(layer.frame, kind(layer.kind))
    headers = {name: column.header for name, column in kind(layer.kind).columns.items()}
    formats.write(frame.rename(columns=headers), path, layer_name=kind(layer.kind).label)


def _write_shapefile(layer: Layer, path: Path) -> None:
    """A shapefile in GBK without .cpg, in metres of the 3-degree belt, zipped."""
    labels = {
        name: column.label.encode("gbk")[:DBF_NAME].decode("gbk", "ignore")
        for name, column in kind(layer.kind).columns.items()
    }
    frame = gpd.GeoDataFrame(in_chinese(layer.frame, kind(layer.kind))).rename(columns=labels)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        frame.to_crs(BELT).to_file(Path(scratch) / f"{path.stem}.shp", encoding="GBK", engine="pyogrio")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(scratch).iterdir()):
                if part.suffix != ".cpg":
                    archive.write(part, part.name)


def in_chinese(frame: pd.DataFrame, of: Kind) -> pd.DataFrame:
    """The same rows with Chinese words for the values that have them, and 是 or 否 for flags."""
    return frame.assign(**{name: _worded(frame[name], of.columns[name]) for name in of.columns})


def _worded(values: pd.Series, column: Column) -> pd.Series:
    words = {True: "是", False: "否"} if column.type == "flag" else dict(column.one_of)
    return values.map(words).where(values.notna(), None) if words else values


def _readme(sample: Sample, written: list[Written]) -> str:
    lines = [f"{sample.note}。", f"种子 {sample.seed}。按下列顺序导入：", ""]
    lines += [f"{one.path.name}  {one.kind}  {one.valid_from or ''}".rstrip() for one in written]
    lines += ["", "扩区申请（用于检查，不导入）：", ""]
    lines += [f"{one.name}.geojson  {one.zone}  {one.kind}  {one.text}" for one in sample.requests]
    lines += ["", "土地覆盖栅格（用于叠加分析，不导入；由地块虚构，类别代码同 ESA WorldCover）：", ""]
    lines += [
        f"{one.name}.tif  {one.zone}  {one.year} 年，{one.cell_m:g} 米，{PLANE}" for one in sample.covers
    ]
    lines += ["", "办公室自有格式的表（用于试列名对照，不在上面的导入之列）：", ""]
    lines += [
        f"{one.name}.xlsx  {one.zone} {one.year} 年：mutan ingest activity {one.name}.xlsx "
        f"--supplier {one.supplier} --zone {one.zone}"
        for one in sample.sheets
    ]
    lines += ["", "其中有意安排的情形：", ""]
    lines += [f"{story.zone} {story.text}".strip() for story in sample.stories]
    return "\n".join(lines) + "\n"


WRITE: dict[str, Callable[[Layer, Path], None]] = {
    ".gpkg": _write_plain,
    ".geojson": _write_plain,
    ".zip": _write_shapefile,
    ".xlsx": _write_table,
    ".csv": _write_table,
}

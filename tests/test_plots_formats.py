"""The same plots in every format give the same polygons, whatever the order and start of their points."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import ezdxf
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from data import formats
from geo.boundary_change.plots import plots_of

E, N = 38_470_000.0, 3_850_000.0
NEAR = (113.5, 34.7, 113.8, 34.8)
Frame = gpd.GeoDataFrame


def written_by_geopandas(driver: str) -> Callable[[Frame, Path], None]:
    return lambda frame, path: frame.to_file(path, driver=driver)


def points(frame: Frame) -> pd.DataFrame:
    """The points of plots as a table in the Chinese way: X is the northing."""
    rows = []
    for number, shape in zip(frame["plot_no"], frame.geometry, strict=True):
        rings = [r for part in shapely.get_parts(shape) for r in (part.exterior, *part.interiors)]
        for ring, line in enumerate(rings, 1):
            corners = shapely.get_coordinates(line)[:-1]
            rows += [(number, ring, f"J{i}", y, x) for i, (x, y) in enumerate(corners.tolist(), 1)]
    return pd.DataFrame(rows, columns=["地块编号", "圈号", "界址点号", "X坐标(m)", "Y坐标(m)"])


def as_csv(frame: Frame, path: Path) -> None:
    points(frame).to_csv(path, index=False, encoding="gbk", float_format="%.4f")


def as_xlsx(frame: Frame, path: Path) -> None:
    points(frame).to_excel(path, index=False)


def as_dxf(frame: Frame, path: Path) -> None:
    """Polylines; plots with holes or parts as hatches; each with its number as a text in it."""
    doc = ezdxf.new("R2010")
    doc.header["$INSUNITS"] = 6
    for number, shape in zip(frame["plot_no"], frame.geometry, strict=True):
        rings = [r for part in shapely.get_parts(shape) for r in (part.exterior, *part.interiors)]
        corners = [shapely.get_coordinates(ring)[:-1].tolist() for ring in rings]
        if len(corners) == 1:
            doc.modelspace().add_lwpolyline(corners[0], close=True)
        else:
            hatch = doc.modelspace().add_hatch()
            for each in corners:
                hatch.paths.add_polyline_path(each, is_closed=True)
        place = shape.representative_point()
        doc.modelspace().add_text(number, dxfattribs={"insert": (place.x, place.y)})
    doc.saveas(path)


def as_kml(frame: Frame, path: Path) -> None:
    to_degrees = Transformer.from_crs(4526, 4490, always_xy=True)

    def ring(kind: str, line: shapely.Geometry) -> str:
        lon, lat = to_degrees.transform(*shapely.get_coordinates(line).T)
        said = " ".join(f"{x:.10f},{y:.10f}" for x, y in zip(lon, lat, strict=True))
        return f"<{kind}><LinearRing><coordinates>{said}</coordinates></LinearRing></{kind}>"

    def polygon(part: shapely.Geometry) -> str:
        holes = "".join(ring("innerBoundaryIs", hole) for hole in part.interiors)
        return f"<Polygon>{ring('outerBoundaryIs', part.exterior)}{holes}</Polygon>"

    marks = "".join(
        f"<Placemark><name>{number}</name><MultiGeometry>{''.join(map(polygon, shapely.get_parts(shape)))}"
        "</MultiGeometry></Placemark>"
        for number, shape in zip(frame["plot_no"], frame.geometry, strict=True)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    path.write_text(f"{head}{marks}</Document></kml>", "utf-8")


WAYS: dict[str, Callable[[Frame, Path], None]] = {
    "a.geojson": formats.write,
    "a.gpkg": formats.write,
    "a.fgb": formats.write,
    "a.parquet": formats.write,
    "a.txt": formats.write,
    "a.shp": written_by_geopandas("ESRI Shapefile"),
    "a.kml": as_kml,
    "a.dxf": as_dxf,
    "a.csv": as_csv,
    "a.xlsx": as_xlsx,
}


def star(draw: st.DrawFn, x: float, y: float, size: float) -> np.ndarray:
    """A ring of 3 to 9 corners round a place, none of them nearer than a quarter of its size."""
    count = draw(st.integers(3, 9))
    reach = np.array(draw(st.lists(st.floats(0.5, 1), min_size=count, max_size=count)))
    angle = 2 * np.pi * (np.arange(count) / count) + draw(st.floats(0, 6))
    way = slice(None, None, draw(st.sampled_from([1, -1])))
    ring = np.column_stack([x + size * reach * np.cos(angle), y + size * reach * np.sin(angle)])
    return ring[way].round(4)


@st.composite
def requests(draw: st.DrawFn) -> Frame:
    """One to three plots, some with a hole, some of two parts."""
    shapes = []
    for i in range(draw(st.integers(1, 3))):
        outer = star(draw, E + 1000 * i, N, 200)
        holes = [star(draw, E + 1000 * i, N, 20)] if draw(st.booleans()) else []
        shape = shapely.Polygon(outer, holes)
        if draw(st.booleans()):
            shape = shapely.MultiPolygon([shape, shapely.Polygon(star(draw, E + 1000 * i, N + 1000, 200))])
        shapes.append(shape)
    names = [f"DK{i + 1}" for i in range(len(shapes))]
    return gpd.GeoDataFrame({"plot_no": names}, geometry=shapes, crs=4526)


@pytest.mark.parametrize("name", WAYS)
@given(frame=requests())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_format_gives_the_same_plots(tmp_path, name, frame):
    path = tmp_path / name
    path.unlink(missing_ok=True)
    WAYS[name](frame, path)
    plots = plots_of(formats.read(path), near=NEAR)
    assert not plots.errors
    named = plots.frame["plot_name" if name in {"a.dxf", "a.kml"} else "plot_no"]
    read = plots.frame.set_index(named).to_crs(4526).geometry
    assert sorted(read.index) == frame["plot_no"].tolist()
    for number, shape in zip(frame["plot_no"], frame.geometry, strict=True):
        assert read[number].boundary.hausdorff_distance(shape.boundary) < 1e-3
        assert read[number].symmetric_difference(shape).area < 1e-3 * shape.length
    assert plots.crs == ("EPSG:4326" if path.suffix in {".geojson", ".kml"} else "EPSG:4526")


@pytest.mark.real
def test_plots_that_were_declared_are_read_in_a_belt_with_what_they_declare(real):
    for path in sorted((real / "coords_txt").glob("*.txt")):
        plots = plots_of(formats.read(path))
        assert not plots.errors
        assert plots.crs.startswith("EPSG:45")
        plane = plots.frame.geometry.area / 10_000
        assert (plane - plots.frame["declared_area_ha"]).abs().max() < 0.000_06

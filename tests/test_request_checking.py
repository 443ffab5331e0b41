"""One request through the whole check: formats, bad files, roles, kinds, what a verdict rests on."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import FaultsFound, MutanError

GROUND = runpy.run_path(str(Path(__file__).with_name("request_ground.py")))
asked, constrain, drawn, finding, make, open_book, strip = (
    GROUND[name] for name in ("asked", "constrain", "drawn", "finding", "make", "open_book", "strip")
)
FARM = "rules.expansion.basic_farmland"
BELT = 4526
"""CGCS2000, zone 38 of 3 degrees, eastings with their prefix"""
SHAPE = shapely.Polygon([
    *((1000, 100), (1300, 50), (1350, 500), (1200, 800), (1000, 900)),
])  # fmt: skip


def metres(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape in metres from the corner of the zone, in degrees."""
    west, south = GROUND["FILED"]["WEST"], GROUND["FILED"]["SOUTH"]
    east_m, north_m = GROUND["FILED"]["EAST_M"], GROUND["FILED"]["NORTH_M"]
    return shapely.transform(shape, lambda xy: xy * (east_m, north_m) + (west, south))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    farm = ("basic_farmland", "示例农田", strip(1200, 1400))
    return make(tmp_path_factory.mktemp("checking") / "book.gpkg", constraints=[farm])


def told(book: Path, file: Path | None, **said):
    return asked(book, file, keep=False, **said)


def gist(document) -> tuple:
    """What must not depend on how the land was drawn or written down."""
    findings = [
        (
            each["rule"],
            each["outcome"],
            None if each["measured"] is None else pytest.approx(each["measured"], abs=0.5),
        )
        for each in document["findings"]
    ]
    return document["verdict"], findings


def _txt(path: Path, shape: shapely.Geometry, head: str, *, prefix: bool, unit: str = "") -> Path:
    flat = gpd.GeoSeries([shape], crs=4490).to_crs(BELT).iloc[0]
    points = [(north, east if prefix else east - 38_000_000) for east, north in flat.exterior.coords]
    ha = flat.area / 10_000
    rows = [
        f"J{1 + n % (len(points) - 1)},1,{north:.4f},{east:.4f}" for n, (north, east) in enumerate(points)
    ]
    lines = [
        "[属性描述]", "格式版本号=1.01", "坐标系=2000国家大地坐标系", "几度分带=3", "投影类型=高斯克吕格",
        "计量单位=米", "带号=38", "精度=0.0001", "转换参数=,,,,,,", "[地块坐标]",
        head.format(points=len(points), ha=ha), *rows,
    ]  # fmt: skip
    path.write_bytes("\r\n".join(lines).encode("gbk"))
    return path


def _written(folder: Path, form: str, shape: shapely.Geometry) -> Path:
    frame = gpd.GeoDataFrame({"plot_no": ["1"]}, geometry=[shape], crs=4490)
    path = folder / f"asked.{form}"
    if form == "txt":
        return _txt(path, shape, "{points},{ha:.4f},1,地块一,面,I49,工业用地,0601,@", prefix=True)
    if form == "zip":
        import zipfile

        frame.to_crs(BELT).to_file(folder / "parts.shp", engine="pyogrio")
        with zipfile.ZipFile(path, "w") as archive:
            for part in folder.glob("parts.*"):
                archive.write(part, part.name)
        return path
    if form == "dxf":
        import ezdxf

        drawing = ezdxf.new()
        flat = frame.to_crs(BELT).geometry.iloc[0]
        drawing.modelspace().add_lwpolyline(list(flat.exterior.coords)[:-1], close=True)
        drawing.saveas(path)
        return path
    if form == "csv":
        flat = frame.to_crs(BELT).geometry.iloc[0]
        rows = [
            f"1,J{n + 1},{north:.4f},{east:.4f}" for n, (east, north) in enumerate(flat.exterior.coords[:-1])
        ]
        path.write_text("\n".join(["地块编号,点号,X,Y", *rows]), "utf-8")
        return path
    drivers = {"geojson": "GeoJSON", "gpkg": "GPKG", "kml": "KML"}
    frame = frame if form != "kml" else frame.to_crs(4326)
    frame.to_file(path, driver=drivers[form], engine="pyogrio")
    return path


@pytest.fixture(scope="module")
def first(book: Path, tmp_path_factory: pytest.TempPathFactory):
    return told(book, _written(tmp_path_factory.mktemp("first"), "geojson", metres(SHAPE)))


def test_the_farmland_is_not_met_and_its_area_is_that_of_the_shared_land(first):
    # right of 1200 m: a trapezium from (1200, 66.7) up to (1300, 50), (1350, 500) and (1200, 800)
    expected = SHAPE.intersection(shapely.box(1200, 0, 1400, 1000)).area
    farm = finding(first, FARM)
    assert farm["outcome"] == "not_met"
    assert farm["measured"] == farm["area_m2"] == pytest.approx(expected, rel=1e-3)
    assert first["verdict"] == "not_met"


@pytest.mark.parametrize("form", ["gpkg", "zip", "kml", "txt", "csv", "dxf"])
def test_the_answer_does_not_depend_on_the_format(book, tmp_path, first, form):
    crs = f"EPSG:{BELT}" if form == "dxf" else None
    got = told(book, _written(tmp_path, form, metres(SHAPE)), crs=crs)
    assert gist(got) == gist(first)
    assert got["area"]["added"]["m2"] == pytest.approx(first["area"]["added"]["m2"], abs=0.5)
    assert len(got["plots"]) == 1


def _turned(shape: shapely.Geometry, start: int, back: bool) -> shapely.Geometry:
    points = list(shape.exterior.coords)[:-1]
    points = points[start:] + points[:start]
    return shapely.Polygon(points[::-1] if back else points)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 4), back=st.booleans(), halved=st.booleans())
def test_the_answer_does_not_depend_on_how_the_ring_runs(book, tmp_path, first, start, back, halved):
    shape = _turned(SHAPE, start, back)
    if halved:  # a vertex more in the middle of each side
        shape = shapely.segmentize(shape, 300)
    got = told(book, drawn(tmp_path, metres(shape)))
    assert gist(got) == gist(first)


def test_one_plot_or_its_halves_are_the_same_request(book, tmp_path, first):
    halves = [metres(SHAPE.intersection(shapely.box(0, low, 2000, low + 450))) for low in (0, 450)]
    got = told(book, drawn(tmp_path, *halves))
    assert gist(got) == gist(first)
    assert len(got["plots"]) == 2


def test_what_is_trimmed_and_what_is_kept_is_what_was_asked_for(book, tmp_path, first):
    kept = shapely.geometry.shape(first["trimmed"]["geometry"])
    both = first["trimmed"]["area"]["m2"] + first["trimmed"]["loses"]["m2"]
    assert both == pytest.approx(first["area"]["added"]["m2"], abs=0.02)
    assert first["trimmed"]["avoids"] == [FARM]
    again = told(book, drawn(tmp_path, kept))
    assert finding(again, FARM)["outcome"] == "met"
    assert again["trimmed"] is None
    assert again["area"]["added"]["m2"] == pytest.approx(first["trimmed"]["area"]["m2"], abs=1.0)


def test_the_sentence_of_the_verdict_counts_what_was_not_held(first):
    counted = len(first["not_held"])
    assert counted
    assert f"{counted} more were not held" in first["wording"]
    assert f"另有 {counted} 项条件" in first["wording_zh"]


def test_a_role_is_known_by_the_names_of_features_too(tmp_path):
    book = make(tmp_path / "b.gpkg", constraints=[("其他", "示例永久基本农田", strip(1200, 1400))])
    farm = finding(told(book, drawn(tmp_path, strip(1100, 1300))), FARM)
    assert farm["outcome"] == "not_met"
    assert farm["measured"] == pytest.approx(100_039.5, rel=1e-4)


def test_a_role_can_be_said_of_a_layer_whose_name_tells_nothing(tmp_path):
    book = make(tmp_path / "b.gpkg", constraints=[("图层7", "甲", strip(1200, 1400))])
    file = drawn(tmp_path, strip(1100, 1300))
    silent = finding(told(book, file), FARM)
    assert (silent["outcome"], silent["measured"]) == ("cannot_tell", None)
    assert "no layer of the role" in silent["reason"]
    said = finding(told(book, file, roles={"图层7": "basic_farmland"}), FARM)
    assert said["outcome"] == "not_met"
    with pytest.raises(MutanError, match="basic_farmlan"):
        told(book, file, roles={"图层7": "basic_farmlan"})


BOW = shapely.Polygon([(1000, 0), (1400, 400), (1400, 0), (1000, 400)])


def test_a_bow_tie_is_refused_and_with_repair_checked_but_never_met(book, tmp_path):
    file = drawn(tmp_path, metres(BOW))
    with pytest.raises(FaultsFound) as odd:
        told(book, file)
    (fault,) = odd.value.faults
    assert fault.code == "self_crossing"
    assert fault.remedy
    mended = told(book, file, repair=True)
    # two triangles of 400 m by 200 m
    assert mended["area"]["added"]["m2"] == pytest.approx(80_000, rel=2e-3)
    assert "errors in the geometry" in mended["wording"]


def _line(path: Path, at: int) -> str:
    return path.read_bytes().decode("gbk").splitlines()[at - 1]


def _edit(change: Callable[[str], str]) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        path.write_bytes(change(path.read_bytes().decode("gbk")).encode("gbk"))

    return edit


HEAD = "{points},{ha:.4f},1,地块一,面,I49,工业用地,0601,@"


@pytest.mark.parametrize(
    ("head", "edit", "where", "said"),
    [
        ("3,{ha:.4f},1,地块一,面,I49,工业用地,0601,@", None, 11, "3"),
        (HEAD, _edit(lambda text: text.replace("J2,1,38", "J2,1,38**")), 13, "**"),
        (HEAD, _edit(lambda text: text.replace("J3,1,", "J3,1,abc")), 14, "abc"),
        (HEAD, _edit(lambda text: text + "\r\n" + "\r\n".join(text.splitlines()[10:])), 18, "1"),
    ],
)
def test_a_bad_text_is_told_with_line_and_remedy(book, tmp_path, head, edit, where, said):
    path = _txt(tmp_path / "asked.txt", metres(SHAPE), head, prefix=True)
    if edit is not None:
        edit(path)
    try:
        document = told(book, path)
    except FaultsFound as odd:
        faults = [fault.as_json() for fault in odd.faults]
    else:
        faults = document["faults"]
    assert [each for each in faults if each["row"] == where and each["remedy"]], (faults, _line(path, where))


def test_a_text_in_another_belt_is_recognised_and_named(book, tmp_path):
    path = _txt(tmp_path / "asked.txt", metres(SHAPE), HEAD, prefix=True)
    path.write_bytes(path.read_bytes().replace("带号=38".encode("gbk"), "带号=39".encode("gbk")))
    try:
        document = told(book, path)
    except FaultsFound as odd:
        words = " ".join(map(str, odd.faults))
    else:
        words = str(document["faults"])
    assert "38" in words
    assert "39" in words


def test_land_far_from_the_zone_is_refused_with_its_place(book, tmp_path):
    far = shapely.transform(strip(1000, 1200), lambda xy: xy + np.array([6.0, 2.0]))
    with pytest.raises(FaultsFound) as odd:
        told(book, drawn(tmp_path, far))
    assert "from the zone" in str(odd.value.faults[0])


def test_a_kind_refuses_what_it_does_not_take_and_asks_for_what_it_needs(book, tmp_path):
    file = drawn(tmp_path, strip(1000, 1100))
    with pytest.raises(MutanError, match="needs 申请范围"):
        told(book, None)
    with pytest.raises(MutanError, match="takes no 申请范围"):
        told(book, file, kind="removal")
    with pytest.raises(MutanError, match="Near it: expansion"):
        told(book, file, kind="expansio")
    with pytest.raises(MutanError, match="needs"):
        told(book, None, kind="recognition", zone="X1")

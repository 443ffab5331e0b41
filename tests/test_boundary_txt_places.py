"""Where the points of a boundary-point text are: datum, belt and the order of the columns; real plots too."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
from pyproj import CRS

from data.formats import read
from data.formats.boundary_txt.places import BELTS, OFFSETS, belt_of_crs, crs_of_belt
from data.formats.boundary_txt.reading import read_boundary_txt
from data.records import Severity
from data.units import m2_to_ha
from geo.crs.belts import belt_of

SHARED = runpy.run_path(str(Path(__file__).with_name("test_boundary_txt.py")))
APPROVAL, HEAD, SQUARE, N, E, points = (
    SHARED[name] for name in ("APPROVAL", "HEAD", "SQUARE", "N", "E", "points")
)
BARE = HEAD + "5,1,1,甲,面,,,,@\n" + points(east=470_000)


@pytest.fixture
def txt(tmp_path):
    def write(text, **how):
        path = tmp_path / "界址点.txt"
        path.write_text(text, "utf-8")
        return read_boundary_txt(path, **how)

    return write


def only(table, code):
    (fault,) = [each for each in table.faults if each.code == code]
    return fault


def test_the_codes_of_belts_are_those_of_their_parameters():
    for datum, offsets in OFFSETS.items():
        for (width, prefixed), offset in offsets.items():
            for number in BELTS[width]:
                belt = belt_of(offset + number)
                assert (belt.datum, belt.number, belt.prefixed) == (datum, number, prefixed)
                assert belt.central_meridian == (3 * number if width == 3 else 6 * number - 3)
                assert belt_of_crs(CRS.from_epsg(offset + number)) == (datum, width, number, prefixed)
    for width, prefixed in ((3, True), (3, False), (6, True), (6, False)):
        belt = belt_of(crs_of_belt("WGS 84", width, 38 if width == 3 else 20, prefixed))
        assert (belt.datum, belt.central_meridian, belt.prefixed) == (
            "WGS 84",
            114 if width == 3 else 117,
            prefixed,
        )


@pytest.mark.parametrize(
    ("datum", "prefixed", "bare"),
    [
        ("2000国家大地坐标系", 4526, 4547),
        ("CGCS2000", 4526, 4547),
        ("1980西安坐标系", 2362, 2383),
        ("西安80坐标系", 2362, 2383),
        ("1954北京坐标系", 2414, 2435),
    ],
)
def test_a_datum_and_a_belt_make_a_code(txt, datum, prefixed, bare):
    for text, code in ((APPROVAL, prefixed), (BARE, bare)):
        table = txt(text.replace("2000国家大地坐标系", datum))
        assert table.frame.crs.to_epsg() == code
        assert table.faults == ()


def test_wgs84_in_a_belt_is_said_by_its_parameters(txt):
    table = txt(APPROVAL.replace("2000国家大地坐标系", "WGS84"))
    assert belt_of(table.frame.crs).datum == "WGS 84"
    assert belt_of(table.frame.crs).false_easting == 38_500_000


def test_belts_of_six_degrees(txt):
    six = HEAD.replace("几度分带=3", "几度分带=6").replace("带号=38", "带号=20") + "5,1,1,甲,面,,,,@\n"
    assert txt(six + points(east=20_470_000)).frame.crs.to_epsg() == 4498
    assert txt(six + points(east=470_000)).frame.crs.to_epsg() == 4509


@pytest.mark.parametrize("key", ["中央经线=114", "中央子午线=东经114度"])
def test_a_central_meridian_names_the_belt_as_well(txt, key):
    assert txt(BARE.replace("带号=38", key)).frame.crs.to_epsg() == 4547


def test_without_a_belt_the_points_fit_everywhere(txt):
    for text in (BARE.replace("带号=38\n", ""), BARE.replace("带号=38", "带号=")):
        table = txt(text)
        fault = only(table, "crs_missing")
        assert fault.severity == Severity.WARNING  # for it can be named from outside
        assert "neither 带号 nor 中央经线" in fault.message
        assert "--crs EPSG:4547" in fault.remedy
        assert table.frame.crs is None
        assert table.frame.geometry.area.tolist() == [10_000]


def test_a_belt_outside_of_china_and_a_local_system_are_refused(txt):
    assert "belt 60" in only(txt(BARE.replace("带号=38", "带号=60")), "crs_missing").message
    fault = only(txt(APPROVAL.replace("2000国家大地坐标系", "郑州市独立坐标系")), "crs_unknown")
    assert (fault.row, fault.severity) == (5, Severity.WARNING)


def test_a_missing_datum_is_assumed_and_told(txt):
    table = txt(APPROVAL.replace("坐标系=2000国家大地坐标系\n", ""))
    assert table.frame.crs.to_epsg() == 4526
    assert only(table, "crs_assumed").severity == Severity.WARNING


def test_a_key_that_contradicts_the_eastings_is_an_error(txt):
    table = txt(APPROVAL.replace("带号=38", "带号=37"))
    fault = only(table, "belt_contradicted")
    assert (fault.row, fault.column, fault.severity) == (9, "带号", Severity.ERROR)
    assert "'37'" in fault.message
    assert "begin with 38" in fault.message
    fault = only(txt(APPROVAL.replace("几度分带=3", "几度分带=6")), "width_contradicted")
    assert fault.severity == Severity.WARNING


def test_plots_in_two_belts_are_an_error_that_names_a_line_of_each(txt):
    table = txt(APPROVAL + "5,1,2,乙,面,,,,@\n" + points(east=37_470_000))
    fault = only(table, "belts_disagree")
    assert fault.row == 20
    assert "belt 38 (line 14), belt 37 (line 20)" in fault.message
    assert table.frame.crs is None


def test_two_headers_that_disagree_are_an_error(txt):
    table = txt(BARE + BARE.replace("带号=38", "带号=37").replace(",1,1,", ",1,2,"))
    fault = only(table, "headers_disagree")
    assert (fault.row, fault.column, fault.severity) == (27, "带号", Severity.ERROR)
    assert "'37' here and '38' in line 9" in fault.message


def test_the_easting_first_is_known_by_its_magnitude_and_told(txt):
    swapped = HEAD + "5,1,1,甲,面,,,,@\n" + points(pattern="J{j},{ring},{e},{n}")
    for text in (swapped, swapped.replace("38470", "470")):
        table = txt(text.replace("5,1,1,甲,面,,,,@", "5,1,1,甲,面,,工业,0601,@"))
        fault = only(table, "columns_exchanged")
        assert (fault.row, fault.severity) == (14, Severity.WARNING)
        assert "easting, northing" in fault.message
        assert table.frame.total_bounds[1] == N
        assert table.frame["dialect"].tolist() == ["approval"]


def test_one_plot_the_other_way_round_is_turned_and_one_point_is_an_error(txt):
    other = "5,1,2,乙,面,,,,@\n" + points([(x + 200, y) for x, y in SQUARE], pattern="J{j},{ring},{e},{n}")
    table = txt(APPROVAL + other)
    fault = only(table, "columns_exchanged")
    assert (fault.row, fault.feature) == (20, "2")
    assert table.frame.geometry.area.tolist() == [10_000, 10_000]
    table = txt(APPROVAL.replace(f"{N + 100}.000,{E}.000", f"{E}.000,{N + 100}.000", 1))
    fault = only(table, "coordinates_exchanged")
    assert (fault.row, fault.severity) == (15, Severity.ERROR)
    assert table.frame.geometry.isna().all()


def test_a_point_that_lies_nowhere_is_an_error_and_a_local_file_is_told_once(txt):
    table = txt(APPROVAL.replace(f"{N + 100}.000,{E}", f"9{N + 100}.000,{E}", 1))
    fault = only(table, "coordinates_odd")
    assert fault.row == 15
    assert "(93850100, 38470000)" in fault.message
    table = txt(HEAD + "5,1,1,甲,面,,,,@\n" + points().replace(str(E)[:5], "20").replace("3850", "30"))
    fault = only(table, "coordinates_odd")
    assert "So do all other points" in fault.message
    assert table.frame.crs is None
    assert table.frame.geometry.notna().all()


def test_latitude_first_is_turned_in_the_dialect_of_degrees(txt):
    corners = [(113.6, 34.71), (113.61, 34.71), (113.61, 34.7), (113.6, 34.71)]
    rows = "".join(f"J{i},1,{y},{x}\n" for i, (x, y) in enumerate(corners, 1))
    table = txt("4,违法用地,面,工业,@\n" + rows)
    assert only(table, "columns_exchanged").row == 2
    assert table.frame.total_bounds.tolist() == [113.6, 34.7, 113.61, 34.71]


def test_parameters_units_and_projections_that_are_not_followed_are_told(txt):
    assert (
        only(txt(APPROVAL.replace("0,0,0,0,0,0,0", "12.5,0,0,0,0,0,1")), "header_shift").severity == "warning"
    )
    assert "UTM" in only(txt(APPROVAL.replace("高斯克吕格", "UTM")), "header_projection").message
    assert "千米" in only(txt(APPROVAL.replace("计量单位=米", "计量单位=千米")), "header_unit").message


def test_a_gap_in_degrees_is_told_in_metres(txt):
    corners = [(113.6, 34.71), (113.61, 34.71), (113.61, 34.7), (113.6, 34.7)]
    rows = "".join(f"J{i},1,{x},{y}\n" for i, (x, y) in enumerate(corners, 1))
    fault = only(txt("4,违法用地,面,工业,@\n" + rows), "ring_not_closed")
    assert "1109.352 m" in fault.message  # 0.01 of the 110 935.2 m of a degree at 34.705 north


REAL = {
    "44120000105": 8.7423, "44120000567": 0.2190, "44120000669_44120001725_44120002171": 0.0433,
    "44120000957": 0.7749, "44120001048": 0.0105, "44120002411": 2.6377,
}  # fmt: skip


@pytest.mark.real
@pytest.mark.parametrize("name", REAL)
def test_real_plots_have_the_area_and_the_points_that_they_declare(real, name):
    path = real / "coords_txt" / f"{name}.txt"
    table = read(path)
    (row,) = table.frame.itertuples()
    lines = [line for line in path.read_text("utf-8").splitlines() if line.startswith("J")]
    assert row.declared_points == len(lines) == row.geometry.exterior.coords.__len__()
    assert round(m2_to_ha(row.geometry.area), 4) == row.declared_area_ha == REAL[name]
    assert table.frame.crs.to_epsg() == 4526
    assert table.faults == ()
    lon, lat = table.frame.to_crs(4490).total_bounds[:2]
    assert np.allclose((lon, lat), (112.8, 23.3), atol=0.1)

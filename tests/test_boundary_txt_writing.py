"""Boundary-point texts are written as land offices write them, and what is written reads back the same."""

from __future__ import annotations

from contextlib import suppress

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import CrsContradicted, CrsMissing, FileUnusable
from data.formats import read, write
from data.formats.boundary_txt.dialects import DIALECTS
from data.formats.boundary_txt.reading import read_boundary_txt
from data.formats.boundary_txt.writing import write_boundary_txt

E, N = 38_470_000.0, 3_850_000.0


def plots(*shapes, crs=4526, **columns):
    made = [shapely.transform(shape, lambda xy: xy + (E, N)) for shape in shapes]
    return gpd.GeoDataFrame(columns, geometry=made, crs=crs)


RING = shapely.Polygon(shapely.box(0, 0, 100, 100).exterior, [shapely.box(40, 40, 60, 60).exterior])


def test_a_plot_is_written_as_offices_write_it(tmp_path):
    frame = plots(
        shapely.box(0, 0, 100, 50), plot_no=["DK-1"], plot_name=["甲,乙@丙\n"], purpose=["工业用地"],
        land_class=["0601"], map_sheet=[None],
    )  # fmt: skip
    write_boundary_txt(frame, path := tmp_path / "a.txt", header={"producer": "某院", "项目名称": "扩区"})
    text = path.read_bytes().decode("gbk")
    assert text.split("\r\n") == [
        "[项目信息]", "项目名称=扩区", "[属性描述]", "格式版本号=", "数据产生单位=某院", "数据产生日期=",
        "坐标系=2000国家大地坐标系", "几度分带=3", "投影类型=高斯克吕格", "计量单位=米", "带号=38",
        "精度=0.001", "转换参数=0,0,0,0,0,0,0", "[地块坐标]",
        "5,0.5000,DK-1,甲，乙＠丙,面,,工业用地,0601,@",
        "J1,1,3850050.000,38470000.000", "J2,1,3850050.000,38470100.000", "J3,1,3850000.000,38470100.000",
        "J4,1,3850000.000,38470000.000", "J1,1,3850050.000,38470000.000", "",
    ]  # fmt: skip


def test_a_hole_runs_the_other_way_and_the_numbers_go_on(tmp_path):
    write_boundary_txt(plots(RING), path := tmp_path / "a.txt", encoding="utf-8", line_end="\n", precision=1)
    lines = path.read_text("utf-8").splitlines()
    assert "10,0.9600,,,面,,,,@" in lines
    assert "精度=0.1" in lines
    assert lines[-5:] == [
        "J5,2,3850060.0,38470040.0", "J6,2,3850040.0,38470040.0", "J7,2,3850040.0,38470060.0",
        "J8,2,3850060.0,38470060.0", "J5,2,3850060.0,38470040.0",
    ]  # fmt: skip


def test_in_out_balance_has_a_line_for_each_ring_the_easting_first_and_bare_returns(tmp_path):
    frame = plots(RING, shapely.box(200, 0, 300, 100), plot_name=["甲", "乙"], purpose=["流出", "流入"])
    write_boundary_txt(frame, path := tmp_path / "a.txt", dialect="in_out_balance")
    raw = path.read_bytes()
    assert b"\n" not in raw
    lines = raw.decode("gbk").split("\r")
    assert [line for line in lines if line.endswith("@")] == [
        "5,甲,面,流出,@", "5,甲,面,流出,@", "5,乙,面,流入,@"
    ]  # fmt: skip
    assert "J1,1,38470000.000,3850100.000" in lines
    assert "J1,2,38470200.000,3850100.000" in lines


def test_quota_swap_writes_the_sides_and_enforcement_degrees(tmp_path):
    frame = plots(shapely.box(0, 0, 100, 50), plot_name=["甲"], land_class=["0101"])
    write_boundary_txt(frame, path := tmp_path / "a.txt", dialect="quota_swap")
    lines = path.read_text("gbk").splitlines()
    assert "分带=3" in lines
    assert lines[-6:-3] == [
        ",0.5000,,甲,,,,0101,@", "J1,3850050.000,38470000.000,100.00,1,",
        "J2,3850050.000,38470100.000,50.00,1,",
    ]  # fmt: skip
    write_boundary_txt(frame, path, dialect="enforcement")
    lines = path.read_text("gbk").splitlines()
    assert lines[:2] == ["[地块坐标]", "5,甲,面,,@"]
    assert lines[2].startswith("J1,1,113.67")
    assert len(lines[2].split(",")[2]) == len("113.123456789")


@pytest.mark.parametrize("code", [4526, 4547, 4498, 4509, 2362, 2383, 2414, 2435])
def test_every_belt_is_written_as_it_is(tmp_path, code):
    there = plots(RING).set_crs(code, allow_override=True)
    east = {4526: 0, 2362: 0, 2414: 0, 4498: -18e6}.get(code, -38e6)
    there = there.set_geometry(there.geometry.translate(east), crs=code)
    write(there, tmp_path / "a.txt")
    table = read(tmp_path / "a.txt")
    assert table.frame.crs.to_epsg() == code
    assert table.faults == ()
    assert table.frame.geometry.iloc[0].equals(there.geometry.iloc[0])


@pytest.mark.parametrize("code", [4490, 4326, 3857, 32650])
def test_what_lies_in_no_belt_goes_to_that_of_its_middle(tmp_path, code):
    there = plots(RING).to_crs(code)
    write(there, tmp_path / "a.txt")
    frame = read(tmp_path / "a.txt").frame
    assert frame.crs.to_epsg() == 4526
    assert frame.geometry.iloc[0].symmetric_difference(plots(RING).geometry.iloc[0]).area < 1


def test_what_cannot_be_written_is_refused_and_nothing_is_left(tmp_path):
    path = tmp_path / "a.txt"
    good = plots(RING, shapely.box(200, 0, 300, 100))
    missing = good.copy()
    missing.loc[1, "geometry"] = None
    for frame, refusal, said in (
        (good.drop(columns="geometry"), FileUnusable, "no outlines"),
        (good[:0], FileUnusable, "no plot"),
        (missing, FileUnusable, r"1 rows have no polygon, the first are \[2\]"),
        (good.set_geometry(good.centroid), FileUnusable, "2 rows have no polygon"),
        (good.set_crs(None, allow_override=True), CrsMissing, "no coordinate reference system"),
        (good.set_crs(4490, allow_override=True), CrsContradicted, "China has no belt"),
        (plots(shapely.Polygon([(0, 0), (np.inf, 1), (1, 0)])), CrsContradicted, "no numbers"),
    ):
        with pytest.raises(refusal, match=said):
            write_boundary_txt(frame, path)
        assert list(tmp_path.iterdir()) == []
    for wrong in ({"dialect": "报批"}, {"precision": 9}, {"line_end": "\t"}, {"encoding": "klingon"}):
        with pytest.raises(FileUnusable):
            write_boundary_txt(good, path, **wrong)
    with pytest.raises(FileUnusable):
        write_boundary_txt(good, tmp_path / "none" / "a.txt")


def test_many_plots_are_written_in_pieces_and_come_back_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr("data.formats.boundary_txt.writing.ROWS_AT_ONCE", 17)
    shapes = [shapely.transform(RING, lambda xy, k=k: xy + (200 * k, 0)) for k in range(20)]
    frame = plots(*shapes, plot_no=[str(k) for k in range(20)], plot_name=[f"图斑{k}" for k in range(20)])
    for dialect in DIALECTS:
        write_boundary_txt(frame, path := tmp_path / "a.txt", dialect=dialect)
        back = read_boundary_txt(path).frame
        assert back["plot_name"].tolist() == frame["plot_name"].tolist()
        if not DIALECTS[dialect].degrees:
            assert back.geometry.geom_equals(frame.geometry).all(), dialect


@st.composite
def grounds(draw):
    """Plots of one to three parts that lie apart, some with a hole and an island in it, to the millimetre."""
    millimetre = st.integers(0, 20_000).map(lambda n: n / 1000)
    made = []
    for k in range(draw(st.integers(1, 3))):
        parts = []
        for part in range(draw(st.integers(1, 3))):
            x, y = 1000 * k + draw(millimetre), 300 * part + draw(millimetre)
            corners = [
                (0, 0),
                (100, draw(millimetre)),
                (100 + draw(millimetre), 150),
                (draw(millimetre), 120),
            ]
            outer = [(x + dx, y + dy) for dx, dy in corners]
            hole = [shapely.box(x + 30, y + 30, x + 70, y + 70 + draw(millimetre)).exterior.coords]
            holed = draw(st.booleans())
            parts.append(shapely.Polygon(outer, hole if holed else []))
            if holed and draw(st.booleans()):
                parts.append(shapely.box(x + 40, y + 40, x + 45, y + 60))
        made.append(shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0])
    text = st.text(st.sampled_from("甲乙丙丁区AB9-_ （）【】、，"), max_size=6).map(str.strip)
    names = [draw(text) or None for _ in made]
    return plots(*made, plot_no=[f"DK{k}" for k in range(len(made))], plot_name=names, purpose=names)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    grounds(),
    st.sampled_from(sorted(DIALECTS)),
    st.sampled_from(["gbk", "utf-8"]),
    st.sampled_from(["\n", "\r"]),
)
def test_what_is_written_reads_back_the_same_in_every_dialect(tmp_path, frame, dialect, encoding, line_end):
    write_boundary_txt(
        frame, path := tmp_path / "a.txt", dialect=dialect, encoding=encoding, line_end=line_end
    )
    table = read_boundary_txt(path)
    used = DIALECTS[dialect]
    assert [fault.code for fault in table.faults] == (["crs_assumed"] if used.degrees else [])
    assert table.frame["dialect"].unique().tolist() == ["approval" if dialect == "supply" else dialect]
    for name in ("plot_no", "plot_name", "purpose"):
        held = frame[name].fillna("").tolist() if name in used.fields else [""] * len(frame)
        assert table.frame[name].fillna("").tolist() == held
    expected = frame.to_crs(4490) if used.degrees else frame
    tolerance = 1e-9 if used.degrees else 0.5e-3
    assert table.frame.crs == expected.crs
    back = shapely.normalize(table.frame.geometry.values)
    assert (
        shapely.equals_exact(back, shapely.normalize(expected.geometry.values), tolerance).all()
        or (shapely.area(shapely.symmetric_difference(back, expected.geometry.values)) < 1e-9).all()
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_a_damaged_text_is_a_table_or_a_clear_refusal(tmp_path, data):
    frame = plots(RING, shapely.box(200, 0, 300, 100), plot_name=["甲", "乙"])
    write_boundary_txt(
        frame, path := tmp_path / "a.txt", dialect=data.draw(st.sampled_from(sorted(DIALECTS)))
    )
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.binary(max_size=3) | st.sampled_from([b",", b"@", b"\n", b"*"])
        )
    path.write_bytes(raw or b"@")
    with suppress(FileUnusable):
        table = read(path)
        assert all(fault.file == "a.txt" and fault.remedy for fault in table.faults)

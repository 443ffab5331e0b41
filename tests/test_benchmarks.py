"""Against other engines: the fabric is what it says, tables are compared and written right."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest
import shapely

from benchmarks import area, fabric, ingest, overlay, report, service, timing


@pytest.fixture(scope="module")
def parcels():
    return fabric.parcels(900)


@pytest.fixture(scope="module")
def zones():
    return fabric.zones(20, 30)


def test_every_parcel_has_thirteen_vertices_and_a_class(parcels):
    assert len(parcels) == 900
    assert parcels.crs.to_epsg() == 4490
    assert (shapely.get_num_coordinates(parcels.geometry.to_numpy()) == 13).all()
    assert set(parcels["land_class"]) == set(fabric.CLASSES)
    assert parcels["parcel_id"].is_unique


def test_parcels_tile_the_square_without_gap_or_overlap(parcels):
    shapes = parcels.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.coverage_union_all(shapes)
    assert whole.geom_type == "Polygon"
    assert not len(whole.interiors)


def test_zones_cover_half_of_the_square_and_do_not_overlap(zones):
    shapes = zones.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert (shapely.get_num_coordinates(shapes) == 401).all()
    square = (30 * fabric.CELL) ** 2
    assert shapely.area(shapes).sum() / square == pytest.approx(0.5, abs=0.005)
    assert shapely.union_all(shapes).area == pytest.approx(shapely.area(shapes).sum(), rel=1e-9)


def test_the_same_seed_makes_the_same_fabric(parcels):
    assert fabric.parcels(900).geometry.geom_equals_exact(parcels.geometry, 0).all()


def test_random_polygons_lie_in_their_belt_and_agree_with_dense_geodesic_areas():
    made = area.random_polygons(30, (300.0, 3_000.0))
    assert set(made) <= {4546, 4547, 4548}
    assert sum(map(len, made.values())) == 30
    assert all(shapely.is_valid(shapes).all() for shapes in made.values())
    assert max(ppm for ppm, _ in area.differences(made)) < 0.5


def test_boxes_of_the_service_lie_within_the_fabric_and_hold_more_than_a_page(tmp_path):
    boxes = np.array([
        list(map(float, b.split(","))) for b in service._boxes(tmp_path / "parcels_10000.parquet")
    ])
    assert (boxes[:, 0] >= fabric.WEST).all()
    assert (boxes[:, 3] <= fabric.SOUTH + 100 * fabric.CELL + 1e-9).all()
    assert service.CELLS**2 > service.LIMIT


def test_a_zone_that_one_table_lacks_counts_with_all_its_area(tmp_path):
    ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.csv"
    ours.write_text("zone,class,area_m2,pieces\nA,0601,30,1\nA,0701,70,2\n")
    theirs.write_text("zone,class,area_m2,pieces\nA,0601,30.3,1\nA,0701,70,2\n")
    assert overlay.difference(ours, theirs) == pytest.approx(0.003)
    theirs.write_text("zone,class,area_m2,pieces\nA,0601,30,1\n")
    assert overlay.difference(ours, theirs) == pytest.approx(0.7)


def test_the_table_says_what_was_asked_and_whether_it_is_met(tmp_path):
    rows = [
        report.Row("overlay", "5 s", "20 s", 4.04, "4 times", met=True),
        report.Row("service", "8/s", "1/s", 8.0, "10 times", met=False),
        report.Row("peak a|b", "1 MB", "", None, ""),
    ]
    text = report.write(tmp_path, rows, {"cores": 2}, {"runs": [1.5]})
    assert text == (tmp_path / "results.md").read_text("utf-8")
    assert "| overlay | 5 s | 20 s | 4.0 | 4 times: met |" in text
    assert "| service | 8/s | 1/s | 8.0 | 10 times: not met |" in text
    assert "| peak a\\|b | 1 MB |  |  |  |" in text
    kept = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert kept["when"]
    assert kept["raw"] == {"runs": [1.5]}
    assert kept["when"] not in text


def test_programs_run_in_turn_and_a_failing_one_says_why(tmp_path):
    def write(word):
        return [sys.executable, "-c", f"open({str(tmp_path / 'order')!r}, 'a').write({word!r})"]

    took = timing.in_turn({"ours": write("o"), "peer": write("p")}, 2, tmp_path)
    assert (tmp_path / "order").read_text() == "opop"
    assert all(ran.wall_s > 0 and ran.peak_mb > 1 for ran in took.values())
    with pytest.raises(timing.Failed, match="no such thing"):
        timing.run([sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path / "log")


def test_the_peak_of_a_program_is_its_own_and_not_that_of_who_started_it(tmp_path):
    held = bytearray(b"x") * (300 << 20)
    ran = timing.run([sys.executable, "-I", "-c", "pass"], tmp_path / "log")
    assert len(held) / 2**20 == 300
    assert ran.peak_mb < 100


def test_a_book_lies_beside_the_data_it_was_made_of(tmp_path):
    assert ingest.book_beside(tmp_path / "data" / "parcels_9.parquet") == tmp_path / "parcels_9.gpkg"

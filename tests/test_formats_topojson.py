"""TopoJSON: outlines from shared arcs, checked by hand and against the parcels of a whole city."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import FileUnusable
from data.formats import read

# Two unit squares that share the edge from (1, 0) to (1, 1).
ARCS = [
    [[1, 0], [1, 1]],
    [[1, 1], [0, 1], [0, 0], [1, 0]],
    [[1, 0], [2, 0], [2, 1], [1, 1]],
]
LEFT = {"type": "Polygon", "arcs": [[0, 1]], "id": "L", "properties": {"code": "0601", "n": 1}}
RIGHT = {"type": "Polygon", "arcs": [[2, -1]], "properties": {"code": "007", "n": None}}
STEPS = [[[10, 0], [0, 10]], [[10, 10], [-10, 0], [0, -10], [10, 0]], [[10, 0], [10, 0], [0, 10], [-10, 0]]]


@pytest.fixture
def topology(tmp_path):
    def write(objects, arcs=ARCS, **members):
        path = tmp_path / "a.topojson"
        path.write_text(json.dumps({"type": "Topology", "objects": objects, "arcs": arcs, **members}))
        return path

    return write


def layer(*geometries):
    return {"type": "GeometryCollection", "geometries": list(geometries)}


def codes(table):
    return [fault.code for fault in table.faults]


def test_two_squares_share_an_edge(topology):
    table = read(topology({"parcels": layer(LEFT, RIGHT)}))
    assert table.frame.geometry.iloc[0].equals(shapely.box(0, 0, 1, 1))
    assert table.frame.geometry.iloc[1].equals(shapely.box(1, 0, 2, 1))
    assert table.frame["code"].tolist() == ["0601", "007"]
    assert table.frame["id"].tolist()[0] == "L"
    assert table.frame.crs.to_epsg() == 4326
    assert (table.source.layer, table.source.format, table.faults) == ("parcels", "TopoJSON", ())


def test_steps_and_a_transform_make_the_same_squares(topology):
    transform = {"scale": [0.1, 0.1], "translate": [100, 30]}
    frame = read(topology({"p": layer(LEFT, RIGHT)}, STEPS, transform=transform)).frame
    assert frame.geometry.iloc[0].bounds == pytest.approx((100, 30, 101, 31))
    assert frame.geometry.iloc[1].bounds == pytest.approx((101, 30, 102, 31))
    assert shapely.area(frame.geometry.values).tolist() == pytest.approx([1, 1])


def test_it_is_known_by_its_content_too(topology):
    path = topology({"p": layer(LEFT)})
    other = path.rename(path.with_suffix(".json"))
    assert read(other).source.format == "TopoJSON"


def test_every_kind_of_geometry(topology):
    kinds = [
        {"type": "Point", "coordinates": [3, 4]},
        {"type": "MultiPoint", "coordinates": [[3, 4], [5, 6]]},
        {"type": "LineString", "arcs": [0]},
        {"type": "MultiLineString", "arcs": [[0], [1]]},
        {"type": "MultiPolygon", "arcs": [[[0, 1]], [[2, -1]]]},
        {"type": "GeometryCollection", "geometries": [LEFT, {"type": "LineString", "arcs": [0]}]},
        {"type": None},
    ]
    table = read(topology({"p": layer(*kinds)}))
    assert table.frame.geom_type.dropna().tolist() == [k["type"] for k in kinds[:-1]]
    assert shapely.area(table.frame.geometry.values).tolist()[4] == 2
    assert table.frame.geometry.iloc[3].length == 4
    assert codes(table) == ["geometry_missing", "geometry_types_mixed"]


def test_a_hole_belongs_to_the_part_it_stands_in(topology):
    hole = [[0.2, 0.2], [0.2, 0.4], [0.4, 0.4], [0.4, 0.2], [0.2, 0.2]]
    left = {"type": "MultiPolygon", "arcs": [[[2, -1]], [[0, 1], [3]]]}
    frame = read(topology({"p": layer(left)}, [*ARCS, hole])).frame
    assert shapely.area(frame.geometry.values).tolist() == pytest.approx([1.96])


def test_a_ring_of_one_point_is_left_out_and_said(topology):
    point = [[5, 5], [5, 5]]
    parts = {"type": "MultiPolygon", "arcs": [[[0, 1]], [[3]]]}
    lone = {"type": "Polygon", "arcs": [[3], [0, 1]]}
    table = read(topology({"p": layer(parts, lone)}, [*ARCS, point]))
    assert shapely.area(table.frame.geometry.values).tolist() == [1, 0]
    assert codes(table) == ["ring_degenerate", "ring_degenerate", "geometry_empty"]
    assert [fault.row for fault in table.faults] == [1, 2, 2]


def test_several_objects_are_layers(topology):
    path = topology({"a": layer(LEFT), "b": layer(RIGHT)})
    with pytest.raises(FileUnusable, match=r"a \(Polygon\), b \(Polygon\)"):
        read(path)
    assert read(path, layer="b").frame["code"].tolist() == ["007"]


def test_the_one_object_with_polygons_is_taken(topology):
    table = read(topology({"a": layer(LEFT), "points": layer({"type": "Point", "coordinates": [0, 0]})}))
    assert (table.source.layer, codes(table)) == ("a", ["layer_chosen"])


def test_a_single_geometry_is_a_layer_of_one(topology):
    assert len(read(topology({"p": LEFT})).frame) == 1
    assert codes(read(topology({"p": layer()}))) == ["layer_empty"]


def test_an_old_crs_member_is_honoured(topology):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4526"}}
    assert read(topology({"p": layer(LEFT)}, crs=crs)).frame.crs.to_epsg() == 4526


@pytest.mark.parametrize(
    "change",
    [
        {"objects": {"p": layer({"type": "Polygon", "arcs": [[99]]})}},
        {"objects": {"p": layer({"type": "Polygon", "arcs": [[-99]]})}},
        {"objects": {"p": layer({"type": "Polygon", "arcs": [["a"]]})}},
        {"objects": {"p": layer({"type": "Polygon", "arcs": 3})}},
        {"objects": {"p": layer({"type": "Circle"})}},
        {"objects": {"p": layer({"arcs": []})}},
        {"objects": {"p": layer(7)}},
        {"objects": {"p": layer(LEFT)}, "arcs": [[[1]], [2], "x"]},
        {"objects": {"p": layer(LEFT)}, "arcs": 3},
        {"objects": {"p": layer(LEFT)}, "transform": {"scale": [1]}},
        {"objects": {"p": layer(LEFT)}, "transform": 7},
        {"objects": 7},
        {"objects": {}},
        {"objects": {"p": layer({**LEFT, "properties": 7})}},
    ],
)
def test_a_topology_that_makes_no_sense_is_one_clear_error(topology, change):
    with pytest.raises(FileUnusable, match="again"):
        read(topology(**{"objects": {}, "arcs": ARCS, **change}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=2, max_size=6), min_size=1
    ),
    st.data(),
)
def test_lines_are_their_arcs_joined(topology, arcs, data):
    # Each arc begins where the one before it ended, so that any run of them is a line.
    for before, arc in pairwise(arcs):
        arc[0] = before[-1]
    first = data.draw(st.integers(0, len(arcs) - 1))
    last = data.draw(st.integers(first, len(arcs) - 1))
    run = list(range(first, last + 1))
    forth = {"type": "LineString", "arcs": run}
    back = {"type": "LineString", "arcs": [~k for k in reversed(run)]}
    shapes = read(topology({"p": layer(forth, back)}, arcs)).frame.geometry
    points = [arcs[first][0], *(point for k in run for point in arcs[k][1:])]
    assert np.array_equal(shapely.get_coordinates(shapes.iloc[0]), points)
    assert np.array_equal(shapely.get_coordinates(shapes.iloc[1]), points[::-1])


@pytest.mark.real
@pytest.mark.parametrize(
    ("year", "count", "invalid", "twice", "km2"),
    [(2013, 13_159, 24, 81, 14.233), (2014, 13_116, 37, 80, 17.368)],
)
def test_the_parcels_of_cambridge(real, year, count, invalid, twice, km2):
    table = read(real / "parcels_cambridge" / f"ASSESSING_ParcelsFY{year}.topojson")
    frame = table.frame
    assert len(frame) == count
    assert int((~frame.is_valid).sum()) == invalid
    assert int(frame.is_empty.sum()) == (1 if year == 2014 else 0)
    assert int(frame["ML"].duplicated().sum()) == twice
    assert frame.to_crs("EPSG:26986").area.sum() / 1e6 == pytest.approx(km2, abs=0.001)
    assert set(codes(table)) <= {"ring_degenerate", "geometry_empty"}

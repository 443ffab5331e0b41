"""The map of a request is true to its scale, small, readable in black, and never shows what is classified."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Geod

from api.requests.report import Drawing, drawing_of, open_constraints
from api.requests.report.furniture import bar_step, grid_step
from api.requests.report.hatching import hatched
from api.requests.report.labels import Room
from api.requests.report.map import CORNER, SIZE, draw
from api.requests.report.paper import SCALES, belt_code, laid
from api.requests.report.points import points_of
from api.requests.report.styles import ADDED, OFFENDING, role_style
from data.errors import CrsMissing
from maps.palette import HIGHLIGHT

MADE = runpy.run_path(str(Path(__file__).with_name("request_document.py")))
SVG = "{http://www.w3.org/2000/svg}"


def picture(name, **more):
    document, drawing = MADE[name]()
    if more:
        drawing = MADE["drawing"](document, **more)
    points = points_of(drawing.asked, document["plots"])
    return draw(drawing, points, zone=document["request"]["zone_name"], font="'Noto Sans CJK SC'")


def texts(svg):
    return [each.text for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def outline_of(svg, colour, width):
    """Points of the outline in that colour and width, mm."""
    for each in ElementTree.fromstring(svg).iter(f"{SVG}path"):
        if each.get("stroke") == colour and each.get("stroke-width") == width:
            return np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", each.get("d")), dtype=float)
    raise AssertionError("no such outline")


@pytest.mark.parametrize("name", ["fine", "not_met", "withheld", "hostile", "large"])
def test_a_map_is_well_formed_and_of_its_size_in_millimetres(name):
    root = ElementTree.fromstring(picture(name).svg)
    assert (root.get("width"), root.get("viewBox")) == ("180mm", "0 0 180 110")


def test_a_length_on_paper_is_the_length_on_the_ground_by_the_scale():
    made = picture("fine")
    scale = int(re.search(r"1:([\d ]+)", made.said)[1].replace(" ", ""))
    drawn = outline_of(made.svg, HIGHLIGHT, "0.5")
    _, drawing = MADE["fine"]()
    corners = shapely.get_coordinates(drawing.asked.iloc[0])
    ground = Geod(ellps="GRS80").inv(*corners[0], *corners[1])[2]
    paper = np.hypot(*(drawn[1] - drawn[0]))
    assert scale in SCALES
    assert paper * scale / 1000 == pytest.approx(ground, abs=0.011 * scale / 1000)


def test_what_is_shown_fits_the_frame_and_fills_a_good_part_of_it():
    drawn = outline_of(picture("fine").svg, HIGHLIGHT, "0.5")
    assert (drawn >= CORNER).all()
    assert (drawn <= np.add(CORNER, SIZE)).all()


def test_the_scale_is_the_largest_round_one_at_which_the_land_fits():
    for metres in (30, 400, 1_000, 5_000, 40_000, 200_000):
        shape = gpd.GeoSeries([MADE["degrees"](shapely.box(0, 0, metres, 1))], crs=4490)
        paper = laid(shape, 4547, (120.0, 90.0))
        smaller = [scale for scale in SCALES if scale < paper.scale]
        assert metres * 1000 / paper.scale <= 120
        assert not smaller or metres * 1000 / smaller[-1] > 120 * 0.89


def test_grid_coordinates_carry_the_belt_number_and_stand_at_their_place():
    made = picture("fine")
    root = ElementTree.fromstring(made.svg)
    said = {each.text: float(each.get("x")) for each in root.iter(f"{SVG}text")}
    scale = int(re.search(r"1:([\d ]+)", made.said)[1].replace(" ", ""))
    apart = said["38512.5"] - said["38512.0"]
    assert apart == pytest.approx(500_000 / scale, abs=0.01)
    assert {"3842.0", "北", "图例"} <= set(texts(made.svg))


def test_the_corner_in_degrees_is_where_the_frame_ends():
    made = picture("fine")
    corner = next(each for each in texts(made.svg) if "°" in each and "E" in each)
    lon, lat = (
        int(d) + int(m) / 60 + float(s) / 3600 for d, m, s in re.findall(r"(\d+)°(\d+)′([\d.]+)″", corner)
    )
    west, _, _, north = gpd.GeoSeries(
        [*MADE["fine"]()[1].boundary, *MADE["fine"]()[1].asked], crs=4490
    ).total_bounds
    assert lon < west < lon + 0.01
    assert north < lat < north + 0.01


def test_a_small_request_of_a_large_zone_has_an_overview_and_its_own_scale():
    made = picture("large")
    assert "1:2 500" in texts(made.svg)
    assert any(each.startswith("位置示意 1:") for each in texts(made.svg))


def test_a_boundary_of_five_thousand_points_stays_small():
    document, drawing = MADE["large"]()
    whole = drawing_of(document, boundary=drawing.boundary, asked=drawing.boundary)
    made = draw(whole, points_of(whole.asked), zone="甲", font="x")
    assert len(shapely.get_coordinates(whole.boundary.to_numpy())) > 5_000
    assert len(made.svg) < 60_000


def test_classified_features_never_reach_the_drawing():
    secret = MADE["series"](shapely.box(500, 100, 900, 300))
    features = gpd.GeoDataFrame(
        {"role": ["heritage", "heritage", "water", None], "restricted": [True, None, True, False]},
        geometry=[secret.iloc[0], *MADE["series"](MADE["TOWN"], MADE["FARM"], MADE["WATER"])],
        crs=4490,
    )
    shown = open_constraints(features)
    assert list(shown) == ["heritage"]
    assert len(shown["heritage"]) == 1
    assert shown["heritage"].iloc[0].equals(features.geometry.iloc[1])


def test_numbers_of_findings_stand_on_the_map_and_are_those_of_the_table():
    made = picture("not_met")
    assert {"1", "3", "4"} <= set(texts(made.svg))
    assert "2" not in texts(made.svg)


def test_boundary_points_are_named_when_they_are_few():
    assert {f"J{n}" for n in range(1, 8)} <= set(texts(picture("not_met").svg))
    assert not any(each.startswith("1-J") for each in texts(picture("hostile").svg))


def test_no_label_covers_another():
    room = Room((0, 0, 100, 100))
    rng = np.random.default_rng(5)
    for x, y, w, h in rng.uniform(0, 20, (400, 4)) + [0, 0, 1, 1]:
        room.take((x * 4, y * 4, x * 4 + w, y * 4 + h))
    boxes = [shapely.box(*each) for each in room.taken]
    left, right = shapely.STRtree(boxes).query(boxes)
    over = shapely.area(shapely.intersection(np.array(boxes)[left], np.array(boxes)[right]))
    assert len(boxes) > 20
    assert (over[left != right] < 1e-9).all()


def test_hatching_stays_within_its_area_and_is_told_apart_without_colour():
    shape = shapely.Polygon([(0, 0), (30, 4), (25, 28), (3, 20)], [[(10, 8), (15, 8), (15, 12), (10, 12)]])
    lines = hatched([shape], OFFENDING)
    points = np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", lines), dtype=float)
    assert (shapely.distance(shapely.points(points), shape) < 0.08).all()
    roles = ("basic_farmland", "ecological_red_line", "urban_boundary", "other_zone", "heritage", "water")
    assert len({(role_style(role).hatch, role_style(role).dash) for role in roles}) == len(roles)
    assert hatched([shapely.box(0, 0, 0.2, 0.2)], ADDED) == ""


@pytest.mark.parametrize(("lon", "epsg"), [(73.0, 4534), (113.6, 4547), (140.0, 4554)])
def test_land_outside_every_belt_takes_the_nearest(lon, epsg):
    assert belt_code(gpd.GeoSeries([shapely.box(lon, 30, lon + 0.01, 30.01)], crs=4490)) == epsg


def test_shapes_without_a_crs_are_refused_and_others_are_brought_into_degrees():
    with pytest.raises(CrsMissing, match="1 shapes of 'asked'"):
        Drawing(asked=gpd.GeoSeries([shapely.box(0, 0, 1, 1)]))
    plane = gpd.GeoSeries([shapely.box(512_000, 3_842_000, 512_100, 3_842_100), None], crs=4547)
    held = Drawing(asked=plane).asked
    assert held.crs.to_epsg() == 4490
    assert len(held) == 1


def test_points_put_into_straight_edges_are_not_boundary_points():
    long = MADE["degrees"](shapely.segmentize(shapely.box(0, 0, 700, 700), 70))
    document = {**MADE["fine"]()[0], "geometry": MADE["plain"](long)}
    assert len(points_of(drawing_of(document).asked).table) == 4


def test_plots_that_touch_stay_apart_where_the_document_has_each():
    plots = MADE["series"](shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100))
    document = MADE["fine"]()[0]
    document["geometry"] = MADE["plain"](plots.union_all())
    assert len(drawing_of(document).asked) == 1
    document["plots"] = [{"plot_no": str(n), "geometry": MADE["plain"](each)} for n, each in enumerate(plots)]
    made = points_of(drawing_of(document).asked, document["plots"]).table
    assert made["label"].tolist() == [f"{plot}-J{n}" for plot in (1, 2) for n in range(1, 5)]


def test_boundary_points_come_back_in_metres_with_the_length_to_the_next():
    ring = shapely.Polygon(
        [(0, 0), (300, 0), (300, 400), (0, 400)], [[(50, 50), (50, 90), (80, 90), (80, 50)]]
    )
    made = points_of(MADE["series"](ring), [{"plot_no": None, "name": "东片"}]).table
    assert made["edge_m"].round(3).tolist() == [300, 400, 300, 400, 40, 30, 40, 30]
    assert made["ring"].tolist() == [1] * 4 + [2] * 4
    assert made["label"].tolist()[-1] == "J8"
    assert made[["north", "east"]].iloc[0].round(3).tolist() == [3_842_000.0, 38_512_000.0]
    assert made["plot"].unique().tolist() == ["东片"]


def test_a_request_without_land_has_no_map():
    made = draw(Drawing(), points_of(Drawing().asked), zone="甲", font="x")
    assert (made.svg, made.said) == ("", "没有可绘制的范围")


@pytest.mark.parametrize("scale", [*SCALES, 200_000, 1_000_000])
def test_scale_bar_and_grid_take_round_steps_that_fit(scale):
    assert 8 <= 4 * bar_step(scale) * 1000 / scale <= 35.01
    assert 22 <= grid_step(scale) * 1000 / scale <= 55
    assert str(int(bar_step(scale))).rstrip("0") in ("1", "2", "5")

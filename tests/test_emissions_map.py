"""Emissions on parcels and on a grid: each enterprise by area of its land, nothing lost in silence."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from api.emissions import Emissions, on_parcels
from api.emissions_features import features_of, slider
from api.emissions_grid import emission_grid
from api.zone_tables import Ground
from carbon.inventory import inventory
from data.errors import CrsMissing, FaultsFound, LayerUnusable, NotHere
from data.units import m2_to_mu
from geo.areas import ellipsoidal_area_m2

ZONE, YEAR, WEST, SOUTH, STEP = "G410001", 2023, 113.60, 34.70, 0.002


def square(column, row=0, columns=1):
    x, y = WEST + column * STEP, SOUTH + row * STEP
    return box(x, y, x + columns * STEP, y + STEP)


def ground(rows, columns=6):
    """A zone of that many squares, and its parcels as (column, enterprise, built[, columns])."""
    zone = square(0, 0, columns)
    shapes = [square(row[0], 0, *row[3:]) for row in rows]
    inside = [shape.intersection(zone) for shape in shapes]
    area = ellipsoidal_area_m2(inside, 4490) if rows else np.empty(0)
    whole = ellipsoidal_area_m2(shapes, 4490) if rows else np.empty(0)
    said = {
        "parcel_id": [f"P{n}" for n in range(len(rows))],
        "enterprise_id": pd.Series([row[1] for row in rows], dtype="str"),
        "built": pd.array([row[2] for row in rows], dtype="boolean"),
        "area_m2": area,
        "share": area / whole,
    }
    parcels = gpd.GeoDataFrame(said, geometry=shapes, crs=4490)
    about = {"code": ZONE, "name": "示例区", "geometry": zone}
    return Ground(about, parcels, pd.DataFrame(), ())


NO_FUEL = {"zone": ZONE, "enterprise_id": "", "year": YEAR, "category": "fuel", "item": "diesel",
           "notation": "NO", "explanation": "园区无燃料燃烧"}  # fmt: skip


def told(*rows, also=()):
    """The inventory of rows (enterprise, MWh); None is what cannot be told."""
    statements = pd.DataFrame(
        [
            {
                "zone": ZONE,
                "enterprise_id": who,
                "year": YEAR,
                "category": "electricity",
                "item": "bought",
                "amount": amount if amount is not None else 7.0,
                "unit": "MWh" if amount is not None else "",
            }
            for who, amount in rows
        ]
        + list(also)
    )
    return inventory(statements, zone=ZONE, region="410100", year=YEAR)


def placed(rows, *stated, unplaced="list") -> Emissions:
    return on_parcels(ground(rows), told(*stated), unplaced)


PER_MWH = told(("E1", 1.0)).location.known["total"]


def test_an_enterprise_lies_on_its_parcels_by_their_area():
    made = placed([(0, "E1", True), (1, "E1", True, 3), (4, "E2", True)], ("E1", 100.0), ("E2", 10.0))
    assert made.parcels["known"].tolist() == pytest.approx([25 * PER_MWH, 75 * PER_MWH, 10 * PER_MWH])
    assert (made.unplaced, made.over_zone, made.faults) == (0.0, 0.0, ())


def test_what_the_zone_states_itself_lies_on_built_land():
    made = placed([(0, "E1", True), (1, None, True, 3), (4, None, False)], ("E1", 8.0), ("", 100.0))
    assert made.parcels["tco2e"].tolist()[:2] == pytest.approx([33 * PER_MWH, 75 * PER_MWH])
    assert np.isnan(made.parcels["tco2e"][2])
    assert "No enterprise is named" in made.parcels["reason"][2]


def test_without_built_land_it_lies_on_the_whole_zone_and_that_is_said():
    made = placed([(0, "E1", False)], ("", 60.0))
    assert made.over_zone == pytest.approx(60 * PER_MWH)
    assert [fault.code for fault in made.faults] == ["emissions_over_zone"]
    cells = emission_grid(made, 50).bands[0].values
    assert np.nansum(cells) == pytest.approx(60 * PER_MWH, rel=1e-9)
    assert np.nanmax(cells) == pytest.approx(np.nanmedian(cells), rel=1e-3)


def test_an_enterprise_without_a_parcel_is_listed_and_put_nowhere():
    made = placed([(0, "E1", True)], ("E1", 3.0), ("E2", 5.0))
    assert [(fault.code, fault.feature) for fault in made.faults] == [("emissions_without_place", "E2")]
    assert made.totals["placed_tco2e"] == pytest.approx(3 * PER_MWH)
    assert made.totals["not_placed_tco2e"] == pytest.approx(5 * PER_MWH)
    assert made.parcels["known"].sum() == pytest.approx(3 * PER_MWH)


def test_by_choice_it_lies_on_built_land_and_is_listed_all_the_same():
    made = placed([(0, "E1", True), (1, None, True)], ("E1", 3.0), ("E2", 6.0), unplaced="built_land")
    assert made.parcels["known"].tolist() == pytest.approx([6 * PER_MWH, 3 * PER_MWH], rel=1e-6)
    assert made.unplaced == 0
    assert "put on the built land" in made.faults[0].message


def test_a_line_that_is_not_told_leaves_its_enterprise_unknown_and_not_at_zero():
    made = placed([(0, "E1", True), (1, "E2", True)], ("E1", 3.0), ("E1", None), ("E2", 1.0))
    one, other = features_of(made, "parcel").itertuples()
    assert (np.isnan(one.tco2e), one.known_tco2e) == (True, pytest.approx(3 * PER_MWH))
    assert "electricity" in one.reason
    assert other.tco2e == pytest.approx(PER_MWH)
    assert "share" in other.reason
    assert made.totals["lines_not_told"] == 1
    assert [fault.feature for fault in made.faults if fault.code == "emissions_not_told"] == ["E1"]
    unsure = emission_grid(made, 100).bands[2].values
    assert (np.nanmax(unsure), np.nanmin(unsure)) == (1.0, 0.0)


def test_an_enterprise_that_stated_nothing_is_unknown():
    made = placed([(0, "E1", True), (1, "E9", True)], ("E1", 3.0))
    assert np.isnan(made.parcels["tco2e"][1])
    assert "stated nothing" in made.parcels["reason"][1]


def test_the_part_of_a_parcel_beyond_the_boundary_takes_nothing():
    made = placed([(0, "E1", True), (5, "E1", True, 3)], ("E1", 10.0))
    assert made.parcels["known"].tolist() == pytest.approx([5 * PER_MWH] * 2, rel=1e-6)
    assert made.parcels.geometry.total_bounds[2] == pytest.approx(WEST + 6 * STEP)


def test_every_feature_says_its_share_and_density():
    land = ground([(0, "E1", True), (1, "E2", True, 2)])
    made = on_parcels(land, told(("E1", 30.0), ("E2", 70.0), ("", 100.0), also=[NO_FUEL]))
    by_firm = features_of(made, "enterprise", {"E1": "甲"}).set_index("enterprise_id")
    assert by_firm["share"].tolist() == pytest.approx([0.15, 0.35, 0.5])
    assert by_firm.loc["E1", "name"] == "甲"
    (mu,) = m2_to_mu(ellipsoidal_area_m2([square(0)], 4490))
    assert by_firm.loc["E1", "tco2e_per_mu"] == pytest.approx(30 * PER_MWH / mu)
    assert by_firm.index[-1] == "zone_own"
    assert by_firm["scope1"].isna().tolist() == [True, True, False]
    assert by_firm["reason"].str.contains("scope1").tolist() == [True, True, False]
    (zone,) = features_of(made, "zone").itertuples()
    assert (zone.tco2e, zone.share) == (pytest.approx(200 * PER_MWH), 1.0)
    assert zone.known_tco2e == pytest.approx(200 * PER_MWH)
    assert features_of(made, "parcel")["known_tco2e"].sum() == pytest.approx(200 * PER_MWH)


amounts = st.lists(st.floats(0, 1e6), min_size=4, max_size=4)


@settings(max_examples=15)
@given(amounts, st.sampled_from([30.0, 77.7, 100.0, 1000.0]), st.sampled_from(["list", "built_land"]))
def test_the_grid_holds_what_is_placed_and_the_rest_is_counted(stated, cell, unplaced):
    rows = [(0, "E1", True), (1, "E2", False), (3, "E1", True, 2)]
    made = placed(rows, *zip(["E1", "E2", "E3", ""], stated, strict=True), unplaced=unplaced)
    grid = emission_grid(made, cell)
    whole = made.told.location.known["total"]
    assert abs(np.nansum(grid.bands[0].values) + made.unplaced - whole) <= 1e-9 * whole
    assert grid.totals["beside_grid_tco2e"] == 0


def test_the_file_sums_to_the_inventory_and_says_its_choices(tmp_path):
    made = placed([(0, "E1", True), (1, None, True, 3)], ("E1", 123.4), ("", 55.5))
    emission_grid(made, 20, notice="虚构").write(tmp_path / "e.tif")
    with rasterio.open(tmp_path / "e.tif") as file:
        cells, tags = file.read(1), file.tags()
        assert np.nansum(cells) == pytest.approx(made.known, rel=1e-12)
        assert file.units == ("tCO2e", "tCO2e/mu", "1")
        assert file.crs.to_epsg() == 4547
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        area_mu = cells[cells > 0] / file.read(2)[cells > 0]
        assert area_mu == pytest.approx(m2_to_mu(400), rel=1e-3)
    assert (tags["ZONE"], tags["YEAR"], tags["NOTICE"]) == (ZONE, str(YEAR), "虚构")
    assert '"gwp":"AR5"' in tags["CHOICES"]


def test_outside_the_zone_there_is_nothing_and_inside_without_emissions_there_is_zero():
    made = emission_grid(placed([(0, "E1", True)], ("E1", 5.0)), 100)
    cells = made.bands[0].values
    assert (cells == 0).any()
    assert np.isfinite(cells[1:-1, 1:-1]).all()


def test_grids_of_two_boundaries_fit_on_each_other():
    rows = [(1, "E1", True)]
    first = emission_grid(on_parcels(ground(rows), told(("E1", 5.0))), 100)
    second = emission_grid(on_parcels(ground(rows, columns=9), told(("E1", 9.0))), 100)
    assert (first.grid.west - second.grid.west) % 100 == 0
    shift = round((first.grid.west - second.grid.west) / 100)
    held = second.bands[0].values[-first.grid.height :, shift : shift + first.grid.width]
    np.testing.assert_allclose(
        held[first.bands[0].values > 0] / 9, first.bands[0].values[first.bands[0].values > 0] / 5
    )


@pytest.mark.parametrize("cell", [0, -5, 0.001])
def test_a_cell_of_no_use_is_refused(cell):
    with pytest.raises(LayerUnusable, match="Choose"):
        emission_grid(placed([(0, "E1", True)], ("E1", 5.0)), cell)


def test_degrees_are_no_plane():
    with pytest.raises(CrsMissing, match="no plane in metres"):
        emission_grid(placed([(0, "E1", True)], ("E1", 5.0)), crs="EPSG:4490")


def test_without_statements_there_is_a_fault_and_no_empty_picture():
    other = told(("E1", 1.0))
    empty = inventory(pd.DataFrame(columns=["zone", *other.frame.columns, "year"]).assign(zone="", year=0),
                      zone=ZONE, region="410100", year=YEAR)  # fmt: skip
    with pytest.raises(NotHere, match="mutan ingest activity"):
        on_parcels(ground([(0, "E1", True)]), empty)
    with pytest.raises(FaultsFound, match="Nothing is known"):
        placed([(0, "E1", True)], ("E1", None))


def test_a_zone_without_parcels_still_has_a_grid():
    made = placed([], ("", 12.0))
    assert np.nansum(emission_grid(made, 100).bands[0].values) == pytest.approx(12 * PER_MWH, rel=1e-9)


def test_the_slider_has_a_row_for_each_parcel_and_a_column_for_each_year():
    first = placed([(0, "E1", True)], ("E1", 5.0))
    second = placed([(0, "E1", True), (1, "E2", True)], ("E1", 6.0), ("E2", 7.0))
    made = slider(ZONE, {2021: "No boundary.", 2022: first, 2023: second}, "parcel")
    assert (made["years"], made["ids"]) == ([2021, 2022, 2023], ["P0", "P1"])
    assert made["tco2e"] == [
        [None, pytest.approx(5 * PER_MWH), pytest.approx(6 * PER_MWH)],
        [None, None, pytest.approx(7 * PER_MWH)],
    ]
    assert made["reasons"] == {"2021": "No boundary."}

"""Emissions on the ground (排放落图): features by enterprise, parcel or zone, several years, and the grid."""

from __future__ import annotations

import tempfile
from pathlib import Path as FilePath
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, Path, Query, Request, Response

from api.answers import GEOJSON, fresh, guarded, json_answer
from api.asking import refuse_unknown, year_of
from api.emissions import LIST, Emissions, emissions_of, names_of
from api.emissions_features import KEYS, emissions_by_year, features_of, of_by, slider
from api.emissions_grid import emission_grid
from api.errors import BadQuery
from api.geojson import dumped, features, geometries
from api.opened import Opened, opened
from api.routes.landing import assessed_years
from api.routes.listings import newest
from geo.cover.gridding import CELL_M

router = APIRouter(prefix="/zones/{code}")

Code = Annotated[str, Path(max_length=64)]
TIFF = "image/tiff; application=geotiff; profile=cloud-optimized"
MOST_CELLS = 1_000_000
"""Of a grid over HTTP; the command line makes larger ones."""
MOST_YEARS = 40


@router.get("/emissions")
def read_emissions(request: Request, code: Code) -> Response:
    """What emits in a zone in a year, as GeoJSON: `by` enterprise, parcel or zone."""
    query = request.query_params
    refuse_unknown(query, frozenset({"year", "by", "unplaced", "f"}), ("json", "geojson"))
    by = of_by(query.get("by", "enterprise"))
    here = opened(request)

    def make() -> Response:
        year = _year(here, query)
        told = _told(here, code, year, query.get("unplaced", LIST))
        frame = features_of(told, by, names_of(here.book, code, year))
        names = [str(name) for name in frame.columns if name != "geometry"]
        plain = frame[names].astype(object).where(frame[names].notna(), None)
        missing = frame.geometry.isna().to_numpy()
        wkb = shapely.to_wkb(frame.geometry.to_numpy(), byte_order=1, output_dimension=2)
        shapes = geometries([None if none else each for none, each in zip(missing, wkb, strict=True)])
        rows = plain.itertuples(index=False, name=None)
        document = {
            "type": "FeatureCollection",
            "numberReturned": len(frame),
            "zone": code,
            "year": year,
            "by": by,
            "totals": told.totals,
            "choices": told.told.choices.as_json(),
            "features": features(plain[KEYS[by]], shapes, names, rows),
            "faults": [fault.as_json() for fault in told.faults],
        }
        return guarded(Response(dumped(document), media_type=GEOJSON))

    return fresh(request, here.stamp(), make)


@router.get("/emissions/years")
def read_years(request: Request, code: Code) -> Response:
    """The same values for several years as one document, for a year slider that begins at `year`."""
    query = request.query_params
    refuse_unknown(query, frozenset({"years", "year", "by", "unplaced", "f"}), ("json",))
    by = of_by(query.get("by", "enterprise"))
    here = opened(request)
    asked = query.get("years")

    def make() -> Response:
        years = _years(asked) if asked else here.kept("years", lambda: assessed_years(here.book))
        if not years:
            raise BadQuery("Nothing has been assessed yet, so years must be named, as years=2020-2024.")
        how = query.get("unplaced", LIST)
        key = ("emissions by year", code, tuple(years), how)
        told = here.kept(key, lambda: emissions_by_year(here.book, code, years, unplaced=how))
        begin = year_of(query["year"]) if "year" in query else max(told)
        return json_answer({**slider(code, told, by), "year": begin})

    return fresh(request, here.stamp(), make)


@router.get("/emissions.tif")
def read_grid(
    request: Request, code: Code, cell: Annotated[float, Query(allow_inf_nan=False)] = CELL_M
) -> Response:
    """Emissions of a zone in a year on a grid, as a Cloud Optimized GeoTIFF."""
    query = request.query_params
    refuse_unknown(query, frozenset({"year", "cell", "crs", "unplaced"}))
    here = opened(request)

    def make() -> Response:
        year = _year(here, query)
        told = _told(here, code, year, query.get("unplaced", LIST))
        made = emission_grid(told, cell, crs=query.get("crs") or None, most=MOST_CELLS, notice=here.notice())
        with tempfile.TemporaryDirectory() as folder:
            path = FilePath(folder) / "emissions.tif"
            made.write(path)
            answer = Response(path.read_bytes(), media_type=TIFF)
        safe = code.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
        answer.headers["Content-Disposition"] = f'attachment; filename="emissions-{safe}-{year}.tif"'
        return guarded(answer)

    return fresh(request, here.stamp(), make)


def _year(here: Opened, query: Any) -> int:
    return year_of(query["year"]) if "year" in query else newest(here)


def _years(said: str) -> list[int]:
    """`2020-2024` or `2020,2022`.

    >>> _years("2020-2022"), _years("2020,2024")
    ([2020, 2021, 2022], [2020, 2024])
    """
    first, dash, last = said.partition("-")
    years = range(year_of(first), year_of(last) + 1) if dash else map(year_of, said.split(","))
    made = sorted(set(years))
    if not 0 < len(made) <= MOST_YEARS:
        raise BadQuery(f"years={said!r} is no run of 1 to {MOST_YEARS} years. Write 2020-2024, or 2020,2024.")
    return made


def _told(here: Opened, code: str, year: int, unplaced: str) -> Emissions:
    key = ("emissions", code, year, unplaced)
    return here.kept(key, lambda: emissions_of(here.book, code, year, unplaced=unplaced))

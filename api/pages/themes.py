"""Columns by which a zone's parcels are coloured (专题列): survey, share, grade of the firm, exit list."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from api.emissions import emissions_of
from api.listings import exits
from api.listings.cover import DISAGREEMENT, differing, kept_cover
from api.listings.grades import graded
from api.listings.listing import Asked
from data.errors import MutanError
from data.units import m2_to_mu
from geo.cover import CANNOT_TELL, ONLY_LEDGER, ONLY_SATELLITE
from geo.land.share_parcels import share_parcels
from geo.land.survey import surveyed
from maps.emissions import COLUMN, classes

WITHOUT_CLASS = {
    "excused": "excused",
    "unranked": "unranked",
    "follows": "unranked",
    "merged": "unranked",
    "outside": "none",  # the scheme does not ask it to take part, which is known
}
COVER_GAP = {
    ONLY_LEDGER: "built_not_seen",
    ONLY_SATELLITE: "seen_not_built",
    CANNOT_TELL: "cannot_tell",
}


def with_themes(asked: Asked, parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The parcels with a column for each theme of `maps.themes` that the book has figures for.

    A theme that cannot be made, as grades without statements, is left out: the map is drawn all the same.
    """
    if not len(parcels):
        return parcels
    survey = surveyed(parcels)
    made = parcels.assign(survey=survey["survey"].astype(object), share_part=_share_part(survey))
    for name, column in (
        ("grade", _grades),
        (COLUMN, _emission),
        ("exit_reason", _exits),
        ("cover_gap", _cover),
    ):
        try:
            made[name] = column(asked, made)
        except MutanError:
            continue
    return made


def _share_part(survey: pd.DataFrame) -> pd.Series:
    """Whether each parcel stands above the line of the industrial share, below it only, or in neither."""
    told = share_parcels(survey)
    top, base = told["in_numerator"], told["in_denominator"]
    said = pd.Series(None, index=told.index, dtype=object)
    said = said.mask(base.eq(False).fillna(False), "outside").mask(base.fillna(False), "denominator")
    return said.mask(top.fillna(False), "numerator").mask(top.isna() | base.isna(), None)


def _grades(asked: Asked, parcels: pd.DataFrame) -> pd.Series:
    """The class of the enterprise on each parcel, or why it has none."""
    frame = graded(asked).frame.dropna(subset=["enterprise_id"]).drop_duplicates("enterprise_id")
    status = frame["status"].map(WITHOUT_CLASS)
    told = frame["class"].astype(object).where(frame["class"].notna(), status)
    by = dict(zip(frame["enterprise_id"], told, strict=True))
    return parcels["enterprise_id"].map(by).where(parcels["enterprise_id"].notna(), "none")


def _emission(asked: Asked, parcels: pd.DataFrame) -> pd.Series:
    """The class of emissions per mu of each parcel."""
    told = emissions_of(asked.book, asked.code, asked.year).parcels
    per_mu = told["tco2e"].to_numpy() / m2_to_mu(told["area_m2"].to_numpy())
    by = dict(zip(told["parcel_id"], classes(per_mu, told["emitter"]), strict=True))
    return parcels["parcel_id"].map(by).astype(object)


def _exits(asked: Asked, parcels: pd.DataFrame) -> pd.Series:
    """Whether each parcel is on the exit list as idle land, as that of a low-yield enterprise, or both."""
    frame = exits.make(asked).frame
    idle = set(frame.loc[frame["kind"] == "idle_land", "parcel_id"].dropna())
    low = set(frame.loc[frame["kind"] == "low_yield", "enterprise_id"].dropna())
    on = parcels["parcel_id"].isin(idle).to_numpy()
    of = parcels["enterprise_id"].isin(low).to_numpy()
    said = np.select([on & of, on, of], ["both", "idle", "low_yield"], "none")
    return pd.Series(said, index=parcels.index, dtype=object)


def _cover(asked: Asked, parcels: pd.DataFrame) -> pd.Series:
    """How each parcel stands between satellite and ledger, as it was kept last; unknown without."""
    found = [row for each in kept_cover(asked) for row in differing(each)]
    known = {row["parcel_id"]: COVER_GAP.get(row["verdict"]) for row in found}
    agree = "agree" if any(row["code"].endswith(DISAGREEMENT) for row in kept_cover(asked)) else None
    return parcels["parcel_id"].map(lambda own: known.get(own, agree)).astype(object)

"""Breakdowns (分项汇总): an inventory by gas, category, enterprise and industry; each sums to the total."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from carbon import CATEGORIES
from carbon.line import GASES
from carbon.pricing import GAS_COLUMNS

COUNTED = ("scope1", "scope2")
ZONE_ITSELF = ""
"""The enterprise of lines that the zone states itself"""


def by_gas(frame: pd.DataFrame) -> pd.DataFrame:
    """Known emissions by gas (分气体), tCO2e: `gas, scope1, scope2, total`; biogenic carbon dioxide last.

    Parameters
    ----------
    frame : priced lines, as `carbon.pricing.Priced` describes them

    A gas that no line emits is 0: every line was asked for each of them. Lines that are not told are in none.
    """
    of = frame["scope"].to_numpy()
    columns = [*GAS_COLUMNS.values(), "biogenic_t"]
    rows = [frame.loc[of == scope, columns].sum() for scope in COUNTED]
    made = pd.DataFrame(dict(zip(COUNTED, rows, strict=True))).reset_index(drop=True)
    made.insert(0, "gas", [*GASES, "biogenic CO2"])
    return made.assign(total=made["scope1"] + made["scope2"])


def by_category(frame: pd.DataFrame) -> pd.DataFrame:
    """Emissions by category (分类别): `category, label, scope` and the columns of `summed`."""
    made = summed(frame, frame["category"], "category")
    labels = {name: category.label for name, category in CATEGORIES.items()}
    scopes = {name: category.scope for name, category in CATEGORIES.items()}
    made.insert(1, "label", made["category"].map(labels).fillna(made["category"]))
    made.insert(2, "scope", made["category"].map(scopes).fillna(""))
    order = {name: place for place, name in enumerate(CATEGORIES)}
    return made.sort_values("category", key=lambda names: names.map(order), ignore_index=True)


def by_enterprise(frame: pd.DataFrame, enterprises: pd.DataFrame | None = None) -> pd.DataFrame:
    """Emissions by enterprise (分企业), largest first: `enterprise_id, name, industry` and `summed`.

    Power and heat passed on inside the park count with the enterprise that burned the fuel, so that the
    rows sum to the park; what each emits on its own account is told by `carbon.netting`.

    Parameters
    ----------
    enterprises : of the year, with `enterprise_id, name, industry`; the zone itself has the id ''
    """
    made = summed(frame, frame["enterprise_id"], "enterprise_id")
    about = _about(enterprises).reindex(made["enterprise_id"])
    made.insert(1, "name", about["name"].to_numpy())
    made.insert(2, "industry", about["industry"].to_numpy())
    return made.sort_values("known", ascending=False, kind="stable", ignore_index=True)


def by_industry(frame: pd.DataFrame, enterprises: pd.DataFrame) -> pd.DataFrame:
    """Emissions by division of GB/T 4754 (分行业): `industry` and `summed`.

    `industry` is two digits; empty where it is not known, `zone` for what the zone states itself.
    """
    division = _about(enterprises)["industry"].astype("str").fillna("").str.extract(r"^[A-Z]?(\d{2})")[0]
    of = frame["enterprise_id"].map(division).astype("str").fillna("")
    made = summed(frame, of.where(frame["enterprise_id"] != ZONE_ITSELF, "zone"), "industry")
    return made.sort_values("known", ascending=False, kind="stable", ignore_index=True)


def summed(frame: pd.DataFrame, key: pd.Series, name: str) -> pd.DataFrame:
    """Lines grouped by a key.

    Returns
    -------
    The key under `name`, `scope1, scope2` (known tCO2e), `known` (their sum), `tco2e` (the same, missing
    where a line is not told), `share` (of all that is known, 0 to 1), each gas, `biogenic_t`, `lines`,
    `open` (how many of them are not told), `ndrc910_tco2`
    """
    gases = [*GAS_COLUMNS.values(), "biogenic_t"]
    of = frame["scope"].to_numpy()
    counted = np.isin(of, COUNTED)
    tonnes = np.where(counted, frame["tco2e"].to_numpy(np.float64), np.nan)
    table = frame[[*gases, "ndrc910_tco2"]].where(pd.Series(counted, frame.index), np.nan, axis=0)
    table = table.assign(
        scope1=np.where(of == "scope1", tonnes, np.nan),
        scope2=np.where(of == "scope2", tonnes, np.nan),
        known=tonnes,
        open=(frame["missing"] != "").to_numpy(np.int64),
        lines=1,
    )
    made = table.groupby(key.to_numpy(), sort=False).sum()
    made.index = pd.Index(made.index, name=name)
    whole = float(np.nansum(tonnes))
    made["tco2e"] = made["known"].where(made["open"] == 0)
    made["share"] = made["known"] / whole if whole else np.nan
    order = ["scope1", "scope2", "known", "tco2e", "share", *gases, "lines", "open", "ndrc910_tco2"]
    return made[order].reset_index()


def _about(enterprises: pd.DataFrame | None) -> pd.DataFrame:
    """Name and industry by id."""
    if enterprises is None or not len(enterprises):
        return pd.DataFrame({"name": [], "industry": []}, dtype="str")
    return enterprises.drop_duplicates("enterprise_id").set_index("enterprise_id")[["name", "industry"]]


def labels() -> Mapping[str, str]:
    """Category -> Chinese term, of all that an inventory knows."""
    return {name: category.label for name, category in CATEGORIES.items()}

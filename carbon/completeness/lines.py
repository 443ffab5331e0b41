"""Lines laid out in arrays (填报行): read once, so that many expectations can be asked of many lines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carbon.ledger.checks import NOTHING, UNKNOWN
from carbon.tables import Flags, Floats, numbers, texts

Codes = NDArray[np.intp]


@dataclass(frozen=True)
class Lines:
    """The priced lines of a year, by enterprise.

    Parameters
    ----------
    firm : (n lines,) row of its enterprise among `carbon.completeness.Park.firms`, -1 where it is not there
    category, item : (n,) places in `categories` and `items`
    told : (n,) has an amount that is told
    lost : (n,) could not be told, for another reason than a key
    unknown, nothing : (n,) a key NE or C stands there; NO, NA or IE without an amount
    notation : (n,) the key as stated
    tonnes : (n,) tCO2e in scopes 1 and 2; nan elsewhere and where it is not told
    """

    firm: Codes
    category: Codes
    categories: pd.Index
    item: Codes
    items: pd.Index
    told: Flags
    lost: Flags
    unknown: Flags
    nothing: Flags
    notation: NDArray[np.object_]
    tonnes: Floats

    def answering(self, categories: Collection[str], items: Collection[str]) -> Codes:
        """The lines of one of the categories and one of the items; a key answers for any item.

        Parameters
        ----------
        items : none: any
        """
        rows = _among(self.categories, categories)[self.category]
        if items:
            rows &= _among(self.items, items)[self.item] | self.unknown | self.nothing
        return np.flatnonzero(rows)


def laid_out(frame: pd.DataFrame, firm: Codes) -> Lines:
    """A priced frame as arrays.

    Parameters
    ----------
    firm : of each line, the row of its enterprise
    """
    category, categories = pd.factorize(texts(frame, "category"))
    item, items = pd.factorize(texts(frame, "item"))
    key, keys = pd.factorize(texts(frame, "notation"))
    is_unknown, is_nothing = _among(keys, UNKNOWN)[key], _among(keys, NOTHING)[key]
    lost, stated = (texts(frame, "missing") != "").to_numpy(bool), ~np.isnan(numbers(frame, "amount"))
    scope, scopes = pd.factorize(texts(frame, "scope"))
    counts = _among(scopes, ("scope1", "scope2"))[scope]
    return Lines(
        firm,
        *(category, pd.Index(categories), item, pd.Index(items)),
        told=~lost & stated,
        lost=lost & ~is_unknown,
        unknown=is_unknown,
        nothing=is_nothing & ~stated & ~lost,
        notation=np.array(keys, dtype=object)[key] if len(keys) else np.array([], dtype=object),
        tonnes=np.where(counts, numbers(frame, "tco2e"), np.nan),
    )


def _among(names: pd.Index, wanted: Collection[str]) -> Flags:
    """Which of the names are among those wanted; a row more, so that no name at all can be asked too."""
    return np.array([*(name in wanted for name in names), False], dtype=bool)

"""What a park has stated in a year (园区填报), laid out so that it can be asked by enterprise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from carbon.category import Ask, Quote
from carbon.completeness.expectations import ZONE, Expectation
from carbon.completeness.lines import Lines, laid_out
from carbon.tables import Flags, Floats, numbers, texts
from data.codes.industries import division
from data.errors import ColumnMissing


@dataclass(frozen=True)
class Park:
    """One zone and year: its priced lines and its enterprises.

    Parameters
    ----------
    zone : its code, which stands for rows without an enterprise
    ask : year, place and choices that the lines were priced by
    frame, quotes : as `carbon.pricing.Priced` describes them
    enterprises : rows of the kind `enterprises`; other zones and years may stand among them

    Raises
    ------
    ColumnMissing : the enterprises bear no id
    """

    zone: str
    ask: Ask
    frame: pd.DataFrame
    quotes: Sequence[Quote]
    enterprises: pd.DataFrame

    def __post_init__(self) -> None:
        if "enterprise_id" not in self.enterprises.columns:
            raise ColumnMissing("enterprise_id", "Completeness", list(self.enterprises.columns))

    @cached_property
    def firms(self) -> pd.DataFrame:
        """The enterprises of the zone and year, each once, by enterprise_id, and last the zone itself.

        Columns: enterprise_id, industry, division, division_name, listed (bool: in the table of enterprises),
        asked (bool: states for itself; one below the scale may be stated by the zone), value_added_cny10k,
        energy_tce
        """
        table = self.enterprises
        here = np.ones(len(table), dtype=bool)
        if "zone" in table.columns:
            here &= (texts(table, "zone") == self.zone).to_numpy()
        if "year" in table.columns:
            here &= numbers(table, "year") == self.ask.year
        listed = table[here].drop_duplicates("enterprise_id")
        listed = listed[(texts(listed, "enterprise_id") != "").to_numpy()]
        stated = pd.Index(texts(self.frame, "enterprise_id").unique())
        known = pd.Index(texts(listed, "enterprise_id"))
        others = stated.difference(known).difference(pd.Index(["", self.zone]))
        made = pd.DataFrame({"enterprise_id": texts(listed, "enterprise_id").to_numpy()})
        made["industry"] = texts(listed, "industry").str.strip().to_numpy()
        for name in ("value_added_cny10k", "energy_tce", "electricity_mwh"):
            made[name] = numbers(listed, name)
        made["listed"] = True
        made["asked"] = _asked(listed)
        extra = pd.DataFrame({"enterprise_id": np.array([*others, self.zone], dtype=object), "industry": ""})
        made = pd.concat([made, extra.assign(listed=False, asked=False)], ignore_index=True)
        made["enterprise_id"] = made["enterprise_id"].astype("str")
        made["industry"] = made["industry"].astype("str").fillna("")
        of = division(made["industry"])
        made["division"] = of["division"].astype("str").fillna("").to_numpy()
        made["division_name"] = of["name"].astype("str").fillna("").to_numpy()
        return made

    @cached_property
    def codes(self) -> NDArray[np.intp]:
        """Of each line, the row of its enterprise in `firms`."""
        return self.of(self.frame)

    def of(self, frame: pd.DataFrame) -> NDArray[np.intp]:
        """Of each line of any frame, the row of its enterprise in `firms`; -1 where it is not among them."""
        codes, names = pd.factorize(texts(frame, "enterprise_id"))
        distinct = pd.Index([str(name) or self.zone for name in names])
        found = np.asarray(pd.Index(self.firms["enterprise_id"]).get_indexer(distinct), dtype=np.intp)
        return np.append(found, -1)[codes]

    @cached_property
    def ids(self) -> NDArray[np.object_]:
        """The enterprise_id of each of `firms`."""
        return self.firms["enterprise_id"].to_numpy(dtype=object)

    @cached_property
    def divisions(self) -> NDArray[np.object_]:
        """The division of each of `firms`; empty where it is not known."""
        return self.firms["division"].to_numpy(dtype=object)

    @cached_property
    def industries(self) -> tuple[NDArray[np.intp], list[tuple[str, str]]]:
        """Of each of `firms`, a place in the list of distinct industry codes; each code with its division."""
        places, names = pd.factorize(self.firms["industry"])
        of = division(pd.Series(names, dtype="str"))["division"].astype("str").fillna("")
        return places, list(zip(map(str, names), map(str, of), strict=True))

    def asked(self, expectation: Expectation) -> NDArray[np.intp]:
        """The rows of `firms` that an expectation is asked of; of the zone, the last one."""
        if expectation.of == ZONE:
            return np.array([len(self.firms) - 1], dtype=np.intp)
        places, distinct = self.industries
        within = np.array([expectation.asks(*each) for each in distinct], dtype=bool)
        return np.flatnonzero(within[places] & self.firms["asked"].to_numpy(bool))

    @cached_property
    def lines(self) -> Lines:
        """The priced lines as arrays."""
        return laid_out(self.frame, self.codes)

    @cached_property
    def tonnes(self) -> Floats:
        """tCO2e of each line in scopes 1 and 2; nan elsewhere and where it is not told."""
        return self.lines.tonnes


def _asked(listed: pd.DataFrame) -> Flags:
    """Who states for itself: every enterprise but those said to be below the scale."""
    if "above_scale" not in listed.columns:
        return np.ones(len(listed), dtype=bool)
    scale = texts(listed, "above_scale").str.strip().str.lower()
    below: Flags = scale.isin(["false", "0", "0.0", "否"]).to_numpy(bool)
    return ~below

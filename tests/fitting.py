"""Small tables fitted to kinds, for the tests of columns."""

from __future__ import annotations

import pandas as pd

from data.columns import fit
from data.kinds import kind
from data.records import Severity, Source, Table

SOURCE = Source("folder/企业.xlsx", "0" * 64, "xlsx")


def fitted(name, columns, first_row=2, **how):
    frame = columns if isinstance(columns, pd.DataFrame) else pd.DataFrame(columns)
    return fit(Table(frame, SOURCE, (), first_row), kind(name), **how)


def errors(table):
    return [(f.code, f.row, f.column) for f in table.faults if f.severity is Severity.ERROR]


def enterprise(**columns):
    return {"enterprise_id": ["1"], "name": ["甲"], "zone": ["G1"], "year": [2024], **columns}


def statistic(**columns):
    return {"zone": ["G1"], "period": ["2024"], "item": ["税收"], "unit": ["万元"], **columns}


def project(**columns):
    count = len(next(iter(columns.values())))
    return {"project_id": [f"p{i}" for i in range(count)], **columns}

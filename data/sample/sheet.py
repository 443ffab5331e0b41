"""A spreadsheet of an office's own (企业能源消费宽表): one row per enterprise, one column per energy."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import xlsxwriter

from data.sample.energy import ITEMS
from data.sample.firms import names_of
from data.sample.oddities import Made
from data.sample.plan import YEARS
from data.sample.records import NOTE, Sheet

SHEET_OF = "G411165"
SUPPLIER = "wide_energy_example"
COUNT = 25  # of its enterprises, the largest users
LATER = 1.03  # of the last year that is told: the sheet is of the year after
HEADERS = {
    ITEMS["electricity"]: "电力消费量(万千瓦时)",
    ITEMS["green"]: "外购绿电(万千瓦时)",
    ITEMS["solar"]: "光伏自发自用(万千瓦时)",
    ITEMS["natural_gas"]: "天然气消费量(万标准立方米)",
    ITEMS["bituminous_coal"]: "烟煤消费量(吨)",
    ITEMS["diesel"]: "柴油消费量(吨)",
}


def wide_sheet(made: Made) -> Sheet:
    """The energy of the year after the last, as the office of a zone would collect it; blank: none stated."""
    last = made.years[made.years["year"].eq(YEARS[-1]) & made.years["above_scale"]]
    firms = last.nlargest(COUNT, "energy_tce").sort_values("enterprise_id")
    table = made.activity[made.activity["year"].eq(YEARS[-1])]
    wide = table.pivot_table("amount", "enterprise_id", "item").reindex(firms["enterprise_id"])
    year = YEARS[-1] + 1
    frame = pd.DataFrame({
        "企业编号": firms["enterprise_id"].to_numpy(),
        "企业名称": names_of(firms).to_numpy(),
    })
    frame["开发区代码"] = made.land.plan.code
    for item, header in HEADERS.items():
        if item in wide:
            frame[header] = (wide[item] * LATER).round(2).to_numpy()
    titles = (f"示例：企业能源消费统计表 {year}年", NOTE)
    return Sheet(f"示例_企业能源宽表_{year}", made.land.plan.code, year, titles, frame, SUPPLIER)


def write_sheet(sheet: Sheet, path: Path) -> None:
    """Titles over the width of the table, the header below, one row per enterprise."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("能源消费")
    bold = book.add_format({"bold": True})
    for line, title in enumerate(sheet.titles):
        page.merge_range(line, 0, line, len(sheet.frame.columns) - 1, title, bold)
    first = len(sheet.titles)
    page.write_row(first, 0, [str(name) for name in sheet.frame.columns], bold)
    for line, cells in enumerate(sheet.frame.itertuples(index=False), start=first + 1):
        for column, cell in enumerate(cells):
            if cell == cell:
                page.write(line, column, cell)
    page.set_column(0, len(sheet.frame.columns) - 1, 16)
    book.close()

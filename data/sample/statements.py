"""What stands beside an amount (数据来源、设备、用途): from where it is, how sure, in what burned."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.sample.energy import ITEMS, tce_each
from data.sample.oddities import Made
from data.sample.plan import YEARS
from data.units import convert

METER, INVOICE, REPORT, GUESS = "计量表", "购销发票", "统计报表 P205", "估算"
# item -> where its amount comes from: usually, and with which chance from an invoice or a guess instead
SOURCES = {
    ITEMS["electricity"]: (METER, INVOICE, 0.3),
    ITEMS["green"]: ("绿电交易结算单", INVOICE, 0.2),
    ITEMS["solar"]: ("逆变器电表", GUESS, 0.2),
    ITEMS["natural_gas"]: (METER, INVOICE, 0.6),
    ITEMS["bituminous_coal"]: (INVOICE, "入厂磅单", 0.4),
    ITEMS["diesel"]: (INVOICE, GUESS, 0.3),
    ITEMS["heat"]: (METER, INVOICE, 0.2),
}
BLANK = 0.04  # of rows that do not say
SURE, QUITE = 0.5, 1.0  # per cent, of meters of power and of gas
IN_PLANT = ("lime", "steel", "metal", "chemicals")  # diesel there is burned in furnaces and yard machines
KILN = ("lime",)
NCV = (22.1, 23.4)  # GJ/t, measured of the coal of the power plant
MEASURED_HEAT = ("G411168", 2023, 0.0968)  # the supplier outside tells its factor from that year on, tCO2e/GJ
OWN_USE = 1.08  # of what the plant sends out: what it generates, its own use included


def dress(rng: np.random.Generator, made: Made) -> None:
    """The columns beside the amounts of all statements of energy, filled in; a blank is a blank.

    Parameters
    ----------
    made : `activity` with all columns, as `data.sample.lines.widen` makes it
    """
    table = made.activity
    trade = made.years.drop_duplicates("enterprise_id").set_index("enterprise_id")["trade"]
    of = table["enterprise_id"].map(trade).fillna("")
    _say_sources(rng, table)
    coal = table["item"].eq(ITEMS["bituminous_coal"])
    table.loc[coal & ~of.isin([*KILN, "plant"]) & of.ne(""), "equipment"] = "industrial_boiler"
    diesel = table["item"].eq(ITEMS["diesel"]) & ~of.isin(IN_PLANT)
    table.loc[diesel, "category"] = "vehicle"
    zone, since, factor = MEASURED_HEAT
    if made.land.plan.code == zone:
        heat = table["item"].eq(ITEMS["heat"]) & table["year"].ge(since)
        table.loc[heat, ["measured_tco2e", "source"]] = factor, "供热公司年度排放检测报告(示例)"
    if of.eq("plant").any():
        made.activity = _plant(rng, table, of.eq("plant"))


def _say_sources(rng: np.random.Generator, table: pd.DataFrame) -> None:
    """Each enterprise says the same of one item in all its years."""
    firm = table.groupby(["enterprise_id", "item"], sort=True).ngroup().to_numpy()
    chance = rng.random((3, firm.max() + 1))[:, firm]
    usual, other, share = (
        table["item"].map({item: said[place] for item, said in SOURCES.items()}) for place in range(3)
    )
    said = usual.where(chance[0] >= share.astype(float).fillna(0.0), other).fillna(METER)
    said = said.where(table["enterprise_id"].ne(""), REPORT)
    table["source"] = said.where(chance[1] >= BLANK, "")
    table.loc[table["source"].eq(GUESS), "quality"] = "L"
    table.loc[table["source"].eq(REPORT), "quality"] = "M"
    metered = table["source"].eq(METER) & (chance[2] < 0.25)
    table.loc[metered, "quality"] = "H"
    power = table["category"].eq("electricity")
    table.loc[metered & power & (chance[2] < 0.1), "uncertainty_pct"] = SURE
    table.loc[metered & table["item"].eq(ITEMS["natural_gas"]), "uncertainty_pct"] = QUITE


def _plant(rng: np.random.Generator, table: pd.DataFrame, mine: pd.Series[bool]) -> pd.DataFrame:
    """The plant measures its coal, tells what it burns for power and for heat, and what it generates."""
    table.loc[mine, "source"] = METER
    coal = table[mine & table["item"].eq(ITEMS["bituminous_coal"])].set_index("year")
    sold = table[mine].pivot_table("amount", "year", "item")
    kinds = [ITEMS["grid_power"], ITEMS["sold_power"]]
    sent = sold[kinds].sum(axis=1)
    heat = sold[ITEMS["sold_heat"]]
    share = heat / (heat + sent * convert(1.0, "万千瓦时", "GJ"))
    ncv = pd.Series(rng.uniform(*NCV, len(YEARS)).round(2), list(YEARS)).loc[coal.index]
    tonnes = coal["amount"] * tce_each("bituminous_coal") * convert(1.0, "tce", "GJ") / ncv
    parts = [
        coal
        .assign(amount=(tonnes * part).round(2), ncv_gj=ncv, purpose=purpose, equipment="power_boiler")
        .assign(source="皮带秤", uncertainty_pct=SURE, quality="H")
        .reset_index()
        for purpose, part in (("power", 1 - share), ("heat", share))
    ]
    of_power = mine & table["item"].eq(ITEMS["sold_power"])
    generated = table[of_power].assign(item="自发电")
    generated["amount"] = (sent.loc[generated["year"]].to_numpy() * OWN_USE).round(2)
    kept = table[~(mine & table["item"].eq(ITEMS["bituminous_coal"]))]
    table = pd.concat([kept, *parts, generated], ignore_index=True)[list(table.columns)]
    gas = table["enterprise_id"].isin(generated["enterprise_id"]) & table["item"].eq(ITEMS["natural_gas"])
    table.loc[gas, "purpose"] = "power"
    return table

"""rasterstats: the share of each class among the cells whose middle lies in each parcel.

python rasterstats_cover.py RASTER PARCELS OUT.csv
"""

import sys

import geopandas
import pandas
from rasterstats import zonal_stats

raster, parcels_path, out = sys.argv[1:]
parcels = geopandas.read_file(parcels_path)
found = zonal_stats(parcels.geometry, raster, categorical=True, stats="count")
rows = [
    (name, value, cells / said["count"])
    for name, said in zip(parcels["parcel_id"], found, strict=True)
    for value, cells in said.items()
    if value != "count"
]
pandas.DataFrame(rows, columns=["zone", "class", "share"]).to_csv(out, index=False)

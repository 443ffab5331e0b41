"""exactextract by itself: the share of each class in each parcel.

python exactextract_cover.py RASTER PARCELS OUT.csv STRATEGY
"""

import sys

import geopandas
import numpy
import pandas
from exactextract import exact_extract

raster, parcels_path, out, strategy = sys.argv[1:]
parcels = geopandas.read_file(parcels_path)
found = exact_extract(
    raster, parcels, ["unique", "frac"], include_cols=["parcel_id"], strategy=strategy, output="pandas"
)
sizes = [len(each) for each in found["unique"]]
rows = pandas.DataFrame({
    "zone": numpy.repeat(found["parcel_id"].to_numpy(), sizes),
    "class": numpy.concatenate(found["unique"].to_numpy()),
    "share": numpy.concatenate(found["frac"].to_numpy()),
})
rows.to_csv(out, index=False)

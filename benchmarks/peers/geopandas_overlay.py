"""geopandas: overlay, area in an equal-area plane, groupby.

python geopandas_overlay.py PARCELS ZONES OUT.csv
"""

import sys

import geopandas

parcels_path, zones_path, out = sys.argv[1:]
parcels = geopandas.read_parquet(parcels_path, columns=["land_class", "geometry"])
zones = geopandas.read_parquet(zones_path)
found = geopandas.overlay(parcels, zones, how="intersection", keep_geom_type=True, make_valid=False)
found["area_m2"] = found.to_crs("EPSG:6933").area  # equal area, so that plane area is ellipsoidal area
rows = found.groupby(["code", "land_class"])["area_m2"].agg(["sum", "size"]).reset_index()
rows.columns = ["zone", "class", "area_m2", "pieces"]
rows.to_csv(out, index=False)

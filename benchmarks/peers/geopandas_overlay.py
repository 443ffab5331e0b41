"""geopandas: overlay in an equal-area plane, area, groupby.

python geopandas_overlay.py PARCELS ZONES OUT.csv
"""

import sys

import geopandas

parcels_path, zones_path, out = sys.argv[1:]
plane = "EPSG:6933"  # equal area, so that plane area is ellipsoidal area
parcels = geopandas.read_parquet(parcels_path, columns=["land_class", "geometry"]).to_crs(plane)
zones = geopandas.read_parquet(zones_path).to_crs(plane)
found = geopandas.overlay(parcels, zones, how="intersection", keep_geom_type=True, make_valid=False)
found["area_m2"] = found.area
rows = found.groupby(["code", "land_class"])["area_m2"].agg(["sum", "size"]).reset_index()
rows.columns = ["zone", "class", "area_m2", "pieces"]
rows.to_csv(out, index=False)

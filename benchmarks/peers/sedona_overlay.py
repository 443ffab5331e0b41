"""SedonaDB: ST_Intersects join, ST_Intersection, ST_Area in an equal-area plane.

python sedona_overlay.py PARCELS ZONES OUT.csv
"""

import sys

import sedonadb

parcels_path, zones_path, out = sys.argv[1:]
sd = sedonadb.connect()
sd.sql("SET datafusion.execution.target_partitions = 2").execute()
sd.read_parquet(parcels_path).to_view("parcels")
sd.read_parquet(zones_path).to_view("zones")
pieces = sd.sql("""
    WITH p AS (SELECT land_class, ST_Transform(geometry, 'EPSG:6933') AS shape FROM parcels),
         z AS (SELECT code, ST_Transform(geometry, 'EPSG:6933') AS shape FROM zones),
         pieces AS (
             SELECT code, land_class, ST_Area(ST_Intersection(p.shape, z.shape)) AS area
             FROM p JOIN z ON ST_Intersects(p.shape, z.shape)
         )
    SELECT code AS zone, land_class AS class, sum(area) AS area_m2, count(*) AS pieces
    FROM pieces WHERE area > 0 GROUP BY code, land_class ORDER BY code, land_class
""")
pieces.to_csv(out)

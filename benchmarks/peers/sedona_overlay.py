"""SedonaDB: join on ST_Intersects, ST_Intersection unless covered, ST_Area in an equal-area plane.

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
    WITH pieces AS (
        SELECT code, land_class,
               CASE WHEN ST_CoveredBy(p.geometry, z.geometry)
                    THEN ST_Area(ST_Transform(p.geometry, 'EPSG:6933'))
                    ELSE ST_Area(ST_Transform(ST_Intersection(p.geometry, z.geometry), 'EPSG:6933'))
               END AS area
        FROM parcels AS p JOIN zones AS z ON ST_Intersects(p.geometry, z.geometry)
    )
    SELECT code AS zone, land_class AS class, sum(area) AS area_m2, count(*) AS pieces
    FROM pieces WHERE area > 0 GROUP BY code, land_class ORDER BY code, land_class
""")
pieces.to_csv(out)

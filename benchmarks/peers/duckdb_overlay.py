"""DuckDB spatial: join on ST_Intersects, ST_Intersection unless covered, ST_Area in an equal-area plane.

python duckdb_overlay.py PARCELS ZONES OUT.csv

The extension comes from its own package, so that nothing is loaded over the network. Pieces alone are moved
to the plane, and parcels that a zone covers are not cut: both save it time.
"""

import importlib.util
import sys
from pathlib import Path

import duckdb

parcels_path, zones_path, out = sys.argv[1:]
package = Path(importlib.util.find_spec("duckdb_extension_spatial").submodule_search_locations[0])
extension = next(package.glob(f"extensions/v{duckdb.__version__}/**/spatial.duckdb_extension"))
db = duckdb.connect(config={"autoinstall_known_extensions": "false", "threads": "2"})
db.execute(f"LOAD '{extension}'")
db.execute(f"""
    COPY (
        WITH pieces AS (
            SELECT code, land_class, CASE WHEN ST_CoveredBy(p.geometry, z.geometry) THEN p.geometry
                                          ELSE ST_Intersection(p.geometry, z.geometry) END AS piece
            FROM read_parquet('{parcels_path}') AS p
            JOIN read_parquet('{zones_path}') AS z ON ST_Intersects(p.geometry, z.geometry)
        ), measured AS (
            SELECT code, land_class,
                   ST_Area(ST_Transform(piece, 'EPSG:4326', 'EPSG:6933', always_xy := true)) AS area
            FROM pieces
        )
        SELECT code AS zone, land_class AS class, sum(area) AS area_m2, count(*) AS pieces
        FROM measured WHERE area > 0 GROUP BY ALL ORDER BY ALL
    ) TO '{out}' (HEADER)
""")

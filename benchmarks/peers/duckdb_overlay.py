"""DuckDB spatial: SPATIAL_JOIN on ST_Intersects, ST_Intersection, ST_Area in an equal-area plane.

python duckdb_overlay.py PARCELS ZONES OUT.csv

The extension comes from its own package, so that nothing is loaded over the network. Both layers are moved
to an equal-area plane first, for ST_Area_Spheroid takes longer than the rest together.
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
to_plane = "ST_Transform(geometry, 'EPSG:4326', 'EPSG:6933', always_xy := true)"
db.execute(f"""
    COPY (
        WITH parcels AS (SELECT land_class, {to_plane} AS shape FROM read_parquet('{parcels_path}')),
             zones AS (SELECT code, {to_plane} AS shape FROM read_parquet('{zones_path}')),
             pieces AS (
                 SELECT code, land_class, ST_Area(ST_Intersection(p.shape, z.shape)) AS area
                 FROM parcels AS p JOIN zones AS z ON ST_Intersects(p.shape, z.shape)
             )
        SELECT code AS zone, land_class AS class, sum(area) AS area_m2, count(*) AS pieces
        FROM pieces WHERE area > 0 GROUP BY ALL ORDER BY ALL
    ) TO '{out}' (HEADER)
""")

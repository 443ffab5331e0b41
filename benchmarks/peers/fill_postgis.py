"""The parcels into PostGIS by COPY, with a GiST index, statistics and a key.

python fill_postgis.py PARCELS ADDRESS
"""

import sys

import psycopg
import pyarrow.parquet as pq

parcels, address = sys.argv[1:]
with psycopg.connect(address, autocommit=True) as link:
    link.execute("CREATE EXTENSION postgis")
    link.execute(
        "CREATE TABLE parcels (id integer, parcel_id text, land_class text, geometry geometry(Polygon, 4490))"
    )
    file = pq.ParquetFile(parcels)
    with link.cursor().copy("COPY parcels FROM STDIN") as copy:
        number = 0
        for batch in file.iter_batches(50_000, columns=["parcel_id", "land_class", "geometry"]):
            rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            for parcel_id, land_class, wkb in rows:
                number += 1
                # EWKB: the type with the bit that says a reference system follows, and the system
                ewkb = b"\x01\x03\x00\x00\x20\x8a\x11\x00\x00" + wkb[5:]
                copy.write_row((number, parcel_id, land_class, ewkb.hex()))
    link.execute("CREATE INDEX ON parcels USING gist (geometry)")
    link.execute("ALTER TABLE parcels ADD PRIMARY KEY (id)")
    link.execute("VACUUM ANALYZE parcels")

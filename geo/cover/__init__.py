"""Land cover (地表覆盖): rasters held against polygons, against the ledger, and against each other."""

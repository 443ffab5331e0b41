"""Small layers in known places, for the tests of the CRS."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data.errors import CrsMissing
from geo.crs import declare

ZHENGZHOU = (112.7, 34.2, 114.3, 35.0)
ESRI = (
    'PROJCS["{name}",GEOGCS["GCS",DATUM["{datum}",SPHEROID["{spheroid}",{a},{f}]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{east}],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
SPHEROIDS = {
    "D_China_2000": ("CGCS2000", 6378137.0, 298.257222101),
    "D_CGCS_2000": ("CGCS2000", 6378137.0, 298.257222101),
    "D_Xian_1980": ("Xian_1980", 6378140.0, 298.257),
    "D_Beijing_1954": ("Krasovsky_1940", 6378245.0, 298.3),
    "D_unknown": ("Krasovsky_1940", 6378245.0, 298.3),
}


def esri(name, datum, meridian, east):
    spheroid, a, f = SPHEROIDS[datum]
    return ESRI.format(name=name, datum=datum, spheroid=spheroid, a=a, f=f, east=east, meridian=meridian)


def squares(x, y, crs=None, count=3, side=100.0):
    west = x + np.arange(count) * side
    return gpd.GeoDataFrame(
        {"n": range(count)}, geometry=shapely.box(west, y, west + side, y + side), crs=crs
    )


def degrees(lon, lat, crs=None, count=3):
    return squares(lon, lat, crs, count, 0.001)


def missing(frame, **how):
    with pytest.raises(CrsMissing) as caught:
        declare(frame, None, **how)
    return str(caught.value)

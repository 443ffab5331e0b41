"""PICTURES: what has been measured, drawn with Folium. Stands on `geo`, `carbon` and `data`."""

"""WHERE: layers in; areas, land indicators and boundary findings out. Stands on `data` alone."""

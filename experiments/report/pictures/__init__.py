"""One file per picture of a run; each says ``PLUG``, see `report.drawing`."""

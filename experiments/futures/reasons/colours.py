"""Colours of the causes, the same in every picture."""

from __future__ import annotations

from typing import Final

COLOURS: Final = {  # Paul Tol's muted and light schemes; closed hours are pale
    "fabric": "#882255",
    "table": "#DDCC77",
    "cutting": "#999933",
    "line_wait": "#CC6677",
    "line_busy": "#EE8866",
    "changeover": "#222222",
    "learning": "#AA4499",
    "sewing": "#332288",
    "absence": "#88CCEE",
    "stops": "#F0E442",
    "inspection": "#44AA99",
    "repair": "#661100",
    "finishing_wait": "#BBCC33",
    "finishing": "#117733",
    "shipping": "#999999",
    "night": "#DDDDDD",
    "day_off": "#F2F2F2",
}

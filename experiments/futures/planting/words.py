"""What a new plant's workbook tells its user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from factory_env.door.plants import layout

TITLES: Final[Mapping[str, tuple[str, str]]] = {
    layout.PLANT: ("The plant and its shared rooms", "Change the yellow cells."),
    layout.LINES: ("Sewing lines", "One row for each line. Point at a header for its meaning."),
    layout.SKILLS: (
        "What each line can sew, and how well",
        "Factor on the efficiency of its people: 1 = as usual, 0.85 = a seventh slower; blank = "
        "cannot sew it. A column for each product.",
    ),
    layout.MACHINES: (
        "Machines at each line, manned ones and spares",
        "Blank = none. A product needs one of each type in its bulletin. Point at a code for its "
        "name.",
    ),
    layout.CALENDAR: ("Hours and days", "Times as 08:00. Change the yellow cells."),
    layout.HOLIDAYS: (
        "Days on which nobody works",
        "Add the plant's own closing days; write no where a holiday is worked. They hold in runs "
        "with dates: an order book with dates, a site or a tariff.",
    ),
    layout.PEOPLE: (
        "People, as fitted to daily records",
        "Written by experiments/calibrate.py. Delete the sheet to use the scenario's people.",
    ),
    layout.BULLETINS: (
        "Operations of each product, in the order of sewing",
        "Minutes of one piece (SMV). grade: A (most skilled) to E; blank = usual on that machine.",
    ),
    layout.ORDERS: (
        "Order book",
        "Three examples: write your own over them. release = the fabric is in the house, due = it "
        "must leave. Priority 1 = usual, 2 = rush.",
    ),
}

READ_ME: Final[tuple[tuple[str, str], ...]] = (
    ("Your plant", ""),
    ("", "A factory for the simulator. It runs as it is; write your own numbers over these."),
    ("", "Yellow cells are yours. Headers stay as they are; columns and sheets may be moved."),
    ("", ""),
    ("Sheet", "What it holds"),
    ("plant", "Name, cutting tables, presses, packers; further rooms such as washing."),
    ("lines", "Sewing lines: fabric, home products, people."),
    ("skills", "Which line sews what, and how well."),
    ("machines", "Machines at each line."),
    ("calendar", "Shift, breaks, working days, overtime."),
    ("holidays", "Public holidays and closing days."),
    ("bulletins", "Operations, machines and minutes of each product."),
    ("orders", "Your order book, with three examples."),
    ("people", "Only if the plant was calibrated: grades, absence, learning."),
    ("", ""),
    ("Run it", "python experiments/simulate.py plant=my_plant.xlsx"),
    ("With orders", "python experiments/simulate.py plant=my_plant.xlsx orders=my_plant.xlsx"),
    ("Compare rules", "python experiments/evaluate.py plant=my_plant.xlsx agent=atcs"),
    (
        "Mistakes",
        "All of them are listed at once, by sheet and cell; nothing runs until all are right.",
    ),
)

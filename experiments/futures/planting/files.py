"""A plant as files in a folder: plant.yaml with its hours, bulletins.csv, orders.csv."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any, Final

from experiments.futures.planting.content import BULLETIN, ORDER, PlantContent, Row
from factory_env.domain.scenario import Scenario
from factory_env.door.plain_plant import plain_plant
from factory_env.door.yaml_text import yaml_text
from factory_env.whole_file import name_part, remove, write_whole_text

HEAD: Final = """\
# A plant of your own:
#   python experiments/simulate.py plant={folder}/plant.yaml orders={folder}/orders.csv
# rooms: servers, and people (crew) at one server. lines: operators, inspectors and repairers are
# people; skills: factor on their efficiency by product, 1 = as usual; machines: type -> machines.
# calendar: minutes after midnight; days_off: 0 = Monday; holidays: a country (BD), off in runs
# with dates; closed_dates: days of your own, 'YYYY-MM-DD'. bulletins: the file beside this one.
"""


def write_files(folder: Path, scenario: Scenario, content: PlantContent) -> list[Path]:
    """Write them into ``folder``, which appears whole or not at all if it is new."""
    is_new = not folder.exists()
    place = name_part(folder) if is_new else folder
    place.mkdir(parents=True, exist_ok=True)
    try:
        plain = plain_plant(scenario.plant, scenario.calendar)
        plain["calendar"]["closed_dates"] = [
            row[0].isoformat() for row in content.holidays if row[2] == "yes"
        ]
        text = HEAD.format(folder=folder) + yaml_text({**plain, "bulletins": "bulletins.csv"})
        write_whole_text(place / "plant.yaml", text)
        write_whole_text(place / "bulletins.csv", _csv_text(BULLETIN, content.bulletins))
        write_whole_text(place / "orders.csv", _csv_text(ORDER, content.orders))
        if is_new:
            os.replace(place, folder)
    finally:
        if is_new:
            remove(place)
    return [folder / name for name in ("plant.yaml", "bulletins.csv", "orders.csv")]


def _csv_text(header: Sequence[str], body: Sequence[Row]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    rows: list[Any] = [header, *body]
    writer.writerows(rows)
    return text.getvalue()

"""How hard does the washing room work, and how much water does it take?"""

from __future__ import annotations

from typing import Final

from factory_env.domain.records import RunLog

ROOM: Final = "washing"
L_PER_M3: Final = 1000.0

# key -> (label, unit, +1 if more is better, -1 if less is better, 0 if neither)
WASHING_LABELS: Final[dict[str, tuple[str, str, int]]] = {
    "washed_pieces": ("pieces washed", "pieces", 0),
    "wash_batches": ("batches washed", "", 0),
    "wash_fill_share": ("mean load of a washing machine", "share", 1),
    "wash_busy_share": ("washing machines in use", "share", 0),
    "wash_water_m3": ("water of the washing room", "m3", -1),
    "wash_water_l_per_piece": ("of this, per piece washed", "l", -1),
}


def washing(log: RunLog) -> dict[str, float]:
    """The figures of `WASHING_LABELS`; none if no product of the run is washed.

    A machine is in use from the start of loading until it is empty; the share is of the shift
    minutes of all machines. A batch counts when it has been loaded.
    """
    if ROOM not in log.tables:
        return {}
    batches, machines = log.tables[ROOM], log.facts["washing_machines"]
    count, pieces = len(batches["pieces"]), float(batches["pieces"].sum())
    water_l = float(batches["water_l"].sum())
    open_min = machines * log.working_days * log.facts["shift_min"]
    return {
        "washed_pieces": pieces,
        "wash_batches": float(count),
        "wash_fill_share": float(batches["kg"].sum())
        / max(1.0, count * log.facts["washing_capacity_kg"]),
        "wash_busy_share": float(batches["busy_work_min"].sum()) / open_min if open_min else 0.0,
        "wash_water_m3": water_l / L_PER_M3,
        "wash_water_l_per_piece": water_l / max(1.0, pieces),
    }

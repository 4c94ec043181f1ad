"""The calibrated plant: which lines, at which settled level, with which people."""

from __future__ import annotations

from dataclasses import dataclass, replace

from experiments.calibration.first_minute import UsualChange, curve_in_minutes, usual_change
from experiments.calibration.fits import Fits
from experiments.calibration.options import FROM_RECORDS, Options
from experiments.calibration.plant_file import (
    people_text,
    plant_text,
    preset_text,
    records_plant,
    with_people,
)
from experiments.calibration.settled_level import settled_productivity
from factory_env.door.daily_records import Records
from factory_env.domain.people import Curve, Grades
from factory_env.presets import read_group

ROUNDS = 3  # the level answers almost in proportion to the efficiencies


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibratedPlant:
    """A plant file and what went into it."""

    text: str
    name: str
    source: str
    grades: Grades
    scale: float  # on the scenario's efficiencies
    settled: float  # productivity of the plant's settled lines in the simulation
    curve: Curve | None
    change: UsualChange
    day_min: float  # minutes of a working day in the records, overtime included


def calibrated_plant(fits: Fits, records: Records, options: Options) -> CalibratedPlant:
    """Scale the grades to the level delivered, and write the plant with its people."""
    if options.plant == FROM_RECORDS:
        name = options.name or "records"
        plant = records_plant(fits.days, records.teams, name)
        head = (f"# One line per sewing team of {options.source}:\n# usual size [source: the "
                "records]; at home on products near its usual SMV. The records do not show\n# "
                "what a team is good at, so skills are 1; machines as in plant mid, in proportion "
                "to\n# operators [assumed].")  # fmt: skip
        text = plant_text(plant, head)
    else:
        plant = {k: v for k, v in read_group("plant", options.plant).items() if k != "people"}
        name, text = str(plant["name"]), preset_text(options.plant)
    change = usual_change(options.scenario)
    day_min = usual_day_min(records, options)
    learning = fits.learning
    curve = None if learning is None else curve_in_minutes(learning, change, day_min)
    base = Grades(**{k: tuple(v) for k, v in options.scenario["grades"].items()})
    scale, settled = 1.0, 0.0
    for _ in range(ROUNDS):
        grades = scaled(base, scale)
        settled = settled_productivity(plant, options.scenario, grades, fits.absence)
        scale *= fits.level / settled
    people = people_text(fits, grades, curve, options.source)
    return CalibratedPlant(
        text=with_people(text, people),
        name=name,
        source=options.source,
        grades=grades,
        scale=grades.efficiencies[0] / base.efficiencies[0],
        settled=settled,
        curve=curve,
        change=change,
        day_min=day_min,
    )


def scaled(grades: Grades, scale: float) -> Grades:
    """The same grades, all faster or slower."""
    return replace(grades, efficiencies=tuple(round(e * scale, 4) for e in grades.efficiencies))


def usual_day_min(records: Records, options: Options) -> float:
    """Minutes of a usual working day: the shift and the median overtime of a worker."""
    calendar = options.scenario["calendar"]
    shift = float(calendar["shift_end_min"]) - float(calendar["shift_start_min"])
    shift -= sum(float(end) - float(start) for start, end in calendar["breaks"])
    per_worker = records.sewing.overtime_min / records.sewing.workers
    return shift + float(sorted(per_worker.tolist())[len(per_worker) // 2])

"""The calibrated plant: which lines, at which settled level, with which people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from experiments.calibrating.even_lines import evened
from experiments.calibrating.first_minute import UsualChange, curve_in_minutes, usual_change
from experiments.calibrating.fits import Fits
from experiments.calibrating.options import FROM_RECORDS, CalibrateOptions
from experiments.calibrating.plant_file import (
    people_text,
    plant_text,
    preset_text,
    records_plant,
    with_people,
)
from experiments.calibrating.refine import Limits, Refined, refined
from experiments.calibrating.settled_level import settled_productivity
from factory_env.domain.people import Absence, DayForm, Grades, People
from factory_env.door.daily_records import Records
from factory_env.presets import read_group

ROUNDS = 2  # the level answers almost in proportion to the efficiencies


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibratedPlant:
    """A plant file and what went into it."""

    text: str
    name: str
    source: str
    people: People
    settled: float  # productivity of settled lines in the simulation
    direct: People  # fitted to the records without the simulation
    match: Refined | None  # None = not asked for, or too few style changes
    change: UsualChange
    day_min: float  # minutes of a working day in the records, overtime included


def calibrated_plant(fits: Fits, records: Records, options: CalibrateOptions) -> CalibratedPlant:
    """Fit the people, scale their grades to the plant, and write it."""
    scenario = options.replayed
    own = evened(records_plant(fits.days, records.teams, options.name or FROM_RECORDS), scenario)
    change, day_min = usual_change(scenario), usual_day_min(records, scenario)
    people = direct = _direct(fits, own, options, change, day_min)
    match = None
    if options.refine and fits.learning is not None:
        tau, memory = fits.learning.tau_days, fits.form.correlation
        limits = Limits(
            tau_days=(max(tau.low, 0.3), tau.high),
            correlation=(max(memory.low, 0.01), min(memory.high, 0.98)),
        )
        match = refined(fits.days, own, scenario, direct, limits, day_min)
        people = match.people
    settled = settled_productivity(own, scenario, people)
    if options.plant == FROM_RECORDS:
        name, text = str(own["name"]), plant_text(own, _head(options.source))
    else:
        plant = {k: v for k, v in read_group("plant", options.plant).items() if k != "people"}
        name, text = str(plant["name"]), preset_text(options.plant)
        people = levelled(people, plant, scenario, settled)
    section = people_text(people, fits, match, options.source)
    return CalibratedPlant(
        text=with_people(text, section),
        name=name,
        source=options.source,
        people=people,
        settled=settled,
        direct=direct,
        match=match,
        change=change,
        day_min=day_min,
    )


def levelled(
    people: People, plant: Mapping[str, Any], scenario: Mapping[str, Any], level: float
) -> People:
    """The people with efficiencies at which the plant's settled lines deliver ``level``."""
    for _ in range(ROUNDS):
        scale = level / settled_productivity(plant, scenario, people)
        efficiencies = tuple(round(e * scale, 4) for e in people.grades.efficiencies)
        people = replace(people, grades=replace(people.grades, efficiencies=efficiencies))
    return people


def usual_day_min(records: Records, scenario: Mapping[str, Any]) -> float:
    """Minutes of a usual working day: the shift and the median overtime of a worker."""
    calendar = scenario["calendar"]
    shift = float(calendar["shift_end_min"]) - float(calendar["shift_start_min"])
    shift -= sum(float(end) - float(start) for start, end in calendar["breaks"])
    per_worker = records.sewing.overtime_min / records.sewing.workers
    return shift + float(sorted(per_worker.tolist())[len(per_worker) // 2])


def _direct(
    fits: Fits,
    plant: Mapping[str, Any],
    options: CalibrateOptions,
    change: UsualChange,
    day_min: float,
) -> People:
    absence, form, learning = fits.absence, fits.form, fits.learning
    people = People(
        source=options.source,
        grades=Grades(**{k: tuple(v) for k, v in options.replayed["grades"].items()}),
        absence=Absence(
            mean=absence.mean.value,
            concentration=absence.concentration.value,
            after_day_off_factor=absence.after_day_off_factor.value,
            correlation=absence.correlation.value,
        ),
        form=DayForm(
            enabled=True,
            quantiles=form.quantiles,
            correlation=form.correlation.value,
            line_sd=form.line_sd.value,
            after_change=form.after_change.value,
        ),
        learning=None if learning is None else curve_in_minutes(learning, change, day_min),
    )
    return levelled(people, plant, options.replayed, fits.level)


def _head(source: str) -> str:
    return (
        f"# One line per sewing team of {' '.join(source.split())}:\n"
        "# usual size [source: the records]; at home on products near its usual SMV. The records\n"
        "# do not show what a team is good at: skills make all products equally fast on every\n"
        "# line; machines as in plant mid, in proportion to operators [assumed]."
    )

"""The numbers of a calibration for summary.json."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from experiments.calibrating.fits import Fits
from experiments.calibrating.intervals import Estimate
from experiments.calibrating.plant_people import CalibratedPlant
from factory_env.door.daily_records import Records


def summary_of(records: Records, fits: Fits, plant: CalibratedPlant) -> dict[str, Any]:
    """Fitted numbers, each with the ends of its interval, and what was left out."""
    found: dict[str, Any] = {
        "plant": plant.name,
        "source": plant.source,
        "teams": len(records.teams),
        "team_days": len(fits.days),
        "rows_left_out": records.rows_left_out,
        "notes": list(records.notes),
        "productivity_mean": float(fits.days.productivity.mean()),
        "productivity_sd": float(fits.days.productivity.std()),
        "level": fits.level,
        "settled_level": plant.settled,
        "grade_efficiencies": list(plant.people.grades.efficiencies),
        "form_sd": fits.form.sd,
    }
    estimates = {
        **_named("form", fits.form, ("correlation", "line_sd", "after_change")),
        **_named(
            "absence",
            fits.absence,
            ("mean", "concentration", "after_day_off_factor", "correlation"),
        ),
    }
    if fits.learning is not None and plant.people.learning is not None:
        found["style_changes"] = fits.learning.changes
        found["first_day_loss"] = plant.people.learning.first_day_loss
        estimates["day_loss"] = fits.learning.day_loss
        estimates["tau_days"] = fits.learning.tau_days
        estimates["days_lost"] = fits.learning.days_lost
    if fits.held_back is not None:
        found["share_at_target"] = fits.held_back.at_target
        estimates["free_level"] = fits.held_back.free_level
        estimates["held_back"] = fits.held_back.held_back
    if plant.match is not None:
        found["form_share"] = plant.match.form_share
        for name, moments in (("records", plant.match.records), ("simulated", plant.match.after)):
            found |= {f"{key}_{name}": value for key, value in asdict(moments).items()}
    for name, estimate in estimates.items():
        found[name] = estimate.value
        found[f"{name}_interval"] = [estimate.low, estimate.high]
    return found


def _named(prefix: str, fit: object, names: tuple[str, ...]) -> dict[str, Estimate]:
    return {f"{prefix}_{name}": getattr(fit, name) for name in names}

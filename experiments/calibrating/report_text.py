"""The report of a calibration: what was left out, what was fitted, how to read it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from experiments.calibrating.fits import Fits
from experiments.calibrating.intervals import Estimate
from experiments.calibrating.plant_people import CalibratedPlant
from factory_env.door.daily_records import Records

SHOWN = 200  # causes of rows left out that are listed


def report_text(
    records: Records, fits: Fits, plant: CalibratedPlant, pictures: Sequence[Path]
) -> str:
    """The whole report as Markdown."""
    parts = [
        "# Calibration",
        f"Source: {plant.source}. {len(records.teams)} sewing teams, {len(fits.days)} sewing "
        f"team-days, {len(records.working_days)} working days; {len(records.finishing)} "
        "finishing rows kept apart. Intervals: 95 %, by bootstrap over teams.",
        _left_out(records),
        _level(fits, plant),
        _learning(fits, plant),
        _form(fits),
        _absence(fits),
        _target(fits),
        _match(plant),
        "## Pictures\n\n" + "\n\n".join(f"![{p.stem}]({p.name})" for p in pictures),
    ]
    return "\n\n".join(parts) + "\n"


def _left_out(records: Records) -> str:
    lines = ["## What was left out, and what was noticed", ""]
    lines += [f"- {note}" for note in records.notes]
    lines.append(f"- rows left out: {records.rows_left_out}")
    lines += [f"- {item}" for item in records.causes[:SHOWN]]
    if len(records.causes) > SHOWN:
        lines.append(f"- and {len(records.causes) - SHOWN} more")
    return "\n".join(lines)


def _table(rows: Sequence[tuple[str, Estimate, str]]) -> str:
    lines = ["| number | value | 95 % interval | meaning |", "|---|---|---|---|"]
    lines += [
        f"| `{name}` | {e.value:.3g} | {e.low:.3g} to {e.high:.3g} | {meaning} |"
        for name, e, meaning in rows
    ]
    return "\n".join(lines)


def _level(fits: Fits, plant: CalibratedPlant) -> str:
    days = fits.days
    efficiencies = ", ".join(f"{e:.3f}" for e in plant.people.grades.efficiencies)
    return (
        "## Level\n\n"
        f"Delivered productivity: mean {days.productivity.mean():.3f}, standard deviation "
        f"{days.productivity.std():.3f}. A settled line on a day of mean form delivers "
        f"{fits.level:.3f}. The grades of plant {plant.name} are scaled to efficiencies of "
        f"{efficiencies}, at which its settled lines deliver {plant.settled:.3f} in the simulation."
    )


def _learning(fits: Fits, plant: CalibratedPlant) -> str:
    fit, curve, change = fits.learning, plant.direct.learning, plant.change
    if fit is None or curve is None:
        return (
            "## Learning\n\nToo few style changes, or a productivity that never varies: the plant "
            "keeps the learning classes."
        )
    table = _table(
        (
            ("level", fit.level, "settled productivity, mean of the teams"),
            ("day_loss", fit.day_loss, "share of it missing on the day of a change"),
            ("tau_days", fit.tau_days, "working days in which 63 % of the loss is made good"),
            ("days_lost", fit.days_lost, "settled days' work lost by one change, in all"),
        )
    )
    return (
        f"## Learning\n\n{fit.changes} style changes (days on which a team's SMV differs from the "
        f"day before), {fit.rows} team-days after one.\n\n{table}\n\n"
        f"In the simulation a change stops the line for {change.stop_min:.0f} minutes and leaves "
        f"it a learned share of {change.learned_share:.2f} (means of the scenario's table), so the "
        f"same work is lost with `first_day_loss` {curve.first_day_loss:.3f} and `tau_days` "
        f"{curve.tau_days:.2f}: the direct fit."
    )


def _form(fits: Fits) -> str:
    form = fits.form
    table = _table(
        (
            ("correlation", form.correlation, "of one working day with the next, normal scale"),
            ("after_change", form.after_change, "share of it that outlives a style change"),
            ("line_sd", form.line_sd, "spread between teams, of a state of variance 1"),
        )
    )
    middle = form.quantiles[len(form.quantiles) // 2]
    return (
        "## Form of the day\n\nDelivered productivity by level and learning has a standard "
        f"deviation of {form.sd:.3f}; worst day {form.quantiles[0]:.2f}, median {middle:.2f}, best "
        f"{form.quantiles[-1]:.2f}.\n\n{table}"
    )


def _absence(fits: Fits) -> str:
    fit = fits.absence
    table = _table(
        (
            ("mean", fit.mean, "absent share of a team"),
            ("concentration", fit.concentration, "of the beta distribution"),
            (
                "after_day_off_factor",
                fit.after_day_off_factor,
                "after a day off, against other days",
            ),
            ("correlation", fit.correlation, "of one working day with the next, normal scale"),
        )
    )
    return (
        "## Absence\n\nPeople present against the most people the team had within five working "
        f"days; {fit.moved} team-days on which people were moved between teams are left out. A "
        "team that is never complete looks complete: the mean is a lower bound.\n\n" + table
    )


def _target(fits: Fits) -> str:
    held = fits.held_back
    if held is None:
        return (
            "## Held back at the target\n\nHardly any team-day lies at its target, or none has "
            "one: delivered productivity is read as free."
        )
    table = _table(
        (
            ("free_level", held.free_level, "settled productivity without the target"),
            ("free_day_loss", held.free_day_loss, "share of it missing on the day of a change"),
            ("free_tau_days", held.free_tau_days, "days"),
            ("free_sd", held.free_sd, "scatter of a team-day around the free curve"),
            ("held_back", held.held_back, "free minus delivered productivity, mean"),
        )
    )
    return (
        f"## Held back at the target\n\n{held.at_target:.0%} of the team-days end within 0.001 of "
        f"the target, {held.short:.0%} fall short, {held.above:.0%} exceed it. Output is stopped "
        "at the target, or reported to it, so these rows say only that the team could do at least "
        "that much. Taken as censored, they give the free capacity:\n\n"
        f"{table}\n\n**The plant file describes what is delivered, not what could be**: level, "
        "learning and form are those of the records. A what-if that lifts the targets is not "
        "covered by them."
    )


def _match(plant: CalibratedPlant) -> str:
    match = plant.match
    if match is None:
        return "## Matched in simulation\n\nNot done: the plant file holds the direct fits."
    curve, form = match.people.learning, match.people.form
    assert curve is not None
    rows = "\n".join(
        f"| {meaning} | {getattr(match.records, name):.3f} | {getattr(match.before, name):.3f} "
        f"| {getattr(match.after, name):.3f} |"
        for name, meaning in (
            ("mean", "mean productivity"),
            ("sd", "standard deviation"),
            ("q05", "5 % quantile (not matched)"),
            ("lag1", "correlation with the next day, within a team"),
            ("day_loss", "share missing on the day of a change"),
            ("recovery_days", "days in which 63 % of it is made good"),
            ("style_drop", "fall on the day of a change against other days (not matched)"),
        )
    )
    return (
        "## Matched in simulation\n\nThe direct fits take line stops, filling lines, machine "
        "failures and time noise for part of learning and form; the simulation makes these by "
        "itself. So the records are replayed (same teams, same spells of styles), the replay is "
        "measured by the functions that measure the records, and level, learning and form are "
        "moved until both measure alike.\n\n"
        "| measured | records | direct fits | matched |\n|---|---|---|---|\n"
        f"{rows}\n\nThe plant file holds the matched numbers: `first_day_loss` "
        f"{curve.first_day_loss:.3f}, `tau_days` {curve.tau_days:.2f}, form of "
        f"{match.form_share:.0%} of the spread fitted directly, `correlation` "
        f"{form.correlation:.3f}. More form raises both the spread and the memory of a team: "
        "where the spread is too large and the memory too short, the two share the miss."
    )

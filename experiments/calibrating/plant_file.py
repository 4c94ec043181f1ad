"""Writes a plant file: lines from a preset or from the records' teams, and a section people."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from experiments.calibrating.absence import AbsenceFit
from experiments.calibrating.day_form import FormFit
from experiments.calibrating.fits import Fits
from experiments.calibrating.intervals import Estimate
from experiments.calibrating.refine import Refined
from experiments.calibrating.team_days import TeamDays
from factory_env.domain.people import Absence, DayForm, People
from factory_env.door.plants.plant_file import is_plant_book
from factory_env.door.yaml_text import yaml_text
from factory_env.library import load_library
from factory_env.presets import CONF, read_group

TEMPLATE = "mid"  # whose lines lend a new plant skills, machines, inspectors
NEAR = math.log(1.35)  # a team is at home on products whose SMV is so near its usual one
ROOMS = ("cutting_tables", "presses", "packers")  # as many as the sewing operators need


def with_people(plant_text: str, people: str) -> str:
    """A plant file's text with its section ``people`` put in or replaced; it stands last."""
    kept = re.sub(r"(?ms)^(#[^\n]*\n)*people:.*?(?=^\S|\Z)", "", plant_text)
    return kept.rstrip("\n") + "\n\n" + people


def preset_text(name: str) -> str:
    """The text of a shipped plant or of a user's file."""
    plain = read_group("plant", name)  # an unknown name or broken YAML is reported here
    if is_plant_book(name):
        return yaml_text(plain)
    path = CONF / "plant" / f"{name}.yaml"
    return (path if path.is_file() else type(path)(name)).read_text(encoding="utf-8")


def people_text(people: People, fits: Fits, match: Refined | None, source: str) -> str:
    """The section ``people`` as YAML, with marks and the intervals of the direct fits."""
    grades, curve, fitted = people.grades, people.learning, fits.learning
    head = [
        "# Written by experiments/calibrate.py. fit: fitted directly, with the 95 % interval by",
        "# bootstrap over teams; level, form and learning are then matched in simulation.",
        "people:",
        f"  source: {quote_yaml(source)}",
        "  grades:                   # shares and ratios [assumed], scaled to the level delivered",
        f"    shares: {_numbers(grades.shares)}",
        f"    efficiencies: {_numbers(grades.efficiencies)}",
        f"    defect_factors: {_numbers(grades.defect_factors)}",
    ]
    if curve is None or fitted is None:
        learning = ["  learning: null  # the records show none: too few changes, or no spread"]
    else:
        learning = [
            "  learning:                 # [source: the records, line stops of a change taken off]",
            f"    first_day_loss: {curve.first_day_loss:.3f}",
            _row("tau_days", curve.tau_days, fitted.tau_days),
        ]
    presence = _absence_lines(people.absence, fits.absence)
    return "\n".join([*head, *presence, *_form_lines(people.form, fits.form, match), *learning, ""])


def _absence_lines(absence: Absence, fit: AbsenceFit) -> list[str]:
    factor = "after_day_off_factor"
    return [
        "  absence:                  # [source: the records]",
        "    enabled: true",
        _row("mean", absence.mean, fit.mean),
        _row("concentration", absence.concentration, fit.concentration),
        _row(factor, absence.after_day_off_factor, fit.after_day_off_factor),
        _row("correlation", absence.correlation, fit.correlation),
    ]


def _form_lines(form: DayForm, fit: FormFit, match: Refined | None) -> list[str]:
    shown = [f"{q:.3f}" for q in form.quantiles]
    rows = [", ".join(shown[i : i + 11]) for i in range(0, len(shown), 11)]
    spread = "" if match is None else f"; {match.form_share:.0%} of the spread fitted directly"
    return [
        "  form:                     # [source: the records; delivered, held back at the target]",
        "    enabled: true",
        f"    # at equal probabilities{spread}",
        f"    quantiles: [{(',' + chr(10) + ' ' * 16).join(rows)}]",
        _row("correlation", form.correlation, fit.correlation),
        _row("line_sd", form.line_sd, fit.line_sd),
        _row("after_change", form.after_change, fit.after_change),
    ]


def _row(key: str, value: float, fit: Estimate) -> str:
    text = f"    {key}: {value:.4g}"
    return f"{text:<33} # fit {fit}"


def _numbers(values: tuple[float, ...]) -> str:
    return "[" + ", ".join(f"{v:.4g}" for v in values) + "]"


def records_plant(days: TeamDays, names: tuple[str, ...], plant: str) -> dict[str, Any]:
    """A plant with one line per team: its usual size, and a product near its usual SMV."""
    template = read_group("plant", TEMPLATE)
    lines = [
        _line(name, days.rows(days.team == i), template["lines"]) for i, name in enumerate(names)
    ]
    grow = sum(line["operators"] for line in lines) / sum(
        line["operators"] for line in template["lines"]
    )
    rooms = {
        name: math.ceil(count * grow) if name in ROOMS else count
        for name, count in template["rooms"].items()
    }
    stations = {
        name: {key: _grown(value, grow) for key, value in station.items()}
        for name, station in template.get("stations", {}).items()
    }
    return {"name": plant, "rooms": rooms, "stations": stations, "lines": lines}


def _grown(value: float, grow: float) -> float:
    """Whole numbers count people and machines; others are sizes of a machine."""
    return math.ceil(value * grow) if isinstance(value, int) else value


def _line(name: str, days: TeamDays, templates: list[Mapping[str, Any]]) -> dict[str, Any]:
    smv, operators = float(np.median(days.smv_min)), round(float(np.median(days.workers)))
    apart = {p: abs(math.log(p.smv_min / smv)) for p in load_library().products}
    nearest = min(apart, key=lambda p: apart[p])
    group = [p for p in apart if p.fabric_group == nearest.fabric_group]
    lines = [t for t in templates if t["fabric_group"] == nearest.fabric_group]
    machines: dict[str, int] = {}
    for line in lines:
        for machine, count in line["machines"].items():
            needed = math.ceil(count * operators / line["operators"])
            machines[machine] = max(machines.get(machine, 0), needed)
    return {
        "name": f"team-{name}",
        "fabric_group": nearest.fabric_group,
        "home": [p.name for p in group if apart[p] <= max(NEAR, apart[nearest])],
        "operators": operators,
        "skills": {p.name: 1.0 for p in group},
        "machines": dict(sorted(machines.items())),
        "inspectors": max(line["inspectors"] for line in lines),
        "repairers": max(line["repairers"] for line in lines),
    }


def plant_text(plant: Mapping[str, Any], head: str) -> str:
    """A plant as YAML; ``head`` is its first comment."""
    rows = [
        head,
        f"name: {quote_yaml(plant['name'])}",
        f"rooms: {_flow(plant['rooms'])}",
        "stations:",
    ]
    rows += [f"  {name}: {_flow(station)}" for name, station in plant["stations"].items()]
    rows.append("lines:")
    for line in plant["lines"]:
        rows.append(f"  - name: {quote_yaml(line['name'])}")
        for key, value in line.items():
            if key != "name":
                is_map = isinstance(value, Mapping)
                listed = f"[{', '.join(value)}]" if isinstance(value, list) else value
                rows.append(f"    {key}: {_flow(value) if is_map else listed}")
    return "\n".join(rows) + "\n"


def quote_yaml(text: str) -> str:
    """A text as YAML: plain where that is safe, else in quotes.

    >>> quote_yaml("team-1"), quote_yaml("Bob's: line")
    ('team-1', '"Bob\'s: line"')
    """
    is_plain = re.fullmatch(r"[A-Za-z][\w-]*(?:[ .][\w-]+)*", text)
    is_word = text.casefold() in ("true", "false", "yes", "no", "on", "off", "null", "nan", "inf")
    return text if is_plain and not is_word else json.dumps(text, ensure_ascii=False)


def _flow(mapping: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in mapping.items()) + "}"

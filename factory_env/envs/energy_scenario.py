"""A scenario with an energy side whose site is decided on, from names, files or a ready scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from omegaconf import OmegaConf

from factory_env.domain.energy import Control, EnergySetup
from factory_env.domain.scenario import Scenario
from factory_env.domain.series import SlotSeries
from factory_env.domain.site import OwnSeries
from factory_env.domain.tariff import Tariff
from factory_env.door.parts import build_part, unknown_keys
from factory_env.door.series_door import SeriesFormat, read_series
from factory_env.door.series_units import Kind
from factory_env.door.site_door import build_site
from factory_env.door.tariff_door import build_tariff
from factory_env.door.urdb import read_urdb
from factory_env.errors import InputError, Problem
from factory_env.presets import load_scenario, read_group

GROUPS: Final = ("site", "tariff", "control")  # first words of overrides that are laid over them
SERIES: Final[tuple[tuple[str, Kind], ...]] = (
    ("temperature", "temperature"), ("sun", "pv"), ("carbon", "carbon"),
)  # fmt: skip


def decided_scenario(
    plant: str,
    scenario: str | Scenario,
    overrides: Mapping[str, Any] | None,
    disruptions: str,
    site: str,
    tariff: str,
) -> Scenario:
    """A scenario in which somebody is asked how the site runs.

    Parameters
    ----------
    scenario
        A name, a file, or a ready `Scenario`; one that has an energy side keeps it, and is only
        switched to ``control.mode: agent``.
    overrides
        Dotted keys; those that begin with ``site.``, ``tariff.`` or ``control.`` are laid over
        these files, the others over the scenario's.

    Raises
    ------
    InputError
        If a name is unknown or anything in the files is wrong.
    """
    ours, theirs = _split(overrides or {})
    ready = (
        scenario
        if isinstance(scenario, Scenario)
        else load_scenario(plant, scenario, theirs, disruptions)
    )
    setup = ready.energy
    if setup is None:
        setup = energy_setup(ready.plant.workers, site, tariff, ours)
    return ready.replace(energy=replace(setup, control=replace(setup.control, mode="agent")))


def energy_setup(
    workers: int, site: str, tariff: str, overrides: Mapping[str, Any] | None = None
) -> EnergySetup:
    """Site and tariff of a plant with so many sewing operators, by name or file.

    ``tariff`` may also be a URDB file (``.json``). ``overrides``: dotted keys that begin with
    ``site.``, ``tariff.`` or ``control.``.
    """
    given = overrides or {}
    built = build_site(_laid_over(read_group("site", site), "site", given), f"site={site}")
    built = built.sized_for(workers)
    series = {name: _own(getattr(built, name), kind) for name, kind in SERIES}
    paid = _tariff(tariff, given).with_contract_kw(built.grid.sanctioned_kw)
    return EnergySetup(site=built, tariff=paid, control=_control(given), **series)


def _tariff(name: str, overrides: Mapping[str, Any]) -> Tariff:
    if name.endswith(".json"):
        return read_urdb(Path(name)).tariff
    raw = _laid_over(read_group("tariff", name), "tariff", overrides)
    folder = Path(name).parent if name.endswith((".yaml", ".yml")) else Path()
    return build_tariff(raw, f"tariff={name}", folder)


def _control(overrides: Mapping[str, Any]) -> Control:
    raw = _laid_over({}, "control", overrides)
    problems: list[Problem] = unknown_keys(Control, raw, "control", "")
    built = build_part(Control, raw, "control", problems)
    if problems:
        raise InputError(problems)
    assert isinstance(built, Control)
    return built


def _own(own: OwnSeries, kind: Kind) -> SlotSeries | None:
    """The user's own series; None if the built-in numbers hold."""
    if not own.file:
        return None
    how = SeriesFormat(kind=kind, clock=own.clock, zone=own.zone, repeats=own.repeats)
    return read_series(Path(own.file), own.column, how).series


def _split(overrides: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Overrides of the energy side, and of the scenario."""
    ours = {k: v for k, v in overrides.items() if k.split(".")[0] in GROUPS}
    return ours, {k: v for k, v in overrides.items() if k not in ours}


def _laid_over(raw: dict[str, Any], group: str, overrides: Mapping[str, Any]) -> dict[str, Any]:
    config = OmegaConf.create(raw)
    for key, value in overrides.items():
        if key.startswith(f"{group}."):
            OmegaConf.update(config, key.removeprefix(f"{group}."), value, force_add=True)
    plain: Any = OmegaConf.to_container(config, resolve=True)
    return {str(k): v for k, v in plain.items()}

"""The options of a calibration, checked together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

from experiments.command.checks import switch_from
from factory_env.door.gather import Gather
from factory_env.errors import InputError
from factory_env.presets import read_group

FROM_RECORDS = "records"
_WHOLE = {"draws": (20, 10000), "points": (5, 201), "seed": (0, 2**31)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user asked for."""

    data: Path
    until: date | None
    plant: str  # name or path, or `FROM_RECORDS`
    scenario_name: str
    scenario: Mapping[str, Any]
    name: str | None
    draws: int
    points: int
    seed: int
    refine: bool

    @property
    def source(self) -> str:
        """What the plant file says about its origin."""
        return self.data.name + ("" if self.until is None else f" until {self.until}")


def options_from(cfg: DictConfig) -> Options:
    """The options of a config.

    Raises
    ------
    InputError
        With every option that is wrong.
    """
    gather = Gather()
    plant, scenario_name = str(cfg.plant), str(cfg.scenario)
    data = gather(_data, cfg.data)
    until = gather(_day, cfg.until)
    whole = {key: gather(_whole, key, cfg[key]) for key in _WHOLE}
    if plant != FROM_RECORDS:
        gather(read_group, "plant", plant)
    scenario = gather(read_group, "scenario", scenario_name)
    refine = gather(switch_from, cfg, "refine")
    gather.done()
    assert data is not None
    assert scenario is not None
    return Options(
        data=data,
        until=until,
        plant=plant,
        scenario_name=scenario_name,
        scenario=scenario,
        name=None if cfg.name is None else str(cfg.name),
        refine=bool(refine),
        **{key: value for key, value in whole.items() if value is not None},
    )


def _data(value: Any) -> Path:
    if value is None:
        raise _wrong("data", "must be given", "nothing", "data=<csv>: one row per team and day")
    path = Path(str(value)).expanduser()
    if not path.is_file():
        raise _wrong("data", "must be a readable file", str(value), "check the path")
    return path


def _day(value: Any) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise _wrong(
            "until", "must be a day", f"{value!r}: {error}", "YYYY-MM-DD, e.g. 2015-02-28"
        ) from None


def _whole(key: str, value: Any) -> int:
    low, high = _WHOLE[key]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _wrong(
            key,
            f"must be a whole number from {low} to {high}",
            repr(value),
            f"e.g. {key}={max(low, 33)}",
        )
    return value


def _wrong(field: str, rule: str, got: str, right: str) -> InputError:
    return InputError.of("command line", field, rule, got, right)

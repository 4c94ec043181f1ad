"""What a person may say to ``calibrate.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from annotated_types import Interval
from pydantic import AfterValidator

from experiments.command.options import Day, needed, refusal
from factory_env.door.tables.reading import split_sheet
from factory_env.door.tables.table import AS_IT_SAYS, TableFormat
from factory_env.errors import InputError
from factory_env.presets import read_group

FROM_RECORDS = "records"


def _shipped_or_own(group: str, name: str) -> str:
    """A name in ``conf/<group>`` or the path of a YAML file."""
    try:
        if name != FROM_RECORDS:
            read_group(group, name)
    except InputError as error:
        raise refusal(error.problems[0].rule, error.problems[0].right) from None
    return name


def _table_file(path: Path) -> Path:
    """A file, or a sheet of one."""
    path = path.expanduser()
    if not split_sheet(path)[0].is_file():
        raise refusal("must be a readable file", "check the path")
    return path


TableFile = Annotated[Path, AfterValidator(_table_file)]
PlantName = Annotated[str, AfterValidator(partial(_shipped_or_own, "plant"))]
ScenarioName = Annotated[str, AfterValidator(partial(_shipped_or_own, "scenario"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrateOptions:
    """See conf/calibrate.yaml."""

    data: Annotated[TableFile, needed("data=<csv>: one row per team and day")]
    data_format: TableFormat = AS_IT_SAYS
    until: Day | None = None
    plant: PlantName = "mid"  # name or path, or `FROM_RECORDS`
    scenario: ScenarioName = "uci"  # name or path
    name: str | None = None
    refine: bool = True
    draws: Annotated[int, Interval(ge=20, le=10_000)] = 200
    points: Annotated[int, Interval(ge=5, le=201)] = 33
    seed: Annotated[int, Interval(ge=0, le=2**31)] = 0

    @property
    def source(self) -> str:
        """What the plant file says about its origin."""
        return self.data.name + ("" if self.until is None else f" until {self.until}")

    @property
    def replayed(self) -> Mapping[str, Any]:
        """The scenario under which the records are replayed."""
        return read_group("scenario", self.scenario)

    @property
    def shift_min(self) -> float:
        """Minutes of the scenario's shift, for records that say nothing about hours."""
        calendar = self.replayed["calendar"]
        shift = float(calendar["shift_end_min"]) - float(calendar["shift_start_min"])
        return shift - sum(float(end) - float(start) for start, end in calendar["breaks"])

"""What a person may say to ``new_plant.py``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

from annotated_types import Interval

from experiments.building.scenario import FactoryConfig
from experiments.command.options import Day
from factory_env.domain.public_holidays import knows_country
from factory_env.door.text_file import user_path
from factory_env.errors import Problem, wrong
from factory_env.units import DAYS_PER_WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlantOptions(FactoryConfig):
    """See conf/new_plant.yaml."""

    format: Literal["workbook", "files"] = "workbook"
    to: str | None = None  # a new workbook, or a new folder; None = in the run's folder
    country: str | None = None
    first_day: Day | None = None  # of the examples and of the list of public holidays
    years: Annotated[int, Interval(ge=1, le=10)] = 2

    @property
    def monday(self) -> date:
        """The first day of the example orders."""
        day = self.first_day or date.today()
        return day + timedelta(days=-day.weekday() % DAYS_PER_WEEK)

    @property
    def target(self) -> Path | None:
        """Where it goes, if somebody said so."""
        return None if self.to is None else user_path(self.to)

    def problems(self) -> Iterator[Problem]:
        """A country that is not known; a place that is taken, or no place."""
        where = "command line"
        if self.country is not None and not knows_country(self.country):
            rule = "must be a country whose public holidays are known"
            yield wrong(where, "country", rule, repr(self.country), "two letters, e.g. country=BD")
        target = self.target
        if target is None:
            return
        if target.exists():
            yield wrong(
                where, "to", "must be new", repr(self.to), "another name: nothing is overwritten"
            )
        elif not target.parent.is_dir():
            yield wrong(where, "to", "its folder must exist", repr(self.to), "make it first")
        elif self.format == "workbook" and target.suffix.casefold() != ".xlsx":
            right = "to=my_plant.xlsx, or format=files"
            yield wrong(where, "to", "must end in .xlsx", repr(self.to), right)

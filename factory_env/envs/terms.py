"""What every environment is given beside plant, scenario and reward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from factory_env.domain.limits import MOST
from factory_env.domain.scenario import Scenario
from factory_env.envs.scale import line_day_scale
from factory_env.envs.site_scenario import decided_scenario
from factory_env.errors import InputError, Problem, wrong
from factory_env.presets import CALM, SITE_TO_RUN, load_scenario

HUMAN: Final = "human"  # in a window, after every step
RENDER_MODES: Final = ("rgb_array", HUMAN)
REFUSE, PENALTY, NEAREST = "refuse", "penalty", "nearest"
ON_MASKED: Final = (REFUSE, PENALTY, NEAREST)
FREE, ONCE, NEVER = "free", "once", "never"
HOLDS: Final = (FREE, ONCE, NEVER)
AUTO: Final = "auto"
WHERE: Final = "environment"  # of problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Arguments that all environments share; `gymnasium.make` passes them on by name."""

    disruptions: str | None = None  # a name or a file; None = what the scenario asks for, or calm
    discount_per_day: float = 0.99  # told in the info, for learners that discount by time
    render_mode: str | None = None
    # what becomes of a masked action: it is refused, refused at a price, or the nearest legal one
    # is taken in its place
    on_masked: str = "refuse"
    masked_penalty_usd: float = 100.0  # of the reward, with on_masked="penalty"
    plans: bool = False  # a block ``plan``: what the rest would cost after each answer

    def __post_init__(self) -> None:
        if problems := self._problems():
            raise InputError(problems)

    @property
    def refusal_usd(self) -> float:
        """What a refused action is charged."""
        return float(self.masked_penalty_usd) if self.on_masked == PENALTY else 0.0

    def _problems(self) -> list[Problem]:
        """What is wrong in the arguments."""
        problems = []
        if self.on_masked not in ON_MASKED:
            rule = f"must be one of {', '.join(ON_MASKED)}"
            right = f"{self._default('on_masked')} if in doubt"
            problems.append(wrong(WHERE, "on_masked", rule, repr(self.on_masked), right))
        price = self.masked_penalty_usd
        if isinstance(price, bool) or not isinstance(price, int | float) or not 0 <= price <= MOST:
            rule = f"must be a number from 0 to {MOST}"
            problems.append(wrong(WHERE, "masked_penalty_usd", rule, repr(price), "e.g. 100"))
        a_day = self.discount_per_day
        if isinstance(a_day, bool) or not isinstance(a_day, int | float) or not 0 < a_day <= 1:
            rule = "must be a number above 0, up to 1"
            problems.append(wrong(WHERE, "discount_per_day", rule, repr(a_day), "e.g. 0.99"))
        if self.render_mode is not None and self.render_mode not in RENDER_MODES:
            rule = f"must be None or one of {', '.join(RENDER_MODES)}"
            problems.append(wrong(WHERE, "render_mode", rule, repr(self.render_mode), "e.g. None"))
        return problems + ([] if self.disruptions is None else self._check_names("disruptions"))

    def _default(self, name: str) -> Any:
        return next(field.default for field in fields(self) if field.name == name)

    def _check_names(self, *names: str) -> list[Problem]:
        """Which of the fields are no text."""
        rule = "must be a name or the path of a file"
        given = {name: getattr(self, name) for name in names}
        return [
            wrong(WHERE, name, rule, repr(value), f"e.g. {self._default(name) or CALM!r}")
            for name, value in given.items()
            if not isinstance(value, str)
        ]

    def load(
        self, plant: str, scenario: str | Scenario, overrides: Mapping[str, Any] | None
    ) -> Scenario:
        """The scenario that is played; a ready one is taken as it is."""
        if isinstance(scenario, Scenario):
            return scenario
        return load_scenario(plant, scenario, overrides, self.disruptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulingTerms(Terms):
    """Arguments of the second version of the scheduling environment."""

    on_masked: str = NEAREST
    hold: str = ONCE  # how often a line may be held: free, once until it takes an order, or never
    scale: str | float = AUTO  # rewards are so many times their money; auto = `line_day_scale`

    def _problems(self) -> list[Problem]:
        problems = super(SchedulingTerms, self)._problems()
        if self.hold not in HOLDS:
            rule = f"must be one of {', '.join(HOLDS)}"
            problems.append(wrong(WHERE, "hold", rule, repr(self.hold), "once if in doubt"))
        scale = self.scale
        is_number = isinstance(scale, int | float) and not isinstance(scale, bool)
        if scale != AUTO and not (is_number and 0 < float(scale) <= MOST):
            rule = f"must be auto or a number above 0, to {MOST}"
            problems.append(wrong(WHERE, "scale", rule, repr(scale), "auto if in doubt"))
        return problems

    def scale_for(self, scenario: Scenario) -> float:
        """What a dollar is worth in reward."""
        return line_day_scale(scenario) if self.scale == AUTO else float(self.scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTerms(Terms):
    """The same where somebody runs the site; names in ``conf`` or files (also URDB ``.json``)."""

    site: str = SITE_TO_RUN["site"]
    tariff: str = SITE_TO_RUN["tariff"]

    def _problems(self) -> list[Problem]:
        return super(SiteTerms, self)._problems() + self._check_names("site", "tariff")

    def load(
        self, plant: str, scenario: str | Scenario, overrides: Mapping[str, Any] | None
    ) -> Scenario:
        """The scenario that is played, in which somebody is asked how the site runs."""
        return decided_scenario(
            plant, scenario, overrides, self.disruptions, self.site, self.tariff
        )

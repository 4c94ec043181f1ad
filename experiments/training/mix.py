"""Other factories that take turns with the one of the config while lines are learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from experiments.building.scenario import scenario_from
from experiments.training.options import TrainOptions
from factory_env.domain.scenario import Scenario
from factory_env.errors import InputError, Problem, wrong
from factory_env.presets import load_scenario, read_group

AUTO: Final = "auto"
CALM: Final = "default"  # the scenario without what disturbs
CALM_TURNS: Final = 3  # of four


def read_mix(options: TrainOptions) -> Sequence[Scenario]:
    """The factories beside the config's own, each once per turn.

    ``auto``: the plant in the default scenario, three turns to one, if the config has another one:
    an agent that learned on calm days only is better in the real scenario than its rule. What the
    turns earn is not told from luck yet (docs/results.md).
    Else words as ``plant`` or ``plant/scenario``.

    Raises
    ------
    InputError
        If a word names no plant or scenario that ships.
    """
    if isinstance(options.mix, str):
        if options.mix == AUTO:
            return _calm_turns(options)
        right = "auto, or a list: mix=[small,mid/real]"
        rule = "must be auto or a list of plants"
        raise InputError.of("command line", "mix", rule, repr(options.mix), right)
    problems: list[Problem] = []
    factories: list[Scenario] = []
    for word in options.mix:
        plant, _, kind = str(word).partition("/")
        try:
            factories.append(load_scenario(plant, kind or CALM))
        except InputError as error:
            right = "; ".join(problem.right for problem in error.problems)
            problems.append(
                wrong("command line", "mix", "must name plants that ship", repr(word), right)
            )
    if problems:
        raise InputError(problems)
    return factories


def name_ground(scenario: Scenario) -> str:
    """``plant/scenario``."""
    return f"{scenario.plant.name}/{scenario.name}"


def _calm_turns(options: TrainOptions) -> Sequence[Scenario]:
    if options.scenario.get("name") == CALM or options.site is not None:
        return ()
    calm = replace(options, scenario=read_group("scenario", CALM), disruptions=None)
    return [scenario_from(calm)] * CALM_TURNS

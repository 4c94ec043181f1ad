"""The Gymnasium environment: an agent schedules the factory's sewing lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from factory_env.decision import FloorQuestion, Question, ask
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.envs.arguments import Source, check_index, check_reward, read_arguments
from factory_env.envs.episode import Episode
from factory_env.envs.one_agent import OneAgentEnv
from factory_env.envs.scheduling.encoder import Encoder, Observation, blocks_of
from factory_env.envs.scheduling.seat import FloorSeat
from factory_env.envs.scheduling.viewer import draw
from factory_env.envs.terms import Terms


class SchedulingEnv(OneAgentEnv[Observation, int]):
    """Which waiting order does the free sewing line take next?

    Description
    -----------
    A garment factory runs until a line (or, with ``flow.cutting_rule: agent``, a cutting
    table) needs work. One step answers that question and runs on to the next one, so steps
    are uneven in time.

    Action Space
    ------------
    ``Discrete(33)``: 0 holds the line until something changes, i takes the i-th visible
    order. The mask says which are legal; ``action_masks()`` gives it to maskable learners.
    A masked action is refused: the factory does not move, the reward is 0 and
    ``info["refused"]`` says why. After 1,000 in a row the episode is truncated: the
    run goes on to its end with every line held, its cost is the last reward, and
    ``info["why_truncated"]`` says so. ``on_masked="penalty"`` takes ``masked_penalty_usd``
    from the reward of a refused step; ``on_masked="nearest"`` takes the legal action whose
    number is nearest, and ``info["replaced"]`` says why: both are for learners that know no
    masks. Anything that is not a whole number from 0 to 32 raises
    `IllegalAnswer`. With ``overtime.mode: agent`` the agent is also asked, line by line, who
    stays in the evening: 0 sends the line home, i is the i-th length of ``overtime.options_min``.
    With ``inspection.lever: agent`` and an inspector with a threshold it is asked, whenever a line
    takes an order, how strictly its pieces are inspected: i is the i-th of
    ``inspection.strictness_options``, counted from 0.

    Observation Space
    -----------------
    ``Dict`` of flat blocks. ``orders`` is 32 rows x 28 features, ``lines`` 16 x 7, ``site``
    1 x 12, all float32 with bounds; ``mask`` is 33 of 0/1. Names and units:
    ``env.unwrapped.feature_names(block)``. Rows not in use are zero. With ``overtime.mode: agent``
    a block ``evening`` of 6 x 6 is added: zero unless overtime is asked; with
    ``inspection.lever: agent`` a block ``inspection`` of 8 x 13: zero unless a degree of strictness
    is asked, and then ``orders`` shows the order that is inspected.

    Reward
    ------
    Minus the cost [USD] accrued since the last decision (``reward="cost"``): lateness by
    steps, labour lost in changeover and learning, capital bound in work in progress, short
    shipment. The sum over an episode is minus the KPI ``total_cost_usd``.

    Starting State
    --------------
    Morning of day 0 with some days of work already cut. ``reset(seed=s)`` plays exactly the
    run of ``simulate(scenario, policy, s)``; without a seed a fresh training seed is drawn.

    Episode End
    -----------
    *Terminated* when every order is shipped, *truncated* at the horizon (60 working days).

    Information
    -----------
    ``elapsed_min``: wall minutes since the last decision; ``discount``:
    ``discount_per_day ** (elapsed_min / 1440)``, for learners that discount by time.

    Arguments
    ---------
    plant, scenario : names of shipped presets, paths of YAML files, or ``scenario`` a
        `Scenario`. disruptions : ``calm``, ``normal``, ``rough``, ... or a file; None = what the
        scenario asks for, or calm. overrides : dotted keys over the scenario file. reward : a
        file of ``envs/rewards``. prior : parameters of
        the line-matching ATCS index shown as the feature ``rule_log_index``. discount_per_day :
        0.99, see above. render_mode : None, ``rgb_array`` or ``human`` (a window).
        on_masked : ``refuse``, ``penalty`` or ``nearest``, see above. masked_penalty_usd : 100.

        plans : False; True adds the block ``plan``, 33 rows x 3: what all known orders would cost
        after each action, by a few hundred quick plans (three quarters of a millisecond a step).

    Copies
    ------
    ``env.unwrapped.clone()``, `copy.deepcopy` and pickling give an environment that stands where
    this one stands and goes on by itself, with the same luck ahead.

    Version History
    ---------------
    v0: first version. v1: `SchedulingEnvV1`, made for learners.
    """

    tells_parts: ClassVar[bool] = False
    terms_class: ClassVar[type[Terms]] = Terms

    def __init__(
        self,
        plant: str = "mid",
        scenario: str | Scenario = "default",
        overrides: Mapping[str, Any] | None = None,
        reward: str = "cost",
        prior: Mapping[str, float] | None = None,
        **more: Any,  # fields of `terms_class`
    ) -> None:
        source = Source(plant, scenario, overrides)
        own = {"reward": check_reward(reward), "prior": check_index(prior, "prior")}
        terms, played = read_arguments(self.terms_class, source, own, more)
        self.encoder = Encoder(prior, blocks_of(played, plans=bool(terms.plans)))
        self.energy_policy: EnergyPolicy | None = None  # who runs the site, if it is decided on
        self._floor = self._make_seat(terms)
        super().__init__(self._floor, played, reward, terms)

    @property
    def question(self) -> FloorQuestion | None:
        """The pending question."""
        return self._floor.question

    def feature_names(self, block: str) -> tuple[str, ...]:
        """Names of a block's features, in the order of a row."""
        return tuple(f.name for f in self.encoder.blocks[block].features)

    def action_masks(self) -> NDArray[np.bool_]:
        """Legal actions, shape (33,)."""
        return self._floor.masks()

    def rule_action(self) -> int:
        """What the rule of ``prior`` would do; the house where no order is chosen; 0 at the end."""
        return self._floor.rule_action()

    def answer_to_action(self, answer: int) -> int:
        """The action that means a policy's ``answer``; 1 if that order is out of sight."""
        return self._floor.encode(answer)

    def _make_seat(self, terms: Terms) -> FloorSeat:
        """Where the agent sits."""
        return FloorSeat(self.encoder)

    def _picture(self, episode: Episode) -> NDArray[np.uint8]:
        return draw(episode.factory, episode.floor_question)

    def _reply(self, question: Question) -> Any:
        """The site's own questions are answered as usual, or by ``energy_policy``."""
        return ask(self.energy_policy, question)

"""The order-scoring network: every waiting order is scored by the same small nets.

An MLP embeds each visible order joined with the global features; the mean of the embeddings
is the context; a second MLP scores (order, context), a third scores "hold". The result does
not depend on the order of the queue nor on its length. The log index of the line-matching
ATCS rule is added to the scores with a learnable weight, and the rule's own reason to hold to
the score of "hold", so that the untrained policy is about as good as the rule (a prior, in
the sense of residual policy learning).
"""

from __future__ import annotations

import torch
from gymnasium import spaces
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from torch import Tensor, nn

from factory_env.envs.observation import MAX_ORDERS
from factory_env.envs.observations.evening import ROWS as EVENING_ROWS
from factory_env.envs.observations.evening import Evening
from factory_env.envs.observations.inspection import ROWS as INSPECTION_ROWS
from factory_env.envs.observations.inspection import Inspection
from factory_env.envs.scheduling.encoder import EVENING, INSPECTION, Encoder

HOLD_BIAS = -4.0  # the untrained policy holds only where the rule does
HOLD_DAYS = 0.1  # the rule holds if its choice would end this much earlier on another line
HOLD_STEEPNESS = 40.0  # per day
HOUSE_LEAN = 2.0  # of the untrained policy to the house's degree of strictness
IS_HOUSE, CHEAPER = ([f.name for f in Inspection.features].index(n) for n in ("is_house", "saved"))
LABOUR, SAVED = ([f.name for f in Evening.features].index(n) for n in ("labour", "late_saved"))


class OrderScorer(BaseFeaturesExtractor):
    """Observation -> (33 scores, value features), concatenated, shape (batch, 33 + width).

    Parameters
    ----------
    width
        Width of all hidden layers.
    prior_weight
        Initial weight of the rule's log index in the scores; 0 switches the prior off.
    """

    def __init__(
        self, observation_space: spaces.Dict, width: int = 64, prior_weight: float = 1.0
    ) -> None:
        super().__init__(observation_space, MAX_ORDERS + 1 + width)
        blocks = Encoder().blocks
        names = [f.name for f in blocks["orders"].features]
        self._n_features = len(names)
        self._is_order = names.index("is_order")
        self._index = names.index("rule_log_index")
        self._sooner = names.index("sooner_elsewhere")
        lines, site = blocks["lines"], blocks["site"]
        n_global = lines.rows * len(lines.features) + len(site.features)
        self.summary = nn.Sequential(nn.Linear(n_global, width), nn.Tanh())
        self.embed = _mlp(self._n_features + width, width)
        self.score = nn.Sequential(_mlp(3 * width, width), nn.Linear(width, 1))
        self.hold = nn.Sequential(_mlp(3 * width, width), nn.Linear(width, 1))
        self.value_embed = _mlp(self._n_features + width, width)
        self.value = _mlp(3 * width, width)
        self.prior_weight = nn.Parameter(torch.tensor(float(prior_weight)))
        self.hold_prior = nn.Parameter(torch.tensor(-2.0 * HOLD_BIAS * float(prior_weight > 0)))
        self.evening = self.inspection = None
        if EVENING in observation_space.spaces:
            self.evening = _option_net(len(Evening.features) + width, width)
        if INSPECTION in observation_space.spaces:
            self.inspection = _option_net(len(Inspection.features) + 2 * width, width)
            self.house_lean = nn.Parameter(torch.tensor(HOUSE_LEAN * float(prior_weight > 0)))
        for head in (self.score[-1], self.hold[-1]):
            nn.init.zeros_(head.weight)  # type: ignore[arg-type]
            nn.init.zeros_(head.bias)  # type: ignore[arg-type]
        nn.init.constant_(self.hold[-1].bias, HOLD_BIAS)  # type: ignore[arg-type]

    def forward(self, observations: dict[str, Tensor]) -> Tensor:
        """Scores of hold and 32 orders, then the features of the value head.

        Questions show a handful of orders, so only rows in use are computed, all questions'
        rows in one list of M: ``owner`` says whose each row is.
        """
        batch = observations["orders"].shape[0]
        orders = observations["orders"].float().view(batch, MAX_ORDERS, self._n_features)
        used = orders[:, :, self._is_order] > 0.5
        owner, _ = used.nonzero(as_tuple=True)  # (M,)
        rows = orders[used]  # (M, features)
        count = used.sum(dim=1, keepdim=True).clamp(min=1)
        site = torch.cat([observations["lines"].float(), observations["site"].float()], dim=1)
        summary = self.summary(site)
        joined = torch.cat([rows, summary[owner]], dim=1)
        embedded = self.embed(joined)
        context = torch.cat([_summed(embedded, owner, batch) / count, summary], dim=1)
        row_scores = self.score(torch.cat([embedded, context[owner]], dim=1)).squeeze(1)
        row_scores = row_scores + self.prior_weight * rows[:, self._index]
        scores = orders.new_zeros(batch, MAX_ORDERS)
        scores[used] = row_scores
        chance = scores.masked_fill(~used, -1e9).softmax(dim=1)[used]
        best = _summed(embedded * chance.unsqueeze(1), owner, batch)
        hold = self.hold(torch.cat([best, context], dim=1))
        hold = hold + self.hold_prior * self._rule_holds(orders, used)
        value_rows = self.value_embed(joined)
        value_context = torch.cat([_summed(value_rows, owner, batch) / count, summary], dim=1)
        spread = orders.new_zeros(batch, MAX_ORDERS, value_rows.shape[1])
        spread[used] = value_rows
        value = self.value(torch.cat([value_context, spread.amax(dim=1)], dim=1))
        answers = torch.cat([hold, scores], dim=1)
        if self.evening is not None:
            answers = self._evening_scores(observations[EVENING].float(), summary, answers)
        if self.inspection is not None:
            shown = observations[INSPECTION].float()
            answers = self._inspection_scores(shown, context, answers)
        return torch.cat([answers, value], dim=1)

    def _evening_scores(self, evening: Tensor, summary: Tensor, answers: Tensor) -> Tensor:
        """Where overtime is asked, the scores of its lengths take the place of the others.

        Their prior is what the house's rule looks at: lateness saved minus labour.
        """
        assert self.evening is not None
        n, columns = EVENING_ROWS, len(Evening.features)
        rows = evening.view(-1, n, columns)
        joined = torch.cat([rows, summary.unsqueeze(1).expand(-1, n, -1)], dim=2)
        prior = self.prior_weight * (rows[:, :, SAVED] - rows[:, :, LABOUR])
        scores = answers.new_full(answers.shape, -1e9)
        scores[:, :n] = self.evening(joined).squeeze(2) + prior
        return torch.where(rows[:, :1, 0] > 0.5, scores, answers)

    def _inspection_scores(self, shown: Tensor, context: Tensor, answers: Tensor) -> Tensor:
        """The same where a degree of strictness is asked; ``context`` holds the order in question.

        The prior leans to what the house would do, and to what is expected to be cheaper.
        """
        assert self.inspection is not None
        n = INSPECTION_ROWS
        rows = shown.view(-1, n, len(Inspection.features))
        joined = torch.cat([rows, context.unsqueeze(1).expand(-1, n, -1)], dim=2)
        scores = answers.new_full(answers.shape, -1e9)
        prior = self.house_lean * rows[:, :, IS_HOUSE] + self.prior_weight * rows[:, :, CHEAPER]
        scores[:, :n] = self.inspection(joined).squeeze(2) + prior
        return torch.where(rows[:, :1, 0] > 0.5, scores, answers)

    def _rule_holds(self, orders: Tensor, used: Tensor) -> Tensor:
        """Near 1 where the rule's choice would end earlier on another line, else near 0."""
        index = orders[:, :, self._index].masked_fill(~used, -1e9)
        choice = index.argmax(dim=1, keepdim=True)
        sooner = orders[:, :, self._sooner].gather(1, choice)
        return torch.sigmoid((sooner - HOLD_DAYS) * HOLD_STEEPNESS)


class SplitScores(nn.Module):
    """Takes the scorer's output apart: scores for the actor, the rest for the critic."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.latent_dim_pi = MAX_ORDERS + 1
        self.latent_dim_vf = width

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        return self.forward_actor(features), self.forward_critic(features)

    def forward_actor(self, features: Tensor) -> Tensor:
        """The 33 scores, which are the logits."""
        return features[:, : self.latent_dim_pi]

    def forward_critic(self, features: Tensor) -> Tensor:
        """Input of the value head."""
        return features[:, self.latent_dim_pi :]


def _option_net(n_in: int, width: int) -> nn.Sequential:
    """Scores one option at a time; all alike at the start."""
    head = nn.Linear(width, 1)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    return nn.Sequential(_mlp(n_in, width), head)


def _mlp(n_in: int, width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(n_in, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh())


def _summed(rows: Tensor, owner: Tensor, batch: int) -> Tensor:
    """Sum of each question's rows, shape (batch, width)."""
    return rows.new_zeros(batch, rows.shape[1]).index_add(0, owner, rows)

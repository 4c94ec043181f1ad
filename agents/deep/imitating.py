"""Imitation of a planner: its answers, as chances, in the states that the learner itself comes to.

A teacher that knows what every answer would cost says more than its choice: answers nearly as
cheap are nearly as good. The first round the teacher plays; later ones the learner plays and the
teacher only says what it would have done (DAgger, Ross et al. 2011).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load
from sb3_contrib.common.maskable.policies import MaskableActorCriticPolicy

from agents.deep.checkpoint import fill_weights
from agents.deep.cloning import KEPT_OUT, log_probabilities, weight_groups
from agents.deep.cloning_examples import Examples
from agents.deep.goal import LinesStage, open_stage
from factory_env.decision import FloorQuestion, is_of_floor
from factory_env.decisions.order_choice import OrderChoice
from factory_env.domain.limits import Positive, Runs, Share, Size, SizeOrNone, TimesOrNone
from factory_env.envs.scheduling.actions import N_ACTIONS

LAST_RATE: Final = 0.05  # of the learning rate, at the end of a round


@dataclass(frozen=True, slots=True, kw_only=True)
class ImitateSettings:
    """How a network imitates a planner."""

    decisions: SizeOrNone = 0  # that the teacher labels in a round; 0 = no imitation
    rounds: Runs = 2  # the first one the teacher plays, the others the learner
    again: TimesOrNone = 0  # times in the course of PPO; then the network guides the planner
    teacher_moves: Size = 5_000  # plans that the teacher tries at a question
    heat_usd: Positive = 40.0  # an answer dearer by this is e times less likely
    stray: Share = 0.05  # of the answers given at random
    epochs: Runs = 6
    batch_size: Size = 256
    learning_rate: Positive = 1e-3


Chances = Callable[[OrderChoice], NDArray[np.float64]]  # of every answer, (answers,)


class Teacher(Protocol):
    """Says how good every answer is; travels to a worker."""

    def open(self) -> Chances:
        """What labels a question."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """Plays a seed and has every question labelled: a workplace whose jobs are weights and seed.

    Without weights the teacher plays.
    """

    stage: LinesStage
    teacher: Teacher
    stray: float

    def open(self) -> Callable[[tuple[bytes, int]], Examples]:
        """What plays a job."""
        torch.set_num_threads(1)
        with torch.random.fork_rng(devices=[]):
            env, policy = open_stage(self.stage)
            label = self.teacher.open()
        known = [b""]

        def play(job: tuple[bytes, int]) -> Examples:
            weights, seed = job
            if weights and weights != known[0]:
                fill_weights(policy.network, load(weights), "the learner's weights")
                known[0] = weights
            return self._play(env, policy.act if weights else None, label, seed)

        return play

    def _play(
        self, env: Any, act: Callable[[Any], int] | None, label: Chances, seed: int
    ) -> Examples:
        rng = np.random.default_rng(seed)
        shown: dict[str, list[NDArray[Any]]] = {name: [] for name in env.encoder.space().spaces}
        targets: list[NDArray[np.float32]] = []
        seen, _ = env.reset(seed=seed)
        is_over = False
        while not is_over:
            target = _label(label, env.question, env.encoder, seen["mask"])
            usual = env.answer_to_action(env.question.usual())
            action = usual if act is None else act(seen)
            if target is not None:
                targets.append(target)
                for name, rows in shown.items():
                    rows.append(seen[name])
                action = int(target.argmax()) if act is None else action
            if rng.random() < self.stray:
                action = int(rng.choice(np.flatnonzero(seen["mask"])))
            seen, _, terminated, truncated, _ = env.step(action)
            is_over = terminated or truncated
        return Examples(
            observations={name: np.stack(rows) for name, rows in shown.items()},
            actions=np.array([t.argmax() for t in targets], dtype=np.int64),
            targets=np.stack(targets),
        )


def _label(
    label: Chances, question: FloorQuestion | None, encoder: Any, mask: NDArray[Any]
) -> NDArray[np.float32] | None:
    """Chances of the actions; None where there is nothing to teach."""
    if not is_of_floor(question) or not isinstance(question, OrderChoice):
        return None
    if question.standing_line is None or mask.sum() < 2:
        return None
    chances = label(question)
    answers = question.answers(encoder.visible(question))
    target = np.zeros(N_ACTIONS, dtype=np.float32)
    target[: answers.shape[0]] = chances[answers]
    target *= mask
    total = target.sum()
    return target / total if total > 0.0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImitationFigures:
    """How near the network comes to its teacher, on examples kept out."""

    examples: int
    accuracy: float
    accuracy_before: float
    divergence: float  # cross-entropy above the teacher's own entropy, nats a decision

    def tell(self) -> str:
        """One line."""
        return (
            f"the teacher's answer in {self.accuracy:.1%} of kept-out decisions "
            f"({self.accuracy_before:.1%} before), {self.divergence:.2f} nats apart; "
            f"{self.examples:,} examples"
        )


def imitate(
    policy: MaskableActorCriticPolicy, examples: Examples, settings: ImitateSettings, seed: int
) -> ImitationFigures:
    """Teach ``policy`` the chances of ``examples``; its value head is left as it is."""
    assert examples.targets is not None
    n_kept = max(1, round(KEPT_OUT * len(examples)))
    train, kept = np.arange(len(examples) - n_kept), np.arange(len(examples))[-n_kept:]
    before = _judge(policy, examples, kept)
    rng = np.random.default_rng(seed)
    steps = settings.epochs * -(-train.size // settings.batch_size)
    optimizer = torch.optim.Adam(weight_groups(policy, settings.learning_rate))
    fade = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, LAST_RATE, total_iters=steps)
    policy.set_training_mode(True)
    for _ in range(settings.epochs):
        order = rng.permutation(train)
        for at in range(0, order.size, settings.batch_size):
            rows = order[at : at + settings.batch_size]
            log_p, _ = log_probabilities(policy, examples, rows)
            targets = torch.from_numpy(examples.targets[rows]).to(log_p.device)
            loss = -(targets * log_p).sum(dim=1).mean()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
            optimizer.step()
            fade.step()
    policy.set_training_mode(False)
    hits, apart = _judge(policy, examples, kept)
    return ImitationFigures(
        examples=len(examples), accuracy=hits, accuracy_before=before[0], divergence=apart
    )


def _judge(
    policy: MaskableActorCriticPolicy, examples: Examples, rows: NDArray[np.int64]
) -> tuple[float, float]:
    """Share of equal answers, and the divergence from the teacher."""
    assert examples.targets is not None
    hits, apart = [], []
    with torch.no_grad():
        for part in np.array_split(rows, -(-rows.size // 1024)):
            log_p, _ = log_probabilities(policy, examples, part)
            targets = torch.from_numpy(examples.targets[part]).to(log_p.device)
            entropy = -(targets * targets.clamp(min=1e-9).log()).sum(dim=1)
            apart.append((-(targets * log_p).sum(dim=1) - entropy).cpu().numpy())
            hits.append((log_p.argmax(dim=1) == targets.argmax(dim=1)).cpu().numpy())
    return float(np.concatenate(hits).mean()), float(np.concatenate(apart).mean())

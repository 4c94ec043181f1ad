"""Where weights are put to the test: whole runs of the real factory, in this process or in others.

A stage holds a network of its own, so the learner's is never touched, and a run is the same
whichever process plays it: one thread, the weights, the seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from safetensors.torch import load, save
from torch import nn

from agents.deep.checkpoint import fill_weights

Figures = Mapping[str, float]  # of one run [USD]
Job = tuple[bytes, int]  # weights, and the seed that is played with them
Play = Callable[["Rehearsal", Sequence[Job]], Sequence[Figures]]  # in their order


class Stage(Protocol):
    """Everything but the weights; travels to a worker."""

    def open(self) -> tuple[nn.Module, Callable[[int], Figures]]:
        """A network with any weights, and what plays a seed with those it has then."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A stage as a workplace: every job brings its weights."""

    stage: Stage

    def open(self) -> Callable[[Job], Figures]:
        """What plays a job; takes no random number from the learner."""
        torch.set_num_threads(1)
        with torch.random.fork_rng(devices=[]):
            network, play = self.stage.open()
        network.train(mode=False)
        known = [b""]

        def play_job(job: Job) -> Figures:
            weights, seed = job
            if weights != known[0]:
                fill_weights(network, load(weights), "the weights to be judged")
                known[0] = weights
            return play(seed)

        return play_job


def play_here() -> Play:
    """Plays jobs in this process, one after the other; stages stay open."""
    works: dict[int, tuple[Rehearsal, Callable[[Job], Figures]]] = {}

    def play(rehearsal: Rehearsal, jobs: Sequence[Job]) -> Sequence[Figures]:
        if id(rehearsal) not in works:
            works[id(rehearsal)] = (rehearsal, rehearsal.open())
        return [works[id(rehearsal)][1](job) for job in jobs]

    return play


def write_weights(network: nn.Module) -> bytes:
    """The present weights, as they travel."""
    return save({k: v.detach().cpu().contiguous() for k, v in network.named_parameters()})

"""What a learner began with beside what it became: the row ``start`` of a comparison.

Without it a table can not tell what was learned from what the untrained weights did already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agents.card import BEST_STEP, checkpoint_folder, find_saved, read_card
from experiments.evaluating.player import START
from experiments.evaluating.statistics import Estimate, bootstrap_ratio
from experiments.evaluating.tournament import Results

NOTHING_LEARNED: Final = "no checkpoint beat the start: what the table shows is the start"


def best_step(agent: str) -> int | None:
    """Decisions after which the best checkpoint of a run folder stood; 0 is the start."""
    card = read_card(checkpoint_folder(find_saved(agent) or Path(agent)))
    step = card.get(BEST_STEP, card.get("steps"))
    return None if step is None else int(step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What of an agent's advantage was learned, on the seeds of a comparison."""

    step: int | None  # of the best checkpoint
    ratio: Estimate  # agent / its start, seeds paired
    rule: str  # the best one
    start_share: float  # of the rule's cost, saved by the start
    learned_share: float  # ... and by learning

    @property
    def is_learned(self) -> bool:
        """Is the agent another one than its start?"""
        return self.step != 0

    def figures(self) -> dict[str, Any]:
        """For machines; shares are of the best rule's cost."""
        return {
            "best_step": self.step,
            "learned": self.is_learned,
            **self.ratio.figures("start_ratio"),
            "start_share": self.start_share,
            "learned_share": self.learned_share,
        }

    def sentence(self) -> str:
        """For people."""
        if not self.is_learned:
            return NOTHING_LEARNED
        low, high = self.ratio.low, self.ratio.high
        verdict = f"costs {self.ratio.mean:.3f} of its start ({low:.3f} .. {high:.3f})"
        if self.ratio.is_single or low <= 1.0 <= high:
            verdict += ", not distinguishable from it"
        at = "" if self.step is None else f" of step {self.step:,}"
        return (
            f"the best checkpoint{at} {verdict}; of the cost of {self.rule}, "
            f"{self.start_share:.1%} is saved by the start, {self.learned_share:.1%} by learning"
        )


def read_lesson(
    results: Sequence[Results], agent: str, folder: str, rule: Results, key: str
) -> Lesson | None:
    """What was learned; None if the start of the agent has not played.

    Parameters
    ----------
    agent
        Its name in the table.
    folder
        Its run folder.
    key
        The column of costs.
    """
    by_name: Mapping[str, Results] = {r.name: r for r in results}
    learned = by_name.get(agent)
    start = None if learned is None else by_name.get(learned.player.start or START)
    if learned is None or start is None:
        return None
    cost, begun, least = learned.mean(key), start.mean(key), rule.mean(key)
    return Lesson(
        step=best_step(folder),
        ratio=bootstrap_ratio(learned.columns[key], start.columns[key]),
        rule=rule.name,
        start_share=1.0 - begun / least,
        learned_share=(begun - cost) / least,
    )


def read_lessons(results: Sequence[Results], rule: Results, key: str) -> dict[str, Lesson]:
    """What was learned by everybody whose start has played, by name; see `read_lesson`.

    Their run folders are the words for the lines.
    """
    lessons = {
        r.name: read_lesson(results, r.name, r.player.lines, rule, key)
        for r in results
        if r.player.start
    }
    return {name: lesson for name, lesson in lessons.items() if lesson is not None}

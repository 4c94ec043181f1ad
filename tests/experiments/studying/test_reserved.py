"""Seeds that were used to make something are no seeds of a study."""

from __future__ import annotations

from experiments.studying.reserved import find_overlaps, read_usual


def told(seeds: range) -> str:
    return " ".join(problem.rule for problem in find_overlaps(seeds, read_usual()))


def test_the_seeds_on_which_the_planner_was_tuned_are_reserved() -> None:
    assert "agent=planner tuned on 220000 to 220047" in told(range(220_040, 220_060))
    assert told(range(220_048, 220_060)) == ""


def test_held_out_seeds_are_nobodys() -> None:
    assert told(range(100_000, 100_050)) == ""

"""How it was computed, and what has to be known of it."""

from __future__ import annotations

from experiments.futures.report.facts import Facts
from experiments.futures.report.section import Section


def tell_method(facts: Facts) -> Section:
    """Replications, seeds, luck, intervals, and the notes of the question."""
    seeds = sorted(outcome.seed for outcome in facts.runs(facts.base))
    span = f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {seeds[0]} to {seeds[-1]}"
    runs = sum(len(facts.runs(name)) for name in (facts.base, *facts.variants))
    seconds = sum(o.seconds for n in (facts.base, *facts.variants) for o in facts.runs(n))
    question = facts.question
    notes = [
        f"{runs:,} runs: {facts.count} of the base and of each variant ({span}); "
        f"{seconds:,.0f} s of simulation.",
        "Base and variant of one seed meet the same luck: the same arrivals, absences, stops and "
        "defects. Differences are taken run by run, so most of the luck cancels out.",
        "Intervals of differences are 95 % intervals of the mean (Student's of the pairs, wider on "
        "the side to which they are skewed); those of probabilities are Wilson's.",
        "An order turns late where it is on time in at least half of the base's runs and in less "
        "than half of the variant's, by more than chance (sign test of the pairs at 5 %); it is "
        "saved the other way round.",
        *question.notes,
    ]
    return Section(key="method", title="How this was computed", notes=notes)

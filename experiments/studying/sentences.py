"""What a study found in a few sentences, and how its numbers are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from experiments.studying.options import BEST_RULE

METHOD: Final = (
    "Every policy meets the same orders, absence and defects on an evaluation seed, so all "
    "differences are taken seed by seed. A policy that learns plays with every one of its agents, "
    "one a training seed; in tables by scenario their mean counts.",
    "Intervals of means and differences are of 95 %, by BCa bootstrap over evaluation seeds "
    "(Student's below 8 seeds). P-values are of a sign-flip test of the mean difference; Holm's "
    "correction takes all differences of the study as one family.",
    "The ratio over all scenarios is the interquartile mean, over agents and scenarios, of a "
    "policy's mean cost over the baseline's. The probability of costing less counts pairs of "
    "agents on the same evaluation seed, a draw as half. Their intervals, and those of the "
    "profiles, resample training seeds and evaluation seeds, both.",
    "Seeds are held out: a study on seeds of training, validation or tuning is refused.",
)


def say_in_short(results: Mapping[str, Any]) -> Iterator[str]:
    """Who is best, by how much, and what the study was played on."""
    first, last = results["evaluation_seeds"]
    scenes = len(results["scenarios"])
    agents = max((len(s) for s in results["training_seeds"].values()), default=0)
    learned = f", learners with {_count(agents, 'training seed')}" if agents else ""
    yield (
        f"{_count(len(results['policies']), 'policy', 'policies')} in {_count(scenes, 'scenario')} "
        f"on {_count(last - first + 1, 'evaluation seed')} ({first} to {last}){learned}; "
        f"{results['cells_played']} of {_count(results['cells'], 'run')} played."
    )
    rows = results["tables"]["aggregates"]
    if not rows:
        yield "Nobody has played everything: there is nothing to say over all scenarios."
        return
    best = rows[0]
    baseline = "the best rule of each scenario"
    if results["baseline"] != BEST_RULE:
        baseline = str(results["baseline"])
    ratio, low, high = best["ratio"], best["ratio_ci_low"], best["ratio_ci_high"]
    if ratio == low == high == 1.0:
        yield f"Cheapest is {best['policy']}, the baseline itself."
        return
    odds = f"cheaper on the same luck with probability {best['improvement']:.2f}"
    cost = f"{ratio:.3f} of the cost of {baseline} ({low:.3f} to {high:.3f})"
    yield f"Cheapest is {best['policy']}: {cost}, and {odds}."


def _count(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> _count(1, "run"), _count(2, "policy", "policies")
    ('1 run', '2 policies')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"

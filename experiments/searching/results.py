"""What a search found: the table of its trials, what matters among the settings, the best file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import optuna
from omegaconf import OmegaConf
from optuna.study import Study
from optuna.trial import FrozenTrial, TrialState
from rich.console import Console
from rich.table import Table

from experiments.command.run_folder import write_text
from experiments.searching.options import SearchOptions, merge_settings
from experiments.searching.space import Axis
from experiments.searching.study import finished_trials

SHOWN: Final = 10  # trials of the table
LEAST: Final = 6  # whole trials before anything can be said of what matters
BEST: Final = "best.yaml"


def write_results(
    study: Study, options: SearchOptions, axes: Sequence[Axis], folder: Path
) -> dict[str, Any]:
    """Write ``trials.csv`` and ``best.yaml``, print the best trials; figures for the summary."""
    trials = finished_trials(study)
    write_text(folder / "trials.csv", _table_text(trials, axes))
    whole = sorted((t for t in trials if t.state == TrialState.COMPLETE), key=_value)
    counts = {state.name.lower(): sum(t.state == state for t in trials) for state in TrialState}
    facts: dict[str, Any] = {
        "trials": len(trials),
        **{name: counts[name] for name in ("complete", "pruned", "fail")},
        "importance": _importance(study, whole),
    }
    if not whole:
        print("no trial came to its end: nothing to choose; trials.csv says why")
        return {**facts, "best_value": None}
    _print_trials(whole, axes)
    best = whole[0]
    agent = merge_settings(options.agent, best.params)
    write_text(folder / BEST, _head(best, options) + OmegaConf.to_yaml(OmegaConf.create(agent)))
    print(f"train with it: python experiments/train.py agent={folder / BEST}")
    return {
        **facts,
        "best_trial": best.number,
        "best_value": best.value,
        "best_params": best.params,
        "best_ratios": best.user_attrs.get("ratios"),
        "best_starts": best.user_attrs.get("starts"),
        "best_file": str(folder / BEST),
    }


def _value(trial: FrozenTrial) -> float:
    assert trial.value is not None
    return trial.value


def _head(best: FrozenTrial, options: SearchOptions) -> str:
    seeds = f"{options.seed} to {options.seed + options.seeds - 1}"
    return (
        f"# Trial {best.number} of experiments/search.py plant={options.plant_name}: median cost "
        f"on validation seeds\n# {best.value:.4f} of {options.rival}'s, training seeds {seeds}, "
        f"{options.steps} decisions each\nlearner: {options.training.learner}\n"
    )


def _importance(study: Study, whole: Sequence[FrozenTrial]) -> Mapping[str, float]:
    """Share of the settings in what tells good trials from the others (PED-ANOVA)."""
    if len(whole) < LEAST or len({trial.value for trial in whole}) < 2:
        return {}
    try:
        shares = optuna.importance.get_param_importances(study)
    except (RuntimeError, ValueError):  # of trials that are all alike
        return {}
    return {key: round(share, 3) for key, share in shares.items()}


def _print_trials(whole: Sequence[FrozenTrial], axes: Sequence[Axis]) -> None:
    table = Table(
        title=f"Best {min(len(whole), SHOWN)} of {len(whole)} whole trials",
        caption="cost: of the best checkpoint on the validation seeds, a ratio to the rule's, "
        "median over training seeds; start: the same before learning",
    )
    for name in ("trial", "cost", "seeds", "start"):
        table.add_column(name, justify="right")
    table.add_column("settings")
    for trial in whole[:SHOWN]:
        ratios, starts = (trial.user_attrs.get(key, []) for key in ("ratios", "starts"))
        table.add_row(
            str(trial.number),
            f"{trial.value:.4f}",
            " ".join(f"{ratio:.3f}" for ratio in ratios),
            f"{sorted(starts)[len(starts) // 2]:.3f}" if starts else "",
            "  ".join(f"{a.key} {_tell_value(trial.params.get(a.key))}" for a in axes),
        )
    Console().print(table)


def _tell_value(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _table_text(trials: Sequence[FrozenTrial], axes: Sequence[Axis]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    keys = [axis.key for axis in axes]
    more = ("ratios", "starts", "minutes", "error")
    writer.writerow(["trial", "state", "value", *more, *keys])
    for trial in trials:
        seen = trial.user_attrs
        noted = [" ".join(map(str, v)) if isinstance(v := seen.get(k), list) else v for k in more]
        row = [trial.number, trial.state.name.lower(), trial.value, *noted]
        writer.writerow([*row, *(trial.params.get(key) for key in keys)])
    return out.getvalue()

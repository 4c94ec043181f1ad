"""The study of a search: Optuna's, in a journal file that several processes share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.study import Study
from optuna.trial import FrozenTrial, TrialState

from experiments.searching.options import JOURNAL, SearchOptions
from experiments.searching.space import Axis
from factory_env.errors import ArtifactError
from factory_env.whole_file import write_whole_text

NAME: Final = "search"
ERROR: Final = "error"  # why settings cannot be learned with


def open_study(home: Path, options: SearchOptions, turn: int) -> Study:
    """The study whose journal lies in a folder; a new one if there is none.

    Parameters
    ----------
    turn
        Number of the trial that will be asked for: proposals depend on it and on the seed.
    """
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    startup, pruners = options.startup, optuna.pruners
    try:
        return optuna.create_study(
            study_name=NAME,
            storage=JournalStorage(JournalFileBackend(str(home / JOURNAL))),
            sampler=optuna.samplers.TPESampler(
                n_startup_trials=max(startup, 2), seed=(options.seed * 10_007 + turn) % 2**32
            ),
            pruner=pruners.MedianPruner(startup, 1) if options.pruning else pruners.NopPruner(),
            direction="minimize",
            load_if_exists=True,
        )
    except (ValueError, KeyError) as error:
        raise ArtifactError(f"{home / JOURNAL}: not a readable journal ({error})") from error


def begin_study(home: Path, options: SearchOptions, axes: Sequence[Axis]) -> None:
    """Start with the agent as its file says, as far as the space holds its values."""
    study = open_study(home, options, 0)
    here = {a.key: v for a in axes if a.holds(v := _setting(options.agent, a.key))}
    if here and not study.get_trials(deepcopy=False):
        study.enqueue_trial(here)


def mend_journal(home: Path) -> None:
    """Drop a last line that was being written when its process died."""
    path = home / JOURNAL
    text = path.read_text(encoding="utf-8", errors="replace")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        write_whole_text(path, whole)


def requeue_trials(home: Path, options: SearchOptions) -> int:
    """Queue trials anew whose process died before they ended; how many they are.

    No other process may search in the folder meanwhile.
    """
    study = open_study(home, options, 0)
    stale = study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
    for trial in stale:
        study.tell(trial.number, state=TrialState.FAIL)
        study.enqueue_trial(trial.params)
    return len(stale)


def finished_trials(study: Study) -> list[FrozenTrial]:
    """Trials that count: whole, ended early, or not to be learned with. Each would end so again."""
    return [
        trial
        for trial in study.get_trials(deepcopy=False)
        if trial.state in (TrialState.COMPLETE, TrialState.PRUNED) or ERROR in trial.user_attrs
    ]


def distributions(axes: Sequence[Axis]) -> dict[str, BaseDistribution]:
    """The axes as Optuna knows them."""
    return {axis.key: _distribution(axis) for axis in axes}


def _distribution(axis: Axis) -> BaseDistribution:
    if axis.choices:
        return CategoricalDistribution(axis.choices)
    low, high = axis.low, axis.high
    assert low is not None
    assert high is not None
    if axis.is_whole:
        return IntDistribution(int(low), int(high), log=axis.log, step=int(axis.step or 1))
    return FloatDistribution(low, high, log=axis.log, step=axis.step)


def _setting(agent: Mapping[str, Any], key: str) -> Any:
    """The value of a dotted key; None if there is none."""
    place: Any = agent
    for part in key.split("."):
        place = place.get(part) if isinstance(place, Mapping) else None
    return place


@contextmanager
def claim_search(home: Path) -> Iterator[None]:
    """Nobody else searches in the folder meanwhile.

    Raises
    ------
    ArtifactError
        If somebody does.
    """
    import fcntl

    with (home / f"{JOURNAL}.claim").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ArtifactError(f"{home}: this search is still going on; wait or end it") from None
        yield

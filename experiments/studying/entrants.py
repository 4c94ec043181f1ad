"""Who plays in a study: every policy once per training seed, checked before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agents import energy
from agents.card import find_saved
from experiments.building.decider import RULE, TUNED_RULE, is_own, list_unsaid, read_decider
from experiments.command.options import read_options
from experiments.evaluating.player import Player
from experiments.studying.options import STUDY, Entry, Study
from factory_env.catalogue import plug_names
from factory_env.door.gather import Gather
from factory_env.door.yaml_text import read_yaml
from factory_env.errors import InputError, Problem, wrong

ENERGY, JOINT = "energy", "joint"
SETTLED: Final = ("seed", "resume", "hydra.run.dir", "name", "json")  # words of train.py


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A policy, or one of the agents that a recipe trained."""

    policy: str
    training_seed: int | None  # None = it does not learn
    player: Player
    inspector: str | None = None

    @property
    def name(self) -> str:
        """In messages: the policy, and its training seed if it has one."""
        seed = self.training_seed
        return self.policy if seed is None else f"{self.policy} (training seed {seed})"


def read_entries(study: Study, words: Sequence[str], gather: Gather) -> dict[str, Entry]:
    """The policies of a study by name.

    Parameters
    ----------
    words
        The command line: code runs only where it is named there.
    """
    entries = {}
    for name, said in study.policies.items():
        place = f"{STUDY}.policies.{name}"
        content = said if isinstance(said, Mapping) else {"agent": said}
        entry = read_options(Entry, content, gather, place)
        given = [k for k in ("agent", "runs", "train") if getattr(entry, k)]
        if len(given) != 1:
            rule, right = "must have one of agent, runs and train", "e.g. agent: edd"
            gather.add([wrong("study", place, rule, ", ".join(given) or "none of them", right)])
            continue
        if entry.train and not study.training_seeds:
            right = "study.training_seeds=[1,2,3,4,5]"
            rule = "needs the training seeds of the study"
            gather.add([wrong("study", f"{place}.train", rule, "none", right)])
        gather.add(_list_unsaid(name, entry, words))
        entries[name] = entry
    return entries


def _list_unsaid(name: str, entry: Entry, words: Sequence[str]) -> Iterator[Problem]:
    """Code that the study names and the command line does not; what a recipe must not say."""
    place = f"{STUDY}.policies.{name}"
    said = [w.replace(f"also.{name}=", f"{place}=", 1) for w in (x.lstrip("+") for x in words)]
    yield from list_unsaid({place: entry.agent}, [place], said, "study")
    for word in entry.train or ():
        key, equals, value = word.partition("=")
        if not equals or key in SETTLED:
            rule = "must be key=value of train.py, without what the study settles"
            yield wrong("study", f"{place}.train", rule, repr(word), "e.g. agent=ppo")
        elif any(is_own(part) for part in value.strip("[]").split(",")):
            rule, right = "names code, and no recipe makes code run", "train it yourself: runs="
            yield wrong("study", f"{place}.train", rule, repr(word), right)


def list_entrants(
    study: Study, entries: Mapping[str, Entry], home: Path, gather: Gather
) -> list[Entrant]:
    """Everybody who plays; agents of recipes are looked for where they are going to be trained.

    Parameters
    ----------
    home
        The study's folder.
    """
    entrants = []
    for name, entry in entries.items():
        place = f"{STUDY}.policies.{name}"
        for seed, word in _list_words(name, entry, study, home, gather):
            player = gather(_make_player, name, word, study, place)
            if player is not None:
                entrants.append(
                    Entrant(
                        policy=name, training_seed=seed, player=player, inspector=entry.inspector
                    )
                )
    return entrants


def _list_words(
    name: str, entry: Entry, study: Study, home: Path, gather: Gather
) -> Iterator[tuple[int | None, str]]:
    if entry.agent:
        yield None, entry.agent
    elif entry.train:
        yield from ((seed, str(train_folder(home, name, seed))) for seed in study.training_seeds)
    else:
        seeds = [gather(_read_training_seed, run, name) for run in entry.runs or ()]
        if len({s for s in seeds if s is not None}) < sum(s is not None for s in seeds):
            rule, right = "must be of different training seeds", "one run folder a seed"
            got = f"seeds {', '.join(map(str, seeds))}"
            gather.add([wrong("study", f"{STUDY}.policies.{name}.runs", rule, got, right)])
        yield from ((seed, run) for seed, run in zip(seeds, entry.runs or (), strict=True))


def train_folder(home: Path, policy: str, seed: int) -> Path:
    """Where the agent of a recipe is trained into."""
    return home / "trainings" / f"{policy}-{seed}"


def _read_training_seed(run: str, name: str) -> int:
    config = Path(run.partition(":")[0]) / "config.yaml"
    content = read_yaml(config, literal=True) if config.is_file() else {}
    if not isinstance(content.get("seed"), int):
        rule, right = "must be a run folder of train.py", "e.g. runs/train/<date>"
        raise InputError.of("study", f"{STUDY}.policies.{name}.runs", rule, repr(run), right)
    return int(content["seed"])


def _make_player(name: str, word: str, study: Study, place: str) -> Player:
    """Who a word means in the study's environment.

    Raises
    ------
    InputError
        If the values behind it cannot be read.
    """
    is_saved = find_saved(word) is not None
    if study.env == ENERGY:
        is_rule = word.partition("@")[0] in plug_names(energy) and not is_saved
        return Player(name=name, lines=study.scheduler, site=word, is_rule=is_rule)
    lines, plus, site = word.partition("+")
    if study.env == JOINT and plus and not is_saved:
        is_rule = _is_rule(lines) and site.partition("@")[0] in plug_names(energy)
        return Player(name=name, lines=lines, site=site, is_rule=is_rule)
    if study.env == JOINT:
        return Player(name=name, lines=word, is_joint=True, is_rule=False)
    return Player(name=name, lines=word, is_rule=_is_rule(word))


def _is_rule(word: str) -> bool:
    return read_decider(word).kind in (RULE, TUNED_RULE)


def list_paths(words: Iterable[Any]) -> Iterator[Path]:
    """Files and folders among the words of a policy or a scenario."""
    for word in words:
        if not isinstance(word, str):
            continue
        base = word.partition("@")[0].removeprefix("sb3:")
        for text in (word, base, base.rpartition(":")[0]):
            try:
                if text and Path(text).exists():
                    yield Path(text)
                    break
            except (OSError, ValueError):
                continue

"""Who plays in a comparison: by the words of a command line, under a name of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from agents.card import find_saved, find_start
from agents.team import Team
from experiments.building.decider import SB3, is_own, is_strange
from experiments.building.guarded import Guarded
from experiments.building.policy import policy_from
from factory_env import Scenario
from factory_env.decision import Policy

START: Final = "start"  # its name in tables
SHORT: Final = 16  # letters of a word that is a name as it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """Who runs a factory, by name: what travels to a worker."""

    name: str
    lines: str  # as in agent=: a rule, a run folder, pretrained
    params: Mapping[str, float] | None = None  # of a rule
    site: str | None = None  # who runs the site; None = nobody is asked
    is_joint: bool = False  # ``lines`` is one object that runs both
    is_rule: bool = True
    is_start: bool = False  # the weights with which another one's learning began
    start: str = ""  # name of the player that it was before it learned
    make: Callable[[], Policy] | None = None  # makes it here, where no name would

    def policy(self, scenario: Scenario) -> Policy:
        """A fresh policy that answers every question of the scenario.

        Raises
        ------
        InputError
            If a name means nobody, or can not be loaded.
        """
        if self.make is not None:
            return Guarded(self.make(), self.name)
        if self.is_joint:
            from experiments.building.site_policy import joint_agent  # brings a solver

            return joint_agent(self.lines)
        lines = policy_from(self.lines, self.params, scenario.plant.name)
        if self.site is None or scenario.energy is None:
            return lines
        from experiments.building.site_policy import site_agent  # brings a solver

        return Team(lines=lines, site=site_agent(self.site, scenario.energy.tariff.name))

    @property
    def is_stranger(self) -> bool:
        """Does somebody play who is not of the house, so that anything may happen?"""
        return self.make is not None or any(map(is_strange, filter(None, (self.lines, self.site))))

    @property
    def is_fresh(self) -> bool:
        """Is it made anew for every run, so that it remembers nothing of the one before?"""
        return self.make is not None or any(map(is_own, filter(None, (self.lines, self.site))))


def short_name(word: str) -> str:
    """What a word that says who decides is called in tables.

    >>> short_name("rules/my_rules.py:CheapestNow@alpha:2")
    'my_rules:CheapestNow@alpha:2'
    >>> short_name("sb3:models/some_ppo.zip")
    'sb3:some_ppo'
    """
    if len(word) <= SHORT:
        return word
    base, at, values = ("", "", "") if find_saved(word) is not None else word.partition("@")
    base = (base or word).rstrip("/")
    mark = SB3 if base.startswith(SB3) else ""
    place, colon, attribute = base.removeprefix(mark).rpartition(":")
    last = Path(place or attribute).name
    stem = Path(last).stem if mark or last.endswith(".py") else last
    return f"{mark}{stem}{colon}{attribute if place else ''}{at}{values}"


def name_words(words: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Name -> word, every word once; names that are alike get their number.

    Parameters
    ----------
    taken
        Names that others have already.
    """
    named: dict[str, str] = {}
    used = set(taken)
    for word in dict.fromkeys(words):
        short = name = short_name(word)
        number = 2
        while name in used:
            name, number = f"{short} #{number}", number + 1
        used.add(name)
        named[name] = word
    return named


def add_starts(players: Sequence[Player], key: str = "lines") -> list[Player]:
    """The players, and behind each what it was before it learned, where its run folder keeps that.

    The first of them is called `START`, those of others ``<name>:start``.

    Parameters
    ----------
    key
        Which word of a player may be a run folder: ``lines`` or ``site``.
    """
    everybody: list[Player] = []
    names = {player.name for player in players}
    for player in players:
        start = None if player.is_start else find_start(getattr(player, key) or "")
        if start is None:
            everybody.append(player)
            continue
        name = START if START not in names else f"{player.name}:{START}"
        names.add(name)
        everybody.append(replace(player, start=name))
        begun = {"name": name, key: str(start), "is_rule": False, "is_start": True}
        everybody.append(replace(player, **begun))
    return everybody

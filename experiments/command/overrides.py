"""Checks the words of a command line against the config before Hydra sees them, all at once."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Glob, Override
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf, open_dict
from omegaconf.errors import OmegaConfBaseException

from experiments.command.config_keys import group_choices, read_groups
from experiments.command.sweeps import (
    first_line,
    is_source,
    leaves,
    literal,
    sweep_length,
    sweep_values,
)
from experiments.command.words import (
    COMMAND_LINE,
    MANY,
    item_names,
    point_key,
    quote,
    quote_path,
    refuse_word,
    split_words,
)
from factory_env.door.text_file import user_path
from factory_env.door.yaml_text import wrong_value
from factory_env.errors import InputError, Problem, wrong
from factory_env.presets import CONF, ENERGY_PARTS, read_group, read_source

KEY = re.compile(r"[A-Za-z_][\w./$-]*(\.[\w$-]+)*", re.ASCII)  # that Hydra can read
PLAIN = "late_"  # holds values of keys that share their name with a folder of conf/
MAY_BE_NULL = (*ENERGY_PARTS, "inspector")  # groups that a run can do without
MOST_RUNS = 10_000  # of a sweep: more is a slip of the key


# keys of mappings by product: a user may have products of their own
BY_PRODUCT = re.compile(r"(scenario\.(demand\.mix|routes)|plant\.lines\.\d+\.skills)\.[^.]+")

Files = Mapping[str, Mapping[str, Path]]  # group -> alias -> user's file


@dataclass(slots=True, kw_only=True)
class CommandLine:
    """What the user typed, made ready for Hydra."""

    words: list[str] = field(default_factory=list)  # for Hydra: flags and overrides
    typed: tuple[str, ...] = ()  # as the user wrote them
    files: Files = field(default_factory=dict)
    config: DictConfig | None = None  # of one plain run, which needs nothing more of Hydra
    choices: Mapping[Any, Any] = field(default_factory=dict)  # group -> chosen file, of that run


Judge = Callable[[DictConfig, Sequence[str], Files], list[Problem]]


def prepare(
    config_name: str, argv: Sequence[str], judge: Judge, *, problems: Sequence[Problem] = ()
) -> CommandLine:
    """Check ``argv`` and translate what Hydra would not take.

    ``plant=my/plant.yaml`` and ``tariff=published.json`` become choices that Hydra knows;
    ``params.k1=2`` may fill an empty mapping; the value of a key that is also a folder of
    ``conf/`` is handed on under `PLAIN`.

    Parameters
    ----------
    judge
        Finds what is wrong with the values of the config, so that a misspelt key and a negative
        time are reported together.
    problems
        What is wrong with the words that were taken out before.

    Raises
    ------
    InputError
        With every word that is wrong: syntax, unknown keys and choices with suggestions.
    """
    split = split_words(argv)
    flags, overrides = split.flags, list(split.words)
    with initialize_config_dir(version_base="1.3", config_dir=str(CONF)):
        desk = _Check(config_name, multirun=any(flag in MANY for flag in flags))
        desk.problems += split.problems
        overrides.sort(key=lambda word: word.partition("=")[0] not in desk.groups)  # keys after
        words = [w for word in overrides if (w := desk.word(word)) is not None]
        desk.problems += problems
        config = desk.compose_all(words)
        desk.judge_sweep(words)
        if desk.problems and config is not None:
            desk.add_judged(judge(config, words, desk.files))
    if desk.problems:
        raise InputError(desk.problems)
    line = CommandLine(words=[*flags, *words], typed=tuple(argv), files=desk.files)
    if config is None or flags or any("hydra" in word.partition("=")[0] for word in words):
        return line
    line.choices = dict(config.hydra.runtime.choices)
    with open_dict(config):
        del config["hydra"]
    line.config = config
    return line


class _Check:
    """Judges override after override; needs an initialised Hydra."""

    def __init__(self, config_name: str, *, multirun: bool) -> None:
        self.config_name = config_name
        self.multirun = multirun
        self.problems: list[Problem] = []
        self.files: dict[str, dict[str, Path]] = {}
        self._parser = OverridesParser.create()
        self.groups = read_groups(config_name)
        self._choices: list[str] = []  # group choices made so far: they decide which keys exist
        self._keys: dict[str, Any] | None = None
        self._refused: set[str] = set()  # groups whose choice is wrong

    def word(self, word: str) -> str | None:
        """``word`` as Hydra should see it, or None if it is wrong."""
        word = quote_path(word)
        if (problem := refuse_word(word)) is not None:
            self.problems.append(problem)
            return None
        raw, equals, value = word.partition("=")
        if not equals:
            return self._refuse_bare(word)
        key = raw.lstrip("+")
        if key.startswith("hydra."):
            right = "hydra.run.dir=<new folder>, or leave it out"
            self._add(key, "is Hydra's own and not offered", repr(word), right)
            return None
        if not key.startswith("hydra/") and key not in self.groups:
            key = point_key(key, self._known_keys())
        override = self._parse(key, value)
        if override is None:
            return None
        word = override.input_line or word
        if override.is_sweep_override() and not self._may_sweep(word, override):
            return None
        if key in self.groups:
            choice = self._choice(word, override)
            if choice is None and not self._is_null(override):
                self._refused.add(key)
            return choice
        return word if key.startswith("hydra/") else self._value(word, key)

    def compose_all(self, words: Sequence[str]) -> DictConfig | None:
        """The config of the words that are right; finds what checks of single words can not."""
        single = [w for w in words if not self._parser.parse_override(w).is_sweep_override()]
        try:
            config = compose(self.config_name, overrides=single, return_hydra_config=True)
            values: Any = OmegaConf.to_container(config, resolve=False)
        except (HydraException, OmegaConfBaseException) as error:
            self._add("overrides", "must fit together", " ".join(single), first_line(error))
            return None
        del values["hydra"]
        for key, value in leaves(values):
            if (finding := wrong_value(value, literal=True)) is not None:
                self._add(key.removeprefix(f"{PLAIN}."), *finding)
        return config

    def judge_sweep(self, words: Sequence[str]) -> None:
        """Refuse more runs than anybody waits for."""
        counts = [sweep_length(self._parser.parse_override(word)) for word in words]
        if (runs := math.prod(counts)) > MOST_RUNS:
            rule, right = f"must come to at most {MOST_RUNS} runs", "fewer values"
            self._add("-m", rule, f"{runs} runs", right)

    def add_judged(self, problems: Sequence[Problem]) -> None:
        """Keep what was found in the values; without the right files, of what words say alone."""
        self.problems += [
            p for p in problems if not self._refused or p.where.startswith(COMMAND_LINE)
        ]

    def _refuse_bare(self, word: str) -> None:
        near = f" (did you mean {word.replace(':', '=', 1)!r}?)" if ":" in word else ""
        if word.startswith("~"):
            self._add(word, "no key can be taken away", repr(word), f"{word[1:]}=null")
        else:
            self._add(word, "must be key=value", repr(word), f"key=value{near}")

    def _parse(self, key: str, value: str) -> Override | None:
        """The word as Hydra reads it; a value that it can not read is taken as it stands."""
        if not KEY.fullmatch(key):
            self._unknown(f"{key}={value}", key, 0, self._known_keys(), self._known_keys())
            return None
        try:
            return self._parser.parse_override(f"{key}={value}")
        except (HydraException, RecursionError) as error:
            if value.startswith(("[", "{")):
                right = "close every bracket and quote"
                got = f"{value!r} ({first_line(error)})"
                self._add(key, "must be a list or mapping that can be read", got, right)
                return None
        return self._parser.parse_override(f"{key}={quote(value)}")

    def _may_sweep(self, word: str, override: Override) -> bool:
        key, _, value = word.partition("=")
        if not self.multirun:
            right = "put -m in front, or quote the value if the comma belongs to it"
            self._add(word, "one value per key, or many with -m", value, right)
        elif isinstance(override.value(), Glob) and key not in self.groups:
            right = f"glob(*) is for {', '.join(sorted(self.groups))}"
            self._add(key, "glob chooses among shipped files", value, right)
        elif not override.is_discrete_sweep() or getattr(override.value(), "step", 1) == 0:
            right = "a list a,b,c, range(1,4) or choice(a,b)"
            self._add(key, "must be values that can be counted", value, right)
        else:
            return True
        return False

    def _is_null(self, override: Override) -> bool:
        return override.key_or_group in MAY_BE_NULL and override.value() in (None, "None")

    def _choice(self, word: str, override: Override) -> str | None:
        group = override.key_or_group
        options = group_choices(group)
        values = sweep_values(override, options)
        if self._is_null(override):
            return None  # null is what it is anyway, and Hydra takes no such choice
        names: list[str] = []
        for value in values:
            if value in options:
                names.append(value)
            elif is_source(group, value):
                names += self._file(group, value)
            else:
                near = difflib.get_close_matches(value, options, n=2)
                hint = "did you mean " + " or ".join(near) + "? " if near else ""
                kinds = {"tariff": "YAML or JSON", "plant": "YAML or Excel"}.get(group, "YAML")
                self._add(
                    group,
                    f"must be a shipped {group} or the path of a {kinds} file",
                    repr(value),
                    f"{hint}shipped: {', '.join(options)}",
                )
        if len(names) < len(values) or not names:
            if not values:
                self._add(group, "must fit a shipped file", word, f"shipped: {', '.join(options)}")
            return None
        self._choices.append(f"{group}={names[0]}")
        self._keys = None
        return f"{group}={','.join(names)}"

    def _file(self, group: str, value: str) -> list[str]:
        path = user_path(value)
        try:
            read = read_source if group in ENERGY_PARTS else read_group
            content = read(group, str(path))
        except InputError as error:
            self.problems += error.problems
            return []
        aliases = self.files.setdefault(group, {})
        stem = re.sub(r"\W+", "_", path.stem, flags=re.ASCII)
        alias = f"{stem}__file{len(aliases) + 1}"
        ConfigStore.instance().store(group=group, name=alias, node=literal(content))
        aliases[alias] = path
        return [alias]

    def _value(self, word: str, key: str) -> str | None:
        keys = self._known_keys()
        where = keys
        parts = key.split(".")
        for depth, part in enumerate(parts):
            if isinstance(where, dict) and not where and depth:
                return f"++{word}"  # an empty mapping is open
            if isinstance(where, dict) and part not in where and BY_PRODUCT.fullmatch(key):
                return f"++{word}"  # a user's own product, or the scenario's rules refuse it
            inside = where.get(part, ...) if isinstance(where, dict) else _item(where, part)
            if inside is ...:
                self._unknown(word, key, depth, where, keys)
                return None
            where = inside
        if where == {}:
            return f"++{word}"
        is_folder = (CONF / key).is_dir() and key not in self.groups
        return f"+{PLAIN}.{word}" if is_folder else word

    def _known_keys(self) -> dict[str, Any]:
        if self._keys is None:
            chosen = tuple(self._choices)
            own = {alias for aliases in self.files.values() for alias in aliases}
            is_shipped = own.isdisjoint(word.partition("=")[2] for word in chosen)
            find = _compose_keys if is_shipped else _compose_keys.__wrapped__
            self._keys = find(self.config_name, chosen)
        return self._keys

    def _unknown(
        self, word: str, key: str, depth: int, where: Any, keys: Mapping[str, Any]
    ) -> None:
        near, right = suggest_key(key, depth, where, keys)
        if near or key.partition(".")[0] not in self._refused:
            self._add(key, "must be a known key", repr(word), right)
        # else nobody knows which keys the right file would have

    def _add(self, name: str, rule: str, got: str, right: str) -> None:
        self.problems.append(wrong("command line", name, rule, got, right))


@lru_cache(maxsize=64)
def _compose_keys(config_name: str, choices: tuple[str, ...]) -> dict[str, Any]:
    """The keys of a command with shipped files chosen: the same ones in every run of a process."""
    keys: Any = OmegaConf.to_container(compose(config_name, overrides=[*choices]), resolve=False)
    return dict(keys)


def _item(where: Any, part: str) -> Any:
    is_inside = isinstance(where, list) and part.isdecimal() and int(part) < len(where)
    return where[int(part)] if is_inside else ...


def suggest_key(key: str, depth: int, where: Any, keys: Mapping[str, Any]) -> tuple[list[str], str]:
    """Known names like an unknown part of a key, and what would be right, in words.

    Parameters
    ----------
    depth
        Which part of the key is not known.
    where
        What it would be a part of.
    """
    parts = key.split(".")
    known = sorted(map(str, where)) if isinstance(where, dict) else item_names(where)
    near = difflib.get_close_matches(parts[depth], known, n=2)
    full = [".".join([*parts[:depth], name, *parts[depth + 1 :]]) for name in near]
    if not isinstance(where, list):  # its items are named below
        full += [k for k, _ in leaves(keys) if k.split(".")[-1] == parts[-1]][:3]
    if full:
        return near, "did you mean " + " or ".join(dict.fromkeys(full)) + "?"
    if isinstance(where, list) and where:
        return near, f"known here: 0 to {len(where) - 1}{''.join(f', {n}' for n in known)}"
    if known:
        return near, "known here: " + ", ".join(known)
    return near, f"{'.'.join(parts[:depth])} holds no keys"

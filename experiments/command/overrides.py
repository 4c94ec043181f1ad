"""Checks the words of a command line against the config before Hydra sees them, all at once."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.object_type import ObjectType
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, QuotedString
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf, open_dict
from omegaconf.errors import OmegaConfBaseException

from experiments.command.config_keys import read_groups
from factory_env.errors import InputError, Problem, wrong
from factory_env.presets import CONF, ENERGY_PARTS, read_group, read_source

PLAIN = "late_"  # holds values of keys that share their name with a folder of conf/
MAY_BE_NULL = (*ENERGY_PARTS, "inspector")  # groups that a run can do without
FLAGS_WITH_VALUE = (
    "--config-name",
    "-cn",
    "--config-dir",
    "-cd",
    "--config-path",
    "-cp",
    "--package",
    "-p",
    "--cfg",
    "-c",
    "--info",
    "-i",
)


Files = Mapping[str, Mapping[str, Path]]  # group -> alias -> user's file


@dataclass(slots=True, kw_only=True)
class CommandLine:
    """What the user typed, made ready for Hydra."""

    words: list[str] = field(default_factory=list)  # for Hydra: flags and overrides
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
    flags, overrides = _split(argv)
    with initialize_config_dir(version_base="1.3", config_dir=str(CONF)):
        desk = _Check(config_name, multirun=any(f in ("-m", "--multirun") for f in flags))
        overrides.sort(key=lambda word: word.partition("=")[0] not in desk.groups)  # keys after
        words = [w for word in overrides if (w := desk.word(word)) is not None]
        desk.problems += problems
        config = desk.compose_all(words)
        if desk.problems and config is not None:
            desk.problems += judge(config, words, desk.files)
    if desk.problems:
        raise InputError(desk.problems)
    line = CommandLine(words=[*flags, *words], files=desk.files)
    if config is None or flags or any("hydra" in word.partition("=")[0] for word in words):
        return line
    line.choices = dict(config.hydra.runtime.choices)
    with open_dict(config):
        del config["hydra"]
    line.config = config
    return line


def _split(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    flags: list[str] = []
    words: list[str] = []
    rest = iter(argv)
    for word in rest:
        if not word.startswith("-"):
            words.append(word)
            continue
        flags.append(word)
        if word in FLAGS_WITH_VALUE and (value := next(rest, None)) is not None:
            flags.append(value)
    return flags, words


class _Check:
    """Judges override after override; needs an initialised Hydra."""

    def __init__(self, config_name: str, *, multirun: bool) -> None:
        self.config_name = config_name
        self.multirun = multirun
        self.problems: list[Problem] = []
        self.files: dict[str, dict[str, Path]] = {}
        self._parser = OverridesParser.create()
        self._loader = GlobalHydra.instance().config_loader()
        self.groups = read_groups(config_name)
        self._choices: list[str] = []  # group choices made so far: they decide which keys exist
        self._keys: dict[str, Any] | None = None

    def word(self, word: str) -> str | None:
        """``word`` as Hydra should see it, or None if it is wrong."""
        override = self._parse(word)
        if override is None:
            return None
        word = override.input_line or word  # a file's name may have been quoted
        if override.is_sweep_override() and not self.multirun:
            self._add(
                word,
                "one value per key, or many with -m",
                word.partition("=")[2],
                "put -m in front, or quote the value if the comma belongs to it",
            )
            return None
        key = override.get_key_element()
        if override.key_or_group in self.groups:
            return self._choice(word, override)
        if override.is_add() or override.is_force_add() or override.is_delete():
            return word
        if key.startswith("hydra.") or override.key_or_group.startswith("hydra/"):
            return word
        return self._value(word, override.key_or_group)

    def compose_all(self, words: Sequence[str]) -> DictConfig | None:
        """The config of the words that are right; finds what checks of single words can not."""
        single = [w for w in words if not self._parser.parse_override(w).is_sweep_override()]
        try:
            return compose(self.config_name, overrides=single, return_hydra_config=True)
        except (HydraException, OmegaConfBaseException) as error:
            self._add("overrides", "must fit together", " ".join(single), str(error).split("\n")[0])
            return None

    def _parse(self, word: str) -> Override | None:
        key, equals, value = word.partition("=")
        if equals and _is_path(value) and any(c in value for c in ",()[]{}:=' "):
            word = f"{key}='" + value.replace("'", "\\'") + "'"  # a file's name, not a list
        try:
            return self._parser.parse_override(word)
        except HydraException:
            near = f" (did you mean {word.replace(':', '=', 1)!r}?)" if ":" in word else ""
            right = "key=value" + near if not equals else f"quote the value: {key}='...'"
            self._add(word, "must be key=value", repr(word), right)
            return None

    def _choice(self, word: str, override: Override) -> str | None:
        group = override.key_or_group
        values = _values(override)
        if values is None:  # glob(...) and the like: Hydra's to judge
            return word
        if values == ["None"] and group in MAY_BE_NULL:
            return None  # null is what it is anyway, and Hydra takes no such choice
        options = self._loader.get_group_options(group, ObjectType.CONFIG)
        names: list[str] = []
        for value in values:
            if value.endswith((".yaml", ".yml", ".json")[: 3 if group == "tariff" else 2]):
                names += self._file(group, value)
            elif value in options:
                names.append(value)
            else:
                near = difflib.get_close_matches(value, options, n=2)
                hint = "did you mean " + " or ".join(near) + "? " if near else ""
                kinds = "YAML or JSON" if group == "tariff" else "YAML"
                self._add(
                    group,
                    f"must be a shipped {group} or the path of a {kinds} file",
                    repr(value),
                    f"{hint}shipped: {', '.join(options)}",
                )
        if len(names) < len(values):
            return None
        self._choices.append(f"{group}={names[0]}")
        self._keys = None
        return f"{group}={','.join(names)}"

    def _file(self, group: str, value: str) -> list[str]:
        path = Path(value).expanduser()
        try:
            read = read_source if group in ENERGY_PARTS else read_group
            content = read(group, str(path))
        except InputError as error:
            self.problems += error.problems
            return []
        aliases = self.files.setdefault(group, {})
        alias = f"{path.stem}__file{len(aliases) + 1}"
        ConfigStore.instance().store(group=group, name=alias, node=content)
        aliases[alias] = path
        return [alias]

    def _value(self, word: str, key: str) -> str | None:
        keys = self._known_keys()
        where = keys
        parts = key.split(".")
        for depth, part in enumerate(parts):
            if isinstance(where, dict) and not where and depth:
                return f"++{word}"  # an empty mapping is open
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
            config = compose(self.config_name, overrides=self._choices)
            keys: Any = OmegaConf.to_container(config, resolve=False)
            self._keys = dict(keys)
        return self._keys

    def _unknown(
        self, word: str, key: str, depth: int, where: Any, keys: Mapping[str, Any]
    ) -> None:
        parts = key.split(".")
        known = sorted(map(str, where)) if isinstance(where, dict) else []
        near = difflib.get_close_matches(parts[depth], known, n=2)
        full = [".".join([*parts[:depth], name, *parts[depth + 1 :]]) for name in near]
        full += [k for k in _leaves(keys, "") if k.split(".")[-1] == parts[-1]][:3]
        if full:
            right = "did you mean " + " or ".join(dict.fromkeys(full)) + "?"
        elif known:
            right = "known here: " + ", ".join(known)
        else:
            right = f"{'.'.join(parts[:depth])} holds no keys"
        self._add(key, "must be a known key", repr(word), right)

    def _add(self, name: str, rule: str, got: str, right: str) -> None:
        self.problems.append(wrong("command line", name, rule, got, right))


def _is_path(value: str) -> bool:
    """Is it a file, or a run folder with a branch point behind it?"""
    folder, at, _ = value.rpartition("@")
    return Path(value).is_file() or (bool(at) and Path(folder).is_dir())


def _values(override: Override) -> list[str] | None:
    if not override.is_sweep_override():
        return [str(override.value())]
    if not override.is_choice_sweep():
        return None
    items: Any = override.sweep_iterator()
    return [i.text if isinstance(i, QuotedString) else str(i) for i in items]


def _item(where: Any, part: str) -> Any:
    is_inside = isinstance(where, list) and part.isdecimal() and int(part) < len(where)
    return where[int(part)] if is_inside else ...


def _leaves(node: Any, prefix: str) -> Iterator[str]:
    if not isinstance(node, dict):
        yield prefix
        return
    for key, child in node.items():
        yield from _leaves(child, f"{prefix}.{key}".lstrip("."))

"""Every file of every group of ``conf/``: it builds, a command can choose it, every key is used.

Files and groups are found through the folders, so a new one is covered at once; a new group must
say here how its files are built.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf
from pydantic import TypeAdapter

from agents import energy, rules
from agents.deep.pace import settle_pace
from experiments import fitting
from experiments.command.options import read_options
from experiments.futures.asking.reading import read_question_file
from experiments.searching.space import read_space
from experiments.studying.options import Study
from factory_env import load_scenario
from factory_env.catalogue import load_plug, plug_names
from factory_env.door.gather import Gather
from factory_env.errors import InputError
from factory_env.presets import CONF, FIRST_TRAINING_SEED, list_names, read_choices, read_group
from tests.conftest import ROOT

COMMANDS = sorted(p.stem for p in CONF.glob("*.yaml"))
GROUPS = sorted(p.name for p in CONF.iterdir() if p.is_dir() and not p.name.startswith("_"))
FILES = sorted((g, name) for g in GROUPS for name in list_names(g))
# found by the name of a plant or a tariff, or named inside a file; not chosen by a word
NO_CHOICE = ("tuned", "place")
PLANT_OF = {"uci": "uci"}  # scenario -> the plant whose products and people it has; else small
SHORT = {"demand.days": 2, "horizon_days": 3}
SETTINGS = re.compile(r"every\s+(?:#\s+)?key\s+is\s+an\s+argument\s+of\s+(?:#\s+)?([\w.]+)")


def content(path: Path) -> dict[str, Any]:
    """A YAML file as it stands."""
    plain = OmegaConf.to_container(OmegaConf.load(path))
    assert isinstance(plain, dict), path
    return {str(key): value for key, value in plain.items()}


def read(group: str, name: str) -> dict[str, Any]:
    """A file of a group."""
    return content(CONF / group / f"{name}.yaml")


def settings_class(name: str) -> type[Any]:
    """The class of which a file of ``conf/agent`` says that its keys are the arguments."""
    named = SETTINGS.search((CONF / "agent" / f"{name}.yaml").read_text(encoding="utf-8"))
    assert named, f"conf/agent/{name}.yaml must say of what every key is an argument"
    module, _, cls = named[1].rpartition(".")
    found: type[Any] = getattr(importlib.import_module(module), cls)
    return found


def agent(name: str) -> Any:
    """The settings of a learner: every field is named, and nothing else."""
    given = read("agent", name)
    keys = given.get("agent", given)
    cls = settings_class(name)
    assert keys.keys() == {f.name for f in dataclasses.fields(cls)}
    said = keys if "pace" not in keys else settle_pace(keys, steps=1)
    return TypeAdapter(cls).validate_python(said)


def plant(name: str) -> Any:
    scenario = next((s for s, p in PLANT_OF.items() if p == name), "default")
    return load_scenario(name, scenario, SHORT)


def scenario(name: str) -> Any:
    return load_scenario(PLANT_OF.get(name, "small"), name, SHORT)


def tuned(name: str) -> Any:
    """Rules with the parameters that a file has for them."""
    package = energy if name.startswith("energy/") else rules
    made = []
    for rule, params in read("tuned", name).items():
        made.append(load_plug(package, rule.partition("@")[0])(**params))
    return made


def model(name: str) -> Any:
    assert read("model", name)["name"] == name
    return load_plug(fitting, name)


def search(name: str) -> Any:
    """What is searched of the learner of that name: every key is one of its settings."""
    gather = Gather()
    axes = read_space(read("search", name), read("agent", name), settings_class(name), gather)
    gather.done()
    return axes


def study(name: str) -> Any:
    """A study is read whole; what its words mean is tested with the studies."""
    gather = Gather()
    made = read_options(Study, {**read("study", name), "name": name}, gather, "study")
    gather.done()
    return made


def what(name: str) -> Any:
    """A question is read whole; that its scenarios and changes hold is tested with the futures."""
    return read_question_file(read_group("what", name), name)


BUILD: Mapping[str, Callable[[str], Any]] = {
    "agent": agent,
    "demand": lambda name: load_scenario("small", overrides=SHORT, demand=name),
    "disruptions": lambda name: load_scenario("small", overrides=SHORT, disruptions=name),
    "inspector": lambda name: load_scenario("small", overrides=SHORT, inspector=name),
    "model": model,
    "place": lambda name: load_scenario("small", overrides=SHORT | {"site.place": name}, site="pv"),
    "plant": plant,
    "scenario": scenario,
    "search": search,
    "site": lambda name: load_scenario("small", overrides=SHORT, site=name),
    "study": study,
    "tariff": lambda name: load_scenario("small", overrides=SHORT, tariff=name),
    "tuned": tuned,
    "what": what,
}


@cache
def groups_of(command: str) -> tuple[str, ...]:
    """Groups from which a command takes a file."""
    defaults = content(CONF / f"{command}.yaml").get("defaults", [])
    return tuple(key for entry in defaults if isinstance(entry, dict) for key in entry)


def test_groups_are_found_and_each_has_a_builder() -> None:
    assert len(FILES) > 40
    assert set(GROUPS) == set(BUILD)


@pytest.mark.parametrize(("group", "name"), FILES)
def test_a_file_builds(group: str, name: str) -> None:
    assert BUILD[group](name) is not None


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_and_its_config_go_together(command: str) -> None:
    assert (ROOT / "experiments" / f"{command}.py").is_file()
    assert set(groups_of(command)) <= set(GROUPS)


def test_every_command_has_a_config() -> None:
    mains = {p.stem for p in (ROOT / "experiments").glob("*.py")} - {"__init__", "__main__"}
    assert mains == set(COMMANDS)


def test_every_group_is_of_a_command() -> None:
    chosen = {group for command in COMMANDS for group in groups_of(command)}
    assert chosen == set(GROUPS) - set(NO_CHOICE)


@pytest.mark.slow_cases("compare_inspectors", "evaluate", "search")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_can_choose_the_files_of_its_groups(command: str) -> None:
    files = {group: [name for g, name in FILES if g == group] for group in groups_of(command)}
    is_first = {g for g in files if next(c for c in COMMANDS if g in groups_of(c)) == command}
    turns = max([1, *(len(files[group]) for group in is_first)])  # another command takes the rest
    with initialize_config_dir(version_base="1.3", config_dir=str(CONF)):
        for turn in range(turns):
            chosen = [f"{group}={names[turn % len(names)]}" for group, names in files.items()]
            assert OmegaConf.to_container(compose(command, overrides=chosen), resolve=True)


@pytest.mark.parametrize(
    ("group", "name"),
    [f for f in FILES if f[0] not in (*NO_CHOICE, "agent", "model", "search", "study", "what")],
)
def test_a_key_that_nobody_reads_is_refused(group: str, name: str, tmp_path: Path) -> None:
    more = tmp_path / f"{Path(name).name}.yaml"
    OmegaConf.save(OmegaConf.create(read_group(group, name) | {"no_such_key": 1}), more)
    given = {"plant": "small", group: str(more)}
    with pytest.raises(InputError, match="no_such_key"):
        load_scenario(**given)


@pytest.mark.parametrize("name", [name for group, name in FILES if group == "place"])
def test_a_key_of_a_place_that_nobody_reads_is_refused(name: str) -> None:
    place = read_group("place", name) | {"no_such_key": 1}
    with pytest.raises(InputError, match="no_such_key"):
        load_scenario("small", overrides={"site.place": place}, site="pv")


@pytest.mark.parametrize("name", [name for group, name in FILES if group == "agent"])
def test_a_value_that_is_no_number_is_refused_by_a_learners_settings(name: str) -> None:
    cls, given = settings_class(name), read("agent", name)
    numbers = {k: v for k, v in given.get("agent", given).items() if isinstance(v, float)}
    for key in numbers:
        with pytest.raises(ValueError, match=key):
            TypeAdapter(cls).validate_python({**given.get("agent", given), key: "much"})


@pytest.mark.parametrize("command", COMMANDS)
def test_a_scenario_may_ask_for_files_of_the_groups_before_it(command: str) -> None:
    groups = groups_of(command)
    if "scenario" not in groups:
        return
    asked = {group for g, name in FILES if g == "scenario" for group in read_choices(g, name)}
    assert asked == {"disruptions", "demand"}
    assert asked <= set(groups[: groups.index("scenario")])


def test_every_network_that_can_be_fitted_has_a_file_of_options() -> None:
    assert {name for group, name in FILES if group == "model"} == set(plug_names(fitting))


def words(package: str) -> Iterator[str]:
    """Names, attributes, fields and texts of a package's code."""
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Name):
                yield node.id
            elif isinstance(node, ast.Attribute):
                yield node.attr
            elif isinstance(node, ast.arg):
                yield node.arg
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def leaves(tree: Mapping[str, Any]) -> Iterator[str]:
    """Every key of a config, also inside others."""
    for key, value in tree.items():
        yield str(key)
        if isinstance(value, Mapping):
            yield from leaves(value)


@pytest.fixture(scope="module")
def known() -> set[str]:
    return {word for package in ("experiments", "agents", "factory_env") for word in words(package)}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_code_knows_every_key_of_a_command(command: str, known: set[str]) -> None:
    keys = set(leaves(content(CONF / f"{command}.yaml"))) - {"defaults"}
    assert keys <= known


@pytest.mark.parametrize("name", [name for group, name in FILES if group == "model"])
def test_the_code_knows_every_key_of_a_model(name: str, known: set[str]) -> None:
    assert set(leaves(read("model", name))) <= known


def test_training_seeds_begin_where_environments_draw_theirs() -> None:
    assert content(CONF / "train.yaml")["pool"]["first_seed"] == FIRST_TRAINING_SEED

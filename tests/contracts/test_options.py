"""Contract of every command: its file in conf/ names each of its options, with their defaults."""

from __future__ import annotations

import dataclasses
import typing
from importlib import import_module
from typing import Any

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from experiments.building.scenario import FactoryConfig
from experiments.command.options import read_options
from experiments.fitting.camera.options import CnnModel
from experiments.fitting.generator.options import GanModel
from experiments.fitting.stains.options import StainModel
from factory_env.door.gather import Gather
from factory_env.presets import CONF, read_group
from tests.conftest import ROOT

COMMANDS = sorted(p.stem for p in (ROOT / "experiments").glob("*.py") if "__" not in p.stem)
OF_THE_FACTORY = {field.name for field in dataclasses.fields(FactoryConfig)}


def test_every_command_has_a_file() -> None:
    assert {p.stem for p in CONF.glob("*.yaml")} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_file_of_a_command_equals_the_defaults_in_code(name: str) -> None:
    task = import_module(f"experiments.{name}").task
    kind = next(iter(typing.get_type_hints(task).values()))
    with initialize_config_dir(version_base="1.3", config_dir=str(CONF)):
        given: Any = OmegaConf.to_container(compose(name), resolve=True)
    for field in dataclasses.fields(kind):
        if field.name in OF_THE_FACTORY:
            continue  # a group of conf/, or where it comes from
        assert field.name in given, f"{field.name} is in no file"
        if isinstance(field.default, bool | int | float | str | None):
            assert given[field.name] == field.default, field.name


@pytest.mark.parametrize(("name", "kind"), [("gan", GanModel), ("cnn", CnnModel)])
def test_the_file_of_a_network_equals_the_defaults_in_code(name: str, kind: type) -> None:
    gather = Gather()
    assert read_options(kind, read_group("model", name), gather, "model") == kind()
    gather.done()


def test_the_stain_networks_file_has_its_own_stages_and_else_the_defaults() -> None:
    gather = Gather()
    model = read_options(StainModel, read_group("model", "stain"), gather, "model")
    gather.done()
    assert list(model.stages) == ["first", "second", "third"]
    assert dataclasses.replace(model, stages={}) == StainModel()

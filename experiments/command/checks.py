"""Switches of commands that do not say their options yet."""

from __future__ import annotations

from omegaconf import DictConfig

from factory_env.errors import InputError, Problem, wrong


def switch_of(cfg: DictConfig, name: str, problems: list[Problem]) -> bool:
    """The switch; anything but true and false is a problem."""
    if not isinstance(cfg[name], bool):
        rule = "must be true or false"
        problems.append(wrong("command line", name, rule, repr(cfg[name]), "true or false"))
    return bool(cfg[name])


def switch_from(cfg: DictConfig, key: str) -> bool:
    """A key that is true or false."""
    if not isinstance(cfg[key], bool):
        rule = "must be true or false"
        raise InputError.of("command line", key, rule, repr(cfg[key]), f"{key}=true")
    return bool(cfg[key])

"""Every command that a page shows is one that exists, with keys that it takes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from experiments.command.commands import list_commands
from experiments.command.config_keys import CONF, group_choices, read_keys
from experiments.command.own_words import OWN_KEYS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINE = re.compile(r"^(?:\.venv/bin/)?(?:seamline |(?:\.venv/bin/)?python experiments/)(.+)$", re.M)


def shown_commands(page: Path) -> list[list[str]]:
    """Words of every command line in a page's blocks."""
    blocks = re.findall(r"```(?:bash|sh)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in LINE.findall(block)]
    return [shlex.split(line, comments=True) for line in lines]


WITH_COMMANDS = [page for page in PAGES if shown_commands(page)]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_the_commands_of_a_page_exist_and_take_its_keys(page: Path) -> None:
    wrong = []
    for first, *words in shown_commands(page):
        command = first.removesuffix(".py").replace("-", "_")
        if command == "completion":
            continue
        if command not in list_commands():
            wrong.append(first)
            continue
        keys = {key.name: key for key in read_keys(command)}
        tops = {name.split(".")[0] for name in keys}
        for word in words:
            name, equals, value = word.partition("=")
            if not equals:
                continue
            if name not in OWN_KEYS and name.lstrip("+").split(".")[0] not in tops:
                wrong.append(f"{command} {word}")
            key = keys.get(name)
            is_shipped = key is not None and key.is_group and re.fullmatch(r"\w+", value)
            agents = {path.stem for path in (CONF / "agent").glob("*.yaml")} | {"ppo"}
            if is_shipped and value not in {*group_choices(name), *agents, "null"}:
                wrong.append(f"{command} {word}")
    assert wrong == []

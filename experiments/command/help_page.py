"""``seamline --help``, ``seamline simulate --help`` and ``--version``: one screen each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from experiments.command.commands import (
    list_commands,
    list_plugs,
    read_description,
    read_purpose,
)
from experiments.command.config_keys import Key, group_choices, read_examples, read_keys
from experiments.command.own_words import OWN_KEYS

HELP: Final = ("--help", "-h")
VERSION: Final = "--version"
WIDTH: Final = 110  # most characters of a line
LONGEST: Final = 24  # default that is shown whole
# key -> where its values stand
PLUGS: Final = {
    "agent": (
        "rules",
        "agents/rules",
        "pretrained, a run folder of train, my.py:Policy, sb3:model.zip",
    ),
    "energy": (
        "policies",
        "agents/energy",
        "always_on, pretrained, a run folder of train, my.py:Site",
    ),
}


def answer_at_once(command: str, argv: Sequence[str]) -> bool:
    """Answer ``--help`` and ``--version``; is there nothing more to do?"""
    if any(word in HELP for word in argv):
        print_command_help(command)
    elif VERSION in argv:
        print_version()
    else:
        return False
    return True


def print_version() -> None:
    """Ours; those of the packages below stand in every run folder's ``versions.json``."""
    from factory_env.release import read_release

    print(f"seamline {read_release()}")


def print_help() -> None:
    """All commands with a line each."""
    console = _console()
    console.print("[bold]seamline[/] COMMAND key=value ...\n")
    console.print("A garment factory: simulate its orders, compare who decides, train agents.\n")
    table = _grid()
    for command in list_commands():
        table.add_row(f"[bold]{command}[/]", escape(read_purpose(command)))
    console.print(table)
    rules = ", ".join(list_plugs("agents/rules"))
    console.print(
        f"\nwho decides (agent=): pretrained, a run folder, my.py:Policy, or a rule: {rules}"
    )
    console.print(
        "\nseamline simulate orders=my_book.csv   your orders: late list, costs, pictures, workbook"
        "\nseamline COMMAND --help, --version      its keys and what they take; the version"
        "\nseamline completion bash               completion by the tabulator; also zsh",
        highlight=False,
    )


def print_command_help(command: str) -> None:
    """What a command does, its keys with their comments, its groups of files and its agents."""
    console = _console()
    console.print(f"[bold]seamline {command}[/] key=value ...\n")
    console.print(escape(read_description(command)) + "\n", highlight=False)
    for example in read_examples(command):
        console.print(f"  {escape(example)}", highlight=False)
    keys = read_keys(command)
    groups = [key for key in keys if key.is_group]
    if groups:
        console.print("\n[bold]groups[/]: a shipped file by name, or the path of your own")
        console.print(_group_table(groups))
    console.print("\n[bold]keys[/]")
    console.print(_key_table([key for key in keys if not key.is_group]))
    for key in keys:
        if not key.is_group and key.name in PLUGS:
            kind, package, more = PLUGS[key.name]
            names = ", ".join(list_plugs(package))
            console.print(f"\n[bold]{key.name}=[/] {kind} {names}; {more}", highlight=False)
    if groups:
        console.print(f"\nEvery number of a group's file is a key too: {groups[0].name}.KEY=VALUE")


def _group_table(groups: Sequence[Key]) -> Table:
    table = _grid()
    for group in groups:
        choices = group_choices(group.name)
        others = ", ".join(name for name in choices if name != group.default)
        first = "" if group.default == "null" else f"[bold]{group.default}[/], "
        table.add_row(f"{group.name}=", f"{first}{escape(others)}")
    return table


def _key_table(keys: Sequence[Key]) -> Table:
    table = _grid()
    for key in keys:
        default = key.default if len(key.default) <= LONGEST else key.default[:LONGEST] + "..."
        table.add_row(escape(f"{key.name}={default}"), escape(key.comment))
    known = {key.name for key in keys}
    for name, comment in OWN_KEYS.items():
        if name not in known:
            table.add_row(f"{name}=", escape(comment))
    return table


def _grid() -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    return table


def _console() -> Console:
    console = Console()
    return Console(width=min(console.width, WIDTH)) if console.is_terminal else Console(width=WIDTH)

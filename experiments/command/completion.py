"""What may come next on a command line, and the scripts by which a shell asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from experiments.command.commands import list_commands, list_plugs
from experiments.command.config_keys import group_choices, read_keys
from experiments.command.own_words import OWN_KEYS

WORDS: Final = "words"  # seamline completion words ...: what the shell asks
BASH: Final = r"""_seamline() {
    local line="${COMP_LINE:0:COMP_POINT}" current="${COMP_LINE:0:COMP_POINT}" prefix
    current="${line##*[[:space:]]}"
    prefix="${current%"${COMP_WORDS[COMP_CWORD]#=}"}"  # bash breaks words at =
    local IFS=$'\n'
    COMPREPLY=($(seamline completion words "$line" 2>/dev/null))
    COMPREPLY=("${COMPREPLY[@]#"$prefix"}")
    [[ ${COMPREPLY[0]} == *= || ${COMPREPLY[0]} == *. ]] && compopt -o nospace
}
complete -o default -F _seamline seamline
"""
ZSH: Final = r"""#compdef seamline
_seamline() {
    local -a found
    found=("${(@f)$(seamline completion words "${LBUFFER}" 2>/dev/null)}")
    if [[ -n ${found[1]} ]]; then
        compadd -S '' -- "${found[@]}"
    else
        _files -P "${PREFIX%%\=*}="
    fi
}
compdef _seamline seamline
"""
SCRIPTS: Final = {"bash": BASH, "zsh": ZSH}
MORE_VALUES: Final = {
    "agent": ("pretrained",),
    "energy": ("always_on", "pretrained"),
    "luck": ("same", "fresh"),
    "env": ("scheduling", "energy", "joint"),
}
PLUGS: Final = {"agent": "agents/rules", "scheduler": "agents/rules", "energy": "agents/energy"}
SWITCHES: Final = ("true", "false")


def complete_line(line: str) -> list[str]:
    """Whole words that may stand at the end of a line such as ``seamline simulate plant=mi``."""
    words = line.split()[1:]
    current = "" if line[-1:].isspace() or not words else words[-1]
    before = words if current == "" else words[:-1]
    if not before:
        candidates = [*list_commands(), "completion", "--help", "--version"]
    elif before[0] == "completion":
        candidates = list(SCRIPTS)
    elif (command := before[0].replace("-", "_")) in list_commands():
        candidates = _complete_key(command, current)
    else:
        candidates = []
    return [word for word in candidates if word.startswith(current)]


def _complete_key(command: str, current: str) -> list[str]:
    keys = {key.name: key for key in read_keys(command)}
    name, equals, _ = current.partition("=")
    if not equals:
        return [*(f"{key}=" for key in (*keys, *OWN_KEYS)), "--help"]
    key = keys.get(name)
    if key is not None and key.is_group:
        values: Sequence[str] = group_choices(name)
    elif (key is not None and key.default in SWITCHES) or name == "json":
        values = SWITCHES
    else:
        plugs = list_plugs(PLUGS[name]) if name in PLUGS else []
        values = [*plugs, *MORE_VALUES.get(name, ())]
    return [f"{name}={value}" for value in values]

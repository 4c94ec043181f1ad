"""Registries, kinds of question, and stations: is a new one really one file?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from benchmarks.counting.source import SHIPPED, House, Place, Source

KINDS = "factory_env/decisions"
ASKERS = ("factory_env/decision.py", "agents/team.py", "agents/pair.py")
WASHING = "factory_env/sim/stations/washing.py"
A_REGISTRY = 2  # plugs in a folder make it one


def question_kinds_in_ask(house: House) -> list[Place]:
    """Kinds of question that the two files which serve all kinds name, each once a file."""
    words = {word: kind for s in house.under(KINDS) for word, kind in kind_words(s).items()}
    words |= {a: words[k] for s in house.under(*ASKERS) for a, k in _aliases(s) if k in words}
    places: dict[tuple[str, str], Place] = {}
    for source in house.under(*ASKERS):
        for word, line in _words(source):
            if word in words:
                places.setdefault((source.file, words[word]), Place(source.file, line, word))
    return sorted(places.values())


def kind_words(source: Source) -> dict[str, str]:
    """Word -> kind: the classes of question of a file, and how a policy's method is called."""
    words: dict[str, str] = {}
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and node.name.endswith("Choice"):
            words[node.name] = node.name
            words |= dict.fromkeys(_asked_methods(node), node.name)
    return words


def wash_elsewhere(house: House) -> list[Place]:
    """Files of the simulation, the station itself left out, that know of washing."""
    return [
        Place(s.file, s.text[: match.start()].count("\n") + 1, match.group())
        for s in house.under("factory_env/sim")
        if s.file != WASHING and (match := re.search("wash", s.text, re.IGNORECASE))
    ]


def strangers_in_registries(house: House) -> list[Place]:
    """Files without a plug in folders of plugs."""
    folders: dict[str, list[Source]] = {}
    for source in house.under(*SHIPPED):
        if not source.file.endswith("__init__.py"):
            folders.setdefault(source.folder, []).append(source)
    return [
        Place(s.file, 1, "holds no plug")
        for files in folders.values()
        if sum(map(holds_plug, files)) >= A_REGISTRY
        for s in files
        if not holds_plug(s)
    ]


def holds_plug(source: Source) -> bool:
    """Does the file say ``PLUG = ...``?"""
    targets = [t for n in source.tree.body if isinstance(n, ast.Assign) for t in n.targets]
    targets += [n.target for n in source.tree.body if isinstance(n, ast.AnnAssign)]
    return any(isinstance(t, ast.Name) and t.id == "PLUG" for t in targets)


def _asked_methods(kind: ast.ClassDef) -> list[str]:
    """What a kind says under ``asks``: the name of the policy's method."""
    return [
        node.value.value
        for node in kind.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id == "asks"
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]


def _aliases(source: Source) -> list[tuple[str, str]]:
    """Other names that a file gives to a class: ``Decision = OrderChoice``."""
    return [
        (target.id, node.value.id)
        for node in source.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]


def _words(source: Source) -> Iterator[tuple[str, int]]:
    """Names that a file reads, imports or writes as text, each with its line."""
    for node in source.nodes:
        if isinstance(node, ast.Name):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.FunctionDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield from ((alias.name, node.lineno) for alias in node.names)

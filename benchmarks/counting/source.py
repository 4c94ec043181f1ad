"""The files that are counted, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SHIPPED = ("factory_env", "agents", "experiments")
COUNTED = (*SHIPPED, "benchmarks", "tests")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something that is counted stands."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(frozen=True)
class Source:
    """One Python file, its path relative to the root of the house."""

    file: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text, self.file)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All nodes of the tree."""
        return tuple(ast.walk(self.tree))

    @property
    def module(self) -> str:
        """The name under which it is imported."""
        name = self.file.removesuffix(".py").replace("/", ".")
        return name.removesuffix(".__init__")

    @property
    def package(self) -> str:
        """The package that its relative imports start from."""
        if self.file.endswith("__init__.py"):
            return self.module
        return self.module.rpartition(".")[0]

    @property
    def folder(self) -> str:
        """The folder it lies in."""
        return self.file.rpartition("/")[0]

    def place(self, node: ast.AST, text: str | None = None) -> Place:
        """Where ``node`` stands; its own text if no other is given."""
        line: int = getattr(node, "lineno", 1)
        return Place(self.file, line, ast.unparse(node) if text is None else text)

    def is_under(self, *folders: str) -> bool:
        """Is it one of these files, or below one of these folders?"""
        return any(self.file == f or self.file.startswith(f"{f}/") for f in folders)


@dataclass(frozen=True)
class House:
    """All Python files of a checkout."""

    root: Path
    sources: tuple[Source, ...]

    def under(self, *folders: str) -> Iterator[Source]:
        """The files below ``folders``."""
        return (s for s in self.sources if s.is_under(*folders))

    def entries(self, folder: str) -> list[Place]:
        """Files and folders directly inside ``folder``, the mark of a package left out."""
        heads = {s.file.removeprefix(f"{folder}/").split("/")[0] for s in self.under(folder)}
        return [Place(f"{folder}/{head}", 1, "") for head in sorted(heads - {"__init__.py"})]


def read_house(root: Path, folders: tuple[str, ...] = COUNTED) -> House:
    """The Python files of the checkout at ``root``."""
    paths = sorted(p for folder in folders for p in (root / folder).rglob("*.py"))
    names = [p.relative_to(root).as_posix() for p in paths]
    texts = [p.read_text(encoding="utf-8") for p in paths]
    return House(root, tuple(Source(n, t) for n, t in zip(names, texts, strict=True)))

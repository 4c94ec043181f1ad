"""Sizes: classes, constructors, mains, bodies, and lines kept from the formatter."""

from __future__ import annotations

import ast

from benchmarks.counting.source import SHIPPED, House, Place

LONGEST_CLASS = 200
LONGEST_MAIN = 60
LONGEST_BODY = 40
WIDEST_CONSTRUCTOR = 7
KEEP = "# fmt: " + "skip"  # in two parts: this line is no case of it


def long_classes(house: House) -> list[Place]:
    """Classes of more than 200 lines."""
    return [
        source.place(node, f"{node.name} has {length} lines")
        for source in house.under(*SHIPPED, "benchmarks")
        for node in source.nodes
        if isinstance(node, ast.ClassDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_CLASS
    ]


def wide_constructors(house: House) -> list[Place]:
    """Constructors with more than seven parameters beside ``self``."""
    return [
        source.place(node, f"{owner.name} takes {count}")
        for source in house.under(*SHIPPED, "benchmarks")
        for owner in source.nodes
        if isinstance(owner, ast.ClassDef)
        for node in owner.body
        if isinstance(node, ast.FunctionDef)
        and node.name == "__init__"
        and (count := _width(node.args)) > WIDEST_CONSTRUCTOR
    ]


def long_mains(house: House) -> list[Place]:
    """Commands of more than 60 lines."""
    return [
        Place(source.file, 1, f"{length} lines")
        for source in house.under("experiments")
        if source.folder == "experiments"
        and (length := len(source.text.splitlines())) > LONGEST_MAIN
    ]


def long_bodies(house: House) -> list[Place]:
    """Functions of more than 40 lines, signature and docstring left out."""
    return [
        source.place(node, f"{node.name} has {length} lines")
        for source in house.under(*SHIPPED, "benchmarks")
        for node in source.nodes
        if isinstance(node, ast.FunctionDef) and (length := body_lines(node)) > LONGEST_BODY
    ]


def fmt_skips(house: House) -> list[Place]:
    """Lines that the formatter is told to leave alone."""
    return [
        Place(source.file, number, line.strip())
        for source in house.sources
        for number, line in enumerate(source.text.splitlines(), 1)
        if KEEP in line
    ]


def body_lines(node: ast.FunctionDef) -> int:
    """Lines of a function's body, its docstring left out."""
    first = node.body[0]
    has_doc = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    body = node.body[1:] if has_doc else node.body
    return (node.end_lineno or node.lineno) - body[0].lineno + 1 if body else 0


def _width(given: ast.arguments) -> int:
    """Named parameters beside ``self``; what is only passed on counts for nothing."""
    return len([*given.posonlyargs, *given.args, *given.kwonlyargs]) - 1

"""Words: verbs for functions, nouns for values; and imports that do not belong in a product."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from benchmarks.counting.source import SHIPPED, House, Place, Source

_LIKE_PARTICIPLES = "bed embed exceed feed heed need proceed red seed shed speed succeed wed weed"
_IRREGULAR = """
    bought built drawn driven fallen found frozen given gone held hidden kept known laid led left
    lent lost made meant met paid said seen sent shown sold spent taken thought told tied torn
    understood won worn written
"""
_PHRASAL = "call cut go halt hand lay look opens run take"  # verbs that own their preposition
_PREPOSITIONS = "after at before by for from in into of on over to under with"
LIKE_PARTICIPLES = frozenset(_LIKE_PARTICIPLES.split())
IRREGULAR = frozenset(_IRREGULAR.split())
PREPOSITIONS = frozenset(_PREPOSITIONS.split())
PHRASAL = frozenset(_PHRASAL.split())
TEST_TOOLS = frozenset({"tests", "unittest", "mock", "pytest"})
CLAIMS = ("is", "has", "may", "can", "was", "are", "must")


def participle_names(house: House) -> list[Place]:
    """Functions called by a bare participle: `asked`, `drawn`."""
    return [p for p in _functions(house) if _is_participle(p.text)]


def preposition_names(house: House) -> list[Place]:
    """Functions whose name ends in a preposition: `ratios_of`."""
    return [p for p in _functions(house) if _ends_in_preposition(p.text)]


def found_values(house: House) -> list[Place]:
    """Uses of a local or a parameter called `found`."""
    return [
        source.place(node)
        for source in house.sources
        for node in source.nodes
        if (isinstance(node, ast.Name) and node.id == "found")
        or (isinstance(node, ast.arg) and node.arg == "found")
    ]


def borrowed_from_tests(house: House) -> list[Place]:
    """Mocks, imports of tests, and caught import errors in what is shipped."""
    return sorted(
        place for source in house.under(*SHIPPED, "benchmarks") for place in _borrowed(source)
    )


def _borrowed(source: Source) -> Iterator[Place]:
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom | ast.Import):
            from_one = isinstance(node, ast.ImportFrom)
            modules = [node.module or ""] if from_one else [a.name for a in node.names]
            if any(m.split(".")[0] in TEST_TOOLS for m in modules):
                yield source.place(node)
        elif isinstance(node, ast.ExceptHandler) and node.type is not None:
            names = {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)}
            if names & {"ImportError", "ModuleNotFoundError"}:
                yield source.place(node, f"except {ast.unparse(node.type)}")


def _functions(house: House) -> list[Place]:
    return [
        source.place(node, node.name)
        for source in house.under(*SHIPPED, "benchmarks")
        for node in source.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not any(_is_property(d) for d in node.decorator_list)
    ]


def _is_property(decorator: ast.expr) -> bool:
    """A property is read like a value: a noun or a claim is right for it."""
    return ast.unparse(decorator).rpartition(".")[2] in ("property", "cached_property", "setter")


def _is_participle(name: str) -> bool:
    word = name.strip("_")
    if "_" in word or word in LIKE_PARTICIPLES:
        return False
    return word in IRREGULAR or (word.endswith("ed") and len(word) > len("ed") + 1)


def _ends_in_preposition(name: str) -> bool:
    words = name.strip("_").split("_")
    if len(words) == 1 or words[0] in PHRASAL or words[0] in CLAIMS:
        return False
    return words[-1] in PREPOSITIONS

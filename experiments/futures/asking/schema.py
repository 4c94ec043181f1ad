"""The JSON schema of a question file, made from its types, so that editors complete every key.

``python -m experiments.futures.asking.schema`` writes ``conf/what/schema.json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from experiments.futures.asking.question_file import QuestionFile
from experiments.futures.asking.scene import GROUPS, WORDS
from factory_env.door.changes_schema import changes_schema
from factory_env.presets import CONF, list_names, read_group
from factory_env.whole_file import write_whole_text

FILE: Final = CONF / "what" / "schema.json"
# group -> the file whose keys stand for those of all
LIKE: Final[Mapping[str, str]] = {
    "plant": "mid",
    "scenario": "default",
    "disruptions": "normal",
    "demand": "drawn",
    "site": "pv_battery",
    "tariff": "us_demand",
}
KINDS: Final = {bool: "boolean", int: "number", float: "number", str: "string", list: "array"}


def question_schema() -> dict[str, Any]:
    """Schema of a file of ``conf/what``."""
    schema = TypeAdapter(QuestionFile).json_schema()
    schema["$schema"] = "http://json-schema.org/draft-07/schema#"
    schema["title"] = "A question of whatif.py"
    schema["additionalProperties"] = False
    parts = schema["$defs"]
    for part in parts.values():
        part["additionalProperties"] = False
        for key, said in (
            ("set", {"$ref": "#/$defs/Settings"}),
            ("changes", {"$ref": "#/$defs/Changes"}),
        ):
            if key in part.get("properties", {}):
                part["properties"][key] = said
        for group in GROUPS:
            if group in part.get("properties", {}):
                part["properties"][group] = _choice(group)
    parts["Changes"] = changes_schema()
    parts["Settings"] = {"type": "object", "properties": _settings()}
    return dict(schema)


def write_schema() -> None:
    """Write it where the shipped questions name it."""
    write_whole_text(FILE, schema_text())


def schema_text() -> str:
    """As it stands in the file."""
    return json.dumps(question_schema(), indent=1, ensure_ascii=False) + "\n"


def _choice(group: str) -> dict[str, Any]:
    """A shipped name, or any path."""
    return {"anyOf": [{"enum": list(list_names(group))}, {"type": ["string", "null"]}]}


def _settings() -> dict[str, Any]:
    """Every dotted key that may be laid over a base, and the words without a dot."""
    keys: dict[str, Any] = {group: _choice(group) for group in GROUPS}
    keys |= {word: {"type": ["string", "null"]} for word in WORDS}
    for group, name in LIKE.items():
        for key, value in _leaves(read_group(group, name)):
            kind = KINDS.get(type(value))
            keys[f"{group}.{key}"] = {} if kind is None else {"type": [kind, "null"]}
    return keys


def _leaves(node: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Values by dotted key; a list as a whole, and its items where they bear names."""
    if isinstance(node, Mapping):
        for key, child in node.items():
            yield from _leaves(child, f"{prefix}.{key}".lstrip("."))
        return
    yield prefix, node
    for item in node if isinstance(node, list) else ():
        if isinstance(item, Mapping) and "name" in item:
            yield from _leaves(item, f"{prefix}.{item['name']}")


if __name__ == "__main__":
    write_schema()

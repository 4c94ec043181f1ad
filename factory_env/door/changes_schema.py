"""The JSON schema of dated changes, made from what the door reads: editors complete by it."""

from __future__ import annotations

from typing import Any

from factory_env.door.changing.kinds import KINDS, Kind


def changes_schema() -> dict[str, Any]:
    """Schema of a list of changes."""
    kinds = [_kind_schema(word, kind) for word, kind in KINDS.items()]
    return {"type": "array", "items": {"oneOf": kinds}}


def _kind_schema(word: str, kind: Kind) -> dict[str, Any]:
    fields = kind.fields(word)
    return {
        "type": "object",
        "title": word,
        "description": kind.meaning,
        "properties": {key: field.schema() for key, field in fields.items()},
        "required": [word, *kind.needs],
        "additionalProperties": False,
    }

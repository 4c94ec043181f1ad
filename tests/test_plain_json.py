"""JSON that somebody changed ends in plain values or in a ValueError."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory_env.plain_json import parse_json, read_json


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 100_000,
        "1" * 401,
        "-" + "9" * 5000,
        "1e400",
        "NaN",
        "-Infinity",
        '{"a": [1, 1e999]}',
        str(2**63),
    ],
)
def test_what_is_no_plain_value_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        parse_json(text)


def test_plain_values_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '\ufeff{"a": [1, 2.5, true, null, "x"], "b": -9223372036854775807}'
    )
    assert read_json(tmp_path / "a.json") == {"a": [1, 2.5, True, None, "x"], "b": 1 - 2**63}
    with pytest.raises(ValueError, match="more than"):
        read_json(tmp_path / "a.json", most_mb=1e-6)
    with pytest.raises(FileNotFoundError):
        read_json(tmp_path)

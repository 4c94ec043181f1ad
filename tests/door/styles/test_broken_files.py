"""Broken files of styles and bulletins are refused in words: never a traceback."""

from __future__ import annotations

import random
import warnings
from contextlib import suppress

import pytest

from factory_env.door.styles.style_file import read_own_work
from factory_env.errors import InputError
from tests.door.styles.own_files import BOMBER, STYLES, write_files

ODD = (
    "",
    "0",
    "-1",
    "nan",
    "inf",
    "1e308",
    "polo",
    "knit",
    "\x1b[31m",
    "=cmd()",
    "中文",
    "A" * 500,
    "../x",
    "/dev/zero",
    '"',
    ";",
    "15 s",
    "1.000",
)


def spoil(text: str, luck: random.Random) -> str:
    """The text with one to three cells, rows or letters changed."""
    rows = text.splitlines()
    for _ in range(luck.randint(1, 3)):
        i, odd = luck.randrange(len(rows)), luck.choice(ODD)
        cells = rows[i].split(",")
        cells[luck.randrange(len(cells))] = odd
        at = luck.randrange(len(rows[i]) + 1)
        rows[i] = luck.choice(
            [",".join(cells), rows[i][:at] + odd + rows[i][at:], f"{rows[i]},{odd}", rows[0]]
        )
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("seed", range(40))
def test_a_spoiled_file_is_read_or_refused(tmp_path, seed) -> None:
    luck = random.Random(seed)
    styles, bulletin = (STYLES, BOMBER) if seed % 2 else (spoil(STYLES, luck), BOMBER)
    bulletin = spoil(bulletin, luck) if seed % 2 else bulletin
    paths = write_files(tmp_path, styles, bomber=bulletin)
    with warnings.catch_warnings(action="error"), suppress(InputError):
        assert all(0.0 < style.smv_min < 6000.0 for style in read_own_work(*paths).styles)


@pytest.mark.parametrize("path", ["/dev/zero", "nowhere", ".", "\x00", "A" * 5000])
def test_a_path_that_is_no_file_is_refused(path) -> None:
    with pytest.raises(InputError):
        read_own_work(path, None)
    if path != ".":
        with pytest.raises(InputError):
            read_own_work(None, path)

"""Changes the bytes of a sound file: a few at random, or one value for one that hurts."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

Change = Callable[[bytes, np.random.Generator], bytes]

# what has broken readers of numbers, days and names, here or elsewhere
VALUES: Final = (
    *("", "0", "-1", "1e6", "1e308", "-1e308", "1e400", "nan", "inf", "-inf", "NaN", ".inf"),
    *("9" * 25, "1" + "0" * 400, "9" * 5000, "0x10", "010", "1_000", "1,000", "1.000", "1.000,5"),
    *("null", "~", "true", "yes", "[]", "{}", "[[]]", "{a: 1}", "[1, 2", "'", '"', "???", "${x}"),
    *("${oc.env:HOME}", "!!set {a}", "!!python/object:os.system", "*a", "&a [*a]", "<<: *a"),
    *("31.02.2026", "2026-02-30", "9999-12-31", "0001-01-01", "12/13/2026", "2026-13-01T25:61"),
    *("10000-01-01", "1e5-01-01", "24:00", "+99:99", "Asia/Nowhere", "UTC+25", "../../etc/passwd"),
    *("/dev/zero", "/dev/stdin", "~nobody", "a" * 300, "\x00", "\x1b[31m", "\u202e", "\ufeff"),
    *("=cmd|' /C calc'!A0", "😀", "é", "\ud7ff", "%", "%s%n", "{0.__class__}", "<b>", "$", "\\"),
    *("€ 3", "3 €", "kWh", "ct/kWh", "°F", "-0", "--1", "+1", "1e", ".", ",", "1.2.3", "1;2", "#"),
)
_PIECES: Final = re.compile(rb"[\w.+%-]+")
_BYTES: Final = (b"\x00", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b"\x1a", b"\x80")


def mutate(content: bytes, rng: np.random.Generator, others: Sequence[bytes]) -> bytes:
    """A changed copy: one to four changes, of which one may be a part of another file."""
    for _ in range(int(rng.integers(1, 5))):
        number = int(rng.integers(len(CHANGES) + 1))
        if number == len(CHANGES):
            content = _splice(content, others[int(rng.integers(len(others)))], rng)
        else:
            content = CHANGES[number](content, rng)
    return content[:LONGEST]


LONGEST: Final = 4_000_000


def _place(content: bytes, rng: np.random.Generator) -> int:
    return int(rng.integers(len(content) + 1))


def _replace_value(content: bytes, rng: np.random.Generator) -> bytes:
    pieces = list(_PIECES.finditer(content[:200_000]))
    if not pieces:
        return content
    piece = pieces[int(rng.integers(len(pieces)))]
    value = VALUES[int(rng.integers(len(VALUES)))].encode("utf-8", "surrogatepass")
    return content[: piece.start()] + value + content[piece.end() :]


def _flip_bytes(content: bytes, rng: np.random.Generator) -> bytes:
    changed = bytearray(content)
    for _ in range(int(rng.integers(1, 9)) if changed else 0):
        changed[int(rng.integers(len(changed)))] = int(rng.integers(256))
    return bytes(changed)


def _flip_head(content: bytes, rng: np.random.Generator) -> bytes:
    """Where sizes and kinds stand."""
    return _flip_bytes(content[:256], rng) + content[256:]


def _cut(content: bytes, rng: np.random.Generator) -> bytes:
    return content[: _place(content, rng)]


def _drop(content: bytes, rng: np.random.Generator) -> bytes:
    start = _place(content, rng)
    return content[:start] + content[start + int(rng.integers(1, 64)) :]


def _repeat(content: bytes, rng: np.random.Generator) -> bytes:
    start = _place(content, rng)
    part = content[start : start + int(rng.integers(1, 400))]
    return content[:start] + part * int(rng.integers(2, 60)) + content[start:]


def _insert(content: bytes, rng: np.random.Generator) -> bytes:
    start, some = _place(content, rng), _BYTES[int(rng.integers(len(_BYTES)))]
    return content[:start] + some + content[start:]


def _nest(content: bytes, rng: np.random.Generator) -> bytes:
    start = _place(content, rng)
    bracket = (b"[", b"{", b'{"a":', b"(", b'"', b"- ")[int(rng.integers(6))]
    return content[:start] + bracket * int(rng.choice([2, 50, 5_000, 100_000])) + content[start:]


def _swap_lines(content: bytes, rng: np.random.Generator) -> bytes:
    lines = content.split(b"\n")
    i, j = rng.integers(len(lines), size=2).tolist()
    lines[i], lines[j] = lines[j], lines[i]
    return b"\n".join(lines)


def _recode(content: bytes, rng: np.random.Generator) -> bytes:
    """As another program would have written it."""
    kind = ("utf-16", "utf-16-le", "latin-1", "cp1252", "utf-8-sig", "utf-7")[int(rng.integers(6))]
    return content.decode("utf-8", "replace").encode(kind, "replace")


def _put_number(content: bytes, rng: np.random.Generator) -> bytes:
    """A size that is none: 32 or 64 bits of a header."""
    start = int(rng.integers(min(len(content), 512) + 1))
    value = int(rng.choice([0, 1, 2**31 - 1, 2**31, 2**32 - 1]))
    form = ("<I", ">I", "<Q", ">Q")[int(rng.integers(4))]
    packed = struct.pack(form, value)
    return content[:start] + packed + content[start + len(packed) :]


def _splice(content: bytes, other: bytes, rng: np.random.Generator) -> bytes:
    return content[: _place(content, rng)] + other[_place(other, rng) :]


CHANGES: Final[tuple[Change, ...]] = (
    *(_replace_value,) * 6,
    _flip_bytes,
    _flip_head,
    _cut,
    _drop,
    _repeat,
    _insert,
    _nest,
    _swap_lines,
    _recode,
    _put_number,
)

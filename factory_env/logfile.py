"""Saves a run log as Parquet and loads it again: equal logs give equal bytes."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import numpy as np

from factory_env.domain.records import (
    LOG_VERSION,
    OBJECTS,
    SCHEMA,
    Column,
    RunLog,
    Table,
    objects,
    schema_of,
)
from factory_env.errors import ArtifactError
from factory_env.plain_json import read_json
from factory_env.whole_file import name_part, remove

HEAD: Final = "log.json"
MOST_ROWS: Final = 200_000_000  # of a table
MOST_BYTES: Final = 8_000_000_000  # of a table, unpacked


def save_log(log: RunLog, folder: str | Path) -> Path:
    """Write one Parquet file per table and ``log.json`` into ``folder``.

    Everything is written beside the folder first and moved in one step: whoever kills the
    process leaves either no log or a whole one. No time stamps are stored.
    """
    import pyarrow.parquet as pq

    target = Path(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = name_part(target)
    remove(temporary)
    temporary.mkdir()
    try:
        for name in log.tables:
            table = _arrow(name, log.tables[name])
            pq.write_table(table, temporary / f"{name}.parquet", compression="zstd")
        head = json.dumps(_head(log), indent=2, sort_keys=True, allow_nan=False)
        (temporary / HEAD).write_text(head + "\n", encoding="utf-8")
        _move(temporary, target)
    finally:
        remove(temporary)
    return target


def load_log(folder: str | Path) -> RunLog:
    """The log that `save_log` wrote.

    Raises
    ------
    ArtifactError
        If files are missing or damaged, or the log is of another version.
    """
    source = Path(folder)
    head = _read_head(source)
    try:
        return RunLog(
            tables={name: _read_table(source, name) for name in (*SCHEMA, *_more(source))},
            seed=int(head["seed"]),
            end_min=float(head["end_min"]),
            working_days=float(head["working_days"]),
            finished=bool(head["finished"]),
            lines=tuple(head["lines"]),
            operators=tuple(head["operators"]),
            cost_usd=dict(head["cost_usd"]),
            facts=dict(head["facts"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ArtifactError(f"{source / HEAD} is damaged: {error!r}; run again") from None


def _head(log: RunLog) -> dict[str, Any]:
    return {
        "log_version": LOG_VERSION,
        "seed": int(log.seed),
        "end_min": float(log.end_min),
        "working_days": float(log.working_days),
        "finished": bool(log.finished),
        "lines": list(log.lines),
        "operators": [int(n) for n in log.operators],
        "cost_usd": {k: float(v) for k, v in log.cost_usd.items()},
        "facts": {k: float(v) for k, v in log.facts.items()},
        "versions": {
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in ("numpy", "simpy", "pyarrow")},
        },
    }


def _move(temporary: Path, target: Path) -> None:
    """Put the finished log in place; an old one there is replaced."""
    if not target.exists():
        temporary.replace(target)
        return
    old = name_part(target.with_name(f"{target.name}-old"))
    target.replace(old)
    try:
        temporary.replace(target)
    except OSError:
        old.replace(target)
        raise
    remove(old)


def _arrow(name: str, table: Table) -> Any:
    import pyarrow as pa

    kinds = _kinds()
    fields = [
        pa.field(column, kinds[kind], metadata={"unit": unit, "meaning": meaning})
        for column, (kind, unit, meaning) in schema_of(name, table).items()
    ]
    arrays = [_arrow_array(table[f.name], f.type) for f in fields]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _arrow_array(column: Column, kind: Any) -> Any:
    """A column for its file, made of its bytes: ``pa.array`` would bring pandas, half a second."""
    import pyarrow as pa

    if pa.types.is_list(kind):
        parts = [np.asarray(part) for part in column]
        inner = np.concatenate(parts) if parts else np.empty(0)
        values = _arrow_array(inner.astype(kind.value_type.to_pandas_dtype()), kind.value_type)
        ends = _ends([part.shape[0] for part in parts])
        return pa.Array.from_buffers(kind, len(parts), [None, ends], children=[values])
    if pa.types.is_string(kind) or pa.types.is_binary(kind):
        texts = [v.encode() if isinstance(v, str) else bytes(v) for v in column]
        buffers = [None, _ends([len(text) for text in texts]), pa.py_buffer(b"".join(texts))]
        return pa.Array.from_buffers(kind, len(texts), buffers)
    plain = np.ascontiguousarray(column, dtype=kind.to_pandas_dtype())
    packed = np.packbits(plain, bitorder="little") if pa.types.is_boolean(kind) else plain
    return pa.Array.from_buffers(kind, plain.shape[0], [None, pa.py_buffer(packed)])


def _ends(lengths: list[int]) -> Any:
    """Where each of so many pieces ends, and the first begins."""
    import pyarrow as pa

    return pa.py_buffer(np.cumsum([0, *lengths], dtype=np.int32))


def _read_head(source: Path) -> Mapping[str, Any]:
    path = source / HEAD
    try:
        head = read_json(path)
    except OSError:
        raise ArtifactError(f"no log in {source}: {HEAD} is missing; give a log folder") from None
    except ValueError:
        raise ArtifactError(f"{path} is damaged; run again") from None
    version = head.get("log_version") if isinstance(head, dict) else None
    if version != LOG_VERSION:
        raise ArtifactError(
            f"{path}: log version must be {LOG_VERSION}, got {version}; run again with this release"
        )
    return dict(head)


def _read_table(source: Path, name: str) -> dict[str, Column]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = source / f"{name}.parquet"
    try:
        with pq.ParquetFile(path) as file:
            about = file.metadata
            size = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
            if about.num_rows > MOST_ROWS or size > MOST_BYTES:
                raise OSError(f"{about.num_rows} rows, {size} bytes: no log is as large")
            table = file.read()
    except FileNotFoundError:
        raise ArtifactError(f"{path} is missing: the log is not whole; run again") from None
    except (OSError, pa.ArrowException, OverflowError) as error:
        reason = str(error).splitlines()[0]
        raise ArtifactError(f"{path} is damaged ({reason}); run again") from None
    known = SCHEMA.get(name, {})
    missing = [column for column in known if column not in table.column_names]
    if missing:
        raise ArtifactError(f"{path}: columns are missing: {', '.join(missing)}; run again")
    empty = [name for name in table.column_names if table.column(name).null_count]
    if empty:
        raise ArtifactError(f"{path}: values are missing in {', '.join(empty)}; run again")
    kinds = {
        field.name: known[field.name][0] if field.name in known else _kind(field.type)
        for field in table.schema
    }
    return {column: _column(table.column(column), kind) for column, kind in kinds.items()}


def _column(values: Any, kind: str) -> Column:
    """A column as the log has it; arrays in it can not be written to."""
    if kind.endswith("[]"):
        arrays = [np.array(value, dtype=kind.removesuffix("[]")) for value in values.to_pylist()]
        for array in arrays:
            array.flags.writeable = False
        return objects(arrays)
    is_object = kind in OBJECTS
    return np.array(
        values.to_pylist() if is_object else values, dtype=object if is_object else kind
    )


def _kind(arrow: Any) -> str:
    """The kind of a column by its type in the file."""
    import pyarrow as pa

    if pa.types.is_list(arrow):
        return f"{_kind(arrow.value_type)}[]"
    for kind, known in _kinds().items():
        if known == arrow:
            return kind
    raise ValueError(f"a column of type {arrow}")


def _kinds() -> dict[str, Any]:
    """Kind of column -> its type in the file."""
    import pyarrow as pa

    numbers = {"i8": pa.int64(), "f8": pa.float64(), "?": pa.bool_()}
    arrays = {f"{kind}[]": pa.list_(arrow) for kind, arrow in numbers.items()}
    return {**numbers, **arrays, "U": pa.string(), "B": pa.binary()}


def _more(source: Path) -> list[str]:
    """Tables beside those that every log has."""
    return sorted(path.stem for path in source.glob("*.parquet") if path.stem not in SCHEMA)


def fingerprint(log: RunLog) -> str:
    """SHA-256 over every byte of every column, and the costs."""
    digest = hashlib.sha256()
    for name, table in sorted(log.tables.items()):
        for column, values in table.items():
            digest.update(f"{name}.{column}:{values.dtype}:{values.shape[0]}".encode())
            is_object = values.dtype == object
            plain = repr([_plain(v) for v in values]).encode() if is_object else values.tobytes()
            digest.update(plain)
    facts = (log.seed, log.end_min, log.finished, sorted(log.cost_usd.items()))
    digest.update(repr(facts).encode())
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    """An array as a list, anything else as it is."""
    return value.tolist() if isinstance(value, np.ndarray) else value

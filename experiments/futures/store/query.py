"""Asks all runs of a store in SQL, by DuckDB.

Views: ``runs`` (a row a run: key, variant, seed, scenario, plant, agent, changes, settings, book,
seconds), and with key, variant and seed before their own columns ``kpis`` and ``money`` (name,
value), ``orders``, ``stations``, ``days``, ``gantt``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from experiments.futures.store.folder import FILES
from factory_env.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

LISTS: Final = {
    "kpis": "kpis",
    "money": "money_usd",
    "orders": "orders",
    "stations": "stations",
    "days": "days",
    "gantt": "gantt",
}
RUN: Final = ("key", "variant", "seed")
WORDS: Final = ("scenario", "plant", "agent", "changes", "settings", "book", "seconds")


def query_runs(folder: Path, sql: str) -> pd.DataFrame:
    """What a query finds among the runs of a store.

    >>> query_runs(Path("runs/store"), "select variant, avg(value) from kpis "
    ...            "where name = 'total_cost_usd' group by variant")  # doctest: +SKIP

    Raises
    ------
    InputError
        If there are no runs, or the query is none.
    """
    import duckdb

    if next(folder.glob(FILES), None) is None:
        right = "the folder of a store with runs, as whatif.py keeps them (runs/store)"
        raise InputError.of("store", "folder", "must hold runs", str(folder), right)
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        _make_views(connection, folder)
        try:
            answer: pd.DataFrame = connection.sql(sql).df()
        except duckdb.Error as error:
            right = f"a query on {', '.join(['runs', *LISTS])}"
            got = str(error).splitlines()[0]
            raise InputError.of("store", "query", "must be SQL", got, right) from None
    return answer


def _make_views(connection: Any, folder: Path) -> None:
    files = str(folder / FILES).replace("'", "''")
    source = f"read_parquet('{files}', union_by_name = true)"
    there = {row[0] for row in connection.execute(f"describe select * from {source}").fetchall()}
    run = ", ".join(RUN)
    connection.execute(f"create view runs as select {run}, {', '.join(WORDS)} from {source}")
    for view, column in LISTS.items():
        if column in there:
            connection.execute(
                f"create view {view} as select {run}, unnest({column}, max_depth := 2) "
                f"from {source}"
            )

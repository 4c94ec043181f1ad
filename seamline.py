"""The project by its name: ``from seamline import compare``, and ``python -m seamline <command>``.

>>> from seamline import compare
>>> compare({"edd": "edd", "mine": MyPolicy}, plant="small").table      # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.evaluating.compare import compare

__all__ = ["compare"]


def __getattr__(name: str) -> Any:
    """`compare`, brought when it is first asked for: it brings tables and pictures."""
    if name != "compare":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from experiments.evaluating.compare import compare

    return compare


if __name__ == "__main__":
    from experiments.command.console import main

    main()

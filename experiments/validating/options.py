"""What a person may say to ``validate.py``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateOptions:
    """See conf/validate.yaml."""

    data_dir: str | None = None
    only: str | tuple[str, ...] | None = None
    flow_shop: str | None = None
    sequence: str | None = None

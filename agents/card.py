"""Folders of saved agents: which checkpoint of a run counts, and its card, which is JSON.

The card says what kind of agent lies beside it and what a loader must know of it. It is written
last, so a folder with a card is whole. Nothing here knows a learner.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from factory_env.errors import ArtifactError

FORMAT: Final = 1
CARD: Final = "agent.json"
BEST, LAST = "best", "last"  # checkpoints of a training run
PRETRAINED: Final = "pretrained"  # the word for the shipped agent of its kind
SHIPPED: Final = Path(__file__).resolve().parent / PRETRAINED


def checkpoint_folder(path: Path) -> Path:
    """The best checkpoint in a run folder, else the last, else the folder itself."""
    for name in (BEST, LAST):
        if (path / name / CARD).is_file():
            return path / name
    return path


def agent_folder(name: str | Path, shipped: str) -> Path:
    """The folder with the card of an agent: of a run folder, or of the shipped one.

    Parameters
    ----------
    shipped
        Folder of `SHIPPED` that ``pretrained`` means.
    """
    return checkpoint_folder(SHIPPED / shipped if str(name) == PRETRAINED else Path(name))


def read_card(folder: Path) -> dict[str, Any]:
    """The agent's card.

    Raises
    ------
    ArtifactError
        If the folder holds no agent, or one of another format.
    """
    path = folder / CARD
    if not path.is_file():
        raise ArtifactError(
            f"{folder}: no saved agent here (no {CARD}); give a run folder of train.py"
        )
    try:
        card = json.loads(path.read_text())
    except (OSError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ArtifactError(f"{path}: not readable as JSON ({error}); train again") from error
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        written = card.get("format") if isinstance(card, dict) else None
        raise ArtifactError(f"{path}: agent format {written!r}, this version reads {FORMAT}")
    return card


def write_card(folder: Path, content: Mapping[str, Any]) -> None:
    """Write the card of an agent, with the number of this format."""
    text = json.dumps({"format": FORMAT, **content}, indent=2, sort_keys=True)
    write_whole(folder / CARD, lambda path: path.write_text(text + "\n"))


def write_whole(path: Path, write: Callable[[Path], Any]) -> None:
    """Write to a name beside ``path``, then rename: a kill leaves the old file or the new one."""
    beside = path.with_name(path.name + ".new")
    write(beside)
    os.replace(beside, path)

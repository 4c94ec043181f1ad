"""Folders of saved agents: which checkpoint of a run counts, and its card, which is JSON.

The card says what kind of agent lies beside it and what a loader must know of it. It is written
last, so a folder with a card is whole. Nothing here knows a learner.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from factory_env.errors import ArtifactError
from factory_env.plain_json import read_json
from factory_env.whole_file import write_whole_text

FORMAT: Final = 1
CARD: Final = "agent.json"
BEST, LAST = "best", "last"  # checkpoints of a training run
ORIGIN: Final = "start"  # the weights with which its learning began: untrained, or cloned
CHECKPOINTS: Final = (ORIGIN, BEST, LAST)
BEST_STEP: Final = "best_step"  # entry of a card: decisions after which the run was best, 0 = start
PRETRAINED: Final = "pretrained"  # the word for the shipped agent of its kind
PRIORS: Final = ("prior", "order_prior")
NUMBERS: Final = ("k1", "k2", "k3")
MOST_LAYERS: Final = 16
WIDEST: Final = 4096  # numbers of a layer
SHIPPED: Final = Path(__file__).resolve().parent / PRETRAINED


def checkpoint_folder(path: Path) -> Path:
    """The best checkpoint in a run folder, else the last, else the folder itself."""
    for name in (BEST, LAST):
        if (path / name / CARD).is_file():
            return path / name
    return path


def find_saved(name: str | Path) -> Path | None:
    """The folder that a name means, if it is there: ``runs/train/a``, or ``runs/train/a:start``.

    Behind a colon stands one of `CHECKPOINTS`; without it, see `checkpoint_folder`.
    """
    run, colon, checkpoint = str(name).rpartition(":")
    places = [Path(name)]
    if colon and checkpoint in CHECKPOINTS:
        places.append(Path(run) / checkpoint)
    try:
        return next((place for place in places if place.is_dir()), None)
    except (OSError, ValueError):  # a name that is too long, or holds a NUL
        return None


def find_start(name: str | Path) -> Path | None:
    """The checkpoint in a run folder with which its learning began, if it is kept."""
    folder = find_saved(name)
    start = None if folder is None else folder / ORIGIN
    return start if start is not None and (start / CARD).is_file() else None


def agent_folder(name: str | Path, shipped: str) -> Path:
    """The folder with the card of an agent: of a run folder, or of the shipped one.

    Parameters
    ----------
    shipped
        Folder of `SHIPPED` that ``pretrained`` means.
    """
    if str(name) == PRETRAINED:
        return checkpoint_folder(SHIPPED / shipped)
    return checkpoint_folder(find_saved(name) or Path(name))


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
        card = read_json(path)
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{path}: not readable as JSON ({error}); train again") from error
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        written = card.get("format") if isinstance(card, dict) else None
        raise ArtifactError(f"{path}: agent format {written!r}, this version reads {FORMAT}")
    if not isinstance(card.get("features", {}), (dict, list)):  # by block, or a site's in a row
        raise ArtifactError(f"{path}: features must be names; train again")
    return card


def require(card: Mapping[str, Any], folder: Path, kinds: Mapping[str, type]) -> None:
    """Check what a loader is going to take from a card.

    Parameters
    ----------
    kinds
        Key -> type of its value. Numbers in ``network_args`` are sizes of layers, and bounded:
        nobody's file may fill the memory.

    Raises
    ------
    ArtifactError
        With every key that is missing or of another type.
    """
    wrong = [key for key, kind in kinds.items() if not isinstance(card.get(key), kind)]
    wrong += [key for key in PRIORS if key in kinds and not _is_prior(card.get(key))]
    wrong += [f"network_args.{key}" for key in _strange_sizes(card.get("network_args"))]
    if wrong:
        names = ", ".join(dict.fromkeys(wrong))
        raise ArtifactError(
            f"{folder / CARD}: missing or not as train.py wrote it: {names}; train again"
        )


@contextmanager
def refuse_strange(folder: Path) -> Iterator[None]:
    """While a network is built of a card's values: what does not fit is the card's fault."""
    try:
        yield
    except (AssertionError, AttributeError, KeyError, RuntimeError, TypeError, ValueError) as error:
        reason = (str(error).splitlines() or [""])[0]
        raise ArtifactError(
            f"{folder / CARD}: its values make no network of this version "
            f"({type(error).__name__}: {reason}); train again"
        ) from error


def _strange_sizes(arguments: Any) -> list[str]:
    if not isinstance(arguments, dict):
        return []
    return [str(key) for key, value in arguments.items() if not _is_size(value, depth=3)]


def _is_prior(prior: Any) -> bool:
    """Numbers of the index rule by name; the first three have no default."""
    if not isinstance(prior, dict) or not set(NUMBERS) <= set(prior):
        return False
    return all(isinstance(v, int | float) and not isinstance(v, bool) for v in prior.values())


def _is_size(value: Any, depth: int) -> bool:
    """A number of a layer's size, or a few of them in lists and mappings."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        is_short = depth > 0 and len(value) <= MOST_LAYERS
        return is_short and all(_is_size(v, depth - 1) for v in value)
    if isinstance(value, int | float):
        return -WIDEST <= value <= WIDEST
    return value is None or isinstance(value, str)


def write_card(folder: Path, content: Mapping[str, Any]) -> None:
    """Write the card of an agent, with the number of this format."""
    text = json.dumps({"format": FORMAT, **content}, indent=2, sort_keys=True)
    write_whole_text(folder / CARD, text + "\n")

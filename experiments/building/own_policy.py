"""A policy of the user's own: ``my.py:Policy`` or ``package.module:Policy``, found and made.

Such a word names code, and loading it runs that code; nothing else on a command line does.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Final

from experiments.building.guarded import LOAD_S, drop_watch, within_s
from factory_env.door.text_file import is_file, user_path
from factory_env.errors import InputError

PYTHON: Final = ".py"
# role -> the method that a policy of it must have, and what it is given
DOORS: Final = {"lines": ("choose", "decision"), "site": ("run_site", "choice")}
EVERY_DOOR: Final = "answer"  # of a policy that takes every question
_modules: dict[tuple[str, int, int], ModuleType] = {}  # by path, time and size of a file


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnName:
    """A word that names a user's code."""

    word: str
    place: str  # path of a file, or a dotted module
    attribute: str  # what it defines; "" = not said
    field: str = "agent"  # for messages, like the next
    where: str = "command line"

    @property
    def is_file(self) -> bool:
        """Is the place a path?"""
        return self.place.endswith(PYTHON)

    def refuse(self, rule: str, right: str, got: str = "") -> InputError:
        """The error of this word."""
        return InputError.of(self.where, self.field, rule, got or repr(self.word), right)


def read_own_name(word: str) -> OwnName | None:
    """The parts of a word that names code; None if it names none.

    >>> read_own_name("rules/my.py:Cheapest").attribute
    'Cheapest'
    >>> read_own_name("edd") is None
    True
    """
    place, colon, attribute = word.rpartition(":")
    if not colon:
        is_own = word.endswith(PYTHON)
        return OwnName(word=word, place=word, attribute="") if is_own else None
    is_dotted = all(part.isidentifier() for part in place.split("."))
    if (place.endswith(PYTHON) or is_dotted) and attribute.isidentifier():
        return OwnName(word=word, place=place, attribute=attribute)
    return None


def load_own(
    name: OwnName, params: Mapping[str, Any], role: str, seconds: float | None = LOAD_S
) -> Any:
    """A fresh policy made of a user's class, function or object.

    Parameters
    ----------
    params
        Keyword arguments of the class or function.
    role
        A key of `DOORS`: what the policy must answer. A class is called, and so is a function
        that needs no more than ``params``; a function that needs one argument more answers
        itself; an object that has the method is taken as it is.
    seconds
        Most time that making it may take; None = any. Loading its file may take `LOAD_S`.

    Raises
    ------
    InputError
        If there is no such file, module or name, it fails or hangs while it is loaded or made, or
        what it makes can not answer. The error names file and line.
    """
    return make_own(name, load_thing(name, role), params, role, seconds)


def load_thing(name: OwnName, role: str) -> Any:
    """What a word names, as it stands in its file or module; see `load_own`."""
    return _find_attribute(name, _load_module(name), role)


def make_own(
    name: OwnName,
    thing: Any,
    params: Mapping[str, Any],
    role: str,
    seconds: float | None = LOAD_S,
) -> Any:
    """A policy made of a class, function or object that is at hand; see `load_own`."""
    policy = _make(name, thing, params, role, seconds)
    if not _has_door(policy, role):
        door, about = DOORS[role]
        methods = [m for m in dir(policy) if not m.startswith("_") and callable(getattr(policy, m))]
        got = f"{name.word}, which has {', '.join(methods[:8]) or 'no methods'}"
        raise name.refuse(f"must have a method {door}({about}) or answer(question)", "add it", got)
    return policy


def _load_module(name: OwnName) -> ModuleType:
    if not name.is_file:
        return _import_dotted(name)
    path = user_path(name.place)
    if not is_file(name.place):
        raise name.refuse("must name a Python file that is there", "check the path")
    about = path.stat()
    key = (str(path.resolve()), about.st_mtime_ns, about.st_size)
    if key not in _modules:
        _modules[key] = _run_file(name, path.resolve())
    return _modules[key]


def _run_file(name: OwnName, path: Path) -> ModuleType:
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))  # it may import what lies beside it
    alias = f"seamline_own_{len(_modules)}_{path.stem}"
    spec = importlib.util.spec_from_file_location(alias, path)
    assert spec is not None
    assert spec.loader is not None
    load = spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[alias] = module  # dataclasses and pickle look their module up
    try:
        with _telling(name, "must be a file that Python can load"):
            within_s(LOAD_S, lambda: load.exec_module(module))
    except InputError:
        del sys.modules[alias]
        raise
    return module


def _import_dotted(name: OwnName) -> ModuleType:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        with _telling(name, "must be a module that Python can load"):
            module: ModuleType = within_s(LOAD_S, lambda: importlib.import_module(name.place))
            return module
    except InputError as error:
        cause = error.__cause__
        if isinstance(cause, ModuleNotFoundError) and f"{name.place}.".startswith(f"{cause.name}."):
            right = "go to the folder above the package, or name the file: my.py:Policy"
            raise name.refuse("must be a module that can be found", right) from None
        raise


def _find_attribute(name: OwnName, module: ModuleType, role: str) -> Any:
    if name.attribute and hasattr(module, name.attribute):
        return getattr(module, name.attribute)
    own = [
        key
        for key, value in vars(module).items()
        if _has_door(value, role) and getattr(value, "__module__", "") == module.__name__
    ]
    near = difflib.get_close_matches(name.attribute, own, n=1) or own[:5]
    right = " or ".join(f"{name.place}:{key}" for key in near) or "define a class with choose"
    rule = "must be defined there" if name.attribute else "must say what in the file decides"
    raise name.refuse(rule, right)


def _make(
    name: OwnName, thing: Any, params: Mapping[str, Any], role: str, seconds: float | None
) -> Any:
    if not isinstance(thing, type | ModuleType) and _has_door(thing, role):
        if params:
            raise name.refuse("is an object already and takes no params", "leave them out")
        return thing
    if not callable(thing) or isinstance(thing, ModuleType):
        kind = f"{name.word}, a {type(thing).__name__}"
        right = "a class or function with choose"
        raise name.refuse("must be a class, a function or an object that decides", right, kind)
    if (problem := _why_uncallable(thing, (), params)) is None:
        with _telling(name, "must be made without an error"):
            make = partial(thing, **params)
            return make() if seconds is None else within_s(seconds, make)
    if not isinstance(thing, type) and _why_uncallable(thing, (None,), params) is None:
        return SimpleNamespace(**{DOORS[role][0]: _Answer(thing, dict(params))})
    raise _refuse_arguments(name, thing, params, problem)


def _refuse_arguments(
    name: OwnName, thing: Callable[..., Any], params: Mapping[str, Any], problem: str
) -> InputError:
    known = _list_parameters(thing)
    if known is not None and (strange := [key for key in params if key not in known]):
        near = difflib.get_close_matches(strange[0], known, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        right = f"{hint}known: {', '.join(known) or 'none'}"
        return name.refuse(f"has no parameter {', '.join(strange)}", right)
    rule = f"must be made with {dict(params) or 'no arguments'}"
    return name.refuse(f"{rule}, but {problem}", "defaults for all of them, or params.<name>=")


def _list_parameters(thing: Callable[..., Any]) -> list[str] | None:
    """What may be given by name, of a function beside the question; None if anything may."""
    every = inspect.signature(thing).parameters.values()
    if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in every):
        return None
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    named = [p for p in every if p.kind in kinds]
    first = named[0] if named and not isinstance(thing, type) else None
    is_question = first is not None and first.default is inspect.Parameter.empty
    return [p.name for p in named[1 if is_question else 0 :]]


@dataclass(frozen=True, slots=True)
class _Answer:
    """A function that answers, with the values that it was given beside the question."""

    function: Callable[..., Any]
    params: Mapping[str, Any]

    def __call__(self, question: object) -> Any:
        return self.function(question, **self.params)


def _why_uncallable(
    thing: Callable[..., Any], given: tuple[Any, ...], params: Mapping[str, Any]
) -> str | None:
    try:
        inspect.signature(thing).bind(*given, **params)
    except TypeError as error:
        return str(error)
    except ValueError:  # a builtin that tells nothing about itself
        return None
    return None


def _has_door(thing: Any, role: str) -> bool:
    return any(callable(getattr(thing, door, None)) for door in (DOORS[role][0], EVERY_DOOR))


@contextmanager
def _telling(name: OwnName, rule: str) -> Iterator[None]:
    """What a user's code raises while it is loaded or made is wrong input, with its line."""
    try:
        yield
    except (Exception, SystemExit) as error:
        raise name.refuse(rule, _place_error(error, name.place)) from error


def _place_error(error: BaseException, place: str) -> str:
    """``my.py:12: ZeroDivisionError: division by zero``: where in the user's code, and what."""
    said = f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {type(error).__name__}: {error.msg}"
    frames = drop_watch(traceback.extract_tb(error.__traceback__))
    own = [f for f in frames if Path(f.filename).name == Path(place).name]
    last = (own or frames)[-1]
    return f"{last.filename}:{last.lineno}: {said}" if own or frames[1:] else said

"""How every main starts: config checked first, a run folder, a summary, honest exit codes."""

from __future__ import annotations

import os
import shlex
import sys
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from omegaconf import DictConfig, OmegaConf, open_dict

from experiments.building.scenario import FactoryConfig, scenario_from
from experiments.command.help_page import answer_at_once
from experiments.command.options import read_options
from experiments.command.outlet import open_outlets
from experiments.command.overrides import PLAIN, CommandLine, Files, prepare
from experiments.command.own_words import OwnWords, take_own_words
from experiments.command.run_folder import RunFolder
from experiments.command.sweeps import literal
from factory_env.door.gather import Gather
from factory_env.errors import PolicyFailure, Problem, SeamlineError, one_line
from factory_env.presets import CONF

Task = Callable[..., Mapping[str, Any]]  # of options, run folder, and problems found so far

FAILED = 1
WRONG_INPUT = 2
INTERRUPTED = 130
# Hydra keeps its own log files and folders to itself: the run folder is ours
QUIET = (
    "hydra/job_logging=none",
    "hydra/hydra_logging=none",
    "hydra.output_subdir=null",
    "hydra.run.dir=.",
    "hydra.job.chdir=false",
    "hydra.sweep.subdir=.",
)


def run_main(
    name: str, task: Task, argv: Sequence[str] | None = None, home: Path | None = None
) -> None:
    """Run ``task`` with the config ``conf/<name>.yaml`` and the command line's overrides.

    The type of the task's first parameter says which options it takes, see `read_options`. Its
    third one holds what is wrong with them: the task adds what else it finds, and calls ``done``
    before it acts. The mapping that it returns is written to ``summary.json`` in the run folder;
    it is the last line printed where nobody sits at a terminal, or with ``json=true``. Exit codes:
    0 done; 2 the input is wrong (every problem is on stderr and nothing was written);
    130 interrupted; 1 the machine failed (a full disk, too little memory: one line), a user's
    policy failed while it played (``failed`` in the summary, all else is written), or a bug.

    Parameters
    ----------
    home
        Folder of an earlier run that goes on in it; None = a new one.

    >>> def task(options: SimulateOptions, run: RunFolder, gather: Gather) -> dict[str, int]:
    ...     gather.done()
    ...     return {"answer": options.seed}
    >>> if __name__ == "__main__":            # doctest: +SKIP
    ...     run_main("simulate", task)
    """
    argv = list(sys.argv[1:] if argv is None else argv)
    with open_outlets() as (out, _):
        _run(name, task, argv, home)
    if out.failure is not None:
        reason = out.failure.strerror
        print(f"{name}: not all of what was printed was read ({reason})", file=sys.stderr)
        raise SystemExit(FAILED)


def _run(name: str, task: Task, argv: Sequence[str], home: Path | None) -> None:
    if answer_at_once(name, argv):
        return
    with _reporting(name):
        own = take_own_words(name, argv)
        line = prepare(name, own.rest, _judge, problems=own.problems)
        job = _Job(name=name, task=task, line=line, own=own, home=home)
        if line.config is not None:
            job(line.config, line.choices, is_single=True)
        else:
            _run_under_hydra(name, job, line)


def _run_under_hydra(name: str, job: _Job, line: CommandLine) -> None:
    """Many runs, or a word to Hydra itself."""
    import hydra
    from hydra.core.hydra_config import HydraConfig
    from hydra.types import RunMode

    def run(cfg: DictConfig) -> None:
        hydra_config = HydraConfig.get()
        job(cfg, hydra_config.runtime.choices, is_single=hydra_config.mode == RunMode.RUN)

    old = sys.argv
    sys.argv = [
        old[0],
        *line.words,
        *QUIET,
        f"hydra.job.name={name}",
        f"hydra.sweep.dir=runs/{name}",
    ]
    os.environ["HYDRA_FULL_ERROR"] = "1"
    try:
        hydra.main(version_base="1.3", config_path=str(CONF), config_name=name)(run)()
    finally:
        sys.argv = old


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One run of a command, under whatever config it is given."""

    name: str
    task: Task
    line: CommandLine
    own: OwnWords
    home: Path | None = None  # of the run that goes on

    def __call__(self, cfg: DictConfig, choices: Mapping[Any, Any], *, is_single: bool) -> None:
        with open_dict(cfg):
            for key, value in (cfg.pop(PLAIN, None) or {}).items():
                cfg[key] = value
            cfg.sources = literal(_sources(choices, self.line.files))
        with _reporting(self.name):
            run = RunFolder(
                Path("runs") / self.name,
                cfg,
                exact=self.home or (self.own.folder if is_single else None),
                goes_on=self.home is not None,
                command=shlex.join([f"experiments/{self.name}.py", *self.line.typed]),
            )
            try:
                summary = _carry_out(self.task, cfg, run, self._overrides(is_single=is_single))
            except (SeamlineError, OSError, MemoryError):
                run.discard()
                raise
            text = run.finish(summary)
            sys.stderr.flush()
            print(text if self.own.prints_json() else f"run folder: {run.path}", flush=True)
            if is_single and summary.get("failed"):  # all else is done and written
                raise SystemExit(FAILED)

    def _overrides(self, *, is_single: bool) -> list[str]:
        if is_single and self.line.config is not None:
            return list(self.line.words)
        from hydra.core.hydra_config import HydraConfig

        return list(HydraConfig.get().overrides.task)


def _carry_out(
    task: Task, cfg: DictConfig, run: RunFolder, words: Sequence[str]
) -> Mapping[str, Any]:
    kind = next(iter(typing.get_type_hints(task).values()))
    gather = Gather()
    config: Any = OmegaConf.to_container(cfg, resolve=True)
    config["words"] = words
    return task(read_options(kind, config, gather), run, gather)


def _judge(cfg: DictConfig, words: Sequence[str], files: Files) -> list[Problem]:
    """What is wrong with the scenario of a config, if it has one."""
    if not {"scenario", "plant"} <= set(cfg.hydra.runtime.choices):
        return []  # calibrate.py has names in their place
    sources = _sources(cfg.hydra.runtime.choices, files)
    with open_dict(cfg):
        del cfg["hydra"]
    config: Any = OmegaConf.to_container(cfg, resolve=True)
    gather = Gather()
    given = read_options(FactoryConfig, {**config, "sources": sources, "words": words}, gather)
    gather(scenario_from, given)
    return gather.problems


def _sources(choices: Mapping[Any, Any], files: Files) -> dict[str, str]:
    """The file behind each chosen part of the config."""
    found = {}
    for group, choice in choices.items():
        if group.startswith("hydra/") or choice is None:
            continue
        user = files.get(group, {}).get(choice)
        path = user if user is not None else CONF / group / f"{choice}.yaml"
        found[str(group)] = os.path.relpath(path)
    return found


@contextmanager
def _reporting(name: str) -> Iterator[None]:
    """Turns errors raised on purpose into a message and an exit code."""
    try:
        yield
    except PolicyFailure as error:
        _stop(name, "\n".join(map(one_line, f"{error}\n{error.trace}".splitlines())))
    except SeamlineError as error:
        print(f"{name}: {error}", file=sys.stderr)
        raise SystemExit(WRONG_INPUT) from None
    except BrokenProcessPool:
        _stop(name, "a worker process was ended from outside; was there too little memory?")
    except MemoryError:
        _stop(name, "the memory of this machine does not hold it; ask for less")
    except OSError as error:
        place = "" if error.filename is None else f" ({one_line(str(error.filename))})"
        _stop(name, f"{error.strerror or error}{place}")
    except KeyboardInterrupt:
        print(f"{name}: interrupted", file=sys.stderr)
        raise SystemExit(INTERRUPTED) from None


def _stop(name: str, reason: str) -> NoReturn:
    """End over something that no input is to blame for."""
    print(f"{name}: {reason}", file=sys.stderr)
    raise SystemExit(FAILED) from None

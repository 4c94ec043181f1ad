"""How every main starts: config checked first, a run folder, a summary, honest exit codes."""

from __future__ import annotations

import os
import sys
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf, open_dict

from experiments.building.scenario import FactoryConfig, scenario_from
from experiments.command.options import read_options
from experiments.command.overrides import PLAIN, CommandLine, Files, prepare
from experiments.command.run_folder import RunFolder
from factory_env.door.gather import Gather
from factory_env.errors import Problem, SeamlineError
from factory_env.presets import CONF

Task = Callable[..., Mapping[str, Any]]  # of options, run folder, and problems found so far

WRONG_INPUT = 2
INTERRUPTED = 130
RUN_DIR = "hydra.run.dir="
# Hydra keeps its own log files and folders to itself: the run folder is ours
QUIET = (
    "hydra/job_logging=none",
    "hydra/hydra_logging=none",
    "hydra.output_subdir=null",
    "hydra.run.dir=.",
    "hydra.job.chdir=false",
    "hydra.sweep.subdir=.",
)


def run_main(name: str, task: Task, argv: Sequence[str] | None = None) -> None:
    """Run ``task`` with the config ``conf/<name>.yaml`` and the command line's overrides.

    The type of the task's first parameter says which options it takes, see `read_options`. Its
    third one holds what is wrong with them: the task adds what else it finds, and calls ``done``
    before it acts. The mapping that it returns is written to ``summary.json`` in the run folder
    and printed as the last line. Exit codes: 0 done; 2 the input is wrong (every problem is on
    stderr and nothing was written); 130 interrupted; 1 a bug.

    >>> def task(options: SimulateOptions, run: RunFolder, gather: Gather) -> dict[str, int]:
    ...     gather.done()
    ...     return {"answer": options.seed}
    >>> if __name__ == "__main__":            # doctest: +SKIP
    ...     run_main("simulate", task)
    """
    words = list(sys.argv[1:] if argv is None else argv)
    chosen = [w.removeprefix(RUN_DIR) for w in words if w.startswith(RUN_DIR)]
    with _reporting(name):
        line = prepare(name, [w for w in words if not w.startswith(RUN_DIR)], _judge)
        job = _job(name, task, line, Path(chosen[-1]) if chosen else None)
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
            hydra.main(version_base="1.3", config_path=str(CONF), config_name=name)(job)()
        finally:
            sys.argv = old


def _job(
    name: str, task: Task, line: CommandLine, exact: Path | None
) -> Callable[[DictConfig], None]:
    def job(cfg: DictConfig) -> None:
        with open_dict(cfg):
            for key, value in (cfg.pop(PLAIN, None) or {}).items():
                cfg[key] = value
            cfg.sources = _sources(HydraConfig.get().runtime.choices, line.files)
        is_single = HydraConfig.get().mode == RunMode.RUN
        with _reporting(name):
            run = RunFolder(
                Path("runs") / name,
                cfg,
                exact=exact if is_single else None,
                command=" ".join([f"experiments/{name}.py", *line.words]),
            )
            try:
                summary = _carry_out(task, cfg, run)
            except SeamlineError:
                run.discard()
                raise
            text = run.finish(summary)
            sys.stderr.flush()
            print(text, flush=True)

    return job


def _carry_out(task: Task, cfg: DictConfig, run: RunFolder) -> Mapping[str, Any]:
    kind = next(iter(typing.get_type_hints(task).values()))
    gather = Gather()
    config: Any = OmegaConf.to_container(cfg, resolve=True)
    config["words"] = HydraConfig.get().overrides.task
    return task(read_options(kind, config, gather), run, gather)


def _judge(cfg: DictConfig, words: Sequence[str], files: Files) -> list[Problem]:
    """What is wrong with the scenario of a config, if it has one."""
    if "scenario" not in cfg or "plant" not in cfg:
        return []
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
    except SeamlineError as error:
        print(f"{name}: {error}", file=sys.stderr)
        raise SystemExit(WRONG_INPUT) from None
    except KeyboardInterrupt:
        print(f"{name}: interrupted", file=sys.stderr)
        raise SystemExit(INTERRUPTED) from None

"""What the speed measurement lets fresh processes do: `python -m benchmarks.child memory 20`."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path


def resident_mb() -> float:
    """Resident memory of this process [MB]; its peak where /proc is missing."""
    statm = Path("/proc/self/statm")
    if statm.is_file():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def memory(episodes: int) -> str:
    """Play episodes of the mid plant; memory after 5 and after all, as JSON."""
    from benchmarks.environment import TimedEpisodes

    player = TimedEpisodes()
    after_5 = 0.0
    for episode in range(1, episodes + 1):
        player.play(episode, watch_factory=False)
        if episode == 5:
            after_5 = resident_mb()
    return json.dumps(
        {"after_5_mb": after_5, "end_mb": resident_mb(), "torch": "torch" in sys.modules}
    )


def log() -> str:
    """Fingerprint of every column of one run."""
    from agents.rules.atcs_match import AtcsMatch
    from factory_env import Factory, load_scenario
    from factory_env.logfile import fingerprint
    from factory_env.sim.run import play

    return fingerprint(play(Factory(load_scenario("mid"), 5, record_operations=True), AtcsMatch()))


if __name__ == "__main__":
    print(memory(int(sys.argv[2])) if sys.argv[1] == "memory" else log())

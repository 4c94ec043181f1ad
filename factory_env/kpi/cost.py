"""What did the run cost, as far as scheduling can change it?"""

from __future__ import annotations

from factory_env.domain.records import RunLog


def cost(log: RunLog) -> dict[str, float]:
    """Cost by part and in all [USD]; the sum of an episode's rewards is minus the total."""
    parts = {f"{name}_cost_usd": usd for name, usd in log.cost_usd.items() if name != "lateness"}
    return {"total_cost_usd": sum(log.cost_usd.values()), **parts}

"""What did the run cost: what scheduling can change, and the whole cost table."""

from __future__ import annotations

from typing import Final

from factory_env.domain.records import RunLog

# part of the cost table -> (label, where its rate comes from, can scheduling change it?)
TABLE: Final[dict[str, tuple[str, str, bool]]] = {
    "labour": ("wages in the shift", "assumed: 150 USD a month", False),
    "overhead": ("factory overhead", "assumed", False),
    "changeover": ("of the wages: lost in changeovers", "assumed", True),
    "learning": ("of the wages: lost in learning", "assumed", True),
    "overtime": ("overtime, paid double", "source: RSG-LAW, FE-OT", True),
    "lateness": ("late discounts", "source: TI for 15 days and more; steps assumed", True),
    "air": ("air freight", "source: FASHW", True),
    "short": ("short shipment", "assumed", True),
    "seconds": ("pieces sold as seconds", "assumed: at 30 % of the price", True),
    "recheck": ("re-checks after failed audits", "assumed", True),
    "cancelled": ("cut goods of cancelled orders", "assumed", True),
    "inspection": ("inspection and repair", "assumed; wages and overhead as above", True),
    "returns": ("returns by customers", "assumed: half of the escapes", True),
    "holding": ("capital in work in progress", "assumed: 12 % a year", True),
    "energy": ("electricity bill", "the tariff's", True),
    "fuel": ("gas and diesel", "assumed", True),
    "wear": ("battery wear", "assumed", True),
    "carbon": ("price on carbon", "the user's; in no bill", True),
}
WAGES_WITHIN: Final = ("changeover", "learning")  # are paid as wages already


def cost(log: RunLog) -> dict[str, float]:
    """Cost by part and in all [USD]; the sum of an episode's rewards is minus the total."""
    parts = {f"{name}_cost_usd": usd for name, usd in log.cost_usd.items() if name != "lateness"}
    return {"total_cost_usd": sum(log.cost_usd.values()), **parts}


def cost_table(log: RunLog) -> dict[str, float]:
    """Every part of `TABLE` [USD], wages and overhead of the shift included.

    Wages are paid for all operators of the shift, present or not by the scenario's rate; overhead
    per attended minute, overtime included.
    """
    days = log.tables["line_days"]
    regular = days["shift_min"] - days["overtime_min"]
    facts = log.facts
    attended = float((days["operators"] * days["present_share"] * days["shift_min"]).sum())
    usd = {
        "labour": float((days["operators"] * regular).sum()) * facts["labour_usd_per_min"],
        "overhead": attended * facts["overhead_usd_per_min"],
        **log.cost_usd,
    }
    return {name: float(usd.get(name, 0.0)) for name in TABLE}  # logs of old know no energy


def table_total(table: dict[str, float]) -> float:
    """The sum of a cost table [USD]; what is within the wages is not counted twice."""
    return sum(usd for name, usd in table.items() if name not in WAGES_WITHIN)

"""All KPIs of a run in one flat table, and what each of them means."""

from __future__ import annotations

from typing import Final

from factory_env.domain.records import RunLog
from factory_env.kpi.cost import cost
from factory_env.kpi.delivery import delivery
from factory_env.kpi.flow import flow
from factory_env.kpi.quality import quality
from factory_env.kpi.states import states

# key -> (label, unit, +1 if more is better, -1 if less is better, 0 if neither)
LABELS: Final[dict[str, tuple[str, str, int]]] = {
    "total_cost_usd": ("cost of scheduling, and of energy under a tariff", "USD", -1),
    "tardiness_cost_usd": ("weighted tardiness cost", "USD", -1),
    "changeover_cost_usd": ("labour lost in changeovers", "USD", -1),
    "learning_cost_usd": ("labour lost in learning", "USD", -1),
    "holding_cost_usd": ("capital in work in progress", "USD", -1),
    "short_cost_usd": ("short shipment", "USD", -1),
    "overtime_cost_usd": ("overtime pay", "USD", -1),
    "air_cost_usd": ("air freight", "USD", -1),
    "seconds_cost_usd": ("loss on seconds", "USD", -1),
    "recheck_cost_usd": ("re-checks after failed audits", "USD", -1),
    "cancelled_cost_usd": ("cut goods of cancelled orders", "USD", -1),
    "inspection_cost_usd": ("inspection and repair", "USD", -1),
    "returns_cost_usd": ("returns by customers", "USD", -1),
    "on_time_share": ("orders on time", "share", 1),
    "otif_share": ("on time in full", "share", 1),
    "mean_tardiness_days": ("mean tardiness", "days", -1),
    "orders": ("orders", "", 0),
    "air_orders": ("orders sent by air", "", -1),
    "cancelled_orders": ("orders cancelled", "", 0),
    "shipped_orders": ("orders shipped", "", 1),
    "pieces_per_day": ("pieces per working day", "pieces", 1),
    "wip_pieces": ("work in progress", "pieces", -1),
    "throughput_days": ("cut to ship", "days", -1),
    "changeover_h": ("changeover hours", "h", -1),
    "changeovers": ("changeovers", "", -1),
    "line_efficiency": ("line efficiency", "share", 1),
    "defective_share": ("defective pieces", "share", -1),
    "rft_share": ("right first time", "share", 1),
    "escape_share": ("escaped defects", "share", -1),
    "seconds_share": ("seconds", "share", -1),
    "dhu": ("defects found per 100 pieces", "", -1),
    "repair_share": ("pieces repaired", "share", -1),
    "repairs": ("repairs", "", -1),
    "false_reject_share": ("sound pieces flagged", "share", -1),
    "escape_rate": ("escapes of pieces shipped", "share", -1),
    "return_share": ("returns of pieces shipped", "share", -1),
    "pieces_packed": ("pieces packed", "pieces", 1),
    "audits": ("AQL audits", "", 0),
    "audit_fail_share": ("audits failed", "share", -1),
    "overtime_h": ("overtime worked", "operator h", -1),
    "work_time_share": ("operators' time: sewing", "share", 1),
    "setup_time_share": ("changing over", "share", -1),
    "learning_time_share": ("lost to learning", "share", -1),
    "starved_time_share": ("waiting for a bundle or an order", "share", -1),
    "blocked_time_share": ("blocked", "share", -1),
    "down_time_share": ("out of order", "share", -1),
    "absent_time_share": ("absent", "share", -1),
}


def kpis(log: RunLog) -> dict[str, float]:
    """Every KPI of a run; keys and order as in `LABELS`."""
    figures = {**cost(log), **delivery(log), **flow(log), **quality(log), **states(log)}
    return {key: figures[key] for key in LABELS}

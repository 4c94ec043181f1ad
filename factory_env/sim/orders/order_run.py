"""What has happened to one order so far."""

from __future__ import annotations

from factory_env.domain.product import Product

NEVER = float("nan")


class OrderRun:
    """Mutable state of an order in the house."""

    __slots__ = (
        "audits",
        "by_air",
        "cancelled_min",
        "caught",
        "concession",
        "cut",
        "defective",
        "false_alarms",
        "good",
        "has_passed",
        "learning_lost_min",
        "let_go",
        "line",
        "loaded_min",
        "lots_open",
        "order",
        "packed_work",
        "product",
        "ready_min",
        "recheck_found",
        "rejections",
        "repaired",
        "repairs",
        "returns",
        "scrapped",
        "seconds",
        "setup_min",
        "sewn_min",
        "shipped_min",
        "strictness",
        "taken_min",
        "work_min",
    )

    def __init__(self, order: int, product: Product) -> None:
        self.order = order
        self.product = product
        self.line = 0
        self.cut = 0
        self.lots_open = 0
        self.good = 0
        self.packed_work = 0.0  # working minute of finishing at which its last lot is packed
        self.seconds = 0
        self.scrapped = 0
        self.by_air = False
        self.has_passed = False  # the audit, if there is one
        self.audits = 0
        self.rejections = 0  # by the audit
        self.concession = 0  # 1 = shipped although rejected
        self.recheck_found = 0  # escapes found by re-checks, mended
        self.defective = 0
        self.caught = 0
        self.false_alarms = 0
        self.repaired = 0  # pieces, at least once
        self.repairs = 0
        self.let_go = 0  # caught, and defective all the same when they left bench and gate
        self.returns = 0.0  # of the escapes, expected to come back
        self.setup_min = 0.0
        self.strictness = NEVER  # of its inspection; set when a line takes it
        self.work_min = 0.0
        self.learning_lost_min = 0.0
        self.ready_min = NEVER
        self.taken_min = NEVER
        self.loaded_min = NEVER
        self.sewn_min = NEVER
        self.shipped_min = NEVER
        self.cancelled_min = NEVER

    @property
    def is_ready(self) -> bool:
        """Is it cut, so that a line can take it?"""
        return self.ready_min == self.ready_min  # not NaN

    @property
    def is_taken(self) -> bool:
        """Has a line taken it?"""
        return self.taken_min == self.taken_min

    @property
    def is_shipped(self) -> bool:
        """Has it left the house?"""
        return self.shipped_min == self.shipped_min

    @property
    def is_cancelled(self) -> bool:
        """Has the customer cancelled it?"""
        return self.cancelled_min == self.cancelled_min

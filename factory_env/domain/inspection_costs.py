"""What a verdict is expected to cost: a defective piece let pass or mended, a sound one flagged.

The ledger books the same prices with the inspection station on (`Station`), so whoever flags by
these numbers flags by what a run will cost. Not in them: lateness of the lot that waits, and
escapes that an audit finds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.inspection import LEAST_SEVERITY, MEAN_SEVERITY
from factory_env.domain.people import GRADES
from factory_env.domain.product import Product, Style
from factory_env.domain.quality import DefectKind
from factory_env.domain.scenario import Scenario

Floats = NDArray[np.float64]


def minute_usd(scenario: Scenario) -> float:
    """A person's minute at table or bench: wage and overhead [USD]."""
    return scenario.costs.labour_usd_per_min + scenario.costs.overhead_usd_per_min


def return_probability(scenario: Scenario, severity: Floats) -> Floats:
    """Does an escape of this severity come back? Shape as ``severity``."""
    slope = scenario.inspection.station.return_share / MEAN_SEVERITY
    return np.asarray(np.minimum(1.0, slope * severity))


def mean_return_probability(scenario: Scenario) -> float:
    """The same over all severities, which are uniform from `LEAST_SEVERITY` to 1."""
    slope = scenario.inspection.station.return_share / MEAN_SEVERITY
    if slope <= 1.0:
        return scenario.inspection.station.return_share
    sure = 1.0 / slope  # severity from which on every escape comes back
    rising = slope * (sure * sure - LEAST_SEVERITY * LEAST_SEVERITY) / 2.0
    return (rising + 1.0 - sure) / (1.0 - LEAST_SEVERITY)


def returned_usd(scenario: Scenario, price_usd: float) -> float:
    """A piece that has come back [USD]: its price is lost, and it has to be handled."""
    return price_usd + scenario.inspection.station.return_usd


def escape_usd(scenario: Scenario, price_usd: float) -> float:
    """Expected cost of letting a defective piece pass [USD]."""
    return mean_return_probability(scenario) * returned_usd(scenario, price_usd)


def second_usd(scenario: Scenario, price_usd: float) -> float:
    """Loss on a piece sold as a second [USD]."""
    return price_usd * (1.0 - scenario.quality.seconds_price_share)


def false_alarm_usd(scenario: Scenario, product: Product) -> float:
    """Expected cost of flagging a sound piece [USD]: a look at the bench."""
    return product.inspect_min * minute_usd(scenario)


def inspection_usd(
    scenario: Scenario, product: Product, manual_share: float = 1.0, uses_camera: bool = False
) -> float:
    """One verdict [USD]: the part of the people's check that is still needed, and the camera."""
    camera = scenario.inspection.station.camera_usd if uses_camera else 0.0
    return manual_share * product.inspect_min * minute_usd(scenario) + camera


def repair_min(scenario: Scenario, style: Style, kind: DefectKind) -> float:
    """Minutes of the bench for one repair of a kind, without the look before it."""
    minutes = kind.repair_op_smv_factor * style.operation_min + kind.repair_fixed_min
    return minutes * mender_time_factor(scenario)


def mender_time_factor(scenario: Scenario) -> float:
    """Repair time of the bench's grade over that of grade B."""
    by_grade = dict(zip(GRADES, scenario.grades.efficiencies, strict=True))
    return by_grade["B"] / by_grade[scenario.inspection.station.mender_grade]


def repair_failure(scenario: Scenario) -> float:
    """Probability that a repair by the bench's grade leaves the piece defective."""
    station = scenario.inspection.station
    by_grade = dict(zip(GRADES, scenario.grades.defect_factors, strict=True))
    if by_grade["B"] <= 0.0:
        return station.repair_fails
    return min(1.0, station.repair_fails * by_grade[station.mender_grade] / by_grade["B"])


def recheck_usd(scenario: Scenario, style: Style, price_usd: float) -> float:
    """Expected cost of a defect that a re-check finds [USD]: a repair, or the loss as a second.

    Mean over the kinds of defect; a re-check does not draw them.
    """
    kinds, usd = scenario.library.defects, minute_usd(scenario)
    second = second_usd(scenario, price_usd)
    each = (
        kind.share
        * (
            kind.repairable * repair_min(scenario, style, kind) * usd
            + (1.0 - kind.repairable) * second
        )
        for kind in kinds
    )
    return sum(each) / sum(kind.share for kind in kinds)


def repair_usd(
    scenario: Scenario,
    style: Style,
    kind: DefectKind,
    price_usd: float,
    *,
    detects: float = 0.85,
    found: float | None = None,
    manual_share: float = 1.0,
    uses_camera: bool = False,
) -> float:
    """Expected cost of flagging a defective piece of ``kind`` [USD].

    The bench looks, lets some go, sells what cannot be mended as seconds and mends the rest, as
    often as it may; each repair is inspected again.

    Parameters
    ----------
    detects
        Probability that the inspector flags the piece again if the repair has failed.
    found
        Probability that the bench sees the defect; by default of one that the inspector has marked.
    manual_share, uses_camera
        What a verdict of the inspector takes; see `inspection_usd`.
    """
    station, usd = scenario.inspection.station, minute_usd(scenario)
    product = style.product
    look, escape = product.inspect_min * usd, escape_usd(scenario, price_usd)
    second = second_usd(scenario, price_usd)
    mend = repair_min(scenario, style, kind) * usd
    mend += inspection_usd(scenario, product, manual_share, uses_camera)
    fails = repair_failure(scenario)
    found = station.bench_detects if found is None else found
    # at the bench after the last repair, then one repair earlier, ...: seen defective, it goes
    cost = look + found * second + (1.0 - found) * escape
    for _ in range(station.max_repairs):
        again = mend + fails * (detects * cost + (1.0 - detects) * escape)
        cost = look + found * again + (1.0 - found) * escape
    if station.max_repairs:  # what cannot be repaired shows the first time
        cost -= found * (1.0 - kind.repairable) * (again - second)
    return cost

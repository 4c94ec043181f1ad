"""The luck of every working day: absence, form of the lines, standstills, outages.

Nothing here depends on what the policy does, but for the form of a line that has changed over.
Days still to come can be drawn anew (`DayLuck.renew`), so that a fork need not be clairvoyant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.disruptions import LineStops
from factory_env.domain.people import Absence
from factory_env.domain.scenario import Scenario
from factory_env.sim.kernel.streams import Streams

Floats = NDArray[np.float64]
LEAST_MEAN: Final = 1e-6  # of an absence that is drawn


def absence_shares(
    absence: Absence, streams: Streams, line: int, after_off: NDArray[np.bool_]
) -> Floats:
    """Share of a line's operators absent on each day, days independent, shape (days,)."""
    if not absence.enabled:
        return np.zeros(after_off.shape[0])
    rng = streams.generator("line", line, "absence")
    mean = _mean_absence(absence, after_off)
    inner = np.clip(mean, LEAST_MEAN, 1.0 - LEAST_MEAN)  # a beta needs some of either
    drawn = rng.beta(inner * absence.concentration, (1.0 - inner) * absence.concentration)
    return np.where(inner == mean, drawn, mean)


def _mean_absence(absence: Absence, after_off: NDArray[np.bool_]) -> Floats:
    """Expected share on each day; nobody or everybody is absent at a mean of 0 or 1."""
    mean = np.where(after_off, absence.mean * absence.after_day_off_factor, absence.mean)
    if mean.sum() <= 0.0:  # also where every working day follows a day off
        return np.full(mean.shape, absence.mean)
    # the overall mean stays what the scenario says, whatever the number of days after a holiday
    scaled = mean * absence.mean / mean.mean()
    is_full = scaled >= 1.0
    if is_full.any() and not is_full.all():  # what does not fit into these days is on the others
        rest = absence.mean * scaled.shape[0] - np.count_nonzero(is_full)
        scaled[~is_full] = rest / np.count_nonzero(~is_full)
    return np.asarray(np.minimum(scaled, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Luck of all days under one seed; shape (lines, days) unless said otherwise."""

    absent: Floats  # shares, or normal innovations if days are correlated
    form: Floats  # normal innovations
    stop_at: Floats  # minutes after the shift began; NaN = no standstill
    stop_min: Floats
    outage_at: tuple[Floats, ...]  # by day: minutes after the shift began
    outage_min: tuple[Floats, ...]  # of standstill
    dark_min: tuple[Floats, ...]  # without grid


class DayLuck:
    """What each working day brings; asked morning by morning, in order."""

    def __init__(self, scenario: Scenario, streams: Streams, days: int) -> None:
        calendar: WorkCalendar = scenario.calendar
        self.streams = streams
        self._scenario = scenario
        self._n_lines = len(scenario.plant.lines)
        self.working = [d for d in range(days) if calendar.is_working_day(d)]
        self._after_off = np.array(
            [d > 0 and not calendar.is_working_day(d - 1) for d in self.working], dtype=np.bool_
        )
        absence, form = scenario.absence, scenario.form
        self._is_correlated = absence.enabled and absence.correlation > 0.0
        self._has_form = scenario.disruptions.day_form and form.enabled
        self._mean = _mean_absence(absence, self._after_off) if self.working else np.zeros(0)
        self._curve = np.asarray(form.quantiles, dtype=np.float64)
        self._at = np.linspace(0.0, 1.0, self._curve.shape[0])
        first = streams.generator("lines", "first state").standard_normal((3, self._n_lines))
        self._absence_state, self._form_state, self._line_effect = first
        self._draws = self._draw(streams)

    def renew(self, after: int, streams: Streams) -> None:
        """Draw the days after the working day number ``after`` anew; -1 = all."""
        old, new, n = self._draws, self._draw(streams), after + 1
        joined = {
            name: np.concatenate([getattr(old, name)[:, :n], getattr(new, name)[:, n:]], axis=1)
            for name in ("absent", "form", "stop_at", "stop_min")
        }
        self._draws = Draws(
            **joined,
            outage_at=old.outage_at[:n] + new.outage_at[n:],
            outage_min=old.outage_min[:n] + new.outage_min[n:],
            dark_min=old.dark_min[:n] + new.dark_min[n:],
        )

    def absent(self, i: int) -> Floats:
        """Absent share of every line on the ``i``-th working day, shape (lines,)."""
        if not self._is_correlated:
            return np.asarray(self._draws.absent[:, i])
        from scipy.special import betaincinv, ndtr  # slow to bring, and many runs need none

        absence = self._scenario.absence
        rho = absence.correlation
        self._absence_state = (
            rho * self._absence_state + np.sqrt(1.0 - rho * rho) * (self._draws.absent[:, i])
        )
        mean, k = float(self._mean[i]), absence.concentration
        if not LEAST_MEAN <= mean <= 1.0 - LEAST_MEAN:
            return np.full(self._n_lines, mean)
        return np.asarray(betaincinv(mean * k, (1.0 - mean) * k, ndtr(self._absence_state)))

    def form(self, i: int, changed: NDArray[np.bool_]) -> Floats | None:
        """Form of every line, shape (lines,); None if form is off.

        ``changed``: lines that changed style since the last working day.
        """
        if not self._has_form:
            return None
        from scipy.special import ndtr

        form = self._scenario.form
        rho = np.where(changed, form.correlation * form.after_change, form.correlation)
        self._form_state = (
            rho * self._form_state + np.sqrt(1.0 - rho * rho) * (self._draws.form[:, i])
        )
        between = form.line_sd
        state = between * self._line_effect + np.sqrt(1.0 - between * between) * self._form_state
        return np.asarray(np.interp(ndtr(state), self._at, self._curve))

    def stops(self, i: int) -> list[tuple[int, float, float]]:
        """Standstills of the day: line, minutes after the shift began, minutes."""
        at, length = self._draws.stop_at[:, i], self._draws.stop_min[:, i]
        lines = np.flatnonzero(~np.isnan(at)).tolist()
        return [(line, float(at[line]), float(length[line])) for line in lines]

    def outages(self, i: int) -> list[tuple[float, float, float]]:
        """Outages of the day: minutes after the shift began, of standstill, and without grid."""
        draws = self._draws
        rows = zip(draws.outage_at[i], draws.outage_min[i], draws.dark_min[i], strict=True)
        return [(float(at), float(still), float(dark)) for at, still, dark in rows]

    def _draw(self, streams: Streams) -> Draws:
        scenario, n = self._scenario, len(self.working)
        lines = range(self._n_lines)
        shape = (self._n_lines, n)
        found = scenario.disruptions
        span = scenario.calendar.shift_end_min - scenario.calendar.shift_start_min
        if self._is_correlated:
            absent = _normals(streams, "absence", shape)
        else:
            absent = np.array(
                [absence_shares(scenario.absence, streams, k, self._after_off) for k in lines]
            ).reshape(shape)
        form = _normals(streams, "form", shape) if self._has_form else np.zeros(shape)
        stop_at, stop_min = _stops(found.line_stops, streams, shape, span)
        outage_at, outage_min, dark_min = self._outages(streams, n, span)
        return Draws(
            absent=absent,
            form=form,
            stop_at=stop_at,
            stop_min=stop_min,
            outage_at=outage_at,
            outage_min=outage_min,
            dark_min=dark_min,
        )

    def _outages(
        self, streams: Streams, n: int, span: float
    ) -> tuple[tuple[Floats, ...], tuple[Floats, ...], tuple[Floats, ...]]:
        outages = self._scenario.disruptions.outages
        if outages.per_day <= 0.0:
            return (np.empty(0),) * n, (np.empty(0),) * n, (np.empty(0),) * n
        rng = streams.generator("site", "outages")
        at = tuple(np.sort(rng.uniform(0.0, span, k)) for k in rng.poisson(outages.per_day, n))
        longest = outages.start_min if outages.has_generator else np.inf
        dark: tuple[Floats, ...] = tuple(
            np.asarray(rng.exponential(outages.mean_min, day.shape[0])) for day in at
        )
        still: tuple[Floats, ...] = tuple(np.asarray(np.minimum(d, longest)) for d in dark)
        return at, still, dark


def _normals(streams: Streams, name: str, shape: tuple[int, int]) -> Floats:
    """One stream per line, so that a plant with one line more leaves the others their luck."""
    rows = [
        streams.generator("line", k, name, "normal").standard_normal(shape[1])
        for k in range(shape[0])
    ]
    return np.array(rows).reshape(shape)


def _stops(
    stops: LineStops, streams: Streams, shape: tuple[int, int], span: float
) -> tuple[Floats, Floats]:
    at, length = np.full(shape, np.nan), np.zeros(shape)
    if stops.per_line_day <= 0.0:
        return at, length
    for k in range(shape[0]):
        rng = streams.generator("line", k, "stops")
        hit = rng.random(shape[1]) < stops.per_line_day
        at[k] = np.where(hit, rng.uniform(0.0, span, shape[1]), np.nan)
        drawn = stops.median_min * np.exp(stops.sigma * rng.standard_normal(shape[1]))
        length[k] = np.minimum(drawn, stops.max_min)
    return at, length

"""The door for tariffs: a user's YAML in, a tariff out, every problem at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from factory_env.domain.series import SlotSeries
from factory_env.domain.tariff import (
    MONTHS,
    RESERVED,
    DemandBand,
    EnergyBand,
    Ratchet,
    Tariff,
    Timetable,
    always,
)
from factory_env.door.gather import Gather
from factory_env.door.parts import (
    build_part,
    infinities,
    nans,
    not_a_number,
    not_finite,
    unknown_keys,
)
from factory_env.door.series_door import SeriesFile, read_series
from factory_env.door.series_money import VALUE_FACTOR, usual_usd
from factory_env.door.series_units import PER_KWH_LIMIT_USD, Kind
from factory_env.door.series_verdict import Size
from factory_env.door.tariff_holidays import lay_holidays, week_parts
from factory_env.door.tariff_hours import Bools, Finding, claimed, places
from factory_env.door.tariff_limits import (
    CARBON_LIMIT_G,
    DEAR_USD_PER_KWH,
    MOST_FIXED_USD,
    MOST_KW,
    MOST_PENALTY,
    PER_KW_LIMIT_USD,
    USD_PER_UNIT,
)
from factory_env.door.tariff_spec import (
    DemandBandSpec,
    RatchetSpec,
    SeriesSpec,
    TariffSpec,
)
from factory_env.errors import InputError, wrong

SPOT_BAND: Final = "spot"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltTariff:
    """A tariff, and what its user should know about it."""

    tariff: Tariff
    notes: tuple[str, ...]


def build_tariff(raw: Mapping[str, Any], where: str = "tariff", folder: Path = Path()) -> Tariff:
    """The tariff of a file alone; `read_tariff` says what that takes and tells the notes too."""
    return read_tariff(raw, where, folder).tariff


def read_tariff(
    raw: Mapping[str, Any], where: str = "tariff", folder: Path = Path()
) -> BuiltTariff:
    """Check and build a tariff.

    Parameters
    ----------
    raw
        Contents of a tariff file; `TariffSpec` lists the keys, ``conf/tariff`` holds examples.
    where
        What to call the source in messages.
    folder
        Where the paths of its series begin: the folder of the tariff file.

    Raises
    ------
    InputError
        With every problem found: unknown keys, wrong types, hours without a price or with two,
        prices per MWh, series that cannot be read.
    """
    problems = unknown_keys(TariffSpec, raw, where, "")
    problems += [not_finite(where, path) for path in infinities(raw, "")]
    problems += [not_a_number(where, path) for path in nans(raw, "")]
    spec: TariffSpec | None = build_part(TariffSpec, raw, where, problems)
    if spec is None:
        raise InputError(problems)
    found = list(_findings(spec))
    hours = _energy_hours(spec, found)
    holiday_hours = lay_holidays(spec, hours, found)
    demand_hours = _demand_hours(spec.demand.bands, spec.demand.window_min, found)
    problems += [wrong(where, f.field, f.rule, f.got, f.right) for f in found]
    gather = Gather()
    gather.add(problems)
    currency = spec.currency if "currency" in raw else ""
    spot = gather(_series, spec.spot, "price", folder, spec.usd_per_unit, currency)
    carbon = gather(_series, spec.carbon, "carbon", folder)
    gather.done()
    files = [file for file in (spot, carbon) if file is not None]
    told = [*_notes(spec, raw), *(f"{file.series.name}: {n}" for file in files for n in file.notes)]
    return BuiltTariff(
        tariff=_tariff(
            spec,
            hours,
            holiday_hours,
            demand_hours,
            None if spot is None else spot.series,
            None if carbon is None else carbon.series,
        ),
        notes=tuple(f"tariff {spec.name}: {note}" for note in told),
    )


def _notes(spec: TariffSpec, raw: Mapping[str, Any]) -> Iterator[str]:
    """Numbers that are possible, but would be rare."""
    prices = {f"energy[{i}].price": band.price for i, band in enumerate(spec.energy)}
    is_told = "usd_per_unit" in raw or spec.currency == "USD"
    if not is_told:
        yield f"usd_per_unit is not given: one {spec.currency} counts as one USD"
    for name, price in {**prices, "export.price": spec.export.price}.items():
        usd = price * spec.usd_per_unit
        if DEAR_USD_PER_KWH < abs(usd) <= PER_KWH_LIMIT_USD:
            yield f"{name}: {usd:.3g} USD per kWh as it stands; cents would be {usd / 100:.3g} USD"


def _tariff(
    spec: TariffSpec,
    hours: Timetable,
    holiday_hours: Timetable | None,
    demand_hours: Timetable,
    spot: SlotSeries | None,
    carbon: SlotSeries | None,
) -> Tariff:
    bands = tuple(EnergyBand(name=b.name, price=b.price) for b in spec.energy)
    demand = spec.demand
    return Tariff(
        name=spec.name,
        currency=spec.currency,
        usd_per_unit=spec.usd_per_unit,
        source=spec.source,
        bands=bands or (EnergyBand(name=SPOT_BAND, price=0.0),),
        hours=hours,
        holiday_hours=holiday_hours,
        country=spec.country,
        spot=spot,
        any_time_rates=demand.any_time_by_month or (demand.any_time,) * MONTHS,
        demand_bands=tuple(
            DemandBand(name=b.name, rates=b.rate_by_month or (b.rate,) * MONTHS)
            for b in demand.bands
        ),
        demand_hours=demand_hours,
        window_min=demand.window_min,
        ratchet=_ratchet(demand.ratchet),
        contract=spec.contract,
        fixed_per_month=spec.fixed_per_month,
        fixed_per_day=spec.fixed_per_day,
        export=spec.export,
        carbon_g_per_kwh=spec.carbon_g_per_kwh,
        carbon=carbon,
    )


def _ratchet(spec: RatchetSpec | None) -> Ratchet | None:
    if spec is None:
        return None
    shares = (spec.share,) * MONTHS
    return Ratchet(shares=shares, months=spec.months, peak_months=spec.peak_months)


def _series(
    spec: SeriesSpec | None,
    kind: Kind,
    folder: Path,
    usd_per_unit: float = 1.0,
    currency: str = "",
) -> SeriesFile | None:
    if spec is None:
        return None
    size = Size(currency=currency)
    return read_series(folder / spec.file, spec.column, kind, spec, usd_per_unit, size)


def _findings(spec: TariffSpec) -> Iterator[Finding]:
    """Rules of single numbers and between fields, other than hours."""
    if not spec.energy and spec.spot is None:
        yield Finding(
            "energy",
            "a tariff needs energy bands, a spot price, or both",
            "neither",
            "see conf/tariff/bd_industry.yaml",
        )
    yield from _band_names("energy", [band.name for band in spec.energy])
    yield from _band_names("demand.bands", [band.name for band in spec.demand.bands])
    yield from _odd_currency(spec)
    yield from _large_numbers(spec)
    yield from _high_prices(spec)
    yield from _high_rates(spec)
    if spec.carbon_g_per_kwh > CARBON_LIMIT_G:
        yield Finding(
            "carbon_g_per_kwh",
            f"is in grams, at most {CARBON_LIMIT_G:g}",
            f"{spec.carbon_g_per_kwh:g}",
            "e.g. 481, the mean of the world",
        )


def _band_names(key: str, names: Sequence[str]) -> Iterator[Finding]:
    for i, name in enumerate(names):
        field = f"{key}[{i}].name"
        if names.count(name) > 1:
            yield Finding(field, "band names must be unique", repr(name), "another name")
        if name in RESERVED:
            rule = "this word names a part of the bill"
            yield Finding(field, rule, repr(name), "another name")


def _large_numbers(spec: TariffSpec) -> Iterator[Finding]:
    """Numbers beyond the limits of sense."""
    unit, contract = spec.usd_per_unit, spec.contract
    numbers = {
        "usd_per_unit": (unit, *USD_PER_UNIT),
        "fixed_per_month": (spec.fixed_per_month * unit, 0.0, MOST_FIXED_USD),
        "fixed_per_day": (spec.fixed_per_day * unit, 0.0, MOST_FIXED_USD / 28),
    }
    if contract is not None:
        numbers["contract.kw"] = (contract.kw, 0.0, MOST_KW)
        numbers["contract.penalty_factor"] = (contract.penalty_factor, 0.0, MOST_PENALTY)
    for name, (value, least, most) in numbers.items():
        if not least <= value <= most:
            in_usd = " USD" if name.startswith("fixed") else ""
            rule = f"must lie between {least:g} and {most:.6g}{in_usd}"
            yield Finding(name, rule, f"{value:g}{in_usd}", "another unit, or a slip of a key?")


def _odd_currency(spec: TariffSpec) -> Iterator[Finding]:
    """A value of the currency that it never had: turned round, or of its hundredths."""
    usual = usual_usd(spec.currency)
    if usual is None or usual / VALUE_FACTOR <= spec.usd_per_unit <= usual * VALUE_FACTOR:
        return
    yield Finding(
        "usd_per_unit",
        f"is the value of one {spec.currency} in USD, about {usual:g}",
        f"{spec.usd_per_unit:g}",
        "prices in cents are read by the name of their column, or the key unit",
    )


def _high_prices(spec: TariffSpec) -> Iterator[Finding]:
    unit = spec.usd_per_unit
    prices = {f"energy[{i}].price": band.price for i, band in enumerate(spec.energy)}
    for name, price in {**prices, "export.price": spec.export.price}.items():
        if abs(price * unit) > PER_KWH_LIMIT_USD:
            yield Finding(
                name,
                f"is per kWh and at most {PER_KWH_LIMIT_USD:g} USD",
                f"{price:g} {spec.currency} = {price * unit:.4g} USD",
                f"if it is per MWh: {price / 1000:g}; or set usd_per_unit",
            )


def _high_rates(spec: TariffSpec) -> Iterator[Finding]:
    unit = spec.usd_per_unit
    rates = {"demand.any_time": (spec.demand.any_time, *(spec.demand.any_time_by_month or ()))}
    for i, rated in enumerate(spec.demand.bands):
        rates[f"demand.bands[{i}].rate"] = (rated.rate, *(rated.rate_by_month or ()))
    if spec.contract is not None:
        rates["contract.rate"] = (spec.contract.rate,)
    for name, given in rates.items():
        if max(given) * unit > PER_KW_LIMIT_USD:
            yield Finding(
                name,
                f"is per kW and month and at most {PER_KW_LIMIT_USD:g} USD",
                f"{max(given):g} {spec.currency} = {max(given) * unit:.4g} USD",
                "a rate per MW or per year? or set usd_per_unit",
            )


def _energy_hours(spec: TariffSpec, found: list[Finding]) -> Timetable:
    """Every quarter of an hour has one energy band."""
    if not spec.energy:
        return always()
    rest = [i for i, band in enumerate(spec.energy) if band.rest]
    found += [
        Finding(
            f"energy[{i}].rest",
            "only one band can take the rest",
            repr(spec.energy[i].name),
            "rest: false and when",
        )
        for i in rest[1:]
    ]
    before = len(found)
    masks = []
    for i, band in enumerate(spec.energy):
        if band.rest and band.when:
            found.append(
                Finding(
                    f"energy[{i}].when",
                    "a band that takes the rest has no hours",
                    f"{len(band.when)} parts",
                    "rest: false, or no when",
                )
            )
        masks.append(claimed(week_parts(band.when), f"energy[{i}]", found))
    numbers = _numbers([band.name for band in spec.energy], masks, "energy", found)
    missing = numbers < 0
    if rest:
        numbers[missing] = rest[0]
    elif missing.any() and len(found) == before:  # unreadable hours would look like gaps
        found.append(
            Finding(
                "energy",
                "every hour must have a price",
                f"none: {places(missing)}",
                "more hours for a band, or one band with rest: true",
            )
        )
    return Timetable(np.maximum(numbers, 0))


def _demand_hours(
    bands: Sequence[DemandBandSpec], window_min: int, found: list[Finding]
) -> Timetable:
    """Quarters of an hour with a demand charge of their own; 0 = none."""
    if not bands:
        return always()
    masks = [claimed(band.when, f"demand.bands[{i}]", found) for i, band in enumerate(bands)]
    numbers = _numbers([band.name for band in bands], masks, "demand.bands", found) + 1
    windows = numbers.reshape(MONTHS, 7, -1, window_min // 15)
    if (windows != windows[..., :1]).any():
        found.append(
            Finding(
                "demand.bands",
                f"must begin and end at full {window_min} min, the window of demand",
                "other minutes",
                "other hours, or window_min: 15",
            )
        )
    return Timetable(numbers)


def _numbers(
    names: Sequence[str], masks: Sequence[Bools], field: str, found: list[Finding]
) -> np.ndarray[Any, np.dtype[np.int16]]:
    """Number of the band that holds, -1 = none; overlaps are added to ``found``."""
    numbers = np.full(masks[0].shape, -1, dtype=np.int16)
    for i, mask in enumerate(masks):
        found += [
            Finding(
                f"{field}[{i}].when",
                f"must not overlap with {names[j]!r}",
                f"{names[i]!r} too: {places(both)}",
                "one band for each hour",
            )
            for j in range(i)
            if (both := mask & masks[j]).any()
        ]
        numbers[mask & (numbers < 0)] = i
    return numbers

"""The door for energy: a site, a tariff and their series in, the energy side of a run out.

Site and tariff are built by doors of their own; here they meet each other, the plant and the
length of the run. All problems of all of them come at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from factory_env.domain.energy import Control, EnergySetup
from factory_env.domain.series import SLOTS_PER_DAY, SlotSeries
from factory_env.domain.site import OwnSeries, Site, Solar
from factory_env.domain.tariff import Tariff
from factory_env.door.gather import Gather
from factory_env.door.parts import build_part, infinities, not_finite, unknown_keys
from factory_env.door.series_door import SeriesFile, cover_problems, read_series
from factory_env.door.series_units import Kind
from factory_env.door.series_verdict import Size
from factory_env.door.site_door import FIRST_YEAR, LAST_YEAR, build_site
from factory_env.door.tables.reading import is_file
from factory_env.door.tariff_door import read_tariff
from factory_env.door.tariff_limits import MOST_CARBON_USD
from factory_env.door.urdb import read_urdb
from factory_env.door.weather.reading import format_of
from factory_env.errors import Problem, wrong

URDB: Final = "urdb"  # key of a tariff that is a file of the Utility Rate Database
LARGE: Final = 10.0  # no site's solar.performance is near it
SERIES: Final[dict[str, Kind]] = {"temperature": "temperature", "sun": "pv", "carbon": "carbon"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltEnergy:
    """The energy side of a run, and what its user should know about it."""

    setup: EnergySetup
    notes: tuple[str, ...]


def build_energy(
    site: Mapping[str, Any],
    tariff: Mapping[str, Any],
    control: Mapping[str, Any] | None = None,
    *,
    workers: int | None = None,
    days: int | None = None,
    where: str = "config",
) -> BuiltEnergy:
    """Check and build the energy side of a run.

    Parameters
    ----------
    site, tariff, control
        Contents of a site file, of a tariff file or ``{"urdb": path, "label": ""}``, and of the
        keys of `Control`. Files that they name begin at the working folder, see `placed`.
    workers
        Sewing operators of the plant, which the site is sized for; None = sizes as they stand.
    days
        Calendar days of the run, which series must cover; None = not checked.
    where
        What to call the source in messages.

    Raises
    ------
    InputError
        With every problem of site, tariff, control and series.
    """
    gather = Gather()
    own = {name: gather(_own, site, name, kind) for name, kind in SERIES.items()}
    built = gather(build_site, site, f"{where} site")
    paid = gather(_tariff, tariff, f"{where} tariff")
    control_built = _control(control or {}, f"{where} control", gather)
    notes = [f"{f.series.name}: {n}" for f in own.values() if f is not None for n in f.notes]
    series = {name: None if file is None else file.series for name, file in own.items()}
    if days is not None and built is not None:
        known = [s for s in series.values() if s is not None]
        known += paid[0].series() if paid is not None else ()
        gather.add(cover_problems(known, built.first_day, days * SLOTS_PER_DAY, f"{where} site"))
    gather.done()
    assert built is not None
    assert paid is not None
    assert control_built is not None
    sized = built if workers is None else _sized(built, workers, notes)
    contracted = _matched(paid[0], built, tariff, notes).with_contract_kw(sized.grid.sanctioned_kw)
    setup = EnergySetup(site=sized, tariff=contracted, control=control_built, **series)
    return BuiltEnergy(setup=setup, notes=(*notes, *paid[1]))


def cover(setup: EnergySetup, days: int, where: str = "config site") -> list[Problem]:
    """Which of its series do not cover a run of so many calendar days."""
    own: list[SlotSeries | None] = [setup.temperature, setup.sun, setup.carbon]
    series = [s for s in own if s is not None] + list(setup.tariff.series())
    return cover_problems(series, setup.site.first_day, days * SLOTS_PER_DAY, where)


def placed(content: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The content of a site or tariff file; the series it names begin at ``folder``.

    >>> placed({"sun": {"file": "sun.csv"}}, Path("/data"))
    {'sun': {'file': '/data/sun.csv'}}
    """
    found = dict(content)
    for key, part in content.items():
        if isinstance(part, Mapping) and isinstance(name := part.get("file"), str) and name:
            found[key] = {**part, "file": str((folder / Path(name).expanduser()).resolve())}
    return found


def _own(site: Mapping[str, Any], name: str, kind: Kind) -> SeriesFile | None:
    """A site's own series; None if it has none, or if `build_site` is going to refuse it."""
    own = build_part(OwnSeries, site.get(name) or {}, "", [], name)
    path = Path(own.file) if own is not None and own.file else None
    if own is None or path is None or not is_file(path):
        return None
    if not own.column and not format_of(path):
        return None
    return read_series(path, own.column, kind, own, size=_size(site, own))


def _size(site: Mapping[str, Any], own: OwnSeries) -> Size:
    """What the site says of its own series: size of the plant, its sun, clock and year."""
    solar, place, day = (site.get(key) for key in ("solar", "place", "first_day"))
    raw = solar.get("performance") if isinstance(solar, Mapping) else None
    is_good = isinstance(raw, int | float) and not isinstance(raw, bool) and 0 < raw < LARGE
    zone = place.get("zone") if isinstance(place, Mapping) else None
    text = str(day or Site().first_day)[:4]
    year = int(text) if text.isascii() and text.isdecimal() else 0
    return Size(
        kwp=own.kwp,
        performance=float(raw) if is_good and raw is not None else Solar().performance,
        zone=zone if isinstance(zone, str) else "",
        year=year if FIRST_YEAR <= year <= LAST_YEAR else Size().year,
    )


def _tariff(raw: Mapping[str, Any], where: str) -> tuple[Tariff, tuple[str, ...]]:
    """The tariff, and what its user should know about it."""
    if URDB not in raw:
        built = read_tariff(raw, where)
        return built.tariff, built.notes
    gather = Gather()
    gather.add(
        wrong(
            where,
            key,
            "must be a known key of a tariff from a JSON file",
            repr(key),
            "label, or a tariff of your own: see conf/tariff",
        )
        for key in raw
        if key not in (URDB, "label")
    )
    found = gather(read_urdb, Path(str(raw[URDB])), str(raw.get("label") or ""))
    gather.done()
    assert found is not None
    left_out = (note for note in found.left_out if not note.startswith("carbon factor"))
    return found.tariff, tuple(f"tariff {found.tariff.name}: {note}" for note in left_out)


def _control(raw: Mapping[str, Any], where: str, gather: Gather) -> Control | None:
    problems = unknown_keys(Control, raw, where, "")
    problems += [not_finite(where, path) for path in infinities(raw, "")]
    control: Control | None = build_part(Control, raw, where, problems)
    if control is not None and control.carbon_usd_per_kg > MOST_CARBON_USD:
        got, rule = f"{control.carbon_usd_per_kg:g}", f"must be 0 to {MOST_CARBON_USD:g} USD per kg"
        problems.append(wrong(where, "carbon_usd_per_kg", rule, got, "0.1 for 100 USD per tonne"))
    gather.add(problems)
    return control


def _sized(site: Site, workers: int, notes: list[str]) -> Site:
    factor = workers / site.workers
    if not site.fit_to_plant or factor == 1.0:
        return site
    notes.append(
        f"site {site.name} is made for {site.workers:g} sewing operators, the plant has {workers}: "
        f"its sizes are taken times {factor:.2f} (site.fit_to_plant=false takes them as they are)"
    )
    return site.sized_for(workers)


def _matched(tariff: Tariff, site: Site, raw: Mapping[str, Any], notes: list[str]) -> Tariff:
    """The tariff, with the grid's carbon where it says nothing; a contract is the site's."""
    kw = site.grid.sanctioned_kw
    if tariff.contract is not None and tariff.contract.kw != kw:
        notes.append(
            f"tariff {tariff.name}: the contract is for the site's {kw:g} kW "
            f"(site.grid.sanctioned_kw), not for {tariff.contract.kw:g} kW"
        )
    if tariff.carbon is None and "carbon_g_per_kwh" not in raw:
        carbon_g = site.grid.carbon_kg_per_kwh * 1000.0
        notes.append(f"tariff {tariff.name} has no carbon factor: the site's, {carbon_g:g} g/kWh")
        return replace(tariff, carbon_g_per_kwh=carbon_g)
    return tariff

"""Where the company stands on each target, on every basis: actual, required, forecast, gap and light."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from service.strategy.trajectories import Light, Milestone, cumulative, gap_amount, light, required_ratio
from service.targets.catalogue import AMOUNT_UNITS, TARGETS, Basis, Indicator, PlanTarget, milestones, unit_of
from service.targets.definitions import Reading, reading_of
from service.targets.figures import YearFigures
from service.targets.forecasting import SEED, Baseline, baseline_from
from service.targets.forecasting_rules import Band
from service.targets.gathering import closed_years, figures_of
from service.targets.output import BASE_YEAR


class StandingStatus(StrEnum):
    """What can be said of a target."""

    MET = "met"
    MISSED = "missed"
    ON_PATH = "on_path"
    SLIGHTLY_ABOVE = "slightly_above"
    FAR_ABOVE = "far_above"
    NOT_KNOWN = "not_known"


_BY_LIGHT: Mapping[Light, StandingStatus] = {
    Light.GREEN: StandingStatus.ON_PATH,
    Light.AMBER: StandingStatus.SLIGHTLY_ABOVE,
    Light.RED: StandingStatus.FAR_ABOVE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One target on one basis.

    Attributes
    ----------
    with_toll
        Whether graphitising done by others is within: then moving a furnace out of the house changes nothing.
    base
        Figure of 2021, in `unit`; None where the inventory or output of 2021 is missing.
    required
        In the year of the target.
    year, actual, required_now
        Last closed year up to the target's, its figure, and what the path requires of it.
    gap_t_co2
        Above the path in that year, times its volume: t CO2 (tce for energy); negative below it.
    cumulative_gap_t_co2
        Sum of the yearly gaps since 2021.
    forecast
        In the year of the target, without further measures; None without a stated plan or once the year is over.
    forecast_gap_t_co2
        Likely forecast above what is required, times the likely volume.

    """

    target: PlanTarget
    indicator: Indicator
    basis: Basis
    with_toll: bool
    unit: str
    gap_unit: str
    base: float | None
    required: float | None
    year: int | None
    actual: float | None
    required_now: float | None
    gap_t_co2: float | None
    cumulative_gap_t_co2: float | None
    forecast: Band | None
    forecast_gap_t_co2: float | None
    status: StandingStatus
    is_sample: bool

    @property
    def change(self) -> float | None:
        """Change of the actual figure against 2021, -0.1 = 10 % less."""
        return None if self.actual is None or not self.base else self.actual / self.base - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything that standings follow from: closed years in their order, forecast, reading."""

    years: tuple[YearFigures, ...]
    forecast: Baseline | None
    reading: Reading

    @property
    def base(self) -> YearFigures | None:
        """The base year, if it is closed."""
        return next((one for one in self.years if one.year == BASE_YEAR), None)

    def milestones(self, indicator: Indicator) -> tuple[Milestone, ...]:
        """Return the path's fixed points of an indicator."""
        return milestones(indicator, extra=self.reading.extra_milestones(indicator))


def record_of(session: Session, *, at: datetime, until: int = max(TARGETS), seed: int = SEED) -> Record:
    """Read closed years and forecast once for all standings and charts."""
    reading = reading_of(session)
    years = tuple(figures_of(session, year, reading, at=at) for year in closed_years(session))
    forecast = baseline_from(session, years[-1], until=until, seed=seed) if years else None
    return Record(years=years, forecast=forecast, reading=reading)


def standings(session: Session, *, at: datetime) -> Sequence[Standing]:
    """Return every target on its four bases, CO2 with and without toll graphitisation."""
    return standings_of(record_of(session, at=at))


def standings_of(record: Record) -> Sequence[Standing]:
    """Return every target on its bases from what was read."""
    return [
        standing_on(record, target, indicator, basis, with_toll=with_toll)
        for target in TARGETS.values()
        for indicator in target.ratios
        for basis in Basis
        for with_toll in ((False, True) if indicator is Indicator.CO2 else (False,))
    ]


def standing_on(record: Record, target: PlanTarget, indicator: Indicator, basis: Basis, *, with_toll: bool = False) -> Standing:
    """Return one target on one basis."""
    base = None if record.base is None else record.base.figure(indicator, basis, with_toll=with_toll)
    gaps = yearly_gaps(record, indicator, basis, with_toll=with_toll)
    latest = next((one for one in reversed(record.years) if one.year <= target.year and one.year in gaps), None)
    actual = None if latest is None else latest.figure(indicator, basis, with_toll=with_toll)
    required = None if base is None else base * target.ratios[indicator]
    required_now = None if latest is None or base is None else _required(record, indicator, base, latest.year)
    expected = _forecast(record, target, indicator, basis, with_toll=with_toll)
    return Standing(
        target=target,
        indicator=indicator,
        basis=basis,
        with_toll=with_toll,
        unit=unit_of(indicator, basis),
        gap_unit=AMOUNT_UNITS[indicator],
        base=base,
        required=required,
        year=None if latest is None else latest.year,
        actual=actual,
        required_now=required_now,
        gap_t_co2=None if latest is None else gaps[latest.year],
        cumulative_gap_t_co2=None if latest is None else cumulative(gaps.items())[latest.year],
        forecast=expected,
        forecast_gap_t_co2=_forecast_gap(record, expected, required, basis, target.year),
        status=_status(actual, required_now, is_over=latest is not None and latest.year == target.year),
        is_sample=any(one.is_sample for one in record.years),
    )


def yearly_gaps(record: Record, indicator: Indicator, basis: Basis, *, with_toll: bool = False) -> Mapping[int, float]:
    """Return how much more than the path each closed year emitted or used, in t CO2 or tce, up to the path's last year."""
    base = None if record.base is None else record.base.figure(indicator, basis, with_toll=with_toll)
    if base is None:
        return {}
    last = record.milestones(indicator)[-1].year
    return {
        one.year: gap_amount(actual, _required(record, indicator, base, one.year), volume=volume)
        for one in record.years
        if BASE_YEAR <= one.year <= last
        and (actual := one.figure(indicator, basis, with_toll=with_toll)) is not None
        and (volume := one.volume(basis)) is not None
    }


def hidden_by_price(found: Iterable[Standing]) -> Sequence[tuple[Standing, Standing]]:
    """Return targets that are met at current prices and missed per tonne, or the reverse: the price of anode has decided."""
    by_basis = {(one.target.year, one.indicator, one.basis): one for one in found if not one.with_toll}
    pairs = [
        (one, by_basis[year, indicator, Basis.PER_TONNE])
        for (year, indicator, basis), one in by_basis.items()
        if basis is Basis.CURRENT_PRICE and (year, indicator, Basis.PER_TONNE) in by_basis
    ]
    return [
        (by_price, by_tonne)
        for by_price, by_tonne in pairs
        if StandingStatus.NOT_KNOWN not in {by_price.status, by_tonne.status}
        and _is_good(by_price.status) is not _is_good(by_tonne.status)
    ]


def _is_good(status: StandingStatus) -> bool:
    return status in {StandingStatus.MET, StandingStatus.ON_PATH}


def _required(record: Record, indicator: Indicator, base: float, year: int) -> float:
    return base * required_ratio(record.milestones(indicator), record.reading.trajectory, year)


def _forecast(record: Record, target: PlanTarget, indicator: Indicator, basis: Basis, *, with_toll: bool) -> Band | None:
    if record.forecast is None:
        return None
    return record.forecast.figure(indicator, basis, target.year, with_toll=with_toll)


def _forecast_gap(record: Record, expected: Band | None, required: float | None, basis: Basis, year: int) -> float | None:
    if record.forecast is None or expected is None or required is None:
        return None
    volume = record.forecast.volume(basis).get(year)
    return None if volume is None else gap_amount(expected.p50, required, volume=volume.p50)


def _status(actual: float | None, required: float | None, *, is_over: bool) -> StandingStatus:
    if actual is None or required is None:
        return StandingStatus.NOT_KNOWN
    found = light(actual, required)
    if is_over:
        return StandingStatus.MET if found is Light.GREEN else StandingStatus.MISSED
    return _BY_LIGHT[found]

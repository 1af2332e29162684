"""The chart of a target: what was, what is required, what is expected; with a line of measures where there is one."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.console.target_words import PATHS
from service.errors import N_
from service.i18n import Locale, translate
from service.strategy.trajectories import TrajectoryKind, gap_amount, is_linear_instead, required_ratio
from service.targets.catalogue import Basis, Indicator, unit_of
from service.targets.forecasting_rules import Band
from service.targets.output import BASE_YEAR
from service.targets.standing import Record
from service.web.charts_paths import PathChart, Series, Spread, path_chart


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What of the targets is looked at."""

    indicator: Indicator
    basis: Basis
    path: TrajectoryKind
    with_toll: bool

    @property
    def unit(self) -> str:
        """Unit of the figures."""
        return unit_of(self.indicator, self.basis)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearLine:
    """One year of the table below the chart.

    Attributes
    ----------
    gap
        Above the path, in t CO2 or tce: of a closed year the actual one, else that of the likely forecast.
    cumulative
        Sum since 2021; of closed years only.
    is_linear
        Whether the path is a straight line here because none of the same percentage leads to zero.

    """

    year: int
    actual: float | None
    required: float | None
    expected: Band | None
    gap: float | None
    cumulative: float | None
    is_linear: bool


def required_by_year(record: Record, view: View, *, until: int) -> Mapping[int, float]:
    """Return the path, year by year; empty where the base year is not closed, or the plan has no target of the indicator."""
    base = None if record.base is None else record.base.figure(view.indicator, view.basis, with_toll=view.with_toll)
    points = record.milestones(view.indicator)
    if base is None:
        return {}
    years = range(BASE_YEAR, min(until, points[-1].year) + 1)
    return {year: base * required_ratio(points, view.path, year) for year in years}


def target_chart(
    record: Record,
    view: View,
    *,
    until: int,
    locale: Locale,
    with_measures: Mapping[int, float] | None = None,
    planned: Mapping[int, float] | None = None,
    with_path: bool = True,
) -> PathChart | None:
    """Draw a target.

    Parameters
    ----------
    with_measures
        Likely figure by year once measures are carried out, in the unit of the view.
    planned
        What is planned to be left by year, in the unit of the view.
    with_path
        Whether the path is drawn.

    """
    bands = _bands(record, view, until=until)
    required = required_by_year(record, view, until=until) if with_path else {}
    lines = [
        Series(kind="actual", label=translate(locale, N_("Actual")), values=_actual(record, view)),
        Series(kind="required", label=translate(locale, PATHS[view.path]), values=required),
        Series(
            kind="forecast",
            label=translate(locale, N_("Expected without measures")),
            values={year: band.p50 for year, band in bands.items()},
        ),
        Series(kind="measures", label=translate(locale, N_("Expected with measures")), values=with_measures or {}),
        Series(kind="planned", label=translate(locale, N_("Planned to be left")), values=planned or {}),
    ]
    label = translate(locale, N_("8 of 10 cases"))
    return path_chart(lines, Spread(label=label, values={y: (b.p10, b.p90) for y, b in bands.items()}), unit=view.unit)


def year_lines(record: Record, view: View, *, until: int) -> list[YearLine]:
    """Return actual, required, expected and gap by year; years without any of the first and third are left out."""
    actual, required, bands = _actual(record, view), required_by_year(record, view, until=until), _bands(record, view, until=until)
    lines, total = [], 0.0
    for year in sorted({*actual, *bands}):
        gap = _gap(record, view, year, required.get(year))
        if year in actual and gap is not None:
            total += gap
        lines.append(
            YearLine(
                year=year,
                actual=actual.get(year),
                required=required.get(year),
                expected=bands.get(year),
                gap=gap,
                cumulative=total if year in actual and gap is not None else None,
                is_linear=year in required and is_linear_instead(record.milestones(view.indicator), view.path, year),
            )
        )
    return lines


def _actual(record: Record, view: View) -> Mapping[int, float]:
    found = {one.year: one.figure(view.indicator, view.basis, with_toll=view.with_toll) for one in record.years}
    return {year: value for year, value in found.items() if value is not None}


def _bands(record: Record, view: View, *, until: int) -> Mapping[int, Band]:
    if record.forecast is None:
        return {}
    found = record.forecast.intensity.get((view.indicator, view.basis, view.with_toll), {})
    return {year: band for year, band in found.items() if year <= until}


def _gap(record: Record, view: View, year: int, required: float | None) -> float | None:
    if required is None:
        return None
    closed = next((one for one in record.years if one.year == year), None)
    if closed is not None:
        actual, volume = closed.figure(view.indicator, view.basis, with_toll=view.with_toll), closed.volume(view.basis)
        return None if actual is None or volume is None else gap_amount(actual, required, volume=volume)
    if record.forecast is None:
        return None
    expected = record.forecast.figure(view.indicator, view.basis, year, with_toll=view.with_toll)
    band = record.forecast.volume(view.basis).get(year)
    return None if expected is None or band is None else gap_amount(expected.p50, required, volume=band.p50)

"""Business as usual: what the activity plan brings with the latest coefficients. Without a stated plan there is no forecast."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import fsum
from typing import Final

from sqlmodel import Session, col, select

from service.targets.catalogue import Basis, Indicator
from service.targets.definitions import Reading, reading_of
from service.targets.figures import LineKind, YearFigures
from service.targets.forecasting_rules import (
    DRAWS,
    Band,
    Coefficients,
    Drawn,
    Range,
    Situation,
    band_of,
    between,
    draw_year,
    held,
)
from service.targets.gathering import closed_years, figures_of
from service.targets.models import ActivityPlan, ForecastPath, PathKind
from service.targets.output import Output

SEED: Final = 20241
"""Of every forecast shown; another seed moves its figures by less than their third digit."""


class ForecastGap(StrEnum):
    """Why there is no forecast, or why it rests on less than it could."""

    NO_CLOSED_YEAR = "no_closed_year"
    NO_OUTPUT = "no_output"
    NO_PLAN = "no_plan"
    NO_GRID_PATH = "no_grid_path"
    NO_PRICE_PATH = "no_price_path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What is to be expected without further measures.

    Attributes
    ----------
    base_year
        Last closed year, whose coefficients are taken; None where there is no forecast.
    years
        For which a plan is stated, or which lie between two such years; none is extrapolated.
    t_co2, toll_t_co2, energy_tce, anode_t
        By year. CO2 within the company's boundary, as defined for the targets.
    output_10k_cny, constant_price_10k_cny
        By year, at current and at 2021 prices; empty where output value or price index is not entered.
    intensity
        By indicator, basis and whether toll graphitisation is within, then year.
    gaps
        What is not stated. Without a path of its own, the grid factor and selling prices are held as in `base_year`.

    """

    base_year: int | None
    years: tuple[int, ...]
    t_co2: Mapping[int, Band]
    toll_t_co2: Mapping[int, Band]
    energy_tce: Mapping[int, Band]
    anode_t: Mapping[int, Band]
    output_10k_cny: Mapping[int, Band]
    constant_price_10k_cny: Mapping[int, Band]
    intensity: Mapping[tuple[Indicator, Basis, bool], Mapping[int, Band]]
    gaps: frozenset[ForecastGap]
    sources: tuple[str, ...]
    is_sample: bool

    def figure(self, indicator: Indicator, basis: Basis, year: int, *, with_toll: bool = False) -> Band | None:
        """Return what is expected of an indicator on a basis; None where it is not known."""
        return self.intensity.get((indicator, basis, with_toll), {}).get(year)

    def volume(self, basis: Basis) -> Mapping[int, Band]:
        """Return by what amounts are divided on a basis, by year."""
        by_basis: Mapping[Basis, Mapping[int, Band]] = {
            Basis.CURRENT_PRICE: self.output_10k_cny,
            Basis.CONSTANT_PRICE: self.constant_price_10k_cny,
            Basis.PER_TONNE: self.anode_t,
            Basis.ABSOLUTE: dict.fromkeys(self.years, Band(p10=1.0, p50=1.0, p90=1.0)),
        }
        return by_basis[basis]


def baseline(session: Session, *, until: int, at: datetime, seed: int = SEED, reading: Reading | None = None) -> Baseline:
    """Return business as usual from the year after the last closed one; the same seed gives the same figures."""
    used = reading or reading_of(session)
    closed = closed_years(session)
    if not closed:
        return _nothing(ForecastGap.NO_CLOSED_YEAR)
    return baseline_from(session, figures_of(session, closed[-1], used, at=at), until=until, seed=seed)


def baseline_from(session: Session, latest: YearFigures, *, until: int, seed: int = SEED) -> Baseline:
    """Return business as usual from the figures of the last closed year."""
    situation = situation_of(latest)
    if situation is None:
        return _nothing(ForecastGap.NO_OUTPUT)
    plans = _open_plans(session)
    if not any(one.year > latest.year for one in plans):
        return _nothing(ForecastGap.NO_PLAN)
    paths = session.exec(select(ForecastPath).where(col(ForecastPath.ended_at).is_(None))).all()
    by_product = _by_product(plans, latest)
    drawn: dict[int, Drawn] = {}
    for year in range(latest.year + 1, until + 1):
        plan = {product: found for product, stated in by_product.items() if (found := between(stated, year)) is not None}
        if plan and any(product in situation.plant_of for product in plan):
            drawn[year] = draw_year(
                situation,
                plan={product: one for product, one in plan.items() if product in situation.plant_of},
                grid=held(_path(paths, PathKind.GRID_FACTOR), year, since=latest.year),
                price=held(_path(paths, PathKind.PRICE_INDEX), year, since=latest.year),
                seed=seed,
                draws=DRAWS,
            )
    return _summary(latest, drawn, paths, plans)


def situation_of(latest: YearFigures) -> Situation | None:
    """Return the coefficients of the last closed year; None where no tonnes are entered for it."""
    output = latest.output
    if output is None or not output.total_t:
        return None
    value = output.constant_price_10k_cny
    plants = {plant: tonnes for plant, tonnes in output.by_plant_t.items() if tonnes}
    unplaced = [one for one in latest.own_lines() if one.plant_id not in plants]
    return Situation(
        year=latest.year,
        coefficients={plant: _coefficients(latest, plant, tonnes) for plant, tonnes in plants.items()},
        plant_of=output.plant_of,
        toll_t_co2_per_t=_toll(latest, output),
        unplaced_t_co2=fsum(one.t_co2 for one in unplaced),
        unplaced_tce=fsum(one.tce or 0.0 for one in unplaced),
        constant_price_10k_cny_per_t=None if value is None else value / output.total_t,
        price_index=output.price_index,
    )


def _toll(latest: YearFigures, output: Output) -> Mapping[uuid.UUID, float]:
    """Return CO2e of graphitising done by others per tonne: by what share of each product is, or evenly where none says so."""
    shares = {product: output.toll_share.get(product, 0.0) for product in output.anode_t}
    if not any(shares.values()):
        shares = dict.fromkeys(output.anode_t, 1.0)
    given_out = fsum(tonnes * shares[product] for product, tonnes in output.anode_t.items())
    total = fsum(one.t_co2 for one in latest.lines if one.kind is LineKind.TOLL)
    return {product: share * total / given_out for product, share in shares.items()} if given_out else {}


def _coefficients(latest: YearFigures, plant: uuid.UUID, tonnes: float) -> Coefficients:
    lines = [one for one in latest.lines if one.plant_id == plant]

    def per_tonne(*kinds: LineKind) -> float:
        return fsum(one.t_co2 for one in lines if one.kind in kinds) / tonnes

    return Coefficients(
        direct_t_co2=per_tonne(LineKind.FUEL, LineKind.PROCESS, LineKind.HEAT),
        electricity_t_co2=per_tonne(LineKind.ELECTRICITY),
        energy_tce=fsum(one.tce for one in lines if one.tce is not None) / tonnes,
    )


def _open_plans(session: Session) -> Sequence[ActivityPlan]:
    query = select(ActivityPlan).where(col(ActivityPlan.ended_at).is_(None))
    return session.exec(query.order_by(col(ActivityPlan.year), col(ActivityPlan.product_id))).all()


def _by_product(plans: Sequence[ActivityPlan], latest: YearFigures) -> Mapping[uuid.UUID, Mapping[int, Range]]:
    """Return what is planned by product and year; the way to the first planned year begins with what was made last."""
    stated: dict[uuid.UUID, dict[int, Range]] = defaultdict(dict)
    for one in plans:
        stated[one.product_id][one.year] = Range(low=one.low_t, likely=one.likely_t, high=one.high_t)
    for product, tonnes in (latest.output.anode_t if latest.output else {}).items():
        if product in stated:
            stated[product].setdefault(latest.year, Range(low=tonnes, likely=tonnes, high=tonnes))
    return stated


def _path(paths: Sequence[ForecastPath], kind: PathKind) -> Mapping[int, Range]:
    return {one.year: Range(low=one.low, likely=one.likely, high=one.high) for one in paths if one.kind is kind}


def _summary(
    latest: YearFigures, drawn: Mapping[int, Drawn], paths: Sequence[ForecastPath], plans: Sequence[ActivityPlan]
) -> Baseline:
    kinds = {one.kind for one in paths if one.year > latest.year}
    gaps = {
        *({ForecastGap.NO_GRID_PATH} if PathKind.GRID_FACTOR not in kinds else ()),
        *({ForecastGap.NO_PRICE_PATH} if PathKind.PRICE_INDEX not in kinds else ()),
    }
    return Baseline(
        base_year=latest.year,
        years=tuple(drawn),
        t_co2={year: band_of(one.t_co2) for year, one in drawn.items()},
        toll_t_co2={year: band_of(one.toll_t_co2) for year, one in drawn.items()} if latest.toll_known else {},
        energy_tce={year: band_of(one.energy_tce) for year, one in drawn.items()},
        anode_t={year: band_of(one.anode_t) for year, one in drawn.items()},
        output_10k_cny=_money(drawn, Basis.CURRENT_PRICE),
        constant_price_10k_cny=_money(drawn, Basis.CONSTANT_PRICE),
        intensity={
            (indicator, basis, with_toll): _bands(drawn, indicator, basis, with_toll=with_toll)
            for indicator in Indicator
            for basis in Basis
            for with_toll in ((False, True) if latest.toll_known and indicator is Indicator.CO2 else (False,))
        },
        gaps=frozenset(gaps),
        sources=_sources(plans, paths, since=latest.year),
        is_sample=latest.is_sample or any(one.is_sample for one in plans),
    )


def _sources(plans: Sequence[ActivityPlan], paths: Sequence[ForecastPath], *, since: int) -> tuple[str, ...]:
    planned = [one.source for one in plans if one.year > since]
    return tuple(dict.fromkeys([*planned, *(one.source for one in paths if one.year > since)]))


def _money(drawn: Mapping[int, Drawn], basis: Basis) -> Mapping[int, Band]:
    volumes = {year: one.volume(basis) for year, one in drawn.items()}
    return {year: band_of(volume) for year, volume in volumes.items() if volume is not None}


def _bands(drawn: Mapping[int, Drawn], indicator: Indicator, basis: Basis, *, with_toll: bool) -> Mapping[int, Band]:
    figures = {year: one.figure(indicator, basis, with_toll=with_toll) for year, one in drawn.items()}
    return {year: band_of(figure) for year, figure in figures.items() if figure is not None}


def _nothing(gap: ForecastGap) -> Baseline:
    return Baseline(
        base_year=None,
        years=(),
        t_co2={},
        toll_t_co2={},
        energy_tce={},
        anode_t={},
        output_10k_cny={},
        constant_price_10k_cny={},
        intensity={},
        gaps=frozenset({gap}),
        sources=(),
        is_sample=False,
    )

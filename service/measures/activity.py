"""How much of each product is made in a year, and what a kilowatt-hour of a site counts: actual, planned, or carried on."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, select

from lca_models.factor_sets import CHINA
from lca_models.model import Model
from service.company_inventory.factors import (
    FuelFactorSet,
    find_fuel,
    grid_factor,
    residual_factor,
)
from service.errors import N_, ConflictError
from service.measures.site_accounts import SiteFactors
from service.products.models import Plant
from service.targets.forecasting_rules import Range, between, held
from service.targets.gathering import closed_years
from service.targets.models import ActivityPlan, ForecastPath, PathKind
from service.targets.output import output_of


class OutputKind(StrEnum):
    """Where a year's tonnes come from."""

    ACTUAL = "actual"
    PLANNED = "planned"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOutput:
    """Tonnes by product in a year."""

    year: int
    kind: OutputKind
    amount_t: Mapping[uuid.UUID, float]


class FactorMissingError(ConflictError):
    """A site has no factor of grid electricity, so that a measure's effect can't be counted."""

    code = "measure-factor-missing"


def output_in(session: Session, year: int) -> YearOutput:
    """Return the tonnes of a year: as made if it is closed, else as planned, else those of the last closed year carried on."""
    closed = [one for one in closed_years(session) if one <= year]
    if year in closed:
        return YearOutput(year=year, kind=OutputKind.ACTUAL, amount_t=_made(session, year))
    planned = {product: found.likely for product, stated in _plans(session).items() if (found := _planned(stated, year))}
    if planned:
        return YearOutput(year=year, kind=OutputKind.PLANNED, amount_t=planned)
    return YearOutput(year=year, kind=OutputKind.CARRIED, amount_t=_made(session, closed[-1]) if closed else {})


def site_factors(session: Session, model: Model, plant: Plant, *, year: int) -> SiteFactors:
    """Return the direct factors of a site in a year: the newest published, moved along the path that the targets expect.

    Raises
    ------
    FactorMissingError
        Nothing is published for the province of the site.

    """
    average, residual = grid_factor(model, plant.province_code, year), residual_factor(model, year)
    gas, diesel = (find_fuel(carrier, FuelFactorSet.GB_T_32151_34) for carrier in ("natural_gas", "diesel"))
    if average is None or residual is None or gas is None or diesel is None:
        raise FactorMissingError(
            N_("No direct factor of grid electricity is known for %(province)s in %(year)s; enter a newer set of factors first."),
            province=plant.province_code,
            year=year,
        )
    path = grid_path(session, since=average.year or year, year=year)
    return SiteFactors(
        average_kg_co2_per_kwh=average.value * path,
        residual_kg_co2_per_kwh=residual.value * path,
        gas_t_co2_per_nm3=gas.t_co2_per_unit,
        diesel_t_co2_per_t=diesel.t_co2_per_unit,
    )


def toll_factor_kg_co2_per_kwh(session: Session, model: Model, *, year: int) -> float:
    """Return the direct factor of toll plants' electricity: the national average, because toll plants change from year to year."""
    found = grid_factor(model, CHINA, year)
    if found is None:
        raise FactorMissingError(
            N_("No direct factor of grid electricity is known for %(province)s in %(year)s; enter a newer set of factors first."),
            province=CHINA,
            year=year,
        )
    return found.value * grid_path(session, since=found.year or year, year=year)


def grid_path(session: Session, *, since: int, year: int) -> float:
    """Return the grid factor of a year as a ratio to the newest published one; 1 where nobody has entered what is expected."""
    statement = select(ForecastPath).where(ForecastPath.kind == PathKind.GRID_FACTOR, col(ForecastPath.ended_at).is_(None))
    stated = {one.year: Range(low=one.low, likely=one.likely, high=one.high) for one in session.exec(statement)}
    return held(stated, year, since=since).likely if year > since else 1.0


def _made(session: Session, year: int) -> Mapping[uuid.UUID, float]:
    output = output_of(session, year)
    return output.anode_t if output else {}


def _plans(session: Session) -> Mapping[uuid.UUID, Mapping[int, Range]]:
    found: dict[uuid.UUID, dict[int, Range]] = {}
    for one in session.exec(select(ActivityPlan).where(col(ActivityPlan.ended_at).is_(None))):
        found.setdefault(one.product_id, {})[one.year] = Range(low=one.low_t, likely=one.likely_t, high=one.high_t)
    return found


def _planned(stated: Mapping[int, Range], year: int) -> Range | None:
    """Return the plan of a year; after its last year the last one is carried on."""
    return between(stated, year) or (stated[max(stated)] if max(stated) < year else None)

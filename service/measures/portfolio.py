"""The investment portfolio: cash flows, worth and cost per tonne, at several internal carbon prices; pure on rows."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.measures.models import Investment, InvestmentKind
from service.strategy.carbon_prices import Project, npv_at_price, ranking_at_price
from service.strategy.finance import abatement_cost, levelised_abatement_cost, payback_years, yearly_cost_cny

OWN_GENERATION = frozenset({InvestmentKind.PHOTOVOLTAICS, InvestmentKind.WIND})


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What an investment is worth.

    Attributes
    ----------
    npv_cny
        By internal carbon price, yuan/t; 0 is the cash alone.
    cny_per_t
        Equivalent annual cost over yearly tonnes; None where nothing is avoided.
    levelised_cny_per_t
        Present value of costs over that of tonnes; equals `cny_per_t` while the tonnes stay the same.
    rank
        Place among all by net present value, by price, from 1.

    """

    investment: Investment
    flows_cny: Sequence[float]
    npv_cny: Mapping[float, float]
    payback_years: float | None
    discounted_payback_years: float | None
    cny_per_t: float | None
    levelised_cny_per_t: float | None
    rank: Mapping[float, int]


def portfolio(investments: Sequence[Investment], *, rate: float, prices: Sequence[float]) -> Sequence[Worth]:
    """Return the worth of each investment at each price, and its place at each."""
    projects = {one.id: project_of(one) for one in investments}
    orders = {price: ranking_at_price(list(projects.values()), rate=rate, cny_per_t=price) for price in prices}
    ranks = {price: {key: place for place, key in enumerate(order, start=1)} for price, order in orders.items()}
    return [_worth(one, projects[one.id], rate=rate, prices=prices, ranks=ranks) for one in investments]


def project_of(investment: Investment) -> Project:
    """Return the flows of an investment: what is spent in its first year, then gains and tonnes for as many years as it lives."""
    years = investment.lifetime_years
    return Project(
        key=str(investment.id),
        flows_cny=[-investment.capex_cny, *[investment.yearly_gain_cny] * years],
        t_co2=[0.0, *[investment.avoided_t_co2_per_a] * years],
    )


def own_capacity_kw(investments: Sequence[Investment]) -> Mapping[uuid.UUID | None, tuple[float, float]]:
    """Return (kW, kWh a year) of own generation by site."""
    found: dict[uuid.UUID | None, tuple[float, float]] = {}
    for one in investments:
        if one.kind in OWN_GENERATION:
            kw, kwh = found.get(one.plant_id, (0.0, 0.0))
            found[one.plant_id] = (kw + (one.capacity_kw or 0.0), kwh + (one.generation_kwh_per_a or 0.0))
    return found


def _worth(
    investment: Investment, project: Project, *, rate: float, prices: Sequence[float], ranks: Mapping[float, Mapping[str, int]]
) -> Worth:
    yearly = yearly_cost_cny(
        investment.capex_cny, rate=rate, years=investment.lifetime_years, savings_cny=investment.yearly_gain_cny
    )
    return Worth(
        investment=investment,
        flows_cny=project.flows_cny,
        npv_cny={price: npv_at_price(project, rate=rate, cny_per_t=price) for price in prices},
        payback_years=payback_years(project.flows_cny),
        discounted_payback_years=payback_years(project.flows_cny, rate=rate),
        cny_per_t=abatement_cost(yearly, investment.avoided_t_co2_per_a),
        levelised_cny_per_t=levelised_abatement_cost([-flow for flow in project.flows_cny], project.t_co2, rate=rate),
        rank={price: ranks[price][project.key] for price in prices},
    )

"""A supplier's own footprint of what it supplies, from its accepted answers and by the same engine as the maker's product."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from lca_models.electricity import MARKET, NATIONAL, PROVINCE, ElectricityView, mixed_factor
from lca_models.errors import ModelError
from lca_models.gate_to_gate import BuildStep, StepFootprint
from lca_models.model import Model
from lca_models.uncertainty.sampling import Design
from service.errors import N_
from service.feedback.own_steps import NoOwnFootprintError, OwnStep, own_step
from service.footprints.operations import ModelRefusedError
from service.submissions.queries import AcceptedAnswers

DESIGN: Final = Design(draws=1000, seed=1)
"""The same draws each time: a page and a file downloaded from it never differ."""
LOW_PERCENT: Final = 5.0
HIGH_PERCENT: Final = 95.0
_SOLAR: Final = "contract_solar_pv_share"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFootprint:
    """What a supplier's work or material counts.

    Attributes
    ----------
    answers
        What it was calculated from.
    found
        Under the location view of the supplier's province.
    market_kg_co2e
        The same total with its evidenced green power at the factor of photovoltaics and all else at the residual mix; None without
        green power.

    """

    answers: AcceptedAnswers
    own: OwnStep
    found: StepFootprint
    market_kg_co2e: float | None

    @property
    def low_kg_co2e(self) -> float:
        """P5 of the draws."""
        return self.found.percentile(LOW_PERCENT)

    @property
    def high_kg_co2e(self) -> float:
        """P95 of the draws."""
        return self.found.percentile(HIGH_PERCENT)


def own_footprint(answers: AcceptedAnswers, model: Model) -> OwnFootprint:
    """Calculate a supplier's own footprint.

    Raises
    ------
    NoOwnFootprintError
        If the model can't, in words for the supplier.

    """
    own = own_step(answers, model)
    try:
        found = own.step.calculate(model, location_view(answers, model), reference_end=answers.period_end, design=DESIGN)
        market = market_total(own, model) if own.green_share else None
    except ModelError as error:
        raise _refused(error) from error
    return OwnFootprint(answers=answers, own=own, found=found, market_kg_co2e=market)


def location_total(answers: AcceptedAnswers, model: Model) -> float:
    """Return kg CO2e per unit under the location view alone, as for a trend; errors as `own_footprint`."""
    return _total(own_step(answers, model), model, location_view(answers, model))


def process_total(answers: AcceptedAnswers, model: Model) -> float:
    """Return kg CO2e per unit with the national electricity factor, which leaves out where a plant stands."""
    return _total(own_step(answers, model), model, NATIONAL)


def location_view(answers: AcceptedAnswers, model: Model) -> ElectricityView:
    """Return the view of the province that was answered, else the national one."""
    key = f"{PROVINCE}{answers.values.get('site_province', '')}"
    return model.electricity.view(key if key in model.electricity.views else NATIONAL)


def market_total(own: OwnStep, model: Model) -> float:
    """Return kg CO2e per unit with green power counted."""
    return own.step.total_kg_co2e(model, _market_view(own, model))


def _market_view(own: OwnStep, model: Model) -> ElectricityView:
    """Return the view of contracts; a build has no share parameters, so its factor is mixed here by the same rule."""
    market = model.electricity.view(MARKET)
    if not isinstance(own.step, BuildStep):
        return market
    shares: Mapping[str, float] = {_SOLAR: own.green_share}
    mixed = mixed_factor(model.electricity, market, "", lambda name: shares.get(name, 0.0))
    return replace(market, factor=replace(market.factor, value=float(mixed)))


def _total(own: OwnStep, model: Model, view: ElectricityView | str) -> float:
    try:
        return own.step.total_kg_co2e(model, view)
    except ModelError as error:
        raise _refused(error) from error


def _refused(error: ModelError) -> NoOwnFootprintError:
    return NoOwnFootprintError(
        N_("Your figures lie outside what the model can calculate with: %(problem)s"),
        problem=ModelRefusedError(error.template, **error.values),
    )

"""What a supplier's supplier delivers: its own footprint if it has one, else what the model makes of its answers."""

from dataclasses import dataclass
from typing import Final

from lca_models.electricity import NATIONAL
from lca_models.errors import ModelError
from lca_models.gate_to_gate import PRIMARY
from lca_models.model import Model
from lca_models.uncertainty.sampling import Design
from service.feedback.own_steps import NoOwnFootprintError, own_step
from service.submissions.queries import AcceptedAnswers

_KG_PER_T: Final = 1000.0
_OWN: Final = "own_pcf"
_DESIGN: Final = Design(draws=2, seed=1)
"""Only the point value is used; draws can't be left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredFootprint:
    """A footprint from cradle to gate; `own_share` (0 to 1) of it rests on figures of the company's own."""

    kg_co2e_per_kg: float
    own_share: float


def footprint_of(answers: AcceptedAnswers, model: Model, *, made: str) -> DeliveredFootprint | None:
    """Return the footprint that counts for a customer; None if the answers make none.

    A footprint of the company's own comes first. The model's is taken under the national electricity factor, like every factor
    inside a material (docs/decisions/0011).

    Parameters
    ----------
    made
        What the customer buys: answers on another material make no footprint of it; empty if the model has no process for it.

    """
    own = answers.values.get(_OWN)
    if isinstance(own, float):
        measured = answers.evidence_kinds.get(_OWN) in PRIMARY
        return DeliveredFootprint(kg_co2e_per_kg=own / _KG_PER_T, own_share=1.0 if measured else 0.0)
    return _modelled(answers, model, made) if made else None


def _modelled(answers: AcceptedAnswers, model: Model, made: str) -> DeliveredFootprint | None:
    try:
        step = own_step(answers, model).step
        if step.product(model) != made:
            return None
        found = step.calculate(model, NATIONAL, reference_end=answers.period_end, design=_DESIGN)
    except (NoOwnFootprintError, ModelError):
        return None
    return DeliveredFootprint(kg_co2e_per_kg=found.total_kg_co2e, own_share=found.given_share)

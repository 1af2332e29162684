"""Technology that is not ready yet: what it would change in a product, with the range that the model's uncertainty leaves."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from lca_models.errors import ModelError
from lca_models.scenarios import combine
from lca_models.uncertainty.comparison import compare
from lca_models.uncertainty.monte_carlo import simulate
from lca_models.uncertainty.sampling import Design
from service.footprints.operations import ModelRefusedError
from service.measures.models import TechnologyProject
from service.measures.overlays import base_of, check_overlay, overlay_of, read_overlay
from service.measures.schemas import TechnologyInput
from service.modelling.queries import active_model
from service.products.queries import get_product
from service.registers.operations import add_row, change_row

DRAWS: Final = 500
SEED: Final = 1
"""One for all projects: what is common to a product with and without them cancels out of the difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnologyEffect:
    """What a project changes, kg CO2e per kg of product; avoided is positive.

    Attributes
    ----------
    avoided_kg
        With the point values of all parameters.
    p10_kg, p90_kg
        Between these lie 80 % of the draws of the model's uncertain parameters.

    """

    before_kg: float
    after_kg: float
    p10_kg: float
    p90_kg: float

    @property
    def avoided_kg(self) -> float:
        """Before less after."""
        return self.before_kg - self.after_kg


def effect_of(session: Session, project: TechnologyProject) -> TechnologyEffect:
    """Return what a project would change in its product, solved anew, with its range.

    Raises
    ------
    ModelRefusedError
        In the model's words, where the model in use does not take its parameters any more.

    """
    model = active_model(session)
    base = base_of(session, get_product(session, project.product_id)).case
    overlay = overlay_of(str(project.id), read_overlay(project.overlay, field="overlay"))
    try:
        with_it = combine(model, base, [overlay]).case
        design = Design(draws=DRAWS, seed=SEED)
        found = compare(
            simulate(model, base.parameters, design=design, electricity=base.electricity),
            simulate(model, with_it.parameters, design=design, electricity=with_it.electricity),
        )
    except ModelError as error:
        raise ModelRefusedError(error.template, **error.values) from error
    return TechnologyEffect(
        before_kg=found.first.point_kg_co2e,
        after_kg=found.second.point_kg_co2e,
        p10_kg=found.percentile(10.0),
        p90_kg=found.percentile(90.0),
    )


def check_technology(session: Session, fields: TechnologyInput) -> None:
    """Refuse a project whose lines the model in use does not take, as an error of the field."""
    parameters = read_overlay(fields.overlay, field="overlay")
    check_overlay(active_model(session), overlay_of("technology", parameters), field="overlay")


def add_project(
    session: Session, fields: TechnologyInput, /, *, by: str, at: datetime, is_sample: bool = False
) -> TechnologyProject:
    """Add a project whose parameters the model takes."""
    check_technology(session, fields)
    return add_row(session, TechnologyProject, fields, by=by, at=at, is_sample=is_sample)


def change_project(
    session: Session, technology_project_id: uuid.UUID, fields: TechnologyInput, /, *, version: int, by: str, at: datetime
) -> TechnologyProject:
    """Change a project; the model must take its parameters."""
    check_technology(session, fields)
    return change_row(session, TechnologyProject, technology_project_id, fields, version=version, by=by, at=at)

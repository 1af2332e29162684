"""Pure rules of scenarios: what one may set."""

from collections.abc import Mapping

from lca_models.errors import ModelError
from lca_models.model import Model
from lca_models.scenarios import Scenario, check_scenario
from service.errors import N_, FieldError, InvalidInputError
from service.products.rules import check_shares
from service.scenarios.schemas import ScenarioInput

PARAMETER = "parameter."
"""Beginning of the name under which the error of a parameter is told."""


def check_content(model: Model, content: ScenarioInput) -> None:
    """Refuse a scenario that the model can't take.

    Raises
    ------
    InvalidInputError
        By field: ``parameter.<name>``, ``electricity``, a flow whose shares do not add up; an empty name for the whole.

    """
    errors = _parameter_errors(model, content) | dict(check_shares(share.as_share() for share in content.supplier_shares))
    if not errors and content.electricity is not None:
        errors = _errors_of(model, content.parameters, content.electricity, field="electricity")
    if not errors and not content.parameters and content.electricity is None and not content.supplier_shares:
        errors = {"": FieldError(N_("This scenario changes nothing. Set a parameter, an electricity view or a mix of suppliers."))}
    if errors:
        raise InvalidInputError(errors)


def _parameter_errors(model: Model, content: ScenarioInput) -> dict[str, FieldError]:
    errors: dict[str, FieldError] = {}
    for name, value in content.parameters.items():
        errors |= _errors_of(model, {name: value}, None, field=f"{PARAMETER}{name}")
    return errors


def _errors_of(
    model: Model, parameters: Mapping[str, float | str], electricity: str | None, *, field: str
) -> dict[str, FieldError]:
    scenario = Scenario(key="", group="", name_en="", name_zh="", parameters=parameters, electricity=electricity)
    try:
        check_scenario(model, scenario)
    except ModelError as error:
        return {field: FieldError(error.template, **error.values)}
    return {}
